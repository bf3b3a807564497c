"""Notes as text: what must come of files as Anki and people write them, and of files made to harm."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.anki.text import ANKI_TEXT
from quizzes.formats.exchange.model import ASPECTS, BadFile, ReadItem
from quizzes.formats.exchange.source import Source

CORPUS = Path(__file__).parents[1] / "corpus" / "anki_text"

EXPECTED: dict[str, list[tuple[str, str, str]]] = {
    "bom.txt": [("line 3", "short_text", "大きさ")],
    "cloze.txt": [
        ("line 4", "short_text", "Amazon Route 53"),
        ("line 5", "", "2 deletions"),
        ("line 6", "short_text", "JSON"),
    ],
    "comments.txt": [
        ("line 6", "short_text", "A1"),
        ("line 7", "short_text", "A2"),
        ("line 9", "short_text", "A3"),
    ],
    "cp1252.txt": [("line 3", "short_text", "überall – “ja”")],
    "export.txt": [
        ("line 7", "short_text", "Amazon S3"),
        ("line 8", "short_text", "hello"),
        ("line 9", "", "no answer of one line"),
    ],
    "front-back.txt": [
        ("line 3", "true_false", "true"),
        ("line 4", "short_text", "443"),
        ("line 5", "", "no back"),
        ("line 6", "", "no back"),
    ],
    "html.txt": [("line 5", "multiple_choice", "a")],
    "mcq.csv": [("line 7", "multiple_choice", "b"), ("line 8", "multiple_response", "a c")],
    "own-columns.txt": [
        ("line 5", "multiple_choice", "a"),
        ("line 6", "ordering", "a b c"),
        ("line 7", "", "of the kind matching"),
        ("line 8", "multiple_choice", "b"),
    ],
    "positions.txt": [("line 4", "multiple_choice", "b"), ("line 5", "multiple_response", "a c")],
    "sounds.txt": [("line 3", "short_text", "hello"), ("line 4", "short_text", "2 and -2")],
    "utf16.txt": [("line 3", "short_text", "überall")],
    "widths.txt": [
        ("line 3", "short_text", "two"),
        ("line 4", "short_text", "five"),
        ("line 5", "short_text", "seven"),
    ],
}
"""By file: of each note its place, its kind, and its key; or, without a kind, words of the problem."""

REFUSED = {
    "bad-column.txt": "#tags column: a number of a column",
    "bad-separator.txt": "#separator: the separator “banana”",
    "unclosed.txt": "line 4: a quotation mark is opened",
}


def source(name: str) -> Source:
    return Source(CORPUS / name, name)


def written(tmp_path: Path, data: bytes) -> Source:
    path = tmp_path / "notes.txt"
    path.write_bytes(data)
    return Source(path, "notes.txt")


def summary(item: ReadItem) -> tuple[str, str, str]:
    if item.question is None:
        return item.place, "", item.problem
    content = item.question.content
    if content.kind == "short_text":
        return item.place, content.kind, content.extra["accepted"][0]
    return item.place, content.kind, " ".join(one.id for one in content.options if one.correct)


def test_every_file_has_its_expectation() -> None:
    assert {one.name for one in CORPUS.iterdir()} == set(EXPECTED) | set(REFUSED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_gives_these_questions(name: str) -> None:
    assert ANKI_TEXT.recognises(source(name))
    found = [summary(item) for item in ANKI_TEXT.read(source(name))]
    for (place, kind, words), (wanted_place, wanted_kind, wanted) in zip(found, EXPECTED[name], strict=True):
        assert (place, kind) == (wanted_place, wanted_kind)
        assert wanted in words if not kind else wanted == words


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_is_refused_with_its_place(name: str) -> None:
    with pytest.raises(BadFile) as caught:
        list(ANKI_TEXT.read(source(name)))
    assert str(caught.value).startswith(REFUSED[name])


@pytest.mark.parametrize("name", EXPECTED)
def test_what_is_read_can_be_asked_and_its_account_is_whole(name: str) -> None:
    for item in ANKI_TEXT.read(source(name)):
        assert (item.question is None) == bool(item.problem)
        assert all(note.aspect in ASPECTS and note.words.endswith(".") for note in item.notes)
        if item.question:
            assert KINDS[item.question.content.kind].flaws(item.question.content) == []


def test_columns_bring_rationales_title_order_and_tags() -> None:
    first, ordering, *_ = (item.question for item in ANKI_TEXT.read(source("own-columns.txt")))
    assert first is not None
    assert ordering is not None
    assert (first.code, first.title, first.content.order) == ("q-one", "A title", "fixed")
    assert [one.rationale for one in first.content.options] == ["It is.\n\nIn general.", "It is not.", ""]
    assert [one.text for one in ordering.content.options] == ["first", "second", "third"]
    cheapest = next(iter(ANKI_TEXT.read(source("mcq.csv")))).question
    assert cheapest is not None
    assert cheapest.known.tags == ("cost", "s3", "Exam prep", "Cost")


def test_the_key_of_several_is_said_to_count_as_a_whole() -> None:
    item = list(ANKI_TEXT.read(source("mcq.csv")))[1]
    assert "all or nothing" in " ".join(note.words for note in item.notes if note.aspect == "scoring")


def test_nothing_that_runs_survives() -> None:
    item = next(iter(ANKI_TEXT.read(source("html.txt"))))
    assert item.question is not None
    assert "script" not in str(item.question).lower()
    assert "onerror" not in str(item.question)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("Q\tx\ty\tz\tC", "multiple_choice"),
        ("Q\tx\ty\tz\tc)", "multiple_choice"),
        ("Q\tx\ty\tz\tAB", "multiple_response"),
        ("Q\tx\ty\tz\t1, 3", "multiple_response"),
        ("Q\tx\ty\tz\tz", "multiple_choice"),
        ("Q\tx\ty\tz\t0", "multiple_choice"),
        ("Q\tx\ty\tz\tD", "short_text"),
    ],
)
def test_the_key_is_a_letter_a_number_or_the_text(tmp_path: Path, row: str, kind: str) -> None:
    item = next(iter(ANKI_TEXT.read(written(tmp_path, f"#html:false\n{row}\n".encode()))))
    assert item.question is not None
    assert item.question.content.kind == kind


@pytest.mark.parametrize(
    "text", ["", "Q\tA", "id,stem\n1,2", "::title:: Q {=A}", "Question\nA. x\nB. y\nANSWER: A", "# A heading\n- [x] a"]
)
def test_other_texts_are_not_taken_for_notes(tmp_path: Path, text: str) -> None:
    assert not ANKI_TEXT.recognises(written(tmp_path, text.encode()))


def test_notes_without_headers_are_read_when_somebody_says_what_they_are(tmp_path: Path) -> None:
    items = list(ANKI_TEXT.read(written(tmp_path, b"Front;Back\nsecond;<b>two</b>\n")))
    assert [summary(item) for item in items] == [("line 1", "short_text", "Back"), ("line 2", "short_text", "two")]


NASTY = (
    "{{c1::",
    "{{c1::a}}",
    "<",
    "<br",
    '"',
    '""',
    "\t",
    "#",
    "A) ",
    "a,",
    "[sound:",
    "\\(",
    "&#",
    "<b>",
    "<ul><li>",
    "\r",
    "\n",
    "#tags:x\n",
    "{{c1::{{c2::",
)


@pytest.mark.parametrize("piece", NASTY)
def test_a_megabyte_of_one_piece_comes_to_an_end(tmp_path: Path, piece: str) -> None:
    for head, size in (("Q\tA\t", 1_000_000), ("Q\tA\t", 120_000), ("Q\t", 120_000), ("#columns:", 120_000)):
        data = f"#separator:tab\n#html:true\n{head}{piece * (size // len(piece))}"
        try:
            list(ANKI_TEXT.read(written(tmp_path, data.encode())))
        except BadFile:
            continue


SAMPLES = [path.read_bytes() for path in sorted(CORPUS.iterdir()) if path.stat().st_size < 5_000]


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """A file of the corpus with bytes turned, cut out, or put in from another."""
    data = bytearray(draw(st.sampled_from(SAMPLES)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        match draw(st.integers(0, 2)):
            case 0:
                data[place : place + 1] = bytes([draw(st.integers(0, 255))])
            case 1:
                del data[place : place + draw(st.integers(1, 30))]
            case _:
                other = draw(st.sampled_from(SAMPLES))
                data[place:place] = other[draw(st.integers(0, len(other))) :][:60]
    return bytes(data)


@settings(max_examples=40, deadline=None)
@given(st.one_of(mutations(), st.binary(max_size=400)))
def test_whatever_the_bytes_only_bad_file_is_raised(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "mutated.txt"
    path.write_bytes(data)
    made = Source(path, "mutated.txt")
    try:
        ANKI_TEXT.recognises(made)
        for item in ANKI_TEXT.read(made):
            assert (item.question is None) == bool(item.problem)
    except BadFile:
        pass
