"""The bank's own format: every rule of docs/authoring.md with a file that breaks it, and what makes a version."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from quizzes.engine.content import Content, Option
from quizzes.formats.native import REQUIRED, BankQuestion, FormatErrors, Problem, parse_bank
from tests.sources import ROOT

GOOD = """\
questions:
  - id: nat-zonal
    status: published
    kind: multiple_choice
    task: "2.4"
    domain: 4
    topics: [nat-gateways, building-a-vpc]
    level: analyze
    difficulty: 3
    stem: |
      The company must keep outbound access when a zone fails.

      Which solution has the LEAST operational overhead?
    constraints:
      - id: zone
        text: keep outbound access when a zone fails
      - id: overhead
        text: LEAST operational overhead
    choose: 1
    order: shuffle
    options:
      - id: a
        text: A gateway in each zone.
        correct: true
        rationale: Each zone stands alone.
      - id: b
        text: An instance in each zone.
        correct: false
        rationale: It has to be patched.
        breaks: overhead
        family: qualifier
      - id: c
        text: A gateway that moves.
        correct: false
        rationale: None does.
        breaks: false_mechanism
        family: no_such_mechanism
    references: [nat-gateways^nat-zonal-az]
    sources:
      - title: NAT gateway basics
        url: https://docs.aws.amazon.com/nat
    verified_on: 2026-11-23
    enemies: [nat-other]
    contrast: [nat-other]
    flags: [then-now]
    reviewed: {date: 2026-11-23, agree: true, readers: 2}
