"""True or false, ordering, matching, numeric, short text: what comes back, what is right, what is refused."""

from dataclasses import replace
from decimal import Decimal
from math import comb, factorial
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS, Shape, WrongChoice
from quizzes.engine.kinds.numeric import bounds, number_in
from quizzes.engine.scoring import MARKING

quick = settings(deadline=None, max_examples=150)
IDS = "abcdefghijkl"


def options(count: int, correct: str = IDS) -> tuple[Option, ...]:
    return tuple(Option(one, f"Text {one}", one in correct, f"Because {one}") for one in IDS[:count])


def ordering(count: int = 4) -> Content:
    return Content("ordering", "A stem", count, "shuffle", options(count))


def matching(prompts: int = 3, targets: int = 4, *, order: str = "shuffle") -> Content:
    named = [{"id": f"t{number}", "text": f"Target {number}"} for number in range(targets)]
    pairs = {one: f"t{number % targets}" for number, one in enumerate(IDS[:prompts])}
    extra = {"targets": named, "pairs": pairs}
    return Content("matching", "A stem", prompts, order, options(prompts), extra=extra)


def targets(*ids: str, text: str = "") -> dict[str, Any]:
    named = [{"id": one, "text": text or one} for one in ids]
    return {"targets": named, "pairs": {"a": ids[0], "b": ids[1]}}


def numeric(answer: str = "12.5", **more: Any) -> Content:
    return Content("numeric", "A stem", 1, "fixed", (), extra={"answer": answer, **more})


def short(*accepted: str, **more: Any) -> Content:
    return Content("short_text", "A stem", 1, "fixed", (), extra={"accepted": list(accepted), **more})


def true_false() -> Content:
    rows = (Option("true", "True", True, "It is."), Option("false", "False", False, "It is not."))
    return Content("true_false", "A statement", 1, "fixed", rows)


EXAMPLES = [true_false(), ordering(), matching(), numeric(), short("subnet")]


def shape_of(content: Content, seed: int = 1) -> Shape:
    kind = KINDS[content.kind]
    return Shape(content.choose, kind.shuffle(kind.parts(content), content.order, Random(seed)))


# What all of them promise


@pytest.mark.parametrize("content", EXAMPLES, ids=lambda one: one.kind)
def test_an_example_can_be_asked_and_survives_the_database(content: Content) -> None:
    assert KINDS[content.kind].flaws(content) == []
    assert Content.from_body(content.to_body()) == content


def test_what_is_empty_changes_no_digest() -> None:
    content = true_false()
    assert content.digest == replace(content, extra={}, scenario="").digest
    assert {"extra", "scenario"} & content.to_body().keys() == set()
    assert content.digest != replace(content, scenario="A company …").digest
    assert numeric("1").digest != numeric("2").digest


@pytest.mark.parametrize("content", EXAMPLES, ids=lambda one: one.kind)
def test_nothing_is_right_about_nothing(content: Content) -> None:
    kind, shape = KINDS[content.kind], shape_of(content)
    assert kind.read(shape, []) == kind.read(shape, [""]) == ()
    assert not kind.is_complete(shape, ())
    assert kind.show(shape, ()) == ()
    assert kind.summarise(content, ()) == ""
    assert not any(kind.classify(content, ()).values())
    assert {kind.grade(content, (), rule) for rule in MARKING} == {0}


@pytest.mark.parametrize("content", EXAMPLES, ids=lambda one: one.kind)
def test_what_may_be_seen_and_what_may_not_are_apart(content: Content) -> None:
    kind = KINDS[content.kind]
    with_scenario = replace(content, scenario="Shared")
    shown, key = kind.shown(with_scenario, str.upper), kind.key(content, str.upper)
    assert shown["stem"] == content.stem.upper()
    assert shown["scenario"] == "SHARED"
    assert set(shown) <= {"stem", "options", "unit", "scenario"}
    assert key["correct"]
    assert "BECAUSE" not in str(shown)


# Ordering


