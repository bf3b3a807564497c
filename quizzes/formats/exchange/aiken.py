"""Aiken: a stem, options on lettered lines, and “ANSWER: X”. Plain text and one right option, nothing else."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import BinaryIO

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.plain import PICTURE, flat, is_plain, literal, one_line, write_blocks
from quizzes.formats.exchange.projection import plain_ids, with_plain_ids, with_scenario_in_stem, without
from quizzes.formats.exchange.source import Source

MOST_LETTERS = 100_000
"""Of one question."""
_OPTION = re.compile(r"\s*([A-Za-z])([.)])(\s*)(.*)")
_ANSWER = re.compile(r"\s*ANSWER\s*:\s*(.*)", re.IGNORECASE)
_LETTER = re.compile(r"([A-Za-z])\s*(?:[.)\s].*)?")
_LETTERS = re.compile(r"[A-L]{2,12}|[A-Za-z](?:(?:\s*[,;&/]\s*|\s+and\s+|\s+)[A-Za-z])+")
_TRUTH = (("true", "false"), ("t", "f"))
_LOST = (
    *("topics", "exam", "constraints", "references", "sources", "relations", "status", "scenario"),
    *("rationales", "title", "id", "tags"),
)


class _Refused(ValueError):
    """This question cannot be taken: why, and what to do."""


@dataclass
class _Open:
    """The question that is being read."""

    number: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    odd: bool = False
    letters: int = 0

    @property
    def next_letter(self) -> str:
        return chr(ord("A") + len(self.options))

    def item(self, answer: str | None) -> ReadItem:
        """What it came to; ``answer`` is what stands behind “ANSWER:”, None where nothing does."""
        place, raw = f"line {self.number}", "\n".join(self.lines)[:2000]
        try:
            content, notes = _content(self, answer)
        except _Refused as error:
            return ReadItem(place, None, problem=str(error), raw=raw)
        return ReadItem(place, Exchanged("", content), tuple(notes))


def _items(source: Source) -> Iterator[ReadItem]:
    now = _Open()
    gap = False
    with source.text() as file:
        for number, line in enumerate(file, 1):
            if "\0" in line:
                raise BadFile("there is a NUL byte in it, so this is no text: save the file as UTF-8", f"line {number}")
            text = line.removeprefix("\ufeff").strip()
            if not text:
                gap = True
                continue
            if _starts_anew(now, text, gap):
                yield now.item(None)
                now = _Open()
            now.number = now.number or number
            now.letters += len(text)
            if now.letters <= MOST_LETTERS or not now.lines:
                now.lines.append(text[:MOST_LETTERS])
            if answer := _ANSWER.fullmatch(text):
                yield now.item(answer[1].strip())
                now = _Open()
            elif now.letters <= MOST_LETTERS:
                _add(now, text, gap)
            gap = False
    if now.lines:
        yield now.item(None)


def _starts_anew(now: _Open, text: str, gap: bool) -> bool:
    """Whether a question without an answer ended: a plain line behind a blank one, with options before it."""
    return bool(gap and now.options and not _label(now, text) and not _ANSWER.fullmatch(text))


def _label(now: _Open, text: str) -> re.Match[str] | None:
    """An option: the letter is the next one, so that “U.S. law” or “e.g. this” is none."""
    match = _OPTION.fullmatch(text)
    return match if match and match[1].upper() == now.next_letter and now.stem else None


def _add(now: _Open, text: str, gap: bool) -> None:
    if match := _label(now, text):
        now.odd = now.odd or match[1].islower() or not match[3]
        now.options.append([match[4]])
    elif now.options:
        now.options[-1].append(text)
    else:
        now.stem += [""] * (gap and bool(now.stem)) + [text]


def _content(now: _Open, answer: str | None) -> tuple[Content, list[Note]]:
    """The question and the account of it. Raises _Refused."""
    notes: list[Note] = []
    _check(now, answer)
    letter = _key(now, answer or "")
    if len(now.stem) > 1 or any(len(one) > 1 for one in now.options):
        words = "A text goes over several lines; Moodle takes one line alone, here all of them were read."
        notes.append(Note("text", Severity.ASSUMED, words))
    if now.odd:
        words = "Small letters, or letters without a blank behind them, were taken for options; Moodle wants “A) ”."
        notes.append(Note("text", Severity.ASSUMED, words))
    stem = "\n\n".join(
        "  \n".join(literal(line) for line in part.split("\n")) for part in "\n".join(now.stem).split("\n\n")
    )
    texts = [one_line(" ".join(one)) for one in now.options]
    if tuple(text.casefold() for text in texts) in _TRUTH:
        options = tuple(
            Option(name, text, place == letter, "") for place, (name, text) in enumerate(KINDS["true_false"].preset)
        )
        content = Content("true_false", stem, 1, "fixed", options)
    else:
        options = tuple(
            Option(name, literal(text), place == letter, "")
            for place, (name, text) in enumerate(zip(plain_ids(), texts, strict=False))
        )
        content = Content("multiple_choice", stem, 1, "shuffle", options)
    if flaws := KINDS[content.kind].flaws(content):
        raise _Refused("; ".join(flaws))
    return content, notes


def _check(now: _Open, answer: str | None) -> None:
    if now.letters > MOST_LETTERS:
        raise _Refused(f"this has more than {MOST_LETTERS:,} characters before an ANSWER line: is one missing?")
    if not now.stem:
        raise _Refused("there is no stem before the answer: write the question in a line of its own")
    if answer is None:
        raise _Refused("there is no line “ANSWER: X” behind the options: add it with the letter of the right one")
    if not 2 <= len(now.options) <= 12:
        raise _Refused(
            f"a question has 2 to 12 options, here are {len(now.options)}: each begins with its letter in order, such "
            "as “A) ”, on a line of its own"
        )
    for place, one in enumerate(now.options):
        if not one_line(" ".join(one)):
            raise _Refused(f"option {chr(ord('A') + place)} has no text: write it, or remove the line")


def _key(now: _Open, answer: str) -> int:
    """The place of the right option. Raises _Refused."""
    if _LETTERS.fullmatch(answer):
        raise _Refused(
            f"“ANSWER: {answer[:40]}” names several options, and Aiken has one right option only; Moodle would take "
            "the first: bring this question as GIFT, or as a Markdown list with several “[x]”"
        )
    match = _LETTER.fullmatch(answer)
    if match is None:
        said = f"“{answer[:40]}”" if answer else "nothing"
        raise _Refused(f"behind “ANSWER:” stands {said}: write the letter of the right option")
    place = ord(match[1].upper()) - ord("A")
    if place >= len(now.options):
        last = chr(ord("A") + len(now.options) - 1)
        raise _Refused(f"the answer is {match[1].upper()}, but the options end with {last}: correct the letter")
    return place


class Aiken:
    """The format as Moodle reads it; other systems know it too."""

    name = "aiken"
    title = "Aiken"
    suffixes = (".txt",)
    media_type = "text/plain"
    reads = True
    writes = True
    fates: Mapping[str, Fate] = MappingProxyType(
        {
            "kind": Fate(False, "Only multiple choice and true or false have a place in Aiken."),
            "text": Fate(False, "Texts became plain text of one line: emphasis, lists and links are gone."),
            "code": Fate(False, "Code stands between the words, in one line."),
            "tables": Fate(False, "The cells of a table stand one after another, in one line."),
            "pictures": Fate(False, "An Aiken file holds no pictures; the words for them stand in their place."),
            "rationales": Fate(False, "Rationales are left out: Aiken has no feedback."),
            "choose": Fate(True, "One option is right."),
            "scoring": Fate(True, "With one right option, it is all or nothing."),
            "order": Fate(False, "A fixed order is not carried."),
            "ids": Fate(False, "Options are called a, b, c … in their order."),
            "id": Fate(False, "The code of the question is left out."),
            "title": Fate(False, "The title is left out: Moodle takes the beginning of the stem."),
            "scenario": Fate(False, "The shared text became the beginning of the stem."),
            "tags": Fate(False, "Tags are left out."),
            "topics": Fate(False, "Topics are left out."),
            "exam": Fate(False, "Task, domain, level and difficulty are left out."),
            "constraints": Fate(False, "Requirements, and which of them an option breaks, are left out."),
            "references": Fate(False, "Statements of the notes are left out."),
            "sources": Fate(False, "Sources and the date of the check are left out."),
            "relations": Fate(False, "Enemies and contrast pairs are left out."),
            "status": Fate(False, "Status, flags and reviews are left out."),
            "extra": Fate(True, "There is nothing else in an Aiken file."),
        }
    )

    def recognises(self, source: Source) -> bool:
        """Whether a line with an option stands before one with an answer. Never raises."""
        if source.is_zip or "\0" in source.head_text:
            return False
        lines = [line.strip() for line in source.head_text.split("\n")]
        answers = [place for place, line in enumerate(lines) if re.match(r"ANSWER\s*:", line, re.IGNORECASE)]
        return any(_OPTION.fullmatch(line) for line in lines[: answers[0]]) if answers else False

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions one by one. Raises BadFile."""
        return _items(source)

    def pictures(self, source: Source) -> Pictures:
        """There are none."""
        return lambda name: None

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What is left of a question in Aiken, and the account of it."""
        left, notes = _projected(question, self.fates)
        return left, tuple(notes)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Stem, options and answer, a blank line behind each question."""
        write_blocks(questions, out, lambda one: self.project(one)[0], lambda left: _block(left.content))


