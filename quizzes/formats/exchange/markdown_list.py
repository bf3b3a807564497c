"""Markdown lists with boxes: a stem, options as “- [x]” and “- [ ]”, rationales under them. Read, never written."""

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import BinaryIO

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.plain import one_line, picture_words
from quizzes.formats.exchange.projection import plain_ids
from quizzes.formats.exchange.source import Source

MOST_LETTERS = 100_000
"""Of one question."""
_OPTION = re.compile(r"([ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+\[([ xX]?)\](?:[ \t]+(.*))?")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*")
_RULE = re.compile(r" {0,3}(?:-(?:[ \t]*-){2,}|\*(?:[ \t]*\*){2,}|_(?:[ \t]*_){2,})[ \t]*")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*")
_NUMBER = re.compile(r" {0,3}(?:(?:Q|Question)[ \t]*)?\d{1,4}[.):][ \t]+(.*)", re.IGNORECASE)
_ONLY_NUMBER = re.compile(r"(?:Q|Question)?\s*\d{0,4}[.):]?", re.IGNORECASE)
_FENCE = re.compile(r"[ \t]*(?:>[ \t]*)?(`{3,}|~{3,})(.*)")
_QUOTE = re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE)
_PICTURE = re.compile(r"!\[([^\]\n]{0,500})\]\([^()\n]{0,500}\)")


@dataclass
class _Option:
    """An option as it stands: its text, and the lines under it."""

    indent: int
    right: bool
    text: list[str]
    rationale: list[str] = field(default_factory=list)
    close: bool = False

    def add(self, line: str, *, gap: bool, fenced: bool) -> None:
        """A line under it. Code right under the text belongs to it, and so does what is not indented."""
        indented = line.lstrip().startswith(">") or len(line) - len(line.lstrip()) > self.indent
        opens = bool(_FENCE.fullmatch(line)) and not line.lstrip().startswith(">")
        if not self.rationale and not gap and (fenced or opens or not indented or not "".join(self.text).strip()):
            self.text.append(line)
            return
        self.close = self.close or (not self.rationale and not gap and not line.lstrip().startswith(">"))
        self.rationale += [""] * (gap and bool(self.rationale)) + [line]


@dataclass
class _Chunk:
    """The lines of one question."""

    number: int = 0
    heading: str = ""
    stem: list[str] = field(default_factory=list)
    options: list[_Option] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    letters: int = 0

    @property
    def has_stem(self) -> bool:
        return any(line.strip() for line in self.stem)


class _Reader:
    """Line by line; ``done`` are the chunks that ended."""

    def __init__(self) -> None:
        self.chunk = _Chunk()
        self.fence = ""
        self.gap = False

    def line(self, number: int, line: str) -> _Chunk | None:
        """Take a line; the chunk that ended before it, if one did."""
        if self.gap and not line and not self.fence:
            return None
        ended = None
        if self.fence or not self._divides(line):
            if not self.fence and self._begins(line):
                ended, self.chunk = self.chunk, _Chunk()
            self._take(number, line)
        else:
            ended, self.chunk = self.chunk, _Chunk()
            if heading := _HEADING.fullmatch(line):
                self.chunk = _Chunk(number, heading[1].strip(), lines=[line])
            elif ended.lines and not ended.options and len(ended.stem) == 1 and not ended.heading and not self.gap:
                # The line above was a heading, underlined.
                self.chunk = _Chunk(ended.number, ended.stem[0].strip(), lines=ended.lines)
                ended = None
        self.gap = not line.strip()
        return ended

    def _divides(self, line: str) -> bool:
        alone = len(self.chunk.stem) == 1 and not self.chunk.options and not self.gap
        return bool(_HEADING.fullmatch(line) or _RULE.fullmatch(line) or (alone and _UNDERLINE.fullmatch(line)))

    def _begins(self, line: str) -> bool:
        """Whether a question begins here without a divider: by its number, or as text behind a blank line."""
        last = self.chunk.options[-1] if self.chunk.options else None
        if last is None or not line.strip() or _OPTION.fullmatch(line):
            return False
        if _NUMBER.fullmatch(line) and len(line) - len(line.lstrip()) <= last.indent:
            return True
        under = len(line) - len(line.lstrip()) > last.indent or line.lstrip().startswith(">")
        return self.gap and not under

    def _take(self, number: int, line: str) -> None:
        chunk = self.chunk
        if not line.strip() and not chunk.lines:
            return
        chunk.number = chunk.number or number
        chunk.letters += len(line) + 1
        if chunk.letters > MOST_LETTERS and chunk.lines:
            return
        chunk.lines.append(line[:MOST_LETTERS])
        fenced = bool(self.fence)
        option = None if fenced else _OPTION.fullmatch(line)
        if option:
            indent = len(option[1].expandtabs(4))
            chunk.options.append(_Option(indent, option[2].lower() == "x", [option[3] or ""]))
        elif chunk.options:
            if line.strip() or fenced:
                chunk.options[-1].add(line.expandtabs(4), gap=self.gap and not fenced, fenced=fenced)
        elif not chunk.has_stem and (begin := _NUMBER.fullmatch(line)) and not fenced:
            chunk.stem = [begin[1]]
        else:
            chunk.stem.append(line.expandtabs(4) if not fenced else line)
        self._track(line)

    def _track(self, line: str) -> None:
        match = _FENCE.fullmatch(line)
        if match and not self.fence:
            self.fence = match[1]
        elif match and match[1].startswith(self.fence) and not match[2].strip():
            self.fence = ""


