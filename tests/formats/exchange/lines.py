"""A format for tests of what is the same for all formats: one question a line, as JSON; it carries everything."""

import base64
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged, Fate, Note, Pictures, ReadItem, Severity
from quizzes.formats.exchange.source import Source
from quizzes.formats.exchange.stored import from_plain, to_plain

FIRST = "lines of a test"


class Lines:
    """Reads and writes it. ``refuses``: a kind that it says it cannot write."""

    name = "lines"
    title = "Lines"
    suffixes = (".lines",)
    media_type = "text/plain"
    reads = True
    writes = True
    fates = dict.fromkeys(ASPECTS, Fate(True, "It is carried."))
    refuses = "ordering"

    def recognises(self, source: Source) -> bool:
        """By its first line."""
        return source.head_text.startswith(FIRST)

    def read(self, source: Source) -> Iterator[ReadItem]:
        """Line by line."""
        with source.text() as file:
            next(file)
            for number, line in enumerate(file, 2):
                if line.startswith("broken"):
                    raise BadFile("this line is broken: mend it", f"line {number}")
                fields = json.loads(line)
                if "data" in fields:
                    continue
                yield _item(f"line {number}", fields)

    def pictures(self, source: Source) -> Pictures:
        """All in memory."""
        with source.text() as file:
            rows = [json.loads(line) for line in list(file)[1:] if line.startswith('{"data"')]
        return {one["name"]: base64.b64decode(one["data"]) for one in rows}.get

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """All but one kind."""
        if question.content.kind == self.refuses:
            return None, (Note("kind", Severity.LOST, "Lines know no such kind."),)
        return question, ()

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """A line each."""
        text = io.TextIOWrapper(out, encoding="utf-8", write_through=True)
        text.write(f"{FIRST}\n")
        for one in questions:
            body, known = to_plain(one)
            text.write(json.dumps({"body": body, "known": known}) + "\n")
        text.detach()


def _item(place: str, fields: dict[str, Any]) -> ReadItem:
    if "problem" in fields:
        return ReadItem(place, None, problem=fields["problem"], raw=fields.get("raw", ""))
    notes = tuple(Note(one["aspect"], Severity(one["severity"]), one["words"]) for one in fields.get("notes", []))
    return ReadItem(place, from_plain(fields["body"], fields["known"]), notes)


def line_of(question: Exchanged, **more: Any) -> str:
    """One line of it."""
    body, known = to_plain(question)
    return json.dumps({"body": body, "known": known, **more})


LINES = Lines()
