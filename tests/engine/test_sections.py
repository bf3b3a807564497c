"""Drawing the form of an instructor's quiz."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.assembly import Candidate, CannotFill
from quizzes.engine.sections import Part, draw_form


def candidate(number: int, **more: Any) -> Candidate:
    enemies = frozenset(f"q{one}" for one in more.pop("enemies", ()))
    return Candidate(number, f"q{number}", number + 1000, more.pop("domain", 0), None, enemies=enemies, **more)


def pool(*numbers: int, **more: Any) -> tuple[Candidate, ...]:
    return tuple(candidate(number, **more) for number in numbers)


def codes(parts: list[Part], seed: int = 1, shuffle: bool = False) -> list[str]:
    return [one.code for one, _ in draw_form(parts, Random(seed), shuffle=shuffle).drawn]


def test_fixed_questions_come_as_written() -> None:
    part = Part(1, pool(5, 3, 4))
    assert codes([part]) == ["q5", "q3", "q4"]
    assert {tuple(codes([part], seed, shuffle=True)) for seed in range(20)} > {("q5", "q3", "q4")}


def test_a_question_is_asked_once_wherever_it_stands() -> None:
    parts = [Part(1, pool(1, 2), {0: 2}), Part(2, pool(1)), Part(3, pool(1, 2, 3), {0: 1})]
    with pytest.raises(CannotFill) as error:
        draw_form(parts, Random(1), shuffle=True)
    assert error.value.missing == {1: 1}
    found = codes([Part(1, pool(1, 2, 3), {0: 2}), Part(2, pool(1))])
    assert sorted(found[:2]) == ["q2", "q3"]
    assert found[2] == "q1"


def test_what_is_lacking_is_told_by_section() -> None:
    parts = [Part(1, pool(1, 2), {0: 5}), Part(2, (), {1: 2, 2: 1}), Part(3, pool(7))]
    with pytest.raises(CannotFill) as error:
        draw_form(parts, Random(1), shuffle=True)
    assert error.value.missing == {1: 3, 2: 3}


def test_a_blueprint_takes_from_each_domain() -> None:
    candidates = pool(1, 2, 3, domain=1) + pool(4, 5, 6, domain=2)
    form = draw_form([Part(4, candidates, {1: 1, 2: 2})], Random(3), shuffle=True)
    assert Counter(one.question > 3 for one, _ in form.drawn) == {False: 1, True: 2}
    assert {one.domain for one, _ in form.drawn} == {4}


def test_unseen_ones_come_first() -> None:
    candidates = pool(1, 2, 3, seen_rank=1) + pool(4, 5) + pool(6, seen_rank=2)
    for seed in range(10):
        assert set(codes([Part(1, candidates, {0: 3})], seed)) > {"q4", "q5"}


def test_enemies_never_meet_not_even_across_sections() -> None:
    parts = [Part(1, (candidate(1, enemies=[2]),)), Part(2, (candidate(2), candidate(3)), {0: 1})]
    assert all(codes(parts, seed) == ["q1", "q3"] for seed in range(10))


def test_a_scenario_stays_together() -> None:
    candidates = pool(1, 2, 3, scenario="shop") + pool(4, 5, 6, 7)
    for seed in range(20):
        order = codes([Part(1, candidates)], seed, shuffle=True)
        at = sorted(order.index(code) for code in ("q1", "q2", "q3"))
        assert at == [at[0], at[0] + 1, at[0] + 2]


@given(
    st.lists(st.tuples(st.sets(st.integers(1, 30), max_size=12), st.integers(0, 6)), min_size=1, max_size=5),
    st.dictionaries(st.integers(1, 30), st.integers(1, 30), max_size=6),
    st.integers(0, 9),
)
def test_a_form_keeps_every_rule(sections: list[tuple[set[int], int]], hostile: dict[int, int], seed: int) -> None:
    parts = [
        Part(n, tuple(candidate(one, enemies=[hostile[one]] if one in hostile else []) for one in sorted(ids)), {0: k})
        for n, (ids, k) in enumerate(sections, 1)
    ]
    missing: dict[int, int] = {}
    try:
        form = draw_form(parts, Random(seed), shuffle=True)
    except CannotFill as error:
        missing = error.missing
    assert all(0 < lacking <= sections[number - 1][1] for number, lacking in missing.items())
    if missing:
        return
    drawn = [one for one, _ in form.drawn]
    assert len({one.code for one in drawn}) == len(drawn) == sum(count for _, count in sections)
    assert Counter(one.domain for one in drawn) == Counter({n: k for n, (_, k) in enumerate(sections, 1) if k})
    there = {one.code for one in drawn}
    assert all(not one.enemies & (there - {one.code}) for one in drawn)