@st.composite
def placed(draw: st.DrawFn) -> tuple[Content, Shape, list[str]]:
    content = ordering(draw(st.integers(2, 8)))
    shape = shape_of(content, draw(st.integers(0, 99)))
    places = draw(st.permutations(range(1, content.choose + 1)))
    return content, shape, [f"{part}-{place}" for part, place in enumerate(places, 1)]


@quick
@given(placed())
def test_an_order_comes_back_as_it_went_and_only_the_right_one_is_right(
    given_order: tuple[Content, Shape, list[str]],
) -> None:
    content, shape, sent = given_order
    kind = KINDS["ordering"]
    choice = kind.read(shape, sent)
    assert list(kind.show(shape, choice)) == sent
    assert kind.read(shape, sent[::-1]) == choice
    assert kind.is_complete(shape, choice)
    order = sorted(shape.shown, key=lambda one: int(sent[shape.shown.index(one)].split("-")[1]))
    right = tuple(order) == content.option_ids
    assert kind.grade(content, choice, "all_or_nothing") == float(right)
    share = sum(one == two for one, two in zip(order, content.option_ids, strict=True)) / content.choose
    assert kind.grade(content, choice, "partial") == pytest.approx(share)
    assert kind.grade(content, choice, "negative") == (1 if right else -1 / (factorial(content.choose) - 1))


def test_two_at_the_same_place_are_kept_and_are_no_order() -> None:
    kind, content = KINDS["ordering"], ordering(3)
    shape = Shape(3, ("b", "a", "c"))
    choice = kind.read(shape, ["1-2", "2-2", "3-"])
    assert kind.show(shape, choice) == ("1-2", "2-2")
    assert not kind.is_complete(shape, choice)
    assert not kind.is_complete(shape, kind.read(shape, ["1-1", "2-1", "3-1"]))
    assert kind.grade(content, choice, "partial") == pytest.approx(1 / 3)
    assert kind.summarise(content, choice) == "2. Text a; 2. Text b"


def test_the_authors_order_is_nowhere_in_what_is_shown() -> None:
    rows = tuple(replace(one, id=name) for one, name in zip(options(4), ("z", "m", "a", "q"), strict=True))
    content = Content("ordering", "A stem", 4, "shuffle", rows)
    kind = KINDS["ordering"]
    assert kind.parts(content) == ("a", "m", "q", "z")
    assert list(kind.shown(content, str)["options"]) == ["a", "m", "q", "z"]
    assert kind.key(content, str)["correct"] == ["a>3", "m>2", "q>4", "z>1"]


@pytest.mark.parametrize("sent", ["1", "1-9", "0-1", "5-1", "-", "1-a", "a-1", "1--1", "1-1-1", "1-²", "1-1\x00"])
def test_a_place_that_is_not_there_is_refused(sent: str) -> None:
    shape = Shape(4, ("b", "a", "c", "d"))
    if sent == "-":
        assert KINDS["ordering"].read(shape, [sent]) == ()
        return
    with pytest.raises(WrongChoice):
        KINDS["ordering"].read(shape, [sent])


def test_one_part_has_one_place() -> None:
    with pytest.raises(WrongChoice, match="send one"):
        KINDS["ordering"].read(Shape(3, ("b", "a", "c")), ["1-1", "1-2"])


# Matching


@quick
@given(st.integers(2, 6), st.integers(2, 6), st.randoms(use_true_random=False))
def test_pairs_come_back_and_only_the_key_is_right(prompts: int, targets: int, rng: Random) -> None:
    content = matching(prompts, targets)
    kind, shape = KINDS["matching"], shape_of(content, rng.randrange(99))
    sent = [f"{one}-{rng.randint(1, targets)}" for one in range(1, prompts + 1)]
    choice = kind.read(shape, sent)
    assert list(kind.show(shape, choice)) == sent
    assert kind.is_complete(shape, choice)
    given_pairs = dict(pair.split(">") for pair in choice)
    hits = sum(given_pairs[one] == f"={content.extra['pairs'][one]}" for one in content.option_ids)
    assert kind.grade(content, choice, "partial") == pytest.approx(hits / prompts)
    assert kind.grade(content, choice, "all_or_nothing") == float(hits == prompts)
    blind = -1 / (targets**prompts - 1)
    assert kind.grade(content, choice, "negative") == pytest.approx(1 if hits == prompts else blind)
    assert sum(kind.classify(content, choice).values()) == hits
    assert kind.chances(shape) == (targets**prompts, 1)


