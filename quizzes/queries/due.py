"""What somebody's classes want of them: what can be sat now or soon, the most urgent first."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from quizzes.engine.attempts import Phase
from quizzes.engine.availability import Reason, availability
from quizzes.engine.conditions import NOTHING, Grant, combined, effective
from quizzes.models import Assignment, Attempt
from quizzes.queries.assignments import assigned_to, may_begin, terms_given
from quizzes.queries.attempts import attempts_of, phase_of
from quizzes.queries.conditions import grant_of, holding

SOON = timedelta(days=14)
"""How long before it opens something is told."""

_FAR = datetime.max.replace(tzinfo=UTC)


class State(StrEnum):
    """How far somebody is: nothing begun, an attempt under way, or one handed in and another one left."""

    WAITING = "waiting"
    BEGUN = "begun"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Due:
    """One assignment as it stands for one person. ``opens_at`` only where it has not opened yet.

    ``attempt``: what is under way. ``late``: the due moment has passed, and nothing was handed in.
    """

    assignment: Assignment
    state: State
    opens_at: datetime | None
    due_at: datetime | None
    closes_at: datetime | None
    attempt: Attempt | None
    late: bool

    @property
    def moment(self) -> datetime | None:
        """What to be ready by: when it is due, else when it closes."""
        return self.due_at or self.closes_at


def due_for(person_id: int, now: datetime, *, classroom_id: int | None = None) -> list[Due]:
    """What this person can sit or go on with, now or within :data:`SOON`; of one class, or of all.

    Three queries whatever the number, one for somebody who was given nothing.
    """
    rows = assigned_to(person_id)
    given = list(rows if classroom_id is None else rows.filter(classroom=classroom_id))
    if not given:
        return []
    grants = _grants(person_id, given)
    taken: dict[int | None, list[Attempt]] = defaultdict(list)
    attempts = attempts_of(person_id).filter(assignment__in=[one.pk for one in given])
    for attempt in attempts.exclude(state=Attempt.State.VOID).defer("rules", "trace"):
        taken[attempt.assignment_id].append(attempt)
    found = [_due(one, grants.get(one.pk, grants.get(None, NOTHING)), taken[one.pk], now) for one in given]
    return sorted((one for one in found if one is not None), key=_urgency)


def _grants(person_id: int, given: Iterable[Assignment]) -> dict[int | None, Grant]:
    """What holds for the person at each of these where they were granted something for it; under None elsewhere."""
    rows: dict[int | None, list[Grant]] = defaultdict(list)
    for row in holding().filter(person_id=person_id):
        rows[row.assignment_id].append(grant_of(row))
    wanted = {one.pk for one in given} & rows.keys()
    return {None: combined(rows[None])} | {key: combined([*rows[None], *rows[key]]) for key in wanted}


def _due(assignment: Assignment, grant: Grant, taken: list[Attempt], now: datetime) -> Due | None:
    terms = effective(terms_given(assignment), grant)
    due_at = grant.due_at or assignment.due_at
    running = next((one for one in taken if _runs(one, now)), None)
    found = availability(terms, taken=len(taken), last_ended=_last(taken), now=now)
    if running is None and not (may_begin(assignment) and _worth_telling(found.reason, found.at, now)):
        return None
    done = len(taken) > (running is not None)
    ends = due_at or terms.closes_at
    if running is None and done and (ends is None or ends <= now):
        # Whoever has handed in and is not waited for has finished, though more attempts may be left.
        return None
    return Due(
        assignment=assignment,
        state=State.BEGUN if running else State.DONE if done else State.WAITING,
        opens_at=terms.opens_at if terms.opens_at and terms.opens_at > now else None,
        due_at=due_at,
        closes_at=terms.closes_at,
        attempt=running,
        late=due_at is not None and due_at < now and not done,
    )


def _worth_telling(reason: Reason | None, at: datetime | None, now: datetime) -> bool:
    return reason is None or (reason in (Reason.NOT_OPEN, Reason.WAIT) and at is not None and at <= now + SOON)


def _runs(attempt: Attempt, now: datetime) -> bool:
    return phase_of(attempt, now) is Phase.OPEN


def _last(taken: list[Attempt]) -> datetime | None:
    """When the last of them ended; one that is past its deadline may not have been written down yet."""
    return max((ended for one in taken if (ended := one.ended_at or one.deadline)), default=None)


def _urgency(one: Due) -> tuple[bool, datetime, bool, int]:
    """Handed in comes last; before that by what is to be met first, an attempt's own end counted in."""
    ends = [moment for moment in (one.moment, one.attempt and one.attempt.deadline) if moment]
    return one.state is State.DONE, min(ends, default=_FAR), one.state is not State.BEGUN, one.assignment.pk
