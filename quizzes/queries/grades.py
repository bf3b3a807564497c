"""What the attempts at the assignments of a class were worth, a row an attempt and nothing of their texts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from quizzes.engine.conditions import Grant, combined, effective
from quizzes.engine.grading import Rule, Sat, Standing, standing
from quizzes.models import Assignment, Attempt, Classroom, Membership, Response, Result
from quizzes.queries.assignments import terms_given
from quizzes.queries.conditions import grant_of, holding
from quizzes.queries.rights import own_quizzes
from quizzes.queries.sittings import MARKED

Pair = tuple[int, int]
"""An assignment and a person."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One attempt. ``state`` is what holds at the moment, ``percent`` what the latest result says, 0 at least.

    ``marked`` is how many results it has. ``milliseconds``: how long it lasted without its pauses.
    """

    pk: int
    code: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    milliseconds: int | None
    raw: float | None
    maximum: float | None
    percent: float | None
    marked: int
    pass_mark: int | None

    @property
    def is_over(self) -> bool:
        """Whether it counts as finished: handed in, or its time is up."""
        return self.state in MARKED

    @property
    def was_marked_again(self) -> bool:
        """Whether its result replaced an earlier one."""
        return self.marked > 1


@dataclass(frozen=True, slots=True)
class Cell:
    """How one learner stands at one assignment. ``counted`` None: nothing counts, or an average."""

    standing: Standing
    counted: Taken | None
    attempts: tuple[Taken, ...]
    due_at: datetime | None

    @property
    def was_marked_again(self) -> bool:
        """Whether a result that counts replaced an earlier one."""
        if self.counted is not None:
            return self.counted.was_marked_again
        return any(one.was_marked_again for one in self.attempts if one.is_over)


def assignments_of(classroom: Classroom, viewer_id: int) -> list[Assignment]:
    """The assignments of a class by due date; those withdrawn only where somebody has begun them.

    ``owned``: their quiz belongs to the viewer or is shared with them.
    """
    begun = Attempt.objects.filter(assignment=OuterRef("pk")).exclude(state=Attempt.State.VOID)
    found = Assignment.objects.filter(Q(withdrawn_at=None) | Exists(begun), classroom=classroom)
    owned = Exists(own_quizzes(viewer_id).filter(pk=OuterRef("quiz")))
    rows = found.annotate(owned=owned).select_related("quiz", "group")
    assignments: list[Assignment] = list(rows.order_by(F("due_at").asc(nulls_last=True), "pk"))
    for one in assignments:
        one.classroom = classroom
    return assignments


def is_for(assignment: Assignment, seat: Membership) -> bool:
    """Whether it was given to this seat: to the whole class, or to its group."""
    return assignment.group_id is None or assignment.group_id == seat.group_id


def scores(classroom: Classroom) -> dict[Pair, list[float]]:
    """The percent of each marked attempt in the order of their starts; one query, two figures each.

    Enough for means and orders over the whole class.
    """
    found: dict[Pair, list[float]] = defaultdict(list)
    graded: Any = _graded(classroom)
    rows = graded.filter(state__in=MARKED).order_by("started_at", "pk")
    for assignment, person, worth, most in rows.values_list("assignment_id", "person_id", "worth", "most"):
        percent = _percent(worth, most)
        if percent is not None:
            found[assignment, person].append(percent)
    return found


def taken(classroom: Classroom, people: Collection[int], now: datetime) -> dict[Pair, list[Taken]]:
    """The attempts of these people that are not void, in the order of their starts; one query."""
    found: dict[Pair, list[Taken]] = defaultdict(list)
    graded: Any = _graded(classroom)
    rows = graded.filter(person_id__in=people).order_by("started_at", "pk")
    mark = Cast(KeyTextTransform("pass_mark", "rules"), IntegerField())
    columns = ("pk", "code", "state", "started_at", "ended_at", "deadline", "paused_at", "paused")
    for assignment, person, *row in rows.annotate(mark=mark).values_list(
        "assignment_id", "person_id", *columns, "worth", "most", "results__number", "mark"
    ):
        found[assignment, person].append(_taken(now, *row))
    return found


def _graded(classroom: Classroom) -> QuerySet[Attempt]:
    """The attempts with their latest result: of several results the others are left out."""
    later = Result.objects.filter(attempt=OuterRef("pk"), number__gt=OuterRef("results__number"))
    # A practice session has no result: its responses were graded one by one.
    graded = Response.objects.filter(attempt=OuterRef("pk"), scored=True, fraction__isnull=False).order_by()
    added = graded.values("attempt").annotate(sum=Sum("fraction")).values("sum")
    practiced = Case(When(mode="practice", state__in=MARKED, then=Coalesce(Subquery(added), 0.0)))
    found = Attempt.objects.filter(~Exists(later), assignment__classroom=classroom)
    return found.exclude(state=Attempt.State.VOID).annotate(
        worth=Coalesce(F("results__raw"), practiced), most=Coalesce(F("results__maximum"), F("size") * 1.0)
    )


def _percent(worth: float | None, most: float | None) -> float | None:
    # As the learner's own page has it: below nothing is nothing.
    return None if worth is None else max(0.0, 100 * worth / most) if most else 0.0


def _taken(
    now: datetime,
    pk: int,
    code: str,
    state: str,
    started_at: datetime,
    ended_at: datetime | None,
    deadline: datetime | None,
    paused_at: datetime | None,
    paused: int,
    worth: float | None,
    most: float | None,
    number: int | None,
    pass_mark: int | None,
) -> Taken:
    running = state == Attempt.State.IN_PROGRESS
    if running and deadline is not None and deadline <= now and paused_at is None:
        # Over, though nobody has written it down.
        state, ended_at = Attempt.State.EXPIRED.value, deadline
    lasted = None if ended_at is None else max(0, (ended_at - started_at) // timedelta(milliseconds=1) - paused)
    # One that was opened again has the results of before, which do not count while it runs.
    percent = None if running else _percent(worth, most)
    return Taken(pk, code, state, started_at, ended_at, lasted, worth, most, percent, number or 0, pass_mark)


class Terms:
    """The dates that hold at the assignments of a class: for everybody, and for those who were granted others."""

    def __init__(self, assignments: Sequence[Assignment], rows: Mapping[int, list[tuple[int | None, Grant]]]) -> None:
        self._rows = rows
        self._given = {one.pk: terms_given(one) for one in assignments}

    def of(self, assignment: Assignment, person_id: int | None) -> tuple[datetime | None, datetime | None]:
        """When it is due and when it closes for this person."""
        given = self._given[assignment.pk]
        rows = self._rows.get(person_id) if person_id is not None else None
        if rows is None:
            return assignment.due_at, given.closes_at
        grant = combined(one for place, one in rows if place is None or place == assignment.pk)
        return grant.due_at or assignment.due_at, effective(given, grant).closes_at


def terms_at(classroom: Classroom, assignments: Sequence[Assignment]) -> Terms:
    """The dates of these assignments with what the learners of the class were granted; one query."""
    here = Q(assignment=None) | Q(assignment__classroom=classroom)
    seats = Membership.objects.filter(classroom=classroom, person__isnull=False)
    rows: dict[int, list[tuple[int | None, Grant]]] = defaultdict(list)
    for row in holding().filter(here, person__in=seats.values("person")):
        rows[row.person_id].append((row.assignment_id, grant_of(row)))
    return Terms(assignments, rows)


def cell(
    assignment: Assignment, seat: Membership, attempts: Iterable[Taken], terms: Terms, now: datetime
) -> Cell | None:
    """How a learner stands there; None where it was not given to them and they have not begun it."""
    found = tuple(attempts)
    if not found and not is_for(assignment, seat):
        return None
    due_at, closes_at = terms.of(assignment, seat.person_id)
    # What was taken back is asked of nobody any more.
    asked = assignment.withdrawn_at is None
    over = [_sat(one) for one in found if one.is_over]
    working = len(over) < len(found)
    rule = Rule(assignment.counts)
    dates = {"due_at": due_at, "closes_at": closes_at} if asked or found else {"due_at": None}
    stands = standing(over, rule, working=working, now=now, **dates)
    counted = None if stands.counted is None else next(one for one in found if one.pk == stands.counted)
    return Cell(stands, counted, found, due_at)


def _sat(one: Taken) -> Sat:
    return Sat(one.pk, one.percent, one.started_at, one.ended_at or one.started_at, one.pass_mark)
