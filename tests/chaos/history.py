"""What a learner's pages saw, in the order in which they saw it. The checker reads this and the database, no more."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Entry = dict[str, Any]


@dataclass(slots=True)
class History:
    """Entries of one person: each has a ``kind``, and ``sent`` and ``got`` where something was asked."""

    seed: int
    person: int
    entries: list[Entry] = field(default_factory=list)

    def note(self, kind: str, **more: Any) -> Entry:
        """Add an entry; gives it."""
        entry = {"kind": kind, **more}
        self.entries.append(entry)
        return entry

    def of(self, *kinds: str) -> Iterator[Entry]:
        """The entries of these kinds."""
        return (entry for entry in self.entries if entry["kind"] in kinds)

    def told(self) -> Iterator[str]:
        """Each entry as a line."""
        for entry in self.entries:
            yield "  " + "  ".join(f"{name}={_short(value)}" for name, value in entry.items())


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that happened to the site: while it lasts, a request may go unanswered. Or not, and it must not."""

    what: str
    since: datetime
    until: datetime
    may_lose: bool


def _short(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%H:%M:%S.%f}"[:-3]
    text = str(value)
    return text if len(text) < 300 else f"{text[:300]}…"
