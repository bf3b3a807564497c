"""Two instructors, and questions of the first."""

from typing import Any

import pytest
from django.test import Client

from quizzes.models import Question
from sapro.accounts.models import User
from tests import factories
from tests.security.people import BACKEND


@pytest.fixture
def ada(db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob(db: None) -> User:
    return factories.make_instructor("bob")


@pytest.fixture
def bank(ada: User) -> list[Question]:
    """Eight published questions of Ada."""
    return factories.make_authored(ada, 8)


def browser(person: Any) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client
