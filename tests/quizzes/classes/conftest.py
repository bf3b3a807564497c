"""A teacher with a quiz, a class, and two learners in it."""

from typing import Any

import pytest
from django.contrib.auth.models import Group as Role

from quizzes.models import Classroom, Question, Quiz
from sapro.accounts.models import INSTRUCTORS, User
from tests.factories import make_authored
from tests.own_classes import enroll, make_class
from tests.own_quizzes import make_own_quiz


@pytest.fixture
def teacher(db: None) -> User:
    """An instructor."""
    user = User.objects.create_user("teacher", "teacher@example.org")
    user.groups.add(Role.objects.get_or_create(name=INSTRUCTORS)[0])
    return user


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    """Six published questions of the teacher."""
    return make_authored(teacher, 6)


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    """An exam of one hour over these questions."""
    return make_own_quiz(teacher, questions)


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    """A class of the teacher."""
    return make_class(teacher)


@pytest.fixture
def ann(classroom: Classroom, django_user_model: Any) -> User:
    """A learner of the class."""
    user = django_user_model.objects.create_user("ann", "ann@example.org")
    enroll(classroom, user)
    return user


@pytest.fixture
def ben(classroom: Classroom, django_user_model: Any) -> User:
    """Another one."""
    user = django_user_model.objects.create_user("ben", "ben@example.org")
    enroll(classroom, user)
    return user
