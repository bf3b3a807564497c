"""The day of a learner: from one midnight of their own to the next, whatever the clocks do in between."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Day:
    """A date and the two moments (aware, in UTC) between which it lies; ``end`` belongs to the next day."""

    date: date
    start: datetime
    end: datetime


def day_of(now: datetime, zone: tzinfo) -> Day:
    """The day in which ``now`` (aware) lies in this zone: 23 to 25 hours, where clocks are put forward or back."""
    today = now.astimezone(zone).date()
    return Day(today, _midnight(today, zone), _midnight(today + timedelta(days=1), zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
