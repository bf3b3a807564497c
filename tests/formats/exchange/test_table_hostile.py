"""Tables that are made to harm: refused in words, and never whole in memory."""

import io
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from quizzes.formats.exchange import BadFile, Source, registry
from quizzes.formats.exchange.sheet import CSV, MOST_BYTES, XLSX

HEAD = ["stem", "opt1", "opt1_correct", "opt2"]
ROW = "Which?,one,yes,two\n"
MEGABYTE = 1 << 20
ENTITIES = '<!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY c SYSTEM "file:///etc/passwd">]>'


def workbook(change: Callable[[str, str], str]) -> bytes:
    """A workbook of one question; ``change`` gets each member’s name and text."""
    plain, out = io.BytesIO(), io.BytesIO()
    XLSX.write([], plain, lambda name: None, "x")
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name).decode()))
    return out.getvalue()


def source(folder: Path, data: bytes) -> Source:
    path = folder / "table"
    path.write_bytes(data)
    return Source(path, "table")


def with_type(doctype: str) -> Callable[[str, str], str]:
    """Each XML of the workbook defines something, and the sheet uses it."""

    def change(name: str, text: str) -> str:
        if not name.startswith("xl/worksheets/"):
            return text
        start = text.index("<worksheet")
        return text[:start] + doctype + text[start:].replace("</sheetData>", "<row><c><v>&c;</v></c></row></sheetData>")

    return change


@pytest.mark.parametrize("doctype", [ENTITIES, OUTSIDE])
def test_a_workbook_that_defines_entities_is_refused(tmp_path: Path, doctype: str) -> None:
    with pytest.raises(BadFile):
        list(XLSX.read(source(tmp_path, workbook(with_type(doctype)))))


def test_a_sheet_may_claim_any_size(tmp_path: Path) -> None:
    def claim(name: str, text: str) -> str:
        if not name.startswith("xl/worksheets/"):
            return text
        rows = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row>'
        return text.replace("</sheetData>", f"{rows}</sheetData>").replace(
            "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
        )

    with suppress(BadFile):
        assert len(list(islice(XLSX.read(source(tmp_path, workbook(claim))), 10))) == 0


def test_a_row_with_cells_without_end_is_refused_unread(tmp_path: Path) -> None:
    def widen(name: str, text: str) -> str:
        cells = "<c/>" * 200_000
        return text.replace("</sheetData>", f"<row>{cells}</row></sheetData>")

    data = source(tmp_path, workbook(widen))
    tracemalloc.start()
    try:
        with pytest.raises(BadFile, match=r"a row has more than 16,384 cells|suspiciously large"):
            list(XLSX.read(data))
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_texts_without_end_are_refused_unread(tmp_path: Path) -> None:
    out = io.BytesIO(workbook(lambda name, text: text))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as file:
        file.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * (2 * MEGABYTE) + b"</sst>")
    with pytest.raises(BadFile, match="import it in parts"):
        list(XLSX.read(source(tmp_path, out.getvalue())))


def test_a_workbook_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="suspiciously large"):
        list(XLSX.read(source(tmp_path, workbook(lambda name, text: text + " " * (8 * MEGABYTE)))))


def test_a_table_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "table"
    with path.open("wb") as file:
        file.write(f"{','.join(HEAD)}\n".encode())
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(BadFile, match="import it in parts"):
        list(CSV.read(Source(path, "table")))


def test_forty_megabytes_are_read_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "table"
    piece = ROW * 5_000
    with path.open("w") as file:
        file.write(f"{','.join(HEAD)}\n")
        for _piece in range(40 * MEGABYTE // len(piece)):
            file.write(piece)
    tracemalloc.start()
    try:
        rows = list(islice(CSV.read(Source(path, "table")), 200))
        assert len(rows) == 200
        assert tracemalloc.get_traced_memory()[1] < 20 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_rows_without_end_are_refused(tmp_path: Path) -> None:
    data = f"{','.join(HEAD)}\n".encode() + b",,,\n" * 50_001 + ROW.encode()
    with pytest.raises(BadFile, match="import it in parts"):
        list(CSV.read(source(tmp_path, data)))


@pytest.mark.parametrize(
    "data",
    [b"stem,opt1\n\0\0\0\xff\xfe", b"\xff\xfes\0t\0e\0m\0,\0", b"stem,opt1\n" + b"x" * (10 * MEGABYTE), b"\0" * 5_000],
)
def test_bytes_that_are_no_text_are_refused_or_read(tmp_path: Path, data: bytes) -> None:
    with suppress(BadFile):
        list(CSV.read(source(tmp_path, data)))
    with suppress(BadFile):
        registry.detect(source(tmp_path, data))
