"""A changed course is brought in while somebody sits an exam: they wait for nothing, and nothing changes for them."""

from itertools import count
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from quizzes.models import QuestionVersion, Quiz
from quizzes.services import course
from tests.courses import provide
from tests.quizzes.attempts.conftest import enter
from tests.quizzes.course.conftest import Files, command

pytestmark = pytest.mark.django_db(transaction=True)


def test_saves_are_taken_while_a_course_is_loaded(
    transactional_db: None,
    files: Files,
    client: Client,
    clock: Any,
    django_user_model: Any,
    monkeypatch: pytest.MonkeyPatch,
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
    staged, saved, publish = Event(), Event(), course._publish

    def publish_after_a_save(*given: Any) -> None:
        staged.set()
        assert saved.wait(60)
        publish(*given)

    monkeypatch.setattr(course, "_publish", publish_after_a_save)

    def load() -> None:
        try:
            told.append(command())
        finally:
            staged.set()
            connections.close_all()

    loader = Thread(target=load)
    loader.start()
    assert staged.wait(60)
    # All is written and nothing of it shows; nothing is locked, or this save would never be answered.
    assert QuestionVersion.objects.count() > known
    numbers = count()
    assert room.save(1, choice="1", at=next(numbers), tab=1).status_code == 200
    saved.set()
    while loader.is_alive():
        number = min(next(numbers), 1500)
        assert room.save(1 + number % 5, choice="1", at=number, tab=1).status_code == 200
    loader.join()
    assert "Loaded 2 topics and 26 questions; 12 questions new or changed." in told[0]
    assert list(room.attempt.responses.values_list("version_id", flat=True)) == versions
    shown = room.client.get(room.url).context["questions"]
    assert [(one.stem, [option.html for option in one.options]) for one in shown] == [
        (one.stem, [option.html for option in one.options]) for one in page
    ]
