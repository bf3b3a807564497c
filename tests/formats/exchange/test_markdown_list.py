"""Markdown lists with boxes: what people write loads."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings

from quizzes.formats.exchange.markdown_list import MARKDOWN_LIST
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.briefly import brief
from tests.formats.exchange.mangled import mangled, read_to_the_end, source_of
from tests.kinds import contents

CORPUS = Path(__file__).parents[1] / "corpus" / "markdown"

COMES_OF: dict[str, list[str]] = {
    "01-headings.md": [
        "multiple_choice b of 3",
        "multiple_choice a of 2",
    ],
    "02-numbers.md": [
        "multiple_choice b of 2",
        "multiple_response ab of 3",
        "multiple_choice a of 2",
    ],
    "03-rules.md": [
        "multiple_choice a of 2",
        "multiple_choice b of 2",
        "multiple_choice a of 2",
    ],
    "04-rationales.md": [
        "multiple_choice a of 3 assumed:rationales",
    ],
    "05-code.md": [
        "multiple_choice a of 3",
    ],
    "06-true-false.md": [
        "true_false t of 2",
        "true_false f of 2",
    ],
    "07-wrong.md": [
        "line 1: there are no options: write them as lines with “- [x]” and “- [ ]” right",
        "line 3: no option is ticked: write “- [x]” before the right ones",
        "line 7: every option is asked for: add a wrong one or lower choose",
        "line 11: a question has 2 to 12 options, this one has 1",
        "line 14: the stem is missing: write the question above the options",
        "line 18: an option has no text: write it, or remove the line",
    ],
    "08-bom-crlf.md": [
        "multiple_choice b of 2",
    ],
    "09-pictures.md": [
        "multiple_choice a of 2 lost:pictures",
    ],
    "10-underlined.md": [
        "multiple_choice a of 2",
        "multiple_choice b of 2",
    ],
    "11-cp1252.md": [
        "multiple_choice a of 2",
    ],
    "12-no-blank-lines.md": [
        "multiple_choice a of 2",
        "multiple_choice b of 2",
        "multiple_choice b of 2",
    ],
}


def items(name: str) -> list[ReadItem]:
    return list(MARKDOWN_LIST.read(Source(CORPUS / name, name)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("markdown")


def test_every_aspect_has_a_fate() -> None:
    assert set(MARKDOWN_LIST.fates) == set(ASPECTS)


def test_the_table_has_every_file() -> None:
    assert sorted(path.name for path in CORPUS.iterdir()) == sorted(COMES_OF)


@pytest.mark.parametrize("name", sorted(COMES_OF))
def test_what_comes_of_the_files_of_others(name: str) -> None:
    assert MARKDOWN_LIST.recognises(Source(CORPUS / name, name))
    assert [brief(item) for item in items(name)] == COMES_OF[name]


def test_headings_are_titles_or_stems() -> None:
    found = [(one.question.title, one.question.content.stem) for one in items("01-headings.md") if one.question]
    assert found == [
        ("Objects", "Which service stores **objects**?"),
        ("", "Which one is a file system?"),
    ]


def test_rationales_are_indented_or_quoted() -> None:
    (item,) = items("04-rationales.md")
    assert item.question is not None
    assert [one.rationale for one in item.question.content.options] == [
        "Because it is.\n\nIt *really* is.",
        'Because it is not:\n\n```json\n{"Effect": "Deny"}\n```',
        "Right under it.",
    ]
    assert [(one.aspect, one.severity) for one in item.notes] == [("rationales", "assumed")]


def test_code_keeps_its_lines_and_hides_what_looks_like_an_option() -> None:
    (item,) = items("05-code.md")
    assert item.question is not None
    content = item.question.content
    assert (
        '  "Resource": "arn:aws:s3:::b/${aws:username}/*"\n\n}\n# - [x] no option, no heading\n---\n```' in content.stem
    )
    assert content.stem.endswith("1. First it is read.\n2. Then it is weighed.\n\nWhat follows?")
    assert [one.text for one in content.options] == ["`Deny` {=wins}", "```\naws s3 ls\n```", "a line\nthat goes on"]


def test_a_code_of_the_course_is_no_picture_here() -> None:
    (item,) = items("09-pictures.md")
    assert item.question is not None
    assert item.question.content.stem == "See (picture: the plan) and choose."
    assert item.question.content.options[0].text == "left (picture)"


def test_nothing_is_written() -> None:
    out = BytesIO()
    questions = [Exchanged("", content) for content in contents().values()]
    MARKDOWN_LIST.write(questions, out, lambda name: None, "Questions")
    assert out.getvalue() == b""
    assert all(MARKDOWN_LIST.project(one)[0] is None for one in questions)


@pytest.mark.parametrize(
    ("text", "whether"),
    [
        ("Which?\n- [x] a\n- [ ] b", True),
        ("1. Which?\n   1. [X] a", True),
        ("Which?\n- a\n- b", False),
        ("- [link](https://x.org)", False),
        ("[x] a", False),
        ("", False),
    ],
)
def test_it_is_known_by_its_content(text: str, whether: bool, folder: Path) -> None:
    assert MARKDOWN_LIST.recognises(source_of(text.encode(), folder)) == whether


@given(data=mangled(CORPUS))
@settings(max_examples=40, deadline=None)
def test_nothing_but_bad_file_is_raised(folder: Path, data: bytes) -> None:
    read_to_the_end(MARKDOWN_LIST, source_of(data, folder))


def test_a_nul_byte_is_named_with_its_line(folder: Path) -> None:
    with pytest.raises(BadFile, match="line 2: there is a NUL byte"):
        list(MARKDOWN_LIST.read(source_of(b"a\n\0", folder)))


@pytest.mark.parametrize("piece", ["- [x] a\n", "a\n", "# ", "- ", "> ", "```\n", "![", "![a](", "* ", "\n", "1. "])
def test_a_megabyte_of_it_ends(piece: str, folder: Path) -> None:
    text = piece * (1_000_000 // len(piece))
    read_to_the_end(MARKDOWN_LIST, source_of(f"Which?\n- [x] a\n- [ ] b\n  {text}".encode(), folder))
