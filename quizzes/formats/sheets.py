"""Tables for spreadsheets: CSV that opens in all of them, and in which nothing runs."""

import csv
from collections.abc import Iterable, Iterator, Sequence

BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine. All others leave it out when they read."""
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A cell that begins with one of these may be taken for a formula."""

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


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The lines of the file, one by one."""
    writer = csv.writer(_Echo())
    yield BOM
    yield writer.writerow([neutral(one) for one in head])
    for row in rows:
        yield writer.writerow([neutral(one) for one in row])
