"""The calendar of study days: whole weeks up to today, what was answered on each day, and where each stands in a grid.

It counts what was done and nothing else: no run of days that could break, no target that could be missed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

WEEKS = 26
STEPS = (1, 15, 40)
"""From so many answers on a day is drawn small, middle, large."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the grid: ``week`` from the left and ``weekday`` from the top, both from 0; ``size`` 0-3."""

    on: date
    week: int
    weekday: int
    answers: int
    size: int


@dataclass(frozen=True, slots=True)
class Week:
    """A week with study in it: its Monday, the days, and the answers of all of them."""

    begins: date
    days: tuple[date, ...]
    answers: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """The grid. ``weeks`` are only those with study, the newest first."""

    days: tuple[Day, ...]
    weeks: tuple[Week, ...]
    months: tuple[tuple[int, date], ...]

    @property
    def studied(self) -> int:
        """On how many days something was done."""
        return sum(day.size > 0 for day in self.days)

    @property
    def last(self) -> date | None:
        """The newest day on which something was done."""
        return next((day.on for day in reversed(self.days) if day.size), None)


def first_day(today: date, weeks: int = WEEKS) -> date:
    """The Monday with which the calendar begins."""
    return today - timedelta(days=today.weekday() + 7 * (weeks - 1))


def added(found: Iterable[tuple[date, int]]) -> dict[date, int]:
    """Answers by day from what was found; a day with 0 answers was a study day all the same."""
    days: dict[date, int] = {}
    for day, answers in found:
        days[day] = days.get(day, 0) + answers
    return days


def calendar(answers: Mapping[date, int], today: date, weeks: int = WEEKS) -> Calendar:
    """The calendar of the last weeks, today's with it. ``answers``: study days with how much; others are left out."""
    start = first_day(today, weeks)
    dates = [start + timedelta(days=number) for number in range((today - start).days + 1)]
    days = tuple(
        Day(on, number // 7, number % 7, answers.get(on, 0), size_of(answers.get(on)))
        for number, on in enumerate(dates)
    )
    return Calendar(days, tuple(_weeks(days)), _months(days))


def size_of(answers: int | None) -> int:
    """How large a day is drawn, 0-3; a study day never less than 1."""
    if answers is None:
        return 0
    return max(1, sum(answers >= step for step in STEPS))


def _weeks(days: tuple[Day, ...]) -> Iterable[Week]:
    by_week: dict[int, list[Day]] = {}
    for day in days:
        if day.size:
            by_week.setdefault(day.week, []).append(day)
    for studied in reversed(by_week.values()):
        monday = studied[0].on - timedelta(days=studied[0].weekday)
        yield Week(monday, tuple(day.on for day in studied), sum(day.answers for day in studied))


def _months(days: tuple[Day, ...]) -> tuple[tuple[int, date], ...]:
    """The week in which each month begins, with its first day; the one at the left edge is cut and left out."""
    return tuple((day.week, day.on) for day in days if day.on.day == 1)
