"""What QTI carries of a question: the fates of its aspects, and what is left of one question."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds.short_text import ShortText
from quizzes.formats.exchange import html
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Severity
from quizzes.formats.exchange.projection import without
from quizzes.formats.exchange.qti.vocabulary import QTI_2_2, Vocabulary, legal
from quizzes.formats.exchange.qti.xhtml import xhtml

_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_LOST = ("topics", "exam", "constraints", "references", "sources", "relations", "status")


def fates_of(vocabulary: Vocabulary) -> Mapping[str, Fate]:
    """What becomes of each aspect in one version."""
    if vocabulary.family == 3:
        shared = "A shared text is a stimulus of its own, to which its questions refer."
    else:
        shared = "A shared text stands before the stem; other systems show it with each question."
    said = {"scenario": Fate(True, shared)}
    if vocabulary is QTI_2_2:
        said["text"] = Fate(True, "Texts are HTML. A list that does not begin with 1 begins with 1 elsewhere.")
    return MappingProxyType({**_FATES, **said})


_FATES: Mapping[str, Fate] = {
    "kind": Fate(True, "All kinds have a place: choosing, ordering, matching, and fields for numbers and short texts."),
    "text": Fate(True, "Texts are HTML."),
    "code": Fate(True, "Code stays code; the name of its language is left out."),
    "tables": Fate(True, "Tables stay tables."),
    "pictures": Fate(True, "Pictures are in the package."),
    "rationales": Fate(True, "Rationales are feedback: of options that were chosen, else of all parts."),
    "choose": Fate(True, "The number to choose is the most that other systems let learners choose."),
    "scoring": Fate(True, "All or nothing is said exactly (match_correct). Other marking rules of a quiz are not."),
    "order": Fate(True, "Whether options are shuffled is said. Steps to put in order are always shuffled."),
    "ids": Fate(True, "Ids are identifiers, and are the same again on this site."),
    "id": Fate(True, "The code is the identifier of the item."),
    "title": Fate(True, "The title is that of the item."),
    "scenario": Fate(True, ""),
    "tags": Fate(True, "Tags are keywords of the package."),
    "topics": Fate(False, "Topics are left out: QTI has no place for them."),
    "exam": Fate(False, "Task, domain, level and difficulty are left out: QTI has no place for them."),
    "constraints": Fate(False, "Requirements, and which of them a wrong option breaks, are left out."),
    "references": Fate(False, "The statements of the notes that it rests on are left out."),
    "sources": Fate(False, "Sources and the date of the check are left out."),
    "relations": Fate(False, "Enemies and contrast pairs are left out."),
    "status": Fate(False, "Status, flags, reviews and license are left out."),
    "extra": Fate(False, "Time limits, weights and scoring rules of tests, and words for scorers are not read."),
}


class Projection:
    """What reading gives after writing, in one version."""

    def __init__(self, vocabulary: Vocabulary, fates: Mapping[str, Fate]) -> None:
        self._vocabulary = vocabulary
        self._fates = fates

    def shaped(self, question: Exchanged) -> tuple[Exchanged, list[Note]]:
        """The question without what has no place, its texts still as they were: what is written."""
        found, notes = without(question, _LOST, self._fates)
        content, said = _content(found.content)
        known = replace(found.known, scenario=_scenario_code(found), tags=_tags(found.known.tags))
        code = _line(found.code)
        title = _line(found.title)
        changed = replace(found, content=content, known=known, code=code, title="" if title == code else title)
        return changed, [*notes, *said]

    def project(self, question: Exchanged) -> tuple[Exchanged, tuple[Note, ...]]:
        """The question as it comes back, and the account."""
        found, notes = self.shaped(question)
        content = self._texts(found.content)
        if _words(content) != _words(found.content):
            words = "Some of its text comes back in another notation, which reads the same."
            notes.append(Note("text", Severity.CHANGED, words))
        known = found.known if content.scenario else replace(found.known, scenario="")
        return replace(found, content=content, known=known), tuple(notes)

    def _texts(self, content: Content) -> Content:
        options = tuple(
            replace(one, text=self._through(one.text), rationale=self._through(one.rationale))
            for one in content.options
        )
        extra = dict(content.extra)
        if "targets" in extra:
            extra["targets"] = [{**one, "text": self._through(one["text"])} for one in extra["targets"]]
        if "rationale" in extra:
            extra["rationale"] = self._through(extra["rationale"])
            if not extra["rationale"]:
                del extra["rationale"]
        stem, scenario = self._through(content.stem), self._through(content.scenario)
        return replace(content, stem=stem, scenario=scenario, options=options, extra=extra)

    def _through(self, text: str) -> str:
        return html.to_markdown(xhtml(text, self._vocabulary, str), str).text


def _words(content: Content) -> list[str]:
    texts = [content.stem, content.scenario, *(text for one in content.options for text in (one.text, one.rationale))]
    return [*texts, *(one["text"] for one in content.extra.get("targets", ()))]


def _content(content: Content) -> tuple[Content, list[Note]]:
    if content.kind == "numeric":
        return _numeric(content)
    if content.kind == "short_text":
        return _short_text(content)
    if content.kind == "matching":
        # In the order of the prompts, as they stand in the file.
        pairs = content.extra["pairs"]
        return replace(content, extra={**content.extra, "pairs": {one: pairs[one] for one in content.option_ids}}), []
    return content, []


def _numeric(content: Content) -> tuple[Content, list[Note]]:
    extra: dict[str, Any] = dict(content.extra)
    for name in ("answer", "tolerance"):
        if name in extra:
            extra[name] = _number(str(extra[name]))
    if not extra.get("tolerance"):
        extra.pop("tolerance", None)
    if "tolerance" not in extra or not extra.get("percent"):
        extra.pop("percent", None)
    extra = _with_line(extra, "unit")
    notes = []
    if extra["answer"] != content.extra["answer"] or extra.get("tolerance") != content.extra.get("tolerance"):
        notes.append(Note("text", Severity.CHANGED, "Its numbers are written without separators; they are the same."))
    return replace(content, extra=extra), notes


def _short_text(content: Content) -> tuple[Content, list[Note]]:
    extra = dict(content.extra)
    notes = []
    if not extra.get("case"):
        extra.pop("case", None)
    if extra.get("spaces", "one") == "one":
        extra.pop("spaces", None)
    else:
        words = "How spaces count is known on this site alone: other systems compare texts with all their spaces."
        notes.append(Note("scoring", Severity.CHANGED, words))
    lines = [legal(str(one)).strip() for one in extra["accepted"]]
    found = {ShortText().squashed(content, one): one for one in reversed(lines) if one}
    extra["accepted"] = list(reversed(found.values()))
    if extra["accepted"] != list(content.extra["accepted"]):
        words = "Accepted texts are written without what XML cannot say; what is the same then stands once."
        notes.append(Note("text", Severity.CHANGED, words))
    return replace(content, extra=extra), notes


def _with_line(extra: dict[str, Any], name: str) -> dict[str, Any]:
    line = _line(str(extra.pop(name, "")))
    return extra | ({name: line} if line else {})


def _number(text: str) -> str:
    """A number as XML writes it: without spaces, commas and a plus."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).translate(_MINUS)
    return plain.replace(",", "").removeprefix("+")


def _line(text: str) -> str:
    """Text of one line, as it comes back from an attribute."""
    return " ".join(legal(text).split())


def _tags(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for one in tags if (line := _line(one)[:40].strip())))[:20]


def _scenario_code(question: Exchanged) -> str:
    if not question.content.scenario:
        return ""
    return question.known.scenario or f"text-{hashlib.sha256(question.content.scenario.encode()).hexdigest()[:12]}"
