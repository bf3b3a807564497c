"""Instructors' quizzes for those who make them: the list, the sections with what fills them, what lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db.models import Count, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.assembly import CannotFill, Form
from quizzes.engine.sections import MAX_QUESTIONS, Part, draw_form
from quizzes.models import Exam, Question, Quiz, Section, SectionQuestion
from quizzes.queries.rights import own_quizzes, readable_questions
from quizzes.queries.sections import COURSE, NOBODY, available, is_ready, load_parts, sections_of, tagged, wanted_of
from reference.models import Topic

PLENTY = 50
"""The sample of a draw that failed once is this many times as large."""

FOUND = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps a quiz from being published: in words, and the number of the section that it is about (0: none)."""

    text: str
    section: int = 0


@dataclass(frozen=True, slots=True)
class FixedRow:
    """One question of a fixed section."""

    code: str
    stem: str
    ready: bool
    status: str


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A section with what it asks, how many there are to draw from, and how many lack."""

    section: Section
    number: int
    wanted: int
    there: int
    lacking: int
    fixed: tuple[FixedRow, ...]
    topics: tuple[str, ...]
    tags: tuple[str, ...]
    is_course: bool
    domains: tuple[tuple[str, int], ...]

    @property
    def name(self) -> str:
        """Its title, or its number."""
        return self.section.title or _("Section %(n)d") % {"n": self.number}


@dataclass(frozen=True, slots=True)
class Outline:
    """A quiz as its builder shows it."""

    quiz: Quiz
    rows: tuple[SectionRow, ...]
    problems: tuple[Problem, ...]

    @property
    def size(self) -> int:
        """How many questions a learner gets."""
        return sum(row.wanted for row in self.rows)


def quiz_list(person_id: int) -> QuerySet[Quiz]:
    """The quizzes of an instructor, those last changed first, with the number of sittings."""
    return own_quizzes(person_id).annotate(sittings=Count("attempts")).select_related("owner").order_by("-updated_at")


def draw(quiz: Quiz, sections: Sequence[Section], person_id: int, rng: Random) -> Form:
    """A form for this person (NOBODY: for nobody in particular). Raises CannotFill, by the number of the section."""
    shuffle = quiz.order == Quiz.Order.SHUFFLED
    try:
        return draw_form(load_parts(quiz, sections, person_id, rng), rng, shuffle=shuffle)
    except CannotFill:
        # Enemies, or sections that want the same: with more to choose from it may go.
        parts = load_parts(quiz, sections, person_id, rng, spare=PLENTY)
    return draw_form(parts, rng, shuffle=shuffle)


def find_problems(quiz: Quiz, sections: Sequence[Section], *, now: datetime, publishing: bool) -> list[Problem]:
    """What keeps a quiz from being published, or from staying so. Two queries more than the sections at the most."""
    found = []
    if publishing and quiz.closes_at is not None and quiz.closes_at <= now:
        found.append(Problem(_("It has closed already: move the closing time, or empty it.")))
    rows: list[tuple[int, SectionQuestion]] = [
        (number, one)
        for number, section in enumerate(sections, 1)
        for one in section.listed  # type: ignore[attr-defined]
    ]
    if publishing:
        found += [
            Problem(_("“%(code)s” is not published: publish it, or take it out.") % {"code": one.question.code}, number)
            for number, one in rows
            if not is_ready(one.question)
        ]
        found += _hostile(rows)
    wanted = sum(sum(wanted_of(one).values()) for one in sections if one.source != Section.Source.FIXED) + len(rows)
    if not wanted:
        return [*found, Problem(_("It has no questions yet: add some to a section."))]
    if wanted > MAX_QUESTIONS:
        found.append(Problem(_("It has more than %(n)d questions: take some out.") % {"n": MAX_QUESTIONS}))
    return found + [_lacks(number, lacking) for number, lacking in sorted(lacking_by_section(quiz, sections).items())]


def _lacks(number: int, lacking: int) -> Problem:
    words = ngettext(
        "Section %(number)d lacks %(n)d question: choose more topics or tags, or draw fewer.",
        "Section %(number)d lacks %(n)d questions: choose more topics or tags, or draw fewer.",
        lacking,
    )
    return Problem(words % {"number": number, "n": lacking}, number)


def _hostile(rows: Sequence[tuple[int, SectionQuestion]]) -> list[Problem]:
    """Pairs of fixed questions of which one gives the other away."""
    place = {one.question.code: number for number, one in rows}
    pairs = {
        tuple(sorted((one.question.code, other)))
        for _number, one in rows
        for other in one.question.enemies
        if other in place
    }
    text = _("“%(one)s” and “%(other)s” give each other away: take one of them out.")
    return [Problem(text % {"one": one, "other": other}, place[one]) for one, other in sorted(pairs)]


def lacking_by_section(quiz: Quiz, sections: Sequence[Section]) -> dict[int, int]:
    """How many questions lack, by the number of the section, for somebody who has seen none; empty where none do."""
    try:
        draw(quiz, sections, NOBODY, Random(quiz.pk))
    except CannotFill as error:
        return error.missing
    return {}


def outline(quiz: Quiz, *, now: datetime) -> Outline:
    """The quiz with its sections, and what is in the way of publishing it."""
    sections = sections_of(quiz)
    there, lacking = available(quiz, sections), lacking_by_section(quiz, sections)
    titles = dict(Topic.objects.filter(slug__in=_topics(sections)).values_list("slug", "title"))
    names = domain_names() if any(one.rule.get("weights") for one in sections) else {}
    rows = []
    for number, section in enumerate(sections, 1):
        rule = section.rule
        fixed = tuple(_fixed_row(one) for one in section.listed)  # type: ignore[attr-defined]
        wanted = wanted_of(section)
        is_fixed = section.source == Section.Source.FIXED
        rows.append(
            SectionRow(
                section=section,
                number=number,
                wanted=len(fixed) if is_fixed else sum(wanted.values()),
                there=len(fixed) if is_fixed else there[section.position],
                lacking=lacking.get(number, 0),
                fixed=fixed,
                topics=tuple(titles.get(slug, slug) for slug in rule.get("topics", ())),
                tags=tuple(rule.get("tags", ())),
                is_course=rule.get("pool") == COURSE,
                domains=tuple((names.get(one, str(one)), n) for one, n in wanted.items() if one) if names else (),
            )
        )
    return Outline(quiz, tuple(rows), tuple(find_problems(quiz, sections, now=now, publishing=True)))


def _topics(sections: Sequence[Section]) -> set[str]:
    return {slug for one in sections for slug in one.rule.get("topics", ())}


def _fixed_row(row: SectionQuestion) -> FixedRow:
    question = row.question
    return FixedRow(question.code, stem_of(question), is_ready(question), question.get_status_display())


def stem_of(question: Question, length: int = 160) -> str:
    """The beginning of what a question asks, as plain text."""
    body = question.current.body if question.current else {}
    text = " ".join(strip_tags(str(body.get("stem", ""))).split())
    return text if len(text) <= length else f"{text[:length].rsplit(' ', 1)[0]} …"


def domain_names() -> dict[int, str]:
    """The domains of the exam that the course is for now, by number."""
    exam = Exam.objects.order_by("position").first()
    return {entry["number"]: entry["name"] for entry in exam.domains} if exam else {}


def domain_weights() -> dict[int, float]:
    """Their weights."""
    exam = Exam.objects.order_by("position").first()
    return {entry["number"]: entry["weight"] for entry in exam.domains} if exam else {}


@dataclass(frozen=True, slots=True)
class Pick:
    """What a search for questions is narrowed to."""

    text: str = ""
    topic: str = ""
    tag: str = ""
    pool: str = ""


def search_questions(person_id: int, quiz: Quiz, pick: Pick) -> QuerySet[Question]:
    """Published questions that this instructor may use and that do not stand in the quiz yet."""
    there = SectionQuestion.objects.filter(section__quiz=quiz).values("question_id")
    found = readable_questions(person_id).filter(status=Question.Status.PUBLISHED, current__isnull=False, stale=False)
    found = found.exclude(pk__in=there).select_related("current").defer("current__key", "current__shown")
    if pick.pool:
        origin = Question.Origin.COURSE if pick.pool == COURSE else Question.Origin.AUTHOR
        found = found.filter(origin=origin)
    if pick.topic:
        on_topic = Question.topics.through.objects.filter(topic__slug=pick.topic).values("question_id")
        found = found.filter(pk__in=on_topic)
    if pick.tag:
        found = tagged(found, [pick.tag])
    for word in pick.text.split()[:8]:
        found = found.filter(Q(code__icontains=word) | Q(current__body__stem__icontains=word))
    return found.order_by("origin", "code")


def parts_for_nobody(quiz: Quiz, rng: Random) -> list[Part]:
    """The sections with their samples, for a preview."""
    return load_parts(quiz, sections_of(quiz), NOBODY, rng)
