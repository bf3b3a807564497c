"""Tables for spreadsheets: nothing in them runs, and every program reads them."""

import csv
import io

import pytest

from quizzes.formats.sheets import BOM, as_csv, neutral


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "   @x", "=cmd|' /C calc'!A0", '=HYPERLINK("x")'],
)
def test_what_could_run_is_text(cell: str) -> None:
    assert neutral(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["ada", "a=b", "", "(left)", "1-2", "x\ty", 0, -0.5, 7])
def test_what_cannot_run_is_left_alone(cell: str | int | float) -> None:
    assert neutral(cell) == cell


def test_it_reads_back() -> None:
    rows = [["a,b", 'say "hi"', "two\nlines", None, -0.5], ["ä", "=1", "", 3, 1.25]]
    text = "".join(as_csv(["one", "two", "three", "four", "=five"], rows))
    assert text.startswith(BOM)
    read = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline="")))
    assert read == [
        ["one", "two", "three", "four", "'=five"],
        ["a,b", 'say "hi"', "two\nlines", "", "-0.5"],
        ["ä", "'=1", "", "3", "1.25"],
    ]
