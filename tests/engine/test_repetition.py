"""Spaced repetition: ratings, dates, the forgetting curve, against the library and by hand."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine import repetition
from quizzes.engine.repetition import AGAIN, GOOD, HARD, REVIEW, Memory

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fraction", "confidence", "rating"),
    [(0, "sure", AGAIN), (0.5, "", AGAIN), (1, "guess", HARD), (1, "fairly", GOOD), (1, "sure", GOOD), (1, "", GOOD)],
)
def test_ratings_follow_from_answer_and_confidence(fraction: float, confidence: str, rating: int) -> None:
    assert repetition.rating_of(fraction, confidence) == rating


def test_a_first_recall_gives_the_published_stability() -> None:
    after = repetition.review(Memory(), GOOD, now=NOW, rng=Random(1))
    assert (after.phase, after.stability, after.repetitions, after.lapses) == (REVIEW, 2.3065, 1, 0)
    assert after.due_at == NOW + timedelta(days=2)


def test_a_history_is_as_the_library_has_it() -> None:
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card, memory, at = Card(), Memory(), NOW
    for rating in (GOOD, GOOD, AGAIN, HARD, GOOD):
        card, _ = scheduler.review_card(card, Rating(rating), at)
        memory = repetition.review(memory, rating, now=at, rng=Random(3))
        assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
        at += timedelta(days=9)
    assert (memory.repetitions, memory.lapses) == (5, 1)


def test_a_plan_computes_the_same_as_a_recall() -> None:
    first = repetition.review(Memory(), GOOD, now=NOW, rng=Random(1))
    later = NOW + timedelta(days=12)
    second = repetition.review(first, HARD, now=later, rng=Random(1))
    assert repetition.first_memory(GOOD) == (first.stability, first.difficulty)
    assert first.stability is not None
    assert first.difficulty is not None
    assert repetition.stability_after(
        first.stability, first.difficulty, repetition.recall_after(first.stability, 12), HARD
    ) == (second.stability, second.difficulty)


def test_recall_falls_to_nine_tenths_after_the_stability() -> None:
    assert repetition.recall_after(7.5, 7.5) == pytest.approx(0.9)
    assert repetition.recall_after(7.5, 0) == 1
    assert repetition.recall(Memory(), NOW) == 0


@given(st.floats(0.1, 300), st.floats(0.5, 0.99))
def test_the_inverse_of_the_curve(stability: float, retention: float) -> None:
    days = repetition.days_until(stability, retention)
    assert repetition.recall_after(stability, days) == pytest.approx(retention)


@given(st.integers(1, 365), st.integers(0, 10**9))
def test_spread_is_seeded_and_small(days: int, seed: int) -> None:
    spread = repetition.spread(days, Random(seed))
    assert spread == repetition.spread(days, Random(seed))
    assert 1 <= spread <= repetition.LONGEST
    assert abs(spread - days) <= max(0, 0.15 * days + 2)


@given(st.lists(st.sampled_from([AGAIN, HARD, GOOD]), min_size=1, max_size=12), st.integers(0, 99))
def test_a_card_is_always_due_after_today(ratings: list[int], seed: int) -> None:
    memory, at = Memory(), NOW
    for rating in ratings:
        memory = repetition.review(memory, rating, now=at, rng=Random(seed))
        assert memory.due_at is not None
        assert memory.due_at >= at + timedelta(days=1)
        at = memory.due_at
