"""The card of our Anki note type in a browser: shuffled, ticked, and told on the back."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from quizzes.formats.exchange.anki.card import BACK, FRONT, STYLE
from quizzes.formats.exchange.anki.own import values_of
from quizzes.formats.exchange.model import Exchanged
from tests.browser import axe
from tests.kinds import contents

pytestmark = pytest.mark.browser

ADDRESS = "https://card.example/"


SECTION = re.compile(r"\{\{#([^}]+)\}\}((?:(?!\{\{#).)*?)\{\{/\1\}\}", re.S)
"""One that has no other in it."""


def filled(template: str, values: dict[str, str]) -> str:
    """A template with its fields, as Anki fills it: sections of empty fields are gone."""
    while SECTION.search(template):
        template = SECTION.sub(lambda match: match[2] if values[match[1]] else "", template)
    return re.sub(r"\{\{(?:text:)?([^}]+)\}\}", lambda match: values[match[1]], template)


class Card:
    """One note on a page whose content changes from front to back, as on a phone: nothing but the storage stays."""

    def __init__(self, page: Page, question: Exchanged) -> None:
        self.page, self._values = page, values_of(question)

    def show(self, template: str) -> None:
        side = filled(template, self._values)
        head = f'<!doctype html><html lang="en"><title>Card</title><style>{STYLE}</style>'
        body = f'{head}<body class="card"><main><h1>Card</h1>{side}</main></body></html>'
        self.page.unroute_all()
        self.page.route(f"{ADDRESS}**", lambda route: route.fulfill(content_type="text/html; charset=utf-8", body=body))
        self.page.goto(ADDRESS)

    def texts(self) -> list[str]:
        return [one.strip() for one in self.page.locator(".options > li > .text").all_inner_texts()]


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    opened = chromium.new_context(viewport={"width": 420, "height": 800})
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def question(kind: str) -> Exchanged:
    return Exchanged(f"q-{kind}", contents()[kind])


def test_the_back_shows_the_order_and_the_ticks_of_the_front(page: Page) -> None:
    card = Card(page, question("multiple_choice"))
    card.show(FRONT)
    shown = card.texts()
    assert sorted(shown) == ["w", "x", "y", "z"]
    page.get_by_role("radio").filter(has_text="y").click()
    expect(page.get_by_role("radio", checked=True)).to_have_text("y")
    card.show(BACK)
    assert card.texts() == shown
    rows = dict(zip(shown, page.locator(".options > li").all_inner_texts(), strict=True))
    assert rows["y"].startswith("Wrong, your choice")
    assert rows["x"].startswith("Right\n")
    assert "Because of x" in rows["x"]
    expect(page.locator(".verdict")).to_have_text("Not right.")


def test_several_are_ticked_with_the_keyboard_and_count_as_a_whole(page: Page) -> None:
    card = Card(page, question("multiple_response"))
    card.show(FRONT)
    for text in ("w", "y"):
        page.get_by_role("checkbox").filter(has_text=text).press(" ")
    assert axe.findings(page) == []
    card.show(BACK)
    expect(page.locator(".verdict")).to_have_text("All right.")
    assert axe.findings(page) == []


def test_options_stand_in_another_order_another_time(page: Page) -> None:
    card = Card(page, question("multiple_choice"))
    orders = set()
    for _ in range(12):
        card.show(FRONT)
        orders.add(tuple(card.texts()))
    assert len(orders) > 1
    fixed = question("multiple_choice")
    card = Card(page, replace(fixed, content=replace(fixed.content, order="fixed")))
    for _ in range(4):
        card.show(FRONT)
        assert card.texts() == ["w", "x", "y", "z"]


def test_another_cards_ticks_are_not_taken(page: Page) -> None:
    first = Card(page, question("multiple_choice"))
    first.show(FRONT)
    page.get_by_role("radio").first.click()
    other = Card(page, replace(question("multiple_choice"), code="q-other"))
    other.show(BACK)
    expect(page.locator(".verdict")).to_have_count(0)
    expect(page.locator(".ticked")).to_have_count(0)


@pytest.mark.parametrize("kind", contents())
def test_without_scripts_both_sides_can_be_read(chromium: Browser, kind: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    card = Card(context.new_page(), question(kind))
    card.show(FRONT)
    expect(card.page.locator(".stem")).to_be_visible()
    expect(card.page.locator(".answer")).to_have_count(0)
    card.show(BACK)
    expect(card.page.locator(".answer")).to_be_visible()
    expect(card.page.locator(".answer")).to_contain_text("Right:")
    context.close()


def test_the_templates_leave_no_mark_of_a_field() -> None:
    for kind in contents():
        values = values_of(question(kind))
        assert "{{" not in filled(FRONT, values)
        assert "{{" not in filled(BACK, values)
