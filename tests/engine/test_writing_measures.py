"""The arithmetic under the bank checks, against brute force and by hand."""

import math
from collections import Counter
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.writing.cues import area_under_curve
from quizzes.engine.writing.ledger import Bounds, named, upper_point
from quizzes.engine.writing.likeness import cosine, most_alike, pair_cosines, pair_jaccards, tf_idf


def test_upper_points_of_the_design() -> None:
    assert [upper_point(n, 0.25) for n in (50, 100, 200, 300)] == [19, 33, 61, 88]
    assert upper_point(0, 0.25) == 1
    assert upper_point(1, 0.25) == 2


@given(st.integers(1, 120), st.floats(0.05, 0.5))
def test_an_upper_point_is_the_smallest(n: int, p: float) -> None:
    def tail(x: int) -> float:
        return math.fsum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(x, n + 1))

    x = upper_point(n, p)
    assert tail(x) <= 0.05 + 1e-9
    assert tail(x - 1) > 0.05 - 1e-9


def test_area_under_the_curve() -> None:
    assert area_under_curve([], [1]) is None
    assert area_under_curve([3, 4], [1, 2]) == 1
    assert area_under_curve([1], [1]) == 0.5
    assert area_under_curve([2, 5], [1, 2, 6]) == (1 + 0.5 + 2) / 6


values = st.lists(st.integers(0, 5).map(float), min_size=1, max_size=12)


@given(values, values)
def test_the_area_is_the_chance_of_the_larger(keys: list[float], rest: list[float]) -> None:
    wins = sum((key > other) + (key == other) / 2 for key, other in product(keys, rest))
    assert area_under_curve(keys, rest) == pytest.approx(wins / (len(keys) * len(rest)))


words = st.lists(st.sampled_from("abcdefgh"), max_size=12).map(Counter)


@given(st.lists(words, min_size=1, max_size=8))
def test_the_index_finds_the_cosines_of_all_pairs(documents: list[Counter[str]]) -> None:
    vectors = tf_idf(documents)
    found = pair_cosines(vectors)
    for i, j in product(range(len(vectors)), repeat=2):
        if i < j:
            assert found.get((i, j), 0.0) == pytest.approx(cosine(vectors[i], vectors[j]))
    assert all(0 <= value <= 1 + 1e-9 for value in found.values())


def test_likeness_by_hand() -> None:
    assert cosine({"a": 1, "b": 1}, {"a": 1}) == pytest.approx(0.5**0.5)
    assert cosine({}, {"a": 1}) == 0
    (one, other) = tf_idf([Counter("aab"), Counter("ac")])
    rare = math.log(3 / 2) + 1
    assert one["a"] == pytest.approx(2 / math.hypot(2, rare))
    assert other["c"] == pytest.approx(rare / math.hypot(1, rare))
    sets = [frozenset({("a",), ("b",)}), frozenset({("b",), ("c",)}), frozenset({("d",)})]
    assert pair_jaccards(sets) == {(0, 1): 1 / 3}
    assert most_alike([Counter("ab"), Counter("a"), Counter("b")]) == [0]
    assert most_alike([Counter("ab")]) == []


def test_bounds_and_names() -> None:
    assert [0.3 in Bounds(high=0.25 + 0.05), 0.31 in Bounds(high=0.3), 0.1 in Bounds(0.15, 0.3)] == [True, False, False]
    assert [str(Bounds(high=2.2)), str(Bounds(low=0.8)), str(Bounds(80, 120))] == ["<= 2.2", ">= 0.8", "80-120"]
    assert named("a" * 14) == ", ".join("a" * 12) + " and 2 more"
