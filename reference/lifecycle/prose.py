"""What a text says about services, held against the register: unknown names, old names alone, stale advice."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from .model import Entry, Register

_CANDIDATE = re.compile(r"(?<![\w-])(?:AWS|Amazon)(?:[  ][A-Z0-9][\w/+-]*)+")
_ADOPT = re.compile(
    r"\b(?:use|uses|choose|take|adopt|create|deploy|launch|set up|start with|enable|order|move to|migrate to|pick|"
    r"recommended|the answer|best fit|right choice)\b",
    re.IGNORECASE,
)
_STATUS = re.compile(
    r"\b(?:closed|closes|close to|ended|ends|end of|ending|retire[sd]?|former(?:ly)?|no longer|no new|new customers|"
    r"existing customer|existing|wrong|until|was|were|had|could|did|20(?:0\d|1\d|2[0-6])|successors?|replace[sd]?|"
    r"replacements?|instead|legacy|old(?:er)?|then|gone|withdrawn|never|not|cannot|without|away|off|leaving|trap|dead|"
    r"deprecated|today|still|previous|predecessors?|renamed|course|history|historical|left|discontinued)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to mend: the statement or page it concerns, and what is wrong with it."""

    place: str
    message: str


def strange_names(text: str, register: Register) -> list[str]:
    """Names that begin with AWS or Amazon and stand in no entry, each once, sorted."""
    known = {start for start, _, _ in register.spans(text)}
    found = {match.group().replace(" ", " ") for match in _CANDIDATE.finditer(text) if match.start() not in known}
    return sorted(found)


def unexplained_names(text: str, register: Register) -> list[tuple[str, str]]:
    """Former names in a text that nowhere gives the present one: (former, present), each once, sorted."""
    written: dict[str, set[str]] = {}
    for start, end, entry in register.spans(text):
        if entry:
            written.setdefault(entry.name, set()).add(_spelled(text[start:end], entry))
    found = []
    for name, spellings in written.items():
        entry = register.by_spelling[name]
        if spellings <= set(entry.former):
            found.append((min(spellings), name))
    return sorted(found)


def _spelled(found: str, entry: Entry) -> str:
    """The spelling of the entry that stands there, without a plural or a genitive."""
    text = " ".join(found.split())
    return next((one for one in (text, text[:-1], text[:-2]) if one in entry.spellings), text)


def stale_statements(statements: Iterable[tuple[str, str]], register: Register, day: date) -> Iterator[Remark]:
    """The (place, text) that advise beginning with what nobody can begin with on ``day``.

    A statement may teach, compare or warn of a closed service; what it may not do is name it in advice without a word
    on its state.
    """
    closed = {entry.name for entry in register.closed(day)}
    for place, text in statements:
        if _STATUS.search(text):
            continue
        for entry in {entry.name: entry for _, _, entry in register.spans(text) if entry}.values():
            if entry.name in closed and _ADOPT.search(text):
                yield Remark(place, f"advises {entry.name}, which is {entry.status} since {entry.since}")
