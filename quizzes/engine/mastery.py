"""Mastery: how much of a part of the bank one would recall today, and which part is weakest.

The mean of the predicted recall over all questions of the part. What was never met counts as 0. Practice makes cards,
and so does what was missed in a mock; what was met and has no card is what was right in a mock, and counts as recalled
once, when it was last seen. Mastery speaks of these questions and of today; it is no forecast of an exam.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from quizzes.engine.repetition import GOOD, first_memory, recall_after

DAY = 86_400

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Known:
    """One question as mastery sees it. ``topic`` is a slug; ``recall`` 0-1, now; what it belongs to may be empty."""

    domain: int | None
    task: str
    topic: str
    met: bool
    recall: float


@dataclass(frozen=True, slots=True)
class Mastery:
    """One part: its questions, how many of them were met, and the mean recall over all of them, 0-1."""

    questions: int
    met: int
    recall: float

    @property
    def unmet(self) -> int:
        """How many were never met."""
        return self.questions - self.met


def recall_now(stability: float | None, last_review_at: datetime | None, now: datetime) -> float:
    """The chance, 0-1, to recall a card now; ``stability`` in days. 0 for a question that has no card or no recall."""
    if stability is None or last_review_at is None:
        return 0.0
    return recall_after(stability, (now - last_review_at).total_seconds() / DAY)


def recall_of_met(last_seen_at: datetime | None, now: datetime) -> float:
    """The chance, 0-1, to recall a question that was met and has no card: as after one Good. 0 where it was not met."""
    return recall_now(first_memory(GOOD)[0], last_seen_at, now)


def mastery_of(known: Iterable[Known]) -> Mastery:
    """The mastery of these questions together; 0 of 0 where there are none."""
    rows = list(known)
    total = math.fsum(one.recall for one in rows)
    return Mastery(len(rows), sum(one.met for one in rows), total / len(rows) if rows else 0.0)


def mastery_by(known: Iterable[Known], part: Callable[[Known], Key | None]) -> dict[Key, Mastery]:
    """The mastery of each part, in the order in which the parts come first; what belongs to none is left out."""
    groups: dict[Key, list[Known]] = {}
    for one in known:
        if (key := part(one)) or key == 0:
            groups.setdefault(key, []).append(one)
    return {key: mastery_of(group) for key, group in groups.items()}


def weakest(parts: Mapping[Key, Mastery]) -> Key | None:
    """The part with the lowest recall; of equals the one with most questions, then the first. None of none."""
    if not parts:
        return None
    return min(parts, key=lambda key: (round(parts[key].recall, 6), -parts[key].questions))
