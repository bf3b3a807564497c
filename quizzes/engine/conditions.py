"""Terms that are fair to each: what somebody was granted, laid over what holds for the others.

Moments are aware datetimes, lengths are seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from quizzes.engine.availability import Terms


@dataclass(frozen=True, slots=True)
class Grant:
    """What one learner was granted. ``factor`` and then ``extra`` lengthen the time limit; moments replace the others’.

    ``attempts`` come on top. ``quiet``: the clock is hidden and announces nothing. ``breaks``: may pause.
    """

    factor: float = 1.0
    extra: int = 0
    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    attempts: int = 0
    quiet: bool = False
    breaks: bool = False


NOTHING = Grant()


def combined(grants: Iterable[Grant]) -> Grant:
    """Of several the most generous of each: the greatest factor, the greatest addition, the widest dates.

    Factors are not multiplied: half as much time again, granted twice, is still half as much time again.
    """
    found = list(grants)
    return Grant(
        factor=max((one.factor for one in found), default=1.0),
        extra=max((one.extra for one in found), default=0),
        opens_at=min((one.opens_at for one in found if one.opens_at), default=None),
        due_at=max((one.due_at for one in found if one.due_at), default=None),
        closes_at=max((one.closes_at for one in found if one.closes_at), default=None),
        attempts=max((one.attempts for one in found), default=0),
        quiet=any(one.quiet for one in found),
        breaks=any(one.breaks for one in found),
    )


def lengthened(limit: int | None, grant: Grant) -> int | None:
    """A time limit under these conditions, to the full second upward; untimed stays untimed."""
    return None if limit is None else ceil(round(limit * grant.factor, 6)) + grant.extra


def effective(terms: Terms, grant: Grant) -> Terms:
    """The terms of somebody with this grant.

    Where closing would cut running attempts it comes later by the time that was granted, unless the grant says when:
    a longer limit that ends at everybody’s hour would be none.
    """
    limit = lengthened(terms.limit, grant)
    closes_at = grant.closes_at or terms.closes_at
    if grant.closes_at is None and terms.closing_cuts and closes_at and limit is not None and terms.limit is not None:
        closes_at += timedelta(seconds=limit - terms.limit)
    return replace(
        terms,
        opens_at=grant.opens_at or terms.opens_at,
        closes_at=closes_at,
        attempts=None if terms.attempts is None else terms.attempts + grant.attempts,
        limit=limit,
    )


def deadline_under(
    *, started_at: datetime, limit: int | None, paused: int, closes_at: datetime | None, cuts: bool
) -> datetime | None:
    """When an attempt that began then is over by these terms; ``paused`` in milliseconds. None where it is untimed.

    A pause moves the end of the limit and not the hour of closing.
    """
    if limit is None:
        return closes_at if cuts else None
    ends = started_at + timedelta(seconds=limit, milliseconds=paused)
    return min(ends, closes_at) if cuts and closes_at else ends


def running_deadline(
    *, started_at: datetime, chosen: int | None, paused: int, added: int, terms: Terms, grant: Grant
) -> datetime | None:
    """When an attempt under way is over with this grant. None where it is untimed.

    ``terms`` are everybody’s, with the limit that it began with; ``chosen`` is what its learner chose of it, in
    seconds. ``paused`` (milliseconds) moved the end whatever closed meanwhile, and so did ``added``: the seconds that
    were given for other reasons than conditions.
    """
    held = effective(terms, grant)
    stood = timedelta(milliseconds=paused)
    ends = deadline_under(
        started_at=started_at,
        limit=None if chosen is None or held.limit is None else max(chosen, held.limit),
        paused=paused,
        closes_at=held.closes_at + stood if held.closes_at else None,
        cuts=held.closing_cuts,
    )
    return None if ends is None else ends + timedelta(seconds=added)
