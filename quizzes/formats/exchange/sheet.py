"""Spreadsheets: the template as CSV, TSV and XLSX. One question a row, columns by their names, in any order."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange import workbook
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.projection import without
from quizzes.formats.exchange.sheet_columns import COLUMNS, WrongRow, projected, question_of, row_of
from quizzes.formats.exchange.source import Source
from quizzes.formats.sheets import BOM, guarded, neutral, plain, separator_of

MOST_BYTES = 48 * 1024 * 1024
MOST_ROWS = 50_000
MOST_CELL = 32_767
"""Characters; no spreadsheet keeps more."""
MOST_LINE = 2_000_000
_LOST = {
    "pictures": "Pictures do not travel in a table; only their places in the text do.",
    "references": "Statements of the notes have no column.",
    "sources": "Sources and the date of the check have no column.",
    "constraints": "Requirements, and which of them an option breaks, have no column.",
    "relations": "Enemies and contrast pairs have no column.",
    "status": "Status, flags and reviews have no column: a question comes back as a draft.",
}
_BEYOND = "the row has more cells than the first one names: put texts in which the sign between cells stands in quotes"
_CHANGED = {"ids": "Options are called a, b, c … in their order."}
Rows = Iterator[tuple[int, list[str], bool]]
"""The number of a row, its cells, and whether one of them is a formula."""


class Sheet:
    """What the three formats share. See the module."""

    name = ""
    title = ""
    suffixes: tuple[str, ...] = ()
    media_type = ""
    reads = True
    writes = True
    fates: Mapping[str, Fate] = {
        aspect: Fate(aspect not in _LOST | _CHANGED, (_LOST | _CHANGED).get(aspect, f"Carried: {words}."))
        for aspect, words in ASPECTS.items()
    }

    def _rows(self, source: Source) -> Rows:
        raise NotImplementedError

    def _assumed(self, source: Source) -> list[Note]:
        return []

    def recognises(self, source: Source) -> bool:
        """Whether the first row names a stem and options."""
        try:
            names = set(_head(self._rows(source)))
        except BadFile:
            return False
        return "stem" in names and bool(names & {"opt1", "answers"})

    def read(self, source: Source) -> Iterator[ReadItem]:
        """See Format; row by row."""
        rows = self._rows(source)
        head = _head(rows)
        if "stem" not in head:
            raise BadFile("the first row names no column “stem”: begin with the template", "row 1")
        if doubled := [one for one in head if one and head.count(one) > 1]:
            raise BadFile(f"two columns are called “{doubled[0][:40]}”: rename one", "row 1")
        shared = [*self._assumed(source), *_strange(head)]
        for number, cells, formula in rows:
            if number > MOST_ROWS:
                raise BadFile(f"it has more than {MOST_ROWS:,} rows: import it in parts", f"row {number}")
            row = dict(zip(head, cells, strict=False))
            if any(cells[len(head) :]):
                yield ReadItem(f"row {number}", None, (), _BEYOND, str(cells)[:500])
            elif any(one.strip().casefold() not in ("", "false") for one in cells):
                yield _item(number, row, formula, shared)

    def pictures(self, source: Source) -> Pictures:
        """None: a table has no pictures."""
        return lambda name: None

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """See Format."""
        _gone, notes = without(question, [one for one in _LOST if one != "pictures"], self.fates)
        found = projected(question)
        if any("](image:" in text for text in row_of(found).values()):
            notes.append(Note("pictures", Severity.LOST, _LOST["pictures"]))
        if found.content.option_ids != question.content.option_ids:
            notes.append(Note("ids", Severity.CHANGED, _CHANGED["ids"]))
        if any(len(text) > MOST_CELL - 1 for text in row_of(found).values()):
            words = f"A text is longer than the {MOST_CELL:,} characters that a cell holds: the question is left out."
            return None, (*notes, Note("text", Severity.LOST, words))
        return found, tuple(notes)

    def sample(self) -> bytes:
        """The template with three questions, to begin with."""
        out = io.BytesIO()
        self.write(_samples(), out, lambda name: None, "Questions")
        return out.getvalue()

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """See Format."""
        raise NotImplementedError

    def _cells(self, questions: Iterable[Exchanged]) -> Iterator[list[str]]:
        yield list(COLUMNS)
        for one in questions:
            found, _notes = self.project(one)
            if found is not None:
                row = row_of(found)
                yield [str(neutral(guarded(row.get(name, "")))) for name in COLUMNS]


class _Text(Sheet):
    delimiter = ","

    def _rows(self, source: Source) -> Rows:
        if source.size > MOST_BYTES:
            raise BadFile(f"it has more than {MOST_BYTES:,} bytes: import it in parts")
        if source.is_zip or (b"\0" in source.head[:1024] and source.encoding != "utf-16"):
            raise BadFile("this is no text")
        with source.text() as file:
            reader = csv.reader(_unmarked(file), delimiter=self._delimiter(source), strict=True)
            number = 0
            try:
                for number, cells in enumerate(reader, 1):
                    if len(cells) > workbook.MOST_CELLS:
                        raise BadFile(f"it has more than {workbook.MOST_CELLS} cells", f"row {number}")
                    _bound(cells, number)
                    yield number, [plain(one) for one in cells], False
            except (csv.Error, UnicodeError) as error:
                place = f"row {number + 1} (line {reader.line_num})"
                raise BadFile(f"this is no table that can be read ({error}): save it as CSV again", place) from error

    def _delimiter(self, source: Source) -> str:
        return self.delimiter

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """See Format: UTF-8 with a mark at its beginning, which Excel asks for."""
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        text.write(BOM)
        csv.writer(text, delimiter=self.delimiter).writerows(self._cells(questions))
        text.detach()


class Csv(_Text):
    """Commas, or the semicolons of other countries’ spreadsheets."""

    name = "csv"
    title = "CSV"
    suffixes = (".csv",)
    media_type = "text/csv"

    def _delimiter(self, source: Source) -> str:
        return separator_of(source.head_text)

    def _assumed(self, source: Source) -> list[Note]:
        found = _encoding_notes(source)
        if self._delimiter(source) == ";":
            found.append(Note("extra", Severity.ASSUMED, "The cells were taken to be divided by semicolons."))
        return found


class Tsv(_Text):
    """Tabs between cells."""

    name = "tsv"
    title = "TSV"
    suffixes = (".tsv", ".txt")
    media_type = "text/tab-separated-values"
    delimiter = "\t"

    def _assumed(self, source: Source) -> list[Note]:
        return _encoding_notes(source)


class Xlsx(Sheet):
    """The first sheet of a workbook. Formulas are not evaluated."""

    name = "xlsx"
    title = "Excel"
    suffixes = (".xlsx",)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def _rows(self, source: Source) -> Rows:
        for number, (cells, formula) in enumerate(workbook.rows(source), 1):
            _bound(cells, number)
            yield number, [plain(one) for one in cells], formula

    def _assumed(self, source: Source) -> list[Note]:
        names = workbook.sheets(source)
        if len(names) < 2:
            return []
        words = f"Only the first sheet, “{names[0][:40]}”, was read; the file has {len(names)}."
        return [Note("extra", Severity.LOST, words)]

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """See Format."""
        workbook.written(out, self._cells(questions))


CSV, TSV, XLSX = Csv(), Tsv(), Xlsx()


def _head(rows: Rows) -> list[str]:
    """The names of the columns: of the first row that is not empty, nor the one that tells Excel what divides cells."""
    named = (cells for _number, cells, _formula in rows if any(cells) and not cells[0].startswith("sep="))
    return [_name(one) for one in next(named, [""])]


def _name(text: str) -> str:
    name = "_".join(text.casefold().split())
    return {"license": "licence"}.get(name, name)


def _bound(cells: Sequence[str], number: int) -> None:
    if any(len(one) > MOST_CELL for one in cells):
        raise BadFile(f"a cell has more than {MOST_CELL:,} characters: shorten it", f"row {number}")


def _unmarked(file: io.TextIOWrapper) -> Iterator[str]:
    """The lines, none of them without end."""
    while line := file.readline(MOST_LINE):
        if len(line) == MOST_LINE:
            raise BadFile(f"a line has more than {MOST_LINE:,} characters: this is no table")
        yield line.replace("\0", "")


def _encoding_notes(source: Source) -> list[Note]:
    if source.encoding != "cp1252":
        return []
    words = "The file is no UTF-8; it was read as Windows-1252. Look at letters with accents."
    return [Note("text", Severity.ASSUMED, words)]


def _strange(head: Sequence[str]) -> Iterator[Note]:
    for one in head:
        if one and one not in COLUMNS:
            yield Note("extra", Severity.LOST, f"The column “{one[:60]}” is not known and was left out.")


def _item(number: int, row: Mapping[str, str], formula: bool, shared: Sequence[Note]) -> ReadItem:
    place, notes = f"row {number}", list(shared)
    if formula:
        words = "A cell of this row is a formula or an error: nothing was run, it is read as it stands."
        notes.append(Note("extra", Severity.CHANGED, words))
    try:
        return ReadItem(place, question_of(row), tuple(notes))
    except WrongRow as error:
        return ReadItem(place, None, tuple(notes), str(error), str({k: v for k, v in row.items() if v})[:500])


def _samples() -> list[Exchanged]:
    choice = (
        Option("a", "Amazon S3 Standard", False, "It costs more for data that is read once a year."),
        Option("b", "Amazon S3 Glacier Deep Archive", True, "It costs least, and a wait of hours is fine here."),
        Option("c", "Amazon EBS", False, "It is block storage for servers."),
    )
    stem = "Logs are read once a year and may take hours to arrive. Which storage costs **least**?"
    short = {"accepted": ["NAT gateway", "nat gw"], "rationale": "It translates addresses for a private subnet."}
    number = {"answer": "7", "unit": "days", "rationale": "Backups are kept for seven days."}
    return [
        Exchanged("sample-1", Content("multiple_choice", stem, 1, "shuffle", choice), "Cheap logs"),
        Exchanged("sample-2", Content("short_text", "What lets a private subnet reach out?", 1, "fixed", (), short)),
        Exchanged("sample-3", Content("numeric", "For how long are backups kept?", 1, "fixed", (), number)),
    ]
