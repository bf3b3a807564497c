"""An instructor's quiz for those who sit it: whether it can be begun, and what of a sitting is shown."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from quizzes.engine.availability import Availability, Terms, availability
from quizzes.engine.conditions import effective
from quizzes.engine.showing import Shown, When, shown
from quizzes.models import Assignment, Attempt, Quiz, Result, Section
from quizzes.queries.assignments import POLICY, closed_for_all, terms_given
from quizzes.queries.attempts import attempts_of
from quizzes.queries.conditions import grant_for
from quizzes.queries.draws import held_questions
from quizzes.queries.ledger import Apart, apart, unseen_and_asked


def published_quizzes() -> QuerySet[Quiz]:
    """Instructors' quizzes that can be sat by whoever knows the address."""
    found: QuerySet[Quiz] = Quiz.objects.authored().filter(published_at__isnull=False, retired=False)
    return found


def terms_of(quiz: Quiz) -> Terms:
    """When the quiz may be begun, and for how long."""
    return Terms(
        opens_at=quiz.opens_at,
        closes_at=quiz.closes_at,
        closing_cuts=quiz.closing_cuts and quiz.mode == Quiz.Mode.EXAM,
        attempts=quiz.attempts_allowed,
        delay=quiz.delay,
        limit=quiz.time_limit,
    )


def policy_at(quiz: Quiz) -> dict[str, str]:
    """What is shown when: score, key, rationale."""
    return {name: getattr(quiz, field) for name, field in POLICY.items()}


def terms_for(quiz: Quiz, person_id: int | None) -> Terms:
    """The same for this person, with what they were granted everywhere."""
    return effective(terms_of(quiz), grant_for(person_id)) if person_id else terms_of(quiz)


def history_of(quiz: Quiz, person_id: int) -> tuple[int, datetime | None]:
    """How many sittings count as taken, and when the last of them ended. Those given by a class are counted there."""
    taken = attempts_of(person_id).filter(quiz=quiz, assignment=None).exclude(state=Attempt.State.VOID).order_by()
    found = taken.aggregate(count=Count("pk"), last=Max("ended_at"))
    return found["count"], found["last"]


def availability_for(quiz: Quiz, person_id: int | None, now: datetime) -> Availability:
    """Whether this person may begin now; somebody unknown has taken nothing yet."""
    taken, last = history_of(quiz, person_id) if person_id else (0, None)
    return availability(terms_for(quiz, person_id), taken=taken, last_ended=last, now=now)


@dataclass(frozen=True, slots=True)
class Score:
    """What a sitting was worth by its latest result. ``passed`` is None where the quiz has no pass mark."""

    raw: float
    maximum: float
    percent: float
    pass_mark: int | None

    @property
    def passed(self) -> bool | None:
        """Whether the mark was reached; exactly is enough."""
        return None if self.pass_mark is None else self.percent + 1e-9 >= self.pass_mark


def latest_score(attempt: Attempt) -> Score | None:
    """The latest result of a sitting; None while there is none."""
    result = attempt.results.order_by("-number").first()
    return None if result is None else score_of(result, attempt)


def score_of(result: Result, attempt: Attempt) -> Score:
    """A result with the pass mark that the sitting began with. Below nothing is nothing."""
    percent = 100 * result.raw / result.maximum if result.maximum else 0.0
    return Score(result.raw, result.maximum, max(0.0, percent), attempt.rules.get("pass_mark"))


@dataclass(frozen=True, slots=True)
class PastSitting:
    """One finished sitting in the list on the page of its quiz."""

    attempt: Attempt
    score: Score | None


def past_sittings(
    quiz: Quiz, person_id: int, now: datetime, *, assignment: Assignment | None = None
) -> list[PastSitting]:
    """Finished sittings of a person, newest first, with the score where it is shown.

    Of an assignment, or (None) those that no class gave.
    """
    rows = attempts_of(person_id).filter(quiz=quiz, assignment=assignment).exclude(state=Attempt.State.IN_PROGRESS)
    found: list[PastSitting] = []
    over: bool | None = None
    for attempt in rows.annotate(**unseen_and_asked()).order_by("-started_at").prefetch_related("results"):
        attempt.quiz, attempt.assignment = quiz, assignment
        results = list(attempt.results.all())
        if over is None and When.CLOSED in attempt.rules.get("show", {}).values():
            # The same for all of them, and asked but once.
            over = is_over(attempt, now)
        told = bool(results) and shown_of(attempt, now, over=over).score
        found.append(PastSitting(attempt, score_of(results[-1], attempt) if told else None))
    return found