def test_prompts_stay_where_the_order_is_fixed_and_targets_never_do() -> None:
    content = matching(3, 5, order="fixed")
    seen = {shape_of(content, seed).shown for seed in range(200)}
    assert {one[:3] for one in seen} == {("a", "b", "c")}
    assert len({one[3:] for one in seen}) > 60


def test_pairs_in_words() -> None:
    assert KINDS["matching"].summarise(matching(2, 2), ("a>=t1",)) == "Text a → Target 1"


# Typed


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12.5", "12.5"),
        (" 12.50 ", "12.50"),
        ("1,234.5", "1234.5"),
        ("1 234", "1234"),
        ("1\u202f234", "1234"),
        ("\u22125", "-5"),
        ("+3", "3"),
        ("1e3", "1000"),
        ("１２", "12"),
        ("1,5", None),
        ("12,34", None),
        ("1.2.3", None),
        ("", None),
        ("0x10", None),
        ("1+1", None),
        ("NaN", None),
        ("Infinity", None),
        ("1e999", None),
        ("٣", None),
        ("1_000", None),
        ("9" * 40, None),
    ],
)
def test_what_is_a_number(text: str, number: str | None) -> None:
    assert number_in(text) == (None if number is None else Decimal(number))


@quick
@given(
    st.decimals(-(10**6), 10**6, places=3),
    st.decimals(0, 100, places=3),
    st.booleans(),
    st.decimals(-(10**6), 10**6, places=3),
)
def test_a_number_is_right_within_its_bounds_and_nowhere_else(
    answer: Decimal, tolerance: Decimal, percent: bool, given_number: Decimal
) -> None:
    content = numeric(f"{answer:f}", tolerance=f"{tolerance:f}", percent=percent)
    kind = KINDS["numeric"]
    low, high = bounds(content)
    assert low <= answer <= high
    for number in (answer, low, high, given_number, high + Decimal("0.001")):
        right = low <= number <= high
        assert kind.grade(content, (f"{number:f}",), "all_or_nothing") == float(right)


def test_no_bound_is_rounded() -> None:
    long = "123456789012345678901234567890.5"
    content = numeric(long, tolerance="0.00000000000000000000000000001")
    kind = KINDS["numeric"]
    assert kind.grade(content, (long,), "partial") == 1
    assert kind.grade(content, (long + "0000000000000000000000000001",), "partial") == 1
    assert kind.grade(content, (long + "0000000000000000000000000002",), "partial") == 0


def test_a_unit_may_stand_behind_the_number_if_it_is_the_questions() -> None:
    kind, content = KINDS["numeric"], numeric("250", unit="ms")
    graded = {text: kind.grade(content, (text,), "partial") for text in ("250", "250 ms", "250MS", "250 s", "ms")}
    assert graded == {"250": 1.0, "250 ms": 1.0, "250MS": 1.0, "250 s": 0.0, "ms": 0.0}
    assert kind.shown(content, str)["unit"] == "ms"
    assert kind.key(content, str)["correct"] == ["250 ms"]
    assert KINDS["numeric"].key(numeric("10", tolerance="10", percent=True), str)["correct"] == ["9 – 11"]


