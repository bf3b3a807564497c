"""The range of readiness: how often it holds the truth, what it says, and when it is settled."""

import math

import pytest

from quizzes.engine.readiness import LEAST, NARROW, Estimate, State, Stratum, estimate, is_settled, stratified
from quizzes.engine.scoring import DEFAULT_CUT, Interval
from tests.engine.coverage_table import SIZES, TRUTHS, table

EQUAL = 20


def form(right: int, each: int = 13) -> list[Stratum]:
    """Five equal domains of so many answers, the right ones spread over them in turn."""
    return [Stratum(EQUAL, right // 5 + (place < right % 5), each) for place in range(5)]


def test_the_range_holds_the_truth_about_as_often_as_it_says() -> None:
    rows = table()
    print(*rows, sep="\n")
    assert {(row.n, row.truth) for row in rows} == {(n, truth) for n in SIZES for truth in TRUTHS}
    assert [row for row in rows if row.covered < 0.93] == []
    assert [row for row in rows if row.n >= 65 and row.covered > 0.97] == []


def test_one_domain_is_the_range_of_agresti_and_coull() -> None:
    n, p = 65 + 1.96**2, (47 + 1.96**2 / 2) / (65 + 1.96**2)
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    found = stratified([Stratum(3, 47, 65)])
    assert (found.low, found.high) == pytest.approx((p - half, p + half))


def test_weights_count_and_their_unit_does_not() -> None:
    strong, weak = Stratum(80, 30, 30), Stratum(20, 10, 30)
    heavy = stratified([strong, weak])
    light = stratified([Stratum(20, 30, 30), Stratum(80, 10, 30)])
    assert light.high < heavy.low
    assert stratified([Stratum(0.8, 30, 30), Stratum(0.2, 10, 30)]).low == pytest.approx(heavy.low)


def test_what_nobody_asked_about_is_unknown() -> None:
    known = stratified(form(50))
    unknown = stratified([*form(50)[:4], Stratum(EQUAL, 0, 0)])
    assert unknown.high - unknown.low > 2 * (known.high - known.low)
    nothing = stratified([Stratum(1, 0, 0)])
    assert (nothing.low, nothing.high) == (0, 1)


@pytest.mark.parametrize(
    ("right", "state"), [(30, State.BELOW), (47, State.OPEN), (50, State.OPEN), (58, State.ABOVE), (65, State.ABOVE)]
)
def test_where_a_full_form_lies_to_the_line(right: int, state: State) -> None:
    found = estimate(form(right))
    assert found.state is state
    assert (found.more == 0) is (state is not State.OPEN)
    assert (found.interval.high < DEFAULT_CUT, found.interval.low > DEFAULT_CUT) == (
        state is State.BELOW,
        state is State.ABOVE,
    )


def test_too_few_answers_say_nothing_however_good() -> None:
    found = estimate(form(15, each=3))
    assert (found.state, found.n) == (State.NOT_ENOUGH, 15)
    assert found.more >= LEAST - 15
    assert estimate(form(20, each=4)).state is State.ABOVE
    assert estimate([Stratum(1, 0, 0)]).more > 100


@pytest.mark.parametrize("right", [44, 47, 50, 52])
def test_so_many_more_settle_it_and_one_fewer_does_not(right: int) -> None:
    now = form(right)
    found = estimate(now)

    def after(more: int) -> Interval:
        return stratified([Stratum(1, one.right * (1 + more / 65), one.n * (1 + more / 65)) for one in now])

    assert is_settled(after(found.more), DEFAULT_CUT)
    assert not is_settled(after(found.more - 1), DEFAULT_CUT)


def test_near_the_line_it_is_settled_once_it_is_narrow() -> None:
    found = estimate([Stratum(EQUAL, 58, 80) for _ in range(5)])
    assert isinstance(found, Estimate)
    assert (found.state, found.more) == (State.OPEN, 0)
    assert (found.interval.high - found.interval.low) / 2 <= NARROW


@pytest.mark.parametrize(
    "strata", [[], [Stratum(0, 1, 2)], [Stratum(1, 3, 2)], [Stratum(1, -1, 2)], [Stratum(-1, 1, 2)]]
)
def test_impossible_counts_are_refused(strata: list[Stratum]) -> None:
    with pytest.raises(ValueError, match=r"weight|right"):
        stratified(strata)
