"""The program itself as judge: it takes our decks, updates its notes from newer ones, and we read what it exports."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from anki.collection import (
    Collection,
    ExportAnkiPackageOptions,
    ImportAnkiPackageOptions,
    ImportAnkiPackageRequest,
)

from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.anki.own import FIELDS, NOTE_TYPE
from quizzes.formats.exchange.anki.package import ANKI
from quizzes.formats.exchange.anki.text import ANKI_TEXT
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, POLICY, tiny_picture
from tests.kinds import contents

PICTURE = "abcdefghijkl-40x30"
SOON = datetime(2031, 1, 1, tzinfo=UTC)


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Collection]:
    """A fresh one."""
    opened = Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def questions() -> list[Exchanged]:
    known = Attributes(tags=("two words", "s3"), topics=("s3-classes",), domain=2, task="2.1")
    made = [Exchanged(f"q-{kind}", content, known=known) for kind, content in contents().items()]
    stem = f"Look: ![A plan](image:{PICTURE})\n\n{POLICY}\n\nand `\\(x\\)` [sound:x.mp3] {{{{c1::no}}}} & <b>"
    return [replace(made[0], content=replace(made[0].content, stem=stem)), *made[1:]]


def bring(collection: Collection, folder: Path, *made: Exchanged, at: datetime | None = None) -> dict[str, int]:
    """Our deck into the collection; how many notes are new, updated and so on."""
    path = folder / "ours.apkg"
    with path.open("wb") as out:
        (ANKI.at(at) if at else ANKI).write(made, out, PICTURES, "Exam: a deck")
    request = ImportAnkiPackageRequest(package_path=str(path), options=ImportAnkiPackageOptions())
    log = collection.import_anki_package(request).log
    return {name: len(getattr(log, name)) for name in ("new", "updated", "duplicate", "conflicting")}


def export(collection: Collection, folder: Path, *, legacy: bool) -> Source:
    path = folder / "theirs.apkg"
    options = ExportAnkiPackageOptions(with_scheduling=False, with_deck_configs=False, with_media=True, legacy=legacy)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return Source(path, path.name)


def test_our_notes_note_type_deck_and_media_are_there(collection: Collection, tmp_path: Path) -> None:
    assert bring(collection, tmp_path, *questions()) == {"new": 7, "updated": 0, "duplicate": 0, "conflicting": 0}
    model = collection.models.by_name(NOTE_TYPE)
    assert model is not None
    assert tuple(one["name"] for one in model["flds"]) == FIELDS
    assert "Exam: a deck" in [one.name for one in collection.decks.all_names_and_ids()]
    assert (Path(collection.media.dir()) / f"{PICTURE}.png").read_bytes() == tiny_picture(PICTURE)
    assert collection.media.check().missing == []
    assert sorted(collection.tags.all()) == [
        "s3",
        "sapro::domain::2",
        "sapro::task::2.1",
        "sapro::topic::s3-classes",
        "two_words",
    ]


def test_each_card_shows_its_question_and_not_its_key(collection: Collection, tmp_path: Path) -> None:
    bring(collection, tmp_path, *questions())
    for note in map(collection.get_note, collection.find_notes("")):
        (card,) = note.cards()
        assert note["Stem"] in card.question()
        assert note["Option 1"] in card.question()
        assert "data-key" not in card.question()
        assert note["Answer"] in card.answer()
        assert "{{" not in card.answer().replace("{{c1::no}}", "")
        assert card.question_av_tags() == []


def test_a_newer_deck_updates_and_the_same_one_adds_nothing(collection: Collection, tmp_path: Path) -> None:
    bring(collection, tmp_path, *questions())
    assert bring(collection, tmp_path, *questions())["new"] == 0
    changed = replace(questions()[1], content=replace(questions()[1].content, stem="Newer?"))
    assert bring(collection, tmp_path, changed, at=SOON) == {"new": 0, "updated": 1, "duplicate": 0, "conflicting": 0}
    (note,) = collection.find_notes('"Code:q-multiple_response"')
    assert collection.get_note(note)["Stem"] == "<p>Newer?</p>"
    assert len(collection.find_notes("")) == 7


@pytest.mark.parametrize("legacy", [False, True])
def test_what_the_program_exports_is_what_we_wrote(collection: Collection, tmp_path: Path, legacy: bool) -> None:
    bring(collection, tmp_path, *questions())
    theirs = export(collection, tmp_path, legacy=legacy)
    assert ANKI.recognises(theirs)
    items = list(ANKI.read(theirs))
    assert [item.question for item in items] == [ANKI.project(one)[0] for one in questions()]
    assert [item.notes for item in items] == [()] * 7
    assert ANKI.pictures(theirs)(PICTURE) == tiny_picture(PICTURE)


@pytest.mark.parametrize("with_html", [False, True])
def test_its_text_export_is_read_too(collection: Collection, tmp_path: Path, with_html: bool) -> None:
    bring(collection, tmp_path, *questions())
    path = tmp_path / "notes.txt"
    collection.export_note_csv(
        out_path=str(path),
        limit=None,
        with_html=with_html,
        with_tags=True,
        with_deck=True,
        with_notetype=True,
        with_guid=True,
    )
    theirs = Source(path, path.name)
    assert ANKI_TEXT.recognises(theirs)
    assert [item.question for item in ANKI_TEXT.read(theirs)] == [ANKI.project(one)[0] for one in questions()]


def test_edits_in_the_program_are_read(collection: Collection, tmp_path: Path) -> None:
    bring(collection, tmp_path, questions()[1])
    (number,) = collection.find_notes("")
    note = collection.get_note(number)
    note["Stem"] = "Which <i>two</i>?&nbsp;"
    note.tags = [*note.tags, "mine"]
    collection.update_note(note)
    (item,) = ANKI.read(export(collection, tmp_path, legacy=False))
    assert item.question is not None
    assert item.question.content.stem == "Which *two*?"
    assert item.question.content.options == questions()[1].content.options
    assert item.question.known.tags == ("two words", "s3", "mine")
    assert len(item.notes) == 2


def test_notes_of_the_program_itself_are_read(collection: Collection, tmp_path: Path) -> None:
    model = collection.models.by_name("Basic")
    assert model is not None
    note = collection.new_note(model)
    note.fields = ["What stores objects?", "Amazon <b>S3</b>"]
    collection.add_note(note, collection.decks.id("AWS::Storage"))
    for legacy in (False, True):
        (item,) = ANKI.read(export(collection, tmp_path, legacy=legacy))
        assert item.question is not None
        assert item.question.content.extra == {"accepted": ["Amazon S3"]}
        assert item.question.known.tags == ("AWS", "Storage")
        assert item.question.code == note.guid
