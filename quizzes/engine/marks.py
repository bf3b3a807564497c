"""Highlighter marks in a stem beside the requirements that its author named: which were seen, which were missed.

Places are counted in code points of the stem's text: all character data of its html, one node after the other, as a
browser's ``textContent`` gives it. A mark or a requirement is a span ``(start, end)`` with ``start < end``.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import pairwise

Span = tuple[int, int]

MOST = 40
"""Marks that are kept of one stem, from its beginning; no reader needs more."""
READ = 400
"""Marks that are looked at in one posted trace."""
FARTHEST = 100_000
"""No stem is longer, in code points."""
ENOUGH = 0.5
"""The share of a requirement's code points from which on it counts as seen."""


def normal(spans: Iterable[Span], size: int = FARTHEST) -> list[Span]:
    """Spans in normal form: within ``size``, sorted, with a gap between any two, at most MOST. Idempotent."""
    merged: list[Span] = []
    for start, end in sorted((max(0, start), min(end, size)) for start, end in spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged[:MOST]


def read_marks(sent: object) -> list[list[int]] | None:
    """Posted marks in normal form, ready for JSON; None for what is no list. What is no span is dropped."""
    if not isinstance(sent, list):
        return None
    return [list(span) for span in normal(_spans(sent[:READ]))]


def _spans(sent: Iterable[object]) -> Iterable[Span]:
    for one in sent:
        # True is a whole number to Python, and none here.
        if isinstance(one, list) and len(one) == 2 and all(type(place) is int for place in one):
            yield one[0], one[1]


class _Reader(HTMLParser):
    """Goes through html and tells its character data with the place at which it begins."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.place = 0
        self.parts: list[str] = []
        self._opened = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._opened = tag
        self.on_tag(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self._opened = ""
        self.on_tag(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        # A browser drops the line break that follows <pre>.
        if self._opened == "pre" and data.startswith("\n"):
            self.on_tag("\n")
            data = data[1:]
        self._opened = ""
        self.on_text(data)
        self.place += len(data)

    def on_tag(self, text: str) -> None:
        """Anything that is not counted."""

    def on_text(self, data: str) -> None:
        """Character data that begins at ``place``."""
        self.parts.append(data)


def text_of(html: str) -> str:
    """The text of a stem, in whose code points the spans count."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.parts)


def find(text: str, wanted: str) -> Span | None:
    """Where these words stand in a text, whatever white space is between them; None unless exactly once."""
    words = wanted.split()
    if not words:
        return None
    found = list(re.finditer(r"\s+".join(re.escape(word) for word in words), text))
    return found[0].span() if len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement of a stem, and whether it was marked."""

    text: str
    span: Span
    seen: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """The marks of one stem against its requirements. ``marked`` and ``hit`` are numbers of code points."""

    requirements: tuple[Requirement, ...]
    marks: tuple[Span, ...]
    marked: int
    hit: int

    @property
    def seen(self) -> int:
        """How many requirements were marked."""
        return sum(one.seen for one in self.requirements)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.requirements)

    @property
    def recall(self) -> float | None:
        """The share of requirements that were marked, 0 to 1; None where there is none."""
        return self.seen / self.total if self.requirements else None

    @property
    def precision(self) -> float | None:
        """The share of what was marked that belongs to a requirement, 0 to 1; None where nothing was marked."""
        return self.hit / self.marked if self.marked else None


def read(text: str, requirements: Iterable[Span], marks: Iterable[Span]) -> Reading:
    """Compare marks with requirements. A requirement is seen when at least ENOUGH of it is marked.

    Both are cut at the text's length; requirements stand in the order of the text.
    """
    spans = sorted(span for span in requirements if 0 <= span[0] < span[1] <= len(text))
    drawn = normal(marks, len(text))
    return Reading(
        requirements=tuple(
            Requirement(text[start:end], (start, end), _shared([(start, end)], drawn) >= ENOUGH * (end - start))
            for start, end in spans
        ),
        marks=tuple(drawn),
        marked=sum(end - start for start, end in drawn),
        # Requirements may overlap: what lies in two of them is hit once.
        hit=_shared(normal(spans), drawn),
    )


def _shared(some: Sequence[Span], others: Sequence[Span]) -> int:
    """How many code points two lists, each without overlaps, have in common."""
    return sum(max(0, min(end, high) - max(start, low)) for start, end in some for low, high in others)


class _Layers(_Reader):
    """Writes html again, with marks and requirements around their text."""

    def __init__(self, reading: Reading) -> None:
        super().__init__()
        self.reading = reading
        spans = [*reading.marks, *(one.span for one in reading.requirements)]
        self.edges = sorted({place for span in spans for place in span})

    def on_tag(self, text: str) -> None:
        self.parts.append(text)

    def on_text(self, data: str) -> None:
        start, end = self.place, self.place + len(data)
        edges = [start, *(place for place in self.edges if start < place < end), end]
        for one, other in pairwise(edges):
            self._piece(one, other, data[one - start : other - start])

    def _piece(self, start: int, end: int, text: str) -> None:
        html = escape(text, quote=False)
        # White space between two blocks may stand in no <mark>.
        if text.isspace() or not text:
            self.parts.append(html)
            return
        if any(one.span[0] <= start and end <= one.span[1] for one in self.reading.requirements):
            html = f'<span class="req">{html}</span>'
        if any(low <= start and end <= high for low, high in self.reading.marks):
            html = f"<mark>{html}</mark>"
        numbers = [number for number, one in enumerate(self.reading.requirements, 1) if one.span[1] == end]
        self.parts.append(html + "".join(f'<sup class="reqno">{number}</sup>' for number in numbers))


def layered(html: str, reading: Reading) -> str:
    """A sanitized stem with what was marked in ``<mark>``, requirements in ``.req``, each followed by its number."""
    writer = _Layers(reading)
    writer.feed(html)
    writer.close()
    return "".join(writer.parts)
