"""What is left of a question after Moodle XML."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import Exchanged, Note, Severity
from quizzes.formats.exchange.moodle.answers import joined
from quizzes.formats.exchange.moodle.dialect import (
    OWN_PICTURE,
    as_plain,
    from_moodle,
    from_plain,
    picture_of,
    to_moodle,
)
from quizzes.formats.exchange.moodle.fates import FATES
from quizzes.formats.exchange.moodle.names import code_of, title_of
from quizzes.formats.exchange.moodle.numbers import hundredths, is_zero, number_text
from quizzes.formats.exchange.moodle.tags import tidy
from quizzes.formats.exchange.moodle.texts import without_controls
from quizzes.formats.exchange.moodle.typed import distinct
from quizzes.formats.exchange.projection import with_plain_ids, with_scenario_in_stem, without

LOST = ("topics", "exam", "constraints", "references", "sources", "relations", "status")
SHARES = (
    "Moodle’s core cannot mark this all or nothing: each right option scores its share, and each wrong one takes a "
    "share off."
)
PAIRS = "Moodle cannot mark this all or nothing: each right pair scores its share."
TOGETHER = "Moodle has no feedback for each part: the rationales stand together in the general feedback."

Notes = list[Note]

_CALM = re.compile(r"[^\\<\[`~&#>:=*_\t\n-]*")
"""What both dialects read alike, at a glance."""


def project(question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
    """What reading gives after writing, and the account of it. None: Moodle has no place for this question."""
    question, notes = without(question, LOST, FATES)
    if question.content.scenario:
        notes.append(Note("scenario", Severity.CHANGED, FATES["scenario"].words))
    question = with_scenario_in_stem(question)
    content = _SHAPES[question.content.kind](_with_own_texts(question.content, notes), notes)
    if KINDS[content.kind].flaws(content) or not content.stem or any(not one.text for one in content.options):
        words = "It cannot be written: in Moodle’s terms it has a text too few, a number too long or two targets alike."
        return None, (*notes, Note("kind", Severity.LOST, words))
    code = code_of(question.code)
    known = replace(question.known, tags=tidy(question.known.tags), scenario="")
    left = replace(
        question, code=code, content=content, title=title_of(question.title, code, content.stem), known=known
    )
    return with_plain_ids(left), tuple(notes)


def _with_own_texts(content: Content, notes: Notes) -> Content:
    """The texts as they come back: the same words, some escapes fewer."""
    texts = [content.stem, *(text for one in content.options for text in (one.text, one.rationale))]
    if any(without_controls(text) != _plain_ends(text) for text in texts):
        words = "Characters that no XML file can have, such as control characters, are left out."
        notes.append(Note("text", Severity.CHANGED, words))
    options = tuple(Option(one.id, back(one.text), one.correct, back(one.rationale)) for one in content.options)
    return replace(content, stem=back(content.stem), options=options)


def back(text: str) -> str:
    """A text after writing and reading."""
    text = without_controls(text)
    if _CALM.fullmatch(text):
        return text
    written = to_moodle(text, lambda name: f"{name}.png")
    return without_controls(from_moodle(written, _picture))


def _picture(words: str, address: str) -> str:
    # Of other places none comes back: they are written so that Moodle does not look for a picture there.
    return picture_of(words, address.rpartition("/")[2].removesuffix(".png"))


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _choice(content: Content, notes: Notes) -> Content:
    return replace(content, extra={})


def _response(content: Content, notes: Notes) -> Content:
    notes.append(Note("scoring", Severity.CHANGED, SHARES))
    return replace(content, extra={})


def _true_false(content: Content, notes: Notes) -> Content:
    options = tuple(replace(one, text=one.id.capitalize()) for one in content.options)
    return replace(content, options=options, extra={})


def _ordering(content: Content, notes: Notes) -> Content:
    return replace(_with_one_rationale(content, notes), extra={})


def _matching(content: Content, notes: Notes) -> Content:
    notes.append(Note("scoring", Severity.CHANGED, PAIRS))
    content = _with_one_rationale(content, notes)
    pairs: Mapping[str, str] = content.extra["pairs"]
    given = {one["id"]: one["text"] for one in content.extra["targets"]}
    used = list(dict.fromkeys(pairs[one.id] for one in content.options))
    targets = [
        {"id": one, "text": target_back(given[one], notes)}
        for one in (*used, *(one for one in given if one not in used))
    ]
    return replace(content, extra={"targets": targets, "pairs": dict(pairs)})


def target_back(text: str, notes: Notes) -> str:
    """A target after writing and reading: plain text."""
    text = without_controls(text)
    plain = as_plain(text)
    if OWN_PICTURE.search(text):
        notes.append(Note("pictures", Severity.LOST, "Targets are plain text in Moodle: a picture is left out."))
    elif plain != text and from_plain(plain) != text:
        notes.append(Note("text", Severity.CHANGED, "Targets are plain text in Moodle: their markup is left out."))
    return without_controls(from_plain(without_controls(plain)))


def _with_one_rationale(content: Content, notes: Notes) -> Content:
    said = [one.rationale for one in content.options]
    if any(said[1:]):
        notes.append(Note("rationales", Severity.CHANGED, TOGETHER))
    first, *rest = content.options
    together = without_controls(joined(said))
    return replace(content, options=(replace(first, rationale=together), *(replace(one, rationale="") for one in rest)))


def _numeric(content: Content, notes: Notes) -> Content:
    extra: dict[str, Any] = {"answer": number_text(str(content.extra["answer"]))}
    tolerance = number_text(str(content.extra.get("tolerance", "")))
    if not is_zero(tolerance) and content.extra.get("percent"):
        words = "Moodle has no tolerance in percent: it is written as a number."
        notes.append(Note("scoring", Severity.CHANGED, words))
        # Where it has too many digits, the sign of a missing number makes it a question that is not written.
        tolerance = hundredths(extra["answer"], tolerance) or "-"
    if not is_zero(tolerance) or tolerance == "-":
        extra["tolerance"] = tolerance
    unit = " ".join(without_controls(str(content.extra.get("unit", ""))).split())
    if unit:
        extra["unit"] = unit
    return _typed(content, extra)


def _short_text(content: Content, notes: Notes) -> Content:
    spaces = content.extra.get("spaces", "one")
    if spaces != "one":
        words = "Moodle compares spaces its own way: the rule for them is left out."
        notes.append(Note("scoring", Severity.CHANGED, words))
    lines = [" ".join(without_controls(str(one)).split()) for one in content.extra["accepted"]]
    extra: dict[str, Any] = {"accepted": [one for one in lines if one]}
    if content.extra.get("case"):
        extra["case"] = True
    extra["accepted"] = distinct(extra)
    return _typed(content, extra)


def _typed(content: Content, extra: dict[str, Any]) -> Content:
    if rationale := back(str(content.extra.get("rationale", ""))):
        extra["rationale"] = rationale
    return replace(content, extra=extra)


_SHAPES: Mapping[str, Callable[[Content, Notes], Content]] = MappingProxyType(
    {
        "multiple_choice": _choice,
        "multiple_response": _response,
        "true_false": _true_false,
        "ordering": _ordering,
        "matching": _matching,
        "numeric": _numeric,
        "short_text": _short_text,
    }
)
