"""The log of a sitting: replayed, read in order, counted. Every number here was counted by hand."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.attempts import Stamp
from quizzes.engine.forensics import (
    Advice,
    Changes,
    Given,
    Held,
    Save,
    count_changes,
    pace,
    replay,
    sequences,
    visits,
    whole,
)

stamps = st.builds(Stamp, st.integers(0, 6), st.integers(0, 2))
choices = st.none() | st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple)
logs = st.lists(st.builds(Save, st.integers(1, 3), stamps, choices, st.none() | st.booleans()), max_size=25)


def chose(at: int, *choice: str, tab: int = 0, position: int = 1) -> Save:
    return Save(position, Stamp(at, tab), choice)


def test_what_was_given_last_stands_however_it_arrived() -> None:
    late = Save(1, Stamp(50, 1), ("b",), flagged=True)
    saves = [chose(70, "c"), late, Save(1, Stamp(60, 0), flagged=False), chose(70, "d"), chose(70, "a", tab=1)]
    assert replay(saves) == {1: Held(("a",), flagged=False)}
    assert sequences(saves) == {1: (Given(50, ("b",)), Given(70, ("c",)), Given(70, ("a",)))}


@given(logs)
def test_the_last_answer_in_order_is_the_one_that_is_stored(log: list[Save]) -> None:
    stored = replay(log)
    for position, answers in sequences(log).items():
        assert answers[-1].choice == stored[position].choice
        assert all(one.choice != other.choice for one, other in pairwise(answers))


@given(logs)
def test_a_log_twice_over_says_what_it_says_once(log: list[Save]) -> None:
    assert replay(log + log) == replay(log)
    assert sequences(log + log) == sequences(log)


def test_on_the_way_to_two_options_nothing_is_changed() -> None:
    steps = [("a",), ("a", "b"), ("b",), ("b", "c")]
    given_ = [Given(at, choice) for at, choice in enumerate(steps)]
    assert whole(given_, lambda choice: len(choice) == 2) == (("a", "b"), ("b", "c"))
    assert whole(given_[:1], lambda choice: len(choice) == 2) == ()
    assert whole([*given_, Given(9, ())], lambda choice: len(choice) == 2)[-1] == ()


def test_changes_are_counted_by_the_first_and_the_last_answer() -> None:
    judged = [[False, True], [True, False], [False, False, True], [True], [], [False, False], [True, False, True]]
    assert count_changes(judged) == Changes(gained=2, lost=1, wrong=1, back=1, switches=7)
    assert count_changes(judged).questions == 5


@pytest.mark.parametrize(
    ("gained", "lost", "advice"),
    [(4, 0, Advice.TOO_FEW), (3, 2, Advice.GAINED), (1, 5, Advice.LOST), (3, 3, Advice.EVEN), (0, 0, Advice.TOO_FEW)],
)
def test_few_changes_give_no_advice(gained: int, lost: int, advice: Advice) -> None:
    assert Changes(gained=gained, lost=lost, wrong=9).advice is advice


def test_the_pace_is_when_each_question_was_first_answered() -> None:
    saves = [chose(9000, "a"), chose(4000, position=2), chose(5000, "b", position=2), chose(90_000, "b")]
    assert pace(sequences(saves)) == (5.0, 9.0)
    assert pace({}) == ()


@given(st.dictionaries(st.integers(1, 75), st.integers(0, 10**9)), st.integers(0, 10**8))
def test_visits_never_last_longer_than_the_sitting(times: dict[int, int], wall: int) -> None:
    found = visits({str(position): {"ms": ms} for position, ms in times.items()}, wall)
    assert sum(found.values()) <= wall / 1000 + 1e-6
    if sum(times.values()) <= wall:
        assert found == {position: ms / 1000 for position, ms in times.items() if ms}
