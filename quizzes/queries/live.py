"""A running assignment as those who teach it watch it: who is where. Counts only, never an answer."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery

from quizzes.engine.attempts import Clock, Phase
from quizzes.engine.live import UNDER_WAY, Action, State, actions_on, shown_of, state_of
from quizzes.models import Assignment, Attempt, Membership
from quizzes.models.quizzes import Quiz
from quizzes.queries.assignments import may_begin, terms_given
from quizzes.queries.classes import seat_name, seats
from quizzes.queries.conditions import holding
from quizzes.queries.sittings import LEFT, who

A_PAGE = 100
SORTS = ("name", "state", "left", "saved")
DEFAULT_SORT = "name"
_ORDER = {state: place for place, state in enumerate(State)}
_COLUMNS = (
    *("pk", "code", "person_id", "mode", "state", "size", "started_at", "deadline", "grace", "paused", "paused_at"),
    *("ended_at", "person__username", "person__is_guest"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for: nothing of it can be wrong, what is unknown is the default."""

    state: str = ""
    name: str = ""
    sort: str = DEFAULT_SORT


@dataclass(frozen=True, slots=True)
class Sitter:
    """One line: somebody, and the attempt that stands for them (the one under way, else the last).

    ``left`` is in milliseconds, None without a clock that runs; ``reached`` the furthest position that was saved.
    ``seat`` and ``person`` are 0 where an account was deleted.
    """

    name: str
    group: str
    state: State
    gone: bool
    conditions: bool
    seat: int = 0
    person: int = 0
    number: int = 0
    code: str = ""
    actions: tuple[Action, ...] = ()
    answered: int = 0
    size: int = 0
    timed: bool = True
    reached: int = 0
    saved_at: datetime | None = None
    left: int | None = None
    closing: bool = False
    ended_at: datetime | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether there is anything to watch."""
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class LivePage:
    """A hundred lines of those who fit, and how many of all stand in each state. ``goes_on``: more may happen."""

    assignment: Assignment
    wanted: Wanted
    now: datetime
    page_obj: Page[Sitter]
    counts: tuple[tuple[State, int], ...]
    everybody: int
    goes_on: bool
    is_exam: bool

    @property
    def under_way(self) -> int:
        """How many are at it."""
        return sum(number for state, number in self.counts if state in UNDER_WAY)


def live_page(assignment: Assignment, wanted: Wanted, number: int, *, now: datetime) -> LivePage:
    """How everybody stands who is expected, or has sat it and left since; two queries.

    ``assignment`` comes with its quiz and class.
    """
    rows = sitters(assignment, now=now)
    counted: dict[State, int] = dict.fromkeys(State, 0)
    for one in rows:
        counted[one.state] += 1
    return LivePage(
        assignment=assignment,
        wanted=wanted,
        now=now,
        page_obj=Paginator(_sorted(_fitting(rows, wanted), wanted.sort), A_PAGE).get_page(number),
        counts=tuple((state, counted[state]) for state in State),
        everybody=len(rows),
        goes_on=_goes_on(assignment, rows, now),
        is_exam=assignment.quiz.mode == Quiz.Mode.EXAM,
    )


def sitters(assignment: Assignment, *, now: datetime) -> list[Sitter]:
    """Everybody, by name."""
    attempts: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in _attempts(assignment):
        attempts[one["person_id"]].append(one)
    found = []
    for seat in _seats(assignment):
        taken = attempts.pop(seat.person_id or 0, [])
        if taken or is_expected(assignment, seat):
            found.append(_sitter(assignment, seat, taken, now))
    return found + [_without_seat(one, now) for taken in attempts.values() for one in taken]


def sitter_of(assignment: Assignment, code: str, *, now: datetime) -> Sitter | None:
    """One attempt at it, whichever of its learner’s it is; None where there is none of this code."""
    person = Attempt.objects.filter(assignment=assignment, code=code).values("person_id")[:1]
    taken = list(_attempts(assignment).filter(person_id=Subquery(person)))
    place = next((place for place, one in enumerate(taken) if one["code"] == code), None)
    if place is None:
        return None
    seat = _seats(assignment).filter(person_id=taken[place]["person_id"]).first()
    if seat is None:
        return _without_seat(taken[place], now)
    return replace(_sitter(assignment, seat, [taken[place]], now), number=place + 1 if len(taken) > 1 else 0)


def names_of(assignment: Assignment, attempts: Collection[int]) -> list[str]:
    """The names of those whose attempts these are, in the order of the class."""
    people = Attempt.objects.filter(pk__in=attempts).order_by().values("person_id")
    return [seat_name(seat) for seat in _seats(assignment).filter(person_id__in=people)]


def is_expected(assignment: Assignment, seat: Membership) -> bool:
    """Whether this seat is one of those who are to sit it."""
    here = assignment.group_id is None or seat.group_id == assignment.group_id
    return seat.person_id is not None and seat.left_at is None and here


def _seats(assignment: Assignment) -> QuerySet[Membership]:
    granted = holding().filter(Q(assignment=None) | Q(assignment=assignment), person=OuterRef("person"))
    found = seats(assignment.classroom, with_left=True).filter(person__isnull=False)
    found = found.annotate(granted=Exists(granted.order_by()))
    names = ("person__username", "person__is_guest", "group__name")
    return found.only("name", "email", "left_at", "person", "group", *names)


def _attempts(assignment: Assignment) -> QuerySet[Attempt, dict[str, Any]]:
    """All attempts at it, the first first, with what was saved in them added up by the database."""
    saved = Q(responses__saved_at__isnull=False)
    rows = Attempt.objects.filter(assignment=assignment).order_by("started_at", "pk").values(*_COLUMNS)
    found: QuerySet[Attempt, dict[str, Any]] = rows.annotate(
        answered=Count("responses", filter=saved & ~Q(responses__choice=[])),
        saved_at=Max("responses__saved_at"),
        reached=Max("responses__position", filter=saved),
    )
    return found


def _sitter(assignment: Assignment, seat: Membership, taken: list[dict[str, Any]], now: datetime) -> Sitter:
    about: dict[str, Any] = {
        "name": seat_name(seat),
        "group": seat.group.name if seat.group and assignment.group_id is None else "",
        "gone": not is_expected(assignment, seat),
        "conditions": bool(getattr(seat, "granted", False)),
        "seat": seat.pk,
        "person": seat.person_id or 0,
    }
    if not taken:
        return Sitter(state=State.NOT_STARTED, **about)
    place = shown_of([_state(one, now) for one in taken])
    return Sitter(**about, number=place + 1 if len(taken) > 1 else 0, **_at(taken[place], now))


def _without_seat(row: dict[str, Any], now: datetime) -> Sitter:
    """Of somebody who deleted their account, attempts remain and no seat."""
    person = SimpleNamespace(username=row["person__username"], is_guest=row["person__is_guest"])
    return Sitter(name=who(person), group="", gone=person.username != LEFT, conditions=False, **_at(row, now))


def _clock(row: Mapping[str, Any]) -> Clock:
    return Clock(row["started_at"], row["deadline"], row["grace"], row["paused"], row["paused_at"])


def _state(row: Mapping[str, Any], now: datetime) -> State:
    return state_of(row["state"], _clock(row), now)


def _at(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Where an attempt is."""
    clock, state = _clock(row), _state(row, now)
    running = state in UNDER_WAY
    exam = row["mode"] == Quiz.Mode.EXAM
    return {
        "state": state,
        "code": row["code"],
        "actions": actions_on(state, exam=exam, timed=clock.deadline is not None),
        "answered": row["answered"],
        "size": row["size"],
        "timed": clock.deadline is not None,
        "reached": row["reached"] or 0,
        "saved_at": row["saved_at"],
        "left": clock.remaining(now) if running else None,
        "closing": running and clock.phase(in_progress=True, now=now) is Phase.CLOSING,
        "ended_at": None if running else row["ended_at"] or row["deadline"],
    }


