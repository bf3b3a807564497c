"""What a person is told on the home page, and how it goes away."""

from datetime import datetime

import pytest
from django.test import Client

from quizzes.models import Notice, Question, Quiz
from quizzes.queries.notices import unread
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from sapro.accounts.queries.my_data import HELD
from sapro.accounts.services.people import delete_person
from tests import factories
from tests.my_data import data_of
from tests.own_quizzes import begin, make_own_quiz, sat
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def questions(db: None) -> list[Question]:
    return factories.make_authored(factories.make_instructor("teacher"), 3)


@pytest.fixture
def quiz(questions: list[Question]) -> Quiz:
    return make_own_quiz(questions[0].author, questions, title="Networks")


@pytest.fixture
def notice(quiz: Quiz, questions: list[Question], person: User, now: datetime) -> Notice:
    """Of an attempt that was marked again."""
    attempt = sat(person, quiz, questions, now)
    return Notice.objects.create(
        person=person, kind="remarked", text="“Networks” was <marked> again.", attempt=attempt, created_at=now
    )


@pytest.fixture
def learner(client: Client, person: User) -> Client:
    client.force_login(person, backend=BACKEND)
    return client


def home(client: Client) -> str:
    return client.get("/").content.decode()


def test_it_stands_on_the_home_page_until_it_is_dismissed(learner: Client, notice: Notice, now: datetime) -> None:
    assert "was &lt;marked&gt; again" in home(learner)
    assert notice.attempt is not None
    assert f"/attempts/{notice.attempt.code}/report/" in home(learner)
    reply = learner.post(f"/notices/{notice.pk}/dismiss/", {"back": "home"})
    assert reply["Location"] == "/"
    assert "News for you" not in home(learner)
    notice.refresh_from_db()
    assert notice.read_at == now
    assert learner.post(f"/notices/{notice.pk}/dismiss/").status_code == 302
    assert "News for you" not in home(Client())


def test_it_stands_on_the_report_and_leads_back_there(learner: Client, notice: Notice) -> None:
    assert notice.attempt is not None
    report = f"/attempts/{notice.attempt.code}/report/"
    assert "was &lt;marked&gt; again" in learner.get(report).content.decode()
    assert learner.post(f"/notices/{notice.pk}/dismiss/", {"back": "report"})["Location"] == report
    assert "was &lt;marked&gt; again" not in learner.get(report).content.decode()


def test_it_is_nobody_elses(notice: Notice, django_user_model: type[User]) -> None:
    stranger = Client()
    assert stranger.post(f"/notices/{notice.pk}/dismiss/").status_code == 404
    stranger.force_login(django_user_model.objects.create_user("other"), backend=BACKEND)
    assert stranger.post(f"/notices/{notice.pk}/dismiss/").status_code == 404
    assert stranger.get(f"/notices/{notice.pk}/dismiss/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize("about", ["attempt", "question"])
def test_an_open_exam_with_the_question_keeps_it_back(
    learner: Client, notice: Notice, person: User, questions: list[Question], now: datetime, about: str
) -> None:
    if about == "question":
        Notice.objects.filter(pk=notice.pk).update(attempt=None, question=questions[0], kind="challenge")
    running = begin(person, make_own_quiz(questions[0].author, questions[:1]), questions[:1], now)
    assert unread(person.pk) == []
    assert "News for you" not in home(learner)
    [told] = data_of(learner)["notices"]
    assert told["text"] == HELD
    finish_attempt(attempt_id=running.pk, now=now, by_learner=True)
    assert unread(person.pk) == [notice]
    [told] = data_of(learner)["notices"]
    assert (told["text"], told["read_at"]) == (notice.text, None)


def test_it_goes_with_the_person(notice: Notice, person: User, now: datetime) -> None:
    delete_person(person_id=person.pk, now=now)
    assert Notice.objects.count() == 0
