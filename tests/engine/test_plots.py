"""Figures as numbers: where things stand, whatever the values."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.plots import Line, Plot, Scale, Table, Tick, thinned

FINITE = st.floats(-1e6, 1e6)


def test_values_stand_where_their_axis_says() -> None:
    figure = Plot("Recall", "It rises.", Scale(0, 10), Scale(0, 1), Table((), ()))
    assert (figure.across(2.5), figure.down(1.0), figure.down(0.25)) == (25.0, 0.0, 75.0)
    assert figure.path(Line("you", ((0, 0), (10, 1)))) == "0.00,100.00 100.00,0.00"


def test_an_axis_of_one_value_has_it_in_the_middle() -> None:
    assert Scale(3, 3).place(3) == 50


@given(FINITE, FINITE, FINITE)
def test_nothing_leaves_the_drawing(low: float, high: float, value: float) -> None:
    assert 0 <= Scale(low, high).place(value) <= 100


@given(st.integers(0, 100), st.integers(1, 12))
def test_ticks_are_thinned_evenly(count: int, most: int) -> None:
    ticks = [Tick(at, str(at)) for at in range(count)]
    left = thinned(ticks, most)
    assert len(left) <= most
    assert left[:1] == tuple(ticks[:1])
    gaps = {after.at - one.at for one, after in pairwise(left)}
    assert len(gaps) <= 1