"""
SECOND = GOOD.removeprefix("questions:\n").replace("id: nat-zonal\n", "id: nat-second\n")


def problems(text: str) -> list[Problem]:
    """What is wrong with a text."""
    with pytest.raises(FormatErrors) as caught:
        parse_bank(text)
    return caught.value.problems


def changed(old: str, new: str) -> str:
    """The good file with one place changed."""
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


def line_of(text: str, mark: str) -> int:
    """The line in which the mark stands for the first time."""
    return text[: text.index(mark)].count("\n") + 1


def test_a_good_file_is_read() -> None:
    (one,) = parse_bank(GOOD)
    options = (
        Option("a", "A gateway in each zone.", True, "Each zone stands alone."),
        Option("b", "An instance in each zone.", False, "It has to be patched."),
        Option("c", "A gateway that moves.", False, "None does."),
    )
    stem = (
        "The company must keep outbound access when a zone fails.\n\nWhich solution has the LEAST operational overhead?"
    )
    assert one == BankQuestion(
        code="nat-zonal",
        line=2,
        status="published",
        content=Content("multiple_choice", stem, 1, "shuffle", options),
        task="2.4",
        domain=4,
        topics=("nat-gateways", "building-a-vpc"),
        level="analyze",
        difficulty=3,
        constraints=(
            ("zone", "keep outbound access when a zone fails"),
            ("overhead", "LEAST operational overhead"),
        ),
        flaws=(("b", "overhead", "qualifier"), ("c", "false_mechanism", "no_such_mechanism")),
        references=(("nat-gateways", "nat-zonal-az"),),
        sources=(("NAT gateway basics", "https://docs.aws.amazon.com/nat"),),
        verified_on=date(2026, 11, 23),
        enemies=("nat-other",),
        contrast=("nat-other",),
        flags=("then-now",),
        reviewed=(("date", "2026-11-23"), ("agree", "True"), ("readers", "2")),
    )
    assert [one.line_of("id"), one.line_of("references"), one.line_of("nothing")] == [2, 38, 2]


def test_what_may_be_left_out() -> None:
    optional = ("    enemies:", "    contrast:", "    flags:", "    reviewed:")
    text = "".join(line for line in GOOD.splitlines(keepends=True) if not line.startswith(optional))
    (one,) = parse_bank(text)
    assert (one.enemies, one.contrast, one.flags, one.reviewed) == ((), (), (), ())
    empty = changed("reviewed: {date: 2026-11-23, agree: true, readers: 2}", "reviewed:")
    assert parse_bank(empty)[0].reviewed == ()


WRONG: dict[str, tuple[str, str, str, str]] = {
    # name: (text in the good file, what stands there instead, where the mistake is seen, part of what is said)
    "yaml": ("building-a-vpc]", "building-a-vpc", "    level:", "not valid YAML"),
    "tab": ("    level: analyze", "\tlevel: analyze", "\tlevel", "not valid YAML"),
    "control character": ("Each zone stands", "Each \x07 stands", "Each \x07", "not valid YAML"),
    "no such day": ("verified_on: 2026-11-23", "verified_on: 2026-13-01", "verified_on", "cannot be read"),
    "doubled key": ("    level: analyze\n", "    level: analyze\n    task: x\n", "    task: x", "“task” stands twice"),
    "doubled key below": ("title: NAT", "url: x\n        title: NAT", "url: https", "“url” stands twice"),
    "key that is no text": ("    level: analyze", "    level: analyze\n    3: x", "    3: x", "put it in quotes"),
    "unknown key": ("    level:", "    levels:", "    levels:", "unknown key “levels”: do you mean “level”?"),
    "unknown key, far": ("    level:", "    zzz: 1\n    level:", "    zzz", "unknown key “zzz”: remove it"),
    "id": ("id: nat-zonal\n", "id: Nat Zonal\n", "id: Nat", "lower-case letters"),
    "id of a number": ("id: nat-zonal\n", "id: 7\n", "id: 7", "lower-case letters"),
    "id too long": ("id: nat-zonal\n", f"id: {'n' * 101}\n", "id: nn", "at most 100"),
    "status": ("status: published", "status: ready", "status", "one of draft, pilot, published, retired"),
    "kind": ("kind: multiple_choice", "kind: essay", "kind", "one of multiple_choice, multiple_response"),
    "kind of a list": ("kind: multiple_choice", "kind: [multiple_choice]", "kind", "one of multiple_choice"),
    "task": ('task: "2.4"', 'task: "2.7"', "task", "an SAP-C02 task in quotes"),
    "task without quotes": ('task: "2.4"', "task: 2.4", "task", "an SAP-C02 task in quotes"),
    "task of a list": ('task: "2.4"', 'task: ["2.4"]', "task", "an SAP-C02 task in quotes"),
    "domain 0": ("domain: 4", "domain: 0", "domain", "1 to 5"),
    "domain 6": ("domain: 4", "domain: 6", "domain", "1 to 5"),
    "domain of text": ("domain: 4", 'domain: "4"', "domain", "1 to 5"),
    "domain true": ("domain: 4", "domain: true", "domain", "1 to 5"),
    "no topics": ("topics: [nat-gateways, building-a-vpc]", "topics: []", "topics", "the home topic first"),
    "topics of text": ("topics: [nat-gateways, building-a-vpc]", "topics: nat", "topics", "a list of topics"),
    "topic twice": ("building-a-vpc]", "nat-gateways]", "topics", "“nat-gateways” stands twice"),
    "level": ("level: analyze", "level: analyse", "level", "one of remember, understand, apply, analyze, evaluate"),
    "difficulty": ("difficulty: 3", "difficulty: 6", "difficulty", "1 to 5"),
    "stem": ("    stem: |\n", "    stem:\n    flaw: |\n", "    flaw", "unknown key “flaw”"),
    "constraints": ("      - id: zone\n        text:", "      - id: zone\n        says:", "constraints", "id and text"),
    "constraint not in the stem": (
        "text: keep outbound access when a zone fails",
        "text: keep inbound access when a zone fails",
        "text: keep inbound",
        "the text of constraint “zone” occurs 0 times in the stem, not once",
    ),
    "constraint twice in the stem": (
        "text: LEAST operational overhead",
        "text: e",
        "text: e",
        "the text of constraint “overhead” occurs 10 times in the stem, not once",
    ),
    "constraint id taken": ("- id: overhead", "- id: zone", "- id: zone\n        text: LEAST", "“zone” is taken"),
    "constraint id reserved": ("- id: overhead", "- id: false_mechanism", "- id: false", "“false_mechanism” is taken"),
    "choose of text": ("choose: 1", 'choose: "1"', "choose", "the number of right options"),
    "choose 0": ("choose: 1", "choose: 0", "choose", "the number of right options"),
    "choose more than are right": ("choose: 1", "choose: 2", "options", "1 options are marked correct"),
    "order": ("order: shuffle", "order: random", "order", "shuffle or fixed"),
    "option id twice": ("- id: b", "- id: a", "- id: a\n        text: An", "another option has the id “a” already"),
    "option without an id": ("- id: b", "- flaw: b", "- flaw: b", "the option’s “id” is missing"),
    "option without words": (
        "text: An instance in each zone.",
        'text: " "',
        "- id: b",
        "“text” is missing or not text",
    ),
    "option neither": ("correct: true", 'correct: "yes"', "- id: a", "“correct” is missing or not true or false"),
    "option without why": ("rationale: None does.", "rationale:", "- id: c", "“rationale” is missing"),
    "option with more": ("text: A gateway in", "hint: x\n        text: A gateway in", "- id: a", "unknown key “hint”"),
    "key that breaks": ("stands alone.", "stands alone.\n        breaks: zone", "- id: a", "unknown key “breaks”"),
    "breaks nothing known": ("breaks: overhead", "breaks: cost", "breaks: cost", "breaks: one of overhead, zone"),
    "breaks a list": (
        "breaks: overhead",
        "breaks: [overhead]",
        "breaks: [",
        "breaks: one of overhead, zone, false_mech",
    ),
    "no breaks": ("        breaks: overhead\n", "", "- id: b", "breaks: one of"),
    "family": ("family: qualifier", "family: wrong", "family: wrong", "family: one of qualifier, scope, outdated"),
    "no family": ("        family: qualifier\n", "", "- id: b", "family: one of"),
    "no reference": ("[nat-gateways^nat-zonal-az]", "[]", "references", "a list of topic^anchor, at least one"),
    "half a reference": ("[nat-gateways^nat-zonal-az]", "[nat-gateways]", "references", "a list of topic^anchor"),
    "reference twice": ("nat-zonal-az]", "a, nat-gateways^a]", "references", "“nat-gateways^a” stands twice"),
    "source without page": ("https://docs.aws", "http://docs.aws", "sources", "title and https url, at least one"),
    "date of text": ("verified_on: 2026-11-23", 'verified_on: "2026-11-23"', "verified_on", "a date such as"),
    "date with a time": (
        "verified_on: 2026-11-23",
        "verified_on: 2026-11-23 10:00:00",
        "verified_on",
        "a date such as",
    ),
    "enemies": ("enemies: [nat-other]", "enemies: nat-other", "enemies", "enemies is a list of texts"),
    "its own enemy": ("enemies: [nat-other]", "enemies: [nat-zonal]", "enemies", "a question is not its own"),
    "enemy twice": ("enemies: [nat-other]", "enemies: [a, a]", "enemies", "“a” stands twice"),
    "flag": ("flags: [then-now]", "flags: [now]", "flags", "unknown flag “now”: one of then-now"),
    "flags": ("flags: [then-now]", "flags: [[then-now]]", "flags", "flags is a list of texts"),
    "reviewed": ("reviewed: {date: 2026-11-23,", "reviewed: {who: me,", "reviewed", "date, agree and readers"),
    "reviewed list": (
        "reviewed: {date: 2026-11-23, agree: true, readers: 2}",
        "reviewed: [1]",
        "reviewed",
        "a mapping",
    ),
}


OF_THE_FILE = (
    "yaml",
    "tab",
    "control character",
    "no such day",
    "doubled key",
    "doubled key below",
    "key that is no text",
)


@pytest.mark.parametrize("name", WRONG)
def test_a_mistake_is_named_with_its_line(name: str) -> None:
    old, new, mark, part = WRONG[name]
    text = changed(old, new)
    code = "" if name in OF_THE_FILE else text.split("- id: ")[1].split("\n")[0]
    first = problems(text)[0]
    assert (first.line, first.code, part in first.message) == (line_of(text, mark), code, True), first


@pytest.mark.parametrize("key", REQUIRED)
def test_a_missing_key_is_named(key: str) -> None:
    """Alone: what hangs on it says nothing more."""
    (entry,) = parse_bank(GOOD)
    lines = GOOD.splitlines()
    start = entry.line_of(key) - 1
    end = min(line for line in [*entry.lines.values(), len(lines) + 1] if line > start + 1) - 1
    end = next(
        number
        for number in range(start + 1, len(lines))
        if lines[number].startswith("    ") and lines[number][4] not in " "
    )
    del lines[start:end]
    if key == "id":
        lines[start] = "  - " + lines[start].strip()
    code = "" if key == "id" else "nat-zonal"
    assert problems("\n".join(lines)) == [Problem(2, code, f"the key “{key}” is missing: add it")]


def test_every_mistake_is_named_at_once() -> None:
    text = changed("level: analyze", "level: no").replace("difficulty: 3", "difficulty: 9") + SECOND.replace(
        "domain: 4", "domain: 9"
    )
    assert [(one.line, one.code, one.message) for one in problems(text)] == [
        (8, "nat-zonal", "level: one of remember, understand, apply, analyze, evaluate"),
        (9, "nat-zonal", "difficulty: 1 to 5"),
        (line_of(text, "domain: 9"), "nat-second", "domain: an SAP-C03 domain, 1 to 5"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("", 1, "a bank file holds “questions:” and a list"),
        ("- id: a\n", 1, "a bank file holds “questions:” and a list"),
        ("questions: {}\n", 1, "a bank file holds “questions:” and a list"),
        ("exams: []\nquestions: []\n", 1, "unknown key “exams”: only “questions”"),
        ("\nquestions:\n  - just text\n", 2, "a question is a mapping with id, stem and options"),
        ("questions:\n  - {}\n", 2, "a question is a mapping with id, stem and options"),
        ("questions:\n  - <<: {id: a}\n", 2, "not valid YAML"),
        ("questions: []\n---\nquestions: []\n", 2, "not valid YAML"),
        ("questions: !!python/object:os.system x\n", 1, "not valid YAML"),
    ],
)
def test_a_file_of_another_shape_is_refused(text: str, line: int, part: str) -> None:
    (one,) = problems(text)
    assert (one.line, part in one.message) == (line, True)


def test_multiple_response_needs_as_many_keys_as_it_asks_for() -> None:
    several = changed("kind: multiple_choice", "kind: multiple_response")
    assert "use multiple_choice" in problems(several)[0].message
    two = several.replace("choose: 1", "choose: 2")
    assert problems(two)[0].message.startswith("choose is 2, but 1 options are marked correct")
    b_right = two.replace(
        "false\n        rationale: It has to be patched.\n        breaks: overhead\n        family: qualifier\n",
        "true\n        rationale: It has to be patched.\n",
    )
    assert parse_bank(b_right)[0].content.keys == {"a", "b"}


def test_the_real_bank_is_read() -> None:
    paths = [path for path in sorted((ROOT / "quizzes" / "bank").glob("*.yaml")) if path.name != "exams.yaml"]
    counts = {path.name: path.read_text().count("\n  - id: ") for path in paths}
    assert {path.name: len(parse_bank(path.read_text())) for path in paths} == counts
    assert min(counts.values()) > 0


# What makes a version

CONTENT = Content(
    "multiple_choice",
    "Which one? “This” – that.",
    1,
    "shuffle",
    (Option("a", "One", True, "Because."), Option("b", "Two", False, "No.")),
)


def test_the_digest_of_a_content_never_changes() -> None:
    """If this fails, every question of every site gets a new version: let new fields be left out while empty."""
    assert CONTENT.digest == "3252f27393bd71d15f65c08e5de46d605befc8e12eaf7baede2d752b3232e4b8"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "multiple_response"},
        {"stem": "Which one?"},
        {"choose": 2},
        {"order": "fixed"},
        {"options": CONTENT.options[::-1]},
        {"options": CONTENT.options[:1]},
        {"options": (replace(CONTENT.options[0], id="c"), CONTENT.options[1])},
        {"options": (replace(CONTENT.options[0], text="Three"), CONTENT.options[1])},
        {"options": (replace(CONTENT.options[0], correct=False), CONTENT.options[1])},
        {"options": (CONTENT.options[0], replace(CONTENT.options[1], rationale="Never."))},
    ],
)
def test_every_part_of_the_content_makes_a_version(change: dict[str, Any]) -> None:
    assert replace(CONTENT, **change).digest != CONTENT.digest
    assert Content.from_body(replace(CONTENT, **change).to_body()) == replace(CONTENT, **change)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("status: published", "status: pilot"),
        ('task: "2.4"', 'task: "1.1"'),
        ("domain: 4", "domain: 5"),
        ("topics: [nat-gateways, building-a-vpc]", "topics: [nat-gateways]"),
        ("level: analyze", "level: evaluate"),
        ("difficulty: 3", "difficulty: 4"),
        ("text: LEAST operational overhead", "text: LEAST operational"),
        ("breaks: overhead", "breaks: zone"),
        ("family: qualifier", "family: cost"),
        ("references: [nat-gateways^nat-zonal-az]", "references: [nat-gateways^other]"),
        ("title: NAT gateway basics", "title: NAT"),
        ("verified_on: 2026-11-23", "verified_on: 2026-11-24"),
        ("enemies: [nat-other]", "enemies: []"),
        ("contrast: [nat-other]", "contrast: []"),
        ("flags: [then-now]", "flags: []"),
        ("reviewed: {date: 2026-11-23, agree: true, readers: 2}", "reviewed: {}"),
    ],
)
def test_an_attribute_changes_in_place(old: str, new: str) -> None:
    (before,), (after,) = parse_bank(GOOD), parse_bank(changed(old, new))
    assert after.content.digest == before.content.digest
    assert after.attributes_digest != before.attributes_digest


def test_neither_digest_hangs_on_where_a_question_stands() -> None:
    (before,), (after,) = parse_bank(GOOD), parse_bank("# a remark\n\n" + GOOD)
    assert (before.line, after.line) == (2, 4)
    assert (after.content.digest, after.attributes_digest) == (before.content.digest, before.attributes_digest)
    (reworded,) = parse_bank(changed("text: A gateway that moves.", "text: One that moves."))
    assert reworded.attributes_digest == before.attributes_digest
    assert reworded.content.digest != before.content.digest
