"""QTI 1.2: what becomes of files as Canvas, cartridges and others write them."""

from pathlib import Path

import pytest

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import ASPECTS, ReadItem
from quizzes.formats.exchange.qti12 import QTI12
from tests.formats.exchange.generated import tiny_picture
from tests.formats.exchange.qti12_files import FILES, source_of


def short(item: ReadItem) -> str:
    """The kind and the key of a question, or the beginning of the reason why it is none."""
    if item.question is None:
        return f"! {item.problem[:45]}"
    content = item.question.content
    extra = content.extra
    if content.kind == "matching":
        return f"matching {dict(extra['pairs'])}"
    if not content.options:
        return f"{content.kind} {extra.get('accepted') or extra['answer']}"
    if content.kind == "ordering":
        return f"ordering {' '.join(one.text for one in content.options)}"
    return f"{content.kind} {''.join(sorted(content.keys))} of {len(content.options)}"


EXPECTED = {
    "bare.xml": [
        "multiple_choice b of 3",
        "multiple_response ac of 3",
        "ordering Cache Disk Tape",
        "short_text ['eu-central-1']",
        "numeric 1024",
        "true_false true of 2",
    ],
    "canvas_choice": ["multiple_choice b of 3", "true_false true of 2", "multiple_response ad of 4"],
    "canvas_groups": [
        "true_false true of 2",
        "true_false false of 2",
        "! The group “From the bank” draws 5 questions fro",
        "true_false true of 2",
    ],
    "canvas_matching": [
        "matching {'a': '1', 'b': '2'}",
        "multiple_choice a of 2",
        "short_text ['one', '1']",
        "! It has 2 blanks in its text: split it into qu",
    ],
    "canvas_not_taken": [
        "! An essay is read by a person; this site has n",
        "! A file is asked for; this site has no kind fo",
        "! It is a text without a question. Put it into ",
        "! It is computed from a formula with variables.",
        "! Items are sorted into categories. Write it an",
    ],
    "canvas_typed": [
        "short_text ['S3', 'Amazon S3']",
        "numeric 400",
        "numeric 10",
        "numeric 7",
        "numeric 13.4",
        "numeric 5",
        "! Unsupported scoring: several numbers apart fro",
    ],
    "cartridge": [
        "multiple_choice a of 2",
        "multiple_response ac of 3",
        "true_false true of 2",
        "short_text ['cp', 'sync']",
        "! Unsupported scoring: an answer is right that h",
        "! An essay is read by a person; this site has n",
        "true_false true of 2",
    ],
    "course": ["multiple_choice b of 2", "true_false true of 2"],
    "missing_quiz": [
        "! The quiz “g9” is named in the package, but is",
        "true_false true of 2",
        "! The quiz refers to the question “elsewhere”, ",
    ],
    "new_quizzes": [
        "multiple_choice a of 2",
        "ordering Plan Test Cut over",
        "! Unsupported scoring: an answer in a blank is c",
    ],
    "no_manifest": ["multiple_choice a of 2"],
    "odd_scoring.xml": [
        "! Unsupported scoring: several responses to a qu",
        "! No response scores, so that its key is not kno",
        "! Unsupported scoring: it names “”, which is non",
        "! Unsupported scoring: it names “Z”, which is no",
        "! Unsupported scoring: it counts in several vari",
        "! Unsupported scoring: the score is changed by “",
        "! Unsupported scoring: the score is set to “all”",
        "multiple_choice a of 3",
        "multiple_choice a of 3",
        "multiple_choice c of 3",
        "multiple_response ab of 3",
        "multiple_choice a of 3",
        "! It cannot be asked here: every option is asked",
        "multiple_choice c of 3",
    ],
    "pictures": ["multiple_choice b of 3"],
    "xhtml.xml": ["multiple_choice b of 2", "multiple_choice a of 2"],
}


@pytest.mark.parametrize("name", FILES)
def test_what_comes_of_each_file(name: str, tmp_path: Path) -> None:
    source = source_of(name, tmp_path)
    assert QTI12.recognises(source)
    items = list(QTI12.read(source))
    assert [short(one)[:47] for one in items] == [one[:47] for one in EXPECTED[name]]
    for one in items:
        assert one.place
        assert all(note.aspect in ASPECTS and note.words.endswith(".") for note in one.notes)
        if one.question is not None:
            assert KINDS[one.question.content.kind].flaws(one.question.content) == []
            assert {"order", "ids"}.isdisjoint(note.aspect for note in one.notes if note.severity == "lost")
        else:
            assert one.problem.endswith(".")


