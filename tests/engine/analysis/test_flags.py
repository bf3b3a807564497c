"""What is told to authors, and when it goes."""

from dataclasses import replace
from typing import Any

import pytest

from quizzes.engine.analysis import Flag, Item, OptionRow, Thresholds, Trust, flags_of, trust
from quizzes.engine.analysis.flags import may_be_promoted


def option(name: str, *, right: bool = False, share: float = 0.2, upper: float = 0.2, r: float = -0.1) -> OptionRow:
    """One option of a hundred answers."""
    return OptionRow(name, right, round(100 * share), share, upper, share, r)


GOOD = Item(
    code="q", counted=True, n=100, omitted=0, not_reached=0, facility=0.6, sd=0.5, r=0.3, efficiency=0.4, d=0.4,
    covariance=0.1, intended_weight=0.1, effective_weight=0.1, floor=0.25, quartiles=(40.0, 60.0, 90.0), timed=100,
    options=(option("a", right=True, share=0.6, upper=0.9, r=0.3), option("b"), option("c", upper=0.1)),
)  # fmt: skip


def raised(**changes: Any) -> list[Flag]:
    """The flags of the good question with something changed."""
    return [one.flag for one in flags_of(replace(GOOD, **changes), usual_seconds=60)]


def test_a_good_question_has_none() -> None:
    assert raised() == []
    assert may_be_promoted(GOOD) == []


@pytest.mark.parametrize(
    ("changes", "flag"),
    [
        ({"facility": 0.96}, Flag.TOO_EASY),
        ({"facility": 0.19}, Flag.TOO_HARD),
        ({"facility": 0.24}, Flag.TOO_HARD),
        ({"r": 0.149}, Flag.NOT_TELLING),
        ({"quartiles": (100.0, 151.0, 200.0)}, Flag.TOO_SLOW),
        ({"options": (*GOOD.options[:2], option("c", share=0.049))}, Flag.DEAD_DISTRACTOR),
        ({"options": (option("a", right=True, share=0.5, upper=0.3), option("b", upper=0.31))}, Flag.WRONG_KEY),
        ({"options": (option("a", right=True, share=0.5, upper=0.3, r=-0.01), option("b"))}, Flag.WRONG_KEY),
    ],
)
def test_each_has_its_threshold(changes: dict[str, Any], flag: Flag) -> None:
    assert raised(**changes) == [flag]
    assert raised(**changes, n=29) == []


def test_the_evidence_names_the_option_that_beats_the_key() -> None:
    options = (option("a", right=True, share=0.3, upper=0.2, r=-0.2), option("b", share=0.6, upper=0.8, r=0.35))
    (found,) = flags_of(replace(GOOD, options=options))
    assert (found.flag, found.options) == (Flag.WRONG_KEY, ("b",))
    assert found.figures == (("r of a", -0.2), ("r of b", 0.35))


def test_of_several_keys_the_weakest_counts() -> None:
    options = (option("a", right=True, upper=0.9), option("b", right=True, upper=0.3, r=0.1), option("c", upper=0.4))
    assert raised(options=options) == [Flag.WRONG_KEY]


def test_challenges_need_no_attempts() -> None:
    found = flags_of(replace(GOOD, n=0), challenges=3)
    assert [(one.flag, one.figures) for one in found] == [(Flag.CHALLENGED, (("challenges", 3.0),))]
    assert flags_of(GOOD, challenges=2) == []


def test_thresholds_can_be_others() -> None:
    assert [one.flag for one in flags_of(GOOD, limits=Thresholds(telling=0.5))] == [Flag.NOT_TELLING]


@pytest.mark.parametrize(
    ("changes", "lacking"),
    [
        ({"n": 49}, ["n"]),
        ({"facility": 0.951}, ["facility"]),
        ({"facility": None, "r": None}, ["facility", "r"]),
        ({"options": (*GOOD.options, option("d", share=0.04))}, ["dead_distractor"]),
    ],
)
def test_what_a_pilot_lacks(changes: dict[str, Any], lacking: list[str]) -> None:
    assert may_be_promoted(replace(GOOD, **changes)) == lacking


def test_trust_by_the_number_of_attempts() -> None:
    assert [trust(n) for n in (0, 29, 30, 99, 100)] == [Trust.NONE, Trust.NONE, Trust.WEAK, Trust.WEAK, Trust.FAIR]
