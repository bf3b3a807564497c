"""gift-pegjs, a GIFT parser that others use, reads what we write as it was meant. It is a script: it runs in a page."""

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from playwright.sync_api import Page

from quizzes.engine.content import Content
from quizzes.formats.exchange.gift import GIFT
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.plain import flat
from tests.formats.exchange.generated import exchanged_questions
from tests.formats.exchange.test_gift import written
from tests.sources import ROOT

pytestmark = pytest.mark.browser

PARSER = ROOT / "tests" / "foreign" / "gift-pegjs" / "gift-parser-globals.js"
PARSE = "text => { try { return giftParser.parse(text) } catch (error) { return {error: error.message} } }"


@pytest.fixture
def judge(page: Page) -> Page:
    """A page with the parser in it, and nothing else."""
    page.goto("about:blank")
    page.add_script_tag(path=PARSER)
    return page


@given(question=exchanged_questions())
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_we_write_is_read_as_it_was_meant(judge: Page, question: Exchanged) -> None:
    expected, _ = GIFT.project(question)
    assume(expected is not None)
    assert expected is not None
    # An arrow in an option makes pairs of all of them there; in Moodle a tilde decides first.
    assume(not (expected.content.choose and any("->" in one.text for one in expected.content.options)))
    found = judge.evaluate(PARSE, written(question).decode())
    assert isinstance(found, list), found
    (seen,) = (one for one in found if one["type"] != "Category")
    content = expected.content
    assert (seen["title"] or "", seen["id"] or "") == (expected.title, expected.code)
    assert seen["stem"] == {"format": "markdown", "text": content.stem}
    READ[content.kind](seen, content)


def test_it_refuses_what_is_no_gift(judge: Page) -> None:
    assert "error" in judge.evaluate(PARSE, "a policy {=b {c} ~d}")


def _text(part: dict[str, Any] | None) -> str:
    return part["text"] if part else ""


def _options(seen: dict[str, Any], content: Content) -> None:
    assert seen["type"] == "MC"
    told = [(_text(one["text"]), _text(one["feedback"])) for one in seen["choices"]]
    assert told == [(one.text, one.rationale) for one in content.options]
    right = [one["isCorrect"] or (one["weight"] or 0) > 0 for one in seen["choices"]]
    assert right == [one.correct for one in content.options]


def _true_false(seen: dict[str, Any], content: Content) -> None:
    true, false = content.options
    assert (seen["type"], seen["isTrue"]) == ("TF", true.correct)
    # Its names stand for the order in the file: the first is for whoever is wrong.
    first, second = (false, true) if true.correct else (true, false)
    assert (_text(seen["trueFeedback"]), _text(seen["falseFeedback"])) == (first.rationale, second.rationale)


def _pairs(seen: dict[str, Any], content: Content) -> None:
    texts = {one["id"]: flat(one["text"]) for one in content.extra["targets"]}
    wanted = [(one.text, texts[content.extra["pairs"][one.id]]) for one in content.options]
    found = [(_text(one["subquestion"]), _unmasked(one["subanswer"])) for one in seen["matchPairs"]]
    assert (seen["type"], found[: len(wanted)]) == ("Matching", wanted)


def _unmasked(text: str) -> str:
    """In this one place the parser forgets to take its own masks off signs that were escaped."""
    return re.sub(r"&&0(\d\d);|&&(1\d\d);", lambda mask: chr(int(mask[1] or mask[2])), text)


def _number(seen: dict[str, Any], content: Content) -> None:
    (answer,) = seen["choices"]
    assert (seen["type"], answer["text"]["type"]) == ("Numerical", "range")
    assert answer["text"]["number"] == pytest.approx(float(content.extra["answer"]))
    assert answer["text"]["range"] == pytest.approx(float(content.extra.get("tolerance", "0")))


def _accepted(seen: dict[str, Any], content: Content) -> None:
    assert seen["type"] == "Short"
    assert [_text(one["text"]).replace("\\*", "*") for one in seen["choices"]] == content.extra["accepted"]


READ = {
    "multiple_choice": _options,
    "multiple_response": _options,
    "true_false": _true_false,
    "matching": _pairs,
    "numeric": _number,
    "short_text": _accepted,
}
