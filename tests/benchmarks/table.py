"""The figures, and how they are shown beside their targets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: a number with its unit, at most so much, and what else is to be said. No target: for information."""

    name: str
    value: float
    unit: str
    must: float | None = None
    aim: float | None = None
    note: str = ""
    least: bool = False

    @property
    def verdict(self) -> str:
        """Where the number stands; a benchmark that fails nothing still says what was missed."""
        if self.must is None and self.aim is None:
            return ""
        if self.aim is not None and self._within(self.aim):
            return "aim met"
        if self.must is not None:
            return "met" if self._within(self.must) else "MISSED"
        return "short of the aim"

    def _within(self, target: float) -> bool:
        shown = round(self.value, decimals(self.unit))
        return shown >= target if self.least else shown <= target


def decimals(unit: str) -> int:
    """How many digits after the point a unit deserves."""
    return {"×": 2, "s": 1, "kB": 1, "ms": 2}.get(unit, 0)


def over(ratios: Sequence[float]) -> tuple[float, str]:
    """The median of a ratio's rounds, and their range in words."""
    return median(ratios), f"{min(ratios):.2f}–{max(ratios):.2f} in {len(ratios)} rounds"


def number(value: float | None, unit: str) -> str:
    """A number with its unit, or nothing."""
    if value is None:
        return ""
    digits = decimals(unit) if value != int(value) or unit in ("×", "ms") else 0
    return f"{value:.{digits}f} {unit}".rstrip()


HEADINGS = ("figure", "measured", "must", "aim", "verdict", "")


def table(figures: Iterable[Figure]) -> str:
    """The figures as aligned text."""
    rows = [HEADINGS]
    for one in figures:
        sign = "≥ " if one.least else "≤ "
        must = sign + number(one.must, one.unit) if one.must is not None else ""
        aim = sign + number(one.aim, one.unit) if one.aim is not None else ""
        rows.append((one.name, number(one.value, one.unit), must, aim, one.verdict, one.note))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(
            cell.rjust(width) if 0 < column < 4 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    lines.insert(1, "-" * max(map(len, lines)))
    return "\n".join(lines)