def _items(source: Source) -> Iterator[ReadItem]:
    reader = _Reader()
    with source.text() as file:
        for number, line in enumerate(file, 1):
            if "\0" in line:
                raise BadFile("there is a NUL byte in it, so this is no text: save the file as UTF-8", f"line {number}")
            ended = reader.line(number, line.removeprefix("\ufeff").rstrip())
            if ended and (item := _item(ended)):
                yield item
    if item := _item(reader.chunk):
        yield item


def _item(chunk: _Chunk) -> ReadItem | None:
    """The question of a chunk; None where it is a heading or nothing."""
    if not chunk.options and not chunk.has_stem:
        return None
    place, raw = f"line {chunk.number}", "\n".join(chunk.lines)[:2000]
    notes: list[Note] = []
    content, problem = None, _missing(chunk)
    title = "" if _ONLY_NUMBER.fullmatch(chunk.heading) else _unnumbered(chunk.heading)
    if not problem:
        stem = _text(chunk.stem, notes)
        content = _content(stem or title, chunk, notes)
        problem = "; ".join(KINDS[content.kind].flaws(content)) or _empty(content)
        title = one_line(title)[:200] if stem else ""
    if problem or content is None:
        return ReadItem(place, None, problem=problem, raw=raw)
    return ReadItem(place, Exchanged("", content, title), tuple(dict.fromkeys(notes)))


def _missing(chunk: _Chunk) -> str:
    if chunk.letters > MOST_LETTERS:
        return f"this has more than {MOST_LETTERS:,} characters: set a heading or a rule between two questions"
    if not chunk.options:
        return "there are no options: write them as lines with “- [x]” and “- [ ]” right below the question"
    if not chunk.has_stem and _ONLY_NUMBER.fullmatch(chunk.heading):
        return "the stem is missing: write the question above the options"
    if not any(one.right for one in chunk.options):
        return "no option is ticked: write “- [x]” before the right ones"
    if not all("".join(one.text).strip() for one in chunk.options):
        return "an option has no text: write it, or remove the line"
    return ""


def _empty(content: Content) -> str:
    """What is wrong where a text had nothing but signs in it."""
    if not content.stem:
        return "the stem is missing: write the question above the options"
    return "" if all(one.text for one in content.options) else "an option has no text: write it, or remove the line"


