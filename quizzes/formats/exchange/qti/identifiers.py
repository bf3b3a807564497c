"""Ids of ours as identifiers of QTI, and back. Those begin with a letter or “_” and have few other characters."""

import re

from quizzes.formats.exchange.qti.vocabulary import legal

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_OTHER = re.compile(r"[^A-Za-z0-9-]")
_NUMBERED = re.compile(r"_\.\d+")
_WRITTEN = re.compile(r"\.([0-9a-f]{1,6})\.")
_TARGET = "T_"


def identifier(name: str) -> str:
    """The identifier for an id: itself where it may stand, else with “_” before it and strange characters in hex."""
    if _PLAIN.fullmatch(name):
        return name
    return "_" + _OTHER.sub(lambda one: f".{ord(one[0]):x}.", name)


def name_of(text: str) -> str:
    """The id behind an identifier of ours."""
    if not text.startswith("_") or _NUMBERED.fullmatch(text):
        return "" if text.startswith("_") else text
    return legal(_WRITTEN.sub(lambda one: chr(min(int(one[1], 16), 0x10FFFF)), text[1:]))


def target(name: str) -> str:
    """The identifier of a target; it never is that of a prompt."""
    return _TARGET + identifier(name)


def target_name(text: str) -> str:
    """The id of a target."""
    return name_of(text.removeprefix(_TARGET))


def numbered(number: int) -> str:
    """An identifier for what has no id."""
    return f"_.{number}"
