"""What a result is worth and how sure one can be of it.

Pure arithmetic: counts and fractions in, numbers out. Nothing here predicts a provider's score; the practice scale has
a line of its own, and every number that is shown comes with the uncertainty behind it.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

PRACTICE_LINE: Final = 750.0
DEFAULT_CUT: Final = 13 / 18
SENSITIVITY_CUTS: Final = (0.68, 0.72, 0.76)
FEW_ITEMS: Final = 45
TOPIC_ITEMS: Final = 10
NEW_SHARE_PERCENT: Final = 70

_EXACT: Final = 1 - 1e-9
_TINY: Final = 1e-300
_CONVERGED: Final = 1e-15
_MOST_STEPS: Final = 100_000


@dataclass(frozen=True)
class Interval:
    """A range from low to high: fractions 0-1, or points of the practice scale where a field says so."""

    low: float
    high: float


class Band(StrEnum):
    """Where a result stands to the practice line."""

    ABOVE = "above"
    TOO_CLOSE = "too_close"
    BELOW = "below"


class Verdict(StrEnum):
    """What the responses in one domain or topic are evidence for."""

    NEEDS_WORK = "needs_work"
    MEETS = "meets"
    NOT_ENOUGH = "not_enough"


def _check_count(right: float, n: int) -> None:
    if not 0 <= right <= n:
        raise ValueError(f"right must lie between 0 and n: {right} of {n}")


def _check_cut(cut: float) -> None:
    if not 0 < cut < 1:
        raise ValueError(f"a cut is a fraction between 0 and 1, both excluded: {cut}")


def wilson(right: float, n: int, z: float = 1.96) -> Interval:
    """Interval for a proportion, as fractions 0-1.

    Source: E. B. Wilson, «Probable inference, the law of succession, and statistical inference», JASA 22 (1927):
    centre (p + z²/2n)/(1 + z²/n), half width z·sqrt(p(1-p)/n + z²/4n²)/(1 + z²/n).

    Args: right, items answered rightly, 0..n; n, items, 0 gives the whole range; z, normal quantile (1.96: 95 %).
    Raises: ValueError if right is not within 0..n.
    """
    _check_count(right, n)
    if n == 0:
        return Interval(0.0, 1.0)
    p = right / n
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    # At the ends the formula gives 0 and 1 exactly, but floating point does not.
    low = 0.0 if right == 0 else max(0.0, centre - half)
    high = 1.0 if right == n else min(1.0, centre + half)
    return Interval(low, high)


def practice_scale(right: float, n: int, cut: float) -> float:
    """Points on the practice scale, 100-1000: linear from 0 right (100) to cut·n (750) and from there to n (1000).

    Source: docs/scoring.md. Not a provider's scale. Not rounded.

    Args: right, 0..n, need not be whole; n, items, at least 1; cut, fraction of n that is worth 750.
    Raises: ValueError if n < 1, right is not within 0..n or cut is not within (0, 1).
    """
    _check_count(right, n)
    _check_cut(cut)
    if n < 1:
        raise ValueError("a scale needs at least one item")
    line = cut * n
    if right <= line:
        return 100 + (PRACTICE_LINE - 100) * right / line
    return PRACTICE_LINE + (1000 - PRACTICE_LINE) * (right - line) / (n - line)


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _beta_fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of the incomplete beta function, by the modified Lentz method.

    Source: the fraction is DLMF 8.17.22; the method W. J. Lentz, Applied Optics 15 (1976), with the guard against
    vanishing denominators of I. J. Thompson and A. R. Barnett, J. Comput. Phys. 64 (1986): a product of ratios C·D,
    both built forwards, until a factor no longer differs from 1.
    """
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _MOST_STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if abs(c * d - 1) < _CONVERGED:
            return value
    raise ArithmeticError(f"the incomplete beta function did not converge: x={x}, a={a}, b={b}")


def incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularized incomplete beta function I_x(a, b), the distribution function of Beta(a, b).

    Source: DLMF 8.17.22 (continued fraction) and 8.17.4, I_x(a, b) = 1 - I_{1-x}(b, a), which is used where the
    fraction converges slowly, that is for x above (a + 1)/(a + b + 2).

    Args: x, 0..1; a, b, positive.
    Raises: ValueError outside that domain; ArithmeticError if the fraction does not converge.
    """
    if not 0 <= x <= 1 or a <= 0 or b <= 0:
        raise ValueError(f"I_x(a, b) needs 0 <= x <= 1 and positive a, b: x={x}, a={a}, b={b}")
    if x in (0, 1):
        return float(x)
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    front = math.exp(log_front)
    if x <= (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1 - front * _beta_fraction(1 - x, b, a) / b


def chance_above(right: float, n: int, cut: float) -> float:
    """Posterior probability, 0-1, that the true rate is above the cut: 1 - I_cut(right + 1/2, n - right + 1/2).

    Source: the Jeffreys prior Beta(1/2, 1/2) for a proportion (H. Jeffreys, Proc. R. Soc. A 186, 1946).

    Args: right, 0..n; n, items, 0 gives the prior's own probability; cut, fraction.
    Raises: ValueError if right is not within 0..n or cut is not within (0, 1).
    """
    _check_count(right, n)
    _check_cut(cut)
    return incomplete_beta(1 - cut, n - right + 0.5, right + 0.5)


def band_of(chance: float) -> Band:
    """The band of a probability of being above the line: from .90 above, up to .10 below (docs/scoring.md)."""
    if chance >= 0.90:
        return Band.ABOVE
    return Band.BELOW if chance <= 0.10 else Band.TOO_CLOSE


def band(right: float, n: int, cut: float) -> Band:
    """The band of a result. Arguments and errors as in `chance_above`."""
    return band_of(chance_above(right, n, cut))


def domain_verdict(right: float, n: int, cut: float, *, least: int = 1) -> Verdict:
    """Whether the responses of one domain show a need for work (docs/scoring.md).

    NEEDS_WORK if the upper Wilson end lies below the cut or the chance of being above it is at most .20; MEETS if that
    chance is at least .80; else, and always below `least` items, NOT_ENOUGH. Errors as in `chance_above`.
    """
    chance = chance_above(right, n, cut)
    if n < least:
        return Verdict.NOT_ENOUGH
    if wilson(right, n).high < cut or chance <= 0.20:
        return Verdict.NEEDS_WORK
    return Verdict.MEETS if chance >= 0.80 else Verdict.NOT_ENOUGH


def guess_floor(shapes: Iterable[tuple[int, int]]) -> float:
    """Expected fraction of items that blind guessing gets right: the mean of 1/C(k, m) (docs/scoring.md).

    Args: shapes, one (k options, m to choose) an item; a kind with N equally likely responses is (N, 1).
    No items: 0.0.
    Raises: ValueError if a shape has not 1 <= m <= k.
    """
    chances = []
    for k, m in shapes:
        if not 1 <= m <= k:
            raise ValueError(f"cannot choose {m} of {k} options")
        chances.append(1 / math.comb(k, m))
    return math.fsum(chances) / len(chances) if chances else 0.0


Rule = Callable[[frozenset[str], frozenset[str], int], float]


def _check_keys(keys: frozenset[str], options: int) -> None:
    if not 1 <= len(keys) <= options:
        raise ValueError(f"{len(keys)} keys among {options} options")


def all_or_nothing(chosen: frozenset[str], keys: frozenset[str], options: int) -> float:
    """1.0 if exactly the keys were chosen, else 0.0. Raises: ValueError unless 1 <= number of keys <= options."""
    _check_keys(keys, options)
    return 1.0 if chosen == keys else 0.0


def partial(chosen: frozenset[str], keys: frozenset[str], options: int) -> float:
    """(Right ticks minus wrong ticks) / number of keys, never below 0: 0.0-1.0. Raises: as `all_or_nothing`."""
    _check_keys(keys, options)
    return max(0.0, (len(chosen & keys) - len(chosen - keys)) / len(keys))


def negative(chosen: frozenset[str], keys: frozenset[str], options: int) -> float:
    """1.0 if exact, 0.0 if unanswered, else -1/(C(k, m) - 1); for one key among k options that is -1/(k - 1).

    With k options and m keys there are C(k, m) ways to choose m, so a blind guess is worth exactly 0 on average.
    Source: the correction for guessing, right - wrong/(k - 1) (K. J. Holzinger, J. Educ. Psychol. 15, 1924), with the
    number of possible responses C(k, m) in the place of k. Raises: as `all_or_nothing`.
    """
    _check_keys(keys, options)
    if not chosen:
        return 0.0
    if chosen == keys:
        return 1.0
    return -1 / max(1, math.comb(options, len(keys)) - 1)


MARKING: Final[Mapping[str, Rule]] = MappingProxyType(
    {"all_or_nothing": all_or_nothing, "partial": partial, "negative": negative}
)


def mark(fraction: float, worth: float) -> float:
    """The mark for a response: how right it was (at most 1, below 0 under negative marking) times what it is worth."""
    return fraction * worth


@dataclass(frozen=True)
class ScoredItem:
    """One response as scoring sees it.

    position: place on the form, from 1. domain: None if the exam has none. scored: False for a pilot.
    fraction: how right, at most 1; below 1 counts as not right wherever items are counted.
    options, choose: its shape, see `guess_floor`.
    """

    position: int
    domain: int | None
    topics: tuple[str, ...]
    scored: bool
    fraction: float
    answered: bool
    first_exposure: bool
    options: int
    choose: int


@dataclass(frozen=True)
class Tally:
    """The scored items of one domain or topic.

    right of n: all of them. new_right of new_n: the first exposures; interval (fractions 0-1) and verdict rest on
    these alone, because an item seen before says little about the ones not yet seen.
    """

    right: int
    n: int
    new_right: int
    new_n: int
    interval: Interval
    verdict: Verdict


@dataclass(frozen=True)
class Sensitivity:
    """The same result judged by another cut: the chance of being above it and the band."""

    cut: float
    chance: float
    band: Band


@dataclass(frozen=True)
class Summary:
    """A result, not rounded.

    raw: sum of the fractions of the n scored items. percent: 100·raw/n, 0 without items. Both can be negative under
    negative marking. answered: scored items with a response. unscored: pilots, counted nowhere else.
    first_exposure_right of first_exposure_n: exactly right among the scored items never seen before; seen_right of
    seen_n: among the others.
    scale, scale_interval (points 100-1000, 95 %), chance, band, sensitivity: over first exposures; None or empty where
    fewer than 70 % of the scored items are new. few_items: the range is rough, under 45 first exposures.
    guess_floor: fraction blind guessing gets exactly right.
    """

    raw: float
    n: int
    percent: float
    answered: int
    unscored: int
    first_exposure_n: int
    first_exposure_right: int
    seen_n: int
    seen_right: int
    new_share: float
    cut: float
    scale: float | None
    scale_interval: Interval | None
    chance: float | None
    band: Band | None
    sensitivity: tuple[Sensitivity, ...]
    few_items: bool
    domains: Mapping[int, Tally]
    topics: Mapping[str, Tally]
    guess_floor: float


def _right(items: Iterable[ScoredItem]) -> int:
    # The cut and the binomial interval are about items got right or not, so part of an item is not right.
    return sum(item.fraction >= _EXACT for item in items)


def _tally(items: Sequence[ScoredItem], cut: float, least: int) -> Tally:
    new = [item for item in items if item.first_exposure]
    right = _right(new)
    verdict = domain_verdict(right, len(new), cut, least=least)
    return Tally(_right(items), len(items), right, len(new), wilson(right, len(new)), verdict)


def _domains(items: Sequence[ScoredItem], cut: float) -> Mapping[int, Tally]:
    names = sorted({item.domain for item in items if item.domain is not None})
    return {name: _tally([item for item in items if item.domain == name], cut, 1) for name in names}


def _topics(items: Sequence[ScoredItem], cut: float) -> Mapping[str, Tally]:
    names = sorted({topic for item in items for topic in item.topics})
    return {name: _tally([item for item in items if name in item.topics], cut, TOPIC_ITEMS) for name in names}


def _on_scale(fractions: Interval, n: int, cut: float) -> Interval:
    return Interval(practice_scale(fractions.low * n, n, cut), practice_scale(fractions.high * n, n, cut))


def _judged_by(cut: float, right: int, n: int) -> Sensitivity:
    chance = chance_above(right, n, cut)
    return Sensitivity(cut, chance, band_of(chance))


def summarize(
    items: Sequence[ScoredItem], cut: float, *, sensitivity_cuts: Sequence[float] = SENSITIVITY_CUTS
) -> Summary:
    """A result from its responses.

    Source: docs/scoring.md. A topic gets a verdict from ten first exposures on; an item of several topics counts
    in each.

    Args: items, responses of one form, or of several pooled; cut, fraction of items worth the practice line.
    Raises: ValueError if a cut is not within (0, 1) or a shape is impossible.
    """
    _check_cut(cut)
    scored = [item for item in items if item.scored]
    new = [item for item in scored if item.first_exposure]
    n, new_n, right = len(scored), len(new), _right(new)
    raw = math.fsum(item.fraction for item in scored)
    shown = new_n > 0 and 100 * new_n >= NEW_SHARE_PERCENT * n
    chance = chance_above(right, new_n, cut) if shown else None
    return Summary(
        raw=raw,
        n=n,
        percent=100 * raw / n if n else 0.0,
        answered=sum(item.answered for item in scored),
        unscored=len(items) - n,
        first_exposure_n=new_n,
        first_exposure_right=right,
        seen_n=n - new_n,
        seen_right=_right(scored) - right,
        new_share=new_n / n if n else 0.0,
        cut=cut,
        scale=practice_scale(right, new_n, cut) if shown else None,
        scale_interval=_on_scale(wilson(right, new_n), new_n, cut) if shown else None,
        chance=chance,
        band=None if chance is None else band_of(chance),
        sensitivity=tuple(_judged_by(other, right, new_n) for other in sensitivity_cuts) if shown else (),
        few_items=new_n < FEW_ITEMS,
        domains=_domains(scored, cut),
        topics=_topics(scored, cut),
        guess_floor=guess_floor((item.options, item.choose) for item in scored),
    )
