"""What counts of several attempts at one assignment, and how somebody stands there.

Percent are hundredths of the maximum, moments are aware datetimes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import fsum
from operator import itemgetter

SLACK = 1e-9
"""So much below the pass mark is still on it: sums of fractions are not exact."""


class Rule(StrEnum):
    """Which of several attempts counts."""

    FIRST = "first"
    LAST = "last"
    BEST = "best"
    AVERAGE = "average"


class State(StrEnum):
    """How far somebody is. DONE: at least one attempt is over, whether or not another is under way."""

    NOT_BEGUN = "not_begun"
    WORKING = "working"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Sat:
    """One attempt that is over and not void. ``percent`` None: not marked yet. ``pass_mark`` as it was at its start."""

    key: int
    percent: float | None
    started_at: datetime
    ended_at: datetime
    pass_mark: int | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands at an assignment. ``counted`` is the key of what counts, None for an average or nothing.

    ``late``: what counts ended after the due date. ``missing``: nothing was begun and it should have been done by now.
    ``passed`` is None where nothing counts yet or nothing is to be passed.
    """

    state: State
    percent: float | None = None
    counted: int | None = None
    late: bool = False
    missing: bool = False
    passed: bool | None = None


def what_counts(percents: Sequence[float], rule: Rule) -> tuple[float, int | None]:
    """Percent and place of what counts among these, given in the order of their starts; no place for an average.

    Of equally good ones the earliest counts. Raises ValueError where there are none.
    """
    if not percents:
        raise ValueError("nothing to count")
    if rule is Rule.AVERAGE:
        # Rounding must not lead out of what was reached.
        return min(max(fsum(percents) / len(percents), min(percents)), max(percents)), None
    if rule is Rule.BEST:
        place, best = max(enumerate(percents), key=itemgetter(1))
        return best, place
    place = 0 if rule is Rule.FIRST else len(percents) - 1
    return percents[place], place


def mean(percents: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return fsum(percents) / len(percents) if percents else None


def standing(
    attempts: Iterable[Sat],
    rule: Rule,
    *,
    working: bool,
    due_at: datetime | None,
    closes_at: datetime | None = None,
    now: datetime,
) -> Standing:
    """How somebody stands with these attempts, under the dates that hold for them.

    ``working``: another attempt is under way. Without a due date it should be done by its closing.
    """
    over = sorted(attempts, key=lambda one: (one.started_at, one.key))
    if not over:
        by = due_at or closes_at
        missing = not working and by is not None and now > by
        return Standing(State.WORKING if working else State.NOT_BEGUN, missing=missing)
    marked = [one for one in over if one.percent is not None]
    if not marked:
        return Standing(State.DONE, late=_late(over, due_at))
    percent, place = what_counts([one.percent or 0.0 for one in marked], rule)
    counted = marked if place is None else [marked[place]]
    mark = counted[-1].pass_mark
    return Standing(
        state=State.DONE,
        percent=percent,
        counted=None if place is None else counted[0].key,
        late=_late(counted, due_at),
        passed=None if mark is None else percent >= mark - SLACK,
    )


def _late(attempts: Iterable[Sat], due_at: datetime | None) -> bool:
    return due_at is not None and any(one.ended_at > due_at for one in attempts)
