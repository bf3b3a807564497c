"""What happens at the same moment, with real threads on a real database: everything happens once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from quizzes.models import Attempt, Response
from quizzes.services.attempts import Refused, submit_attempt
from quizzes.services.results import close_attempts, finish_attempt
from tests import factories
from tests.quizzes.attempts.conftest import BACKEND, GRACE, give, log, sit

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8


def at_once(tasks: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run every task in a thread of its own, released together. Gives what each returned, or the refusal it met."""
    barrier = Barrier(len(tasks), timeout=60)

    def run(task: Callable[[], Any]) -> Any:
        try:
            barrier.wait(timeout=30)
            return task()
        except Refused as refusal:
            return refusal.reason
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(run, tasks))


@pytest.fixture
def quiz(transactional_db: None) -> Any:
    return factories.make_bank(20, scored=5)


@pytest.fixture
def person(transactional_db: None, django_user_model: Any, now: Any) -> Any:
    return django_user_model.objects.create(username="racer", date_joined=now)


@pytest.fixture
def people(transactional_db: None, django_user_model: Any, now: Any) -> list[Any]:
    return [django_user_model.objects.create(username=f"racer-{n}", date_joined=now) for n in range(ROUNDS)]


def test_twenty_starts_make_one_attempt(quiz: Any, person: Any, now: Any) -> None:
    attempts = at_once([lambda: sit(person, quiz, now)] * 20)
    assert {attempt.pk for attempt in attempts} == {Attempt.objects.get().pk}
    assert Response.objects.count() == 5
    assert log(attempts[0]) == [("started", None)]


def test_twenty_clicks_on_start_lead_to_one_booklet(quiz: Any, person: Any, clock: Any) -> None:
    client = Client()
    client.force_login(person, backend=BACKEND)
    cookies = client.cookies.output(header="", sep=";").strip()

    def click() -> tuple[int, str]:
        response = Client(headers={"Cookie": cookies}).post(f"/quizzes/{quiz.slug}/start/")
        return response.status_code, response["Location"]

    assert set(at_once([click] * 20)) == {(302, f"/attempts/{Attempt.objects.get().code}/")}


def test_a_start_after_an_overdue_exam_closes_it_once(quiz: Any, person: Any, now: Any) -> None:
    old = sit(person, quiz, now)
    later = now + timedelta(hours=2)
    fresh = {attempt.pk for attempt in at_once([lambda: sit(person, quiz, later)] * 8)}
    assert fresh == {Attempt.objects.exclude(pk=old.pk).get().pk}
    assert log(old) == [("started", None), ("expired", None)]
    assert old.results.count() == 1


def test_a_save_and_a_submission(quiz: Any, people: list[Any], now: Any) -> None:
    """Either the save was first and counts, or it was refused and is only in the log."""
    for person in people:
        save_and_submit(sit(person, quiz, now), now)


def save_and_submit(attempt: Attempt, now: Any) -> None:
    moment = now + timedelta(seconds=9)
    saved, submitted = at_once(
        [
            lambda: give(attempt, 1, ("2",), moment),
            lambda: submit_attempt(person_id=attempt.person_id, code=attempt.code, trace={}, now=moment),
        ]
    )
    row = attempt.responses.get(position=1)
    assert submitted.state == Attempt.State.SUBMITTED
    if saved == "finished":
        assert (row.choice, log(attempt)) == ([], [("started", None), ("submitted", None), ("finished", 1)])
    else:
        assert row.choice == [row.shown_order[1]]
        assert log(attempt) == [("started", None), ("saved", 1), ("submitted", None)]
    right = row.choice == row.version.key["correct"]
    assert [result.fractions[0] for result in attempt.results.all()] == [float(right)]


def test_eight_submissions_make_one_result(quiz: Any, person: Any, now: Any) -> None:
    attempt = sit(person, quiz, now)
    moment = now + timedelta(seconds=9)
    ended = at_once([lambda: submit_attempt(person_id=person.pk, code=attempt.code, trace={}, now=moment)] * 8)
    assert {(one.state, one.ended_at) for one in ended} == {(Attempt.State.SUBMITTED, moment)}
    assert log(attempt) == [("started", None), ("submitted", None)]
    assert list(attempt.results.values_list("number", flat=True)) == [1]


def test_of_many_saves_of_one_position_the_last_given_stands(quiz: Any, people: list[Any], now: Any) -> None:
    """Two tabs give at the same milliseconds; the answers arrive all at once, in any order."""
    for person in people:
        save_from_two_tabs(sit(person, quiz, now), now)


def save_from_two_tabs(attempt: Attempt, now: Any) -> None:
    moment = now + timedelta(seconds=9)
    stamps = [(1000 + step, tab) for step in range(4) for tab in (3, 7)]
    saved = at_once(
        [
            (lambda at=at, tab=tab: give(attempt, 1, (str(1 + at % 4),), moment, at=at, tab=tab, flagged=tab == 3))
            for at, tab in stamps
        ]
    )
    row = attempt.responses.get(position=1)
    assert (row.choice, row.choice_at, row.choice_tab) == ([row.shown_order[3]], 1003, 7)
    assert (row.flagged, row.flagged_at, row.flagged_tab) == (False, 1003, 7)
    assert saved[-1].choice == (4,)
    assert sorted(kind for kind, _ in log(attempt) if kind not in ("saved", "overtaken")) == ["started"]
    assert len(log(attempt)) == 1 + len(stamps)


def test_saves_of_different_positions_are_all_kept(quiz: Any, person: Any, now: Any) -> None:
    attempt = sit(person, quiz, now)
    at_once([(lambda place=place: give(attempt, place, ("1",), now)) for place in range(1, 6)] * 2)
    assert [row.choice for row in attempt.responses.all()] == [[row.shown_order[0]] for row in attempt.responses.all()]


def test_sweepers_readers_and_a_late_submission_make_one_result(quiz: Any, people: list[Any], now: Any) -> None:
    for person in people:
        end_from_all_sides(sit(person, quiz, now), now)


def end_from_all_sides(attempt: Attempt, now: Any) -> None:
    give(attempt, 1, ("1",), now)
    over = now + timedelta(hours=1, seconds=GRACE)
    at_once(
        [
            lambda: close_attempts(now=over),
            lambda: close_attempts(now=over),
            lambda: submit_attempt(person_id=attempt.person_id, code=attempt.code, trace={}, now=over),
            lambda: finish_attempt(attempt_id=attempt.pk, now=over),
        ]
    )
    attempt.refresh_from_db()
    assert (attempt.state, attempt.ended_at) == (Attempt.State.EXPIRED, now + timedelta(hours=1))
    assert log(attempt) == [("started", None), ("saved", 1), ("expired", None)]
    assert attempt.results.count() == 1


def test_a_sweep_while_learners_submit_in_their_grace(quiz: Any, people: list[Any], now: Any) -> None:
    """At the deadline the sweeper leaves alone who is closing; each is submitted by its learner, once."""
    attempts = [sit(one, quiz, now) for one in people]
    closing = now + timedelta(hours=1, seconds=1)
    at_once(
        [
            (lambda one=one: submit_attempt(person_id=one.person_id, code=one.code, trace={}, now=closing))
            for one in attempts
        ]
        + [lambda: close_attempts(now=closing)] * 2
    )
    assert {log(one)[-1] for one in attempts} == {("submitted", None)}
    assert [one.results.count() for one in attempts] == [1] * ROUNDS
