"""Where one person's points go, recounted from what they gave and from the logs of their latest exams.

Left out is what tells of a key that is not theirs to know: questions that stand in an exam they have open, and sittings
whose author does not show the key (yet). Bounded: the latest ANSWERS answers, the logs of the latest EXAMS exams.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Q, QuerySet

from quizzes.engine import forensics as engine
from quizzes.engine.attempts import Stamp
from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.losses import Graded, Missed, Overlooked, Spent, Sure, broken_by, misses_by, overlooked, time_spent
from quizzes.engine.losses import calibration as calibrated
from quizzes.models import Attempt, Event, Exam, Question, QuestionVersion, Quiz, Response, Result
from quizzes.queries.attempts import clock_of
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.named_services import services_of
from reference.models import Topic

ANSWERS: Final = 2000
EXAMS: Final = 20
EVENTS: Final = 20_000
"""So many saves of those exams, the latest: a page that a script has hammered does not make this one slow."""

SOURCES: Final = ("all", "mocks", "practice")
_OVER = (Attempt.State.SUBMITTED, Attempt.State.EXPIRED)


@dataclass(frozen=True, slots=True)
class Pace:
    """The latest exam: seconds when each question was first answered, in that order, of ``size`` questions."""

    attempt: Attempt
    seconds: tuple[float, ...]
    size: int


@dataclass(frozen=True, slots=True)
class TopicName:
    """What a topic is called; ``live`` says whether its page can be read."""

    title: str
    live: bool


@dataclass(frozen=True, slots=True)
class Points:
    """Everything the page says. ``missed`` of ``n`` answers; ``exams`` whose logs were read; ``of``: see overlooked."""

    source: str
    n: int
    missed: int
    unanswered: int
    cut_off: bool
    exams: int
    tasks: tuple[Missed, ...]
    topics: tuple[Missed, ...]
    services: tuple[Missed, ...]
    of: int
    requirements: tuple[Overlooked, ...]
    families: tuple[Overlooked, ...]
    spent: Spent
    changes: engine.Changes
    pace: Pace | None
    sure: tuple[Sure, ...]
    task_names: Mapping[str, str]
    topic_names: Mapping[str, TopicName]
    practice: frozenset[str]

    @property
    def said(self) -> int:
        """How many answers came with how sure somebody was."""
        return sum(one.n for one in self.sure)


def points(person_id: int, source: str, now: datetime) -> Points:
    """Where the points of one person went: in all they have answered, in mocks, or in practice. At most 12 queries."""
    rows = _rows(person_id, source)
    attempts = _attempts(rows, now)
    told = [row for row in rows if row["attempt_id"] in attempts]
    exams = [one for one in attempts.values() if one.mode == Quiz.Mode.EXAM][:EXAMS]
    explained = {pk for pk, one in attempts.items() if shown_of(one, now).rationale}
    answers = _graded(told, attempts, exams, explained)
    saves = saves_of([one.pk for one in exams])
    of, requirements = overlooked(answers, lambda one: one.broken)
    topics = misses_by(answers, lambda one: [one.topic])
    return Points(
        source=source,
        n=len(answers),
        missed=sum(not one.right for one in answers),
        unanswered=sum(not one.answered for one in answers),
        cut_off=len(rows) == ANSWERS,
        exams=len(exams),
        tasks=misses_by(answers, lambda one: [one.task]),
        topics=topics,
        services=misses_by(answers, lambda one: one.services),
        of=of,
        requirements=requirements,
        families=overlooked(answers, lambda one: one.families)[1],
        spent=time_spent(answers),
        changes=_changes(exams, told, saves),
        pace=_pace(exams, saves),
        sure=calibrated(answers),
        task_names=_task_names(),
        topic_names=_topic_names({row.name for row in topics}),
        practice=frozenset(one.code for one in attempts.values() if one.mode == Quiz.Mode.PRACTICE),
    )


def _rows(person_id: int, source: str) -> list[dict[str, Any]]:
    """The graded answers as plain values, the latest sitting first: a model for each would take most of the time."""
    mocks = Q(attempt__mode=Quiz.Mode.EXAM, attempt__state__in=_OVER)
    practice = Q(attempt__mode=Quiz.Mode.PRACTICE, locked_at__isnull=False) & ~Q(attempt__state=Attempt.State.VOID)
    wanted = {"mocks": mocks, "practice": practice}.get(source, mocks | practice)
    found = Response.objects.filter(wanted, attempt__person_id=person_id, scored=True, fraction__isnull=False)
    free = found.exclude(question_id__in=held_questions(person_id))
    names = ("attempt_id", "position", "question_id", "version_id", "choice", "shown_order", "fraction", "confidence")
    joined = ("question__task", "question__topic__slug", "version__kind", "version__choose")
    return list(free.order_by("-attempt__started_at", "-attempt_id", "position").values(*names, *joined)[:ANSWERS])


def _attempts(rows: Sequence[Mapping[str, Any]], now: datetime) -> dict[int, Attempt]:
    """The sittings of these answers whose keys may be told, by id, in the order of the answers."""
    ids = list(dict.fromkeys(row["attempt_id"] for row in rows))
    found = Attempt.objects.select_related("quiz").in_bulk(ids)
    return {pk: found[pk] for pk in ids if pk in found and shown_of(found[pk], now).key}


def _graded(
    rows: Sequence[Mapping[str, Any]], attempts: Mapping[int, Attempt], exams: Sequence[Attempt], explained: set[int]
) -> list[Graded]:
    """The answers; what an option breaks only of the sittings whose reasons are shown, ``explained``."""
    missed = {row["question_id"] for row in rows if row["fraction"] != 1 and row["choice"]}
    authors = {
        pk: (flaws, constraints)
        for pk, flaws, constraints in Question.objects.filter(pk__in=missed).values_list("pk", "flaws", "constraints")
    }
    services = services_of({row["version_id"] for row in rows})
    seconds = {one.pk: engine.visits(one.trace, _wall(one)) for one in exams}
    graded = []
    for row in rows:
        known = row["fraction"] != 1 and row["attempt_id"] in explained
        flaws, constraints = authors.get(row["question_id"], ({}, [])) if known else ({}, [])
        broken, families = broken_by(row["choice"], flaws, constraints)
        graded.append(
            Graded(
                mark=attempts[row["attempt_id"]].code,
                position=row["position"],
                task=row["question__task"],
                topic=row["question__topic__slug"] or "",
                services=services.get(row["version_id"], ()),
                right=row["fraction"] == 1,
                answered=bool(row["choice"]),
                confidence=row["confidence"],
                seconds=seconds.get(row["attempt_id"], {}).get(row["position"]),
                broken=broken,
                families=families,
            )
        )
    return graded


def _wall(attempt: Attempt) -> int:
    """How long the sitting lasted, in milliseconds on the exam clock."""
    return clock_of(attempt).at(attempt.ended_at or attempt.started_at)


def saves_of(attempts: Sequence[int]) -> dict[int, list[engine.Save]]:
    """The saves in the logs of these attempts, taken and overtaken, in the order in which they arrived. One query."""
    log = Event.objects.filter(attempt_id__in=attempts, kind__in=("saved", "overtaken"))
    found: dict[int, list[engine.Save]] = {pk: [] for pk in attempts}
    # Not the whole of the data: the trace in it is longer than all the rest.
    names = ("attempt_id", "position", "at", "tab", "data__choice", "data__flagged")
    # By attempt first: its index is walked, never the whole log from its end.
    rows = log.order_by("-attempt_id", "-pk").values_list(*names)[:EVENTS]
    for attempt, position, at, tab, choice, flagged in reversed(rows):
        given = None if choice is None else tuple(choice)
        found[attempt].append(engine.Save(position, Stamp(at, tab), given, flagged))
    return found


def _changes(
    exams: Sequence[Attempt], rows: Iterable[Mapping[str, Any]], saves: Mapping[int, Sequence[engine.Save]]
) -> engine.Changes:
    """What changing answers did in these exams, judged by the keys by which each was marked last."""
    own: dict[int, dict[int, Mapping[str, Any]]] = defaultdict(dict)
    for row in rows:
        own[row["attempt_id"]][row["position"]] = row
    changed: list[tuple[Attempt, Mapping[str, Any], tuple[engine.Choice, ...]]] = []
    for exam in exams:
        given = engine.sequences(saves[exam.pk])
        for position in given.keys() & own[exam.pk].keys():
            row = own[exam.pk][position]
            steps = engine.whole(given[position], _completeness(row))
            if len(steps) > 1:
                changed.append((exam, row, steps))
    keys = _marking_versions([exam.pk for exam, _, _ in changed])
    marked = [keys.get(exam.pk, {}).get(row["position"], row["version_id"]) for exam, row, _ in changed]
    bodies = dict(QuestionVersion.objects.filter(pk__in=set(marked)).values_list("pk", "body"))
    contents = {pk: Content.from_body(body) for pk, body in bodies.items()}
    return engine.count_changes(
        _rights(contents[version], steps, row["fraction"] == 1)
        for version, (_, row, steps) in zip(marked, changed, strict=True)
    )


def _completeness(row: Mapping[str, Any]) -> Callable[[engine.Choice], bool]:
    """What tells whether as much was given as this question asks for."""
    kind, shape = KINDS[row["version__kind"]], Shape(row["version__choose"], tuple(row["shown_order"]))
    return lambda choice: kind.is_complete(shape, choice)


def _rights(content: Content, steps: Sequence[engine.Choice], right: bool) -> list[bool]:
    """Whether each answer was right; of the last one the result says so."""
    kind = KINDS[content.kind]
    return [*(bool(one) and kind.grade(content, one, "all_or_nothing") == 1 for one in steps[:-1]), right]


def _marking_versions(attempts: Sequence[int]) -> dict[int, dict[int, int]]:
    """The versions by whose keys these attempts were marked last, by position."""
    results = Result.objects.filter(attempt_id__in=set(attempts)).order_by("number")
    return {pk: dict(enumerate(versions, 1)) for pk, versions in results.values_list("attempt_id", "versions")}


def _pace(exams: Sequence[Attempt], saves: Mapping[int, Sequence[engine.Save]]) -> Pace | None:
    """The pace of the latest exam in which something was answered."""
    for exam in exams:
        if seconds := engine.pace(engine.sequences(saves[exam.pk])):
            return Pace(exam, seconds, exam.size)
    return None


def _task_names() -> dict[str, str]:
    """What the tasks are called, by number, in the exams that have any."""
    exams: QuerySet[Exam] = Exam.objects.filter(placed_by="task").order_by("starts_on")
    return {
        task["number"]: task["name"]
        for domains in exams.values_list("domains", flat=True)
        for domain in domains
        for task in domain.get("tasks", ())
    }


def _topic_names(slugs: set[str]) -> dict[str, TopicName]:
    rows = Topic.objects.filter(slug__in=slugs).order_by().values_list("slug", "title", "retired", "body_id")
    return {slug: TopicName(title, not retired and body is not None) for slug, title, retired, body in rows}
