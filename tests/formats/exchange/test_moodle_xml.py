"""Moodle XML, read: files as Moodle from 1.9 on and other tools write them, odd ones, and such as are made to harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.moodle import MOODLE_XML
from quizzes.formats.exchange.moodle.files import kind_of
from quizzes.formats.exchange.source import Source

CORPUS = Path(__file__).parent.parent / "corpus" / "moodle_xml"
FILES = sorted(CORPUS.glob("*.xml"))
SLOWLY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def source(name: str) -> Source:
    return Source(CORPUS / name, name)


def read(name: str) -> list[ReadItem]:
    return list(MOODLE_XML.read(source(name)))


def question(name: str, number: int) -> Exchanged:
    found = read(name)[number - 1].question
    assert found is not None
    return found


def said(name: str, number: int) -> str:
    return " ".join(note.words for note in read(name)[number - 1].notes)


def in_short(item: ReadItem) -> str:
    """Kind, order, key and the aspects that something is said of; or the beginning of the problem."""
    if item.question is None:
        return item.problem.partition(":")[0][:60]
    content = item.question.content
    extra = content.extra
    right = "".join(sorted(content.keys)) or extra.get("answer") or "|".join(extra.get("accepted", ()))
    return f"{content.kind} {content.order} {right} {' '.join(note.aspect for note in item.notes)}".strip()


ESSAY = "It is an essay, which a person has to mark (type “essay”), a"
EXPECTED = {
    "moodle-1.9.xml": [
        "multiple_choice shuffle b rationales",
        "true_false fixed true kind",
        "numeric fixed 8 rationales",
    ],
    "moodle-2.4-pictures.xml": [
        "multiple_choice shuffle a extra",
        "multiple_choice shuffle a pictures pictures pictures pictures pictures",
    ],
    "moodle-3.9-bank.xml": [
        "multiple_response shuffle ab scoring extra scoring",
        "multiple_response fixed abc scoring rationales status",
        "It is a description and asks nothing; Moodle does not say wh",
        ESSAY,
        "It is a text with gaps (type “cloze”), and is not taken",
    ],
    "moodle-4.4-types.xml": [
        "ordering shuffle abc kind scoring kind rationales",
        "ordering shuffle ab",
        "multiple_response shuffle ac",
        "multiple_response shuffle ac scoring",
        "matching shuffle abc scoring",
    ],
    "third-party-exams.xml": ["multiple_response fixed ac scoring rationales"],
    "third-party-short.xml": [
        "multiple_choice fixed a scoring",
        "multiple_choice fixed a order",
        "multiple_response shuffle abc scoring",
        "true_false fixed true",
    ],
    "latin-1.xml": ["short_text fixed Größe|die Größe"],
    "utf-16.xml": ["true_false fixed true"],
    "short-answers.xml": [
        "short_text fixed Amazon S3 scoring rationales scoring",
        "“s3*” is a pattern, and exact texts are accepted here",
        "short_text fixed *|s3:*",
        "No answer scores full marks",
    ],
    "numbers.xml": [
        "numeric fixed 12.50 scoring scoring",
        "numeric fixed 1.5E3",
        "numeric fixed 3.14159 scoring",
        "“2”, “-2” are each right there, and one number can be here",
        "“five” is no number",
    ],
    "odd-choices.xml": [
        "multiple_choice shuffle a scoring scoring",
        "“One”, “Other” are each right there, and one can be right he",
        "multiple_choice shuffle a scoring scoring",
        "No answer is worth anything",
        "multiple_choice shuffle a kind",
        "Every option is asked for",
        "multiple_response shuffle ab scoring",
        "It has no answers",
        "It has no text",
        "It has 13 answers, and at most 12 are taken",
    ],
    "markdown.xml": ["multiple_choice shuffle a text pictures", "multiple_choice shuffle a text"],
    "multilang.xml": ["true_false fixed true rationales"],
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_comes_of_each_file(name: str) -> None:
    assert MOODLE_XML.recognises(source(name))
    assert [in_short(item) for item in read(name)] == EXPECTED[name]


def test_every_file_is_spoken_of() -> None:
    broken = {"broken-cut.xml", "broken-entity.xml", "broken-laughs.xml", "other-types.xml"}
    assert {path.name for path in FILES} == set(EXPECTED) | broken


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_read_has_no_flaws(path: Path) -> None:
    try:
        for item in MOODLE_XML.read(Source(path, path.name)):
            assert (item.question is None) == bool(item.problem) == bool(item.raw)
            assert item.question is None or not KINDS[item.question.content.kind].flaws(item.question.content)
    except BadFile:
        assert path.name.startswith("broken-")


def test_types_that_are_not_taken_are_named() -> None:
    items = read("other-types.xml")
    assert [item.question for item in items] == [None] * 15
    kinds = [item.place.partition("(“A ")[2].rstrip("”)") for item in items[:-1]]
    assert all(f"(type “{kind}”)" in item.problem for kind, item in zip(kinds, items, strict=False))
    assert "does not say which type" in items[-1].problem
    assert items[0].raw.startswith('<question type="calculated">')


@pytest.mark.parametrize(
    ("name", "words", "place"),
    [
        ("broken-cut.xml", "well-formed", "line 96"),
        ("broken-entity.xml", "well-formed", "line 4"),
        ("broken-laughs.xml", "defines entities", ""),
    ],
)
def test_a_broken_file_says_where(name: str, words: str, place: str) -> None:
    assert MOODLE_XML.recognises(source(name))
    with pytest.raises(BadFile, match=words) as caught:
        read(name)
    assert place in str(caught.value)


def test_categories_and_tags_become_tags() -> None:
    first = question("moodle-3.9-bank.xml", 1)
    assert first.known.tags == ("Default for SAP", "Week 1", "S3 / Glacier", "s3", "week 1", "autumn")
    assert (first.code, first.title) == ("s3-lock-2", "Choose two")
    assert question("multilang.xml", 1).known.tags == ("Storage", "/ odd /")


def test_texts_of_every_format() -> None:
    assert question("moodle-1.9.xml", 1).content.stem.startswith("Which class keeps data in one zone?  \nChoose")
    assert question("utf-16.xml", 1).content.stem == "大きさ is \\*size\\*  \nin Japanese."
    assert question("third-party-short.xml", 2).content.stem == "It is **bold** & *not escaped*."
    stem = question("markdown.xml", 1).content.stem
    assert stem.startswith("**A heading**\n\nquoted words\n\nWhich <tag")
    assert '```json\n{"a": "<b>&lt;]]>"}\n```' in stem
    assert "shown as it was typed" in said("markdown.xml", 1)
    assert "iframe, link, script" in said("markdown.xml", 2)


def test_feedback_is_the_rationale_and_general_feedback_stands_below_that_of_the_key() -> None:
    options = question("moodle-1.9.xml", 1).content.options
    assert [one.rationale for one in options] == ["", "One zone, and cheaper.\n\nRead the price list."]
    assert question("moodle-1.9.xml", 3).content.extra["rationale"] == "Eight."
    assert "said to wrong answers is lost" in said("moodle-1.9.xml", 3)


def test_scoring_that_would_be_another_is_said() -> None:
    assert "Ticking everything would have scored full marks there" in said("moodle-3.9-bank.xml", 1)
    assert "Each right option had its share" in said("moodle-3.9-bank.xml", 2)
    assert "It was worth 2 points there" in said("moodle-3.9-bank.xml", 1)
    assert said("moodle-4.4-types.xml", 3) == ""
    assert "“Half” had 50 % of the point there" in said("odd-choices.xml", 1)
    assert "cost points" in said("odd-choices.xml", 1)
    assert "with 90 %, was taken for the key" in said("odd-choices.xml", 3)
    assert "not worth the same" in said("odd-choices.xml", 7)
    assert "A hint is lost" in said("moodle-2.4-pictures.xml", 1)


def test_matching_with_a_distractor_and_ordering_by_the_order_of_the_file() -> None:
    content = question("moodle-4.4-types.xml", 5).content
    assert content.extra["targets"] == [
        {"id": "1", "text": "objects"},
        {"id": "2", "text": "blocks <raw>"},
        {"id": "3", "text": "queues"},
    ]
    assert content.extra["pairs"] == {"a": "1", "b": "2", "c": "1"}
    steps = question("moodle-4.4-types.xml", 1).content.options
    assert [one.text[:5] for one in steps] == ["Promo", "Stop ", "Point"]
    assert "the order of the file counts" in said("moodle-4.4-types.xml", 1)


def test_numbers_with_units() -> None:
    extra = question("numbers.xml", 1).content.extra
    assert extra == {"answer": "12.50", "tolerance": "0.5", "unit": "kg", "rationale": "Read the plate."}
    assert question("numbers.xml", 2).content.extra == {"answer": "1.5E3"}
    assert "“3,14159” was read as 3.14159" in said("numbers.xml", 3)


def test_pictures_of_one_name_are_told_apart_and_found_in_any_order() -> None:
    first = question("moodle-2.4-pictures.xml", 1).content
    names = [text.partition("image:")[2].rstrip(")") for text in (first.stem, *(one.text for one in first.options))]
    assert names[0] == names[1] != names[2]
    other = question("moodle-2.4-pictures.xml", 2).content.stem.partition("image:")[2].partition(")")[0]
    pictures = MOODLE_XML.pictures(source("moodle-2.4-pictures.xml"))
    for name in (names[2], other, names[0], "elsewhere", names[2]):
        data = pictures(name)
        assert (data is None) if name == "elsewhere" else (data is not None and kind_of(data) in ("png", "jpg"))


def test_files_that_are_no_pictures_are_refused() -> None:
    stem = question("moodle-2.4-pictures.xml", 2).content.stem
    assert stem.count("](image:") == 1
    assert "![a photo](image:p" in stem
    words = said("moodle-2.4-pictures.xml", 2)
    for reason in ("“plan.svg” is left out: it is an SVG", "“fake.png” is left out: it is no picture", "is not whole"):
        assert reason in words
    assert "“gone.png” is left out: it is not in the file" in words
    assert "example.org" in words


@pytest.mark.parametrize("name", ["moodle-1.9.xml", "third-party-exams.xml", "markdown.xml"])
def test_pictures_of_old_files_in_addresses_and_in_markdown(name: str) -> None:
    stem = question(name, 1).content.stem
    data = MOODLE_XML.pictures(source(name))(stem.partition("image:")[2].partition(")")[0])
    assert data is not None
    assert kind_of(data) in ("png", "gif")


def test_a_text_may_not_name_a_picture_that_is_not_in_the_file(tmp_path: Path) -> None:
    text = "![of somebody else](image:abcdefghijkl-40x30)"
    item = one_of(f'<questiontext format="markdown"><text>What? {text}</text></questiontext>', tmp_path)
    assert item.question is not None
    assert item.question.content.stem == "What? of somebody else"


def one_of(questiontext: str, folder: Path) -> ReadItem:
    path = folder / "one.xml"
    path.write_text(
        f'<quiz><question type="truefalse">{questiontext}<answer fraction="100"><text>true</text></answer>'
        "</question></quiz>",
        encoding="utf-8",
    )
    return next(MOODLE_XML.read(Source(path, "one.xml")))


def all_that_is_read(data: bytes, folder: Path) -> Iterator[ReadItem]:
    path = folder / "any.xml"
    path.write_bytes(data)
    file = Source(path, "any.xml")
    MOODLE_XML.recognises(file)
    yield from MOODLE_XML.read(file)
    MOODLE_XML.pictures(file)("p0")


def only_bad_file(data: bytes, folder: Path) -> None:
    try:
        for item in all_that_is_read(data, folder):
            assert (item.question is None) == bool(item.problem)
    except BadFile:
        pass


@SLOWLY
@given(data=st.data())
def test_mutated_files_raise_nothing_else(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    changed = bytearray(data.draw(st.sampled_from(FILES)).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(changed)))
        piece = data.draw(st.sampled_from(PIECES))
        changed[at : at + data.draw(st.sampled_from((0, 1, 20)))] = piece
    only_bad_file(bytes(changed), tmp_path_factory.getbasetemp())


PIECES = (
    *(b"", b"\x00", b"\xff", b"<", b"&", b"]]>", b"<text>", b"</text>", b'fraction="1e999"', b"&#1;", b"&#xD800;"),
    *(b"<answer/>", b"<file/>", b"<tag/>", b"<question>", b"9" * 400, b"-", b"*", b"<!-- -- -->", b"<![CDATA["),
)


@SLOWLY
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_raise_nothing_else(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    only_bad_file(data, folder)
    only_bad_file(b"<quiz><question type='truefalse'>" + data + b"</question></quiz>", folder)


SIGNS = (
    "![",
    "[a]:",
    "`",
    "``` ",
    "\n# ",
    "- ",
    "\\",
    "&amp;lt;",
    "&lt;b&gt;",
    "\n\n",
    " \n",
    "*_",
    "![a](b ",
    "\\[",
    "!\\[",
)
LONG = 100_000
TEXT = "<quiz><question type='truefalse'><questiontext format='{}'><text>{}</text></questiontext></question></quiz>"


@pytest.mark.parametrize("format", ["html", "markdown", "moodle_auto_format"])
@pytest.mark.parametrize("piece", SIGNS, ids=range(len(SIGNS)))
def test_a_long_text_of_one_sign_ends(format: str, piece: str, tmp_path: Path) -> None:
    body = TEXT.format(format, piece * (LONG // len(piece)))
    body = body.replace("</question>", '<answer fraction="100"><text>true</text></answer></question>')
    only_bad_file(body.encode(), tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        "<question>" * (LONG // 10),
        "<question type='truefalse'>" + "<answer/>" * (LONG // 9) + "</question>",
        "<question type='matching'>" + "<subquestion/>" * (LONG // 14) + "</question>",
        "<question type='truefalse'><tags>" + "<tag><text>a</text></tag>" * (LONG // 25) + "</tags></question>",
        "<question type='category'><category><text>" + "/a" * (LONG // 2) + "</text></category></question>",
        "<question type='category'><category><text>" + "<" * 1 + "/text></category></question>" * (LONG // 30),
        "<question/>" * (LONG // 11),
        "<question type='truefalse'>" + "<file name='a.png'>AAAA</file>" * (LONG // 30) + "</question>",
        "<question type='truefalse'><text>" + "data:image/png;base64," * (LONG // 22) + "</text></question>",
        "<question type='truefalse'><name><text>" + "&lt;a" * (LONG // 5) + "</text></name></question>",
    ],
    ids=range(10),
)
def test_a_long_file_of_one_element_ends(body: str, tmp_path: Path) -> None:
    only_bad_file(f"<quiz>{body}</quiz>".encode(), tmp_path)
