"""The worked example: eight attempts, five questions, every figure to six decimals."""

from typing import Any

import pytest

from quizzes.engine.analysis import Column, Sheet, analyse
from quizzes.engine.analysis.items import cronbach
from quizzes.engine.analysis.moments import correlation, variance

ROWS = [
    [1, 1, 1, 1, 2], [1, 1, 1, 0, 2], [1, 1, 0, 1, 1], [1, 0, 1, 0, 2],
    [1, 1, 0, 0, 0], [0, 1, 0, 0, 1], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0],
]  # fmt: skip
TOTALS = [6, 5, 4, 4, 2, 2, 1, 1]
TEXT = {
    "facility": [0.75, 0.625, 0.375, 0.375, 0.5],
    "r": [0.320508, 0.244949, 0.695608, -0.037662, 0.685189],
    "efficiency": [0.466667, 0.333333, 0.789474, -0.043478, 0.714286],
    "sd": [0.4629, 0.5175, 0.5175, 0.5175, 0.9258],
    "covariance": [0.4643, 0.4821, 0.8036, 0.2321, 1.5714],
    "effective_weight": [0.170025, 0.173264, 0.223683, 0.120226, 0.312801],
    "intended_weight": [0.166667, 0.166667, 0.166667, 0.166667, 0.333333],
    "d": [0.5, 1.0, 1.0, 0.0, 1.0],
}
PLACES = {"sd": 4, "covariance": 4}


def sheet_of(rows: list[list[int]], most: tuple[float, ...] = (1, 1, 1, 1, 2), **more: Any) -> Sheet:
    """A sheet in which everybody reached everything."""
    there = [True] * len(rows)
    columns = tuple(
        Column(f"q{number}", most[number], [float(row[number]) for row in rows], there, there)
        for number in range(len(most))
    )
    return Sheet(len(rows), columns, **more)


@pytest.mark.parametrize("figure", TEXT)
def test_the_figures_of_each_question(figure: str) -> None:
    found = [getattr(item, figure) for item in analyse(sheet_of(ROWS)).items]
    assert found == pytest.approx(TEXT[figure], abs=0.6 * 10 ** -PLACES.get(figure, 6))


def test_the_figures_of_the_quiz() -> None:
    summary = analyse(sheet_of(ROWS)).summary
    assert summary.mean == pytest.approx(100 * 3.125 / 6)
    assert summary.sd == pytest.approx(100 * 1.885092 / 6, abs=1e-4)
    assert variance(TOTALS) == pytest.approx(3.553571, abs=1e-6)
    assert summary.alpha == pytest.approx(0.590452, abs=1e-6)
    assert summary.error_ratio == pytest.approx(0.639959, abs=1e-6)
    assert summary.sem == pytest.approx(100 * 1.206382 / 6, abs=1e-4)
    assert not summary.is_kr20


def test_kr20_takes_the_variance_that_belongs_to_pq() -> None:
    rows = [row[:4] for row in ROWS]
    summary = analyse(sheet_of(rows, (1, 1, 1, 1))).summary
    assert summary.is_kr20
    assert summary.alpha == pytest.approx(0.262911, abs=1e-6)
    columns = sheet_of(rows, (1, 1, 1, 1)).columns
    assert cronbach(columns, [sum(row) for row in rows]) == summary.alpha


def test_the_uncorrected_correlation_would_hide_the_bad_question() -> None:
    uncorrected = [correlation([float(row[number]) for row in ROWS], TOTALS) for number in range(4)]
    assert uncorrected == pytest.approx([0.532055, 0.494187, 0.823646, 0.237942], abs=1e-6)
    assert (analyse(sheet_of(ROWS)).items[3].r or 0) < 0 < (uncorrected[3] or 0)
