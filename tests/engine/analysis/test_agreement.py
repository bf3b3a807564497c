"""Two hundred sheets, and another implementation of every figure: NumPy and SciPy."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

from quizzes.engine.analysis import Item, Sheet, analyse
from tests.engine.analysis.sheets import random_sheet


def same(ours: float | None, theirs: Any) -> bool:
    """Equal to nine places; what is not defined here is not a number there."""
    return not np.isfinite(theirs) if ours is None else bool(ours == pytest.approx(float(theirs), abs=1e-9, rel=1e-9))


def matrix_of(sheet: Sheet) -> Any:
    """Attempts in rows, questions in columns."""
    return np.array([[mark or 0.0 for mark in column.marks] for column in sheet.columns]).T


@pytest.mark.parametrize("first", range(0, 200, 50))
@pytest.mark.filterwarnings("ignore")
def test_every_figure_agrees(first: int) -> None:
    for seed in range(first, first + 50):
        sheet = random_sheet(seed)
        found, marks = analyse(sheet), matrix_of(sheet)
        totals, most = marks.sum(axis=1), sum(column.most for column in sheet.columns)
        percent = 100 * totals / most
        varies = np.ptp(totals) > 0
        summary = found.summary
        assert same(summary.mean, percent.mean()), seed
        assert same(summary.median, np.median(percent)), seed
        assert same(summary.sd, percent.std(ddof=1)), seed
        assert same(summary.skew, stats.skew(percent, bias=False) if varies and sheet.n > 2 else np.nan), seed
        assert same(summary.kurtosis, stats.kurtosis(percent, bias=False) if varies and sheet.n > 3 else np.nan), seed
        k = len(sheet.columns)
        alpha = k / (k - 1) * (1 - marks.var(axis=0, ddof=1).sum() / totals.var(ddof=1)) if varies else np.nan
        assert same(summary.alpha, alpha), seed
        assert sum(summary.histogram) == sheet.n
        for place, item in enumerate(found.items):
            assert_item(item, sheet, place, marks, totals, seed)


def assert_item(item: Item, sheet: Sheet, place: int, marks: Any, totals: Any, seed: int) -> None:
    """One question against arrays."""
    column = sheet.columns[place]
    reached = np.array(column.reached)
    own, rest = marks[reached, place], (totals - marks[:, place])[reached]
    assert item.n == reached.sum()
    if item.n < 2:
        assert (item.r, item.sd, item.efficiency) == (None, None, None)
        return
    varies = np.ptp(own) > 0 and np.ptp(rest) > 0
    assert same(item.facility, own.mean() / column.most), seed
    assert same(item.sd, own.std(ddof=1)), seed
    assert same(item.r, stats.pearsonr(own, rest)[0] if varies else np.nan), seed
    most = np.cov(np.sort(own), np.sort(rest))[0, 1]
    assert same(item.efficiency, np.cov(own, rest)[0, 1] / most if varies and most > 0 else np.nan), seed
    chosen = np.array(column.classes["b"], dtype=float)[reached]
    varies = np.ptp(chosen) > 0 and np.ptp(rest) > 0
    assert same(item.options[1].r, stats.pointbiserialr(chosen, rest)[0] if varies else np.nan), seed
    times = [one for one, there in zip(column.seconds, column.reached, strict=True) if there and one is not None]
    if item.quartiles:
        assert item.quartiles == pytest.approx(tuple(np.quantile(times, [0.25, 0.5, 0.75])))
    else:
        assert not times
