"""Which key counts: what was corrected, by what, and where it is shown."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from quizzes.models import Question
from quizzes.queries.keys import marking_keys, newest_keys
from quizzes.queries.receipts import receipt
from quizzes.services.results import append_result, finish_attempt
from sapro.accounts.models import User
from tests import factories
from tests.own_quizzes import begin, correct_key, give, make_own_quiz, right_choice, sat, wrong_choice
from tests.quizzes.practice.conftest import begin as begin_practice
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 3)


def other_key(question: Question) -> list[str]:
    return wrong_choice(question)


def test_without_a_correction_each_version_has_its_own_key(questions: list[Question]) -> None:
    assert newest_keys([one.pk for one in questions]) == {}


def test_the_latest_of_a_family_has_the_key(questions: list[Question]) -> None:
    one, first = questions[0], questions[0].current
    assert first is not None
    second = correct_key(one, other_key(one))
    third = correct_key(one, right_choice(questions[0])[::-1])
    assert newest_keys([one.pk]) == {first.pk: third, second.pk: third}
    fourth = correct_key(one, other_key(one))
    assert {key.pk for key in newest_keys([one.pk]).values()} == {fourth.pk}


def test_two_corrections_of_the_same_version_are_one_family(questions: list[Question]) -> None:
    one, first = questions[0], questions[0].current
    assert first is not None
    second = correct_key(one, other_key(one))
    one.current = first
    third = correct_key(one, [one_more for one_more in first.option_ids if one_more not in second.key["correct"]][:1])
    assert newest_keys([one.pk]) == {first.pk: third, second.pk: third}


def test_another_text_is_another_family(questions: list[Question]) -> None:
    one, first = questions[0], questions[0].current
    correct_key(one, other_key(one))
    factories.edit(one)
    assert one.current is not None
    assert one.current_id not in newest_keys([one.pk])
    assert first is not None
    assert first.pk in newest_keys([one.pk])


def test_what_was_open_is_marked_by_the_newest_key_at_its_end(
    teacher: User, questions: list[Question], person: User, now: datetime
) -> None:
    quiz = make_own_quiz(teacher, questions)
    attempt = begin(person, quiz, questions, now)
    chosen = other_key(questions[0])
    give(attempt, 1, chosen, now)
    fixed = correct_key(questions[0], chosen, now)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=2), by_learner=True)
    result = attempt.results.get()
    assert (result.raw, result.fractions, result.versions[0]) == (1, [1.0, 0.0, 0.0], fixed.pk)
    assert attempt.responses.get(position=1).version_id == fixed.corrects_id


def test_until_it_is_marked_again_the_review_shows_the_key_it_was_marked_by(
    client: Client, teacher: User, questions: list[Question], person: User, now: datetime
) -> None:
    quiz = make_own_quiz(teacher, questions)
    attempt = sat(person, quiz, questions, now)
    client.force_login(person, backend=BACKEND)
    fixed = correct_key(questions[0], other_key(questions[0]), now)
    url = f"/attempts/{attempt.code}/"
    rows = list(attempt.responses.select_related("version"))
    assert marking_keys(rows) == {}
    assert "The key of this question was corrected" not in client.get(url + "review/").content.decode()
    assert "Marked more than once" not in client.get(url + "report/").content.decode()
    append_result(attempt, rows, reason="Option B was right", now=now + timedelta(hours=1))
    assert marking_keys(rows) == {fixed.corrects_id: fixed}
    assert client.get(url + "review/").content.decode().count("The key of this question was corrected") == 1
    report = client.get(url + "report/").content.decode()
    assert "Marked more than once" in report
    assert "Option B was right" in report
    assert "<td>Handed in</td>" in report
    told = receipt(attempt, now=now)["record"]["responses"][0]
    assert (told["key"], told["key_of_version"], told["fraction"]) == (fixed.key["correct"], 2, 1.0)


def test_practice_is_graded_by_the_newest_key(client: Client, course: None, person: User, now: datetime) -> None:
    session = begin_practice(person, now)
    row = session.responses.select_related("question__current").get(position=1)
    fixed = correct_key(row.question, other_key(row.question), now)
    client.force_login(person, backend=BACKEND)
    sent = [str(row.shown_order.index(one) + 1) for one in fixed.key["correct"]]
    client.post(f"/practice/sessions/{session.code}/responses/1/", {"choice": sent})
    page = client.get(f"/practice/sessions/{session.code}/?q=1")
    row.refresh_from_db()
    assert row.fraction == 1
    assert "The key of this question was corrected" in page.content.decode()
