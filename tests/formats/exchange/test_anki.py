"""Anki decks: ours come back as they went, others give what they say, and those made to harm give BadFile."""

import base64
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.anki.data import Damaged, unpacked
from quizzes.formats.exchange.anki.deck import guid
from quizzes.formats.exchange.anki.own import FIELDS, values_of
from quizzes.formats.exchange.anki.package import ANKI
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, ReadItem
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, exchanged_questions, tiny_picture
from tests.formats.exchange.test_anki_text import summary
from tests.kinds import contents

CORPUS = Path(__file__).parents[1] / "corpus" / "anki"

EXPECTED: dict[str, list[tuple[str, str]]] = {
    "basic-legacy.apkg": [("short_text", "Amazon S3"), ("true_false", "true"), ("", "no answer of one line")],
    "cloze-new.apkg": [
        ("short_text", "Amazon Route 53"),
        ("", "2 deletions"),
        ("short_text", "JSON"),
        ("", "2 deletions"),
    ],
    "collection-legacy.colpkg": [("short_text", "Virtual Private Cloud")],
    "collection-new.colpkg": [("short_text", "Virtual Private Cloud")],
    "genanki.apkg": [("short_text", "Buenos Aires"), ("short_text", "Paris")],
    "media-new.apkg": [("short_text", "Amazon SQS"), ("short_text", "hello")],
    "multiple-choice-add-on.apkg": [
        ("multiple_response", "a c"),
        ("multiple_choice", "b"),
        ("", "true or false on its own"),
    ],
    "named-options.apkg": [
        ("multiple_choice", "b"),
        ("multiple_response", "b d"),
        ("", "The key is empty"),
        ("", "an option that is empty"),
        ("multiple_choice", "a"),
    ],
    "odd-values.apkg": [
        ("", "All fields are empty"),
        ("short_text", "back"),
        ("short_text", "x"),
        ("short_text", "A"),
    ],
    "traversal.apkg": [("short_text", "yes")],
    "unicode-new.apkg": [("short_text", "überall 🙂")],
}
"""By file: of each note its kind and its key; or, without a kind, words of the problem."""

REFUSED = {
    "bomb.apkg": "collection.anki21b: unpacked, it has more than",
    "no-notes.apkg": "collection.anki2: there are no notes",
    "not-sqlite.apkg": "collection.anki21: the collection in it is broken",
    "trigger.apkg": "collection.anki2: it has views or triggers",
    "view.apkg": "collection.anki2: it has views or triggers",
}


def source(name: str) -> Source:
    return Source(CORPUS / name, name)


def deck_of(folder: Path, *questions: Exchanged, at: datetime | None = None) -> Source:
    path = folder / "ours.apkg"
    with path.open("wb") as out:
        (ANKI.at(at) if at else ANKI).write(questions, out, PICTURES, "A deck")
    return Source(path, path.name)


def with_database(path: Path, change: str) -> Source:
    """The deck with its database changed by some SQL."""
    with zipfile.ZipFile(path) as file:
        members = {one: file.read(one) for one in file.namelist()}
    database = path.with_suffix(".db")
    database.write_bytes(members["collection.anki2"])
    connection = sqlite3.connect(database)
    connection.executescript(change)
    connection.commit()
    connection.close()
    return packed(path, members | {"collection.anki2": database.read_bytes()})


def packed(path: Path, members: Mapping[str, bytes]) -> Source:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return Source(path, path.name)


def edited(folder: Path, question: Exchanged, **fields: str) -> ReadItem:
    """What is read after these fields were edited: names with “_” for the blank."""
    made = deck_of(folder, question)
    values = values_of(question, lambda name: f"{name}.png")
    values |= {name.replace("_", " "): value for name, value in fields.items()}
    joined = "\x1f".join(values[name] for name in FIELDS).replace("'", "''")
    return next(iter(ANKI.read(with_database(made.path, f"UPDATE notes SET flds = '{joined}'"))))


def choice() -> Exchanged:
    return Exchanged("q-1", contents()["multiple_choice"])


