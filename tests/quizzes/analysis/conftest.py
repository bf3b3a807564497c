"""A teacher with a quiz of four questions."""

import pytest
from django.test import Client

from quizzes.models import Question, Quiz
from sapro.accounts.models import User
from tests.factories import make_authored, make_instructor
from tests.own_quizzes import make_own_quiz
from tests.security.people import BACKEND


@pytest.fixture
def teacher(client: Client, db: None) -> User:
    """The instructor, signed in."""
    made = make_instructor("teacher")
    client.force_login(made, backend=BACKEND)
    return made


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    """Four published questions."""
    return make_authored(teacher, 4)


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    """An exam over them."""
    return make_own_quiz(teacher, questions, pass_mark=50, title="Networks")
