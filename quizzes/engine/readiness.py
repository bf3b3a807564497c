"""How far a learner's knowledge of a blueprint is known: one range, from answers to questions they had never met.

Counts in, numbers out. What counts as evidence is decided by who asks (`quizzes.queries.readiness`). The range is about
the share of such questions that the learner would get right if they were drawn to the blueprint; it predicts no exam.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quizzes.engine.scoring import DEFAULT_CUT, Interval

Z: Final = 1.96
LEAST: Final = 20
"""How many answers it takes before anything is said: one short mock."""

NARROW: Final = 0.05
"""Half of a range that is narrow enough to be called known, as a fraction."""

_MOST: Final = 4096
"""No range needs as many more questions as this; the search ends here."""


class State(StrEnum):
    """Where the range lies to the practice line. OPEN: on both sides of it. NOT_ENOUGH: fewer than LEAST answers."""

    NOT_ENOUGH = "not_enough"
    BELOW = "below"
    ABOVE = "above"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One domain: its weight in the blueprint (any unit), and how many of its n answers were right."""

    weight: float
    right: float
    n: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the evidence says. interval: fractions 0-1, 95 %. more: how many further answers would settle it, or 0."""

    interval: Interval
    n: int
    more: int
    state: State


def stratified(strata: Sequence[Stratum], z: float = Z) -> Interval:
    """A range for the weighted share of right answers, as fractions 0-1.

    Source: A. Agresti and B. A. Coull, «Approximate is better than “exact” for interval estimation of binomial
    proportions», The American Statistician 52 (1998): z² answers are added, half of them right, and the range is the
    plain one of Wald around the new share. Here they are spread over the domains by weight, and share and variance are
    those of a stratified sample (W. G. Cochran, Sampling Techniques, 1977, 5.3): p = Σ w·p_d, v = Σ w²·p_d(1-p_d)/n_d.
    With one domain it is their range. A domain without answers counts as unknown and makes the range wide. Coverage:
    docs/scoring.md, tests/engine/coverage_table.py.

    Raises: ValueError without a positive weight, or if right is not within 0..n.
    """
    whole = _whole(strata)
    share = variance = 0.0
    for one in strata:
        weight = one.weight / whole
        n = one.n + z * z * weight
        if not n:
            continue
        p = (one.right + z * z * weight / 2) / n
        share += weight * p
        variance += weight * weight * p * (1 - p) / n
    half = z * math.sqrt(variance)
    return Interval(max(0.0, share - half), min(1.0, share + half))


def _whole(strata: Sequence[Stratum]) -> float:
    if any(one.weight < 0 or not 0 <= one.right <= one.n for one in strata):
        raise ValueError("a weight is never negative, and right lies between 0 and n")
    whole = math.fsum(one.weight for one in strata)
    if whole <= 0:
        raise ValueError("some domain must have a weight")
    return whole


def is_settled(interval: Interval, line: float) -> bool:
    """Whether more answers are not needed: the range lies on one side of the line, or its half is at most NARROW."""
    beside = interval.high < line or interval.low > line
    return beside or (interval.high - interval.low) / 2 <= NARROW


def estimate(strata: Sequence[Stratum], line: float = DEFAULT_CUT) -> Estimate:
    """The range, where it lies to the line (fraction 0-1), and how many more answers would settle it.

    «Would settle it» supposes that the learner goes on as so far, domain by domain, and that what comes is drawn to the
    blueprint: then it is the fewest answers after which `is_settled` holds (and LEAST is reached). Errors as in
    `stratified`.
    """
    interval = stratified(strata)
    n = round(sum(one.n for one in strata))
    if n < LEAST:
        return Estimate(interval, n, max(LEAST - n, _more(strata, line)), State.NOT_ENOUGH)
    state = State.BELOW if interval.high < line else State.ABOVE if interval.low > line else State.OPEN
    return Estimate(interval, n, 0 if is_settled(interval, line) else _more(strata, line), state)


def _more(strata: Sequence[Stratum], line: float) -> int:
    """The fewest further answers that settle it, by halving: a range only narrows when all goes on as before."""
    unsettled, settled = 0, 1
    while not is_settled(stratified(_gone_on(strata, settled, line)), line) and settled < _MOST:
        unsettled, settled = settled, 2 * settled
    while settled - unsettled > 1:
        middle = (settled + unsettled) // 2
        if is_settled(stratified(_gone_on(strata, middle, line)), line):
            settled = middle
        else:
            unsettled = middle
    return settled


def _gone_on(strata: Sequence[Stratum], more: int, line: float) -> list[Stratum]:
    """The same domains after so many more answers at the rates so far; a domain without any goes by the others."""
    whole, n = _whole(strata), sum(one.n for one in strata)
    overall = sum(one.right for one in strata) / n if n else line
    found = []
    for one in strata:
        added = more * one.weight / whole
        rate = one.right / one.n if one.n else overall
        found.append(Stratum(one.weight, one.right + rate * added, one.n + added))
    return found