def test_every_file_has_its_expectation() -> None:
    assert {one.name for one in CORPUS.iterdir()} == set(EXPECTED) | set(REFUSED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_deck_gives_these_questions(name: str) -> None:
    assert ANKI.recognises(source(name))
    items = list(ANKI.read(source(name)))
    for item, (kind, words) in zip(items, EXPECTED[name], strict=True):
        _, found, said = summary(item)
        assert found == kind
        assert words == said if kind else words in said
        assert all(note.aspect in ASPECTS and note.words.endswith(".") for note in item.notes)
        if item.question:
            assert KINDS[kind].flaws(item.question.content) == []


@pytest.mark.parametrize("name", REFUSED)
def test_a_deck_made_to_harm_is_refused_with_the_member(name: str) -> None:
    with pytest.raises(BadFile) as caught:
        list(ANKI.read(source(name)))
    assert str(caught.value).startswith(REFUSED[name])


def test_names_of_media_are_never_paths() -> None:
    (item,) = ANKI.read(source("traversal.apkg"))
    assert "passwd" not in str(item.question)
    assert ANKI.pictures(source("traversal.apkg"))("../../etc/passwd") is None


def test_pictures_of_others_get_names_that_texts_can_have() -> None:
    drawn = next(iter(ANKI.read(source("media-new.apkg"))))
    assert drawn.question is not None
    assert "(image:p1)" in drawn.question.content.stem
    data = ANKI.pictures(source("media-new.apkg"))("p1")
    assert data is not None
    assert data.startswith(b"\x89PNG")
    assert ANKI.pictures(source("media-new.apkg"))("p9") is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("decks")


@settings(max_examples=15, deadline=None)
@given(exchanged_questions())
def test_what_is_written_is_read_as_projected(folder: Path, question: Exchanged) -> None:
    projected, notes = ANKI.project(question)
    assert projected is not None
    assert ANKI.project(projected)[0] == projected
    assert all(note.aspect in ASPECTS for note in notes)
    made = deck_of(folder, question)
    (item,) = ANKI.read(made)
    assert (item.question, item.notes, item.problem) == (projected, (), "")


def test_every_kind_in_one_deck(folder: Path) -> None:
    questions = [Exchanged(f"q-{kind}", content) for kind, content in contents().items()]
    made = deck_of(folder, *questions)
    assert ANKI.recognises(made)
    assert [item.question for item in ANKI.read(made)] == questions


def test_what_cannot_be_asked_is_no_card(folder: Path) -> None:
    flawed = replace(choice(), content=replace(choice().content, choose=2))
    projected, notes = ANKI.project(flawed)
    assert projected is None
    assert "cannot be asked" in notes[0].words
    assert [item.question for item in ANKI.read(deck_of(folder, flawed, choice()))] == [choice()]


def test_pictures_travel_once_and_come_back_by_their_code(folder: Path) -> None:
    name = "abcdefghijkl-40x30"
    content = replace(choice().content, stem=f"Look: ![It](image:{name}) and ![it again](image:{name})")
    made = deck_of(folder, Exchanged("a", content), Exchanged("b", content))
    with zipfile.ZipFile(made.path) as file:
        assert json.loads(file.read("media")) == {"0": f"{name}.png"}
    assert ANKI.pictures(made)(name) == tiny_picture(name)


def test_the_same_questions_make_the_same_bytes(folder: Path) -> None:
    first = deck_of(folder, choice(), at=datetime(2026, 5, 1, tzinfo=UTC)).path.read_bytes()
    assert deck_of(folder, choice(), at=datetime(2026, 5, 1, tzinfo=UTC)).path.read_bytes() == first
    assert deck_of(folder, choice(), at=datetime(2026, 5, 2, tzinfo=UTC)).path.read_bytes() != first


def test_a_question_keeps_its_guid_whatever_it_says() -> None:
    changed = replace(choice(), content=replace(choice().content, stem="Another?"))
    assert guid(changed) == guid(choice())
    assert guid(replace(changed, code="q-2")) != guid(choice())


def test_steps_to_be_ordered_stand_in_an_order_that_tells_nothing() -> None:
    steps = tuple(Option(f"s{number}", f"Step {number}", True, "") for number in range(8))
    content = Content("ordering", "Which order?", 8, "shuffle", steps)
    values = values_of(Exchanged("q", content))
    shown = [values[f"Option {number}"] for number in range(1, 9)]
    assert sorted(shown) != shown
    in_order = [shown[int(one) - 1] for one in values["Key"].split(",")]
    assert in_order == sorted(shown)


def test_edits_in_anki_are_read_and_said(folder: Path) -> None:
    item = edited(folder, choice(), Stem="A <b>new</b> stem", Key="1, 2", Option_5="fifth", Rationale_5="Why not.")
    assert item.question is not None
    content = item.question.content
    assert (content.kind, content.choose, content.stem) == ("multiple_response", 2, "A **new** stem")
    assert content.options[4] == Option("e", "fifth", False, "Why not.")
    said = " ".join(note.words for note in item.notes)
    assert all(f"“{name}” was edited" in said for name in ("Stem", "Key", "Option 5"))


def test_an_option_emptied_in_anki_is_gone(folder: Path) -> None:
    item = edited(folder, choice(), Option_1="", Rationale_1="")
    assert item.question is not None
    assert item.question.content.option_ids == ("b", "c", "d")


def test_edits_that_leave_no_question_are_a_problem(folder: Path) -> None:
    item = edited(folder, choice(), Option_2="", Rationale_2="")
    assert item.question is None
    assert "After what was edited in Anki, no option is marked correct" in item.problem
    assert "emptied" in edited(folder, choice(), Stem="").problem
    assert "names an option" in edited(folder, choice(), Key="9").problem


def test_edits_that_have_no_place_are_said_to_be_lost(folder: Path) -> None:
    item = edited(folder, choice(), Kind="matching", Code="another")
    assert item.question == choice()
    assert {note.severity for note in item.notes} == {"lost"}


@pytest.mark.parametrize("data", ["", "no base64!", "eNqdamaged", "e" * 4000])
def test_without_its_data_a_note_is_read_by_its_fields(folder: Path, data: str) -> None:
    item = edited(folder, choice(), Data=data)
    assert item.question is not None
    assert item.question.content == choice().content
    assert item.question.code == "q-1"


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("code", "content", "kind")), inner)
        ),
    )
)
def test_data_of_another_shape_is_damaged(document: object) -> None:
    text = base64.b64encode(zlib.compress(json.dumps(document).encode())).decode()
    with pytest.raises(Damaged):
        unpacked(text)


