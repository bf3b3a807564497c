"""Where the bank checks write down what they measured and whether it holds."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from quizzes.engine.writing.model import BankReport, Figure, Finding, Severity

ENOUGH_ITEMS: Final = 100
MOST_NAMED: Final = 12

# Upper 5 % points of the chi-square distribution by degrees of freedom.
CHI_SQUARE_95: Final = {1: 3.84, 2: 5.99, 3: 7.81, 4: 9.49, 5: 11.07, 6: 12.59, 7: 14.07}


@dataclass(frozen=True, slots=True)
class Bounds:
    """A closed range; None is open. Floats are compared with a tolerance of 1e-9."""

    low: float | None = None
    high: float | None = None

    def __contains__(self, value: float) -> bool:
        above = self.low is None or value >= self.low - 1e-9
        return above and (self.high is None or value <= self.high + 1e-9)

    def __str__(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{self.low:g}-{self.high:g}"
        ends = ((">=", self.low), ("<=", self.high))
        return "".join(f"{sign} {end:g}" for sign, end in ends if end is not None) or "none"


class Ledger:
    """Figures and findings of one bank.

    A measurement that does not apply (too few items, nothing to measure) is written down and not judged.
    """

    def __init__(self, *, applies: bool) -> None:
        self.applies = applies
        self.figures: list[Figure] = []
        self.findings: list[Finding] = []

    def judge(
        self, name: str, value: float | None, bounds: Bounds, advice: str, *, gate: bool = True, applies: bool = True
    ) -> None:
        """Write down a figure and, if it is judged and fails, a finding. The check is the name's first word."""
        judged = self.applies and applies and value is not None
        passed = value in bounds if judged and value is not None else None
        self.figures.append(Figure(name, value, str(bounds), passed, gate))
        if passed is False:
            severity = Severity.GATE if gate else Severity.WARN
            self.findings.append(Finding(name.split()[0], severity, None, advice, value, str(bounds)))

    def judge_rate(self, name: str, hits: float, chances: list[float], advice: str) -> None:
        """Judge how often a cue hits the key: at most chance + .05; under 100 items by the exact binomial point.

        hits: number of hits, ties split. chances: for each item, the chance of a blind hit. In a bank too small for its
        gates a failure of the binomial point is a warning.
        """
        n = len(chances)
        if n == 0:
            self.judge(name, None, Bounds(), advice)
            return
        chance, rate = math.fsum(chances) / n, hits / n
        if n >= ENOUGH_ITEMS:
            passed, threshold = rate <= chance + 0.05 + 1e-9, f"<= {chance + 0.05:.2f}"
        else:
            fails_at = upper_point(n, chance)
            passed, threshold = hits < fails_at - 1e-9, f"fewer than {fails_at} of {n} (exact binomial)"
        self.figures.append(Figure(name, rate, threshold, passed if self.applies else None, True))
        if not passed:
            severity = Severity.GATE if self.applies else Severity.WARN
            self.findings.append(Finding(name.split()[0], severity, None, advice, rate, threshold))

    def report(self) -> BankReport:
        """Everything written down so far."""
        return BankReport(self.figures, self.findings)


def upper_point(n: int, p: float) -> int:
    """The smallest x with P(X >= x) <= .05 for X ~ Binomial(n, p); n + 1 if there is none.

    Args: n, trials, 0 to 1000; p, chance of each, 0-1.
    """
    tail = 0.0
    for x in range(n, -1, -1):
        tail += math.comb(n, x) * p**x * (1 - p) ** (n - x)
        if tail > 0.05:
            return x + 1
    return 0


def named(ids: Iterable[str]) -> str:
    """Ids for a message: the first dozen, and how many more."""
    known = list(ids)
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return ", ".join(known[:MOST_NAMED]) + more