def test_each_file_of_the_corpus_is_expected() -> None:
    assert set(EXPECTED) == set(FILES)
    assert set(QTI12.fates) == set(ASPECTS)


def _items(name: str, folder: Path) -> dict[str, ReadItem]:
    return {one.question.code: one for one in QTI12.read(source_of(name, folder)) if one.question is not None}


def _words(item: ReadItem) -> str:
    return " ".join(note.words for note in item.notes)


def test_feedback_of_options_is_their_rationale_and_general_feedback_that_of_the_key(tmp_path: Path) -> None:
    item = _items("canvas_choice", tmp_path)["g1mc"]
    assert item.question is not None
    reasons = [one.rationale for one in item.question.content.options]
    assert reasons == ["Dear for a yearly read.", "See the price list.\n\nMinutes to hours.", ""]
    assert "stands in the rationale of the key" in _words(item)


def test_text_that_is_no_html_stays_text(tmp_path: Path) -> None:
    item = _items("canvas_choice", tmp_path)["g1mc"]
    assert item.question is not None
    assert item.question.content.options[2].text.replace("\\", "") == "EBS <gp3> & snapshots"


def test_points_partial_scores_and_minus_points_are_told(tmp_path: Path) -> None:
    assert "worth 2.0 points" in _words(_items("canvas_choice", tmp_path)["g1tf"])
    bare = _items("bare.xml", tmp_path)
    assert "Other responses than the key scored" in _words(bare["IMS_V01_I_BasicExample001"])
    assert "cost points" in _words(bare["IMS_V01_I_BasicExample001"])
    assert "Ticking every option scored in full" in _words(bare["tick"])


def test_bounds_of_numbers_are_exact(tmp_path: Path) -> None:
    items = _items("canvas_typed", tmp_path)
    extras = {name: dict(one.question.content.extra) for name, one in items.items() if one.question}
    assert extras["g2margin"] == {"answer": "10", "tolerance": "0.5"}
    assert extras["g2range"] == {"answer": "7", "tolerance": "1"}
    assert extras["g2precision"] == {"answer": "13.4", "tolerance": "0.05"}
    assert extras["g2percent"] == {"answer": "5", "tolerance": "1", "percent": True}
    assert "both bounds are" in _words(items["g2precision"])


def test_a_course_gives_each_question_once_and_says_what_it_leaves(tmp_path: Path) -> None:
    items = list(QTI12.read(source_of("course", tmp_path)))
    assert [one.question.code for one in items if one.question] == ["g7q1", "gaq72"]
    assert "whole course" in _words(items[0])
    assert items[1].question is not None
    assert items[1].question.known.tags == ("Foundations",)


def test_groups_become_tags_and_their_draws_are_told(tmp_path: Path) -> None:
    items = _items("canvas_groups", tmp_path)
    tags = [one.question.known.tags for one in items.values() if one.question]
    assert tags == [("Networks",), ("Networks",), ()]
    assert "draws 1 of its questions" in _words(items["g5a"])
    assert "draws" not in _words(items["g5c"])


def test_a_shared_text_stands_at_the_head_of_the_stem(tmp_path: Path) -> None:
    item = _items("new_quizzes", tmp_path)["g8q"]
    assert item.question is not None
    assert item.question.content.stem == "A company has **two** accounts.\n\nHow does it see one bill?"


def test_pictures_are_found_by_every_kind_of_address(tmp_path: Path) -> None:
    source = source_of("pictures", tmp_path)
    item = next(iter(QTI12.read(source)))
    assert item.question is not None
    content = item.question.content
    assert "![Two zones](image:p1)" in content.stem
    assert [one.text for one in content.options][:2] == ["![A](image:diagram-a)", "![B](image:b)"]
    assert "A picture is not in the file." in _words(item)
    pictures = QTI12.pictures(source)
    assert pictures("p1") == tiny_picture("x-9x8")
    assert pictures("b") == tiny_picture("x-8x8")
    assert pictures("c") is None