def _content(stem: str, chunk: _Chunk, notes: list[Note]) -> Content:
    texts = [(_text(one.text, notes), _text(one.rationale, notes), one.right) for one in chunk.options]
    if any(one.close for one in chunk.options):
        words = "Indented lines right under an option were taken for its rationale."
        notes.append(Note("rationales", Severity.ASSUMED, words))
    right = sum(one for *_, one in texts)
    preset = KINDS["true_false"].preset
    by_text = {text.casefold(): (rationale, correct) for text, rationale, correct in texts}
    if len(texts) == 2 and right == 1 and set(by_text) == {text.casefold() for _, text in preset}:
        options = tuple(
            Option(name, text, by_text[text.casefold()][1], by_text[text.casefold()][0]) for name, text in preset
        )
        return Content("true_false", stem, 1, "fixed", options)
    # Of more than the letters of the alphabet there are too many anyway: the kind says so.
    names = [*plain_ids(), *map(str, range(len(texts)))]
    options = tuple(
        Option(name, text, correct, rationale) for name, (text, rationale, correct) in zip(names, texts, strict=False)
    )
    return Content("multiple_choice" if right == 1 else "multiple_response", stem, right, "shuffle", options)


def _text(lines: list[str], notes: list[Note]) -> str:
    """The lines as Markdown of this site: without their indent, without signs of quotes, pictures as words."""
    if not lines:
        return ""
    first, rest = lines[0].strip(), textwrap.dedent("\n".join(lines[1:]))
    text = f"{first}\n{rest}".strip()
    parts = re.split(r"(^```.*?^```[^\n]*$)", text, flags=re.MULTILINE | re.DOTALL)
    for place in range(0, len(parts), 2):
        parts[place] = _QUOTE.sub("", parts[place])
        if _PICTURE.search(parts[place]):
            parts[place] = _PICTURE.sub(lambda match: picture_words(match[1]), parts[place])
            words = "A Markdown file brings no pictures; the words for them stand in their place."
            notes.append(Note("pictures", Severity.LOST, words))
    return "".join(parts).strip()


def _unnumbered(heading: str) -> str:
    match = _NUMBER.fullmatch(heading)
    return match[1].strip() if match else heading


_NOT_WRITTEN = "A Markdown list does not say it."


class MarkdownList:
    """Lists of tasks as many editors and sites know them."""

    name = "markdown"
    title = "Markdown lists"
    suffixes = (".md", ".markdown", ".txt")
    media_type = "text/markdown"
    reads = True
    writes = False
    fates: Mapping[str, Fate] = MappingProxyType(
        {
            "kind": Fate(True, "Multiple choice, multiple response, and true or false are read."),
            "text": Fate(True, "Markdown stays as it is; signs of quotes are taken out."),
            "code": Fate(True, "Code stays as it is."),
            "tables": Fate(True, "Tables stay as they are."),
            "pictures": Fate(False, "A Markdown file brings no pictures; the words for them stand in their place."),
            "rationales": Fate(True, "What is indented or quoted under an option is its rationale."),
            "choose": Fate(True, "As many options are to be chosen as are ticked."),
            "scoring": Fate(True, "The quiz decides, all or nothing unless it says otherwise."),
            "order": Fate(False, "Options are shuffled."),
            "ids": Fate(False, "Options are called a, b, c … in their order."),
            "id": Fate(False, _NOT_WRITTEN),
            "title": Fate(True, "A heading above a stem is the title."),
            **{
                aspect: Fate(False, _NOT_WRITTEN)
                for aspect in (
                    *("scenario", "tags", "topics", "exam", "constraints", "references", "sources", "relations"),
                    *("status", "extra"),
                )
            },
        }
    )

    def recognises(self, source: Source) -> bool:
        """Whether options with a box stand in it. Never raises."""
        if source.is_zip or "\0" in source.head_text:
            return False
        return any(_OPTION.fullmatch(line.rstrip()) for line in source.head_text.split("\n"))

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions one by one. Raises BadFile."""
        return _items(source)

    def pictures(self, source: Source) -> Pictures:
        """There are none."""
        return lambda name: None

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """Nothing is written in this format."""
        words = "Markdown lists are read here, not written."
        return None, (Note("kind", Severity.LOST, words),)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Nothing is written in this format."""


MARKDOWN_LIST = MarkdownList()
