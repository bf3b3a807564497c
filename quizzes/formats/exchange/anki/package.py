"""Anki decks: .apkg and .colpkg, of old and new Anki, in and out."""

import tempfile
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange import archive
from quizzes.formats.exchange.anki import collection, deck, edited, fates
from quizzes.formats.exchange.anki.media import Media, pieces
from quizzes.formats.exchange.archive import Archive
from quizzes.formats.exchange.model import BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.projection import without
from quizzes.formats.exchange.source import Source

DATABASES = ("collection.anki21b", "collection.anki21", "collection.anki2")
"""The newest first: a package has the older ones for older programs, with one note in them that says so."""
MOST_DATABASE = 256 * 1024 * 1024
_SHOWN = {
    "ordering": "The card shows the steps, and behind them their order: nothing is moved on it.",
    "matching": "The card shows both columns, and behind them the pairs: nothing is moved on it.",
    "typed": "The card shows the question, and behind it the answer: nothing is typed on it.",
}


class AnkiPackage:
    """A deck with a note type of its own, whose card shuffles the options and shows a rationale for each.

    ``moment`` is when the notes of a written deck are said to have changed: where a learner has one of them already,
    Anki takes the later. :meth:`at` sets it.
    """

    name = "anki"
    title = "Anki deck"
    suffixes: tuple[str, ...] = (".apkg", ".colpkg")
    media_type = "application/octet-stream"
    reads = True
    writes = True
    fates: Mapping[str, Fate] = fates.DECK

    def __init__(self, moment: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self.moment = moment

    def at(self, now: datetime) -> "AnkiPackage":
        """The same format, for a deck written now."""
        return AnkiPackage(now)

    def recognises(self, source: Source) -> bool:
        """A zip with a collection in it."""
        if not source.is_zip:
            return False
        with archive.opened(source) as members:
            return any(one in members for one in DATABASES)

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The notes one by one; a note of which several cards are made is one."""
        with archive.opened(source) as members, tempfile.TemporaryDirectory() as folder:
            name = next((one for one in DATABASES if one in members), "")
            if not name:
                raise BadFile("there is no collection in it: export a deck from Anki (.apkg)")
            path = Path(folder) / "collection"
            _unpack(members, name, path)
            media = Media(members)
            with collection.opened(path, name) as opened:
                for note in opened.notes():
                    yield edited.read(note, media.name_of)

    def pictures(self, source: Source) -> Pictures:
        """Those of its media that texts show."""
        return _Pictures(source)

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """All of it but its status. Kinds whose card is only looked at are said."""
        if flaws := KINDS[question.content.kind].flaws(question.content):
            words = f"This question cannot be asked as it is, and no card is made of it: {flaws[0]}."
            return None, (Note("kind", Severity.LOST, words),)
        left, notes = without(question, ("status",), self.fates)
        if words := _SHOWN.get(KINDS[question.content.kind].control, ""):
            notes.append(Note("kind", Severity.CHANGED, words))
        return left, tuple(notes)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """A deck of this title. The form is the one that every Anki since 2.1 reads."""
        left = (self.project(one)[0] for one in questions)
        deck.write((one for one in left if one), out, pictures, title, self.moment)


class _Pictures:
    """Pictures of one deck; it stays open as long as somebody asks for them."""

    def __init__(self, source: Source) -> None:
        stack = ExitStack()
        self._media = Media(stack.enter_context(archive.opened(source)))
        self._close = weakref.finalize(self, stack.close)

    def __call__(self, name: str) -> bytes | None:
        return self._media.read(name)


def _unpack(members: Archive, name: str, path: Path) -> None:
    with members.open(name) as stream, path.open("wb") as target:
        for piece in pieces(stream, MOST_DATABASE, name):
            target.write(piece)


ANKI = AnkiPackage()
