"""Who goes, and leaves sittings at instructors' quizzes behind: the results stay, the name does not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, AuditEntry, Event, Notice, Question, Quiz
from quizzes.queries.sittings import LEFT
from sapro.accounts.models import User
from sapro.accounts.queries.people import count_attempts, count_left_behind
from sapro.accounts.services.guests import make_guest, merge_guest, sweep_guests
from sapro.accounts.services.people import delete_person
from tests import factories
from tests.accounts.conftest import sign_in
from tests.own_quizzes import begin, make_own_quiz, sat


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 3)


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    return make_own_quiz(teacher, questions)


def test_results_stay_without_a_name(
    client: Client, member: User, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    attempt = sat(member, quiz, questions, now, right={1, 2})
    Event.objects.create(attempt=attempt, kind="extended", received_at=now, data={"reason": "Alice is ill", "s": 1})
    assert (count_attempts(member.pk), count_left_behind(member.pk)) == (0, 1)
    sign_in(client, "alice")
    assert "1 attempt at a quiz of an instructor stays there" in client.get("/accounts/delete/").content.decode()
    assert client.post("/accounts/delete/", {"confirm": "alice"})["Location"] == "/"
    attempt.refresh_from_db()
    assert (attempt.person.username, attempt.results.get().raw) == (LEFT, 2)
    assert not User.objects.filter(username="alice").exists()
    told = [str(row) for row in attempt.events.values_list("data", flat=True)]
    assert not any("Alice" in one for one in told)


def test_what_is_open_ends_and_a_second_one_finds_the_same_nobody(
    member: User, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    """Two who leave in the middle of the same quiz: one person may have only one exam open at each."""
    other = make_guest(now=now)
    running = [begin(one, quiz, questions, now) for one in (member, other)]
    for person in (member, other):
        assert delete_person(person_id=person.pk, now=now + timedelta(minutes=3)) == 1
    for attempt in running:
        attempt.refresh_from_db()
        assert (attempt.state, attempt.person.username) == ("submitted", LEFT)
    assert User.objects.filter(username=LEFT).count() == 1


def test_nobody_signs_in_as_nobody_and_nobody_deletes_them(
    client: Client, member: User, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    sat(member, quiz, questions, now)
    delete_person(person_id=member.pk, now=now)
    nobody = User.objects.get(username=LEFT)
    assert (nobody.is_active, nobody.has_usable_password(), nobody.is_guest) == (False, False, False)
    assert sign_in(client, LEFT, "").status_code == 200
    assert delete_person(person_id=nobody.pk, now=now) == 0
    assert sweep_guests(days=1, now=now + timedelta(days=900)) == 0
    assert client.post("/accounts/signup/", {"username": LEFT, "password1": "x" * 14, "password2": "x" * 14}).context


def test_a_guest_who_is_swept_leaves_results_too(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    guest = make_guest(now=now)
    attempt = sat(guest, quiz, questions, now)
    assert sweep_guests(days=30, now=now + timedelta(days=31)) == 1
    attempt.refresh_from_db()
    assert attempt.person.username == LEFT


def test_a_guest_who_signs_in_brings_sittings_and_notices(
    member: User, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    guest = make_guest(now=now)
    attempt = sat(guest, quiz, questions, now)
    Notice.objects.create(person=guest, kind="remarked", text="x", attempt=attempt, created_at=now)
    merge_guest(guest_id=guest.pk, member_id=member.pk, now=now)
    assert list(Attempt.objects.filter(person=member)) == [attempt]
    assert Notice.objects.get().person == member


def test_a_quiz_goes_to_the_first_co_author(teacher: User, quiz: Quiz, now: datetime) -> None:
    first, second = factories.make_instructor("first"), factories.make_instructor("second")
    for one in (first, second):
        quiz.editors.add(one)
    assert delete_person(person_id=teacher.pk, now=now) == 1
    quiz.refresh_from_db()
    assert (quiz.owner, list(quiz.editors.all())) == (first, [second])
    entry = AuditEntry.objects.get(verb="quiz.handed_over")
    assert (entry.actor, entry.actor_name, entry.data) == (None, "teacher", {"to": "first"})


def test_a_draft_that_nobody_could_see_goes_with_its_owner(teacher: User, now: datetime) -> None:
    make_own_quiz(teacher, published_at=None)
    assert delete_person(person_id=teacher.pk, now=now) == 1
    assert not Quiz.objects.authored().exists()


def test_the_admin_keeps_nobody(client: Client, member: User, operator: User, quiz: Quiz, now: datetime) -> None:
    sat(member, quiz, [], now)
    delete_person(person_id=member.pk, now=now)
    client.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    nobody: Any = User.objects.get(username=LEFT)
    page = client.get(f"/admin/accounts/user/{nobody.pk}/delete/")
    assert LEFT in str(page.context["protected"])
