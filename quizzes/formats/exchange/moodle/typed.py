"""Typed answers: numerical and short answer."""

import re
from collections.abc import Iterable
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.short_text import MOST, ShortText
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.moodle.answers import Answer, NotTaken, Question, answers_in, joined, listed
from quizzes.formats.exchange.moodle.numbers import is_zero, number_text
from quizzes.formats.exchange.moodle.texts import line_in
from quizzes.formats.exchange.moodle.tree import child, children
from quizzes.formats.exchange.xml import text_in

_WILD = re.compile(r"(?<!\\)\*")
_NO_UNIT = "3"


def numerical(question: Question) -> Content:
    """One number with its tolerance and unit."""
    right = _right(question, answers_in(question, MOST))
    if len(right) > 1:
        raise NotTaken(
            f"{listed(one.line for one in right)} are each right there, and one number can be here: split it"
        )
    text = right[0].line
    number = number_text(text)
    if not number:
        raise NotTaken(f"{listed([text])} is no number: write digits with a decimal point, such as 12.5")
    if number != text and "," in text:
        question.say("scoring", Severity.ASSUMED, f"{listed([text])} was read as {number[:40]}.")
    tolerance = number_text(text_in(child(right[0].element, "tolerance")))
    extra: dict[str, Any] = {"answer": number}
    if not is_zero(tolerance):
        extra["tolerance"] = tolerance
    if unit := _unit(question):
        extra["unit"] = unit
    return _content(question, "numeric", extra, right)


def short_answer(question: Question) -> Content:
    """One of some texts; a star stands for anything there, and for itself alone here."""
    right = _right(question, answers_in(question, MOST))
    wild = [one for one in right if _WILD.search(one.line)]
    if len(wild) == len(right):
        words = f"{listed(one.line for one in wild)} is a pattern, and exact texts are accepted here"
        raise NotTaken(f"{words}: write the texts that are right")
    if wild:
        words = f"{listed(one.line for one in wild)} accepted whatever stands for the star: it is left out."
        question.say("scoring", Severity.LOST, words)
    extra: dict[str, Any] = {"accepted": [one.line.replace("\\*", "*") for one in right if one not in wild]}
    if question.is_true("usecase", False):
        extra["case"] = True
    extra["accepted"] = distinct(extra)
    return _content(question, "short_text", extra, right)


def distinct(extra: dict[str, Any]) -> list[str]:
    """The accepted answers that differ by the rules for case and spaces; the first of those alike."""
    kind, content = ShortText(), Content("short_text", "", 1, "fixed", (), extra)
    first: dict[str, str] = {}
    for text in extra["accepted"]:
        first.setdefault(kind.squashed(content, text), text)
    return list(first.values())


def _right(question: Question, answers: list[Answer]) -> list[Answer]:
    """The answers that score full marks; what others would have scored is said."""
    right = [one for one in answers if one.is_right]
    if not right:
        raise NotTaken("no answer scores full marks: mark the right one, and export it again")
    partly = [one for one in answers if one.share > 0 and not one.is_right]
    if partly:
        words = f"{listed(one.line for one in partly)} had part of the point there: here it is wrong."
        question.say("scoring", Severity.CHANGED, words)
    if any(one.feedback is not None and line_in(one.feedback) for one in answers if not one.is_right):
        question.say("rationales", Severity.LOST, "What was said to wrong answers is lost: nothing is listed here.")
    return right


def _unit(question: Question) -> str:
    units = [one for group in children(question.element, "units") for one in children(group, "unit")]
    names = [(line_in(child(one, "unit_name")), number_text(text_in(child(one, "multiplier"))) or "1") for one in units]
    names = [(name, factor) for name, factor in names if name]
    if not names or question.value("showunits") == _NO_UNIT:
        return ""
    unit = next((name for name, factor in names if float(factor) == 1), names[0][0])
    others = [name for name, _ in names if name != unit]
    if others:
        words = f"Only the unit “{unit}” can be typed here: {listed(others)} is not converted."
        question.say("scoring", Severity.LOST, words)
    return unit


def _content(question: Question, kind: str, extra: dict[str, Any], right: Iterable[Answer]) -> Content:
    rationale = joined([question.texts.of(one.feedback) for one in right])
    if rationale:
        extra["rationale"] = rationale
    return Content(kind, question.stem(), 1, "fixed", (), extra)
