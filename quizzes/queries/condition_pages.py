"""The conditions of one learner on a page: for those who teach them, and for the learner."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from quizzes.engine.availability import Terms
from quizzes.engine.conditions import NOTHING, Grant, combined, effective
from quizzes.models import Assignment, Attempt, Condition, Membership
from quizzes.queries.assignments import terms_given
from quizzes.queries.condition_words import granted_words
from quizzes.queries.conditions import grant_of, holding
from quizzes.queries.under_way import Running, running_with

MOST = 100
"""Of the history; nobody reads more of it."""


@dataclass(frozen=True, slots=True)
class ConditionPage:
    """What holds for the learner of a seat, at an assignment or (None) everywhere, and what was granted before.

    ``elsewhere`` are the conditions that hold beside these: the standing ones, or those of single assignments.
    """

    seat: Membership
    assignment: Assignment | None
    current: Condition | None
    elsewhere: tuple[Condition, ...]
    history: tuple[Condition, ...]

    @property
    def person_id(self) -> int:
        """Whose they are."""
        assert self.seat.person_id is not None
        return self.seat.person_id

    @property
    def plain(self) -> Terms:
        """The terms for everybody; nothing at all where they hold everywhere."""
        return Terms() if self.assignment is None else terms_given(self.assignment)


def condition_page(seat: Membership, assignment: Assignment | None) -> ConditionPage:
    """The page; two queries. Of other classes than that of the seat nothing is told but the standing conditions."""
    rows = Condition.objects.filter(person_id=seat.person_id).select_related("granted_by", "revoked_by")
    history = tuple(rows.filter(assignment=assignment)[:MOST])
    beside = rows.filter(revoked_at=None)
    if assignment is None:
        beside = beside.filter(assignment__classroom=seat.classroom_id).select_related("assignment__quiz")
    else:
        beside = beside.filter(assignment=None)
    current = next((one for one in history if one.revoked_at is None), None)
    return ConditionPage(seat, assignment, current, tuple(beside[:MOST]), history)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What holds, or would hold, for the learner: ``grant`` with all that holds beside it, and exams under way."""

    grant: Grant
    plain: Terms
    terms: Terms
    due_at: datetime | None
    own_due_at: datetime | None
    running: tuple[Running, ...]


def outcome(page: ConditionPage, grant: Grant | None, now: datetime) -> Outcome:
    """What this grant would mean in place of what holds now; None: what holds now means."""
    if grant is None:
        grant = NOTHING if page.current is None else grant_of(page.current)
    beside = {row.assignment_id: grant_of(row) for row in page.elsewhere}
    whole = grant if page.assignment is None else combined([grant, *beside.values()])

    def granted(attempt: Attempt) -> Grant:
        if page.assignment is not None:
            return whole
        at = holding().filter(person_id=page.person_id, assignment=attempt.assignment_id).exclude(assignment=None)
        return combined([grant, *(grant_of(row) for row in at)])

    due_at = page.assignment.due_at if page.assignment else None
    running = running_with(page.person_id, page.assignment, granted, now)
    terms = effective(page.plain, whole)
    return Outcome(whole, page.plain, terms, due_at, whole.due_at or due_at, tuple(running))


@dataclass(frozen=True, slots=True)
class OwnCondition:
    """One line of a learner’s own list. ``assignment`` None: it holds everywhere. No reason: that is not theirs."""

    assignment: Assignment | None
    words: tuple[str, ...]


def own_conditions(person_id: int) -> list[OwnCondition]:
    """What holds for this person, for their own eyes: standing first; one query."""
    open_here = Q(assignment__withdrawn_at=None, assignment__classroom__archived_at=None)
    rows: QuerySet[Condition] = holding().filter(Q(assignment=None) | open_here, person_id=person_id)
    rows = rows.select_related("assignment__quiz", "assignment__classroom").defer("reason")
    found = sorted(rows[:MOST], key=lambda row: (row.assignment_id is not None, -row.pk))
    return [OwnCondition(row.assignment, tuple(granted_words(grant_of(row)))) for row in found]
