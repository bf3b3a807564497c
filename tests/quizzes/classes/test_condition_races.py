"""Grants at the moment of a start, of a submission and of another grant, with real threads."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.engine.conditions import Grant
from quizzes.models import Attempt, Condition
from quizzes.services.attempts import start_attempt, submit_attempt
from quizzes.services.conditions import Overtaken, grant_condition
from sapro.accounts.models import User
from tests import factories
from tests.own_classes import enroll, make_class
from tests.quizzes.attempts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
ROUNDS = 4


@pytest.fixture
def hall(transactional_db: None, now: datetime) -> tuple[Any, Any, list[User]]:
    """A mock exam of an hour, a class, and its learners."""
    quiz = factories.make_bank(20, scored=5)
    classroom = make_class(factories.make_instructor("ada"))
    people = [User.objects.create(username=f"racer-{n}", date_joined=now) for n in range(ROUNDS)]
    for one in people:
        enroll(classroom, one)
    return quiz, classroom, people


def grant(person: User, classroom: Any, now: datetime, **parts: Any) -> Any:
    try:
        return grant_condition(
            person_id=person.pk, classroom=classroom, assignment=None, grant=Grant(**parts), reason="",
            seen=None, actor=classroom.owner, now=now,
        )  # fmt: skip
    except Overtaken:
        return "overtaken"


def sit(person: User, quiz: Any, now: datetime) -> Attempt:
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)


def test_a_start_beside_a_grant_never_misses_it(hall: Any, now: datetime) -> None:
    quiz, classroom, people = hall
    for person in people:
        start_and_grant(person, quiz, classroom, now)


def start_and_grant(person: User, quiz: Any, classroom: Any, now: datetime) -> None:
    at_once([lambda: sit(person, quiz, now), lambda: grant(person, classroom, now, factor=1.5, breaks=True)])
    attempt = Attempt.objects.get(person=person)
    assert (attempt.deadline, attempt.rules["pause_allowed"]) == (now + 1.5 * HOUR, True)
    assert attempt.events.filter(kind="extended").count() <= 1


def test_of_several_grants_at_once_one_holds_and_the_others_are_told(hall: Any, now: datetime) -> None:
    quiz, classroom, people = hall
    for person in people:
        grant_three(person, sit(person, quiz, now), classroom, now)


def grant_three(person: User, attempt: Attempt, classroom: Any, now: datetime) -> None:
    done = at_once([(lambda factor=factor: grant(person, classroom, now, factor=factor)) for factor in (1.25, 1.5, 2)])
    assert done.count("overtaken") == 2
    row = Condition.objects.get(person=person)
    attempt.refresh_from_db()
    assert attempt.deadline == now + row.factor * HOUR
    assert attempt.events.filter(kind="extended").count() == 1


def test_a_submission_beside_a_grant_ends_it_either_way(hall: Any, now: datetime) -> None:
    quiz, classroom, people = hall
    for person in people:
        submit_and_grant(sit(person, quiz, now), person, classroom, now)


def submit_and_grant(attempt: Attempt, person: User, classroom: Any, now: datetime) -> None:
    moment = now + HOUR / 2
    at_once(
        [
            lambda: submit_attempt(person_id=person.pk, code=attempt.code, trace={}, now=moment),
            lambda: grant(person, classroom, moment, factor=1.5),
        ]
    )
    attempt.refresh_from_db()
    moved = attempt.events.filter(kind="extended").count()
    assert (attempt.state, attempt.ended_at, attempt.results.count()) == ("submitted", moment, 1)
    assert attempt.deadline == now + (1.5 if moved else 1) * HOUR
    assert list(attempt.events.values_list("kind", flat=True)) == ["started", *["extended"] * moved, "submitted"]
