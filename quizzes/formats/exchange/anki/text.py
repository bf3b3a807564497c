"""Notes as text, as Anki exports them and as people write them for it: one line a note, with headers at the top."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, TextIO

from quizzes.formats.exchange.anki import edited, fates
from quizzes.formats.exchange.anki.notes import AnkiNote
from quizzes.formats.exchange.model import BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.source import Source

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
MOST_FIELDS = 200
MOST_HEADERS = 100
LONGEST = 1 << 20
"""Letters of one line."""
_HEADER = re.compile(
    r"#(separator|html|notetype|notetype id|deck|deck id|columns|tags|if matches|match scope"
    r"|(?:tags|guid|deck|notetype) column):",
    re.I,
)
_HTML = re.compile(r"</?[a-zA-Z][^>\n]{0,200}>|&(?:nbsp|lt|gt|amp|quot|#\d+);")


@dataclass
class _Headers:
    """What the top of a file says. ``places``: of the columns that are no fields, from 0."""

    separator: str = "\t"
    html: bool = True
    note_type: str = ""
    deck: str = ""
    columns: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)


class _Lines:
    """The lines of a file, counted. Between two notes (``between``) a line that begins with # is a comment."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._again = ""
        self.number = 0
        self.between = False

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._again or self._read()
        self._again = ""
        while self.between and (line.startswith("#") or line == "\n"):
            line = self._read()
        self.between = False
        if not line:
            raise StopIteration
        return line

    @property
    def has_one(self) -> bool:
        """Whether the next line is one that was put back."""
        return bool(self._again)

    def put_back(self, line: str) -> None:
        """This one comes next; it is counted already."""
        self._again = line

    def _read(self) -> str:
        line = self._file.readline(LONGEST)
        self.number += bool(line)
        if len(line) == LONGEST and not line.endswith("\n"):
            raise BadFile(f"this line has more than {LONGEST:,} letters: split it", f"line {self.number}")
        return line.replace("\0", "")


class AnkiText:
    """Notes in a text file (.txt); in only."""

    name = "anki_text"
    title = "Anki notes (text)"
    suffixes: tuple[str, ...] = (".txt", ".tsv", ".csv")
    media_type = "text/plain"
    reads = True
    writes = False
    fates: Mapping[str, Fate] = fates.TEXT

    def recognises(self, source: Source) -> bool:
        """Text whose first line is one of Anki’s headers."""
        if source.is_zip or (b"\0" in source.head[:1000] and source.encoding == "utf-8-sig"):
            return False
        return bool(_HEADER.match(source.head_text.lstrip()))

    def read(self, source: Source) -> Iterator[ReadItem]:
        """Note by note, in bounded memory."""
        with source.text() as file:
            lines = _Lines(file)
            headers = _headers(lines, source)
            for note in _notes(lines, headers):
                yield edited.read(note, _no_picture)

    def pictures(self, source: Source) -> Pictures:
        """None: the file names them, and does not have them."""
        return _no_bytes

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """Nothing is written."""
        return None, (Note("kind", Severity.LOST, "Notes are written as a deck (.apkg), not as text."),)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Nothing, since no question can be written."""


def _headers(lines: _Lines, source: Source) -> _Headers:
    """The headers; the first line that is none comes next again."""
    said: dict[str, str] = {}
    first = ""
    for _ in range(MOST_HEADERS):
        first = next(lines, "").removeprefix("\ufeff")
        match = _HEADER.match(first)
        if match:
            said[match[1].lower()] = first[match.end() :].strip("\r\n")
        elif not first or (first.strip() and not first.startswith("#")):
            break
    lines.put_back(first)
    separator = _separator(said.get("separator", "").strip(), first)
    html = said["html"].strip().lower() == "true" if "html" in said else bool(_HTML.search(source.head_text))
    columns = said.get("columns", "")
    return _Headers(
        separator=separator,
        html=html,
        note_type=said.get("notetype", "").strip(),
        deck=said.get("deck", "").strip(),
        columns=tuple(_row([columns], separator)) if columns else (),
        tags=tuple(said.get("tags", "").split()),
        places=_places(said),
    )


def _separator(said: str, first: str) -> str:
    if said:
        found = SEPARATORS.get(said.lower(), said.replace("\\t", "\t"))
        if len(found) != 1 or found in '"\r\n#' or ord(found) > 127:
            names = ", ".join(SEPARATORS)
            raise BadFile(f"the separator “{said[:20]}” is none that is known: write one of {names}", "#separator")
        return found
    return next((one for one in SEPARATORS.values() if one in first), "\t")


def _places(said: Mapping[str, str]) -> dict[str, int]:
    found = {}
    for name in ("tags", "guid", "deck", "notetype"):
        value = said.get(f"{name} column", "").strip()
        if value:
            if not (value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MOST_FIELDS):
                raise BadFile("a number of a column from 1 is wanted", f"#{name} column")
            found[name] = int(value[:4]) - 1
    return found


def _notes(lines: _Lines, headers: _Headers) -> Iterator[AnkiNote]:
    """The rows; the first says how many fields each has."""
    rows = csv.reader(lines, delimiter=headers.separator)
    width = 0
    while True:
        lines.between = True
        start = lines.number if lines.has_one else lines.number + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise BadFile(
                "a quotation mark is opened here and not closed, or a field is too long", f"line {start}"
            ) from error
        if row is None:
            return
        if not any(one.strip() for one in row):
            continue
        width = width or min(len(row), MOST_FIELDS)
        yield _note(row[:width] + [""] * (width - len(row)), headers, f"line {start}")


def _note(row: list[str], headers: _Headers, place: str) -> AnkiNote:
    def at(name: str) -> str:
        number = headers.places.get(name)
        return row[number].strip() if number is not None and number < len(row) else ""

    kept = [number for number in range(len(row)) if number not in headers.places.values()]
    names: tuple[str, ...] = ()
    if headers.columns:
        names = tuple(headers.columns[number] if number < len(headers.columns) else "" for number in kept)
    return AnkiNote(
        place=place,
        values=tuple(row[number] for number in kept),
        names=names,
        note_type=at("notetype") or headers.note_type,
        deck=at("deck") or headers.deck,
        tags=(*headers.tags, *at("tags").split()),
        guid=at("guid"),
        html=headers.html,
    )


def _row(lines: list[str], separator: str) -> list[str]:
    try:
        return next(csv.reader(lines, delimiter=separator), [])
    except csv.Error as error:
        raise BadFile("the names of the columns cannot be read: check their quotation marks", "#columns") from error


def _no_picture(address: str) -> str | None:
    return None


def _no_bytes(name: str) -> bytes | None:
    return None


ANKI_TEXT = AnkiText()
