"""Figures of a quiz and of each question in it, from a sheet of attempts.

Sources: the formulas of Moodle’s quiz statistics (corrected item-rest correlation, discriminative efficiency, effective
weight, k-statistics) and Cronbach 1951 for alpha; docs/statistics.md says why these and not others.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import fsum, sqrt

from quizzes.engine.analysis.groups import Weights, share_in, upper_and_lower
from quizzes.engine.analysis.model import Analysis, Column, Item, OptionRow, Sheet, Summary
from quizzes.engine.analysis.moments import (
    correlation,
    covariance,
    deviation,
    efficiency,
    kurtosis,
    mean,
    quantile,
    skewness,
    variance,
)

BARS = 10


def analyse(sheet: Sheet) -> Analysis:
    """All figures of a sheet. An empty sheet gives zeros and None, never an error."""
    totals, mosts = _totals(sheet)
    items = [_item(column, sheet, totals, mosts) for column in sheet.columns]
    return Analysis(_summary(sheet, totals, mosts), tuple(_weighted(sheet, items)))


def _totals(sheet: Sheet) -> tuple[list[float], list[float]]:
    """What each attempt got of the questions that count, and what it could have got."""
    counted = [column for column in sheet.columns if column.counted]
    totals = [fsum(column.marks[row] or 0.0 for column in counted) for row in range(sheet.n)]
    mosts = [fsum(column.most for column in counted if column.marks[row] is not None) for row in range(sheet.n)]
    return totals, mosts


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
        is_kr20=all(mark in (None, 0.0, column.most) for column in counted for mark in column.marks),
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


def _item(column: Column, sheet: Sheet, totals: Sequence[float], mosts: Sequence[float]) -> Item:
    had = [row for row in range(sheet.n) if column.marks[row] is not None]
    rows = [row for row in had if column.reached[row]]
    marks = [column.marks[row] or 0.0 for row in rows]
    rest = _rest(column, sheet, rows, totals, mosts)
    upper, lower = upper_and_lower([_standing(sheet, row, totals, mosts) for row in rows])
    high, low = share_in(upper, marks), share_in(lower, marks)
    return Item(
        code=column.code,
        counted=column.counted,
        n=len(rows),
        omitted=sum(not column.answered[row] for row in rows),
        not_reached=len(had) - len(rows),
        facility=mean(marks) / column.most if marks and column.most else None,
        sd=deviation(marks),
        r=correlation(marks, rest) if rest else None,
        efficiency=efficiency(marks, rest) if rest else None,
        d=(high - low) / column.most if high is not None and low is not None and column.most else None,
        covariance=covariance(marks, [totals[row] for row in rows]),
        intended_weight=None,
        effective_weight=None,
        floor=column.floor,
        quartiles=_quartiles(column, rows),
        timed=sum(column.seconds[row] is not None for row in rows) if column.seconds else 0,
        options=tuple(_option(column, name, rows, rest, upper, lower) for name in column.classes),
    )


def _standing(sheet: Sheet, row: int, totals: Sequence[float], mosts: Sequence[float]) -> float:
    """By what the attempts are ranked: the total, as a share of its own set where the sets differ."""
    if not sheet.drawn:
        return totals[row]
    return totals[row] / mosts[row] if mosts[row] else 0.0


def _rest(
    column: Column, sheet: Sheet, rows: Sequence[int], totals: Sequence[float], mosts: Sequence[float]
) -> list[float]:
    """The score on all other questions; empty where an attempt has no other."""
    own = column.most if column.counted else 0.0
    rest = [totals[row] - ((column.marks[row] or 0.0) if column.counted else 0.0) for row in rows]
    others = [mosts[row] - own for row in rows]
    if any(other <= 0 for other in others):
        return []
    return [value / other for value, other in zip(rest, others, strict=True)] if sheet.drawn else rest


def _quartiles(column: Column, rows: Sequence[int]) -> tuple[float, float, float] | None:
    times = sorted(second for row in rows if column.seconds and (second := column.seconds[row]) is not None)
    return (quantile(times, 0.25), quantile(times, 0.5), quantile(times, 0.75)) if times else None


def _option(
    column: Column, name: str, rows: Sequence[int], rest: Sequence[float], upper: Weights, lower: Weights
) -> OptionRow:
    chosen = [1.0 if column.classes[name][row] else 0.0 for row in rows]
    return OptionRow(
        name=name,
        right=name in column.key,
        n=int(sum(chosen)),
        share=mean(chosen) if chosen else None,
        upper=share_in(upper, chosen) if upper else None,
        lower=share_in(lower, chosen) if lower else None,
        r=correlation(chosen, rest) if rest else None,
    )


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
