"""What counts of several attempts."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.grading import Rule, Sat, Standing, State, mean, standing, what_counts

NINE = datetime(2026, 11, 30, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)

percents = st.lists(st.floats(0, 100), min_size=1, max_size=8)
rules = st.sampled_from(list(Rule))


def sat(key: int, percent: float | None, *, hour: int = 0, lasted: timedelta = HOUR, mark: int | None = None) -> Sat:
    """An attempt begun so many hours after nine."""
    return Sat(key, percent, NINE + hour * HOUR, NINE + hour * HOUR + lasted, mark)


def stands(*attempts: Sat, rule: Rule = Rule.BEST, **more: object) -> Standing:
    """The standing at noon with these attempts."""
    given_: dict[str, object] = {"working": False, "due_at": None, "now": NINE + 3 * HOUR, **more}
    return standing(attempts, rule, **given_)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "percent", "counted"),
    [(Rule.FIRST, 40, 7), (Rule.LAST, 60, 3), (Rule.BEST, 90, 5), (Rule.AVERAGE, 190 / 3, None)],
)
def test_the_rule_says_what_counts(rule: Rule, percent: float, counted: int | None) -> None:
    found = stands(sat(7, 40, hour=0), sat(5, 90, hour=1), sat(3, 60, hour=2), rule=rule)
    assert (found.state, found.percent, found.counted) == (State.DONE, pytest.approx(percent), counted)


def test_of_equally_good_ones_the_earliest_counts() -> None:
    assert stands(sat(1, 80, hour=2), sat(2, 80, hour=1)).counted == 2
    assert stands(sat(2, 80), sat(1, 80)).counted == 1, "begun at one moment: the one that was made first"


def test_late_is_what_counts_and_not_what_does_not() -> None:
    due = NINE + HOUR
    early, late = sat(1, 50), sat(2, 90, lasted=HOUR + timedelta(seconds=1))
    assert not stands(early, due_at=due).late, "to the second is in time"
    assert stands(early, late, due_at=due).late
    assert not stands(early, late, due_at=due, rule=Rule.FIRST).late
    assert stands(early, late, due_at=due, rule=Rule.AVERAGE).late
    assert not stands(early, late, due_at=None).late


def test_the_pass_mark_is_that_of_what_counts() -> None:
    assert stands(sat(1, 70, mark=70)).passed is True
    assert stands(sat(1, 70 - 1e-12, mark=70)).passed is True
    assert stands(sat(1, 69.9, mark=70)).passed is False
    assert stands(sat(1, 69.9)).passed is None
    old_and_new = (sat(1, 65, mark=70), sat(2, 65, hour=1, mark=60))
    assert [stands(*old_and_new, rule=rule).passed for rule in (Rule.FIRST, Rule.LAST, Rule.AVERAGE)] == [
        False,
        True,
        True,
    ]


def test_nothing_begun_is_missing_once_it_should_be_done() -> None:
    past, coming = NINE, NINE + 9 * HOUR
    assert stands() == Standing(State.NOT_BEGUN)
    assert stands(due_at=past) == Standing(State.NOT_BEGUN, missing=True)
    assert not stands(due_at=coming, closes_at=past).missing, "the due date goes before"
    assert stands(closes_at=past).missing
    assert stands(due_at=past, working=True) == Standing(State.WORKING)
    assert stands(sat(1, 50), due_at=past, working=True).state is State.DONE


def test_what_is_over_and_not_marked_is_done_and_counts_nothing() -> None:
    assert stands(sat(1, None), due_at=NINE) == Standing(State.DONE, late=True)
    assert stands(sat(1, None), sat(2, 30, hour=1), rule=Rule.FIRST).counted == 2


def test_nothing_has_no_mean_and_counts_nothing() -> None:
    assert mean([]) is None
    with pytest.raises(ValueError, match="nothing to count"):
        what_counts([], Rule.BEST)


@given(percents)
def test_best_is_at_least_each_and_the_average_lies_between(found: list[float]) -> None:
    best, place = what_counts(found, Rule.BEST)
    average, none = what_counts(found, Rule.AVERAGE)
    assert all(best >= one for one in found)
    assert place is not None
    assert found[place] == best
    assert (min(found) <= average <= best, none) == (True, None)
    assert average == pytest.approx(mean(found))


@given(percents, rules, st.randoms(use_true_random=False), st.booleans())
def test_it_does_not_matter_in_which_order_attempts_are_given(
    found: list[float], rule: Rule, dice: random.Random, working: bool
) -> None:
    attempts = [sat(key, percent, hour=key % 3, mark=50) for key, percent in enumerate(found)]
    shuffled = dice.sample(attempts, len(attempts))
    due = NINE + 2 * HOUR
    assert stands(*shuffled, rule=rule, due_at=due, working=working) == stands(*attempts, rule=rule, due_at=due)


@given(percents, rules, st.floats(0, 100))
def test_one_more_attempt_helps_the_best_and_never_moves_the_first(found: list[float], rule: Rule, more: float) -> None:
    before, after = what_counts(found, rule)[0], what_counts([*found, more], rule)[0]
    if rule is Rule.FIRST:
        assert after == before
    if rule is Rule.BEST:
        assert after == max(before, more)
    if rule is Rule.LAST:
        assert after == more
