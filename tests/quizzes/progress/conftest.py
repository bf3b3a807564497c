"""Somebody who studies, with questions whose memory a test decides."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Card, Question, Repetition
from quizzes.services.results import record_exposures

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def standing(course: None, clock: Any) -> None:
    """The small course, on the clock of the tests."""


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person, backend=BACKEND)
    return person


def remember(
    person: Any,
    questions: Iterable[Question],
    now: datetime,
    *,
    stability: float,
    days: float,
    due: float = 5,
    **more: Any,
) -> list[Card]:
    """Cards that were recalled so many days ago, due in so many; the questions are met."""
    rows, at = list(questions), now - timedelta(days=days)
    record_exposures(person.pk, [one.pk for one in rows], now=at, revealed=True)
    state = {"stability": stability, "difficulty": 5.0, "last_review_at": at, "phase": Card.Phase.REVIEW}
    state |= {"due_at": now + timedelta(days=due), "created_at": at, "repetitions": 1, **more}
    return Card.objects.bulk_create(Card(person=person, question=one, **state) for one in rows)


def recalled(card: Card, at: datetime, source: str = Repetition.Source.CARDS) -> Repetition:
    """One recall of a card at that moment."""
    version = card.question.current_id
    return Repetition.objects.create(
        card=card, version_id=version, reviewed_at=at, source=source, rating=3, fraction=1.0
    )