def test_a_column_that_computes_something_large_is_refused(folder: Path) -> None:
    script = """
        DROP TABLE notes;
        CREATE TABLE notes(id INTEGER PRIMARY KEY, guid, mid, tags, flds AS (hex(zeroblob(9000000))));
        INSERT INTO notes(id) VALUES (1);
    """
    made = with_database(deck_of(folder, choice()).path, script)
    with pytest.raises(BadFile, match="made to harm"):
        list(ANKI.read(made))


SAMPLES = [path for path in sorted(CORPUS.iterdir()) if path.name != "bomb.apkg"]


@st.composite
def damage(draw: st.DrawFn) -> tuple[Path, bool, list[tuple[int, int, bytes]]]:
    """A deck of the corpus, whether its database is damaged or the zip around it, and where."""
    places = st.tuples(st.integers(0, 200_000), st.integers(0, 40), st.binary(max_size=12))
    return draw(st.sampled_from(SAMPLES)), draw(st.booleans()), draw(st.lists(places, min_size=1, max_size=6))


@settings(max_examples=40, deadline=None)
@given(damage())
def test_whatever_the_bytes_only_bad_file_is_raised(
    folder: Path, damaged: tuple[Path, bool, list[tuple[int, int, bytes]]]
) -> None:
    path, inside, places = damaged
    target = folder / "mutated.apkg"
    if inside:
        with zipfile.ZipFile(path) as file:
            members = {one: file.read(one) for one in file.namelist()}
        name = next(one for one in sorted(members, reverse=True) if one.startswith("collection"))
        data = members[name]
        packed_by_zstd = name.endswith("b")
        if packed_by_zstd:
            data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
        data = mutated(data, places)
        members[name] = zstandard.compress(data) if packed_by_zstd else data
        packed(target, members)
    else:
        target.write_bytes(mutated(path.read_bytes(), places))
    made = Source(target, "mutated.apkg")
    try:
        ANKI.recognises(made)
        for item in ANKI.read(made):
            assert (item.question is None) == bool(item.problem)
        ANKI.pictures(made)("p1")
    except BadFile:
        pass


def mutated(data: bytes, places: list[tuple[int, int, bytes]]) -> bytes:
    changed = bytearray(data)
    for start, length, new in places:
        place = start % (len(changed) + 1)
        changed[place : place + length] = new
    return bytes(changed)


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=300))
def test_a_map_of_media_may_be_anything(folder: Path, data: bytes) -> None:
    made = packed(folder / "map.apkg", {"collection.anki2": b"", "media": data, "0": b"x"})
    with suppress(BadFile):
        ANKI.pictures(made)("p1")


def test_a_member_packed_too_well_is_refused(folder: Path) -> None:
    bomb = zstandard.compress(b"\0" * (40 << 20))
    made = packed(folder / "big.apkg", {"collection.anki2": b"", "media": b'{"0": "big.png"}', "0": bomb})
    with pytest.raises(BadFile, match="more than"):
        ANKI.pictures(made)("big")
