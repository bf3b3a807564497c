"""What item analysis takes and gives: plain numbers by question, with the data that each rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

TOO_FEW = 30
"""Below so many attempts, correlations and reliability are noise: they are not shown."""

FEW = 100
"""Below so many they are shown with a warning."""


class Trust(StrEnum):
    """How far a figure carries, by the number of attempts behind it."""

    NONE = "none"
    WEAK = "weak"
    FAIR = "fair"


def trust(n: int) -> Trust:
    """Whether a correlation over n attempts is to be hidden, doubted or read."""
    return Trust.NONE if n < TOO_FEW else Trust.WEAK if n < FEW else Trust.FAIR


@dataclass(frozen=True, slots=True)
class Column:
    """One question in all attempts; every sequence has one entry an attempt.

    ``marks``: 0 to ``most``, None where the attempt did not have the question. ``reached``: whether it was visited.
    ``answered``: whether anything was given. ``seconds``: on the question, None where it is not known. ``classes``:
    for each response class (an option, a pair, a typed answer) whether the response fell in it. ``key``: the classes
    that are right. ``floor``: the chance of a blind guess, 0-1. ``counted``: False for a pilot, which is in no total.
    """

    code: str
    most: float
    marks: Sequence[float | None]
    reached: Sequence[bool]
    answered: Sequence[bool]
    seconds: Sequence[float | None] = ()
    classes: Mapping[str, Sequence[bool]] = field(default_factory=dict)
    key: frozenset[str] = frozenset()
    floor: float = 0.0
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Sheet:
    """The attempts that count: ``n`` of them, and the questions they had.

    ``drawn``: not all had the same questions; then totals are percentages of each attempt’s own set.
    """

    n: int
    columns: tuple[Column, ...]
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """The quiz as a whole; totals in percent of what could be had. None where it is not defined.

    ``alpha`` is KR-20 where every mark is all or nothing. ``sem`` and ``sd`` are in percentage points, ``error_ratio``
    is a share, 0-1. ``histogram``: attempts by tenths of the total, the last with 100 %.
    """

    n: int
    items: int
    mean: float | None
    median: float | None
    sd: float | None
    skew: float | None
    kurtosis: float | None
    alpha: float | None
    is_kr20: bool
    error_ratio: float | None
    sem: float | None
    histogram: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One response class: how many chose it, the shares (0-1) of all and of both 27 % groups, and its correlation.

    ``r`` is the correlation of having chosen it with the score on the other questions.
    """

    name: str
    right: bool
    n: int
    share: float | None
    upper: float | None
    lower: float | None
    r: float | None


@dataclass(frozen=True, slots=True)
class Item:
    """One question; what is not defined (too few, nobody differed) is None.

    ``n`` attempts reached it, ``omitted`` of them gave nothing, ``not_reached`` had it and never saw it. ``facility``
    0-1; ``r`` is the corrected item-rest correlation and ``efficiency`` the discriminative efficiency, both -1 to 1;
    ``d`` is upper minus lower 27 %; weights are shares (0-1) of the spread of the total. Quartiles in seconds.
    """

    code: str
    counted: bool
    n: int
    omitted: int
    not_reached: int
    facility: float | None
    sd: float | None
    r: float | None
    efficiency: float | None
    d: float | None
    covariance: float | None
    intended_weight: float | None
    effective_weight: float | None
    floor: float
    quartiles: tuple[float, float, float] | None
    timed: int
    options: tuple[OptionRow, ...]


@dataclass(frozen=True, slots=True)
class Analysis:
    """The quiz and its questions, in the order of the sheet."""

    summary: Summary
    items: tuple[Item, ...]
