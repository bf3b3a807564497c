"""Where points go: graded answers counted by what they were about, what was overlooked, and how sure one was."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from quizzes.engine.scoring import Interval, wilson

FALSE_MECHANISM: Final = "false_mechanism"
FAMILIES: Final = ("qualifier", "scope", "outdated", "half_solution", "no_such_mechanism", "wrong_mode", "cost")
"""The kinds of mistake that an author can say a wrong option is."""

LEVELS: Final = ("guess", "fairly", "sure")
"""How sure somebody says they are, from least to most."""


@dataclass(frozen=True, slots=True)
class Graded:
    """One graded answer. ``mark`` names the sitting, so that a row can lead back to it.

    ``broken`` are the requirements that the chosen options break, ``families`` their kinds of mistake; each once.
    ``seconds`` is None where no time was taken down.
    """

    mark: str
    position: int
    task: str
    topic: str
    services: tuple[str, ...]
    right: bool
    answered: bool
    confidence: str = ""
    seconds: float | None = None
    broken: tuple[str, ...] = ()
    families: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missed:
    """So many of the ``n`` answers about something were missed; ``latest`` is the first of them in the order given."""

    name: str
    misses: int
    n: int
    latest: Graded


def misses_by(answers: Sequence[Graded], names: Callable[[Graded], Iterable[str]]) -> tuple[Missed, ...]:
    """What was missed, by name, most misses first; an answer counts in each of its names. None without a miss."""
    asked: Counter[str] = Counter()
    missed: dict[str, list[Graded]] = {}
    for one in answers:
        for name in set(names(one)) - {""}:
            asked[name] += 1
            if not one.right:
                missed.setdefault(name, []).append(one)
    rows = [Missed(name, len(found), asked[name], found[0]) for name, found in missed.items()]
    return tuple(sorted(rows, key=lambda row: (-row.misses, row.n, row.name)))


@dataclass(frozen=True, slots=True)
class Overlooked:
    """In so many misses an option was chosen that breaks this requirement, or makes this kind of mistake."""

    name: str
    misses: int
    latest: Graded


def overlooked(
    answers: Sequence[Graded], names: Callable[[Graded], Iterable[str]]
) -> tuple[int, tuple[Overlooked, ...]]:
    """How many misses say what was overlooked, and by name in how many of them, most first.

    A miss in which two wrong options were chosen can stand under two names, so the rows may add up to more.
    """
    known = [(one, set(names(one))) for one in answers if not one.right and set(names(one))]
    found: dict[str, list[Graded]] = {}
    for one, broken in known:
        for name in broken:
            found.setdefault(name, []).append(one)
    rows = [Overlooked(name, len(misses), misses[0]) for name, misses in found.items()]
    return len(known), tuple(sorted(rows, key=lambda row: (-row.misses, row.name)))


_QUALIFIER: Final = re.compile(r"[A-Z]{4,} .+")
_OBJECT: Final = re.compile(r"\s(?:to|of|for|in|on|by|with)\s.*", re.DOTALL)


def requirement_name(text: str) -> str:
    """The name under which a requirement is counted across questions.

    A qualifier in capitals stands for all that ask for it («MINIMUM change to the feed software» is «MINIMUM change»,
    «MOST cost-effectively» is «MOST cost-effective»); any other requirement is its own words.
    """
    words = " ".join(text.split()).rstrip(".,;")
    if not _QUALIFIER.fullmatch(words):
        return words
    return _OBJECT.sub("", words).removesuffix("ly")


def broken_by(
    choice: Iterable[str], flaws: Mapping[str, Mapping[str, str]], constraints: Iterable[Mapping[str, str]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The requirements that the chosen options break and their kinds of mistake, as the author said."""
    texts = {one["id"]: requirement_name(one["text"]) for one in constraints}
    chosen = [flaws[option] for option in choice if option in flaws]
    ids = [one.get("breaks", "") for one in chosen]
    named = [FALSE_MECHANISM if one == FALSE_MECHANISM else texts.get(one, "") for one in ids]
    families = [one.get("family", "") for one in chosen]
    return tuple(sorted({*named} - {""})), tuple(sorted({*families} & {*FAMILIES}))


@dataclass(frozen=True, slots=True)
class Spent:
    """Time on questions of which it is known: seconds and number, of those right at the end and of those wrong."""

    right_seconds: float
    right: int
    wrong_seconds: float
    wrong: int

    @property
    def seconds(self) -> float:
        """On all of them."""
        return self.right_seconds + self.wrong_seconds

    @property
    def wrong_share(self) -> float:
        """The share of the time that went to those finally wrong, 0-1."""
        return self.wrong_seconds / self.seconds if self.seconds else 0.0

    @property
    def right_each(self) -> float:
        """Seconds a question on those right; 0 where there is none."""
        return self.right_seconds / self.right if self.right else 0.0

    @property
    def wrong_each(self) -> float:
        """Seconds a question on those wrong; 0 where there is none."""
        return self.wrong_seconds / self.wrong if self.wrong else 0.0


def time_spent(answers: Iterable[Graded]) -> Spent:
    """The time by how it ended."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for one in answers:
        if one.seconds is not None:
            times[one.right].append(one.seconds)
    return Spent(sum(times[True]), len(times[True]), sum(times[False]), len(times[False]))


@dataclass(frozen=True, slots=True)
class Sure:
    """How often somebody was right where they said they were so sure; ``interval``: 95 %, fractions 0-1."""

    level: str
    right: int
    n: int
    interval: Interval


def calibration(answers: Iterable[Graded]) -> tuple[Sure, ...]:
    """One row a level, in the order of LEVELS, empty ones too. Wilson's interval: see ``scoring.wilson``."""
    counts: dict[str, list[bool]] = {level: [] for level in LEVELS}
    for one in answers:
        if one.confidence in counts:
            counts[one.confidence].append(one.right)
    return tuple(Sure(level, sum(found), len(found), wilson(sum(found), len(found))) for level, found in counts.items())
