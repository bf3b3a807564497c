"""What the checks read and what they report."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ItemOption:
    """One option. breaks: the constraint id a distractor fails for, or false_mechanism. family: its kind of mistake."""

    id: str
    text: str
    correct: bool
    rationale: str
    breaks: str | None = None
    family: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A page the facts were read on."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question as the checks see it; the fields are those of the bank format (docs/authoring.md).

    stem: Markdown whose last paragraph is the lead-in. options: in the author's order. task: such as «2.4», whose
    first part is the domain of SAP-C02. domain: that of SAP-C03, 1-5. enemies, contrast: ids of other items.
    """

    id: str
    kind: str
    stem: str
    options: tuple[ItemOption, ...]
    choose: int
    level: str
    task: str
    domain: int
    verified_on: date
    order: str = "shuffle"
    difficulty: int = 3
    constraints: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    flags: frozenset[str] = frozenset()
    enemies: frozenset[str] = frozenset()
    contrast: frozenset[str] = frozenset()

    @property
    def keys(self) -> tuple[ItemOption, ...]:
        """The correct options."""
        return tuple(option for option in self.options if option.correct)

    @property
    def distractors(self) -> tuple[ItemOption, ...]:
        """The wrong options."""
        return tuple(option for option in self.options if not option.correct)


class Severity(StrEnum):
    """A gate fails the build; a warning is reported."""

    GATE = "gate"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to change.

    check: «C5», or the name of an extra warning. item: its id, None for the bank as a whole. message: what to do.
    figure: what was measured, None where nothing was; threshold: what it should have been.
    """

    check: str
    severity: Severity
    item: str | None
    message: str
    figure: float | None
    threshold: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement of the bank.

    value: None where there is nothing to measure. passed: None where it is not judged (yet). gate: whether a failure
    fails the build.
    """

    name: str
    value: float | None
    threshold: str
    passed: bool | None
    gate: bool


@dataclass(frozen=True, slots=True)
class BankReport:
    """All measurements of a bank, and the findings that follow from them."""

    figures: list[Figure]
    findings: list[Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """What an exam's guide says a bank should hold: weights (fractions that sum to 1) by domain, and its tasks."""

    weights: Mapping[str, float]
    tasks: tuple[str, ...]
