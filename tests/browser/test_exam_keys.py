"""Single keys in the room."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.exam_room import Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room(course, page) -> Room:
    small_quiz()
    return Room.start(page)


def test_every_key_does_what_the_list_says(room, page):
    press = page.keyboard.press
    press("2")
    assert room.chosen() == [2]
    press("3")
    assert 3 in room.chosen()
    press("f")
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    expect(room.announced).to_have_text("Flagged for review.")
    press("x")
    expect(room.announced).to_have_text("Strike out which option? Press its number.")
    press("4")
    expect(room.sheet.locator(".opt").nth(3)).to_have_class(re.compile("struck"))
    expect(room.announced).to_have_text("Option D struck out.")
    assert 4 not in room.chosen()
    press("x")
    press("4")
    expect(room.sheet.locator(".opt").nth(3)).not_to_have_class(re.compile("struck"))
    press("h")
    expect(page.get_by_role("dialog", name="Highlight sentences")).to_be_visible()
    press("Escape")
    press("n")
    expect(page.locator("#position")).to_have_text("Question 2 of 5")
    press("p")
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    press("p")
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    press("r")
    expect(page.locator("#position")).to_have_text("Review")
    press("n")
    expect(page.locator("#position")).to_have_text("Review")
    press("p")
    expect(page.locator("#position")).to_have_text("Question 5 of 5")
    press("t")
    expect(room.announced).to_have_text(re.compile(r"^0:4\d:\d\d left$"))
    press("9")
    assert room.chosen() == []
    room.go(1)
    room.expect_saved()
    assert room.stored(1).flagged


def test_the_list_opens_and_switches_the_keys_off_for_good(room, page):
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("n")
    page.get_by_label("Keys are on").uncheck()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    page.keyboard.press("n")
    page.keyboard.press("1")
    page.keyboard.press("?")
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert room.chosen() == []
    room.reload()
    page.keyboard.press("n")
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    page.get_by_role("button", name="Keys").click()
    page.get_by_label("Keys are on").check()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#position")).to_have_text("Question 2 of 5")


def test_keys_with_modifiers_and_in_dialogs_do_nothing(room, page):
    for combination in ("Control+2", "Alt+n", "Shift+f", "Meta+r"):
        page.keyboard.press(combination)
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    assert room.chosen() == []
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "false")


def test_the_account_can_have_them_off(course, page, context, client, person, live_server):
    person.shortcuts_off = True
    person.save()
    client.force_login(person)
    small_quiz()
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    room = Room.start(page)
    page.keyboard.press("2")
    page.keyboard.press("n")
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    assert room.chosen() == []
