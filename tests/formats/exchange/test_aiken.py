"""Aiken: what others write loads, and what is left of a question comes back."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange.aiken import AIKEN
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.briefly import brief
from tests.formats.exchange.generated import exchanged_questions
from tests.formats.exchange.mangled import mangled, read_to_the_end, source_of

CORPUS = Path(__file__).parents[1] / "corpus" / "aiken"

COMES_OF: dict[str, list[str]] = {
    "01-plain.txt": [
        "multiple_choice b of 3",
        "multiple_choice b of 2",
    ],
    "02-lenient.txt": [
        "multiple_choice b of 2 assumed:text",
        "multiple_choice a of 2 assumed:text",
        "multiple_choice b of 2",
    ],
    "03-bom-crlf.txt": [
        "multiple_choice b of 2",
    ],
    "04-blank-lines.txt": [
        "multiple_choice a of 2",
        "multiple_choice b of 2",
    ],
    "05-several-lines.txt": [
        "multiple_choice a of 2 assumed:text",
    ],
    "06-missing-letter.txt": [
        "line 1: the answer is D, but the options end with B: correct the letter",
        "line 6: behind “ANSWER:” stands “2”: write the letter of the right option",
        "line 11: behind “ANSWER:” stands nothing: write the letter of the right option",
    ],
    "07-several-answers.txt": [
        "line 1: “ANSWER: A,C” names several options, and Aiken has one right option only",
        "line 7: “ANSWER: A and B” names several options, and Aiken has one right option ",
        "line 13: “ANSWER: BC” names several options, and Aiken has one right option only",
    ],
    "08-no-answer.txt": [
        "line 1: there is no line “ANSWER: X” behind the options: add it with the letter ",
        "multiple_choice a of 2",
        "line 10: there is no line “ANSWER: X” behind the options: add it with the letter",
    ],
    "09-signs.txt": [
        "multiple_choice a of 3",
        "multiple_choice b of 2",
    ],
    "10-true-false.txt": [
        "true_false t of 2",
        "true_false f of 2",
    ],
    "11-options.txt": [
        "line 1: a question has 2 to 12 options, here are 1: each begins with its letter ",
        "line 5: a question has 2 to 12 options, here are 1: each begins with its letter ",
        "line 11: option B has no text: write it, or remove the line",
        "line 16: there is no stem before the answer: write the question in a line of its",
    ],
    "12-cp1252.txt": [
        "multiple_choice a of 2",
    ],
}


def written(*questions: Exchanged) -> str:
    out = BytesIO()
    AIKEN.write(questions, out, lambda name: None, "Questions")
    return out.getvalue().decode()


def read(text: str, folder: Path) -> list[ReadItem]:
    return list(AIKEN.read(source_of(text.encode(), folder)))


def in_moodle(text: str) -> list[tuple[str, list[str], str]]:
    """Stem, options and letter by Moodle’s rules: each text on one line, the letter in capitals."""
    found: list[tuple[str, list[str], str]] = []
    stem, options = "", []
    for line in map(str.strip, text.split("\n")):
        if len(line) < 2:
            continue
        if re.match(r"[A-Z][).][ \t]?", line):
            assert stem
            options.append(line[2:].strip())
        elif line.startswith("ANSWER:"):
            letter = line[7:].strip()[:1]
            assert len(options) > max(1, ord(letter) - ord("A"))
            found.append((stem, options, letter))
            stem, options = "", []
        else:
            assert not stem
            stem = line
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("aiken")


def test_every_aspect_has_a_fate() -> None:
    assert set(AIKEN.fates) == set(ASPECTS)


def test_the_table_has_every_file() -> None:
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(COMES_OF)


@pytest.mark.parametrize("name", sorted(COMES_OF))
def test_what_comes_of_the_files_of_others(name: str) -> None:
    source = Source(CORPUS / name, name)
    assert AIKEN.recognises(source)
    assert [brief(item) for item in AIKEN.read(source)] == COMES_OF[name]


def test_several_answers_are_refused_with_what_to_do() -> None:
    problems = [one.problem for one in AIKEN.read(Source(CORPUS / "07-several-answers.txt", ""))]
    assert all("bring this question as GIFT, or as a Markdown list" in one for one in problems)


@given(question=exchanged_questions(["multiple_choice", "true_false", "multiple_response", "short_text"]))
@settings(max_examples=40, deadline=None)
def test_what_is_written_comes_back_as_projected(folder: Path, question: Exchanged) -> None:
    expected, notes = AIKEN.project(question)
    text = written(question)
    if expected is None:
        assert text == ""
        assert notes
        return
    assert [one.question for one in read(text, folder)] == [expected]
    assert AIKEN.project(expected)[0] == expected
    ((_, options, letter),) = in_moodle(text)
    assert [one.correct for one in expected.content.options].index(True) == ord(letter) - ord("A")
    assert len(options) == len(expected.content.options)


ODD = (
    "A) not an option",
    "B. not an option either",
    "U.S. law",
    "ANSWER: none",
    "answer : none",
    "X",
    "- a list\n- of two",
    "```\nANSWER: A\n\nB) b\n```",
    "| a | b |\n|---|---|\n| A) | ANSWER: B |",
    "1. one\n2. two",
    "s3:* and *bold* and `code`",
    "ANSWER:",
)


@pytest.mark.parametrize("text", ODD)
def test_texts_that_would_break_the_grammar(text: str, folder: Path) -> None:
    options = tuple(Option(one, text, one == "b", "") for one in "abc")
    question = Exchanged("", Content("multiple_choice", text, 1, "shuffle", options))
    expected, _ = AIKEN.project(question)
    assert expected is not None
    assert [one.question for one in read(written(question), folder)] == [expected]
    ((_, _, letter),) = in_moodle(written(question))
    assert letter == "B"


def test_true_and_false_as_options_come_back_as_that_kind(folder: Path) -> None:
    options = (Option("x", "True", False, ""), Option("y", "**false**", True, ""))
    question = Exchanged("", Content("multiple_choice", "Is it?", 1, "shuffle", options))
    expected, notes = AIKEN.project(question)
    assert expected is not None
    assert expected.content.kind == "true_false"
    assert "kind" in [one.aspect for one in notes]
    assert [one.question for one in read(written(question), folder)] == [expected]


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Which?\nA) x\nB) y\nANSWER: A\n", True),
        ("Which?\na. x\nb. y\nanswer: a\n", True),
        ("Which?{=a ~b}", False),
        ("ANSWER: A", False),
        ("A) x\nB) y", False),
        ("", False),
    ],
)
def test_it_is_known_by_its_content(text: str, whether: bool, folder: Path) -> None:
    assert AIKEN.recognises(source_of(text.encode(), folder)) == whether


@given(data=mangled(CORPUS))
@settings(max_examples=40, deadline=None)
def test_nothing_but_bad_file_is_raised(folder: Path, data: bytes) -> None:
    read_to_the_end(AIKEN, source_of(data, folder))


def test_a_nul_byte_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(BadFile, match="line 2: there is a NUL byte"):
        read("a\n\0", folder)


@pytest.mark.parametrize("piece", ["A) ", "A) a\n", "a\n", "ANSWER: A,", "*_`[", "\n", "A and "])
def test_a_megabyte_of_it_ends(piece: str, folder: Path) -> None:
    text = piece * (1_000_000 // len(piece))
    read_to_the_end(AIKEN, source_of(f"Which?\nA) a\nB) b\nANSWER: A{text}".encode(), folder))
    read_to_the_end(AIKEN, source_of(text.encode(), folder))
