"""The standard of the course's bank, and what a candidate who knows nothing gets."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from quizzes.engine.writing import BankReport, Item, ItemOption
from quizzes.engine.writing.baselines import baselines, managed_words
from quizzes.engine.writing.standard import Coverage, check_standard

WORDS = ["apple", "bread", "cloud", "drum", "eagle", "flame", "grape", "honey"]


def item(number: int, **more: Any) -> Item:
    """A question whose key is its option number ``number`` modulo 4; all options are alike in length."""
    options = tuple(
        ItemOption(letter, f"{WORDS[(number + place) % 8]} {letter} stands there", place == number % 4, "-", None, None)
        for place, letter in enumerate("abcd")
    )
    values: dict[str, Any] = {
        "id": f"q{number}",
        "kind": "multiple_choice",
        "stem": "Which one?",
        "options": options,
        "choose": 1,
        "level": "analyze",
        "task": "1.1",
        "domain": 1,
        "verified_on": date(2026, 11, 23),
        "topics": (f"topic-{number % 100}",),
        "flags": frozenset({"new-in-c03"} if number < 45 else {"then-now"} if number < 85 else ()),
        "contrast": frozenset({f"q{number ^ 1}"} if number < 40 else ()),
    }
    return Item(**values | more)


BANK = [item(number) for number in range(400)]
TOPICS = Coverage({f"topic-{number}": f"lesson-{number % 40}" for number in range(100)})
READ = {f"q{number}": {"readers": "2", "agree": "2"} for number in range(400)}


def failing(report: BankReport) -> list[str]:
    """The figures that are outside."""
    return [figure.name for figure in report.figures if figure.passed is False]


def judged(bank: Sequence[Item] = BANK, coverage: Coverage = TOPICS, read: dict[str, Any] = READ) -> list[str]:
    """What fails of a bank."""
    return failing(check_standard(bank, coverage, read))


def test_a_bank_that_meets_it_has_no_findings() -> None:
    report = check_standard(BANK, TOPICS, READ)
    assert failing(report) == []
    assert report.findings == []


@pytest.mark.parametrize(
    ("change", "figure"),
    [
        (lambda: judged(BANK[:399]), "questions"),
        (lambda: judged([replace(one, flags=frozenset()) for one in BANK]), "flag new-in-c03"),
        (lambda: judged([replace(one, contrast=frozenset()) for one in BANK]), "contrast pairs"),
        (lambda: judged(coverage=Coverage({**TOPICS.lessons, "new": "lesson-1"})), "fewest questions of a topic"),
        (lambda: judged(coverage=Coverage(dict(TOPICS.lessons, **{"topic-1": "x"}))), "fewest questions of a lesson"),
        (lambda: judged(read={**READ, "q7": {"readers": "1", "agree": "1"}}), "fewest blind readers of a question"),
        (lambda: judged(read={**READ, "q7": {}}), "fewest blind readers of a question"),
        (lambda: judged(read={**READ, "q7": {"readers": "2", "agree": "0"}}), "questions no reader agreed with"),
        (
            lambda: judged(read={f"q{n}": {"readers": "2", "agree": "2" if n > 50 else "1"} for n in range(400)}),
            "agreement of blind readings with the key",
        ),
    ],
)
def test_each_lack_is_found(change: Any, figure: str) -> None:
    assert figure in change()


def test_agreement_of_ninety_five_in_a_hundred_is_enough() -> None:
    read = {f"q{n}": {"readers": "2", "agree": "2" if n >= 40 else "1"} for n in range(400)}
    assert judged(read=read) == []


def test_a_contrast_pair_is_counted_once() -> None:
    figures = {figure.name: figure.value for figure in check_standard(BANK, TOPICS, READ).figures}
    assert figures["contrast pairs"] == 20


def with_key(number: int, key: str, others: str) -> Item:
    """A question with these texts."""
    options = tuple(
        ItemOption(letter, key if letter == "a" else f"{others} {letter}", letter == "a", "-", None, None)
        for letter in "abcd"
    )
    return item(number, options=options)


@pytest.mark.parametrize(
    ("name", "key", "others"),
    [
        ("longest option", "a much longer option than all of the other ones", "short"),
        ("most words of the stem", "which one", "nothing of it"),
        (
            "most managed option",
            "a managed, serverless service does it automatically",
            "own scripts on instances do it",
        ),
    ],
)
def test_each_strategy_is_caught(name: str, key: str, others: str) -> None:
    found = {one.name: one for one in baselines([with_key(number, key, others) for number in range(20)])}
    assert (found[name].rate, found[name].chance, found[name].passed) == (1.0, 0.25, False)


def test_of_equal_options_the_strategy_takes_any() -> None:
    found = {one.name: one for one in baselines(BANK)}
    assert found["longest option"].rate == pytest.approx(0.25)
    assert all(one.passed for one in found.values())


def test_no_single_key_no_baseline() -> None:
    assert baselines([]) == []


def test_what_is_managed_counts_against_what_is_done_by_hand() -> None:
    assert managed_words("AWS Lambda and AWS Fargate, managed") == 3
    assert managed_words("Scripts on Amazon EC2 instances") == -3
