"""Moodle XML, written: what comes back is what was declared, and what Moodle gets is what Moodle can read."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import markdown
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import ASPECTS, Exchanged, Severity
from quizzes.formats.exchange.moodle import MOODLE_XML
from quizzes.formats.exchange.moodle.dialect import as_plain, from_plain, to_moodle
from quizzes.formats.exchange.moodle.grades import GRADES, nearest, percent
from quizzes.formats.exchange.moodle.numbers import hundredths, number_text
from quizzes.formats.exchange.moodle.projecting import back
from quizzes.formats.exchange.source import Source
from reference.markup import plain_text, render_text
from tests.formats.exchange.generated import PICTURE_NAMES, PICTURES, exchanged_questions, texts

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
MANY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def written(*questions: Exchanged, title: str = "") -> bytes:
    out = BytesIO()
    MOODLE_XML.write(questions, out, PICTURES, title)
    return out.getvalue()


def read(data: bytes, folder: Path) -> list[Exchanged | None]:
    path = folder / "quiz.xml"
    path.write_bytes(data)
    return [item.question for item in MOODLE_XML.read(Source(path, "quiz.xml"))]


def element(question: Exchanged) -> Element:
    found = fromstring(written(question)).find("question")
    assert found is not None
    return found


def choice(right: int, wrong: int, stem: str = "Which?", **extra: Any) -> Exchanged:
    options = tuple(
        Option(f"o{number}", f"Option {number}", number <= right, "") for number in range(1, right + wrong + 1)
    )
    kind = "multiple_choice" if right == 1 else "multiple_response"
    return Exchanged("", Content(kind, stem, right, "shuffle", options), **extra)


def typed(kind: str, **extra: Any) -> Exchanged:
    return Exchanged("", Content(kind, "How many?", 1, "fixed", (), extra))


@QUICK
@given(questions=st.lists(exchanged_questions(), min_size=1, max_size=2), title=st.sampled_from(["", "Week 1 / S3"]))
def test_reading_gives_the_projection(
    questions: list[Exchanged], title: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    projected = [MOODLE_XML.project(one)[0] for one in questions]
    assert read(written(*questions, title=title), tmp_path_factory.getbasetemp()) == projected


@QUICK
@given(question=exchanged_questions())
def test_projecting_twice_changes_nothing_more(question: Exchanged) -> None:
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert MOODLE_XML.project(projected)[0] == projected
    assert all(note.aspect in ASPECTS and note.words.endswith((".", "”.")) for note in notes)


PIECES = (
    *("#", " ", "\n", "\n\n", ">", "`", "\\", "&", "&amp;", "<b>", "<", "=", "==", "-", "- - -", "***", "* ", "1. "),
    *("[a]:", "[a](https://x.de)", "![a](image:abcdefghijkl-40x30)", "![", "\\[", "\\]", "!", "[", ":", ": x", "\t"),
    *("*[A]: b", "|", "a", "b c", "_", "*", "&#33;", "|---|", "x@y.de", "\n~~~\n", "\n```\n", "\x0b", "\r\n"),
)


@MANY
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14))
def test_any_text_comes_back_as_it_is_declared(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert back(back(text)) == back(text)


@MANY
@given(text=texts())
def test_a_text_comes_back_with_the_same_meaning_and_other_readers_see_the_same_words(text: str) -> None:
    html = render_text(text)
    assert render_text(back(text)) == html
    # Python-Markdown with its extras follows the dialect that Moodle renders.
    elsewhere = markdown.markdown(to_moodle(text, lambda name: f"{name}.png"), extensions=["extra", "sane_lists"])
    assert plain_text(elsewhere).split() == plain_text(html).split()


LOOKS_LIKE_MARKUP = (
    *("# no heading", "> no quote", "a\n===", "a\n---", "***", "[a]: b", "*[A]: b", "a\n: b", "<b>x</b>", "&lt;b>"),
    *("![a](https://x.org/a.png)", "\\![a](image:abcdefghijkl-40x30)", "a <- b < c", "`<b>` <i>", "\\<b> \\^ \\/ x"),
    *("```\n# a\n<b>\n```\n\n# b", "<https://x.org>", "a[^1]\n\n[^1]: b", "f[0](x) and [a](http://x.org)", "C:\\: x"),
)


@pytest.mark.parametrize("text", LOOKS_LIKE_MARKUP)
def test_what_moodle_would_take_for_markup_is_shown_as_it_is_typed(text: str) -> None:
    elsewhere = markdown.markdown(to_moodle(text, str), extensions=["extra", "sane_lists"])
    assert plain_text(elsewhere).split() == plain_text(render_text(text)).split()
    assert render_text(back(text)) == render_text(text)


@MANY
@given(pieces=st.lists(st.sampled_from(("a*b", "_x_", "#", "1.", "-", "|", "`", "[a](b)", "<b>", "&amp;", "~~~", " "))))
def test_plain_text_reads_the_same_as_markdown(pieces: list[str]) -> None:
    plain = " ".join("".join(pieces).split())
    assert as_plain(from_plain(plain)) == plain


def test_code_and_policies_survive(tmp_path: Path) -> None:
    stem = 'Which? `a ]]> b`\n\n```json\n{"Resource": "arn:aws:s3:::${bucket}/*", "b": "]]>", "c": "<&amp;>"}\n```'
    assert read(written(choice(1, 2, stem)), tmp_path) == [MOODLE_XML.project(choice(1, 2, stem))[0]]
    found = MOODLE_XML.project(choice(1, 2, stem))[0]
    assert found is not None
    assert found.content.stem == stem


def test_characters_that_no_xml_can_have_are_left_out_and_said(tmp_path: Path) -> None:
    question = choice(1, 2, "Which\x00 one\x0b?\ud800 \uffff")
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert projected.content.stem == "Which one?"
    assert [note.aspect for note in notes] == ["text"]
    assert read(written(question), tmp_path) == [projected]


@pytest.mark.parametrize(("right", "wrong"), [(2, 1), (2, 3), (3, 3), (5, 7), (7, 5), (11, 1), (2, 10)])
def test_several_right_answers_have_shares_of_moodles_list(right: int, wrong: int) -> None:
    found = element(choice(right, wrong))
    shares = [float(one.get("fraction", "")) for one in found.findall("answer")]
    assert all(min(abs(abs(share) - one) for one in GRADES) < 0.00001 for share in shares)
    assert sum(shares[:right]) == pytest.approx(100, abs=12)
    assert sum(shares) <= 10
    assert found.findtext("single") == "false"
    notes = MOODLE_XML.project(choice(right, wrong))[1]
    assert [(note.aspect, note.severity) for note in notes] == [("scoring", Severity.CHANGED)]
    assert "cannot mark this all or nothing" in notes[0].words


def test_one_right_answer_has_all_of_the_point() -> None:
    found = element(choice(1, 3))
    assert [one.get("fraction") for one in found.findall("answer")] == ["100", "0", "0", "0"]
    assert (found.findtext("single"), found.findtext("shuffleanswers")) == ("true", "true")
    assert MOODLE_XML.project(choice(1, 3))[1] == ()


def test_code_title_and_tags_have_their_places() -> None:
    known = Attributes(tags=("s3", "a & b"))
    found = element(replace(choice(1, 1), code="s3-lock", title="Locks", known=known))
    assert (found.findtext("idnumber"), found.findtext("name/text")) == ("s3-lock", "Locks")
    assert [one.text for one in found.findall("tags/tag/text")] == ["s3", "a & b"]
    assert element(replace(choice(1, 1), code="s3-lock")).findtext("name/text") == "s3-lock"
    assert element(choice(1, 1, "Which **one** is it?")).findtext("name/text") == "Which one is it?"


def test_the_title_of_an_export_is_its_category_and_no_tag(tmp_path: Path) -> None:
    data = written(choice(1, 1), title="Week 1 / 2")
    assert fromstring(data).findtext("question/category/text") == "$course$/top/Week 1 // 2"
    found = read(data, tmp_path)[0]
    assert found is not None
    assert found.known.tags == ()


def test_pictures_are_embedded_once_in_the_text_that_shows_them() -> None:
    picture = f"![A plan](image:{PICTURE_NAMES[0]})"
    found = element(choice(1, 1, f"Which? {picture} {picture}"))
    files = found.findall("questiontext/file")
    assert [one.get("name") for one in files] == [f"{PICTURE_NAMES[0]}.png"]
    assert f"(@@PLUGINFILE@@/{PICTURE_NAMES[0]}.png)" in (found.findtext("questiontext/text") or "")
    assert found.find("answer/file") is None


def test_a_picture_that_is_gone_leaves_its_words(tmp_path: Path) -> None:
    question = choice(1, 1, "Which? ![A plan](image:zzzzzzzzzzzz-4x3)")
    found = read(written(question), tmp_path)[0]
    assert found is not None
    assert found.content.stem == "Which? A plan"


def test_a_shared_text_stands_at_the_head_of_the_stem() -> None:
    question = choice(1, 1)
    question = replace(question, content=replace(question.content, scenario="A shop."))
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert projected.content.stem == "A shop.\n\nWhich?"
    assert [note.aspect for note in notes] == ["scenario"]


def test_ordering_is_marked_all_or_nothing_and_its_rationales_stand_together() -> None:
    options = tuple(Option(id, text, True, why) for id, text, why in (("x", "One", "First."), ("y", "Two", "Then.")))
    question = Exchanged("", Content("ordering", "Which order?", 2, "shuffle", options))
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert [one.rationale for one in projected.content.options] == ["First.\n\nThen.", ""]
    assert [note.aspect for note in notes] == ["rationales"]
    found = element(question)
    assert found.findtext("gradingtype") == "ALL_OR_NOTHING"
    assert [one.get("fraction") for one in found.findall("answer")] == ["1", "2"]
    assert found.findtext("generalfeedback/text") == "First.\n\nThen."


def matching(*targets: str) -> Exchanged:
    options = (Option("x", "S3", True, ""), Option("y", "EBS", True, ""))
    extra = {
        "targets": [{"id": f"t{number}", "text": text} for number, text in enumerate(targets)],
        "pairs": {"x": "t1", "y": "t0"},
    }
    return Exchanged("", Content("matching", "What for?", 2, "fixed", options, extra))


def test_targets_are_plain_text_and_those_of_no_prompt_have_an_empty_one(tmp_path: Path) -> None:
    question = matching("**blocks**", "a * b * c", "queues")
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert [one["text"] for one in projected.content.extra["targets"]] == [as_written("a * b * c"), "blocks", "queues"]
    assert [note.aspect for note in notes] == ["scoring", "text"]
    assert read(written(question), tmp_path) == [projected]
    found = element(question)
    assert [(one.findtext("text") or "") for one in found.findall("subquestion")] == ["S3", "EBS", ""]
    assert [one.findtext("answer/text") for one in found.findall("subquestion")] == ["a * b * c", "blocks", "queues"]


def as_written(plain: str) -> str:
    return from_plain(plain)


def test_a_question_without_a_place_is_refused_and_said() -> None:
    alike = matching("**blocks**", "blocks")
    picture = matching(f"![A plan](image:{PICTURE_NAMES[0]})", "objects")
    for question in (alike, picture):
        projected, notes = MOODLE_XML.project(question)
        assert projected is None
        assert "It cannot be written" in notes[-1].words
        assert fromstring(written(question)).findall("question") == []


def test_numbers_are_written_as_moodle_reads_them(tmp_path: Path) -> None:
    question = typed("numeric", answer="1,200.0", tolerance="5", percent=True, unit="GB", rationale="It is.")
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert projected.content.extra == {"answer": "1200.0", "tolerance": "60", "unit": "GB", "rationale": "It is."}
    assert [note.aspect for note in notes] == ["scoring"]
    assert read(written(question), tmp_path) == [projected]
    assert MOODLE_XML.project(typed("numeric", answer="9" * 30 + "e99", tolerance="1", percent=True))[0] is None


def test_stars_of_accepted_answers_are_themselves(tmp_path: Path) -> None:
    question = typed("short_text", accepted=["s3:*", "S3:*", "a  b"], spaces="exact")
    projected, notes = MOODLE_XML.project(question)
    assert projected is not None
    assert projected.content.extra == {"accepted": ["s3:*", "a b"]}
    assert [note.aspect for note in notes] == ["scoring"]
    assert [one.findtext("text") for one in element(question).findall("answer")] == ["s3:\\*", "a b"]


def test_questions_are_written_one_by_one() -> None:
    out = BytesIO()
    sizes = []

    def questions() -> Iterator[Exchanged]:
        for _ in range(3):
            sizes.append(len(out.getvalue()))
            yield choice(1, 1)

    MOODLE_XML.write(questions(), out, PICTURES, "")
    assert sizes[0] < sizes[1] < sizes[2] < len(out.getvalue())


def test_every_aspect_has_its_fate() -> None:
    assert set(MOODLE_XML.fates) == set(ASPECTS)
    assert all(fate.words.endswith(".") for fate in MOODLE_XML.fates.values())


@pytest.mark.parametrize(
    ("text", "number"),
    [("1 234,5", "1234.5"), ("1,234.50", "1234.50"), (".5", "0.5"), ("5.", "5.0"), ("-.5e3", "-0.5e3"), ("five", "")],
)
def test_numbers_of_other_hands(text: str, number: str) -> None:
    assert number_text(text) == number


def test_shares_and_hundredths() -> None:
    assert [nearest(share) for share in (33, 33.3, -14.3, 9.09, 100, 0)] == [33.33333, 33.33333, -14.28571, 10, 100, 0]
    assert (percent("33,33333 %"), percent("-50.0"), percent("x"), percent("1e999")) == (33.33333, -50, 0, 0)
    assert hundredths("-200", "2.5") == "5"
    assert hundredths("9" * 30, "0.1") == f"{'9' * 27}.999"
