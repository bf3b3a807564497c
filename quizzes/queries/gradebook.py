"""The gradebook of a class: learners × assignments, sorted, filtered, a page at a time or whole."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from quizzes.engine.grading import Rule, mean, what_counts
from quizzes.models import Assignment, Classroom, Group, Membership
from quizzes.queries.classes import seat_name, seats
from quizzes.queries.grades import Cell, Terms, assignments_of, cell, scores, taken, terms_at

A_PAGE = 50
IN_A_CHUNK = 100
BY_NAME, BY_MEAN = "name", "mean"
MISSING, LATE, BELOW = "missing", "late", "below"
STATES = (MISSING, LATE, BELOW)
NO_GROUP = "none"
HALF = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: nothing of it can be wrong, what is unknown is the default.

    ``sort``: name, mean, or the code of an assignment, turned round by a minus. ``at``: the code of the assignment
    that ``state`` is about, empty for any of them. ``below``: percent, for the state of that name.
    """

    sort: str = BY_NAME
    name: str = ""
    group: str = ""
    state: str = ""
    at: str = ""
    below: int = HALF
    left: bool = False

    @property
    def filters(self) -> bool:
        """Whether it leaves anybody out who would stand there otherwise."""
        return bool(self.name or self.group or self.state)

    def words(self) -> dict[str, str]:
        """What an address says of it: nothing of what is the default."""
        given = {
            "sort": self.sort if self.sort != BY_NAME else "",
            "name": self.name,
            "group": self.group,
            "state": self.state,
            "at": self.at,
            "below": str(self.below) if self.below != HALF else "",
            "left": "1" if self.left else "",
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True, slots=True)
class Column:
    """One assignment with the mean of those in the class for whom something counts, and how many they are."""

    assignment: Assignment
    mean: float | None
    number: int


@dataclass(frozen=True, slots=True)
class Row:
    """One learner; None in the place of what was not given to them. ``mean`` is over what counts for them."""

    seat: Membership
    name: str
    cells: tuple[Cell | None, ...]
    mean: float | None


@dataclass(frozen=True, slots=True)
class GradebookPage:
    """One page of it. ``learners`` is how many are in the class, ``left`` how many have left."""

    wanted: Wanted
    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    page_obj: Page[Membership]
    rows: tuple[Row, ...]
    learners: int
    left: int


class Gradebook:
    """A class with what counts for each, read once; the attempts themselves are read for those who are shown."""

    def __init__(self, classroom: Classroom, viewer_id: int, now: datetime) -> None:
        self.classroom, self.now = classroom, now
        self.assignments = assignments_of(classroom, viewer_id)
        self.seats = list(seats(classroom, with_left=True))
        self.names = {seat.pk: seat_name(seat) for seat in self.seats}
        self.terms: Terms = terms_at(classroom, self.assignments)
        rules = {one.pk: Rule(one.counts) for one in self.assignments}
        self.percents = {
            pair: what_counts(found, rules[pair[0]])[0] for pair, found in scores(classroom).items() if pair[0] in rules
        }

    def percent(self, assignment: Assignment, seat: Membership) -> float | None:
        """What counts for this learner there."""
        return self.percents.get((assignment.pk, seat.person_id)) if seat.person_id is not None else None

    def mean_of(self, seat: Membership) -> float | None:
        """The mean over what counts for this learner."""
        found = (self.percent(one, seat) for one in self.assignments)
        return mean([one for one in found if one is not None])

    def columns(self) -> tuple[Column, ...]:
        """The assignments with their means over those who have not left."""
        present = [seat for seat in self.seats if seat.left_at is None]
        found = []
        for one in self.assignments:
            percents = [got for seat in present if (got := self.percent(one, seat)) is not None]
            found.append(Column(one, mean(percents), len(percents)))
        return tuple(found)

    def groups(self) -> tuple[Group, ...]:
        """The groups that somebody is in, by name."""
        found = {seat.group.pk: seat.group for seat in self.seats if seat.group is not None}
        return tuple(sorted(found.values(), key=lambda one: (one.name.casefold(), one.pk)))

    def rows(self, chosen: Sequence[Membership]) -> list[Row]:
        """The rows of these learners; one query."""
        people = [seat.person_id for seat in chosen if seat.person_id is not None]
        attempts = taken(self.classroom, people, self.now)
        return [
            Row(
                seat,
                self.names[seat.pk],
                tuple(
                    cell(one, seat, attempts.get((one.pk, seat.person_id or 0), ()), self.terms, self.now)
                    for one in self.assignments
                ),
                self.mean_of(seat),
            )
            for seat in chosen
        ]

    def all_rows(self) -> Iterator[Row]:
        """Every learner by name, also those who have left, read by chunks."""
        for start in range(0, len(self.seats), IN_A_CHUNK):
            yield from self.rows(self.seats[start : start + IN_A_CHUNK])

    def chosen(self, wanted: Wanted) -> list[Membership]:
        """The learners that the address asks for, in its order."""
        found = [seat for seat in self.seats if wanted.left or seat.left_at is None]
        if wanted.name:
            found = [seat for seat in found if self._is_called(seat, wanted.name.casefold())]
        if wanted.group:
            group = None if wanted.group == NO_GROUP else int(wanted.group)
            found = [seat for seat in found if seat.group_id == group]
        if wanted.state:
            found = self._in_state(found, wanted)
        return self._sorted(found, wanted.sort)

    def _is_called(self, seat: Membership, part: str) -> bool:
        user_name = seat.person.get_username() if seat.person else ""
        return any(part in one.casefold() for one in (self.names[seat.pk], user_name, seat.external_id, seat.email))

    def _in_state(self, found: list[Membership], wanted: Wanted) -> list[Membership]:
        asked = [one for one in self.assignments if one.code == wanted.at] or self.assignments
        if wanted.state == BELOW:
            return [
                seat
                for seat in found
                if any((got := self.percent(one, seat)) is not None and got < wanted.below for one in asked)
            ]
        places = [place for place, one in enumerate(self.assignments) if one in asked]
        return [
            row.seat
            for row in self.rows(found)
            if any(getattr(one.standing, wanted.state) for place in places if (one := row.cells[place]) is not None)
        ]

    def _sorted(self, found: list[Membership], sort: str) -> list[Membership]:
        by, down = sort.removeprefix("-"), sort.startswith("-")
        column = next((one for one in self.assignments if one.code == by), None)
        if column is None and by != BY_MEAN:
            return found[::-1] if down else found
        value: Callable[[Membership], float | None]
        value = self.mean_of if column is None else lambda seat: self.percent(column, seat)
        ranked = [(got, seat) for seat in found if (got := value(seat)) is not None]
        ranked.sort(key=lambda pair: -pair[0] if down else pair[0])
        there = {seat.pk for _, seat in ranked}
        # Who has nothing comes last, whichever way it is sorted.
        return [seat for _, seat in ranked] + [seat for seat in found if seat.pk not in there]


def gradebook_page(
    classroom: Classroom, wanted: Wanted, number: int, *, viewer_id: int, now: datetime
) -> GradebookPage:
    """Fifty learners; five queries, one more to filter by what is missing or late."""
    book = Gradebook(classroom, viewer_id, now)
    page = Paginator(book.chosen(wanted), A_PAGE).get_page(number)
    left = sum(seat.left_at is not None for seat in book.seats)
    return GradebookPage(
        wanted=wanted,
        columns=book.columns(),
        groups=book.groups(),
        page_obj=page,
        rows=tuple(book.rows(list(page))),
        learners=len(book.seats) - left,
        left=left,
    )
