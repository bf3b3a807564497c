"""Pausing: the exam clock stands still, nothing is asked and nothing told meanwhile, and it is written down."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt
from quizzes.queries.draws import held_questions
from quizzes.services.results import close_attempts
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.attempts.conftest import Room, enter, log
from tests.quizzes.attempts.test_costs import counting

pytestmark = pytest.mark.django_db


@pytest.fixture
def pausable(client: Client, person: Any, clock: Any) -> Room:
    """An exam of an hour that may be paused, begun."""
    owner = factories.make_instructor()
    quiz = factories.make_teachers_quiz(owner, factories.make_authored(owner, 6), pause_allowed=True)
    return begin(client, person, quiz, clock)


def begin(client: Client, person: User, quiz: Any, clock: Any) -> Room:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/quizzes/{quiz.slug}/start/")
    return Room(client, Attempt.objects.get(quiz=quiz, person=person), clock)


def pause(room: Room) -> int:
    return room.client.post(f"{room.url}pause/").status_code


def go_on(room: Room) -> int:
    return room.client.post(f"{room.url}pause/", {"go": "on"}).status_code


def test_the_clock_stands_still(pausable: Room) -> None:
    room = pausable
    room.clock.move(minutes=10)
    assert pause(room) == 302
    room.clock.move(hours=5)
    assert room.client.get(f"{room.url}clock/").json() == {
        "at": 600_000,
        "limit": 3_600_000,
        "remaining": 3_000_000,
        "phase": "open",
        "paused": True,
    }
    assert go_on(room) == 302
    room.clock.move(minutes=1)
    reading = room.client.get(f"{room.url}clock/").json()
    assert (reading["at"], reading["limit"], reading["remaining"]) == (660_000, 3_600_000, 2_940_000)
    assert room.stored().deadline == room.attempt.started_at + timedelta(hours=6)
    assert log(room.attempt) == [("started", None), ("paused", None), ("resumed", None)]


def test_the_questions_are_out_of_sight_and_still_withheld(pausable: Room) -> None:
    room = pausable
    pause(room)
    page = room.client.get(room.url).content.decode()
    assert "Paused" in page
    assert "The stem of" not in page
    assert held_questions(room.attempt.person_id).count() == 6
    assert room.client.get(f"{room.url}report/").status_code == 302
    go_on(room)
    assert "The stem of" in room.client.get(room.url).content.decode()


def test_nothing_is_taken_while_it_stands_but_what_was_given_before(pausable: Room) -> None:
    room = pausable
    room.clock.move(seconds=100)
    pause(room)
    room.clock.move(seconds=50)
    reply = room.save(1, choice="1")
    assert (reply.status_code, reply.json()["reason"], reply.json()["at"]) == (409, "paused", 100_000)
    assert room.save(2, choice="1", at=99_000, tab=1).status_code == 200
    assert (room.row(1).choice_at, room.row(2).choice_at) == (-1, 99_000)
    assert ("paused", 1) in log(room.attempt)


def test_a_pause_outlives_the_deadline_and_no_sweeper_ends_it(pausable: Room) -> None:
    room = pausable
    room.clock.move(minutes=59)
    pause(room)
    room.clock.move(days=3)
    assert close_attempts(now=room.clock.now) == 0
    go_on(room)
    assert room.save(1, choice="1").status_code == 200
    room.clock.move(minutes=1, seconds=2)
    assert close_attempts(now=room.clock.now) == 1
    stored = room.stored()
    assert (stored.state, stored.ended_at) == ("expired", stored.deadline)


def test_the_result_says_so_and_counts_only_what_ran(pausable: Room) -> None:
    room = pausable
    room.clock.move(minutes=10)
    pause(room)
    room.clock.move(minutes=45)
    go_on(room)
    room.clock.move(minutes=5)
    room.submit()
    page = room.client.get(f"{room.url}report/").content.decode()
    assert "paused for 45 minutes" in page
    assert "15 min" in page
    assert room.client.get(f"{room.url}receipt/").json()["record"]["paused_ms"] == 45 * 60_000


def test_who_submits_out_of_a_pause_ends_it(pausable: Room) -> None:
    room = pausable
    pause(room)
    room.clock.move(hours=2)
    room.submit()
    stored = room.stored()
    assert (stored.state, stored.paused_at, stored.paused) == ("submitted", None, 7_200_000)
    assert stored.ended_at == room.clock.now
    assert pause(room) == 409


def test_twice_is_once(pausable: Room) -> None:
    room = pausable
    pause(room)
    room.clock.move(seconds=10)
    pause(room)
    room.clock.move(seconds=10)
    go_on(room)
    go_on(room)
    assert room.stored().paused == 20_000


def test_only_where_the_quiz_allows_it_and_only_ones_own(pausable: Room, room: Room, guest: Any) -> None:
    assert pause(room) == 409
    assert room.stored().paused_at is None
    stranger = Client()
    assert stranger.post(f"{pausable.url}pause/").status_code == 302
    stranger.force_login(guest, backend="django.contrib.auth.backends.ModelBackend")
    assert stranger.post(f"{pausable.url}pause/").status_code == 404
    assert pausable.stored().paused_at is None


def test_the_session_outlives_any_pause(pausable: Room) -> None:
    assert pausable.client.session.get_expiry_age() >= 59 * 24 * 3600


# Forward only


@pytest.fixture
def forward(client: Client, person: Any, clock: Any) -> Room:
    """An exam that goes forward only."""
    owner = factories.make_instructor()
    quiz = factories.make_teachers_quiz(owner, factories.make_authored(owner, 6), forward_only=True)
    return begin(client, person, quiz, clock)


def test_what_lies_behind_cannot_be_changed(forward: Room) -> None:
    room = forward
    assert room.save(1, choice="1").status_code == 200
    room.clock.move(seconds=1)
    assert room.save(1, choice="2").status_code == 200  # as long as nothing later was given
    room.clock.move(seconds=1)
    assert room.save(3, choice="1").status_code == 200
    room.clock.move(seconds=1)
    before = room.row(1).choice
    for position in (1, 2):
        for fields in ({"choice": "1"}, {"flagged": "1"}, {"choice": "1", "at": "10", "tab": "3"}):
            reply = room.save(position, **fields)
            assert (reply.status_code, reply.json()["reason"]) == (409, "passed")
    assert room.row(1).choice == before
    assert room.row(2).choice_at == -1
    assert ("passed", 2) in log(room.attempt)
    assert room.save(3, choice="2").status_code == 200


def test_without_script_the_next_question_is_reached_by_saving(forward: Room) -> None:
    room = forward
    reply = room.save(1, htmx=False, has=["choice", "flagged"], choice="1", go="2")
    assert reply["Location"].endswith("?q=2")
    page = room.client.get(f"{room.url}?q=1").content.decode()
    assert 'id="question-2" aria-labelledby="label-2">' in page
    assert 'id="question-1" aria-labelledby="label-1" hidden>' in page
    assert room.save(1, htmx=False, has="choice", choice="2", go="2").status_code == 409
    review = room.client.get(f"{room.url}?q=review").content.decode()
    assert "goes forward only" in review
    assert 'href="?q=1"' not in review


def test_what_was_given_for_a_question_outlives_its_being_reached_again(forward: Room) -> None:
    room = forward
    room.save(2, choice="1")
    given = room.row(2).choice
    room.clock.move(seconds=1)
    room.save(1, htmx=False, has="choice", go="2")
    room.save(2, htmx=False, has="flagged", go="2")
    assert room.row(2).choice == given


def test_forward_only_costs_no_statement_more(forward: Room) -> None:
    room = forward
    room.client.get(room.url)
    for position in (1, 2):
        with counting() as counted:
            assert room.save(position, choice="1").status_code == 200
        assert counted.all <= 5
        assert counted.writes == 2


def test_other_exams_go_both_ways(client: Client, person: Any, quiz: Any, clock: Any) -> None:
    room = enter(client, person, quiz, clock)
    room.save(5, choice="1")
    room.clock.move(seconds=1)
    assert room.save(1, choice="1").status_code == 200
    assert 'id="previous"' in room.client.get(f"{room.url}?q=2").content.decode()
