"""What learners were granted, as the engine takes it."""

from collections import defaultdict
from collections.abc import Collection

from django.db.models import Q, QuerySet

from quizzes.engine.conditions import Grant, combined
from quizzes.models import Assignment, Attempt, Condition


def holding() -> QuerySet[Condition]:
    """The conditions that have not been revoked."""
    return Condition.objects.filter(revoked_at=None)


def grant_of(row: Condition) -> Grant:
    """One row as the engine takes it."""
    return Grant(
        factor=row.factor,
        extra=row.extra,
        opens_at=row.opens_at,
        due_at=row.due_at,
        closes_at=row.closes_at,
        attempts=row.extra_attempts,
        quiet=row.quiet_clock,
        breaks=row.breaks,
    )


def grant_for(person_id: int, assignment_id: int | None = None) -> Grant:
    """What holds for a person at an assignment, or (None) at anything else: the standing conditions alone."""
    here = Q(assignment=None) if assignment_id is None else Q(assignment=None) | Q(assignment_id=assignment_id)
    return combined(grant_of(row) for row in holding().filter(here, person_id=person_id))


def grants_at(assignment: Assignment, people: Collection[int]) -> dict[int, Grant]:
    """What holds at an assignment for each of these people who were granted anything, in one query."""
    found: dict[int, list[Grant]] = defaultdict(list)
    rows = holding().filter(Q(assignment=None) | Q(assignment=assignment), person_id__in=people)
    for row in rows:
        found[row.person_id].append(grant_of(row))
    return {person: combined(grants) for person, grants in found.items()}


def held_during(attempt: Attempt) -> Grant:
    """What held at any time of an attempt. The rows say it: none is ever changed but by being revoked."""
    rows = Condition.objects.filter(Q(assignment=None) | Q(assignment_id=attempt.assignment_id))
    rows = rows.filter(Q(revoked_at=None) | Q(revoked_at__gt=attempt.started_at), person_id=attempt.person_id)
    if attempt.ended_at is not None:
        rows = rows.filter(granted_at__lte=attempt.ended_at)
    return combined(grant_of(row) for row in rows)
