"""Figures of a quiz and of each question in it, from a sheet of attempts.

Sources: the formulas of Moodle’s quiz statistics (corrected item-rest correlation, discriminative efficiency, effective
weight, k-statistics) and Cronbach 1951 for alpha; docs/statistics.md says why these and not others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from math import fsum, sqrt
from operator import sub

from quizzes.engine.analysis.groups import Weights, share_in, upper_and_lower
from quizzes.engine.analysis.model import Analysis, Column, Item, OptionRow, Sheet, Summary
from quizzes.engine.analysis.moments import (
    centred,
    deviation,
    kurtosis,
    mean,
    product,
    quantile,
    skewness,
    variance,
)

BARS = 10


def analyse(sheet: Sheet) -> Analysis:
    """All figures of a sheet. An empty sheet gives zeros and None, never an error."""
    totals, mosts = _totals(sheet)
    whole = _all_rows(sheet, totals, mosts)
    items = [_item(column, sheet, whole) for column in sheet.columns]
    return Analysis(_summary(sheet, totals, mosts), tuple(_weighted(sheet, items)))


def _totals(sheet: Sheet) -> tuple[list[float], list[float]]:
    """What each attempt got of the questions that count, and what it could have got."""
    counted = [column for column in sheet.columns if column.counted]
    most = fsum(column.most for column in counted)
    if not counted:
        return [0.0] * sheet.n, [0.0] * sheet.n
    if any(None in column.marks for column in counted):
        marks = [[mark or 0.0 for mark in column.marks] for column in counted]
        had = ([0.0 if mark is None else column.most for mark in column.marks] for column in counted)
        return [fsum(row) for row in zip(*marks, strict=True)], [fsum(row) for row in zip(*had, strict=True)]
    return [fsum(row) for row in zip(*(column.marks for column in counted), strict=True)], [most] * sheet.n


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some attempts with what all questions that they reached share: totals, what they could have, the groups."""

    rows: Sequence[int]
    totals: Sequence[float]
    mosts: Sequence[float]
    upper: Weights
    lower: Weights
    away: Sequence[float]


def _all_rows(sheet: Sheet, totals: Sequence[float], mosts: Sequence[float]) -> _Rows:
    return _of_rows(range(sheet.n), sheet, totals, mosts)


def _of_rows(rows: Sequence[int], sheet: Sheet, totals: Sequence[float], mosts: Sequence[float]) -> _Rows:
    standing = totals
    if sheet.drawn:
        standing = [total / most if most else 0.0 for total, most in zip(totals, mosts, strict=True)]
    upper, lower = upper_and_lower(standing)
    return _Rows(rows, totals, mosts, upper, lower, centred(totals) if totals else [])


def _of_column(column: Column, sheet: Sheet, whole: _Rows) -> _Rows:
    """The attempts that reached a question: most often all of them, of whom everything is known already."""
    if None not in column.marks and all(column.reached):
        return whole
    there = [mark is not None and bool(seen) for mark, seen in zip(column.marks, column.reached, strict=True)]
    some = (list(compress(values, there)) for values in (whole.totals, whole.mosts))
    return _of_rows(list(compress(range(sheet.n), there)), sheet, *some)


# The quiz


def _summary(sheet: Sheet, totals: Sequence[float], mosts: Sequence[float]) -> Summary:
    counted = [column for column in sheet.columns if column.counted]
    percents = [100 * total / most for total, most in zip(totals, mosts, strict=True) if most > 0]
    spread = deviation(percents)
    alpha = None if sheet.drawn else cronbach(counted, totals)
    error = sqrt(1 - alpha) if alpha is not None and alpha <= 1 else None
    return Summary(
        n=len(percents),
        items=len(counted),
        mean=mean(percents) if percents else None,
        median=quantile(sorted(percents), 0.5) if percents else None,
        sd=spread,
        skew=skewness(percents),
        kurtosis=kurtosis(percents),
        alpha=alpha,
        is_kr20=all(set(column.marks) <= {None, 0.0, column.most} for column in counted),
        error_ratio=error,
        sem=spread * error if spread is not None and error is not None else None,
        histogram=_histogram(percents),
    )


def cronbach(columns: Sequence[Column], totals: Sequence[float]) -> float | None:
    """Alpha: k/(k-1) · (1 - Σ var(x)/var(T)). None below two questions or attempts, or where no total differs.

    With all-or-nothing marks of 1 this is KR-20: the numerator p·q belongs with the population variance of the total,
    so that both divisors cancel. Every attempt must have every question.
    """
    k, spread = len(columns), variance(totals) if len(totals) > 1 else None
    if k < 2 or not spread:
        return None
    parts = fsum(variance([mark or 0.0 for mark in column.marks]) or 0.0 for column in columns)
    return k / (k - 1) * (1 - parts / spread)


def _histogram(percents: Sequence[float]) -> tuple[int, ...]:
    bars = [0] * BARS
    for value in percents:
        # What rounding put a hair below a tenth belongs to it.
        bars[max(0, min(BARS - 1, int(value * BARS / 100 + 1e-9)))] += 1
    return tuple(bars)


