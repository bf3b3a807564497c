"""The value every format speaks, and the account of what a format cannot carry."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import BinaryIO, Protocol, runtime_checkable

from quizzes.engine.content import Content
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.source import Source

ASPECTS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "the kind of question",
        "text": "formatted text",
        "code": "code blocks and code spans",
        "tables": "tables",
        "pictures": "pictures",
        "rationales": "a rationale for each option",
        "choose": "the number of options to choose",
        "scoring": "all-or-nothing scoring",
        "order": "whether the order is fixed",
        "ids": "the ids of options",
        "id": "the code of the question",
        "title": "the title",
        "scenario": "text shared by several questions",
        "tags": "tags",
        "topics": "topics",
        "exam": "task, domain, level and difficulty",
        "constraints": "requirements, and which of them a wrong option breaks",
        "references": "statements of the notes",
        "sources": "sources and the date of the check",
        "relations": "enemies and contrast pairs",
        "status": "status, flags and reviews",
        "extra": "what belongs to this file alone",
    }
)
"""What a question consists of, as the accounts and the pages about formats speak of it."""


class Severity(StrEnum):
    """What happened to an aspect of a question on its way."""

    LOST = "lost"
    CHANGED = "changed"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Note:
    """One line of the account of a question: the aspect, what happened to it, and a whole sentence about it."""

    aspect: str
    severity: Severity
    words: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What a format does with an aspect of every question: carried, changed or lost, and how."""

    carried: bool
    words: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """A question on its way: what it says and all that is known of it.

    Pictures stand in texts as ``![words](image:NAME)``; ``NAME`` is theirs in the file, or the site’s code.
    ``code`` is its id where it comes from; empty where it has none there.
    """

    code: str
    content: Content
    title: str = ""
    known: Attributes = field(default_factory=Attributes)
    status: str = "draft"
    flags: tuple[str, ...] = ()
    reviewed: tuple[tuple[str, str], ...] = ()
    licence: str = ""


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One question of a file, or why it is none. ``place`` says where it stands: “line 12”, “item q7 in a.xml”.

    ``raw``: the beginning of what stands there, for a question that could not be read.
    """

    place: str
    question: Exchanged | None
    notes: tuple[Note, ...] = ()
    problem: str = ""
    raw: str = ""


class BadFile(ValueError):
    """A file that is not read at all: what is wrong, where in it, and what to do. The only error of a reader."""

    def __init__(self, words: str, place: str = "") -> None:
        super().__init__(f"{place}: {words}" if place else words)
        self.words = words
        self.place = place


Pictures = Callable[[str], bytes | None]
"""The bytes of a picture by the name that texts use; None where there is none."""


class Format(Protocol):
    """One file format. Modules of formats are collected in ``registry.FORMATS``.

    ``fates`` tells for every aspect what the format does with it; the documentation page and the account are drawn
    from it. Of ``suffixes`` the first is written.
    """

    name: str
    title: str
    media_type: str
    reads: bool
    writes: bool
    fates: Mapping[str, Fate]

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Those that files of this format have, with their dots."""
        ...

    def recognises(self, source: Source) -> bool:
        """Whether the content, not the name, is of this format. Reads little; never raises but BadFile."""
        ...

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions one by one, in their order, in bounded memory. Raises BadFile, also half-way."""
        ...

    def pictures(self, source: Source) -> Pictures:
        """The pictures that the texts of :meth:`read` name."""
        ...

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What reading gives after writing, and the account of it. None: this question cannot be written."""
        ...

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Write a file of those questions that :meth:`project` does not refuse, one by one."""
        ...


@runtime_checkable
class Dated(Protocol):
    """A format whose files say when they were written."""

    def at(self, now: datetime) -> Format:
        """The same format, for a file written now."""
        ...
