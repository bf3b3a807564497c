"""What an item declares of a response, and which of its variables is the score."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from quizzes.formats.exchange import xml
from quizzes.formats.exchange.qti.vocabulary import attribute, child, children, plain

_LINE_END = re.compile(r"\s*\n\s*")
_BOUNDS = ("MAXSCORE", "MINSCORE")


class NotTaken(Exception):
    """This question has no place here: why, and what to do, as a whole sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a mapping: a response, and what it is worth."""

    key: str
    worth: float
    case: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """A response: “single”, “multiple” or “ordered”, of which type, what is right, and what each part is worth."""

    identifier: str
    cardinality: str
    base: str
    correct: tuple[str, ...]
    mapping: tuple[Entry, ...]
    default: float

    @property
    def gains(self) -> tuple[str, ...]:
        """The responses that the mapping rewards."""
        return tuple(one.key for one in self.mapping if one.worth > 0)


def declaration_of(item: Element, identifier: str) -> Declaration:
    """The declaration of a response. Raises NotTaken where it is missing."""
    for one in children(item, "responseDeclaration"):
        if attribute(one, "identifier") == identifier:
            mapping = child(one, "mapping")
            return Declaration(
                identifier,
                attribute(one, "cardinality"),
                attribute(one, "baseType"),
                _values(child(one, "correctResponse")),
                tuple(map(_entry, children(mapping, "mapEntry"))) if mapping is not None else (),
                number(attribute(mapping, "defaultValue")) if mapping is not None else 0,
            )
    raise NotTaken(f"Nothing is declared of its response “{identifier[:40]}”: export it again.")


def scores_of(item: Element) -> frozenset[str]:
    """The variables that hold the score: SCORE, else whichever outcome is a number."""
    names = {
        attribute(one, "identifier")
        for one in children(item, "outcomeDeclaration")
        if attribute(one, "baseType") in ("float", "integer")
    }
    usual = {one for one in names if one.upper() == "SCORE"}
    return frozenset(usual or {one for one in names if one.upper() not in _BOUNDS} or {"SCORE"})


def number(text: str) -> float:
    """A number as it stands in an attribute; 0 for what is none."""
    try:
        return float(text)
    except ValueError:
        return 0


def _values(element: Element | None) -> tuple[str, ...]:
    if element is None:
        return ()
    return tuple(_LINE_END.sub(" ", xml.text_in(one)) for one in element if plain(one) == "value")


def _entry(element: Element) -> Entry:
    case = attribute(element, "caseSensitive").lower() not in ("false", "0")
    return Entry(attribute(element, "mapKey"), number(attribute(element, "mappedValue")), case)
