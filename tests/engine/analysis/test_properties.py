"""What must hold of the statistics whatever the data."""

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.analysis import Column, Sheet, analyse
from quizzes.engine.analysis.groups import upper_and_lower
from tests.engine.analysis.sheets import random_sheet

SEEDS = st.integers(0, 10**6)


def reordered(sheet: Sheet, order: list[int]) -> Sheet:
    """The same attempts in another order."""
    columns = tuple(
        replace(
            column,
            marks=[column.marks[row] for row in order],
            reached=[column.reached[row] for row in order],
            answered=[column.answered[row] for row in order],
            seconds=[column.seconds[row] for row in order],
            classes={name: [values[row] for row in order] for name, values in column.classes.items()},
        )
        for column in sheet.columns
    )
    return replace(sheet, columns=columns)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans(), st.integers(0, 2))
def test_the_order_of_learners_changes_nothing(seed: int, drawn: bool, pilots: int) -> None:
    sheet = random_sheet(seed, drawn=drawn, pilots=pilots)
    order = list(range(sheet.n))
    random.Random(seed).shuffle(order)
    assert analyse(reordered(sheet, order)) == analyse(sheet)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans())
def test_the_order_of_questions_changes_nothing(seed: int, drawn: bool) -> None:
    sheet = random_sheet(seed, drawn=drawn)
    backwards = analyse(replace(sheet, columns=sheet.columns[::-1]))
    forwards = analyse(sheet)
    assert (backwards.summary, backwards.items[::-1]) == (forwards.summary, forwards.items)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.booleans())
def test_everything_stays_within_its_bounds(seed: int, drawn: bool) -> None:
    found = analyse(random_sheet(seed, drawn=drawn))
    assert found.summary.alpha is None or found.summary.alpha <= 1
    for item in found.items:
        shares = [item.facility, *(one.share for one in item.options), *(one.upper for one in item.options)]
        assert all(share is None or 0 <= share <= 1 for share in shares)
        signed = [item.r, item.efficiency, item.d, *(one.r for one in item.options)]
        assert all(value is None or -1 - 1e-9 <= value <= 1 + 1e-9 for value in signed)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=60))
def test_both_groups_have_their_places_whatever_ties(totals: list[int]) -> None:
    upper, lower = upper_and_lower(totals)
    size = max(1, round(0.27 * len(totals)))
    assert (sum(upper), sum(lower)) == (pytest.approx(size), pytest.approx(size))


def test_pilots_are_in_no_total() -> None:
    sheet = random_sheet(5, pilots=1)
    without = analyse(replace(sheet, columns=sheet.columns[1:]))
    found = analyse(sheet)
    assert found.summary == without.summary
    assert [one.effective_weight for one in found.items[1:]] == [one.effective_weight for one in without.items]
    assert (found.items[0].intended_weight, found.items[0].effective_weight) == (None, None)
    assert found.items[0].facility is not None


def column(marks: list[float | None], code: str = "q", **more: object) -> Column:
    """A question that everybody who had it reached and answered."""
    there = [mark is not None for mark in marks]
    return replace(Column(code, 1.0, marks, there, there), **more)  # type: ignore[arg-type]


def test_nobody_sat() -> None:
    found = analyse(Sheet(0, (column([]),)))
    assert (found.summary.n, found.summary.mean, found.summary.alpha, sum(found.summary.histogram)) == (
        0,
        None,
        None,
        0,
    )
    assert (found.items[0].n, found.items[0].facility, found.items[0].r, found.items[0].d) == (0, None, None, None)


def test_one_learner() -> None:
    found = analyse(Sheet(1, (column([1.0]), column([0.0], "r"))))
    assert (found.summary.mean, found.summary.sd, found.summary.alpha) == (50.0, None, None)
    assert (found.items[0].facility, found.items[0].sd, found.items[0].r) == (1.0, None, None)


def test_all_the_same() -> None:
    found = analyse(Sheet(3, (column([1.0] * 3), column([1.0] * 3, "r"))))
    assert (found.summary.sd, found.summary.skew, found.summary.alpha, found.summary.sem) == (0.0, None, None, None)
    assert [(one.facility, one.r, one.efficiency, one.d) for one in found.items] == [(1.0, None, None, 0.0)] * 2


def test_what_nobody_reached_has_no_figures() -> None:
    seen, unseen = column([1.0, 0.0]), column([0.0, 0.0], "r", reached=[False, False], answered=[False, False])
    item = analyse(Sheet(2, (seen, unseen))).items[1]
    assert (item.n, item.not_reached, item.facility, item.r, item.d) == (0, 2, None, None, None)


def test_in_drawn_sets_a_total_is_of_the_own_set() -> None:
    one, two, three = (
        column([1.0, 0.0, 1.0, None]),
        column([1.0, None, 0.0, 1.0], "r"),
        column([None, 1.0, 0.0, 0.0], "s"),
    )
    found = analyse(Sheet(4, (one, two, three), drawn=True))
    assert found.summary.mean == pytest.approx((100 + 50 + 100 / 3 + 50) / 4)
    assert found.summary.alpha is None
    assert found.items[0].effective_weight is None
    assert found.items[0].n == 3
