"""An exam under way, as its page and as the service see it."""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, settings

from quizzes.models import Attempt, Event, Quiz, Response
from quizzes.services.attempts import Saved, UnreadSave, save_response, start_attempt
from tests import factories

BACKEND = "django.contrib.auth.backends.ModelBackend"
GRACE = 2
HTMX = {"HX-Request": "true"}

# SAPRO_TEST_PROFILE=ci looks longer.
_common: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
}
PROFILES = {
    "dev": settings(max_examples=40, stateful_step_count=40, **_common),
    "ci": settings(max_examples=400, stateful_step_count=60, **_common),
    "proof": settings(max_examples=2000, stateful_step_count=80, **_common),
}
PROFILE = PROFILES[os.environ.get("SAPRO_TEST_PROFILE", "dev")]


def sit(person: Any, quiz: Quiz, now: datetime, time_option: str = "standard") -> Attempt:
    """Start, as the page does."""
    return start_attempt(person_id=person.pk, quiz=quiz, time_option=time_option, grace=GRACE, now=now)


def give(
    attempt: Attempt,
    position: int,
    sent: tuple[str, ...] | None,
    now: datetime,
    *,
    at: int | None = None,
    tab: int = 1,
    flagged: bool | None = None,
    trace: Any = None,
) -> Saved:
    """Save one response through the service."""
    save = UnreadSave(sent=sent, flagged=flagged, at=at, tab=tab, trace=trace or {})
    return save_response(person_id=attempt.person_id, code=attempt.code, position=position, save=save, now=now)


def right_choice(row: Response) -> tuple[str, ...]:
    """The shown positions of the right options of a response."""
    return tuple(str(place) for place, one in enumerate(row.shown_order, 1) if one in row.version.key["correct"])


def registers(attempt: Attempt) -> list[tuple[Any, ...]]:
    """Everything that saving may change, position by position."""
    names = ("choice", "choice_at", "choice_tab", "flagged", "flagged_at", "flagged_tab", "saved_at")
    return [(row[0], tuple(row[1]), *row[2:]) for row in attempt.responses.values_list("position", *names)]


def log(attempt: Attempt) -> list[tuple[Any, ...]]:
    """The log of an attempt: kind and position of each event."""
    return list(Event.objects.filter(attempt=attempt).values_list("kind", "position"))


def everything(attempt: Attempt) -> tuple[Any, ...]:
    """All that is stored of an attempt, to see that nothing has changed."""
    row = Attempt.objects.filter(pk=attempt.pk).values_list()[0]
    return row, list(attempt.responses.values_list()), list(attempt.results.values_list())


@dataclass
class Room:
    """Someone signed in, with an exam open."""

    client: Client
    attempt: Attempt
    clock: Any

    @property
    def url(self) -> str:
        """The booklet."""
        return f"/attempts/{self.attempt.code}/"

    def save(self, position: int | str = 1, *, htmx: bool = True, **fields: Any) -> HttpResponse:
        """Post a save; as the page's script does, or as the plain form."""
        return self.client.post(f"{self.url}responses/{position}/", fields, headers=HTMX if htmx else {})

    def submit(self, *, htmx: bool = False, **fields: Any) -> HttpResponse:
        """Post the submission."""
        return self.client.post(f"{self.url}submit/", fields, headers=HTMX if htmx else {})

    def row(self, position: int = 1) -> Response:
        """One response as it is stored."""
        return self.attempt.responses.select_related("version").get(position=position)

    def stored(self) -> Attempt:
        """The attempt as it is stored."""
        return Attempt.objects.get(pk=self.attempt.pk)


def enter(client: Client, person: Any, quiz: Quiz, clock: Any, time_option: str = "standard") -> Room:
    """Sign somebody in and start."""
    client.force_login(person, backend=BACKEND)
    return Room(client, sit(person, quiz, clock.now, time_option), clock)


@pytest.fixture
def quiz(db: None) -> Quiz:
    """Ten questions, an hour, from a bank of 30; positions differ from sitting to sitting."""
    return factories.make_bank(30, scored=10)


@pytest.fixture
def room(client: Client, person: Any, quiz: Quiz, clock: Any) -> Room:
    """A timed exam of ten questions under way, on the clock of the tests."""
    return enter(client, person, quiz, clock)


@pytest.fixture
def single(room: Room) -> int:
    """A position at which one option is to be chosen."""
    return room.attempt.responses.filter(version__choose=1).values_list("position", flat=True)[0]


@pytest.fixture
def double(room: Room) -> int:
    """A position at which two options are to be chosen."""
    return room.attempt.responses.filter(version__choose=2).values_list("position", flat=True)[0]
