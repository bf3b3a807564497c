"""Moodle’s rules read what we write as we mean it."""

import pytest
from hypothesis import given, settings

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.gift import GIFT
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.plain import flat
from tests.formats.exchange.generated import exchanged_questions
from tests.formats.exchange.moodle_rules import MoodleQuestion, Rejected, import_gift
from tests.formats.exchange.test_gift import written


@given(question=exchanged_questions())
@settings(max_examples=40, deadline=None)
def test_moodle_reads_what_we_mean(question: Exchanged) -> None:
    expected, _ = GIFT.project(question)
    found = import_gift(written(question).decode())
    assert len(found) == (expected is not None)
    if expected is None:
        return
    (seen,) = found
    content = expected.content
    assert (seen.name, seen.text, seen.text_format) == (expected.title, content.stem, "markdown")
    assert (seen.idnumber, tuple(seen.tags)) == (expected.code, expected.known.tags)
    SEEN[content.kind](seen, content)


def _options(seen: MoodleQuestion, content: Content) -> None:
    assert seen.kind == "multichoice"
    assert seen.single == (content.kind == "multiple_choice")
    assert [(one.text, one.feedback) for one in seen.answers] == [(one.text, one.rationale) for one in content.options]
    assert [one.percent > 0 for one in seen.answers] == [one.correct for one in content.options]
    ticked_all = sum(one.percent for one in seen.answers)
    assert seen.single or ticked_all <= 0.01


def _true_false(seen: MoodleQuestion, content: Content) -> None:
    true, false = content.options
    assert (seen.kind, seen.correct) == ("truefalse", true.correct)
    assert (seen.feedback_true, seen.feedback_false) == (true.rationale, false.rationale)


def _pairs(seen: MoodleQuestion, content: Content) -> None:
    texts = {one["id"]: flat(one["text"]) for one in content.extra["targets"]}
    named = [(one.text, texts[content.extra["pairs"][one.id]]) for one in content.options]
    left = [text for name, text in texts.items() if name not in content.extra["pairs"].values()]
    assert seen.kind == "match"
    assert seen.pairs == named + [("", text) for text in left]
    assert seen.general == content.options[0].rationale


def _number(seen: MoodleQuestion, content: Content) -> None:
    (answer,) = seen.answers
    assert (seen.kind, answer.percent) == ("numerical", 100)
    assert (answer.text, answer.tolerance) == (content.extra["answer"], content.extra.get("tolerance", "0"))
    assert seen.general == content.extra.get("rationale", "")


def _text(seen: MoodleQuestion, content: Content) -> None:
    assert seen.kind == "shortanswer"
    # A star stands for any text there, unless a backslash is before it.
    assert [one.text.replace("\\*", "*") for one in seen.answers] == content.extra["accepted"]
    assert not any("*" in one.text.replace("\\*", "") or one.percent != 100 for one in seen.answers)
    assert seen.general == content.extra.get("rationale", "")


SEEN = {
    "multiple_choice": _options,
    "multiple_response": _options,
    "true_false": _true_false,
    "matching": _pairs,
    "numeric": _number,
    "short_text": _text,
}

ODD = (
    '{"Effect": "Deny", "Resource": "arn:aws:s3:::b/${aws:username}/*"}',
    "// no comment",
    "%50% of [html] it",
    "[html] a <b> tag",
    "# not = a ~ sign :: or {a} block",
    r"C:\new\table \{x\} \\ \n",
    "a -> b",
    "TRUE",
    "=right",
    "0",
    "$CATEGORY: x",
    '```json\n{\n\n  // a comment\n  "a": [1]\n}\n```',
)


@pytest.mark.parametrize("text", ODD)
def test_what_trips_importers_arrives_in_every_place(text: str) -> None:
    options = tuple(Option(one, f"{text}", one == "a", text) for one in "abc")
    content = Content("multiple_choice", text, 1, "shuffle", options)
    question = Exchanged("q-1", content, " ".join(text.split()), Attributes(tags=("a] b", "c")))
    (seen,) = import_gift(written(question).decode())
    assert (seen.text, seen.name, seen.tags) == (text, " ".join(text.split()), ["a] b", "c"])
    assert [(one.text, one.feedback, one.percent) for one in seen.answers] == [
        (text, text, 100),
        (text, text, 0),
        (text, text, 0),
    ]


@pytest.mark.parametrize("right", range(2, 11))
def test_moodle_takes_the_shares_of_any_number_of_right_options(right: int) -> None:
    options = tuple(Option(one, f"Option {one}", place < right, "") for place, one in enumerate("abcdefghijkl"))
    (seen,) = import_gift(
        written(Exchanged("", Content("multiple_response", "Which?", right, "shuffle", options))).decode()
    )
    assert [one.percent > 0 for one in seen.answers] == [one.correct for one in options]


@pytest.mark.parametrize(
    "text",
    ["a {=b", "a }=b{", "a {~b ~c}", "a {~%34%b ~%66%c}", "a {=b -> c =d}", "a {=b ~}", "a {~b}"],
)
def test_the_judge_is_strict(text: str) -> None:
    with pytest.raises(Rejected):
        import_gift(text)
