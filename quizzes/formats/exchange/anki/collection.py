"""The database in a deck: SQLite made by anybody, read as if every byte of it were chosen to harm."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizzes.formats.exchange.anki.notes import AnkiNote
from quizzes.formats.exchange.model import BadFile

MOST_CARDS = 500_000
MOST_FIELDS = 200
MOST_STEPS = 10_000
"""Calls of the guard; one comes after ``STEP`` instructions. A collection of 100,000 notes takes about a tenth."""
STEP = 2_000
MOST_VALUE = 16 * 1024 * 1024
"""Bytes of one value, and of one row. The note types of a large collection are a tenth of it."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: MOST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 50,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 3,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 8,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_BROKEN = "the collection in it is broken or made to harm: export the deck from Anki once more"


@dataclass(frozen=True, slots=True)
class NoteType:
    """Its name, and the names of its fields."""

    name: str
    fields: tuple[str, ...]


class Collection:
    """What a database says of notes. Raises BadFile, whatever is in it."""

    def __init__(self, database: sqlite3.Connection, name: str) -> None:
        self._database, self._name = database, name
        self._tables = self._checked_tables()

    def notes(self) -> Iterator[AnkiNote]:
        """All of them, by their id."""
        types, decks, of_note = self._note_types(), self._decks(), self._deck_of_note()
        rows = self._rows("SELECT id, guid, mid, tags, flds FROM notes ORDER BY id")
        for number, (note, guid, kind, tags, values) in enumerate(rows, 1):
            known = types.get(_text(kind), NoteType("", ()))
            fields = tuple(_text(values).split("\x1f", MOST_FIELDS)[:MOST_FIELDS])
            yield AnkiNote(
                place=f"note {number}",
                values=fields,
                names=known.fields,
                note_type=known.name,
                deck=decks.get(of_note.get(_text(note), ""), ""),
                tags=tuple(_text(tags).split()[:200]),
                guid=_text(guid)[:200],
            )

    def _note_types(self) -> dict[str, NoteType]:
        """By id: from the tables of the new schema, else from the JSON of the old one."""
        if not {"notetypes", "fields"} <= self._tables:
            return {one: _note_type(body) for one, body in self._from_json("models").items()}
        fields: dict[str, list[str]] = {}
        for kind, name in self._rows("SELECT ntid, name FROM fields ORDER BY +ntid, +ord"):
            fields.setdefault(_text(kind), []).append(_text(name)[:200])
        rows = self._rows("SELECT id, name FROM notetypes")
        return {_text(one): NoteType(_text(name), tuple(fields.get(_text(one), ()))) for one, name in rows}

    def _decks(self) -> dict[str, str]:
        """Name by id."""
        if "decks" in self._tables:
            return {_text(one): _text(name) for one, name in self._rows("SELECT id, name FROM decks")}
        found = self._from_json("decks")
        return {one: str(body.get("name", "")) if isinstance(body, dict) else "" for one, body in found.items()}

    def _deck_of_note(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if "cards" not in self._tables:
            return found
        for count, (note, deck) in enumerate(self._rows("SELECT nid, did FROM cards"), 1):
            if count > MOST_CARDS:
                raise BadFile(f"there are more than {MOST_CARDS:,} cards: import it in parts", self._name)
            found.setdefault(_text(note), _text(deck))
        return found

    def _from_json(self, column: str) -> dict[str, Any]:
        rows = list(self._rows(f"SELECT {column} FROM col LIMIT 1")) if "col" in self._tables else []
        try:
            found = json.loads(_text(rows[0][0])) if rows else {}
        except (ValueError, RecursionError) as error:
            raise BadFile(_BROKEN, self._name) from error
        return {str(one): body for one, body in found.items()} if isinstance(found, dict) else {}

    def _checked_tables(self) -> set[str]:
        """The names of the tables, where there is nothing else that could answer in their place."""
        rows = list(self._rows("SELECT type, lower(name), lower(coalesce(sql, '')) FROM sqlite_master LIMIT 1000"))
        if any(kind in ("view", "trigger") or sql.startswith("create virtual") for kind, _, sql in rows):
            raise BadFile("it has views or triggers, which no deck has: nothing of it is read", self._name)
        tables = {name for kind, name, _ in rows if kind == "table"}
        if "notes" not in tables:
            raise BadFile("there are no notes in it: export the deck from Anki once more", self._name)
        return tables

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._database.execute(query)
        except (sqlite3.Error, OverflowError, MemoryError) as error:
            raise BadFile(_BROKEN, self._name) from error


@contextmanager
def opened(path: Path, name: str) -> Iterator[Collection]:
    """The collection in a database file of our own. ``name``: what it is called in the deck. Raises BadFile."""
    try:
        database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    except sqlite3.Error as error:
        raise BadFile(_BROKEN, name) from error
    try:
        _guard(database, name)
        yield Collection(database, name)
    finally:
        database.close()


def _guard(database: sqlite3.Connection, name: str) -> None:
    """Nothing in the schema may run, nothing may become large, nothing may go on for ever."""
    for limit, value in _LIMITS.items():
        database.setlimit(limit, value)
    left = iter(range(MOST_STEPS))
    database.set_progress_handler(lambda: int(next(left, None) is None), STEP)
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    try:
        for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
            database.execute(f"PRAGMA {pragma}")
    except sqlite3.Error as error:
        raise BadFile(_BROKEN, name) from error


def _note_type(body: Any) -> NoteType:
    if not isinstance(body, dict):
        return NoteType("", ())
    fields = body.get("flds")
    rows = [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
    return NoteType(str(body.get("name", "")), tuple(str(one.get("name", ""))[:200] for one in rows[:MOST_FIELDS]))


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)
