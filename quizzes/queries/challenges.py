"""Challenges for a screen, and who may challenge what."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from quizzes.models import Challenge, Exposure, Question, Quiz
from quizzes.queries.bank import is_held
from quizzes.queries.draws import held_questions
from quizzes.queries.feedback import Explained, explain_version
from quizzes.queries.remarks import quizzes_overtaken
from quizzes.queries.rights import own_questions
from reference.models import Anchor, Topic

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Statement:
    """A page of the notes, or one statement of it; ``html`` quotes the statement."""

    topic: Topic
    anchor: str
    html: str


def challengeable_question(person_id: int | None, code: str) -> Question | None:
    """The question, if its answer has been shown to this person and it stands in no exam they have open."""
    question: Question | None = Question.objects.select_related("current").filter(code=code).first()
    if question is None or person_id is None or question.current is None:
        return None
    shown = Exposure.objects.filter(person_id=person_id, question=question, revealed_at__isnull=False).exists()
    return question if shown and not is_held(person_id, question.pk) else None


def challengeable_statement(slug: str, anchor: str) -> Statement | None:
    """The page, with the statement if ``anchor`` names one of it; None where there is no such page or statement."""
    topic = Topic.objects.live().filter(slug=slug).first()
    if topic is None:
        return None
    html = Anchor.objects.filter(body_id=topic.body_id, name=anchor).values_list("html", flat=True).first()
    return None if anchor and html is None else Statement(topic, anchor, html or "")


def inbox(person_id: int, *, is_operator: bool, state: str = "") -> QuerySet[Challenge]:
    """What an instructor reads, the latest first: on their own questions, and on the course.

    The operator reads all: somebody has to read what is said of a question whose authors have left.
    """
    found = Challenge.objects.select_related("person", "question", "version", "topic", "decided_by")
    if not is_operator:
        course = Q(question=None) | Q(question__origin=Question.Origin.COURSE)
        found = found.filter(course | Q(question__in=own_questions(person_id)))
    return found.filter(state=state) if state else found


def inbox_counts(person_id: int, *, is_operator: bool) -> dict[str, int]:
    """How many there are of each state."""
    rows = inbox(person_id, is_operator=is_operator).order_by().select_related(None)
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def decidable(person_id: int, *, is_operator: bool) -> QuerySet[Challenge]:
    """What a person may decide: the authors of a question what is said of it, the operator everything."""
    found = Challenge.objects.select_related("person", "question", "topic", "decided_by")
    return found if is_operator else found.filter(question__in=own_questions(person_id))


@dataclass(frozen=True, slots=True)
class ChallengePage:
    """A challenge before whoever decides it: what it is about as it was and as it is, and what was said earlier."""

    challenge: Challenge
    may_decide: bool
    was: Explained | None
    now: Explained | None
    statement: Statement | None
    others: tuple[Challenge, ...]
    overtaken: tuple[Quiz, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the question has another version since."""
        return self.now is not None


def challenge_page(person_id: int, pk: int, *, is_operator: bool) -> ChallengePage | None:
    """One challenge of this person's inbox, or None."""
    one = inbox(person_id, is_operator=is_operator).select_related("question__current").filter(pk=pk).first()
    if one is None:
        return None
    question, was, now = one.question, None, None
    if question is not None and one.version is not None:
        was = explain_version(question, one.version, person_id)
        if question.current is not None and question.current_id != one.version_id:
            now = explain_version(question, question.current, person_id)
    topic = one.topic
    return ChallengePage(
        challenge=one,
        may_decide=decidable(person_id, is_operator=is_operator).filter(pk=pk).exists(),
        was=was,
        now=now,
        statement=challengeable_statement(topic.slug, one.anchor) if topic is not None else None,
        others=tuple(_about_the_same(one)),
        overtaken=tuple(quizzes_overtaken(person_id, question.pk)) if question is not None else (),
    )


MOST_OTHERS = 20


def _about_the_same(one: Challenge) -> QuerySet[Challenge]:
    """Other challenges of the same question or statement: what was decided before, and what waits as well."""
    same = Challenge.objects.filter(question=one.question, topic=one.topic, anchor=one.anchor)
    return same.exclude(pk=one.pk).select_related("decided_by")[:MOST_OTHERS]


@dataclass(frozen=True, slots=True)
class OwnChallenge:
    """What somebody objected to, and what became of it; ``withheld`` while an exam of theirs holds the question."""

    challenge: Challenge
    withheld: bool


def own_challenges(person_id: int, number: int) -> tuple[Page[Challenge], list[OwnChallenge]]:
    """A person's challenges, the latest first; the decision may tell the key, so it waits for the end of an exam."""
    rows = Challenge.objects.filter(person_id=person_id).select_related("question", "version", "topic")
    page = Paginator(rows, A_PAGE).get_page(number)
    held = set(held_questions(person_id).values_list("question_id", flat=True))
    return page, [OwnChallenge(one, one.question_id in held) for one in page]
