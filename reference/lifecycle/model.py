"""What the register holds, and how a name in a text is found in it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby

STATUSES = ("active", "closed", "ending", "ended")
"""closed: to new customers. ending: the day is announced and lies ahead. ended: gone for everybody."""

CLOSED_STATUSES = ("closed", "ending", "ended")

KINDS = (
    "service", "feature", "concept", "protocol", "software", "program", "document", "hardware", "organization",
)  # fmt: skip

_SPACE = re.compile(r"[\s ]+")


class RegisterError(ValueError):
    """A register with mistakes: ``problems`` holds every (line, message), sorted."""

    def __init__(self, problems: Iterable[tuple[int, str]]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(f"{line}: {message}" for line, message in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A service or term. ``since`` is "2024", "2024-02" or "2024-02-09"; "" where no day is needed."""

    name: str
    kind: str
    status: str
    text: str
    source_title: str
    source_url: str
    since: str = ""
    short: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    line: int = 1

    @property
    def slug(self) -> str:
        """The entry's name as an anchor."""
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower().replace("+", " plus")).strip("-")

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every way to write it, the present name first."""
        return (self.name, *self.short, *self.former)

    def may_begin(self, day: date) -> bool:
        """Whether somebody who does not use it yet could begin to on ``day``.

        What is announced to end is treated as closed at once: nobody should build on it.
        """
        return self.status == "active" or (self.status != "ending" and day.isoformat() < self.since)


def _spelled(name: str) -> str:
    """A pattern for a name: of several words in any case («origin access identity»), of one as it is written."""
    escaped = re.escape(name).replace(r"\ ", r"[\s ]")
    return f"(?i:{escaped})" if " " in name else escaped


@dataclass(frozen=True)
class Register:
    """All entries, by name, and the names of the provider that are no services (“AWS Region”)."""

    entries: tuple[Entry, ...]
    not_services: tuple[str, ...] = ()

    @cached_property
    def by_spelling(self) -> Mapping[str, Entry]:
        """The entry of each spelling."""
        return {spelling: entry for entry in self.entries for spelling in entry.spellings}

    def find(self, name: str) -> Entry | None:
        """The entry that is written so, whatever its case."""
        return self.by_spelling.get(name) or self._folded.get(name.casefold())

    @cached_property
    def _folded(self) -> Mapping[str, Entry]:
        return {spelling.casefold(): entry for spelling, entry in self.by_spelling.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # By first letter, as otherwise every name is tried at every place.
        names = sorted([*self.by_spelling, *self.not_services], key=lambda name: (name[0].casefold(), -len(name)))
        either = "|".join(
            f"(?=(?i:{re.escape(letter)}))(?:{'|'.join(map(_spelled, same))})"
            for letter, same in groupby(names, key=lambda name: name[0].casefold())
        )
        return re.compile(rf"(?<![\w-])(?:{either or '(?!)'})(?:s|es|’s)?(?![\w-])")

    def spans(self, text: str) -> Iterator[tuple[int, int, Entry | None]]:
        """Where names stand in ``text``: (start, end, entry), the longest name winning; None for no service."""
        for match in self._pattern.finditer(text):
            yield match.start(), match.end(), self._written(match.group())

    def _written(self, found: str) -> Entry | None:
        name = _SPACE.sub(" ", found)
        return next((entry for one in (name, name[:-1], name[:-2]) if (entry := self.find(one))), None)

    def mentions(self, text: str) -> Counter[str]:
        """How often each entry is named in ``text``, by its present name."""
        return Counter(entry.name for _, _, entry in self.spans(text) if entry)

    def closed(self, day: date) -> tuple[Entry, ...]:
        """What nobody can begin with on ``day``."""
        return tuple(entry for entry in self.entries if not entry.may_begin(day))
