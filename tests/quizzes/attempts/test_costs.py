"""Statements by request. BEGIN, COMMIT and SAVEPOINT are not counted, as in the targets of performance.md."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Exposure, Quiz
from quizzes.services.attempts import submit_attempt
from tests import factories
from tests.quizzes.attempts.conftest import Room, enter, give

FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA", "SET ")
WRITES = ("INSERT", "UPDATE", "DELETE")


class Counted:
    """The statements of a block."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def all(self) -> int:
        return len(self.statements)

    @property
    def writes(self) -> int:
        return sum(one.startswith(WRITES) for one in self.statements)


@contextmanager
def counting() -> Iterator[Counted]:
    """Count what reaches the database."""
    counted = Counted()
    with CaptureQueriesContext(connection) as captured:
        yield counted
    counted.statements = [one["sql"] for one in captured if not one["sql"].upper().startswith(FRAME)]


@pytest.fixture
def bank(db: None) -> Quiz:
    """300 published questions, and an exam of 75 as in the exam room."""
    return factories.make_bank(300, scored=65, unscored=10, minutes=180)


@pytest.fixture
def hall(client: Client, person: Any, bank: Quiz, clock: Any) -> Room:
    """The long exam under way; the person has been seen today."""
    room = enter(client, person, bank, clock)
    client.get(room.url)
    return room


def test_the_counter_counts_what_it_should(bank: Quiz) -> None:
    with counting() as counted:
        Quiz.objects.filter(pk=bank.pk).update(title="New")
        Quiz.objects.get(pk=bank.pk)
    assert (counted.all, counted.writes) == (2, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"choice": "1"},
        {"flagged": "1", "trace": '{"1": {"ms": 4000}}'},
        {"has": ["choice", "flagged"], "choice": "2", "flagged": "1", "at": "0", "tab": "7"},
    ],
)
def test_a_save_costs_five_statements_two_of_them_writes(hall: Room, fields: dict[str, Any]) -> None:
    hall.clock.move(seconds=5)
    with counting() as counted:
        assert hall.save(1, **fields).status_code == 200
    assert counted.all <= 5
    assert counted.writes == 2


def test_a_replay_writes_nothing_and_a_refusal_only_the_log(hall: Room) -> None:
    hall.clock.move(seconds=5)
    hall.save(1, choice="1", at=5000, tab=1)
    with counting() as replay:
        assert hall.save(1, choice="1", at=5000, tab=1).status_code == 200
    with counting() as overtaken:
        assert hall.save(1, choice="1", at=4000, tab=1).status_code == 200
    with counting() as ahead:
        assert hall.save(1, choice="1", at=99_000, tab=1).status_code == 409
    assert (replay.writes, overtaken.writes, ahead.writes) == (0, 1, 1)
    assert max(replay.all, overtaken.all, ahead.all) <= 5


def test_a_start_costs_twelve_statements_and_perhaps_a_lock_however_long_the_exam(
    client: Client, person: Any, bank: Quiz, clock: Any
) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/")
    with counting() as counted:
        assert client.post(f"/quizzes/{bank.slug}/start/").status_code == 302
    assert counted.all <= 12 + connection.features.has_select_for_update
    # The responses of 75 questions go in as at most two statements.
    assert sum('INSERT INTO "quizzes_response"' in one for one in counted.statements) <= 2
    short = factories.make_quiz(bank.exam, scored=5)
    with counting() as five:
        assert client.post(f"/quizzes/{short.slug}/start/").status_code == 302
    assert counted.all - five.all <= 1


def test_the_clock_costs_three(hall: Room) -> None:
    with counting() as counted:
        assert hall.client.get(f"{hall.url}clock/").status_code == 200
    assert counted.all <= 3
    assert counted.writes == 0


def test_the_booklet_costs_the_same_for_five_and_for_seventy_five(hall: Room, person: Any, bank: Quiz) -> None:
    short = enter(hall.client, person, factories.make_quiz(bank.exam, scored=5), hall.clock)
    hall.client.get("/quizzes/")
    counts = []
    for room in (hall, short):
        with counting() as counted:
            assert room.client.get(room.url).status_code == 200
        counts.append((counted.all, counted.writes))
    assert counts == [(4, 0), (4, 0)]


@pytest.mark.parametrize("path", ["report/", "review/", "review/?show=wrong", "review/?show=unanswered&domain=2"])
def test_report_and_review_cost_the_same_for_five_and_for_twenty(
    client: Client, person: Any, course: None, clock: Any, path: str
) -> None:
    """With the small course, whose questions have topics and cite the notes.

    All are new to the learner: a page with some that are not costs three statements more, however many they are.
    """
    long = Quiz.objects.get(slug="short-mock")
    short = Quiz.objects.create(slug="five", title="Five", exam=long.exam, scored=5, time_limit=3600)
    counts = []
    for quiz in (short, long):
        Exposure.objects.all().delete()
        room = enter(client, person, quiz, clock)
        for position in () if "unanswered" in path else range(1, quiz.size + 1, 2):
            give(room.attempt, position, ("1",), clock.now)
        submit_attempt(person_id=person.pk, code=room.attempt.code, trace={}, now=clock.now)
        client.get(room.url + path)
        with counting() as counted:
            assert client.get(room.url + path).status_code == 200
        counts.append(counted.all)
    assert counts[0] == counts[1]
    assert counts[1] <= 15


def test_a_submission_costs_the_same_for_five_and_for_seventy_five(hall: Room, person: Any, bank: Quiz) -> None:
    short = enter(hall.client, person, factories.make_quiz(bank.exam, scored=5), hall.clock)
    counts = []
    for room in (hall, short):
        for position in range(1, 6):
            give(room.attempt, position, ("1",), hall.clock.now)
        with counting() as counted:
            assert room.submit().status_code == 302
        counts.append(counted.all)
    assert abs(counts[0] - counts[1]) <= 1
    assert max(counts) <= 20


def test_the_pages_weigh_no_more_than_they_may(hall: Room) -> None:
    """Made questions are short: a real booklet is weighed by the benchmark."""
    page = hall.client.get(hall.url, headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < 90_000
    assert len(hall.save(1, choice="1").content) < 400
