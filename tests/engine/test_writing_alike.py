"""Thousands of texts compared at once say what is said of each by itself."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.writing import near_duplicates
from quizzes.engine.writing.alike import CROWD, Likeness, Words

WORDS = [f"word{number}" for number in range(400)]


def texts(seed: int, count: int) -> list[str]:
    """Texts, half of them made from an earlier one by changing some of its words."""
    rng, made = Random(seed), []
    for number in range(count):
        base = rng.choice(made).split() if made and number % 2 else rng.choices(WORDS, k=rng.randint(0, 90))
        changes = {rng.randrange(len(base)) for _change in range(rng.randint(0, 6))} if base else set()
        made.append(" ".join(rng.choice(WORDS) if place in changes else word for place, word in enumerate(base)))
    return made


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_it_finds_what_near_duplicates_finds(seed: int) -> None:
    made = texts(seed, 24)
    likeness = Likeness()
    for number, text in enumerate(made[:-1]):
        likeness.add(number, Words(text))
    found = dict(likeness.found(Words(made[-1])))
    known = near_duplicates(made[-1], dict(enumerate(made[:-1])))
    # What is only just alike may be missed, as docs and module say; nothing else, and nothing is made up.
    assert {one for one, share in known.items() if share >= 0.5} <= found.keys()
    for one, share in found.items():
        assert abs(share - known.get(one, 1.0)) < 1e-9
        assert one in known or made[one].split() == made[-1].split()


def test_few_are_missed_at_the_edge() -> None:
    rng, missed, tried = Random(1), 0, 0
    for _turn in range(400):
        base = rng.choices(WORDS, k=80)
        other = base[:50] + rng.choices(WORDS, k=30)
        known = near_duplicates(" ".join(base), {0: " ".join(other)})
        if known:
            likeness = Likeness()
            likeness.add(0, Words(" ".join(other)))
            tried, missed = tried + 1, missed + (not likeness.found(Words(" ".join(base))))
    assert tried > 300
    assert missed <= tried * 0.01


def test_short_texts_are_compared_whole() -> None:
    likeness = Likeness()
    likeness.add("a", Words("Which `one`?"))
    assert likeness.found(Words("which **one**")) == [("a", 1.0)]
    assert likeness.found(Words("which two")) == []


def test_what_all_have_in_common_costs_little() -> None:
    likeness = Likeness()
    for number in range(3 * CROWD):
        likeness.add(number, Words("the same five words in all of them"))
    assert len(likeness.found(Words("the same five words in all of them"))) <= 21
    assert len(likeness) == 3 * CROWD
