"""Whether somebody may start a quiz now, and for how long: its window, its attempts, the wait between two of them.

Moments are aware datetimes, lengths are seconds. A window holds its first second and not its last: who comes at the
second of closing is too late.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why no attempt may begin."""

    NOT_OPEN = "not_open"
    CLOSED = "closed"
    NO_MORE = "no_more"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a quiz says of when it may be begun. ``attempts`` None: as many as one likes. ``limit`` None: untimed."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None
    closing_cuts: bool = False
    attempts: int | None = None
    delay: int = 0
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Availability:
    """The answer. ``reason`` None: it may begin. ``at``: from when on that may change by itself.

    ``limit`` is the time that an attempt begun now would have, ``cut`` whether the closing time shortens it;
    ``left`` is how many attempts are left, this one included.
    """

    reason: Reason | None
    at: datetime | None = None
    limit: int | None = None
    cut: bool = False
    left: int | None = None

    @property
    def allowed(self) -> bool:
        """Whether an attempt may begin now."""
        return self.reason is None


def availability(terms: Terms, *, taken: int, last_ended: datetime | None, now: datetime) -> Availability:
    """Whether an attempt may begin ``now``, after ``taken`` earlier ones, the latest ended at ``last_ended``."""
    left = None if terms.attempts is None else max(0, terms.attempts - taken)
    if terms.closes_at is not None and now >= terms.closes_at:
        return Availability(Reason.CLOSED, left=left)
    if left == 0:
        return Availability(Reason.NO_MORE, left=left)
    ready = _ready(terms, last_ended)
    if terms.closes_at is not None and ready is not None and ready >= terms.closes_at:
        # Waiting would lead past the closing time.
        return Availability(Reason.NO_MORE, left=0)
    if terms.opens_at is not None and now < terms.opens_at:
        return Availability(Reason.NOT_OPEN, at=terms.opens_at, left=left)
    if ready is not None and now < ready:
        return Availability(Reason.WAIT, at=ready, left=left)
    limit, cut = _limit(terms, terms.limit, now)
    return Availability(None, limit=limit, cut=cut, left=left)


def cut_limit(terms: Terms, limit: int | None, now: datetime) -> int | None:
    """The seconds that an attempt begun now gets, of a limit that the learner may have chosen to be longer."""
    return _limit(terms, limit, now)[0]


def _ready(terms: Terms, last_ended: datetime | None) -> datetime | None:
    if last_ended is None or not terms.delay:
        return None
    return last_ended + timedelta(seconds=terms.delay)


def _limit(terms: Terms, limit: int | None, now: datetime) -> tuple[int | None, bool]:
    if not terms.closing_cuts or terms.closes_at is None:
        return limit, False
    # Rounded up: closing half a second later than shown takes nothing from anybody.
    until = -((now - terms.closes_at) // timedelta(seconds=1))
    return (limit, False) if limit is not None and limit <= until else (until, True)
