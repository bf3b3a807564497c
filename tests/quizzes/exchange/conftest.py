"""Imports of a format for tests, and how far they are brought."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange import registry
from quizzes.formats.exchange.model import Exchanged
from quizzes.models import Import
from quizzes.services.exchange import begin_import, confirm
from quizzes.services.import_reading import read_file
from quizzes.services.import_writing import write_import
from sapro.accounts.models import User
from tests.clock import START
from tests.factories import make_instructor
from tests.formats.exchange.lines import FIRST, LINES, line_of

WORDS = re.findall(
    r"\w+",
    """
    account archive backup bucket cluster console cost database delay device email endpoint factory failover gateway
    house index invoice journal key latency ledger meter monitor network object office packet partner payroll printer
    queue record region report request retention rule sensor server session shipment shop stream subnet table ticket
    token traffic tunnel upload vendor video volume warehouse website zone
    """,
)


def question_of(number: int, **more: Any) -> Exchanged:
    """A question of its own words."""
    words = [WORDS[(number * 7 + step * (number % 13 + 3)) % len(WORDS)] for step in range(24)]
    told = " ".join(words[:12])
    stem = f"A company numbered {number} has a {told}. Which solution meets these needs at the LOWEST cost?"
    moved = [" ".join(words[12 + 3 * place : 15 + 3 * place]) for place in range(4)]
    options = tuple(
        Option("abcd"[place], f"Move the {moved[place]} {number}.", place == 0, f"Because {place}.")
        for place in range(4)
    )
    content = Content("multiple_choice", stem, 1, "shuffle", options)
    return replace(Exchanged(f"f-{number}", content, known=Attributes(tags=("made",), task="1.1")), **more)


class Ticking:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The next second."""
        self.now += timedelta(seconds=1)
        return self.now


@dataclass
class Desk:
    """One instructor with files."""

    person: User
    folder: Path
    images: Path
    clock: Ticking

    def begin(self, lines: Iterable[str], *, asked: str = "", name: str = "bank.lines") -> Import:
        """Bring a file of these lines."""
        data = "\n".join([FIRST, *lines]).encode()
        return begin_import(
            [data], name, person_id=self.person.pk, asked_format=asked, folder=self.folder, now=self.clock()
        )

    def read(self, source: Import) -> Import:
        """Read it, from where it stands."""
        source.refresh_from_db()
        return read_file(source.pk, folder=self.folder, clock=self.clock, seen=source.beat_at)

    def brought(self, questions: Iterable[Exchanged]) -> Import:
        """A file of these questions, read."""
        return self.read(self.begin(line_of(one) for one in questions))

    def write(self, source: Import) -> Import:
        """Write what was confirmed, from where it stands."""
        source.refresh_from_db()
        return write_import(source.pk, folder=self.folder, images=self.images, clock=self.clock, seen=source.beat_at)

    def taken(self, source: Import, tag: str = "") -> Import:
        """Confirm and write it."""
        confirm(source, tag=tag, now=self.clock())
        return self.write(source)


@pytest.fixture
def _lines(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path / "data"
    formats = {LINES.name: LINES, **registry.FORMATS}
    monkeypatch.setattr(registry, "FORMATS", MappingProxyType(formats))


@pytest.fixture
def desk(_lines: None, db: None, tmp_path: Path) -> Desk:
    """An instructor with an empty desk."""
    return Desk(make_instructor(), tmp_path / "imports", tmp_path / "images", Ticking())
