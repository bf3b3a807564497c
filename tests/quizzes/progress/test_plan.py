"""The plan: set, changed, taken away; what it is planned from; the next best step."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Card, Exam, Exposure, Plan, Question
from quizzes.queries.plans import planned, todays_cards
from quizzes.services.plans import clear_plan, set_plan
from sapro.accounts.models import User
from tests.clock import Clock

pytestmark = pytest.mark.usefixtures("course", "clock")

PAGE = "/progress/plan/"
TODAY = date(2026, 11, 23)
FORM = {"exam_on": "2027-01-22", "minutes": "30"}


@pytest.fixture
def person() -> User:
    return User.objects.create_user("ann", password="x" * 12)


@pytest.fixture
def visitor(person: User, client: Client) -> Client:
    client.force_login(person)
    return client


def plan_for(person: User, now: datetime, *, days: int = 30, minutes: int = 30) -> Plan:
    day = TODAY + timedelta(days=days)
    return set_plan(person_id=person.pk, exam_on=day, minutes=[minutes] * 7, today=TODAY, now=now)


def cards_for(person: User, now: datetime, count: int, *, days: int = 30, **more: Any) -> list[Card]:
    """Cards recalled so many days ago, each with a stability of 5 days."""
    questions = Question.objects.published().order_by("pk")[:count]
    at = now - timedelta(days=days)
    values = {"stability": 5, "difficulty": 5, "phase": 2, "last_review_at": at, "created_at": at} | more
    return Card.objects.bulk_create(
        Card(person=person, question=one, due_at=at + timedelta(days=5), **values) for one in questions
    )


# Setting it


def test_a_plan_is_set_changed_and_taken_away(visitor: Client, person: User) -> None:
    response = visitor.post(PAGE, FORM | {"sunday": "0", "saturday": "240"})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    plan = Plan.objects.get(person=person)
    assert (plan.exam_on, plan.minutes) == (date(2027, 1, 22), [30, 30, 30, 30, 30, 240, 0])
    assert (plan.exam.code if plan.exam else "", plan.started_on) == ("SAP-C03", TODAY)
    html = visitor.get(PAGE).content.decode()
    assert "60 days until Friday, January 22, 2027." in html
    assert 'value="2027-01-22"' in html
    assert 'value="240"' in html
    visitor.post(PAGE, FORM | {"exam_on": "2026-12-01"})
    assert Plan.objects.get().exam_on == date(2026, 12, 1)
    assert "8 days until" in visitor.get(PAGE).content.decode()
    visitor.post(PAGE, {"clear": "1"})
    assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("exam_on", "2026-11-23", "not in the future"),
        ("exam_on", "2020-01-01", "not in the future"),
        ("exam_on", "2029-11-23", "more than two years away"),
        ("exam_on", "soon", "Enter a date"),
        ("exam_on", "", "Enter the day of your exam"),
        ("minutes", "0", "Every day has 0 minutes"),
        ("minutes", "601", "whole minutes from 0 to 600"),
        ("minutes", "-1", "whole minutes from 0 to 600"),
        ("minutes", "half an hour", "whole minutes from 0 to 600"),
        ("monday", "1e3", "whole minutes from 0 to 600"),
    ],
)
def test_what_cannot_be_planned_is_said_at_its_field_and_kept(
    visitor: Client, field: str, value: str, words: str
) -> None:
    response = visitor.post(PAGE, FORM | {field: value})
    html = response.content.decode()
    assert response.status_code == 422
    assert words in html.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert value == "" or f'value="{value}"' in html
    assert not Plan.objects.exists()


def test_the_day_is_the_learners_own(visitor: Client, person: User, clock: Clock) -> None:
    person.time_zone = "Asia/Tokyo"
    person.save()
    clock.now = datetime.fromisoformat("2026-11-23T16:00:00+00:00")
    assert visitor.post(PAGE, FORM | {"exam_on": "2026-11-24"}).status_code == 422
    assert visitor.post(PAGE, FORM | {"exam_on": "2026-11-25"}).status_code == 302


def test_nobody_sees_the_form_and_becomes_a_guest_by_sending_it(client: Client) -> None:
    assert "Make a plan" in client.get(PAGE).content.decode()
    assert client.post(PAGE, FORM | {"minutes": "0"}).status_code == 422
    assert client.post(PAGE, {"clear": "1"}).status_code == 302
    assert not User.objects.exists()
    client.post(PAGE, FORM)
    assert Plan.objects.get().person.is_guest


def test_after_its_day_the_page_asks_how_it_went(visitor: Client, person: User, clock: Clock, now: datetime) -> None:
    plan_for(person, now, days=2)
    clock.move(days=2)
    assert "Today is the day of your exam." in visitor.get(PAGE).content.decode()
    clock.move(days=1)
    html = visitor.get(PAGE).content.decode()
    assert "Your exam day was Wednesday, November 25, 2026. How did it go?" in html
    assert "Make the plan" in html


def test_setting_it_again_keeps_the_day_it_began(person: User, now: datetime) -> None:
    plan_for(person, now)
    later = set_plan(
        person_id=person.pk, exam_on=TODAY + timedelta(days=9), minutes=[5] * 7, today=date(2026, 11, 24), now=now
    )
    assert later.started_on == TODAY
    clear_plan(person_id=person.pk)
    assert not Plan.objects.exists()


# What it is planned from


def test_the_page_shows_the_set_of_the_day(visitor: Client, person: User, now: datetime) -> None:
    cards_for(person, now, 6)
    plan_for(person, now)
    html = visitor.get(PAGE).content.decode()
    assert "Repeat 6 cards" in html
    assert 'href="/practice/test-balancers/"' in html
    assert "Expected recall of our questions" in html
    assert "is not the score of the exam" in html


def test_neither_suspended_nor_buried_nor_held_nor_foreign_cards_are_in_it(person: User, now: datetime) -> None:
    cards = cards_for(person, now, 5)
    plan_for(person, now)
    other = User.objects.create_user("bob")
    cards_for(other, now, 3)
    Card.objects.filter(pk=cards[0].pk).update(suspended=True)
    Card.objects.filter(pk=cards[1].pk).update(buried_until=now + timedelta(hours=3))
    Question.objects.filter(pk=cards[2].question_id).update(stale=True)
    assert sorted(todays_cards(person.pk, now)) == [cards[3].pk, cards[4].pk]
    attempt = Attempt.objects.create(
        code="held", person=person, mode="exam", title="", started_at=now, grace=0, rules={}, seed=1, size=1
    )
    attempt.responses.create(
        position=1, question=cards[3].question, version=cards[3].question.current, shown_order=[], domain=1
    )
    assert todays_cards(person.pk, now) == [cards[4].pk]


def test_a_card_repeated_today_waits_for_another_day(person: User, now: datetime) -> None:
    cards = cards_for(person, now, 2)
    plan_for(person, now)
    Card.objects.filter(pk=cards[0].pk).update(last_review_at=now - timedelta(hours=1))
    assert todays_cards(person.pk, now) == [cards[1].pk]


def test_what_was_seen_is_not_new(person: User, now: datetime) -> None:
    plan_for(person, now)
    before = planned(person.pk, now=now)
    question = Question.objects.published().filter(placements__exam=Exam.objects.get(code="SAP-C03")).first()
    Exposure.objects.create(person=person, question=question, first_seen_at=now, last_seen_at=now)
    after = planned(person.pk, now=now)
    assert before is not None
    assert after is not None
    assert after.unmet == before.unmet - 1


def test_gathering_takes_at_most_eight_statements(
    person: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    cards_for(person, now, 10)
    plan_for(person, now)
    with django_assert_max_num_queries(8):
        planned(person.pk, now=now)


# The set of the day


def test_repetition_goes_by_the_plan_and_the_set_stands_for_the_day(
    person: User, client: Client, now: datetime, clock: Clock
) -> None:
    client.force_login(person)
    cards = cards_for(person, now, 20)
    Card.objects.filter(pk__in=[one.pk for one in cards[3:]]).update(due_at=now + timedelta(days=2))
    assert client.get("/cards/").context["progress"].left == 3
    plan_for(person, now, days=3, minutes=600)
    planned_today = todays_cards(person.pk, now)
    assert len(planned_today) > 3
    page = client.get("/cards/").context
    assert (page["progress"].left, page["page"].card.pk) == (len(planned_today), planned_today[0])
    Card.objects.filter(pk=planned_today[0]).update(last_review_at=now)
    page = client.get("/cards/").context
    assert (page["progress"].left, page["page"].card.pk) == (len(planned_today) - 1, planned_today[1])
    clear_plan(person_id=person.pk)
    assert client.get("/cards/").context["progress"].left == 3


def test_a_changed_plan_has_another_set(person: User, client: Client, now: datetime, clock: Clock) -> None:
    client.force_login(person)
    cards_for(person, now, 20)
    plan_for(person, now, days=3, minutes=600)
    much = client.get("/cards/").context["progress"].left
    clock.move(seconds=1)
    plan_for(person, clock.now, days=3, minutes=5)
    assert 0 < client.get("/cards/").context["progress"].left < much
