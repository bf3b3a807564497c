"""The home page: three doors with their counts, what changed, and what one left open."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Question, Quiz
from quizzes.services.attempts import start_attempt
from quizzes.services.results import finish_attempt
from reference.models import Change, Topic

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _standing(clock: Any) -> None:
    """Every view reads the clock of the tests."""


def home(client: Client) -> str:
    """The page."""
    reply = client.get("/")
    assert reply.status_code == 200
    return reply.content.decode()


def test_before_the_first_load_nothing_is_counted(db: None, client: Client) -> None:
    page = home(client)
    assert "Questions on what you choose" in page
    assert not re.search(r"\d+ (reference pages?|questions?, as many)", page)
    assert "What has changed since 2016" not in page


def test_pages_and_questions_are_counted(course: None, client: Client) -> None:
    page = home(client)
    assert "2 reference pages" in page
    assert "24 questions, as many at a time as you like" in page
    Question.objects.exclude(code="test-tb01").update(status="retired")
    assert "1 question, as many at a time as you like" in home(client)


def test_the_real_course_is_counted(real_course: None, client: Client) -> None:
    page = home(client)
    assert f"{Topic.objects.live().count()} reference pages" in page
    assert f"{Question.objects.course().published().count()} questions" in page
    links = re.findall(r'<th scope="row"><a href="(/notes/[\w-]+/)#([\w-]+)">', page)
    assert len(links) == min(6, Change.objects.values("body__topics").distinct().count())
    assert len({url for url, _ in links}) == len(links)
    for url, anchor in links:
        assert f'id="{anchor}"' in client.get(url).content.decode()
    years = [int(re.findall(r"\d{4}", since)[-1]) for since in re.findall(r'data-label="Since">([^<]+)<', page)]
    assert years == sorted(years, reverse=True)


def test_the_newest_change_is_told(course: None, client: Client) -> None:
    page = home(client)
    assert '<a href="/notes/test-balancers/#tb-sni">Test balancers</a>' in page
    assert ">Several certificates need several load balancers.</td>" in page
    assert "Since October 2017 one listener holds many and chooses by server name." in page
    assert 'data-label="Since">2017</td>' in page


def test_an_exam_under_way_can_be_gone_on_with(
    course: None, client: Client, person: Any, now: datetime, clock: Any
) -> None:
    assert "Continue the exam" not in home(client)
    client.force_login(person, backend=BACKEND)
    assert "Continue the exam" not in home(client)
    quiz = Quiz.objects.get(slug="short-mock")
    attempt = start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=2, now=now)
    clock.move(minutes=10)
    page = home(client)
    assert f'<a class="btn go" href="/attempts/{attempt.code}/">Continue the exam</a>' in page
    assert "Under way, 38 min left" in page
    assert "Continue the exam" not in home(Client())
    clock.move(minutes=38)
    assert "Continue the exam" not in home(client)
    finish_attempt(attempt_id=attempt.pk, now=clock.now, by_learner=True)
    assert "Continue the exam" not in home(client)


def test_an_exam_without_a_limit_has_no_time_left(course: None, client: Client, person: Any, now: datetime) -> None:
    client.force_login(person, backend=BACKEND)
    quiz = Quiz.objects.get(slug="short-mock")
    start_attempt(person_id=person.pk, quiz=quiz, time_option="untimed", grace=2, now=now)
    assert "Under way, no time limit" in home(client)


def test_looking_makes_nobody(course: None, client: Client, django_user_model: Any) -> None:
    reply = client.get("/")
    assert django_user_model.objects.count() == 0
    assert "sessionid" not in reply.cookies
    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405


def test_it_takes_few_statements(course: None, client: Client) -> None:
    home(client)
    with CaptureQueriesContext(connection) as captured:
        home(client)
    assert len(captured) <= 4
