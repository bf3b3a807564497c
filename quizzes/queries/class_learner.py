"""One learner of a class: how they stand at everything that they were given, and what they were told of it."""

from dataclasses import dataclass
from datetime import datetime

from quizzes.engine.grading import mean
from quizzes.models import Assignment, Classroom, Membership, Remark
from quizzes.queries.classes import seat_name
from quizzes.queries.grades import Cell, assignments_of, cell, taken, terms_at
from quizzes.queries.remarks_to_learners import remarkable, remarks_in


@dataclass(frozen=True, slots=True)
class Line:
    """One assignment as this learner has it. ``moved``: the due date is theirs and not that of the others."""

    assignment: Assignment
    cell: Cell
    moved: bool
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """The page of one seat. ``mean`` is over what counts; ``remarkable`` is what a remark can be written about."""

    seat: Membership
    name: str
    lines: tuple[Line, ...]
    mean: float | None
    counted: int
    remarkable: tuple[Assignment, ...]


def learner_page(classroom: Classroom, seat: Membership, *, viewer_id: int, now: datetime) -> LearnerPage:
    """How the one of this seat stands; five queries."""
    assignments = assignments_of(classroom, viewer_id)
    terms = terms_at(classroom, assignments)
    person = seat.person_id
    attempts = taken(classroom, [person], now) if person is not None else {}
    told = remarks_in(classroom, person) if person is not None else {}
    lines = []
    for one in assignments:
        found = cell(one, seat, attempts.get((one.pk, person or 0), ()), terms, now)
        if found is not None:
            lines.append(Line(one, found, found.due_at != one.due_at, tuple(told.get(one.pk, ()))))
    percents = [line.cell.standing.percent for line in lines if line.cell.standing.percent is not None]
    return LearnerPage(
        seat=seat,
        name=seat_name(seat),
        lines=tuple(lines),
        mean=mean(percents),
        counted=len(percents),
        remarkable=tuple(remarkable(classroom, person)) if person is not None else (),
    )
