"""Marking again while others do something: who marks again as well, and who sits an exam."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from quizzes.models import Notice, Question, Quiz, Result
from quizzes.queries import remarks
from quizzes.services import remarking
from quizzes.services.remarking import Progress, remark_quiz
from sapro.accounts.models import User
from tests import factories
from tests.own_quizzes import begin, correct_key, make_own_quiz, sat, wrong_choice
from tests.quizzes.attempts.conftest import Room
from tests.quizzes.attempts.test_races import at_once
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

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
    client: Client, quiz: Quiz, teacher: User, questions: list[Question], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between two parts of the marking nothing is locked: it goes on only once somebody has saved an answer."""
    learner = User.objects.create_user("candidate")
    client.force_login(learner, backend=BACKEND)
    room = Room(client, begin(learner, quiz, questions, clock.now), clock)
    mark_again, done = marker(quiz, teacher, clock.now), []
    midway, saved, parts = Event(), Event(), count(1)
    fresh_results = remarking.fresh_results

    def second_part_waits(*given: Any) -> Any:
        if next(parts) == 2:
            midway.set()
            assert saved.wait(60)
        return fresh_results(*given)

    monkeypatch.setattr(remarking, "CHUNK", SITTINGS // 3)
    monkeypatch.setattr(remarking, "fresh_results", second_part_waits)

    def work() -> None:
        try:
            done.append(mark_again())
        finally:
            midway.set()
            connections.close_all()

    worker = Thread(target=work)
    worker.start()
    assert midway.wait(60)
    assert Result.objects.filter(number=2).count() == SITTINGS // 3
    reply = room.save(1, choice="1", at=1, tab=1)
    saved.set()
    worker.join()
    assert reply.status_code == 200
    assert done == [Progress(SITTINGS, 0)]
    assert room.stored().results.count() == 0
    assert not Notice.objects.filter(person=learner).exists()
