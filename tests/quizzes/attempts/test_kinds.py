"""Every kind in an exam and in practice: saved, graded, reviewed, told in the receipt; and nothing told too early."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Quiz, Response
from quizzes.services.attempts import start_attempt
from quizzes.services.practice import answer_practice, start_practice
from quizzes.services.results import finish_attempt
from tests import kinds
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def exam(person: Any, client: Client, now: datetime) -> Attempt:
    client.force_login(person, backend=BACKEND)
    quiz = kinds.make_quiz(now)
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=60, now=now)


def rows(attempt: Attempt) -> dict[str, Response]:
    return {row.version.kind: row for row in attempt.responses.select_related("version", "question")}


def save(client: Client, row: Response, sent: list[str]) -> Any:
    url = f"/attempts/{row.attempt.code}/responses/{row.position}/"
    return client.post(url, {"has": "choice", "choice": sent}, headers={"HX-Request": "true"})


@pytest.mark.parametrize("kind", kinds.contents())
def test_an_answer_is_saved_and_comes_back_as_it_went(exam: Attempt, client: Client, kind: str) -> None:
    row = rows(exam)[kind]
    sent = kinds.right(kind, row.shown_order)
    reply = save(client, row, sent)
    assert (reply.status_code, [str(one) for one in reply.json()["choice"]]) == (200, sent)
    page = client.get(f"/attempts/{exam.code}/?q={row.position}").content.decode()
    assert f'id="question-{row.position}"' in page


def test_the_right_answers_are_worth_everything(exam: Attempt, client: Client, now: datetime) -> None:
    for kind, row in rows(exam).items():
        assert save(client, row, kinds.right(kind, row.shown_order)).status_code == 200
    finish_attempt(attempt_id=exam.pk, now=now, by_learner=True)
    result = exam.results.get()
    assert (result.raw, result.maximum, result.fractions) == (7, 7, [1.0] * 7)
    for page in ("report", "review", "receipt"):
        assert client.get(f"/attempts/{exam.code}/{page}/").status_code == 200, page
    review = client.get(f"/attempts/{exam.code}/review/").content.decode()
    assert review.count("Your place, right") == 3
    assert review.count("Your match, right") == 2
    assert "<strong>so</strong>" in review
    assert review.count("<strong>two</strong>") == 2


def test_nothing_given_is_worth_nothing_and_is_said(exam: Attempt, client: Client, now: datetime) -> None:
    finish_attempt(attempt_id=exam.pk, now=now, by_learner=True)
    assert exam.results.get().raw == 0
    review = client.get(f"/attempts/{exam.code}/review/").content.decode()
    assert review.count("You gave it no place") == 3
    assert review.count("You chose no match") == 2


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("ordering", ["1-4"]),
        ("ordering", ["1-1", "1-2"]),
        ("ordering", ["1"]),
        ("matching", ["3-1"]),
        ("matching", ["1-4"]),
        ("short_text", ["a" * 201]),
        ("short_text", ["a", "b"]),
        ("numeric", ["1\x00"]),
        ("true_false", ["3"]),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    exam: Attempt, client: Client, kind: str, sent: list[str]
) -> None:
    row = rows(exam)[kind]
    assert save(client, row, kinds.right(kind, row.shown_order)).status_code == 200
    before = Response.objects.get(pk=row.pk).choice
    reply = save(client, row, sent)
    assert reply.status_code == 422
    assert reply.json()["message"]
    assert Response.objects.get(pk=row.pk).choice == before


def test_a_booklet_tells_nothing_of_orders_pairs_and_accepted_answers(exam: Attempt, client: Client) -> None:
    page = client.get(f"/attempts/{exam.code}/").content.decode()
    for word in ("12.5", "route table", "rtb", "Because", "so much", "=s3", "accepted", "tolerance"):
        assert word not in page, word


def test_what_shares_a_scenario_stands_together(person: Any, now: datetime) -> None:
    for _ in range(8):
        quiz = kinds.make_quiz(now)
        attempt = start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=60, now=now)
        places = sorted(row.position for row in rows(attempt).values() if row.question.scenario)
        assert places[1] == places[0] + 1
        finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
        attempt.responses.all().delete()
        Quiz.objects.filter(pk=quiz.pk).update(retired=True)
        _forget(person)


def _forget(person: Any) -> None:
    from quizzes.models import Placement, Question  # rows of the round before, in the way of the next

    Placement.objects.all().delete()
    person.exposures.all().delete()
    for question in Question.objects.filter(code__startswith="kind-"):
        question.code = f"old-{question.pk}"
        question.save()


@pytest.mark.parametrize("kind", kinds.contents())
def test_practice_tells_at_once(person: Any, client: Client, now: datetime, kind: str) -> None:
    client.force_login(person, backend=BACKEND)
    kinds.make_quiz(now)
    session = start_practice(person_id=person.pk, title="All", topics=[], anchors=[], only="", count=40, now=now)
    row = rows(session)[kind]
    url = f"/practice/sessions/{session.code}/"
    assert client.get(f"{url}?q={row.position}").status_code == 200
    posted = {"choice": kinds.right(kind, row.shown_order)}
    reply = client.post(f"{url}responses/{row.position}/", posted, headers={"HX-Request": "true"})
    assert reply.status_code == 200
    assert 'class="feedback right"' in reply.content.decode()


@pytest.mark.parametrize(
    ("kind", "sent"), [("ordering", ["1-1", "2-1", "3-1"]), ("matching", ["1-2"]), ("numeric", ["x"])]
)
def test_practice_takes_no_half_answer_and_keeps_what_was_given(
    person: Any, client: Client, now: datetime, kind: str, sent: list[str]
) -> None:
    client.force_login(person, backend=BACKEND)
    kinds.make_quiz(now)
    session = start_practice(person_id=person.pk, title="All", topics=[], anchors=[], only="", count=40, now=now)
    row = rows(session)[kind]
    reply = client.post(f"/practice/sessions/{session.code}/responses/{row.position}/", {"choice": sent})
    assert reply.status_code == 422
    page = reply.content.decode()
    assert all(f'value="{one}"' in page for one in sent)
    assert Response.objects.get(pk=row.pk).locked_at is None


def test_wrong_answers_are_told_apart(person: Any, now: datetime) -> None:
    kinds.make_quiz(now)
    session = start_practice(person_id=person.pk, title="All", topics=[], anchors=[], only="", count=40, now=now)
    wrong = {"numeric": ["13.1"], "short_text": ["route"], "true_false": ["2"]}
    for kind, sent in wrong.items():
        row = rows(session)[kind]
        graded = answer_practice(
            person_id=person.pk, code=session.code, position=row.position, sent=sent, confidence="", now=now
        )
        assert graded.fraction == 0, kind
