"""Question kinds: choices travel as shown positions and come back the same, and the dice are fair."""

from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS, Shape, WrongChoice

quick = settings(deadline=None, max_examples=100)

IDS = "abcdefghijkl"


def content(
    options: int = 4, correct: str = "b", *, choose: int | None = None, order: str = "shuffle", kind: str = ""
) -> Content:
    """A question whose right options are those named."""
    rows = tuple(Option(one, f"Text {one}", one in correct, f"Because {one}") for one in IDS[:options])
    number = len(correct) if choose is None else choose
    name = kind or ("multiple_choice" if number == 1 else "multiple_response")
    return Content(name, "A stem", number, order, rows)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """A question as it stands before a learner."""
    size = draw(st.integers(2, 12))
    shown = draw(st.permutations(IDS[:size]))
    return Shape(draw(st.integers(1, size)), tuple(shown))


@st.composite
def choices(draw: st.DrawFn) -> tuple[Shape, tuple[str, ...]]:
    """A shape and a choice that it can take, in shown order."""
    shape = draw(shapes())
    ids = draw(st.sets(st.sampled_from(shape.shown), max_size=shape.choose))
    return shape, tuple(one for one in shape.shown if one in ids)


# There and back


@quick
@given(st.sampled_from(sorted(name for name, kind in KINDS.items() if kind.has_options)), choices())
def test_a_choice_comes_back_as_it_went(name: str, given_choice: tuple[Shape, tuple[str, ...]]) -> None:
    shape, choice = given_choice
    kind = KINDS[name]
    shown = kind.show(shape, choice)
    assert kind.read(shape, [str(position) for position in shown]) == choice
    assert kind.read(shape, [str(position) for position in reversed(shown)] * 2) == choice
    assert kind.is_complete(shape, choice) is (len(choice) == shape.choose)


def test_nothing_and_empty_values_are_no_choice() -> None:
    shape = Shape(1, ("c", "a", "b"))
    assert [KINDS["multiple_choice"].read(shape, sent) for sent in ([], [""], ["", ""])] == [(), (), ()]


def test_positions_are_those_of_the_shown_order() -> None:
    shape = Shape(2, ("c", "a", "b"))
    assert KINDS["multiple_response"].read(shape, ["3", "1"]) == ("c", "b")
    assert KINDS["multiple_response"].show(shape, ["b", "c"]) == (1, 3)
    assert KINDS["multiple_response"].show(shape, ["gone"]) == ()


@pytest.mark.parametrize(
    "value", ["0", "5", "-1", "+1", "1.0", "1 ", "a", "b", "999", "1e0", "٣", "²", "\x00", "1\x00", "9" * 5000]
)
def test_an_option_that_is_not_there_is_refused(value: str) -> None:
    with pytest.raises(WrongChoice) as refusal:
        KINDS["multiple_choice"].read(Shape(1, ("c", "a", "b", "d")), [value])
    assert "1 to 4" in str(refusal.value)
    assert len(str(refusal.value)) < 200


def test_more_than_asked_for_is_refused_fewer_is_taken() -> None:
    kind = KINDS["multiple_response"]
    shape = Shape(2, ("c", "a", "b", "d", "e"))
    with pytest.raises(WrongChoice) as refusal:
        kind.read(shape, ["1", "2", "3"])
    assert str(refusal.value) == "Choose at most 2; 3 were sent."
    assert kind.read(shape, ["4"]) == ("d",)
    assert not kind.is_complete(shape, ("d",))


# Grading and words


def test_all_or_nothing_by_the_key() -> None:
    question = content(5, "be")
    kind = KINDS["multiple_response"]
    graded = {choice: kind.grade(question, choice, "all_or_nothing") for choice in ("be", "eb", "b", "bc", "bce", "")}
    assert graded == {"be": 1.0, "eb": 1.0, "b": 0.0, "bc": 0.0, "bce": 0.0, "": 0.0}


def test_a_response_in_words_and_in_classes() -> None:
    question = content(4, "b")
    kind = KINDS["multiple_choice"]
    assert kind.summarise(question, ("c",)) == "Text c"
    assert kind.summarise(question, ()) == ""
    assert kind.classify(question, ("c",)) == {"a": False, "b": False, "c": True, "d": False}


@pytest.mark.parametrize(
    ("question", "kind", "said"),
    [
        (content(4, "b"), "multiple_choice", []),
        (content(5, "be"), "multiple_response", []),
        (content(4, "bc", kind="multiple_choice"), "multiple_choice", ["use multiple_response"]),
        (content(4, "b", kind="multiple_response"), "multiple_response", ["use multiple_choice"]),
        (content(4, "", choose=1), "multiple_choice", ["the key is missing"]),
        (content(4, "b", choose=2), "multiple_response", ["make the two agree"]),
        (content(2, "ab"), "multiple_response", ["add a wrong one"]),
        (content(1, "a"), "multiple_choice", ["2 to 12 options"]),
        (content(4, "b", order="random"), "multiple_choice", ["write shuffle or fixed"]),
    ],
)
def test_flaws_say_what_to_do(question: Content, kind: str, said: list[str]) -> None:
    flaws = KINDS[kind].flaws(question)
    assert [any(words in flaw for flaw in flaws) for words in said] == [True] * len(said)
    assert len(flaws) == len(said)


# Dice


def test_a_fixed_order_stays() -> None:
    assert KINDS["multiple_choice"].shuffle(IDS[:4], "fixed", Random(1)) == ("a", "b", "c", "d")


def test_the_shuffle_is_decided_by_the_dice_alone() -> None:
    kind = KINDS["multiple_choice"]
    assert kind.shuffle(IDS[:6], "shuffle", Random(5)) == kind.shuffle(IDS[:6], "shuffle", Random(5))


def test_every_order_is_equally_likely() -> None:
    """Chi-squared over the 24 orders of four options, 10,000 draws: 23 degrees of freedom, 0.1 % point 49.7."""
    rng = Random(20261123)
    counts = dict.fromkeys(permutations("abcd"), 0)
    for _ in range(10_000):
        counts[KINDS["multiple_choice"].shuffle("abcd", "shuffle", rng)] += 1
    expected = 10_000 / 24
    assert sum((count - expected) ** 2 / expected for count in counts.values()) < 49.73


def test_every_option_stands_everywhere_equally_often() -> None:
    """Option by place, 10,000 draws of five: 16 degrees of freedom, 0.1 % point 39.3."""
    rng = Random(20261123)
    counts = {(option, place): 0 for option in "abcde" for place in range(5)}
    for _ in range(10_000):
        for place, option in enumerate(KINDS["multiple_response"].shuffle("abcde", "shuffle", rng)):
            counts[option, place] += 1
    assert sum((count - 2000) ** 2 / 2000 for count in counts.values()) < 39.25
