"""What a recall today is worth on the day of the exam: the value of a memory when each further recall has a price.

With a price on every recall the cards of a learner are independent of each other (Whittle, Restless bandits, 1988, and
Lagrange): for one card, the best next interval follows from the last day backwards,

    V(t, S, D) = max( R(t; S),  max over u of  -price + p·V(t-u, S', D') + (1-p)·V(t-u, S°, D°) )

where t is the days left right after a recall, u the days until the next one, p = R(u; S), S' and S° what FSRS-6 says of
stability after a right and a wrong recall. The price is then set so that all recalls together fit the time there is.

Approximations: stability lies on a grid of 24 steps (between them V is linear in its logarithm), difficulty on 6, days
on every one for four weeks and every fourth from there, intervals on those at which recall has fallen to 8 levels.
What lies further off than ``LONGEST`` days does not change what is best today and is cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log

from quizzes.engine.repetition import AGAIN, GOOD, days_until, first_memory, recall_after, stability_after

LONGEST = 120
"""Days."""

PRICES = tuple(0.004 * 1.4**step for step in range(14))
"""What one recall must gain at least, in questions recalled on the day of the exam."""

FIRST_RIGHT = 0.55
"""How often a question is right when it is met for the first time; a guess among four would be 0.25."""

_LOWEST, _STEP, _SIZE = 0.1, 1.45, 24
_STABILITIES = tuple(_LOWEST * _STEP**step for step in range(_SIZE))
_DIFFICULTIES = (2.1, 5.1, 6.4, 7.4, 8.8, 9.4)
_EDGES = tuple((one + two) / 2 for one, two in pairwise(_DIFFICULTIES))
_LEVELS = (0.97, 0.94, 0.9, 0.85, 0.78, 0.7, 0.6, 0.45)
_DAYS = (*range(29), *range(32, LONGEST + 1, 4))
_INDEX = tuple(max(at for at, day in enumerate(_DAYS) if day <= days) for days in range(LONGEST + 1))
_WAITS = (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
_FINE, _PARTS = 4, 200
"""Cards are told apart four times as finely in stability as the grid, and by steps of half a percent in recall."""

Place = tuple[float, int, float, int]
"""Two neighbors in a row of values, each with its share."""

Bucket = tuple[int, int, int]
"""A card as planning sees it: quarter steps of stability, row of difficulty, recall now in parts of 200."""


@dataclass(frozen=True, slots=True)
class Values:
    """For one price, by day and place: the value right after a recall, and how many recalls will follow."""

    price: float
    worth: tuple[tuple[float, ...], ...]
    recalls: tuple[tuple[float, ...], ...]


def _row(difficulty: float) -> int:
    return sum(difficulty > edge for edge in _EDGES)


def _place(stability: float, difficulty: float, share: float) -> Place:
    at = min(_SIZE - 1.001, max(0.0, log(stability / _LOWEST) / log(_STEP)))
    low = int(at)
    start = _row(difficulty) * _SIZE + low
    return share * (1 - at + low), start, share * (at - low), start + 1


def _outcomes(stability: float, difficulty: float, recalled: float) -> tuple[Place, Place]:
    """Where a memory stands after a recall, right or wrong, each with its chance."""
    right = stability_after(stability, difficulty, recalled, GOOD)
    wrong = stability_after(stability, difficulty, recalled, AGAIN)
    return _place(*right, recalled), _place(*wrong, 1 - recalled)


@lru_cache(maxsize=1)
def _ways() -> tuple[tuple[tuple[int, Place, Place], ...], ...]:
    """For every place of the grid, the intervals worth a thought and where they lead."""
    found = []
    for difficulty in _DIFFICULTIES:
        for stability in _STABILITIES:
            waits = sorted({max(1, round(days_until(stability, level))) for level in _LEVELS})
            found.append(
                tuple(
                    (wait, *_outcomes(stability, difficulty, recall_after(stability, wait)))
                    for wait in waits
                    if wait < LONGEST
                )
            )
    return tuple(found)


@lru_cache(maxsize=len(PRICES))
def values(level: int) -> Values:
    """The values at ``PRICES[level]``, from the day of the exam backwards."""
    price, ways = PRICES[level], _ways()
    worth: list[tuple[float, ...]] = []
    recalls: list[tuple[float, ...]] = []
    for days in _DAYS:
        best, counts = [], []
        for place, options in enumerate(ways):
            top, count = recall_after(_STABILITIES[place % _SIZE], days), 0.0
            for wait, (a, i, b, j), (c, k, d, m) in options:
                if wait >= days:
                    break
                at = _INDEX[days - wait]
                row = worth[at]
                value = a * row[i] + b * row[j] + c * row[k] + d * row[m] - price
                if value > top:
                    top = value
                    row = recalls[at]
                    count = 1 + a * row[i] + b * row[j] + c * row[k] + d * row[m]
            best.append(top)
            counts.append(count)
        worth.append(tuple(best))
        recalls.append(tuple(counts))
    return Values(price, tuple(worth), tuple(recalls))


@dataclass(frozen=True, slots=True)
class Outlook:
    """One card on one day. ``gain`` is what a recall today is worth above the best later one, its own price not paid;
    ``recalls`` how many are to come, and ``expected`` the recall on the day of the exam, both if all is done in time.
    """

    gain: float
    recalls: float
    expected: float


def bucket(stability: float, difficulty: float, days_since: float) -> Bucket:
    """The bucket of a card that was last recalled so many days ago."""
    at = min(_SIZE - 1.01, max(0.0, log(stability / _LOWEST) / log(_STEP)))
    return round(at * _FINE), _row(difficulty), round(_PARTS * recall_after(stability, days_since))


def _recall(parts: int) -> float:
    return min(0.999, max(0.01, parts / _PARTS))


@lru_cache(maxsize=40_000)
def _from_bucket(quarter: int, row: int, parts: int) -> tuple[Place, Place]:
    stability = _LOWEST * _STEP ** (quarter / _FINE)
    return _outcomes(stability, _DIFFICULTIES[row], _recall(parts))


def _sum(values_of_day: Sequence[float], places: tuple[Place, Place]) -> float:
    (a, i, b, j), (c, k, d, m) = places
    return a * values_of_day[i] + b * values_of_day[j] + c * values_of_day[k] + d * values_of_day[m]


Later = tuple[int, Place, Place]
"""A recall on a later day: where that day stands in ``_DAYS``, and where the memory is led to."""


@lru_cache(maxsize=40_000)
def _chances(card: Bucket, days: int) -> tuple[float, tuple[Later, ...]]:
    """Recall at the exam without any more, and the later days on which a recall is thought of: free of any price."""
    quarter, row, parts = card
    stability = _LOWEST * _STEP ** (quarter / _FINE)
    elapsed = days_until(stability, _recall(parts))
    left = min(days, LONGEST)
    later = tuple(
        (
            _INDEX[left - wait],
            *_from_bucket(quarter, row, round(_PARTS * recall_after(stability, elapsed + wait))),
        )
        for wait in _WAITS
        if wait < left
    )
    return recall_after(stability, elapsed + days), later


@lru_cache(maxsize=200_000)
def outlook(card: Bucket, days: int, level: int) -> Outlook:
    """How a card stands at a price, so many days before the exam (at least 1)."""
    known = values(level)
    price, worth = known.price, known.worth
    best, then = -1.0, None
    idle, chances = _chances(card, days)
    for chance in chances:
        at, (a, i, b, j), (c, k, d, m) = chance
        row = worth[at]
        value = a * row[i] + b * row[j] + c * row[k] + d * row[m]
        if value > best:
            best, then = value, chance
    now_at, places = _INDEX[min(days, LONGEST)], _from_bucket(*card)
    now = _sum(worth[now_at], places)
    if then is None or best - price <= idle:
        later, count = idle, 0.0
    else:
        later, count = best - price, 1 + _sum(known.recalls[then[0]], then[1:])
    gain = now - later
    if gain > price:
        later, count = now - price, 1 + _sum(known.recalls[now_at], places)
    return Outlook(gain, count, later + price * count)


@lru_cache(maxsize=4_000)
def newcomer(days: int, level: int) -> Outlook:
    """A question that is met for the first time so many days before the exam; its first answer is not counted."""
    known = values(level)
    right, wrong = first_memory(GOOD), first_memory(AGAIN)
    places = _place(*right, FIRST_RIGHT), _place(*wrong, 1 - FIRST_RIGHT)
    at = _INDEX[min(max(days, 0), LONGEST)]
    worth, recalls = _sum(known.worth[at], places), _sum(known.recalls[at], places)
    return Outlook(worth, recalls, worth + known.price * recalls)
