"""The rules of a timed attempt: when time is up, which save wins, which move is legal.

Times are aware datetimes; ``at`` is milliseconds on the exam clock, which starts with the attempt.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

CLOCK_TOLERANCE_MS: Final = 2000
MAX_AT: Final = 2**62
MAX_TAB: Final = 2**53


class Phase(StrEnum):
    """What an attempt is at a moment, whatever has been written down."""

    OPEN = "open"
    CLOSING = "closing"
    OVER = "over"


class Refusal(StrEnum):
    """Why a save changes nothing."""

    FINISHED = "finished"
    TOO_LATE = "too_late"
    CLOCK_AHEAD = "clock_ahead"
    PAUSED = "paused"
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Clock:
    """The exam clock of one attempt. ``deadline`` is None when it is untimed; ``grace`` is in seconds.

    ``paused`` is how many milliseconds it stood still in pauses that are over; each has moved the deadline by its
    length. ``paused_at``: it stands still since then.
    """

    started_at: datetime
    deadline: datetime | None
    grace: int
    paused: int = 0
    paused_at: datetime | None = None

    def at(self, now: datetime) -> int:
        """The exam clock's reading in milliseconds."""
        moment = now if self.paused_at is None else min(now, self.paused_at)
        return (moment - self.started_at) // timedelta(milliseconds=1) - self.paused

    @property
    def limit(self) -> int | None:
        """The reading at the deadline."""
        if self.deadline is None:
            return None
        return (self.deadline - self.started_at) // timedelta(milliseconds=1) - self.paused

    def remaining(self, now: datetime) -> int | None:
        """Milliseconds to the deadline, not below 0; None when untimed."""
        limit = self.limit
        return None if limit is None else max(0, limit - self.at(now))

    @property
    def closes_at(self) -> datetime | None:
        """The end of the grace: from here on the attempt is over. None, too, while the clock stands still."""
        if self.deadline is None or self.paused_at is not None:
            return None
        return self.deadline + timedelta(seconds=self.grace)

    def phase(self, *, in_progress: bool, now: datetime) -> Phase:
        """OPEN until the deadline, CLOSING through the grace, then OVER whether or not anyone wrote it down."""
        if not in_progress:
            return Phase.OVER
        if self.deadline is None or self.paused_at is not None or now < self.deadline:
            return Phase.OPEN
        if now < self.deadline + timedelta(seconds=self.grace):
            return Phase.CLOSING
        return Phase.OVER


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """When something was given: reading of the exam clock, then the page load's number to break ties."""

    at: int
    tab: int


NEVER: Final = Stamp(-1, 0)


def stamp_save(clock: Clock, *, at: int | None, tab: int, now: datetime) -> Stamp:
    """The stamp of a save as it arrived; a missing reading means now."""
    return Stamp(clock.at(now) if at is None else at, tab)


def refuse_save(
    clock: Clock, stamp: Stamp, *, in_progress: bool, now: datetime, passed: bool = False
) -> Refusal | None:
    """Why this save may not be stored, or None when it may.

    A reading ahead of the server's clock is refused rather than clamped: a clamped one would change at each
    replay. A reading from before the deadline is believed until the grace is over. While the clock stands still nothing
    is taken but what was given before. ``passed``: the exam goes forward only, and this question lies behind.
    """
    phase = clock.phase(in_progress=in_progress, now=now)
    if phase is Phase.OVER:
        return Refusal.FINISHED if not in_progress else Refusal.TOO_LATE
    if clock.paused_at is not None and stamp.at >= clock.at(now):
        return Refusal.PAUSED
    if passed:
        return Refusal.PASSED
    if stamp.at > clock.at(now) + CLOCK_TOLERANCE_MS:
        return Refusal.CLOCK_AHEAD
    limit = clock.limit
    if limit is not None and stamp.at >= limit:
        return Refusal.TOO_LATE
    return None


def wins(new: Stamp, stored: Stamp) -> bool:
    """The one rule of saving: what was given last wins, by (at, tab)."""
    return new > stored


MOVES: Final[dict[str, frozenset[str]]] = {
    "in_progress": frozenset({"submitted", "expired", "void"}),
    "submitted": frozenset({"in_progress", "void"}),
    "expired": frozenset({"in_progress", "void"}),
    "void": frozenset(),
}
"""From a state to those it may become. Back to ``in_progress`` is an instructor's reopening."""


def may_move(state: str, target: str) -> bool:
    """Whether the table has this move."""
    return target in MOVES[state]


TIME_OPTIONS: Final[dict[str, tuple[float, int]]] = {
    "standard": (1.0, 0),
    "plus30": (1.0, 30 * 60),
    "x125": (1.25, 0),
    "x150": (1.5, 0),
    "x200": (2.0, 0),
}
"""Time that a learner may choose before the start: factor on the limit, then seconds added. Also ``untimed``."""

UNTIMED: Final = "untimed"


def time_limit(seconds: int | None, option: str) -> int | None:
    """The limit in seconds under a time option; None is untimed. Raises KeyError for an unknown option."""
    if option == UNTIMED or seconds is None:
        return None
    factor, extra = TIME_OPTIONS[option]
    return round(seconds * factor) + extra
