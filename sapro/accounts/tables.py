"""What a person takes along as tables for spreadsheets: one CSV for each part, in one zip."""

import json
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from quizzes.formats.personal import as_json
from quizzes.formats.sheets import Cell, as_csv

IN_MEMORY = 2 * 1024 * 1024
PIECE = 64 * 1024
NESTED = {"attempts": ("responses", "events", "results"), "cards": ("recalls",)}
NAMES = {"recalls": "repetitions"}
OWNER = {"attempts": "code", "cards": "question"}
COLUMNS: dict[str, Sequence[str]] = {
    "attempts": (
        *("code", "title", "mode", "quiz", "state", "started_at", "deadline", "ended_at", "time_option", "size"),
        *("paused", "withheld"),
    ),
    "responses": (
        *("attempt", "position", "question", "version", "domain", "scored", "first_exposure", "choice", "choice_at"),
        *("flagged", "saved_at", "confidence", "fraction", "locked_at"),
    ),
    "events": ("attempt", "kind", "received_at", "position", "at", "data"),
    "results": ("attempt", "number", "created_at", "reason", "marking", "raw", "maximum"),
    "exposures": ("question", "first_seen_at", "last_seen_at", "revealed_at"),
    "cards": (
        *("question", "phase", "step", "stability", "difficulty", "due_at", "last_review_at", "repetitions", "lapses"),
        *("suspended", "buried_until", "created_at", "withheld"),
    ),
    "repetitions": (
        *("card", "version", "reviewed_at", "source", "rating", "choice", "fraction", "confidence", "seconds"),
    ),
    "readings": ("topic", "read_at"),
    "highlights": ("topic", "quote", "offset", "note", "created_at", "changed_at"),
    "bookmarks": ("topic", "anchor", "created_at"),
    "challenges": ("question", "topic", "anchor", "flaw", "text", "evidence", "state", "created_at", "answer"),
    "notices": ("attempt", "question", "kind", "text", "created_at", "read_at"),
    "memberships": ("class", "group", "name", "email", "external_id", "created_at", "joined_at", "left_at"),
    "conditions": (
        *("class", "quiz", "assignment", "factor", "extra", "opens_at", "due_at", "closes_at", "extra_attempts"),
        *("quiet_clock", "breaks", "granted_at", "revoked_at"),
    ),
    "remarks": ("class", "quiz", "assignment", "text", "created_at"),
}


def as_zip(parts: dict[str, Iterator[Any]]) -> Iterator[bytes]:
    """The file in pieces. It is made when the first is asked for; a large one waits on the disk, not in memory."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, rows in parts.items():
                if name in NESTED:
                    _nested(archive, name, rows)
                elif name in COLUMNS:
                    _add(archive, name, rows)
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def _nested(archive: zipfile.ZipFile, name: str, rows: Iterator[Any]) -> None:
    """A part and what hangs on its rows: read once, the inner rows wait on the disk as lines of JSON."""
    spools = {inner: SpooledTemporaryFile(max_size=IN_MEMORY) for inner in NESTED[name]}  # noqa: SIM115

    def outer() -> Iterator[Any]:
        for row in rows:
            for inner, spool in spools.items():
                for one in row.get(inner, ()):
                    owner = {name[:-1]: row[OWNER[name]]}
                    spool.write(as_json({**one, **owner}).encode() + b"\n")
            yield row

    _add(archive, name, outer())
    for inner, spool in spools.items():
        spool.seek(0)
        _add(archive, NAMES.get(inner, inner), (json.loads(line) for line in spool))
        spool.close()


def _add(archive: zipfile.ZipFile, name: str, rows: Iterable[Any]) -> None:
    columns = COLUMNS[name]
    with archive.open(f"{name}.csv", "w") as file:
        for line in as_csv(columns, ([_cell(row.get(column)) for column in columns] for row in rows)):
            file.write(line.encode())


def _cell(value: Any) -> Cell:
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return " ".join(str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int | float | None):
        return value
    return value.isoformat() if isinstance(value, datetime) else as_json(value)
