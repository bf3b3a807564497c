"""Figures as plain numbers: where lines, bands and bars stand, in percent of the drawing, and the table that says it.

Places are percent of width (from the left) and of height (from the top), so that a template only writes them down.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at both ends of an axis. ``place`` gives where a value stands, 0-100, cut at the ends."""

    low: float
    high: float

    def place(self, value: float) -> float:
        """Percent of the way from low to high; the middle where both are the same."""
        if self.high == self.low:
            return 50.0
        return min(100.0, max(0.0, 100 * (value - self.low) / (self.high - self.low)))


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis with its words; ``at`` in the axis's own unit."""

    at: float
    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line through its points (x, y in the axes' units). ``look`` is main, second or faint: never color alone."""

    name: str
    points: tuple[Point, ...]
    look: str = "main"


@dataclass(frozen=True, slots=True)
class Span:
    """A range at one x, from low to high, with the value inside it where there is one."""

    x: float
    low: float
    high: float
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """What the figure shows, to read: the heads of the columns and the rows, all in words."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """A figure over two axes. ``words`` says in one sentence what is to be seen; ``limit`` is a level: y, words."""

    title: str
    words: str
    x: Scale
    y: Scale
    table: Table
    lines: tuple[Line, ...] = ()
    spans: tuple[Span, ...] = ()
    x_ticks: tuple[Tick, ...] = ()
    y_ticks: tuple[Tick, ...] = ()
    limit: tuple[float, str] | None = None
    height: int = field(default=200)

    def across(self, value: float) -> float:
        """Where an x stands, in percent from the left."""
        return self.x.place(value)

    def down(self, value: float) -> float:
        """Where a y stands, in percent from the top."""
        return 100 - self.y.place(value)

    def path(self, line: Line) -> str:
        """The points of a line for an SVG polyline in a box of 100 × 100."""
        return " ".join(f"{self.across(x):.2f},{self.down(y):.2f}" for x, y in line.points)


def thinned(ticks: Sequence[Tick], most: int) -> tuple[Tick, ...]:
    """At most so many ticks, evenly, the first always among them: words must not run into each other on a phone."""
    if most < 1:
        return ()
    step = -(-len(ticks) // most) or 1
    return tuple(ticks[::step])


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins, how wide and how high it is, in percent of the drawing, and what stands over it."""

    x: float
    width: float
    height: float
    words: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """How many values lie in each of equal steps from 0 to 100. ``mark``: a value told apart, with its words."""

    title: str
    words: str
    counts: tuple[int, ...]
    table: Table
    mark: tuple[float, str] | None = None

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars from the left; the highest fills the drawing."""
        width, most = 100 / len(self.counts), max(self.counts, default=0) or 1
        return tuple(
            Bar(place * width, width, 100 * count / most, str(count) if count else "")
            for place, count in enumerate(self.counts)
        )
