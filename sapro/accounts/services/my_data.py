"""Bringing a file of one's own data into an account: looked through first, written in one transaction or not at all.

Between the two steps the file lies in a folder of the site, under a name that belongs to the person who sent it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from quizzes.formats.checked import Enough, Faults
from quizzes.formats.personal import BadPersonal, read_personal
from quizzes.services import rosters, waiting
from quizzes.services.imports import Taken, prepare, write
from reference.services.imports import Rows, prepare_marks, write_marks
from sapro.accounts.models import User
from sapro.accounts.services.guests import unite_exposures
from sapro.accounts.zones import find_zone

SUFFIX = ".json"
MOST_FILES = 40
"""Files that wait for a word at one time, over all people: together at most 800 MB for an hour."""


@dataclass(frozen=True, slots=True)
class Account:
    """What an import takes, by kind: rows that are new, that are there already, and that are left out."""

    new: Counter[str]
    there: Counter[str]
    skipped: Counter[str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing would change."""
        return not self.new.total()


def look_through(data: bytes, *, person_id: int | None) -> Account:
    """What an import of this file would do; nothing is written. Raises BadPersonal."""
    return _account(_prepared(data, person_id or 0)[0])


def take(data: bytes, *, person_id: int) -> Account:
    """Import the file. All of it in one transaction; a second time changes nothing. Raises BadPersonal."""
    with transaction.atomic():
        # One import after the other for each person: what they have cannot change between looking and writing.
        person = User.objects.select_for_update(no_key=True).get(pk=person_id)
        taken, marks, preferences = _prepared(data, person_id)
        write(taken, unite=unite_exposures, person_id=person_id)
        write_marks(marks)
        _prefer(person, preferences)
    return _account(taken)


def _account(taken: Taken) -> Account:
    return Account(taken.new, taken.there, taken.skipped)


def _prepared(data: bytes, person_id: int) -> tuple[Taken, Rows, dict[str, Any]]:
    read, faults = read_personal(data), Faults()
    try:
        taken = prepare(read, person_id, faults)
    except Enough:
        raise BadPersonal(faults.lines) from None
    if faults.lines:
        raise BadPersonal(faults.lines)
    marks = prepare_marks(read, person_id, new=taken.new, there=taken.there, skipped=taken.skipped)
    return taken, marks, read["preferences"]


def _prefer(person: User, preferences: dict[str, Any]) -> None:
    """Take a preference over where the person has none yet."""
    zone = find_zone(preferences["time_zone"])
    if person.time_zone == "UTC" and zone is not None:
        person.time_zone = zone
    person.shortcuts_off = person.shortcuts_off or preferences["shortcuts_off"]
    person.save(update_fields=["time_zone", "shortcuts_off"])


# The file between the two steps


def keep(data: bytes, *, person_id: int, folder: Path, now: datetime) -> str:
    """Keep a file until its owner says yes; the one they sent before goes. Gives its hash. Raises TooManyWait."""
    return waiting.keep(data, owner=str(person_id), suffix=SUFFIX, folder=folder, most=MOST_FILES, now=now)


def kept(digest: str, *, person_id: int, folder: Path) -> bytes:
    """The file of this hash that this person sent. Raises Gone."""
    return waiting.kept(digest, owner=str(person_id), suffix=SUFFIX, folder=folder)


def forget(*, person_id: int, folder: Path) -> None:
    """Remove what this person has waiting, rosters of classes as well."""
    waiting.forget(owner=str(person_id), suffix=SUFFIX, folder=folder)
    waiting.forget(owner=str(person_id), suffix=rosters.SUFFIX, folder=folder / rosters.FOLDER)