def shown_of(attempt: Attempt, now: datetime, *, answered: bool = True, over: bool | None = None) -> Shown:
    """What of a sitting its learner may be shown. A sitting of the course keeps nothing back.

    ``over``: whether nobody can begin any more, where that is known already.
    """
    policy = attempt.rules.get("show", {})
    finished = attempt.state != Attempt.State.IN_PROGRESS
    closed = When.CLOSED in policy.values() and (is_over(attempt, now) if over is None else over)
    return shown(policy, answered=answered, finished=finished, closed=closed)


def is_over(attempt: Attempt, now: datetime) -> bool:
    """Whether nobody can begin what this is a sitting of: the assignment, else the quiz."""
    if attempt.assignment is not None:
        return closed_for_all(attempt.assignment, now)
    return is_closed(attempt.quiz, now)


def is_closed(quiz: Quiz | None, now: datetime) -> bool:
    """Whether nobody can begin the quiz any more: it is past its closing time, or was taken back."""
    if quiz is None:
        return False
    return quiz.retired or (quiz.closes_at is not None and now >= quiz.closes_at)


def section_name(section: Section, number: int) -> str:
    """What a section is called: its title, or its number."""
    return section.title or _("Section %(n)d") % {"n": number}


@dataclass(frozen=True, slots=True)
class SectionScore:
    """How much of one section was right."""

    name: str
    raw: float
    maximum: int


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What the result of an instructor's quiz says; ``results`` are all that it had, the last of which counts.

    ``later``: more is shown when it has closed for everybody, which is not before ``closes_at``.
    """

    told: Shown
    score: Score | None
    sections: tuple[SectionScore, ...]
    answered: int
    held: int
    results: tuple[Result, ...]
    later: bool
    closes_at: datetime | None
    apart: Apart | None


def result_page(attempt: Attempt, now: datetime) -> ResultPage:
    """The result as far as it may be shown: not while a question of it stands in another exam that is open."""
    told = shown_of(attempt, now)
    held = attempt.responses.filter(question_id__in=held_questions(attempt.person_id)).count()
    rows = list(attempt.responses.values_list("domain", "fraction", "choice", "scored", "first_exposure"))
    results = tuple(attempt.results.order_by("number").defer("fractions", "versions"))
    may = told.score and not held
    policy = attempt.rules.get("show", {})
    return ResultPage(
        told=told,
        score=score_of(results[-1], attempt) if may and results else None,
        sections=_by_section(attempt, [row[:4] for row in rows]) if may else (),
        answered=sum(bool(choice) for _domain, _fraction, choice, _scored, _new in rows),
        held=held,
        results=results if may else (),
        apart=apart((new, fraction) for _domain, fraction, _choice, scored, new in rows if scored) if may else None,
        later=When.CLOSED in policy.values() and not is_over(attempt, now),
        closes_at=_closing_of(attempt),
    )


def _closing_of(attempt: Attempt) -> datetime | None:
    if attempt.assignment is not None:
        return terms_given(attempt.assignment).closes_at
    return attempt.quiz.closes_at if attempt.quiz else None


def _by_section(
    attempt: Attempt, rows: list[tuple[int | None, float | None, list[str], bool]]
) -> tuple[SectionScore, ...]:
    names = {entry["number"]: entry["name"] for entry in attempt.rules["domains"]}
    found: dict[int, list[float]] = {}
    for domain, fraction, _choice, scored in rows:
        if domain is not None and domain in names and scored:
            found.setdefault(domain, []).append(fraction or 0.0)
    return tuple(SectionScore(names[n], sum(found[n]), len(found[n])) for n in names if n in found)
