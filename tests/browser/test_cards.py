"""Repetition in a browser: by keyboard alone, without scripts, sent twice, undone; nothing for axe."""

from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.models import Card, Repetition
from quizzes.queries.cards import shown_order
from tests.browser.test_pages import SIZES, check
from tests.quizzes.cards.conftest import make_cards
from tests.security.people import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ONE, TWO, THREE = "test-tb01", "test-th01", "test-th02"


@pytest.fixture
def cookie(course: None, person: Any, client: Any, now: datetime, clock: Any, live_server: Any) -> Any:
    """Three cards, due today, and the session of their owner."""
    make_cards(person, [ONE, TWO, THREE], now)
    clock.move(days=1)
    client.force_login(person, backend=BACKEND)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}


def asked(page: Page) -> Card:
    """The card on the screen."""
    action = page.locator("form[action$='/answer/']").get_attribute("action")
    assert action is not None
    return Card.objects.select_related("question__current").get(question__code=action.split("/")[3])


def keys(card: Card) -> list[str]:
    """The places of the key."""
    version = card.question.current
    assert version is not None
    order = shown_order(card, version)
    return [str(place) for place, one in enumerate(order, 1) if one in version.key["correct"]]


def test_by_keyboard_alone(page: Page, cookie: Any) -> None:
    page.context.add_cookies([cookie])
    page.goto("/cards/")
    press = page.keyboard.press
    press("?")
    expect(page.locator("#keys")).to_be_visible()
    press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    for number in range(1, 4):
        for place in keys(asked(page)):
            press(place)
        press("g")
        press("c")
        expect(page.locator(".feedback.right")).to_be_focused()
        expect(page.locator(".feedback")).to_contain_text("Hard: right, but guessed. It comes back")
        expect(page.locator(".cards > .eyebrow")).to_have_text(f"{number} of 3 today")
        page.reload()
        expect(page.locator(".feedback.right")).to_be_visible()
        press("n")
        expect(page.locator(".feedback")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today")
    expect(page.locator(".lede")).to_contain_text("3 cards repeated.")
    press("u")
    page.wait_for_url("**/cards/?card=*")
    expect(page.locator(".cards > .eyebrow")).to_have_text("2 of 3 today")
    assert Repetition.objects.filter(source="cards").count() == 2
    press("b")
    expect(page.locator(".messages")).to_contain_text("not asked again today")
    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today")


def test_without_scripts(plain_page: Page, cookie: Any) -> None:
    plain_page.context.add_cookies([cookie])
    plain_page.goto("/cards/")
    first = asked(plain_page)
    for place in keys(first):
        plain_page.locator(f"input[name=choice][value='{place}']").check()
    plain_page.get_by_role("button", name="Check the answer").click()
    expect(plain_page.locator(".feedback")).to_contain_text("Good: right.")
    plain_page.get_by_role("button", name="Undo the last answer").click()
    assert asked(plain_page).pk == first.pk
    plain_page.get_by_role("button", name="Suspend this card").click()
    assert asked(plain_page).pk != first.pk
    plain_page.get_by_role("link", name="All cards").click()
    plain_page.get_by_role("button", name=f"Take {first.question.code} back").click()
    expect(plain_page.locator(".messages")).to_contain_text("asked again")
    assert Repetition.objects.filter(source="cards").count() == 0


def test_sent_twice_and_sent_again_from_the_page_before(page: Page, cookie: Any) -> None:
    page.context.add_cookies([cookie])
    page.goto("/cards/")
    other = page.context.new_page()
    other.goto("/cards/")
    card = asked(page)
    for one in (page, other):
        for place in keys(card):
            one.locator(f"input[name=choice][value='{place}']").check()
    page.get_by_role("button", name="Check the answer").dblclick()
    expect(page.locator(".feedback.right")).to_be_visible()
    other.get_by_role("button", name="Check the answer").click()
    expect(other.locator(".feedback.right")).to_be_visible()
    assert Repetition.objects.filter(source="cards").count() == 1


@pytest.mark.parametrize("size", SIZES)
def test_nothing_to_complain_of(page: Page, cookie: Any, size: str) -> None:
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.goto("/cards/")
    wrong = check(page, "nobody")
    page.context.add_cookies([cookie])
    page.goto("/cards/")
    wrong += check(page, "question")
    for place in keys(asked(page)):
        page.locator(f"input[name=choice][value='{place}']").check()
    page.get_by_role("button", name="Check the answer").click()
    page.locator(".feedback").wait_for()
    wrong += check(page, "feedback")
    page.goto("/cards/all/")
    wrong += check(page, "all")
    Card.objects.update(suspended=True)
    page.goto("/cards/")
    wrong += check(page, "done")
    assert wrong == []