def _fitting(rows: list[Sitter], wanted: Wanted) -> list[Sitter]:
    name = wanted.name.casefold()
    return [one for one in rows if name in one.name.casefold() and wanted.state in ("", one.state)]


def _sorted(rows: list[Sitter], sort: str) -> list[Sitter]:
    """By name as they come, else by what is asked; who has none of it stands last in both directions."""
    by, down = sort.removeprefix("-"), sort.startswith("-")
    if by == "name":
        return rows[::-1] if down else rows
    if by == "state":
        return sorted(rows, key=lambda one: _ORDER[one.state], reverse=down)
    keyed = [(one.left if by == "left" else one.saved_at, one) for one in rows]
    there = [(key, one) for key, one in keyed if key is not None]
    found = [one for _key, one in sorted(there, key=lambda pair: pair[0], reverse=down)]
    return found + [one for key, one in keyed if key is None]


def _goes_on(assignment: Assignment, rows: list[Sitter], now: datetime) -> bool:
    """Whether anything can still happen here: somebody is at it, or can still begin.

    Whoever has conditions may come later than the others. When exactly would cost a query each time.
    """
    if any(one.is_under_way for one in rows):
        return True
    if not may_begin(assignment):
        return False
    closes_at = terms_given(assignment).closes_at
    late = any(one.conditions and one.state is State.NOT_STARTED and not one.gone for one in rows)
    return closes_at is None or now < closes_at or late
