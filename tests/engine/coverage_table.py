"""How often the range of readiness holds the truth: exactly for one domain, by 50,000 seeded runs for several.

``python -m tests.engine.coverage_table`` prints it.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random

from quizzes.engine.assembly import quotas
from quizzes.engine.readiness import Stratum, stratified

TRUTHS = (0.5, 0.65, 0.72, 0.8, 0.9)
SIZES = (20, 65, 195)
RUNS = 50_000
ONE = (1,)
SAP_C02 = (26, 29, 25, 20)
SAP_C03 = (20, 20, 20, 20, 20)
SPREAD = 0.08
"""How far the best and the worst domain lie from the truth."""


@dataclass(frozen=True)
class Row:
    """One case: the case in words, the true weighted share, how many answers, and the share of ranges that hold it."""

    case: str
    truth: float
    n: int
    covered: float

    def __str__(self) -> str:
        return f"{self.case:<34} p = {self.truth:.2f}  n = {self.n:>3}  {100 * self.covered:5.2f} %"


def binomial(n: int, p: float) -> list[float]:
    """The probability of each count from 0 to n."""
    return [math.comb(n, count) * p**count * (1 - p) ** (n - count) for count in range(n + 1)]


def covers(weights: Sequence[float], rights: Sequence[int], counts: Sequence[int], truth: float) -> bool:
    """Whether the range from these answers holds the truth."""
    strata = [Stratum(*one) for one in zip(weights, rights, counts, strict=True)]
    found = stratified(strata)
    return found.low <= truth <= found.high


def exact(n: int, truth: float) -> float:
    """One domain: the probability of all outcomes whose range holds the truth."""
    chances = binomial(n, truth)
    return math.fsum(chance for right, chance in enumerate(chances) if covers(ONE, [right], [n], truth))


def simulated(
    weights: Sequence[float], counts: Sequence[int], truths: Sequence[float], rng: Random, runs: int = RUNS
) -> float:
    """Several domains: the share of so many sittings whose range holds the weighted truth."""
    truth = sum(weight * one for weight, one in zip(weights, truths, strict=True)) / sum(weights)
    drawn = (rng.choices(range(n + 1), binomial(n, one), k=runs) for n, one in zip(counts, truths, strict=True))
    outcomes = Counter(zip(*drawn, strict=True))
    return sum(times for rights, times in outcomes.items() if covers(weights, rights, counts, truth)) / runs


def around(truth: float, weights: Sequence[float], spread: float) -> list[float]:
    """Domain truths from low to high whose weighted mean is ``truth``."""
    steps = [spread * (2 * place / (len(weights) - 1) - 1) for place in range(len(weights))]
    off = sum(weight * step for weight, step in zip(weights, steps, strict=True)) / sum(weights)
    return [truth + step - off for step in steps]


def to_weights(n: int, weights: Sequence[float]) -> list[int]:
    """How many questions of each domain a form of so many has."""
    return list(quotas(n, dict(enumerate(weights))).values())


def lopsided(n: int, weights: Sequence[float], *, falling: bool) -> list[int]:
    """Counts that leave the blueprint: the fullest domain has about two and a half times the thinnest."""
    steps = [1.4 - 0.8 * place / (len(weights) - 1) for place in range(len(weights))]
    tilted = [weight * step for weight, step in zip(weights, steps if falling else steps[::-1], strict=True)]
    return to_weights(n, tilted)


def _cases(n: int, truth: float) -> Iterator[tuple[str, Sequence[float], list[int], list[float]]]:
    for name, weights in (("SAP-C02", SAP_C02), ("SAP-C03", SAP_C03)):
        truths = around(truth, weights, SPREAD)
        yield f"{name}, domains differ", weights, to_weights(n, weights), truths
    yield "SAP-C03, domains alike", SAP_C03, to_weights(n, SAP_C03), [truth] * len(SAP_C03)
    yield "SAP-C02, few where it is good", SAP_C02, lopsided(n, SAP_C02, falling=True), around(truth, SAP_C02, SPREAD)
    yield "SAP-C03, few where it is bad", SAP_C03, lopsided(n, SAP_C03, falling=False), around(truth, SAP_C03, SPREAD)


@cache
def table(runs: int = RUNS) -> tuple[Row, ...]:
    """All cases."""
    rng = Random(20)
    rows = [Row("one domain (exact)", truth, n, exact(n, truth)) for n in SIZES for truth in TRUTHS]
    rows += [
        Row(case, truth, n, simulated(weights, counts, truths, rng, runs))
        for n in SIZES
        for truth in TRUTHS
        for case, weights, counts, truths in _cases(n, truth)
    ]
    return tuple(sorted(rows, key=lambda row: row.case))


if __name__ == "__main__":
    print(*table(), sep="\n")
