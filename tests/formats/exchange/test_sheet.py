"""Tables as people send them: any order of columns, any spreadsheet; nothing runs."""

import contextlib
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange.model import BadFile, Exchanged, Format, ReadItem
from quizzes.formats.exchange.sheet import CSV, MOST_CELL, TSV, XLSX, Sheet
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, exchanged_questions


def read(path: Path, one: Format, data: bytes) -> list[ReadItem]:
    path.write_bytes(data)
    return list(one.read(Source(path, "file")))


def written(one: Format, questions: list[Exchanged]) -> bytes:
    out = io.BytesIO()
    one.write(questions, out, PICTURES, "x")
    return out.getvalue()


@pytest.mark.parametrize("one", [CSV, TSV, XLSX], ids=lambda one: one.name)
@given(st.lists(exchanged_questions(), max_size=2))
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back_as_projected(tmp_path: Path, one: Sheet, questions: list[Exchanged]) -> None:
    expected = [one.project(question)[0] for question in questions]
    items = read(tmp_path / "x", one, written(one, questions))
    assert [item.problem for item in items] == [""] * len(questions)
    assert [item.question for item in items] == expected
    assert [one.project(question)[0] for question in expected if question] == expected


@pytest.mark.parametrize("one", [CSV, TSV, XLSX], ids=lambda one: one.name)
def test_the_sample_is_recognised_and_read(tmp_path: Path, one: Sheet) -> None:
    items = read(tmp_path / "x", one, one.sample())
    assert [item.question.content.kind for item in items if item.question] == [
        "multiple_choice",
        "short_text",
        "numeric",
    ]
    assert not any(item.notes for item in items)
    assert [each.name for each in (CSV, TSV, XLSX) if each.recognises(Source(tmp_path / "x", "x"))] == [one.name]


HEAD = "Stem,OPT1,opt1_correct,opt2,Points\n"


def test_columns_come_in_any_order_and_case_and_unknown_ones_are_named(tmp_path: Path) -> None:
    (item,) = read(tmp_path / "x", CSV, f"{HEAD}Which?,one,Yes,two,5\n".encode())
    assert item.question is not None
    assert item.question.content.keys == {"a"}
    assert [note.words for note in item.notes] == ["The column “points” is not known and was left out."]


def test_semicolons_and_windows_letters_are_said(tmp_path: Path) -> None:
    data = f"{HEAD}Größe?,one,x,two,\n".replace(",", ";").encode("cp1252")
    (item,) = read(tmp_path / "x", CSV, data)
    assert item.question is not None
    assert item.question.content.stem == "Größe?"
    assert {note.severity.value for note in item.notes if "column" not in note.words} == {"assumed"}
    assert len(item.notes) == 3


def test_nothing_that_is_written_begins_as_a_formula(tmp_path: Path) -> None:
    text = f"{HEAD}=1+1,@cmd,yes,'=quoted,\n"
    (item,) = read(tmp_path / "x", CSV, text.encode())
    assert item.question is not None
    data = written(CSV, [item.question]).decode()
    assert "'=1+1" in data
    assert "'@cmd" in data
    book = openpyxl.load_workbook(io.BytesIO(written(XLSX, [item.question])))
    assert not any(cell.data_type == "f" for row in book.active.iter_rows() for cell in row)  # type: ignore[union-attr]


def test_formulas_are_named_not_run(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["stem", "opt1", "opt1_correct", "opt2"])  # type: ignore[union-attr]
    book.active.append(["Which?", "=1+1", "yes", 5])  # type: ignore[union-attr]
    out = io.BytesIO()
    book.save(out)
    (item,) = read(tmp_path / "x", XLSX, out.getvalue())
    assert item.question is not None
    assert [one.text for one in item.question.content.options] == ["=1+1", "5"]
    assert "formula" in item.notes[0].words


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (",one,yes,two,", "“stem” is empty"),
        ("x,one,maybe,two,", "write yes or no"),
        ("x,one,,two,", "the key is missing"),
        ("x,one,yes,,", "2 to 12 options"),
        ("x,,yes,two,", "“opt1” is empty"),
    ],
)
def test_rows_that_are_no_question_say_why(tmp_path: Path, row: str, words: str) -> None:
    (item,) = read(tmp_path / "x", CSV, f"{HEAD}{row}\n".encode())
    assert item.question is None
    assert words in item.problem
    assert item.place == "row 2"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a,b\n1,2\n",
        b"stem,stem,opt1\n",
        b'stem,opt1\n"never closed',
        b"stem,opt1\n" + b"x" * (MOST_CELL + 1),
        b"stem,opt1\n" + b"," * 1_000_000,
        b"stem,opt1\n" + b"x" * 3_000_000,
        b'stem,opt1\n"' + b"x\n" * 500_000,
    ],
)
def test_files_that_are_not_read(tmp_path: Path, data: bytes) -> None:
    for one in (CSV, XLSX):
        with pytest.raises(BadFile):
            read(tmp_path / "x", one, data)


WHOLE = {
    "csv": CSV.sample(),
    "tsv": TSV.sample(),
    # A workbook says when it was written, so that its bytes are never the same again.
    "xlsx": (Path(__file__).parents[1] / "corpus" / "xlsx" / "01-plain.xlsx").read_bytes(),
}


@pytest.mark.parametrize("one", [CSV, TSV, XLSX], ids=lambda one: one.name)
@given(st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_mutilated_files_raise_bad_file_or_nothing(tmp_path: Path, one: Sheet, data: st.DataObject) -> None:
    whole = bytearray(WHOLE[one.name])
    for _ in range(data.draw(st.integers(0, 5))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with contextlib.suppress(BadFile):
        one.recognises(Source(tmp_path / "x", "x")) if (tmp_path / "x").exists() else None
        read(tmp_path / "x", one, bytes(whole[:cut] if data.draw(st.booleans()) else whole))
