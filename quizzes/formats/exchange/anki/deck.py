"""Writing a deck: note after note into a database on the disk, so that memory does not grow with their number."""

import hashlib
import itertools
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import genanki

from quizzes.formats.exchange.anki.card import BACK, FRONT, STYLE
from quizzes.formats.exchange.anki.own import FIELDS, NOTE_TYPE, tags_of, values_of
from quizzes.formats.exchange.model import Exchanged, Pictures

MODEL_ID = 1_764_288_001
"""Of our note type, for ever: by it Anki tells that a deck has notes of the same type."""
_PICTURE = re.compile(r"\(image:([a-z0-9x-]{1,40})\)")
_ENDINGS = ((b"\x89PNG", ".png"), (b"\xff\xd8\xff", ".jpg"), (b"RIFF", ".webp"))


class _Note(genanki.Note):  # type: ignore[misc]
    """A note whose HTML is ours: there is nothing to warn of."""

    def _check_invalid_html_tags_in_fields(self) -> None:
        return


def write(questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str, moment: datetime) -> None:
    """A deck in the form that every Anki reads. ``moment``: when its notes are said to have changed."""
    stamp = moment.astimezone(UTC)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        path = Path(folder) / "collection.anki2"
        media = _Media(target, pictures, stamp)
        with closing(sqlite3.connect(path)) as database, database:
            _write_notes(database.cursor(), questions, media, title, stamp.timestamp())
        with path.open("rb") as source, target.open(_member("collection.anki2", stamp), "w") as member:
            while piece := source.read(1 << 20):
                member.write(piece)
        target.writestr(_member("media", stamp), json.dumps(media.by_number))


def _write_notes(
    cursor: sqlite3.Cursor, questions: Iterable[Exchanged], media: "_Media", title: str, timestamp: float
) -> None:
    deck = genanki.Deck(_deck_id(title), _deck_name(title))
    model = _model()
    deck.add_model(model)
    ids = itertools.count(int(timestamp * 1000))
    genanki.Package(deck).write_to_db(cursor, timestamp, ids)
    for number, question in enumerate(questions, 1):
        values = values_of(question, media.file_of)
        media.add(question)
        note = _Note(
            model=model,
            fields=[values[name] for name in FIELDS],
            tags=tags_of(question),
            guid=guid(question),
            due=number,
        )
        note.write_to_db(cursor, timestamp, deck.deck_id, ids)


def guid(question: Exchanged) -> str:
    """By which Anki knows the note again: from the code, or from what it says where it has none."""
    return str(genanki.guid_for("sapro", question.code or question.content.digest))


def _model() -> genanki.Model:
    return genanki.Model(
        MODEL_ID,
        NOTE_TYPE,
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "Question", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )


def _deck_name(title: str) -> str:
    """Without the signs that Anki makes decks within decks of."""
    return " ".join(title.replace("::", ":").replace('"', "”").split()) or "SA Pro"


def _deck_id(title: str) -> int:
    """The same for the same title, for ever."""
    return (1 << 30) + int(hashlib.sha256(_deck_name(title).encode()).hexdigest()[:8], 16) % (1 << 30)


class _Media:
    """The pictures of the notes, each put into the zip once, when the first note shows it."""

    def __init__(self, target: zipfile.ZipFile, pictures: Pictures, stamp: datetime) -> None:
        self._target, self._pictures, self._stamp = target, pictures, stamp
        self._files: dict[str, str] = {}
        self.by_number: dict[str, str] = {}

    def file_of(self, name: str) -> str:
        """The file that texts point at."""
        if name not in self._files:
            data = self._pictures(name)
            self._files[name] = f"{name}{_ending(data or b'')}"
            if data is not None:
                number = str(len(self.by_number))
                self.by_number[number] = self._files[name]
                self._target.writestr(_member(number, self._stamp), data)
        return self._files[name]

    def add(self, question: Exchanged) -> None:
        """Also the pictures that no field of the card shows as such."""
        for text in _texts(question):
            for name in _PICTURE.findall(text):
                self.file_of(name)


def _texts(question: Exchanged) -> Iterator[str]:
    content = question.content
    yield from (content.stem, content.scenario, str(content.extra.get("rationale", "")))
    yield from (text for one in content.options for text in (one.text, one.rationale))
    yield from (one["text"] for one in content.extra.get("targets", ()))


def _ending(data: bytes) -> str:
    return next((ending for head, ending in _ENDINGS if data.startswith(head)), ".png")


def _member(name: str, stamp: datetime) -> zipfile.ZipInfo:
    """A member that says nothing of this machine."""
    info = zipfile.ZipInfo(name, stamp.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info
