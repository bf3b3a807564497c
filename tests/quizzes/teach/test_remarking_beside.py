"""Marking again while others do something: who marks again as well, and who sits an exam."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from quizzes.models import Notice, Question, Quiz
from quizzes.queries import remarks
from quizzes.services.remarking import Progress, remark_quiz
from sapro.accounts.models import User
from tests import factories
from tests.own_quizzes import begin, correct_key, make_own_quiz, sat, wrong_choice
from tests.quizzes.attempts.conftest import Room
from tests.quizzes.attempts.test_races import at_once
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

LONGEST_WAIT = 2.0
SITTINGS = 60


@pytest.fixture
def teacher(transactional_db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 4)


@pytest.fixture
def quiz(teacher: User, questions: list[Question], now: datetime) -> Quiz:
    """With sixty sittings, of which a corrected key has overtaken every one."""
    quiz = make_own_quiz(teacher, questions)
    learners = [User.objects.create_user(f"learner-{number}") for number in range(4)]
    for number in range(SITTINGS):
        sat(learners[number % 4], quiz, questions, now - timedelta(days=1, minutes=number))
    correct_key(questions[0], wrong_choice(questions[0]), now)
    return quiz


def marker(quiz: Quiz, teacher: User, now: datetime) -> Callable[[], Progress]:
    token = remarks.token_of(remarks.corrected_versions(quiz))
    return lambda: remark_quiz(quiz=quiz, actor=teacher, token=token, reason="B is right", now=now)


def test_who_mark_again_at_once_mark_each_attempt_once(quiz: Quiz, teacher: User, now: datetime) -> None:
    done = at_once([marker(quiz, teacher, now)] * 3)
    assert sum(one.done for one in done) == SITTINGS
    assert {one.results.count() for one in quiz.attempts.all()} == {2}
    assert Notice.objects.count() == SITTINGS


def test_saves_are_taken_meanwhile(
    client: Client, quiz: Quiz, teacher: User, questions: list[Question], clock: Any
) -> None:
    learner = User.objects.create_user("candidate")
    client.force_login(learner, backend=BACKEND)
    room = Room(client, begin(learner, quiz, questions, clock.now), clock)
    mark_again, done = marker(quiz, teacher, clock.now), []

    def work() -> None:
        try:
            done.append(mark_again())
        finally:
            connections.close_all()

    worker = Thread(target=work)
    worker.start()
    waits, number = [], 0
    while worker.is_alive() or not number:
        begun = time.perf_counter()
        assert room.save(1 + number % 4, choice="1", at=number, tab=1).status_code == 200
        waits.append(time.perf_counter() - begun)
        number = min(number + 1, 1500)
    worker.join()
    assert done == [Progress(SITTINGS, 0)]
    assert max(waits) < LONGEST_WAIT
    assert room.stored().results.count() == 0
