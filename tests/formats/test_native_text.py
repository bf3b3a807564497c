"""A bank that is written and read again is the same, for every kind and any text."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.native import BankQuestion, parse_bank
from quizzes.formats.native_text import write_bank
from tests.formats.test_native import GOOD
from tests.formats.test_native_kinds import ORDERING

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff\u2028\u2029\x85")
LINES = st.lists(st.text(LETTERS, max_size=30), min_size=1, max_size=4).map("\n".join)
TEXT = LINES.map(str.strip).filter(bool)
CODE = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**9).map(str)


def _options(draw: st.DrawFn, ids: list[str], correct: int) -> tuple[Option, ...]:
    return tuple(Option(one, draw(TEXT), place < correct, draw(TEXT)) for place, one in enumerate(ids))


@st.composite
def contents(draw: st.DrawFn) -> Content:
    kind = draw(st.sampled_from(sorted(KINDS)))
    shape = KINDS[kind]
    ids = draw(st.lists(CODE, min_size=3, max_size=5, unique=True))
    correct = {"multiple_choice": 1, "multiple_response": 2}.get(kind, len(ids))
    extra: dict[str, Any] = {}
    if kind == "true_false":
        ids, correct = ["true", "false"], 1
    elif kind == "matching":
        targets = draw(st.lists(CODE, min_size=2, max_size=4, unique=True))
        extra = {
            "targets": [{"id": one, "text": f"{one} {draw(TEXT)}"} for one in targets],
            "pairs": {one: draw(st.sampled_from(targets)) for one in ids},
        }
    elif kind == "numeric":
        ids, extra = [], {"answer": draw(NUMBER), "tolerance": draw(NUMBER), "percent": draw(st.booleans())}
    elif kind == "short_text":
        ids, extra = [], {"accepted": [draw(st.from_regex("[a-z]{1,9}", fullmatch=True))], "rationale": draw(TEXT)}
    options = _options(draw, ids, correct)
    order = draw(st.sampled_from(shape.orders))
    return Content(kind, draw(TEXT), shape.asked(options), order, options, extra=extra)


@st.composite
def questions(draw: st.DrawFn, code: str) -> BankQuestion:
    content = draw(contents())
    (one,) = parse_bank(GOOD)
    wrong = [option.id for option in content.options if not option.correct]
    return replace(
        one,
        code=code,
        content=content,
        constraints=(),
        flaws=tuple((option, "false_mechanism", "scope") for option in wrong),
        enemies=tuple(draw(st.lists(CODE, max_size=2, unique=True))),
        verified_on=draw(st.dates(date(2020, 1, 1))),
    )


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_what_is_written_is_read_again(data: st.DataObject) -> None:
    bank = [data.draw(questions(f"question-{number}")) for number in range(data.draw(st.integers(1, 3)))]
    text = data.draw(TEXT)
    bank[0] = replace(bank[0], scenario="shared", content=replace(bank[0].content, scenario=text))
    written = write_bank(bank)
    again = parse_bank(written)
    assert [replace(one, line=0) for one in again] == [replace(one, line=0) for one in bank]
    assert [one.content.digest for one in again] == [one.content.digest for one in bank]
    assert write_bank(again) == written


@pytest.mark.parametrize("text", [GOOD, ORDERING])
def test_an_example_is_written_as_a_person_would(text: str) -> None:
    written = write_bank(parse_bank(text))
    assert [one.attributes_digest for one in parse_bank(written)] == [one.attributes_digest for one in parse_bank(text)]
    assert "verified_on: 2026-11-23" in written
    assert "!!" not in written
    assert "&id" not in written


def test_the_real_bank_survives() -> None:
    for path in sorted(Path("quizzes/bank").glob("*.yaml")):
        if path.stem != "exams":
            bank = parse_bank(path.read_text())
            again = parse_bank(write_bank(bank))
            assert [replace(one, line=0) for one in again] == [replace(one, line=0) for one in bank], path.name


def test_a_scenario_has_one_text() -> None:
    first, second = parse_bank(ORDERING)
    other = replace(second, content=replace(second.content, scenario="Another text."))
    with pytest.raises(ValueError, match="how-many: the scenario “retailer” has another text"):
        write_bank([first, other])
    with pytest.raises(ValueError, match="has an id and a text"):
        write_bank([replace(first, scenario="")])
