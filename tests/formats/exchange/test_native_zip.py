"""The site’s own format: nothing is lost, and mistakes are named with their line."""

import contextlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.native_zip import MOST_DEPTH, SAPRO
from quizzes.formats.exchange.source import Source
from quizzes.formats.native import BankQuestion, parse_bank
from tests.formats.exchange.generated import PICTURE_NAMES, PICTURES, exchanged_questions

BANK = Path(__file__).resolve().parents[3] / "quizzes" / "bank"


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "file", "file")


def again(path: Path, questions: list[Exchanged]) -> list[ReadItem]:
    with path.open("wb") as out:
        SAPRO.write(questions, out, PICTURES, "A title: “x”")
    return list(SAPRO.read(Source(path, "file.zip")))


@given(st.lists(exchanged_questions(), max_size=3))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_written_comes_back_equal(tmp_path: Path, questions: list[Exchanged]) -> None:
    items = again(tmp_path / "x.zip", questions)
    assert [one.problem for one in items] == [""] * len(questions)
    assert [one.question for one in items] == questions
    assert not any(one.notes for one in items)


def exchanged(one: BankQuestion) -> Exchanged:
    names = ("task", "domain", "level", "difficulty", "topics", "references", "sources", "verified_on")
    more = ("constraints", "flaws", "enemies", "contrast", "scenario")
    known = Attributes(**{name: getattr(one, name) for name in (*names, *more)})
    return Exchanged(one.code, one.content, "", known, one.status, one.flags, one.reviewed)


def bank_files() -> list[Path]:
    return [path for path in sorted(BANK.glob("*.yaml")) if path.read_text().startswith(("questions:", "scenarios:"))]


def test_the_whole_course_goes_out_and_in_without_a_difference(tmp_path: Path) -> None:
    questions = [exchanged(one) for path in bank_files() for one in parse_bank(path.read_text())]
    assert len(questions) > 100
    assert [one.question for one in again(tmp_path / "x.zip", questions)] == questions


def test_a_bare_file_of_the_bank_is_read() -> None:
    path = bank_files()[0]
    source = Source(path, path.name)
    assert SAPRO.recognises(source)
    assert [one.question for one in SAPRO.read(source)] == [exchanged(one) for one in parse_bank(path.read_text())]


def test_pictures_travel(tmp_path: Path) -> None:
    stem = " ".join(f"![x](image:{name})" for name in PICTURE_NAMES)
    text = f"questions:\n  - stem: '{stem}'\n    kind: true_false\n    options:\n"
    text += "      - {id: 'true', text: 'True', correct: true}\n      - {id: 'false', text: 'False'}\n"
    path = tmp_path / "a.yaml"
    path.write_text(text)
    (item,) = SAPRO.read(Source(path, "a.yaml"))
    assert item.question is not None
    again(tmp_path / "x.zip", [item.question])
    pictures = SAPRO.pictures(Source(tmp_path / "x.zip", "x.zip"))
    assert [pictures(name) for name in PICTURE_NAMES] == [PICTURES(name) for name in PICTURE_NAMES]
    assert pictures("other") is None


OPTIONS = "    options:\n      - {id: a, text: one, correct: true}\n      - {id: b, text: two}\n"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("  - stem: x\n", "line 2: a question has 2 to 12 options"),
        (f"  - task: '9.9'\n    stem: x\n{OPTIONS}", "line 2: task: one of 1.1"),
        (f"  - id: a\n    stem: [x]\n{OPTIONS}", "line 3: stem: write a text"),
        (f"  - id: a\n{OPTIONS}", "line 2: write the question"),
        ("  - just text\n", "a question is a mapping"),
        (f"  - stem: x\n    difficulty: 7\n{OPTIONS}", "line 3: difficulty: a whole number from 1 to 5"),
        (f"  - stem: x\n    scenario: y\n{OPTIONS}", "line 3: there is no scenario “y”"),
        (f"  - stem: x\n    verified_on: soon\n{OPTIONS}", "line 3: verified_on: a date"),
        (f"  - stem: x\n    references: [y]\n{OPTIONS}", "line 3: “y” is no statement"),
        ("  - stem: x\n    options:\n      - {id: a, txt: one}\n", "line 4: unknown key “txt”"),
    ],
)
def test_mistakes_are_named_with_their_line(source: Source, text: str, problem: str) -> None:
    source.path.write_text(f"questions:\n{text}  - stem: good\n{OPTIONS}")
    first, second = SAPRO.read(source)
    assert problem in f"{first.place}: {first.problem}"
    assert first.question is None
    assert second.question is not None


def test_an_unknown_key_is_named(source: Source) -> None:
    source.path.write_text(f"questions:\n  - stem: x\n    dificulty: 3\n{OPTIONS}")
    (item,) = SAPRO.read(source)
    assert [one.words for one in item.notes] == [
        "The key “dificulty” (line 3) is not known and was left out. Is “difficulty” meant?"
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("questions: &a [x]\nb: [*a, *a]\n", "aliases"),
        ("questions: " + "[" * 100_000, f"more than {MOST_DEPTH} deep"),
        ("questions: " + "{a: " * 50, f"more than {MOST_DEPTH} deep"),
        ("questions: [", "line 2"),
        ("questions: !!python/object:os.system x", "line 1"),
        ("questions: 5", "holds “questions:” and a list"),
        ("[]", "holds “questions:” and a list"),
        ("", "holds “questions:” and a list"),
        ("questions: []\nquestions: []", "twice"),
        ("questions: []\nscenarios: 5", "scenarios"),
        ("questions: \x00", "line 1"),
    ],
)
def test_files_that_are_not_read(source: Source, text: str, words: str) -> None:
    source.path.write_text(text)
    with pytest.raises(BadFile, match=words):
        list(SAPRO.read(source))


def test_a_later_version_is_refused(source: Source) -> None:
    with zipfile.ZipFile(source.path, "w") as file:
        file.writestr("sapro.yaml", "format: sapro\nversion: 2\n")
        file.writestr("questions.yaml", "questions: []\n")
    assert SAPRO.recognises(source)
    with pytest.raises(BadFile, match="version 2"):
        list(SAPRO.read(source))


@given(
    st.binary(max_size=80)
    | st.text(max_size=80).map(str.encode)
    | st.tuples(st.integers(0, 300), st.binary(max_size=5))
)
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_bytes_raise_bad_file_or_nothing(source: Source, given_data: bytes | tuple[int, bytes]) -> None:
    good = f"questions:\n  - id: a\n    stem: x\n    extra: {{}}\n    tags: [a, b]\n{OPTIONS}".encode()
    data = (
        given_data if isinstance(given_data, bytes) else good[: given_data[0]] + given_data[1] + good[given_data[0] :]
    )
    source.path.write_bytes(data)
    fresh = Source(source.path, "file")
    with contextlib.suppress(BadFile):
        fresh.head  # noqa: B018
        SAPRO.recognises(fresh)
        list(SAPRO.read(fresh))


def test_the_same_questions_make_the_same_file() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for out in (first, second):
        SAPRO.write([], out, PICTURES, "x")
    assert first.getvalue() == second.getvalue()
