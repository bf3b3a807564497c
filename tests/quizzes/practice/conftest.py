"""A practice session as its pages and as the service see it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from quizzes.models import Attempt, Quiz, Response
from quizzes.services.attempts import start_attempt
from quizzes.services.practice import answer_practice, start_practice

BACKEND = "django.contrib.auth.backends.ModelBackend"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _standing(course: None, clock: Any) -> None:
    """The small course, on the clock of the tests."""


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person, backend=BACKEND)
    return person


def begin(person: Any, now: datetime, **more: Any) -> Attempt:
    """Start, as the page does."""
    choice: dict[str, Any] = {"topics": [], "anchors": [], "only": "", "count": 40, "title": "Practice", **more}
    return start_practice(person_id=person.pk, now=now, **choice)


def codes(attempt: Attempt) -> list[str]:
    """The questions of a session, in order."""
    return list(attempt.responses.values_list("question__code", flat=True))


def row_of(attempt: Attempt, position: int) -> Response:
    """One response with its version."""
    return attempt.responses.select_related("version", "question").get(position=position)


def positions(row: Response, *, right: bool) -> list[str]:
    """Shown positions that answer it: the key, or as many options of which none is right but the rest of the key."""
    keys = row.version.key["correct"]
    key = [str(place) for place, one in enumerate(row.shown_order, 1) if one in keys]
    wrong = [str(place) for place, one in enumerate(row.shown_order, 1) if one not in keys]
    return key if right else wrong[: row.version.choose]


def answer(attempt: Attempt, position: int, now: datetime, *, right: bool, confidence: str = "") -> Response:
    """Answer one question through the service."""
    return answer_practice(
        person_id=attempt.person_id,
        code=attempt.code,
        position=position,
        sent=positions(row_of(attempt, position), right=right),
        confidence=confidence,
        now=now,
    )


def sit(person: Any, now: datetime, slug: str = "short-mock") -> Attempt:
    """Start an exam."""
    quiz = Quiz.objects.get(slug=slug)
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)


@dataclass
class Session:
    """A session and the client of its owner."""

    client: Client
    attempt: Attempt

    @property
    def url(self) -> str:
        """Its page."""
        return f"/practice/sessions/{self.attempt.code}/"

    def page(self, query: str = "", *, htmx: bool = False) -> HttpResponse:
        """Get it."""
        return self.client.get(self.url + query, headers=HTMX if htmx else {})

    def post(self, position: int, *, htmx: bool = False, **fields: Any) -> HttpResponse:
        """Send an answer."""
        return self.client.post(f"{self.url}responses/{position}/", fields, headers=HTMX if htmx else {})
