"""People who come to the site, and what they have done there."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Quiz
from quizzes.services.attempts import UnreadSave, save_response, start_attempt
from sapro.accounts.models import User
from sapro.accounts.services.guests import make_guest

BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _stand_still(clock: Any) -> None:
    """Every view of these tests reads the clock of the tests."""


@pytest.fixture
def member(db: None, now: datetime) -> User:
    """Someone with an account."""
    return User.objects.create_user("alice", "alice@example.org", PASSWORD, date_joined=now)


@pytest.fixture
def operator(db: None, now: datetime) -> User:
    """The operator."""
    return User.objects.create_superuser("chief", "chief@example.org", PASSWORD, date_joined=now)


@pytest.fixture
def as_guest(client: Client, db: None, now: datetime) -> User:
    """A guest, whose session the test client holds."""
    guest = make_guest(now=now)
    client.force_login(guest, backend=BACKEND)
    return guest


def sign_up_data(name: str, **more: str) -> dict[str, str]:
    """What the sign-up form sends."""
    return {"username": name, "email": "", "password1": PASSWORD, "password2": PASSWORD, **more}


def sign_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    """Post the sign-in form."""
    return client.post("/accounts/login/", {"login": name, "password": password, **more})


def sit(person: User, slug: str, now: datetime) -> Attempt:
    """Start an exam, as its page does."""
    quiz = Quiz.objects.get(slug=slug)
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)


def answer(attempt: Attempt, now: datetime, *positions: int) -> None:
    """Give the first option at these positions."""
    for position in positions:
        save = UnreadSave(sent=("1",), flagged=None, at=None, tab=1, trace={})
        save_response(person_id=attempt.person_id, code=attempt.code, position=position, save=save, now=now)


def choices(attempt: Attempt) -> list[list[str]]:
    """What was given, position by position."""
    return list(attempt.responses.values_list("choice", flat=True))
