"""The exams that a learner has under way, and when each would end with something granted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from quizzes.engine import attempts as rules
from quizzes.engine.availability import Terms
from quizzes.engine.conditions import Grant, running_deadline
from quizzes.models import Assignment, Attempt, Quiz
from quizzes.queries.assignments import terms_given
from quizzes.queries.attempts import exams_of, phase_of
from quizzes.queries.deliveries import terms_of


def under_way(person_id: int, assignment: Assignment | None, now: datetime) -> list[Attempt]:
    """This person’s exams whose grace is not over: at the assignment, or (None) all of them."""
    found = exams_of(person_id).filter(state=Attempt.State.IN_PROGRESS).order_by("pk")
    if assignment is not None:
        found = found.filter(assignment=assignment)
    rows = found.select_related("quiz", "assignment__quiz").defer("trace")
    return [one for one in rows if phase_of(one, now) is not rules.Phase.OVER]


def deadline_with(attempt: Attempt, grant: Grant) -> datetime | None:
    """When the attempt ends under this grant, never sooner than it does now. None where it is untimed."""
    if attempt.deadline is None:
        return None
    ends = running_deadline(
        started_at=attempt.started_at,
        chosen=rules.time_limit(_limit(attempt), attempt.time_option),
        paused=attempt.paused,
        added=_added(attempt),
        terms=_terms_of(attempt),
        grant=grant,
    )
    return attempt.deadline if ends is None else max(ends, attempt.deadline)


def _terms_of(attempt: Attempt) -> Terms:
    """Everybody’s terms, with the limit that the attempt began with."""
    limit = _limit(attempt)
    if attempt.assignment is not None:
        return replace(terms_given(attempt.assignment), limit=limit)
    if attempt.quiz is not None and attempt.quiz.origin == Quiz.Origin.AUTHOR:
        return replace(terms_of(attempt.quiz), limit=limit)
    return Terms(limit=limit)


def _limit(attempt: Attempt) -> int | None:
    """The limit that the attempt began with, before anything was chosen or granted."""
    limit: int | None = attempt.rules.get("time_limit", attempt.quiz.time_limit if attempt.quiz else None)
    return limit


def _added(attempt: Attempt) -> int:
    """The seconds that were given after an incident: they come on top of what is granted."""
    given = attempt.events.filter(kind="extended").values_list("data", flat=True)
    return sum(one["seconds"] for one in given if not one.get("by_condition"))


@dataclass(frozen=True, slots=True)
class Running:
    """One exam under way. ``ends`` is when it would be over, ``deadline`` when it is over now; both None: untimed."""

    title: str
    deadline: datetime | None
    ends: datetime | None


def running_with(
    person_id: int, assignment: Assignment | None, granted: Callable[[Attempt], Grant], now: datetime
) -> list[Running]:
    """What would become of each exam under way with what ``granted`` says for it."""
    rows = under_way(person_id, assignment, now)
    return [Running(one.title, one.deadline, deadline_with(one, granted(one))) for one in rows]
