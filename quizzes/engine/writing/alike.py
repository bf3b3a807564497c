"""Which of many texts are nearly the same as another one: what ``near_duplicates`` says, for thousands at once.

Each text leaves a sketch: those of its runs of five words that come first in an order that has nothing to do with
their meaning. Of two texts that share three runs in ten or more, the sketches of sixteen meet in all but three of a
thousand pairs (A. Broder, On the resemblance and containment of documents, 1997). What meets is then compared whole.
"""

import zlib
from array import array
from collections import Counter
from collections.abc import Hashable
from typing import Final

from quizzes.engine.writing.advice import ALIKE
from quizzes.engine.writing.text import tokens

RUN: Final = 5
SKETCH: Final = 16
COMPARED: Final = 20
"""The texts that are compared whole: those that meet most."""
CROWD: Final = 200
"""A run of words that more texts have tells nothing: no further ones are noted under it."""


class Likeness:
    """Texts by name, in about a kilobyte each. ``found`` never tells of a text that was not added."""

    def __init__(self) -> None:
        self._names: list[Hashable] = []
        self._runs: list[array[int]] = []
        self._by_run: dict[int, list[int] | int] = {}
        self._by_words: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name: Hashable, text: "Words") -> None:
        """Remember a text under a name."""
        place = len(self._names)
        self._names.append(name)
        self._runs.append(text.runs)
        self._by_words.setdefault(text.whole, place)
        for run in text.sketch:
            there = self._by_run.get(run)
            if there is None:
                self._by_run[run] = place
            elif isinstance(there, int):
                self._by_run[run] = [there, place]
            elif len(there) < CROWD:
                there.append(place)

    def found(self, text: "Words") -> list[tuple[Hashable, float]]:
        """The names of texts that are nearly the same, with the share of common runs (0-1), the likest first.

        1.0 for the same words, also where they are fewer than five.
        """
        runs = set(text.runs)
        shares = {place: _share(runs, self._runs[place]) for place in self._candidates(text)}
        if (same := self._by_words.get(text.whole)) is not None:
            shares[same] = 1.0
        near = [(self._names[place], share) for place, share in shares.items() if share >= ALIKE]
        return sorted(near, key=lambda one: -one[1])

    def _candidates(self, text: "Words") -> list[int]:
        met: Counter[int] = Counter()
        for run in text.sketch:
            there = self._by_run.get(run)
            if isinstance(there, int):
                met[there] += 1
            elif there is not None:
                met.update(there)
        return [place for place, _count in met.most_common(COMPARED)]


class Words:
    """What of a text is compared: its runs of five words as numbers in order, and all of its words as one."""

    __slots__ = ("runs", "whole")

    def __init__(self, markdown: str) -> None:
        words = tokens(markdown)
        numbers = [zlib.crc32(word.encode()) for word in words]
        # Of numbers, unlike of texts, Python's hash is the same in every process.
        runs = {run & 0xFFFFFFFF for run in map(hash, zip(*(numbers[start:] for start in range(RUN)), strict=False))}
        self.runs = array("I", sorted(runs))
        self.whole = hash_of(" ".join(words))

    @property
    def sketch(self) -> "array[int]":
        """Its runs that come first."""
        return self.runs[:SKETCH]


def hash_of(text: str) -> int:
    """A number of 64 bits for a text, the same in every process."""
    data = text.encode("utf-8", "replace")
    return zlib.crc32(data) << 32 | zlib.adler32(data)


def _share(one: set[int], other: "array[int]") -> float:
    both = len(one.intersection(other))
    united = len(one) + len(other) - both
    return both / united if united else 0.0