@pytest.mark.parametrize(
    ("rules", "text", "right"),
    [
        ({}, "Route  table", 1.0),
        ({}, " route table ", 1.0),
        ({}, "routetable", 0.0),
        ({"case": True}, "Route table", 0.0),
        ({"case": True}, "route table", 1.0),
        ({"spaces": "exact"}, "route  table", 0.0),
        ({"spaces": "ignore"}, "routetable", 1.0),
        ({}, "ｒｏｕｔｅ table", 1.0),
        ({}, "route", 0.0),
    ],
)
def test_texts_are_compared_by_the_stated_rules(rules: dict[str, Any], text: str, right: float) -> None:
    assert KINDS["short_text"].grade(short("route table", "rtb", **rules), (text,), "all_or_nothing") == right


def test_a_pattern_is_a_text_like_any_other() -> None:
    assert KINDS["short_text"].grade(short(".*"), ("anything",), "all_or_nothing") == 0
    assert KINDS["short_text"].grade(short(".*"), (".*",), "all_or_nothing") == 1


@pytest.mark.parametrize("sent", [["a" * 201], ["a", "b"], ["a\x00b"], ["a\nb"], ["\ud83d"]])
def test_what_nobody_types_is_refused(sent: list[str]) -> None:
    with pytest.raises(WrongChoice):
        KINDS["short_text"].read(Shape(1, ()), sent)


def test_a_typed_answer_is_hardly_guessed() -> None:
    assert comb(*KINDS["numeric"].chances(Shape(1, ()))) == 10**9


# What is wrong with a content


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (replace(true_false(), order="shuffle"), "write fixed"),
        (replace(true_false(), options=options(2, "a")), "true and false"),
        (replace(ordering(), order="fixed"), "would show it"),
        (replace(ordering(), choose=3), "make the two agree"),
        (replace(ordering(), options=options(4, "abc")), "mark each as correct"),
        (replace(ordering(), options=options(1), choose=1), "2 to 12 steps"),
        (replace(matching(), extra={}), "2 to 12 targets"),
        (replace(matching(), extra=matching().extra | {"pairs": {"a": "t0", "b": "t1"}}), "prompt c has no target"),
        (
            replace(matching(2, 3), extra=matching(2, 3).extra | {"pairs": {"a": "t0", "b": "t1", "x": "t1"}}),
            "x is paired but is no prompt",
        ),
        (numeric("twelve"), "no number"),
        (numeric(tolerance="-1"), "from 0 up"),
        (replace(numeric(), extra={}), "no number"),
        (replace(numeric(), options=options(2, "a")), "remove the options"),
        (short(), "at least one"),
        (short("a", "A"), "remove one"),
        (short("a", spaces="none"), "one, exact, ignore"),
        (replace(short("a"), choose=2), "write 1"),
        (short("a\nb"), "in one line"),
        (short("a", pattern=".*"), "“pattern” has no use here"),
        (replace(short(), extra={"accepted": "abc"}), "a list of texts"),
        (replace(short(), extra={"accepted": ["a", None]}), "a list of texts"),
        (replace(true_false(), extra={"targets": []}), "has no use here: this kind knows nothing"),
        (numeric("5", unit="5 %"), "begins with a digit"),
        (numeric("5", percent="yes"), "true or false"),
        (
            replace(ordering(2), options=(Option("a>b", "A", True, "."), Option("b", "B", True, "."))),
            "digits and hyphens",
        ),
        (replace(matching(), extra=matching().extra | {"targets": ["s3"]}), "a list of id and text"),
        (replace(matching(), extra=matching().extra | {"targets": None}), "a list of id and text"),
        (replace(matching(), extra=matching().extra | {"pairs": []}), "the id of its target"),
        (replace(matching(2, 2), extra=targets("=x", "y")), "digits and hyphens"),
        (replace(matching(2, 2), extra=targets("x", "y", text="Same")), "read the same"),
        (replace(matching(2, 2), extra=targets("x", "y", text=" ")), "has no text"),
    ],
)
def test_a_flaw_is_named_with_what_to_do(content: Content, said: str) -> None:
    assert any(said in flaw for flaw in KINDS[content.kind].flaws(content)), KINDS[content.kind].flaws(content)
