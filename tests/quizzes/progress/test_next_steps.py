"""What to do next: what is due, what was left, a first mock, the weakest topic, the plan."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Card, Exam, Plan, Question
from quizzes.queries.cards import counts
from quizzes.queries.next_steps import MOCK_FROM, next_steps
from quizzes.queries.progress import overview
from quizzes.services.results import record_exposures
from tests import factories, learners
from tests.clock import START
from tests.quizzes.progress.conftest import BACKEND, remember
from tests.quizzes.reports.conftest import finished

pytestmark = pytest.mark.usefixtures("standing")

NOW = START


def kinds(person: Any) -> list[str]:
    """The steps of the home page; on the page of progress, with its overview at hand, they are the same."""
    steps = next_steps(person.pk, now=NOW)
    seen = overview(person.pk, now=NOW, zone=NOW.tzinfo)
    assert next_steps(person.pk, now=NOW, seen=seen) == steps
    return [one.kind for one in steps]


def all_questions() -> list[Question]:
    return list(Question.objects.published().order_by("code"))


def plan(person: Any, days: int = 30) -> None:
    day = NOW.date() + timedelta(days=days)
    Plan.objects.create(person=person, exam_on=day, minutes=[30] * 7, started_on=NOW.date(), changed_at=NOW)


def test_a_newcomer_sees_the_three_doors_alone(person: Any, client: Client) -> None:
    client.force_login(person, backend=BACKEND)
    assert kinds(person) == []
    page = client.get("/").content.decode()
    assert 'class="step"' not in page
    assert page.count('class="door"') == 3


def test_what_is_due_comes_first(person: Any) -> None:
    remember(person, all_questions()[:3], NOW, stability=2, days=4, due=-1)
    remember(person, all_questions()[3:5], NOW, stability=2, days=4, due=1)
    learners.two_days_old(person, NOW)
    steps = next_steps(person.pk, now=NOW)
    assert [one.kind for one in steps] == ["repeat", "resume"]
    assert steps[0].count == counts(person.pk, NOW).due
    plan(person)
    assert kinds(person) == ["plan", "resume"]


def test_practice_that_was_left_is_offered(person: Any, client: Client) -> None:
    past = learners.two_days_old(person, NOW)
    Card.objects.all().delete()
    plan(person)
    assert kinds(person) == ["plan", "resume"]
    client.force_login(person, backend=BACKEND)
    left = f'href="/practice/sessions/{past.sessions[-1].code}/">The practice session you left'
    assert left in client.get("/").content.decode()


def test_a_first_mock_is_offered_once_it_says_something(person: Any) -> None:
    exam = Exam.objects.get(code="SAP-C03")
    made = factories.make_questions(exam, [1 + number % 5 for number in range(MOCK_FROM)])
    record_exposures(person.pk, [one.pk for one in made[1:]], now=NOW, revealed=False)
    assert kinds(person) == ["practice"]
    record_exposures(person.pk, [made[0].pk], now=NOW, revealed=False)
    assert kinds(person) == ["mock"]
    finished(person, factories.make_quiz(exam, scored=5), NOW - timedelta(days=2), lambda row: True)
    assert kinds(person) == ["practice"]


def test_else_the_weakest_topic(person: Any, client: Client) -> None:
    remember(person, Question.objects.published().filter(topic__slug="test-balancers"), NOW, stability=9, days=0)
    [step] = next_steps(person.pk, now=NOW)
    assert (step.kind, step.place, step.title) == ("practice", "test-health-checks", "Test health checks")
    client.force_login(person, backend=BACKEND)
    page = client.get("/").content.decode()
    assert "What you would recall least of is “Test health checks”." in page
    assert 'href="/practice/test-health-checks/">Practice it' in page


def test_a_plan_that_is_over_is_none(person: Any) -> None:
    plan(person, days=-1)
    assert kinds(person) == []
    Plan.objects.update(exam_on=NOW.date())
    assert kinds(person) == ["plan"]


def test_the_home_page_stays_cheap(person: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    learners.three_months_old(person, NOW, mock="short-mock")
    client.force_login(person, backend=BACKEND)
    client.get("/")
    with django_assert_max_num_queries(12):
        assert 'class="step"' in client.get("/").content.decode()
