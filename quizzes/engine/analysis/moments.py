"""Sums over samples, each exact to the last bit, so that the order of the learners changes nothing."""

from collections.abc import Sequence
from math import fsum, sqrt
from operator import mul

Sample = Sequence[float]
_FLAT = 1e-12
"""What a spread is taken for zero by, relative to the size of the values: rounding, not data."""


def mean(values: Sample) -> float:
    """The arithmetic mean. Raises ZeroDivisionError for nothing."""
    return fsum(values) / len(values)


def centred(values: Sample) -> list[float]:
    """The distances from the mean; all zero where nothing but rounding tells the values apart."""
    middle = mean(values)
    away = [value - middle for value in values]
    largest = max(map(abs, away), default=0.0)
    return away if largest > _FLAT * max(1.0, abs(middle)) else [0.0] * len(away)


def product(one: Sample, other: Sample) -> float:
    """The sum of the products, pair by pair."""
    return fsum(map(mul, one, other))


def covariance(one: Sample, other: Sample) -> float | None:
    """The sample covariance (n - 1); None below two values."""
    if len(one) < 2:
        return None
    return product(centred(one), centred(other)) / (len(one) - 1)


def variance(values: Sample) -> float | None:
    """The sample variance (n - 1); None below two values."""
    return covariance(values, values)


def deviation(values: Sample) -> float | None:
    """The sample standard deviation; None below two values."""
    found = variance(values)
    return None if found is None else sqrt(found)


def correlation(one: Sample, other: Sample) -> float | None:
    """Pearson’s r; None where one of them does not vary.

    With a sample of zeros and ones it is the point-biserial: (M1 - M0) / SD · sqrt(p·q), SD of the population.
    """
    if len(one) < 2:
        return None
    a, b = centred(one), centred(other)
    spread = sqrt(product(a, a)) * sqrt(product(b, b))
    return min(1.0, max(-1.0, product(a, b) / spread)) if spread > 0 else None


def efficiency(one: Sample, other: Sample) -> float | None:
    """The covariance as a share of the largest that these values could have had: both sorted alike.

    None where that is zero (Moodle’s discriminative efficiency, as a share).
    """
    found, most = covariance(one, other), covariance(sorted(one), sorted(other))
    return found / most if found is not None and most is not None and most > 0 else None


def skewness(values: Sample) -> float | None:
    """k3 / k2^1.5 by k-statistics; None below three values, or where nothing varies."""
    n = len(values)
    if n < 3:
        return None
    away = centred(values)
    second, third = (fsum(value**power for value in away) / n for power in (2, 3))
    if second <= 0:
        return None
    k2, k3 = n * second / (n - 1), n * n * third / ((n - 1) * (n - 2))
    return float(k3 / k2**1.5)


def kurtosis(values: Sample) -> float | None:
    """k4 / k2² by k-statistics, 0 for a normal distribution; None below four values, or where nothing varies."""
    n = len(values)
    if n < 4:
        return None
    away = centred(values)
    second, fourth = (fsum(value**power for value in away) / n for power in (2, 4))
    if second <= 0:
        return None
    k2 = n * second / (n - 1)
    k4 = n * n * ((n + 1) * fourth - 3 * (n - 1) * second * second) / ((n - 1) * (n - 2) * (n - 3))
    return float(k4 / k2**2)


def quantile(ordered: Sample, share: float) -> float:
    """The value below which this share of a sorted sample lies, between neighbors in proportion (the common rule)."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
