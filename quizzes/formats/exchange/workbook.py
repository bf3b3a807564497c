"""Workbooks of Excel: bounded before they are read, and their cells as somebody sees them."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, time
from typing import Any

import openpyxl

from quizzes.formats.exchange.archive import Archive, opened
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import Source

MOST_CELLS = 200
MOST_IN_A_ROW = 16_384
"""Cells; no program writes more. The library reads a row whole."""
MOST_SHARED = 24 * 1024 * 1024
"""Bytes of texts that cells share; the library keeps all of them."""
_PIECE = 1 << 20
_TAG = re.compile(rb"<(?:\w+:)?(row|c)[\s/>]")

Row = tuple[list[str], bool]
"""The cells, and whether one of them is a formula or an error."""


def rows(source: Source) -> Iterator[Row]:
    """The rows of the first sheet. Raises BadFile."""
    _check(source)
    with _in_our_words(), source.open() as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
        for row in book.worksheets[0].iter_rows(max_col=MOST_CELLS):
            yield [shown(one) for one in row], any(one.data_type in "fe" for one in row)


def sheets(source: Source) -> list[str]:
    """The names of all sheets. Raises BadFile."""
    _check(source)
    with _in_our_words(), source.open() as file:
        return list(openpyxl.load_workbook(file, read_only=True, keep_links=False).sheetnames)


def shown(cell: Any) -> str:
    """What one sees in a cell: no point behind a whole number, no midnight behind a date, percent as percent."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        share = "%" in str(cell.number_format or "")
        return f"{value * 100:.12g}%" if share else f"{value:.15g}"
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    text = getattr(value, "text", value)
    return str(text).replace("_x000D_", "").replace("\r\n", "\n")


def _check(source: Source) -> None:
    if not source.is_zip:
        raise BadFile("this is no workbook of Excel")
    with opened(source) as archive:
        if "xl/workbook.xml" not in archive:
            raise BadFile("this is no workbook of Excel")
        for name in archive.names:
            if name.startswith("xl/sharedStrings") and archive.size(name) > MOST_SHARED:
                raise BadFile(f"its texts have more than {MOST_SHARED:,} bytes: import it in parts", name)
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _check_rows(archive, name)


def _check_rows(archive: Archive, name: str) -> None:
    """No row with cells without end: each is an object, though only the first two hundred are asked for."""
    in_row, end = 0, b""
    with archive.open(name) as stream:
        while piece := stream.read(_PIECE):
            for tag in _TAG.findall(end + piece):
                in_row = 0 if tag == b"row" else in_row + 1
                if in_row > MOST_IN_A_ROW:
                    raise BadFile(f"a row has more than {MOST_IN_A_ROW:,} cells", name)
            end = _unfinished(piece)


def _unfinished(piece: bytes) -> bytes:
    """The beginning of a tag that the next piece ends."""
    start = piece.rfind(b"<", len(piece) - 64)
    return piece[start:] if start >= 0 and not _TAG.match(piece, start) else b""


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Whatever the library stumbles over."""
    try:
        yield
    except (BadFile, GeneratorExit):
        raise
    except Exception as error:  # it raises nearly everything
        raise BadFile("the workbook is broken: save it again") from error


def written(out: Any, table: Iterator[Sequence[str]]) -> None:
    """A workbook with one sheet of texts."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Questions")
    for cells in table:
        sheet.append(list(cells))
    book.save(out)
