"""Where a quoted passage stands in a text that has been edited since. Pure: text in, offsets out.

A passage is kept by its words, with what stood around it and the offset where it stood. It is looked for in three
ways, and the first that finds it decides: the same words in the same surroundings; the same words elsewhere; most of
the words in their order. What none of them finds is lost, which is an answer and no failure. The idea of keeping
words, surroundings and offset together is that of the Web Annotation Data Model (W3C, 2017: text quote selector and
text position selector).

Offsets are characters (code points) of the plain text.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import accumulate

LONGEST_QUOTE = 2_000
"""Characters that one passage may have."""

AROUND = 64
"""Characters of the surroundings that are kept on either side."""

TELLING = 32
"""A quote of so many characters is found by itself; a shorter one only where its surroundings agree too."""

AGREEING = 8
"""Characters of the surroundings that must agree around a short quote that has moved."""

ENOUGH = 0.6
"""How alike an edited passage must be: twice the common words through the words of both."""

NEAREST = 32
"""Places with the same words that are compared, those nearest to the old offset."""

WINDOWS = 3
"""Places that are compared word by word, those with most of the words."""

COMMON = 12
"""A word that stands more often in the text than this says nothing about a place."""

_WORD = re.compile(r"\S+")
_BARE = re.compile(r"^\W+|\W+$")


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage as it was marked: its words, up to ``AROUND`` characters before and after it, and its offset."""

    text: str
    before: str = ""
    after: str = ""
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passage stands now, as characters ``start`` to ``end`` (exclusive). ``exact``: with the same words."""

    start: int
    end: int
    exact: bool = True


@dataclass(slots=True)
class Page:
    """A text in which passages are looked for: its words are indexed once, when the first one needs it."""

    text: str
    _words: list[tuple[int, int, str]] = field(default_factory=list, init=False)
    _index: dict[str, list[int]] = field(default_factory=dict, init=False)
    _spaceless: list[int] = field(default_factory=list, init=False)

    def words(self) -> list[tuple[int, int, str]]:
        """Start, end and folded form of each word."""
        if not self._words:
            self._words = list(_words(self.text))
        return self._words

    def index(self) -> dict[str, list[int]]:
        """By folded word, the numbers of the words that are it."""
        if not self._index:
            for number, (_, _, word) in enumerate(self.words()):
                self._index.setdefault(word, []).append(number)
        return self._index

    def letters_before(self, offset: int) -> int:
        """How many characters that are no space stand before an offset: the same in html, however it is broken."""
        if not self._spaceless:
            self._spaceless = [0, *accumulate(not one.isspace() for one in self.text)]
        return self._spaceless[offset]

    def offset_of(self, letters: int) -> int:
        """The offset of the character that has so many before it that are no space; it is no space itself."""
        self.letters_before(0)
        return bisect_right(self._spaceless, letters) - 1

    def cut(self, start: int, end: int) -> Quote:
        """The passage from ``start`` to ``end`` with its surroundings. Raises ValueError where there is none."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError("no such passage")
        before, after = self.text[max(0, start - AROUND) : start], self.text[end : end + AROUND]
        return Quote(self.text[start:end], before, after, start)

    def find(self, quote: Quote) -> Place | None:
        """Where the passage stands now, or None where it is lost."""
        if not quote.text.strip():
            return None
        return _undisturbed(self.text, quote) or _moved(self.text, quote) or _edited(self, quote)


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), _BARE.sub("", match[0]).casefold() or match[0]


# The same words


def _undisturbed(text: str, quote: Quote) -> Place | None:
    """The same words in the same surroundings, nearest to the old offset."""
    whole = quote.before + quote.text + quote.after
    ahead = len(quote.before)
    at = next(_nearest(text, whole, quote.offset - ahead), None)
    return None if at is None else Place(at + ahead, at + ahead + len(quote.text))


