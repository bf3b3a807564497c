"""The file of exams and mock exams: what a mistake in it says."""

import pytest

from quizzes.formats.exams import parse_exams
from quizzes.formats.native import FormatErrors, Problem
from tests.sources import ROOT

GOOD = """\
exams:
  - code: SAP-C09
    title: An exam
    starts_on: 2026-11-17
    ends_on: null
    provisional: true
    note: null
    placed_by: domain
    domains:
      - {number: 1, name: First, short: F, weight: 60}
      - {number: 2, name: Second, weight: 40}
    sources:
      - title: Guide
        url: https://aws.amazon.com/guide
presets:
  - slug: short
    title: Short mock
    summary: Ten questions.
    exam: SAP-C09
    scored: 10
    unscored: 0
    minutes: 24
"""


def problems(text: str) -> list[Problem]:
    """What is wrong with a text."""
    with pytest.raises(FormatErrors) as caught:
        parse_exams(text)
    return caught.value.problems


def test_a_good_file_is_read() -> None:
    exams, presets = parse_exams(GOOD)
    assert [(one["code"], [domain["weight"] for domain in one["domains"]]) for one in exams] == [("SAP-C09", [60, 40])]
    assert [(one["slug"], one["scored"], one["minutes"]) for one in presets] == [("short", 10, 24)]


def test_the_real_file_is_read() -> None:
    exams, presets = parse_exams((ROOT / "quizzes" / "bank" / "exams.yaml").read_text())
    assert {one["slug"] for one in presets} == {"sap-c03", "sap-c02", "short-mock"}
    assert {one["exam"] for one in presets} == {one["code"] for one in exams}


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("code: SAP-C09", "code: SAP C09", "code: letters, digits and hyphens"),
        ("title: An exam", "title:", "title: write its name"),
        ("starts_on: 2026-11-17", "starts_on: soon", "starts_on: a date such as"),
        ("starts_on: 2026-11-17", "starts_on: 2026-11-31", "this value cannot be read"),
        ("ends_on: null", "ends_on: 3", "ends_on: a date such as 2026-11-16, or null"),
        ("provisional: true", "provisional: maybe", "provisional: true or false"),
        ("note: null", "note: 3", "note: text, or null"),
        ("placed_by: domain", "placed_by: level", "placed_by: domain (of SAP-C03) or task (of SAP-C02)"),
        ("name: Second, weight: 40", "weight: 40", "the key “name” is missing"),
        ("name: Second, weight: 40", "name: Second, weight: many", "weight: its share in percent, above 0"),
        ("name: Second, weight: 40", "name: Second, weight: 40, color: red", "unknown key “color”"),
        ("number: 2", "number: 1", "domain 1 stands twice"),
        ("number: 2", "number: two", "number: a number from 1 on"),
        ("url: https://aws", "url: http://aws", "sources: a list of title and https url"),
        ("slug: short", "slug: Short Mock", "slug: lower-case letters"),
        ("summary: Ten questions.", "summary: [1]", "summary: write a sentence"),
        ("exam: SAP-C09", "exam: SAP-C10", "no exam “SAP-C10” stands above"),
        ("scored: 10", "scored: 0", "scored: 1 to 300"),
        ("scored: 10", 'scored: "10"', "scored: 1 to 300"),
        ("unscored: 0", "unscored: -1", "unscored: 0 to 300"),
        ("minutes: 24", "minutes: long", "minutes: 1 to 1000"),
        ("minutes: 24", "minutes: 24\n    hours: 1", "unknown key “hours”"),
        ("    minutes: 24\n", "", "the key “minutes” is missing"),
        ("title: Short mock", "title: A\n    title: B", "“title” stands twice"),
    ],
)
def test_a_mistake_is_named_with_its_line(old: str, new: str, part: str) -> None:
    assert GOOD.count(old) == 1
    text = GOOD.replace(old, new)
    first = problems(text)[0]
    place = GOOD[: GOOD.index(old)].count("\n") + 1 + new.count("\n")
    if not new:
        place = GOOD[: GOOD.index("- slug")].count("\n") + 1
    if "https" in part:
        place = GOOD[: GOOD.index("sources:")].count("\n") + 1
    assert (first.line, first.code, part in first.message) == (place, "", True), first


def test_weights_make_a_whole() -> None:
    (one,) = problems(GOOD.replace("weight: 60", "weight: 50"))
    assert (one.line, one.message) == (9, "the weights of the domains do not sum to 100: correct them")


def test_two_of_a_name_are_refused() -> None:
    preset = GOOD[GOOD.index("  - slug") :]
    (one,) = problems(GOOD + preset)
    assert (one.line, one.message) == (23, "slug “short” stands twice: give each its own")
    exam = GOOD[GOOD.index("  - code") : GOOD.index("presets:")]
    (one,) = problems(GOOD.replace("presets:", exam + "presets:"))
    assert (one.line, one.message) == (15, "code “SAP-C09” stands twice: give each its own")


@pytest.mark.parametrize(
    "text", ["", "exams: []\n", "exams:\npresets:\n", "- a\n", "exams: []\npresets: []\nmore: 1\n"]
)
def test_a_file_of_another_shape_is_refused(text: str) -> None:
    assert problems(text) == [Problem(1, "", "exams.yaml holds “exams:” and “presets:”, both lists")]


def test_an_entry_is_a_mapping() -> None:
    (one,) = problems("exams: []\npresets:\n  - short\n")
    assert (one.line, one.message.startswith("an entry is a mapping of slug, title")) == (2, True)


def test_a_domain_is_a_mapping() -> None:
    text = GOOD.replace("- {number: 2, name: Second, weight: 40}", "- Second")
    assert [(one.line, one.message) for one in problems(text)] == [
        (9, "a domain is a mapping of number, name and weight")
    ]