AIKEN = Aiken()


def _block(content: Content) -> str:
    letters = [chr(ord("A") + place) for place in range(len(content.options))]
    options = [f"{letter}) {flat(one.text)}" for letter, one in zip(letters, content.options, strict=True)]
    key = next(letter for letter, one in zip(letters, content.options, strict=True) if one.correct)
    return "\n".join([flat(content.stem), *options, f"ANSWER: {key}"]) + "\n\n"


def _projected(question: Exchanged, fates: Mapping[str, Fate]) -> tuple[Exchanged | None, list[Note]]:
    kind = question.content.kind
    if kind not in ("multiple_choice", "true_false"):
        words = f"Aiken has no place for this kind of question ({kind.replace('_', ' ')}), so it is left out."
        return None, [Note("kind", Severity.LOST, words)]
    notes: list[Note] = []
    if question.content.scenario:
        notes.append(Note("scenario", Severity.CHANGED, fates["scenario"].words))
    left, lost = without(with_scenario_in_stem(question), _LOST, fates)
    notes += lost
    content = left.content
    notes += _text_notes([content.stem, *(one.text for one in content.options)], fates)
    texts = [text for _, text in KINDS[kind].preset] or [literal(flat(one.text)) for one in content.options]
    if kind == "true_false" and texts != [one.text for one in content.options]:
        notes.append(Note("text", Severity.CHANGED, "The two options read “True” and “False”."))
    options = tuple(replace(one, text=text) for one, text in zip(content.options, texts, strict=True))
    stem = _safe(flat(content.stem), notes)
    if not stem or any(not text for text in texts):
        return None, [*notes, Note("text", Severity.LOST, "A text has no words in it, so the question is left out.")]
    order = KINDS[kind].orders[0]
    if content.order != order:
        notes.append(Note("order", Severity.LOST, fates["order"].words))
    named = with_plain_ids(replace(left, content=replace(content, stem=literal(stem), order=order, options=options)))
    if named.content.option_ids != content.option_ids:
        notes.append(Note("ids", Severity.CHANGED, fates["ids"].words))
    return _as_read(named, notes), notes


