"""Paragraphs that say the same thing twice."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

SHINGLE = 5
"""Words in a row that are compared; Broder, “On the resemblance and containment of documents”, 1997."""

SHORTEST = 20
"""Words of a paragraph that is compared at all."""

MOST_ALIKE = 0.5
"""Jaccard index of two paragraphs' shingles from which on they count as one written twice."""

_WORD = re.compile(r"[\w’'-]+")


@dataclass(frozen=True, slots=True)
class Repeat:
    """Two paragraphs that are nearly the same: where they stand, how alike (0 to 1), and how one begins."""

    first: str
    second: str
    likeness: float
    begins: str


def repeats(paragraphs: Iterable[tuple[str, str]]) -> Iterator[Repeat]:
    """The pairs of (place, text) whose texts share at least MOST_ALIKE of their shingles, in the order of their places.

    Only pairs that share some shingle are compared, so a whole course takes a second.
    """
    sets: list[tuple[str, str, frozenset[str]]] = []
    holders: dict[str, list[int]] = defaultdict(list)
    for place, text in paragraphs:
        words = [word.casefold() for word in _WORD.findall(text)]
        if len(words) < SHORTEST:
            continue
        shingles = frozenset(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))
        for shingle in shingles:
            holders[shingle].append(len(sets))
        sets.append((place, text, shingles))
    for one, other in sorted({pair for held in holders.values() for pair in combinations(held, 2)}):
        (first, text, these), (second, _, those) = sets[one], sets[other]
        likeness = len(these & those) / len(these | those)
        if likeness >= MOST_ALIKE:
            yield Repeat(first, second, likeness, " ".join(text.split()[:8]))
