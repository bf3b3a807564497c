"""What others do, and what clocks do, while somebody sits an exam: the exam is the one that was begun."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import environ
import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import ProtectedError
from django.test import Client
from redis.exceptions import ConnectionError

from quizzes.models import Attempt, Quiz
from quizzes.services.results import close_attempts
from tests import factories
from tests.quizzes.attempts.conftest import GRACE, Room, enter, log, right_choice, sit


def shown(room: Room) -> list[Any]:
    """Everything that the booklet shows, in its order."""
    return [
        (one.position, one.stem, [(option.position, option.html) for option in one.options])
        for one in room.client.get(room.url).context["questions"]
    ]


def test_reloading_draws_nothing_anew(room: Room) -> None:
    first = shown(room)
    assert len(first) == 10
    for _ in range(10):
        assert shown(room) == first


def test_a_quiz_cut_short_and_withdrawn_changes_nothing_for_who_sits_it(room: Room, quiz: Quiz) -> None:
    first = shown(room)
    Quiz.objects.filter(pk=quiz.pk).update(
        time_limit=60, retired=True, marking="negative", scored=3, title="Another", time_options=False
    )
    room.clock.move(minutes=30)
    assert shown(room) == first
    assert room.save(1, choice=right_choice(room.row(1))).json()["remaining"] == 30 * 60_000
    assert room.client.post(f"/quizzes/{quiz.slug}/start/").status_code == 404
    room.submit()
    result = room.attempt.results.get()
    assert (result.marking, result.raw, result.maximum) == ("all_or_nothing", 1.0, 10.0)
    assert room.client.get(f"{room.url}report/").status_code == 200


def test_the_same_question_in_two_exams_has_two_answers(room: Room, quiz: Quiz) -> None:
    assert quiz.exam is not None
    whole_bank = factories.make_quiz(quiz.exam, scored=30)
    other = Room(room.client, sit(room.attempt.person, whole_bank, room.clock.now), room.clock)
    twin = other.attempt.responses.get(question=room.row(1).question)
    room.save(1, choice="1")
    twin.refresh_from_db()
    assert (twin.choice, log(other.attempt)) == ([], [("started", None)])
    other.save(twin.position, choice="2")
    twin.refresh_from_db()
    assert room.row(1).choice == [room.row(1).shown_order[0]]
    assert twin.choice == [twin.shown_order[1]]


def test_what_an_exam_stands_on_cannot_be_deleted(room: Room, quiz: Quiz) -> None:
    row = room.row(1)
    assert quiz.exam is not None
    for needed in (row.question, row.version, quiz, quiz.exam, room.attempt.person):
        with pytest.raises(ProtectedError), transaction.atomic():
            needed.delete()
    room.save(1, choice="1")
    room.submit()
    assert room.stored().state == Attempt.State.SUBMITTED


# People


def test_who_is_shut_out_keeps_what_was_given(room: Room) -> None:
    room.save(1, choice=right_choice(room.row(1)))
    room.attempt.person.is_active = False
    room.attempt.person.save()
    assert room.save(2, choice="1").status_code == 401
    assert room.client.get(f"{room.url}clock/").status_code == 401
    assert room.client.get(room.url)["Location"].startswith("/accounts/login/")
    assert room.submit(htmx=True).status_code == 401
    room.clock.move(hours=2)
    assert close_attempts(now=room.clock.now) == 1
    assert (room.stored().state, room.attempt.results.get().raw) == (Attempt.State.EXPIRED, 1.0)


def test_a_password_changed_elsewhere_stops_this_page_until_its_owner_signs_in_again(
    client: Client, person: Any, quiz: Quiz, clock: Any
) -> None:
    room = enter(client, person, quiz, clock)
    room.save(1, choice="1")
    person.set_password("another fine phrase")
    person.save()
    assert (room.save(2, choice="1", at=1, tab=1).status_code, log(room.attempt)[1:]) == (401, [("saved", 1)])
    assert client.login(username=person.username, password="another fine phrase")
    assert room.save(2, choice="1", at=1, tab=1).status_code == 200


# Parts of the site that are away


def test_without_a_cache_an_exam_goes_on(room: Room, settings: Any) -> None:
    """Sessions, answers and deadlines are in the database; nobody listens where this cache is looked for."""
    settings.CACHES = {"default": environ.Env().cache_url_config("redis://127.0.0.1:1/0")}
    with pytest.raises(ConnectionError):
        cache.set("key", 1)
    for path in ("", "clock/"):
        assert room.client.get(room.url + path).status_code == 200
    assert room.save(1, choice="1").status_code == 200
    assert room.submit(htmx=True).status_code == 204
    assert room.client.get(f"{room.url}report/").status_code == 200
    guest = Client()
    assert guest.post(f"/quizzes/{room.attempt.quiz.slug}/start/").status_code == 302
    assert Attempt.objects.count() == 2


# Clocks


def test_a_server_clock_that_steps_back_loses_no_answer(room: Room) -> None:
    room.clock.move(minutes=10)
    assert room.save(1, choice="1", at=600_000, tab=1).status_code == 200
    room.clock.move(minutes=-5)
    told = room.save(1, choice="2", at=601_000, tab=1)
    assert (told.status_code, told.json()["reason"], told.json()["at"]) == (409, "clock_ahead", 300_000)
    # The page keeps it and asks again. Other questions are taken at once, under the clock that it was told.
    assert room.save(2, choice="1", at=300_000, tab=1).status_code == 200
    assert room.row(1).choice == [room.row(1).shown_order[0]]
    room.clock.move(minutes=5)
    assert room.save(1, choice="2", at=601_000, tab=1).json()["choice"] == [2]
    assert room.stored().deadline == room.attempt.deadline


def test_a_server_clock_that_steps_forward_is_told_to_the_page_and_takes_no_answer(room: Room) -> None:
    room.clock.move(minutes=5)
    body = room.save(1, choice="1", at=1_000, tab=1).json()
    assert (body["at"], body["remaining"], body["choice"]) == (300_000, 55 * 60_000, [1])


@pytest.mark.parametrize("change", [(2026, 10, 25, 0, 30), (2026, 3, 29, 0, 30)], ids=["October", "March"])
def test_an_hour_begun_before_a_change_of_summer_time_is_an_hour(
    change: tuple[int, ...], client: Client, person: Any, quiz: Quiz, clock: Any
) -> None:
    person.time_zone = "Europe/Berlin"
    person.save()
    clock.now = datetime(*change, tzinfo=UTC)  # type: ignore[arg-type,misc]
    before = clock.now.astimezone(ZoneInfo("Europe/Berlin")).utcoffset()
    room = enter(client, person, quiz, clock)
    assert room.client.get(room.url).context["remaining"] == 3_600_000
    clock.move(minutes=59, seconds=59)
    assert clock.now.astimezone(ZoneInfo("Europe/Berlin")).utcoffset() != before
    assert room.save(1, choice="1").json()["remaining"] == 1_000
    assert room.client.get(room.url).context["remaining"] == 1_000
    clock.move(seconds=1 + GRACE)
    assert room.save(1, choice="2").json()["reason"] == "too_late"
