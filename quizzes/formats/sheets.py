"""Tables for spreadsheets: CSV that opens in all of them, and in which nothing runs."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine. All others leave it out when they read."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these may be taken for a formula."""
_TOLD = re.compile(r"sep=([;,\t|])")
"""The first line by which a file tells Excel what stands between its cells."""

Cell = str | int | float | None


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """The text."""
        return text


def neutral(cell: Cell) -> str | int | float:
    """The cell, so that no spreadsheet runs it: text that could be a formula has an apostrophe before it.

    A number of ours stays one, below zero as well: there is nothing in it to run.
    """
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(DANGEROUS):
        return f"'{cell}"
    return cell


def guarded(text: str) -> str:
    """Text of which :func:`plain` gives back all: its own apostrophe that could be taken for ours gets one more."""
    return f"'{text}" if text[:1] == "'" and text[1:].lstrip(" '").startswith(DANGEROUS) else text


def plain(text: str) -> str:
    """The cell without the apostrophe of :func:`neutral`."""
    return text[1:] if text[:1] == "'" and text[1:].lstrip(" '").startswith(DANGEROUS) else text


def separator_of(text: str, among: str = ",;") -> str:
    """What stands between the cells: as the first line tells Excel, else the sign that this line has most of."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    if told := _TOLD.fullmatch(head.strip()):
        return told[1]
    return max(among, key=head.count)


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of the file, one by one."""
    writer = csv.writer(_Echo())
    yield BOM
    yield writer.writerow([neutral(one) for one in head])
    for row in rows:
        yield writer.writerow([neutral(one) for one in row])