def _as_read(question: Exchanged, notes: list[Note]) -> Exchanged:
    """Two options that read “True” and “False” come back as that kind."""
    content = question.content
    texts = tuple(flat(one.text).casefold() for one in content.options)
    if content.kind == "true_false" or texts not in _TRUTH:
        return question
    notes.append(Note("kind", Severity.CHANGED, "Options that read “True” and “False” come back as true or false."))
    preset = KINDS["true_false"].preset
    options = tuple(replace(one, id=name, text=text) for one, (name, text) in zip(content.options, preset, strict=True))
    return replace(question, content=replace(content, kind="true_false", order="fixed", options=options))


def _text_notes(texts: list[str], fates: Mapping[str, Fate]) -> list[Note]:
    whole = "\n".join(texts)
    found: Mapping[str, bool] = {
        "pictures": bool(PICTURE.search(whole)),
        "code": "`" in whole,
        "tables": bool(re.search(r"^\s*\|", whole, re.MULTILINE)),
        "text": not all(map(is_plain, texts)),
    }
    return [Note(aspect, Severity.LOST, fates[aspect].words) for aspect, there in found.items() if there]


def _safe(stem: str, notes: list[Note]) -> str:
    """The stem with a word before it where it would be taken for an option or an answer, or for nothing at all."""
    if stem and (len(stem) < 2 or _OPTION.match(stem) or _ANSWER.match(stem)):
        words = "“Question:” was set before the stem, which would be taken for an option or an answer."
        notes.append(Note("text", Severity.CHANGED, words))
        return f"Question: {stem}"
    return stem
