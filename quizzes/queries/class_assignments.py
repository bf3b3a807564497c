"""What a class was given, for those who teach it: for whom, when, and how far the learners are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from quizzes.engine.availability import Terms
from quizzes.models import Assignment, Attempt, Classroom, Membership, Quiz
from quizzes.queries.assignments import may_begin, terms_given
from quizzes.queries.rights import own_quizzes
from quizzes.queries.sittings import MARKED


@dataclass(frozen=True, slots=True)
class ClassAssignment:
    """One line of the list. ``state``: withdrawn, held (nobody can begin it), waits, closed or open.

    ``expected``: how many are to sit it; ``begun`` and ``handed_in``: how many did so, at least once.
    """

    assignment: Assignment
    terms: Terms
    state: str
    expected: int
    begun: int
    handed_in: int


def class_assignments(classroom: Classroom, now: datetime) -> list[ClassAssignment]:
    """Everything that the class was given, the latest first; two queries."""
    rows = counted(Assignment.objects.filter(classroom=classroom), now).select_related("quiz", "group")
    found = list(rows.order_by("-created_at", "-pk"))
    sizes = _sizes(classroom)
    for one in found:
        one.classroom = classroom
    return [_line(one, sizes, now) for one in found]


def class_assignment(assignment: Assignment, now: datetime) -> ClassAssignment:
    """One of them, which :func:`counted` has counted."""
    return _line(assignment, _sizes(assignment.classroom), now)


def counted(rows: QuerySet[Assignment], now: datetime) -> QuerySet[Assignment]:
    """The same, each with how many people have begun it and handed it in."""
    over = Q(state=Attempt.State.IN_PROGRESS, deadline__lte=now, paused_at=None)
    taken = Attempt.objects.filter(assignment=OuterRef("pk")).exclude(state=Attempt.State.VOID)
    return rows.annotate(begun=_people(taken), handed_in=_people(taken.filter(Q(state__in=MARKED) | over)))


def givable(person_id: int) -> QuerySet[Quiz]:
    """The quizzes that this instructor can give to a class, by title."""
    return own_quizzes(person_id).filter(published_at__isnull=False, retired=False).order_by("title", "pk")


def _people(taken: QuerySet[Attempt]) -> Coalesce:
    each = taken.order_by().values("assignment").annotate(people=Count("person", distinct=True))
    return Coalesce(Subquery(each.values("people")), 0)


def _sizes(classroom: Classroom) -> dict[int | None, int]:
    """How many learners each group has; under None those in no group."""
    seats = Membership.objects.filter(classroom=classroom, left_at=None, person__isnull=False).order_by()
    return dict(seats.values(of=F("group")).annotate(n=Count("pk")).values_list("of", "n"))


def _line(assignment: Assignment, sizes: dict[int | None, int], now: datetime) -> ClassAssignment:
    counts: dict[str, int] = {name: getattr(assignment, name) for name in ("begun", "handed_in")}
    terms = terms_given(assignment)
    return ClassAssignment(
        assignment,
        terms,
        _state(assignment, terms, now),
        sum(sizes.values()) if assignment.group_id is None else sizes.get(assignment.group_id, 0),
        **counts,
    )


def _state(assignment: Assignment, terms: Terms, now: datetime) -> str:
    if assignment.withdrawn_at is not None:
        return "withdrawn"
    if not may_begin(assignment):
        return "held"
    if terms.closes_at is not None and terms.closes_at <= now:
        return "closed"
    return "waits" if terms.opens_at is not None and terms.opens_at > now else "open"