# Its questions


def _item(column: Column, sheet: Sheet, whole: _Rows) -> Item:
    some = _of_column(column, sheet, whole)
    marks = [column.marks[row] or 0.0 for row in some.rows]
    n, away = len(marks), centred(marks) if marks else []
    rest = _Rest.of(column, sheet, some, marks)
    high, low = share_in(some.upper, marks), share_in(some.lower, marks)
    times = _times(column, some.rows)
    return Item(
        code=column.code,
        counted=column.counted,
        n=n,
        omitted=n - sum(map(column.answered.__getitem__, some.rows)),
        not_reached=len(column.marks) - column.marks.count(None) - n,
        facility=mean(marks) / column.most if marks and column.most else None,
        sd=sqrt(product(away, away) / (n - 1)) if n > 1 else None,
        r=rest.correlation(away),
        efficiency=rest.efficiency(away),
        d=(high - low) / column.most if high is not None and low is not None and column.most else None,
        covariance=product(away, some.away) / (n - 1) if n > 1 else None,
        intended_weight=None,
        effective_weight=None,
        floor=column.floor,
        quartiles=(quantile(times, 0.25), quantile(times, 0.5), quantile(times, 0.75)) if times else None,
        timed=len(times),
        options=tuple(_option(column, name, some, rest) for name in column.classes),
    )


@dataclass(frozen=True, slots=True)
class _Rest:
    """The scores on all other questions, as distances from their mean; empty where an attempt has no other."""

    away: Sequence[float]
    spread: float
    sum: float

    @classmethod
    def of(cls, column: Column, sheet: Sheet, some: _Rows, marks: Sequence[float]) -> "_Rest":
        """That of the attempts that reached a question; a share of each one’s own set where the sets differ."""
        own = column.most if column.counted else 0.0
        rest = list(map(sub, some.totals, marks)) if column.counted else list(some.totals)
        if len(rest) < 2 or min(some.mosts) - own <= 0:
            return cls([], 0.0, 0.0)
        if sheet.drawn:
            rest = [value / (most - own) for value, most in zip(rest, some.mosts, strict=True)]
        away = centred(rest)
        return cls(away, product(away, away), fsum(away))

    def correlation(self, away: Sequence[float]) -> float | None:
        """Pearson’s r with other distances from a mean; None where one of them does not vary."""
        if not self.away:
            return None
        spread = sqrt(product(away, away)) * sqrt(self.spread)
        return _within(product(away, self.away) / spread) if spread > 0 else None

    def efficiency(self, away: Sequence[float]) -> float | None:
        """The covariance as a share of the largest that these values could have had: both sorted alike."""
        if not self.away:
            return None
        most = product(sorted(away), sorted(self.away))
        return product(away, self.away) / most if most > 0 else None

    def point_biserial(self, chosen: Sequence[bool], n: int) -> float | None:
        """Pearson’s r with having chosen something, which n did."""
        spread = sqrt(n * (1 - n / len(chosen))) * sqrt(self.spread) if self.away else 0.0
        if spread <= 0:
            return None
        return _within((fsum(compress(self.away, chosen)) - n / len(chosen) * self.sum) / spread)


def _within(r: float) -> float:
    return min(1.0, max(-1.0, r))


def _times(column: Column, rows: Sequence[int]) -> list[float]:
    """The seconds that are known, in order."""
    return sorted(second for row in rows if column.seconds and (second := column.seconds[row]) is not None)


def _option(column: Column, name: str, some: _Rows, rest: _Rest) -> OptionRow:
    values = column.classes[name]
    chosen = values if len(some.rows) == len(values) else [values[row] for row in some.rows]
    n = sum(chosen)
    return OptionRow(
        name=name,
        right=name in column.key,
        n=n,
        share=n / len(chosen) if chosen else None,
        upper=_share_of(some.upper, chosen),
        lower=_share_of(some.lower, chosen),
        r=rest.point_biserial(chosen, n),
    )


def _share_of(group: Weights, chosen: Sequence[bool]) -> float | None:
    return fsum(compress(group, chosen)) / fsum(group) if group else None


def _weighted(sheet: Sheet, items: Sequence[Item]) -> list[Item]:
    """With the weights, which need all questions together. A drawn quiz has none: its totals are of different sets."""
    counted = [column.most for column in sheet.columns if column.counted]
    most = fsum(counted)
    shared = [item.covariance or 0.0 for item in items]
    roots = [sqrt(one) if item.counted and one > 0 else None for item, one in zip(items, shared, strict=True)]
    whole = fsum(root for root in roots if root is not None)
    if sheet.drawn or not most:
        return list(items)
    return [
        replace(
            item,
            intended_weight=column.most / most if column.counted else None,
            effective_weight=root / whole if root is not None and whole else None,
        )
        for item, column, root in zip(items, sheet.columns, roots, strict=True)
    ]
