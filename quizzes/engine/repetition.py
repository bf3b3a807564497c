"""Spaced repetition: what FSRS-6 says of a memory after each recall, with the time and the dice handed in.

The library computes stability and difficulty (Ye et al., FSRS-6, the published default parameters). What is ours: there
are no steps of minutes, for whoever has just read the reasons knows the key for minutes anyway, so every interval is of
whole days; and the spread of intervals comes from a seeded random number, so that a history gives the same dates again.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random

from fsrs import Card, Rating, Scheduler, State
from fsrs.scheduler import FUZZ_RANGES

RETENTION = 0.9
"""The recall at which a card falls due where nothing else is wished."""

LONGEST = 365
"""Days. Nobody prepares for an exam longer than that."""

LEARNING, REVIEW, RELEARNING = int(State.Learning), int(State.Review), int(State.Relearning)
AGAIN, HARD, GOOD = int(Rating.Again), int(Rating.Hard), int(Rating.Good)
GUESSED = "guess"

_SCHEDULER = Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST, enable_fuzzing=False
)
_DECAY = -_SCHEDULER.parameters[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of one card. ``stability`` in days, ``difficulty`` 1-10; both None before the first recall."""

    phase: int = LEARNING
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    due_at: datetime | None = None
    last_review_at: datetime | None = None
    repetitions: int = 0
    lapses: int = 0


def rating_of(fraction: float, confidence: str) -> int:
    """The rating of an answer: wrong is Again, right but guessed is Hard, right is Good. Easy is never given.

    ``fraction`` 0-1: what is not fully right is wrong, as in the exam.
    """
    if fraction < 1:
        return AGAIN
    return HARD if confidence == GUESSED else GOOD


def review(memory: Memory, rating: int, *, now: datetime, rng: Random) -> Memory:
    """The memory after a recall at ``now`` (aware), due again after whole days. Pure: the same seed, the same date."""
    at = now.astimezone(UTC)
    before = Card(
        card_id=1,
        state=State(memory.phase),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=at,
        last_review=memory.last_review_at.astimezone(UTC) if memory.last_review_at else None,
    )
    after, _ = _SCHEDULER.review_card(before, Rating(rating), at)
    assert after.stability is not None
    days = spread(max(1, (after.due - at).days), rng)
    return replace(
        memory,
        phase=int(after.state),
        step=after.step,
        stability=after.stability,
        difficulty=after.difficulty,
        due_at=now + timedelta(days=days),
        last_review_at=now,
        repetitions=memory.repetitions + 1,
        lapses=memory.lapses + (rating == AGAIN and memory.repetitions > 0),
    )


def spread(days: int, rng: Random) -> int:
    """An interval varied a little, so that what was learned on one day does not come back on one day.

    The library's own ranges: nothing below 2.5 days, then a share of each part of the interval.
    """
    if days < 2.5:
        return days
    width = 1.0
    for part in FUZZ_RANGES:
        width += part["factor"] * max(0.0, min(float(days), part["end"]) - part["start"])
    low, high = max(2, round(days - width)), min(LONGEST, round(days + width))
    return rng.randint(min(low, high), high)


def recall_after(stability: float, days: float) -> float:
    """The chance to recall a card so many days after its last recall: FSRS-6, R = (1 + F·t/S)^D, F = 0.9^(1/D) - 1."""
    return float((1 + _FACTOR * max(0.0, days) / stability) ** _DECAY)


def recall(memory: Memory, at: datetime) -> float:
    """The chance to recall a card at a moment; 0 for one that was never recalled."""
    if memory.stability is None or memory.last_review_at is None:
        return 0.0
    return recall_after(memory.stability, (at - memory.last_review_at).total_seconds() / 86400)


def days_until(stability: float, retention: float) -> float:
    """After how many days recall falls to ``retention`` (0-1): the inverse of ``recall_after``."""
    return float(stability / _FACTOR * (retention ** (1 / _DECAY) - 1))


def stability_after(stability: float, difficulty: float, recalled: float, rating: int) -> tuple[float, float]:
    """Stability (days) and difficulty after a recall that had the chance ``recalled``: for plans, without a date.

    The library's own formulas; they are not public in it, and its version is pinned.
    """
    grade = Rating(rating)
    grown = _SCHEDULER._next_stability(
        difficulty=difficulty, stability=stability, retrievability=recalled, rating=grade
    )
    return float(grown), float(_SCHEDULER._next_difficulty(difficulty=difficulty, rating=grade))


def first_memory(rating: int) -> tuple[float, float]:
    """Stability (days) and difficulty after the very first recall."""
    grade = Rating(rating)
    stability = _SCHEDULER._initial_stability(rating=grade)
    return float(stability), float(_SCHEDULER._initial_difficulty(rating=grade, clamp=True))
