"""What is asked today, in which order; what is put aside; and the list of all cards."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizzes.engine.days import day_of
from quizzes.engine.queues import apart
from quizzes.models import Card, Question, Repetition
from quizzes.queries.cards import counts, queue
from tests.quizzes.cards.conftest import Desk, code_on, make_cards

ONE, TWO, THREE, FOUR = "test-tb01", "test-tb02", "test-th01", "test-th02"


def codes(person: Any, now: datetime, order: list[int] | None = None) -> list[str]:
    by_pk = dict(Card.objects.values_list("pk", "question__code"))
    return [by_pk[pk] for pk in queue(person.pk, now, order)]


# Order


@given(st.lists(st.sampled_from(["", "", "a", "b", "c"]), max_size=12), st.sampled_from(["", "a"]))
def test_scenarios_are_kept_apart_wherever_they_can_be(scenarios: list[str], last: str) -> None:
    entries = list(enumerate(scenarios))
    order = list(apart(entries, last))
    assert sorted(order) == list(range(len(scenarios)))
    size, groups = len(scenarios), Counter(one for one in scenarios if one)
    can_be = all(count <= (size if one == last else size + 1) / 2 for one, count in groups.items())
    shown = [last, *(scenarios[one] for one in order)]
    pairs = [one for one, two in pairwise(shown) if one and one == two]
    assert not (can_be and pairs)
    if not any(groups.values()):
        assert order == sorted(order)


def test_overdue_first_and_the_lowest_recall_first(person: Any, now: datetime) -> None:
    make_cards(person, [ONE, TWO, THREE, FOUR], now)
    later = now + timedelta(days=10)
    for code, days_due, stability in ((ONE, 0, 2.0), (TWO, -2, 50.0), (THREE, -1, 5.0), (FOUR, 1, 1.0)):
        Card.objects.filter(question__code=code).update(due_at=later + timedelta(days=days_due), stability=stability)
    assert codes(person, later) == [THREE, TWO, ONE]
    found = counts(person.pk, later)
    assert (found.total, found.due, found.overdue, found.learned) == (4, 3, 2, 1)
    assert found.next_due_at == later + timedelta(days=1)


def test_a_plan_hands_in_an_order(person: Any, now: datetime) -> None:
    cards = make_cards(person, [ONE, TWO, THREE], now)
    Card.objects.filter(question__code=TWO).update(suspended=True)
    order = [cards[2].pk, cards[1].pk, cards[0].pk]
    assert codes(person, now, order) == []
    tomorrow = now + timedelta(days=1)
    assert codes(person, tomorrow, order) == [THREE, ONE]
    Card.objects.filter(question__code=THREE).update(last_review_at=tomorrow)
    assert codes(person, tomorrow, order) == [ONE]


def test_two_of_one_scenario_do_not_follow_each_other(person: Any, now: datetime, clock: Any) -> None:
    Question.objects.filter(code__in=[ONE, TWO]).update(scenario="shop")
    make_cards(person, [ONE, TWO], now)
    make_cards(person, [THREE], now + timedelta(minutes=1))
    assert codes(person, now + timedelta(days=1)) in ([ONE, THREE, TWO], [TWO, THREE, ONE])


# Days


def test_a_day_is_the_learners_own() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    day = day_of(datetime(2026, 10, 25, 12, tzinfo=UTC), berlin)
    assert (day.start, day.end - day.start) == (datetime(2026, 10, 24, 22, tzinfo=UTC), timedelta(hours=25))
    assert day_of(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), berlin).date.day == 24


def test_a_card_may_be_asked_from_midnight_on(person: Any, now: datetime) -> None:
    make_cards(person, [ONE], now)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        # 15:00 UTC is midnight there.
        assert codes(person, now.replace(hour=14, minute=59)) == []
        assert codes(person, now.replace(hour=15)) == [ONE]


# Aside


def test_not_today_is_until_the_learners_midnight(desk: Desk, now: datetime, clock: Any) -> None:
    desk.person.time_zone = "Asia/Tokyo"
    desk.person.save()
    make_cards(desk.person, [ONE], now - timedelta(days=2))
    desk.client.post(f"/cards/questions/{ONE}/aside/", {"do": "bury"})
    assert desk.card(ONE).buried_until == datetime(2026, 11, 23, 15, tzinfo=UTC)
    page = desk.page().content.decode()
    assert "not asked again today" in page
    assert "The next card comes back tomorrow" in page
    clock.now = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert code_on(desk.page().content.decode()) == ONE


def test_suspended_until_taken_back(desk: Desk, now: datetime) -> None:
    make_cards(desk.person, [ONE], now - timedelta(days=2))
    desk.client.post(f"/cards/questions/{ONE}/aside/", {"do": "suspend"})
    assert "Nothing to repeat today" in desk.page().content.decode()
    assert "Take back" in desk.client.get("/cards/all/?state=suspended").content.decode()
    reply = desk.client.post(f"/cards/questions/{ONE}/aside/", {"do": "back", "from": "all"})
    assert reply.headers["Location"] == "/cards/all/"
    assert code_on(desk.page().content.decode()) == ONE
    assert desk.client.post(f"/cards/questions/{ONE}/aside/", {"do": "burn"}).status_code == 422


# Pages without a card


def test_nobody_and_a_guest_without_cards_are_told_where_cards_come_from(client: Client, guest: Any) -> None:
    for _ in range(2):
        page = client.get("/cards/").content.decode()
        assert "Practice a few questions first." in page
        assert 'href="/practice/"' in page
        assert "No cards yet" in client.get("/cards/all/").content.decode()
        client.force_login(guest, backend="django.contrib.auth.backends.ModelBackend")


def test_a_day_with_nothing_due_says_when_the_next_comes(desk: Desk, now: datetime) -> None:
    make_cards(desk.person, [ONE], now)
    page = desk.page().content.decode()
    assert "The next card comes back tomorrow, on November 24, 2026." in page


# The list


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", {ONE, TWO, THREE}),
        ("q=HEALTH", {THREE}),
        ("q=nothing", set()),
        ("state=due", {ONE}),
        ("state=suspended", {TWO}),
        ("state=learned", {THREE}),
        ("state=nonsense", {ONE, TWO, THREE}),
    ],
)
def test_cards_are_listed_by_topic_and_state(desk: Desk, now: datetime, query: str, wanted: set[str]) -> None:
    make_cards(desk.person, [ONE, TWO, THREE], now)
    Card.objects.filter(question__code=ONE).update(due_at=now)
    Card.objects.filter(question__code=TWO).update(suspended=True)
    Card.objects.filter(question__code=THREE).update(stability=21)
    page = desk.client.get(f"/cards/all/?{query}").content.decode()
    assert {code for code in (ONE, TWO, THREE) if f"/cards/questions/{code}/aside/" in page} == wanted


def test_fifty_a_page_in_few_statements(desk: Desk, now: datetime, django_assert_max_num_queries: Any) -> None:
    names = list(Question.objects.filter(status="published").values_list("code", flat=True))
    make_cards(desk.person, names, now)
    desk.client.get("/cards/all/")
    with django_assert_max_num_queries(6):
        assert b"24 cards" in desk.client.get("/cards/all/").content


@pytest.mark.parametrize("before", [{}, {"repetitions": 0}, {"repetitions": "x", "due_at": "soon"}, {"due_at": 7}])
def test_what_cannot_be_undone_breaks_no_page(desk: Desk, now: datetime, before: dict[str, Any]) -> None:
    """Recalls may have come in a file with somebody's data."""
    [card] = make_cards(desk.person, [ONE], now)
    Repetition.objects.filter(card=card).update(source="cards", before=before)
    assert desk.client.get("/cards/").context["undo"] is None
