"""The upper and the lower group of a class: 27 % each, by total."""

from collections.abc import Sequence
from math import fsum
from operator import mul

SHARE = 0.27
"""The share that tells two normal groups apart best (Kelley 1939)."""

Weights = list[float]


def upper_and_lower(totals: Sequence[float]) -> tuple[Weights, Weights]:
    """How far each attempt belongs to the upper and to the lower group, 0-1.

    Both have round(0.27 n) places, at least one. Attempts that tie for the last places share them equally, so that no
    accident of the order decides. Two empty lists below two attempts.
    """
    if len(totals) < 2:
        return [], []
    size = max(1, round(SHARE * len(totals)))
    ordered = sorted(totals)
    return _seats(totals, ordered[::-1], size), _seats(totals, ordered, size)


def _seats(totals: Sequence[float], ordered: Sequence[float], size: int) -> Weights:
    last = ordered[size - 1]
    before = ordered.index(last)
    share = (size - before) / ordered.count(last)
    sure = set(ordered[:before])
    return [1.0 if total in sure else share if total == last else 0.0 for total in totals]


def share_in(weights: Sequence[float], values: Sequence[float]) -> float | None:
    """The mean of some values in a group; None where it is empty."""
    size = fsum(weights)
    return fsum(map(mul, weights, values)) / size if size else None
