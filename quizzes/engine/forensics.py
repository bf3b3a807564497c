"""What the log of a sitting tells its learner: the answers in the order given, what changing them did, the pace.

Times are milliseconds on the exam clock. What an answer is worth is handed in: nothing here knows a key.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quizzes.engine.attempts import NEVER, Stamp, wins
from quizzes.engine.traces import Trace

Choice = tuple[str, ...]

SECONDS_EACH: Final = 144
"""The time for one question at the provider's pace: 180 minutes for 75."""

FEW_CHANGES: Final = 5
"""Below so many changes that gained or lost, nothing is said of whether changing pays."""


@dataclass(frozen=True, slots=True)
class Save:
    """One save of the log, taken or overtaken. None: this register was not sent."""

    position: int
    stamp: Stamp
    choice: Choice | None = None
    flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What stands for one position."""

    choice: Choice = ()
    flagged: bool = False


def replay(saves: Iterable[Save]) -> dict[int, Held]:
    """What must be stored by position after these saves, in the order in which they arrived.

    The rule is that of saving: each register keeps what was given last by (at, tab), the first to arrive of two alike.
    Positions for which nothing came are left out.
    """
    found: dict[int, Held] = {}
    stamps: dict[tuple[int, str], Stamp] = {}
    for one in saves:
        held = found.get(one.position, Held())
        choice, flagged = held.choice, held.flagged
        if one.choice is not None and _takes(stamps, (one.position, "choice"), one.stamp):
            choice = one.choice
        if one.flagged is not None and _takes(stamps, (one.position, "flagged"), one.stamp):
            flagged = one.flagged
        found[one.position] = Held(choice, flagged)
    return found


def _takes(stamps: dict[tuple[int, str], Stamp], register: tuple[int, str], stamp: Stamp) -> bool:
    if not wins(stamp, stamps.get(register, NEVER)):
        return False
    stamps[register] = stamp
    return True


@dataclass(frozen=True, slots=True)
class Given:
    """An answer with its reading of the exam clock."""

    at: int
    choice: Choice


def sequences(saves: Iterable[Save]) -> dict[int, tuple[Given, ...]]:
    """The answers by position, in the order in which they were given, however they arrived.

    The same answer twice in a row stands once. The last one is the one that is stored.
    """
    by_stamp: dict[int, dict[Stamp, Choice]] = {}
    for one in saves:
        if one.choice is not None and wins(one.stamp, NEVER):
            by_stamp.setdefault(one.position, {}).setdefault(one.stamp, one.choice)
    return {position: _in_order(given) for position, given in by_stamp.items()}


def _in_order(given: Mapping[Stamp, Choice]) -> tuple[Given, ...]:
    found: list[Given] = []
    for stamp in sorted(given):
        if not found or found[-1].choice != given[stamp]:
            found.append(Given(stamp.at, given[stamp]))
    return tuple(found)


def whole(answers: Sequence[Given], is_complete: Callable[[Choice], bool]) -> tuple[Choice, ...]:
    """The complete answers of one position, and what stands at the end whether complete or not.

    With one of two options ticked somebody is on the way to an answer, and has not changed one.
    """
    found: list[Choice] = []
    for index, one in enumerate(answers):
        counts = is_complete(one.choice) or (index == len(answers) - 1 and found)
        if counts and (not found or found[-1] != one.choice):
            found.append(one.choice)
    return tuple(found)


class Advice(StrEnum):
    """What the changes say."""

    TOO_FEW = "too_few"
    GAINED = "gained"
    LOST = "lost"
    EVEN = "even"


@dataclass(frozen=True, slots=True)
class Changes:
    """Questions whose first complete answer was changed, by what was first and what is last.

    ``gained``: wrong to right, ``lost``: right to wrong, ``wrong``: wrong to wrong, ``back``: right to right.
    ``switches`` counts every step.
    """

    gained: int = 0
    lost: int = 0
    wrong: int = 0
    back: int = 0
    switches: int = 0

    @property
    def questions(self) -> int:
        """How many questions were changed."""
        return self.gained + self.lost + self.wrong + self.back

    @property
    def advice(self) -> Advice:
        """What they say; nothing while fewer than FEW_CHANGES made a difference."""
        if self.gained + self.lost < FEW_CHANGES:
            return Advice.TOO_FEW
        if self.gained == self.lost:
            return Advice.EVEN
        return Advice.GAINED if self.gained > self.lost else Advice.LOST


_NAMES: Final = {(False, True): "gained", (True, False): "lost", (False, False): "wrong", (True, True): "back"}


def count_changes(judged: Iterable[Sequence[bool]]) -> Changes:
    """Count from whether each answer of a question was right, in order. A question answered once is no change."""
    counts = dict.fromkeys((*_NAMES.values(), "switches"), 0)
    for rights in judged:
        if len(rights) > 1:
            counts[_NAMES[rights[0], rights[-1]]] += 1
            counts["switches"] += len(rights) - 1
    return Changes(**counts)


def pace(answers: Mapping[int, Sequence[Given]]) -> tuple[float, ...]:
    """Seconds on the exam clock when the first, the second ... question was first answered, in that order."""
    first = (next((one.at for one in given if one.choice), None) for given in answers.values())
    return tuple(sorted(at / 1000 for at in first if at is not None))


def visits(trace: Trace, wall: int) -> dict[int, float]:
    """Seconds on each position, from the gathered trace; ``wall`` is how long the sitting lasted, in ms.

    Two pages open at once both count, so that the sum may exceed what passed: then all are shortened alike.
    """
    times = {int(position): max(0, entry.get("ms", 0)) for position, entry in trace.items()}
    total = sum(times.values())
    share = min(1.0, max(0, wall) / total) if total else 1.0
    return {position: ms * share / 1000 for position, ms in times.items() if ms}
