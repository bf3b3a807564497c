"""What has changed between two texts of a question, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS

MOST_WORDS = 4_000
"""Of one side: beyond that a text is compared as a whole."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words, and whether the other side lacks them."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of a question on both sides. ``part``: stem, option, rationale …; ``about``: which option."""

    part: str
    about: str
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether the two sides differ."""
        return any(piece.changed for piece in (*self.old, *self.new))


def differences(old: Content, new: Content) -> list[Difference]:
    """Every part of both, in the order of the new one, what is gone last."""
    before, after = dict(_parts(old)), dict(_parts(new))
    return [
        Difference(part, about, *compared(before.get((part, about), ""), after.get((part, about), "")))
        for part, about in dict.fromkeys([*after, *before])
        if before.get((part, about)) or after.get((part, about))
    ]


def compared(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both texts in pieces that are shared or not."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    if max(len(left), len(right)) > MOST_WORDS:
        changed = old != new
        return (Piece(old, changed),), (Piece(new, changed),)
    pieces: tuple[list[Piece], list[Piece]] = ([], [])
    for tag, i, j, k, m in SequenceMatcher(None, left, right).get_opcodes():
        _add(pieces[0], left[i:j], tag != "equal")
        _add(pieces[1], right[k:m], tag != "equal")
    return tuple(pieces[0]), tuple(pieces[1])


def _add(pieces: list[Piece], words: Sequence[str], changed: bool) -> None:
    if words:
        pieces.append(Piece("".join(words), changed))


def _parts(content: Content) -> Iterator[tuple[tuple[str, str], str]]:
    yield ("kind", ""), content.kind
    yield ("scenario", ""), content.scenario
    yield ("stem", ""), content.stem
    for option in content.options:
        yield ("option", option.id), option.text
    correct: Any = KINDS[content.kind].key(content, str)["correct"]
    yield ("key", ""), ", ".join(map(str, correct))
    for option in content.options:
        yield ("rationale", option.id), option.rationale
    for name, value in content.extra.items():
        yield ("extra", name), _words(value)
    yield ("choose", ""), str(content.choose)
    yield ("order", ""), content.order


def _words(value: Any) -> str:
    """Plain data as lines that can be compared."""
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_words(one)}" for name, one in value.items())
    return "\n".join(_words(one) for one in value) if isinstance(value, list | tuple) else str(value)
