"""QTI 1.2: what is written comes back as was said."""

import gc
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from hypothesis import HealthCheck, given, settings

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import ASPECTS, Exchanged
from quizzes.formats.exchange.qti12 import QTI12
from tests.formats.exchange.generated import exchanged_questions
from tests.formats.exchange.qti12_files import choice, written


@given(question=exchanged_questions())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_comes_back_as_was_said(question: Exchanged, tmp_path: Path) -> None:
    expected, notes = QTI12.project(question)
    items = list(QTI12.read(written([question], tmp_path / "a.zip")))
    assert [one.question for one in items] == [expected]
    assert all(note.aspect in ASPECTS for note in notes)
    assert expected is not None
    assert QTI12.project(expected)[0] == expected
    names = {note.aspect for note in notes}
    assert question.content.kind not in ("multiple_response", "matching") or "scoring" in names


def _number(**extra: object) -> Exchanged:
    return Exchanged("n", Content("numeric", "How many?", 1, "fixed", (), extra))


@pytest.mark.parametrize(
    "extra",
    [
        {"answer": "1,234.50", "tolerance": "0.000000000000000000000000000001"},
        {"answer": "1e3"},
        {"answer": "-0.1", "tolerance": "150", "percent": True},
        {"answer": "0", "tolerance": "5", "percent": True},
        {"answer": "1e50", "tolerance": "1e-50"},
    ],
)
def test_numbers_come_back_to_the_last_digit(extra: dict[str, object], tmp_path: Path) -> None:
    question = _number(**extra)
    expected, _ = QTI12.project(question)
    assert [one.question for one in QTI12.read(written([question], tmp_path / "a.zip"))] == [expected]
    assert expected is not None
    assert (
        KINDS["numeric"].key(expected.content, str)["correct"] == KINDS["numeric"].key(question.content, str)["correct"]
    )


def test_all_or_nothing_is_one_condition_with_not(tmp_path: Path) -> None:
    with zipfile.ZipFile(written([choice("q")], tmp_path / "a.zip").path) as package:
        (name,) = [one for one in package.namelist() if one.endswith(".xml") and one.count("/") and "meta" not in one]
        text = package.read(name).decode()
    right, wrong = ([f'<varequal respident="response1">q_{one}</varequal>' for one in part] for part in ("ab", "c"))
    assert f"<and>{''.join(right)}<not>{wrong[0]}</not></and>" in text
    assert text.count("<and>") == 1


@pytest.mark.parametrize(("order", "shuffled"), [("shuffle", b"true"), ("fixed", b"false")])
def test_a_quiz_is_shuffled_where_no_question_has_a_fixed_order(order: str, shuffled: bytes, tmp_path: Path) -> None:
    last = replace(choice("r"), content=replace(choice("r").content, order=order))
    with zipfile.ZipFile(written([choice("q"), last], tmp_path / "a.zip").path) as package:
        (name,) = [one for one in package.namelist() if one.endswith("assessment_meta.xml")]
        assert b"<shuffle_answers>" + shuffled + b"</shuffle_answers>" in package.read(name)


def test_the_same_questions_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (written([choice("q"), choice("r")], tmp_path / name).path.read_bytes() for name in "ab")
    assert first == second
    other = written([choice("q")], tmp_path / "c").path.read_bytes()
    assert first != other


@pytest.mark.parametrize("code", ["", "1-begins-with-a-digit", "Größe 1", "a" * 200, 'x"><y', "plain"])
def test_codes_and_titles_of_every_shape_come_back(code: str, tmp_path: Path) -> None:
    question = Exchanged(code, choice("q").content, title='He said "<b>" & left')
    expected, _ = QTI12.project(question)
    assert [one.question for one in QTI12.read(written([question], tmp_path / "a.zip"))] == [expected]
    assert expected is not None
    assert expected.title == question.title
    assert not code or expected.code == code


def test_characters_that_xml_does_not_know_are_left_out(tmp_path: Path) -> None:
    content = Content("short_text", "What\x0b is\ufffe it?\r\nSay.", 1, "fixed", (), {"accepted": ["a\x01b", " a  b "]})
    question = Exchanged("q", content)
    assert [one.question for one in QTI12.read(written([question], tmp_path / "a.zip"))] == [QTI12.project(question)[0]]


def _questions_alive() -> int:
    """How many of the questions of the test below are there: other tests may have left some of their own."""
    gc.collect()
    # By type: what merely claims to be of a class, as lazy values do, would be woken.
    return sum(type(one) is Exchanged and one.code.startswith("alive-") for one in gc.get_objects())


def _items_alive() -> int:
    """The same of their elements in the file."""
    gc.collect()
    elements = (one for one in gc.get_objects() if type(one) is Element)
    return sum(any("alive-" in value for value in one.attrib.values()) for one in elements)


def test_questions_are_written_and_read_one_by_one(tmp_path: Path) -> None:
    """However many there are, few of them and of their elements are there at a time."""
    most = {"questions": 0, "items": 0}

    def questions() -> Iterable[Exchanged]:
        for number in range(150):
            yield choice(f"alive-{number}")
            if number % 50 == 40:
                most["questions"] = max(most["questions"], _questions_alive())

    source = written(questions(), tmp_path / "a.zip")
    for number, item in enumerate(QTI12.read(source)):
        assert item.question is not None
        if number % 50 == 40:
            most["items"] = max(most["items"], _items_alive())
    assert number == 149
    assert most["questions"] < 10
    # One piece of 64 KB holds some of them; all of them together are a hundred and fifty.
    assert 0 < most["items"] < 75