def _moved(text: str, quote: Quote) -> Place | None:
    """The same words elsewhere: where most of the surroundings agree, then nearest to the old offset."""
    best, most = None, -1
    for number, at in enumerate(_nearest(text, quote.text, quote.offset)):
        if number == NEAREST:
            break
        agreeing = _agreement(text, at, quote)
        if agreeing > most:
            best, most = at, agreeing
    if best is None or (len(quote.text) < TELLING and most < min(AGREEING, len(quote.before) + len(quote.after))):
        return None
    return Place(best, best + len(quote.text))


def _nearest(text: str, part: str, offset: int) -> Iterator[int]:
    """Where ``part`` occurs, nearest to ``offset`` first."""
    right = text.find(part, max(0, offset))
    left = text.rfind(part, 0, max(0, offset) + len(part) - 1)
    while right >= 0 or left >= 0:
        if left < 0 or (right >= 0 and right - offset <= offset - left):
            yield right
            right = text.find(part, right + 1)
        else:
            yield left
            left = text.rfind(part, 0, left + len(part) - 1)


def _agreement(text: str, at: int, quote: Quote) -> int:
    """How many characters next to the passage are as they were."""
    end = at + len(quote.text)
    before = text[max(0, at - len(quote.before)) : at]
    return _common(before[::-1], quote.before[::-1]) + _common(text[end : end + len(quote.after)], quote.after)


def _common(one: str, other: str) -> int:
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


# Most of the words


@dataclass(frozen=True, slots=True)
class _Sought:
    """The words of a quote between those of its surroundings: ``words[first:last]`` are its own.

    Of a short one a third of the surrounding words must be there as well.
    """

    words: list[str]
    first: int
    last: int
    short: bool


def _edited(page: Page, quote: Quote) -> Place | None:
    """Most of the words in their order, the likest of a few places."""
    before, own, after = ([word for _, _, word in _words(part)] for part in (quote.before, quote.text, quote.after))
    sought = _Sought([*before, *own, *after], len(before), len(before) + len(own), len(quote.text) < TELLING)
    best, likest = None, ENOUGH
    for start in _windows(page, sought):
        found = _aligned(page, sought, start)
        if found is not None and found[0] >= likest and (best is None or found[0] > likest):
            likest, best = found
    return best


def _windows(page: Page, sought: _Sought) -> list[int]:
    """The numbers of the words at which the likest stretches of the text begin."""
    votes: Counter[int] = Counter()
    width = max(4, len(sought.words) // 4)
    for number, word in enumerate(sought.words):
        places = page.index().get(word, ())
        if len(places) <= COMMON:
            # Neighbors are counted too, so that what lies across a border of two stretches is not split.
            votes.update(one for place in places for one in _stretches(place - number, width))
    return [number * width for number, _ in votes.most_common(WINDOWS)]


def _stretches(place: int, width: int) -> tuple[int, int]:
    return place // width, place // width + 1


def _aligned(page: Page, sought: _Sought, start: int) -> tuple[float, Place] | None:
    """How alike a stretch is, and where the passage stands in it: its borders are carried over with their words."""
    slack = max(8, len(sought.words) // 2)
    low = max(0, start - slack)
    there = page.words()[low : start + len(sought.words) + slack]
    matcher = SequenceMatcher(None, sought.words, [word for _, _, word in there], autojunk=False)
    pairs = {block.a + step: block.b + step for block in matcher.get_matching_blocks() for step in range(block.size)}
    own = [pairs[number] for number in range(sought.first, sought.last) if number in pairs]
    around = len(sought.words) - (sought.last - sought.first)
    if not own or (sought.short and 3 * (len(pairs) - len(own)) < around):
        return None
    # A border whose own word is gone lies next to the surroundings, if these are still there.
    first = own[0] if sought.first in pairs else pairs.get(sought.first - 1, own[0] - 1) + 1
    last = own[-1] if sought.last - 1 in pairs else pairs.get(sought.last, own[-1] + 1) - 1
    alike = 2 * len(own) / (sought.last - sought.first + last - first + 1)
    return alike, Place(there[first][0], there[last][1], exact=False)
