"""What of a question a package for Canvas carries: its texts as they come back, and the account of the rest."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.engine.kinds.numeric import number_in
from quizzes.formats.exchange.html import to_html, to_markdown
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Severity
from quizzes.formats.exchange.projection import with_plain_ids, with_scenario_in_stem, without
from quizzes.formats.exchange.qti12.answers import plain
from quizzes.formats.exchange.qti12.typed import distinct

FOLDER = "images"
BASE = "$IMS-CC-FILEBASE$/"
_LOST = ("scenario", "tags", "topics", "exam", "constraints", "references", "sources", "relations", "status")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,63}")
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def identifier(code: str) -> str:
    """A code as XML can hold it as an identifier; the same one always."""
    return code if _IDENTIFIER.fullmatch(code) else "q_" + hashlib.sha256(code.encode()).hexdigest()[:30]


def writable(text: str) -> str:
    """A text without the characters that XML has no place for."""
    return _UNWRITABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def html_of(markdown: str, suffixes: Mapping[str, str] | None = None) -> str:
    """The HTML of a text. ``suffixes``: how the files of its pictures end, where that is not “.png”."""
    html = _rendered(markdown)
    for name, suffix in (suffixes or {}).items() if "<img" in html else ():
        html = html.replace(f"{FOLDER}/{name}.png", f"{FOLDER}/{name}{suffix}") if suffix != ".png" else html
    return html


@lru_cache(maxsize=64)
def _rendered(markdown: str) -> str:
    """Kept for a moment: a text is asked for when a question is looked at, and when it is written."""
    return writable(to_html(markdown, lambda name: f"{BASE}{FOLDER}/{name}.png")).strip()


def carried(markdown: str) -> str:
    """A text as it is read again."""
    return to_markdown(html_of(markdown), _name).text if markdown else ""


def _name(address: str) -> str | None:
    return address.rpartition("/")[2].removesuffix(".png")


def projected(question: Exchanged, fates: Mapping[str, Fate]) -> tuple[Exchanged | None, tuple[Note, ...]]:
    """What reading gives after writing, and the account of it."""
    _, lost = without(question, [one for one in _LOST if one != "scenario"], fates)
    notes = [*lost, *_said(question, fates)]
    result = prepared(question)
    content = replace(result.content, **_texts(result.content, carried))
    if flaws := _flaws(content):
        words = f"It cannot be written, as nobody could read it again: {flaws[0]}."
        return None, (*notes, Note("kind", Severity.LOST, words))
    return replace(result, content=content), tuple(notes)


def prepared(question: Exchanged) -> Exchanged:
    """The question as it is written, with its texts as they are."""
    bare = with_plain_ids(with_scenario_in_stem(question))
    content = bare.content
    extra = _EXTRAS[content.kind](content.extra) if content.kind in _EXTRAS else {}
    order = "fixed" if content.kind == "matching" else content.order
    if content.kind == "true_false":
        options = zip(content.options, ("True", "False"), strict=True)
        content = replace(content, options=tuple(replace(one, text=name) for one, name in options))
    return Exchanged(
        code=writable(bare.code).strip()[:200] or identifier(f"\n{question.content.digest}"),
        content=replace(content, order=order, extra=extra),
        title=" ".join(writable(bare.title).split())[:200],
    )


def _texts(content: Content, change: Callable[[str], str]) -> dict[str, Any]:
    """The parts of a content that have texts in them, each text changed."""
    extra = dict(content.extra)
    if "targets" in extra:
        extra["targets"] = [{**one, "text": change(one["text"])} for one in extra["targets"]]
    if "rationale" in extra:
        extra["rationale"] = change(extra["rationale"])
        if not extra["rationale"]:
            del extra["rationale"]
    options = tuple(replace(one, text=change(one.text), rationale=change(one.rationale)) for one in content.options)
    return {"stem": change(content.stem), "options": options, "extra": extra}


def texts_in(content: Content) -> list[str]:
    """All texts of a content in which a picture may stand."""
    found: list[str] = []

    def kept(text: str) -> str:
        found.append(text)
        return text

    _texts(content, kept)
    return found


def _said(question: Exchanged, fates: Mapping[str, Fate]) -> list[Note]:
    """What is to be told of a question of this kind, and of what it has."""
    content, extra = question.content, question.content.extra
    notes = list(_SAID.get(content.kind, ()))
    if content.scenario:
        notes.append(Note("scenario", Severity.CHANGED, fates["scenario"].words))
    if content.kind == "matching" and content.order != "fixed":
        notes.append(Note("order", Severity.CHANGED, "Canvas shows prompts in the order of the file."))
    if extra.get("unit"):
        words = f"Canvas knows no units: “{extra['unit']}” is left out; name it in the stem."
        notes.append(Note("kind", Severity.LOST, words))
    if extra.get("case") or extra.get("spaces", "one") != "one":
        words = "Canvas compares answers without regard to capital letters, and by its own rule for spaces."
        notes.append(Note("scoring", Severity.LOST, words))
    return notes


def _flaws(content: Content) -> list[str]:
    missing = [f"option {one.id} has no text" for one in content.options if not one.text]
    return [*([] if content.stem else ["the stem is empty"]), *missing, *KINDS[content.kind].flaws(content)]


def _matching(extra: Mapping[str, Any]) -> dict[str, Any]:
    return {"targets": [dict(one) for one in extra["targets"]], "pairs": dict(extra["pairs"])}


def _numeric(extra: Mapping[str, Any]) -> dict[str, Any]:
    answer = number_in(str(extra["answer"])) or Decimal(0)
    tolerance = number_in(str(extra.get("tolerance", "0"))) or Decimal(0)
    # So many hundredths of nothing are nothing.
    tolerance = Decimal(0) if extra.get("percent") and not answer else tolerance
    found: dict[str, Any] = {"answer": plain(answer)}
    found |= {"tolerance": plain(tolerance)} if tolerance else {}
    return found | ({"percent": True} if tolerance and extra.get("percent") else {}) | _rationale(extra)


def _short_text(extra: Mapping[str, Any]) -> dict[str, Any]:
    answers = [" ".join(writable(one).split()) for one in extra["accepted"]]
    return {"accepted": distinct(answers, case=False)} | _rationale(extra)


def _rationale(extra: Mapping[str, Any]) -> dict[str, str]:
    return {"rationale": extra["rationale"]} if extra.get("rationale") else {}


_EXTRAS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "matching": _matching,
    "numeric": _numeric,
    "short_text": _short_text,
}
_SAID: Mapping[str, tuple[Note, ...]] = {
    "multiple_response": (
        Note(
            "scoring",
            Severity.CHANGED,
            "The file asks for all or nothing, but Canvas’ classic quizzes give a part of the points for a part of the"
            " key; in New Quizzes choose exact match.",
        ),
        Note(
            "choose",
            Severity.LOST,
            "Canvas does not limit how many options are ticked, nor does it say how many: the stem should.",
        ),
    ),
    "matching": (Note("scoring", Severity.CHANGED, "Canvas gives a part of the points for each right pair."),),
    "ordering": (
        Note(
            "kind",
            Severity.CHANGED,
            "New Quizzes take it as ordering; classic quizzes have no such kind and may leave it out.",
        ),
    ),
}
