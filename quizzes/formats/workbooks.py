"""Tables as workbooks of Excel, in which nothing runs."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from quizzes.formats.sheets import Cell

LONGEST = 32_767
"""Characters; no cell holds more."""
_NOT_IN_A_TITLE = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A workbook with one sheet: numbers as numbers, everything else as text, also what looks like a formula.

    Characters that the format has no place for are left out. The head stays in sight, as do the names beside it.
    """
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title.translate(_NOT_IN_A_TITLE)[:31].strip("' ") or "Sheet")
    sheet.freeze_panes = "B2"
    sheet.append([_cell(sheet, one, bold=True) for one in head])
    for row in rows:
        sheet.append([_cell(sheet, one) for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST])
    # The library takes what begins with = for a formula, and a word such as #N/A for an error.
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
