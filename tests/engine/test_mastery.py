"""Mastery by hand: means over everything, with what is unknown as nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.mastery import Known, Mastery, mastery_by, mastery_of, recall_now, recall_of_met, weakest
from quizzes.engine.repetition import Memory, recall

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def known(recall: float, *, domain: int | None = 1, task: str = "1.1", topic: str = "elb", met: bool = True) -> Known:
    return Known(domain, task, topic, met, recall)


def test_what_is_not_met_counts_as_nothing() -> None:
    rows = [known(0.9), known(0.6), known(0.0, met=False), known(0.0, met=False), known(0.0)]
    assert mastery_of(rows) == Mastery(questions=5, met=3, recall=pytest.approx(0.3))
    assert mastery_of(rows).unmet == 2
    assert mastery_of([]) == Mastery(0, 0, 0.0)


def test_recall_falls_to_nine_tenths_in_as_many_days_as_the_stability() -> None:
    assert recall_now(12.0, NOW - timedelta(days=12), NOW) == pytest.approx(0.9)
    assert recall_now(12.0, NOW, NOW) == 1.0
    assert recall_of_met(NOW - timedelta(days=2.3065), NOW) == pytest.approx(0.9), "as after one Good"
    assert recall_of_met(None, NOW) == 0.0
    assert recall_now(None, NOW, NOW) == recall_now(3.0, None, NOW) == 0.0


@given(st.floats(0.01, 400), st.integers(0, 400 * 24))
def test_recall_is_what_the_repetition_says(stability: float, hours: int) -> None:
    last = NOW - timedelta(hours=hours)
    memory = Memory(stability=stability, last_review_at=last)
    assert recall_now(stability, last, NOW) == recall(memory, NOW)


def test_parts_are_counted_apart_and_what_has_none_is_left_out() -> None:
    rows = [
        known(1.0, domain=2, topic="s3"),
        known(0.5, domain=1),
        known(0.0, domain=2, met=False),
        known(0.7, task=""),
    ]
    assert mastery_by(rows, lambda one: one.domain) == {2: Mastery(2, 1, 0.5), 1: Mastery(2, 2, pytest.approx(0.6))}
    assert mastery_by(rows, lambda one: one.task) == {"1.1": Mastery(3, 2, 0.5)}
    assert list(mastery_by(rows, lambda one: one.topic)) == ["s3", "elb"]
    assert mastery_by([known(0.5, domain=None)], lambda one: one.domain) == {}


def test_the_weakest_part_is_the_largest_of_the_lowest() -> None:
    parts = {"a": Mastery(4, 4, 0.6), "b": Mastery(3, 0, 0.0), "c": Mastery(8, 0, 0.0), "d": Mastery(8, 0, 0.0)}
    assert weakest(parts) == "c"
    assert weakest({}) is None
