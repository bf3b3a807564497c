"""Kinds with data of their own, and scenarios, in bank files."""

import pytest

from quizzes.formats.native import parse_bank
from tests.formats.test_native import problems

ORDERING = """\
scenarios:
  - id: retailer
    text: |
      A retailer runs its shop in two Regions.
questions:
  - id: failover-steps
    status: published
    kind: ordering
    scenario: retailer
    task: "2.4"
    domain: 4
    topics: [nat-gateways]
    level: apply
    difficulty: 3
    stem: Put the steps of a failover in order.
    constraints: []
    choose: 2
    order: shuffle
    options:
      - {id: stop, text: Stop the writes., correct: true, rationale: First nothing may change.}
      - {id: promote, text: Promote the replica., correct: true, rationale: Then it can take over.}
    references: [nat-gateways^nat-zonal-az]
    sources: [{title: NAT gateway basics, url: "https://docs.aws.amazon.com/nat"}]
    verified_on: 2026-11-23
  - id: how-many
    status: published
    kind: numeric
    scenario: retailer
    extra: {answer: 4, tolerance: 0.5, percent: false, unit: GB}
    task: "2.4"
    domain: 4
    topics: [nat-gateways]
    level: apply
    difficulty: 3
    stem: How much is it?
    constraints: []
    choose: 1
    order: fixed
    options: []
    references: [nat-gateways^nat-zonal-az]
    sources: [{title: NAT gateway basics, url: "https://docs.aws.amazon.com/nat"}]
    verified_on: 2026-11-23
"""


def test_a_scenario_is_copied_into_the_questions_that_share_it() -> None:
    steps, number = parse_bank(ORDERING)
    assert {one.scenario for one in (steps, number)} == {"retailer"}
    assert {one.content.scenario for one in (steps, number)} == {"A retailer runs its shop in two Regions."}
    assert steps.content.option_ids == ("stop", "promote")
    other = parse_bank(ORDERING.replace("two Regions", "three Regions"))[0]
    assert other.content.digest != steps.content.digest
    assert other.attributes_digest == steps.attributes_digest


def test_what_was_left_empty_is_absent() -> None:
    number = parse_bank(ORDERING.replace("unit: GB}", "unit: }"))[1].content
    assert "unit" not in number.extra


def test_the_wrong_one_of_true_and_false_needs_no_family() -> None:
    start, end = ORDERING.index("    options:\n"), ORDERING.index("    references:")
    rows = (
        "    options:\n      - {id: 'true', text: 'True', correct: true, rationale: It is.}\n"
        "      - {id: 'false', text: 'False', correct: false, rationale: It is not.}\n"
    )
    text = (ORDERING[:start] + rows + ORDERING[end:]).replace("kind: ordering", "kind: true_false")
    text = text.replace("choose: 2\n    order: shuffle", "choose: 1\n    order: fixed")
    statement = parse_bank(text)[0]
    assert (statement.content.kind, statement.flaws) == ("true_false", ())


def test_numbers_stay_what_was_written() -> None:
    number = parse_bank(ORDERING)[1].content
    assert number.extra == {"answer": "4", "tolerance": "0.5", "percent": False, "unit": "GB"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scenario: retailer\n    extra", "scenario: retailler\n    extra", "do you mean “retailer”"),
        ("  - id: retailer", "  - id: Retailer", "lower-case letters"),
        ("    text: |\n      A retailer", "    texts: |\n      A retailer", "a list of id and text"),
        ("extra: {answer: 4, tolerance", "extra: {answer: four, tolerance", "no number"),
        ("extra: {answer: 4", "extra: [answer, {answer: 4", "mapping"),
    ],
)
def test_what_is_wrong_with_them_is_said(old: str, new: str, said: str) -> None:
    assert ORDERING.count(old) == 1
    text = ORDERING.replace(old, new)
    if "[answer" in new:
        text = text.replace("unit: GB}", "unit: GB}]")
    assert any(said in one.message for one in problems(text)), problems(text)
