"""A changed course is brought in while somebody sits an exam: they wait for nothing, and nothing changes for them."""

import time
from threading import Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from quizzes.models import QuestionVersion, Quiz
from tests.courses import provide
from tests.quizzes.attempts.conftest import enter
from tests.quizzes.course.conftest import Files, command

pytestmark = pytest.mark.django_db(transaction=True)

LONGEST_WAIT = 0.5
"""The part of the load that a save may take; one that had to wait for all of it would take nearly the whole."""


def test_saves_are_taken_while_a_course_is_loaded(
    transactional_db: None, files: Files, client: Client, clock: Any, django_user_model: Any
) -> None:
    provide("small")
    learner = django_user_model.objects.create(username="learner", date_joined=clock.now)
    room = enter(client, learner, Quiz.objects.get(slug="short-mock"), clock)
    versions = list(room.attempt.responses.values_list("version_id", flat=True))
    page = room.client.get(room.url).context["questions"]
    known = QuestionVersion.objects.count()
    bank = files.path("test-balancers.yaml")
    bank.write_text(bank.read_text().replace("Test data, tb", "Changed test data, tb"))
    told: list[str] = []

    def load() -> None:
        try:
            told.append(command())
        finally:
            connections.close_all()

    loader = Thread(target=load)
    loader.start()
    waits, number = [], 0
    while loader.is_alive() or not number:
        begun = time.perf_counter()
        assert room.save(1 + number % 5, choice="1", at=number, tab=1).status_code == 200
        waits.append(time.perf_counter() - begun)
        number = min(number + 1, 1500)
    loader.join()
    assert "Loaded 2 topics and 26 questions; 12 questions new or changed." in told[0]
    assert QuestionVersion.objects.count() > known
    assert len(waits) > 1
    assert max(waits) < LONGEST_WAIT * sum(waits)
    assert list(room.attempt.responses.values_list("version_id", flat=True)) == versions
    shown = room.client.get(room.url).context["questions"]
    assert [(one.stem, [option.html for option in one.options]) for one in shown] == [
        (one.stem, [option.html for option in one.options]) for one in page
    ]
