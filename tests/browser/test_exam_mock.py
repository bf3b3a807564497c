"""A whole mock, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.exam_room import NETWORK_IS_CUT, Room, key_of, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def quiz(course):
    """A mock of five questions."""
    return small_quiz()


def test_a_guest_sits_a_whole_mock_and_the_network_is_lost_on_the_way(quiz, page, context, console):
    console.allow(NETWORK_IS_CUT)
    room = Room.start(page)
    expect(page.locator("#position")).to_have_text("Question 1 of 5")

    room.choose(*key_of(room.stored(1)))
    page.locator("#flag").click()
    expect(page.locator("#flag")).to_have_attribute("aria-pressed", "true")
    room.sheet.locator(".strike").nth(3).click()
    expect(room.sheet.locator(".opt").nth(3)).to_have_class(re.compile("struck"))
    room.expect_saved()
    assert room.stored(1).flagged

    context.set_offline(True)
    expect(room.saved).to_have_text("No network")
    page.locator("#next").click()
    room.choose(*key_of(room.stored(2)))
    page.locator("#next").click()
    room.choose(*key_of(room.stored(3)))
    room.go(4)
    room.choose(1)
    expect(room.saved).to_have_text(re.compile(r"^\d answers waiting for the network$"))
    expect(room.saved).to_have_attribute("data-state", "offline")
    assert room.stored(2).choice == []
    context.set_offline(False)
    room.expect_saved()
    expect(room.announced).to_have_text("All answers are saved again.")
    assert room.stored_places(2) == key_of(room.stored(2))
    assert room.kept() == []

    room.reload()
    expect(page.locator("#position")).to_have_text("Question 4 of 5")
    assert room.chosen() == [1]
    room.go(1)
    assert room.chosen() == key_of(room.stored(1))
    expect(room.sheet.locator(".opt").nth(3)).to_have_class(re.compile("struck"))
    expect(room.cell(1)).to_have_class(re.compile(r"\bdone\b.*\bflag\b|\bflag\b.*\bdone\b"))
    expect(room.cell(1)).to_have_text("Question 1, answered, flagged")

    room.go("review")
    expect(page.locator("[data-tally=answered]")).not_to_have_text("0")
    page.get_by_role("button", name="Submit the exam").click()
    expect(page.locator("#confirm-text")).to_contain_text("Not answered yet: ")
    expect(page.locator("#confirm-text")).to_contain_text("5")
    page.locator("#confirm [value=submit]").click()
    page.wait_for_url("**/report/")
    attempt = room.attempt
    assert attempt.state == "submitted"
    assert attempt.results.get().raw >= 3
    assert attempt.trace["1"]["strikes"] == [4]
    assert attempt.trace["1"]["ms"] > 0
    assert "5" not in attempt.trace
    expect(page.locator("h1")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Review all")).click()
    expect(page.locator(".question")).to_have_count(5)

    page.go_back()
    page.goto(f"/attempts/{room.code}/")
    page.wait_for_url("**/report/")


def test_the_same_mock_without_scripts(quiz, plain_page):
    page = plain_page
    room = Room.start(page, scripts=False)
    for position in range(1, 5):
        expect(page.locator("#position")).to_have_text(f"Question {position} of 5")
        room.choose(*key_of(room.stored(position)))
        if position == 2:
            room.sheet.get_by_label("Flag for review").check()
        page.locator("#next").click()
        expect(page.locator("#position")).to_have_text(f"Question {position + 1} of 5")
        assert room.stored_places(position) == key_of(room.stored(position))
    assert room.stored(2).flagged

    room.go(2)
    expect(room.sheet.get_by_label("Flag for review")).to_be_checked()
    room.sheet.get_by_label("Flag for review").uncheck()
    page.locator("#previous").click()
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    assert not room.stored(2).flagged
    expect(page.locator("#previous")).to_be_disabled()

    room.go("review")
    expect(page.locator("#submit-warning")).to_contain_text("Not answered yet: 5.")
    page.locator("[data-list=unanswered] a").click()
    expect(page.locator("#position")).to_have_text("Question 5 of 5")
    page.locator("#next").click()
    page.locator("#previous").click()
    expect(page.locator("#position")).to_have_text("Question 5 of 5")
    room.go("review")
    page.get_by_role("button", name="Submit the exam").click()
    page.wait_for_url("**/report/")
    assert room.attempt.results.get().raw >= 4


def test_a_page_whose_script_is_missing_is_the_plain_form(quiz, page, console):
    console.allow("ERR_FAILED")
    page.route("**/exam/outbox.js", lambda route: route.abort())
    room = Room.start(page, scripts=False)
    room.choose(1)
    page.locator("#next").click()
    expect(page.locator("#position")).to_have_text("Question 2 of 5")
    assert room.stored_places(1) == [1]


def test_more_than_asked_for_is_refused_and_said(course, page):
    room = Room.start(page)
    position = next(place for place in range(1, 21) if room.stored(place).version.choose > 1)
    choose = room.stored(position).version.choose
    room.go(position)
    expect(room.sheet.locator("[data-count]")).to_have_text(f"0 of {choose} chosen")
    room.choose(1)
    expect(room.sheet.locator("[data-count]")).to_have_text(f"1 of {choose} chosen")
    expect(room.cell(position)).to_have_text(f"Question {position}, incomplete")
    room.choose(*range(2, choose + 2))
    assert room.chosen() == list(range(1, choose + 1))
    expect(room.sheet.get_by_role("alert")).to_have_text(f"Only {choose} can be chosen. Take one back first.")
    room.expect_saved()
    assert room.stored_places(position) == list(range(1, choose + 1))
    room.sheet.get_by_role("button", name="Clear the answer").click()
    expect(room.cell(position)).to_have_text(f"Question {position}, seen, not answered")
    room.expect_saved()
    room.reload()
    assert room.chosen() == []
    assert room.stored(position).choice == []


def test_moving_asks_nothing_of_the_server(quiz, page):
    room = Room.start(page)
    asked = []
    # Chromium looks at the icon again whenever the address changes; the clock is asked every half minute.
    beside = re.compile("favicon|/clock/$")
    page.on("request", lambda request: None if beside.search(request.url) else asked.append(request.url))
    for _ in range(4):
        page.locator("#next").click()
    expect(page.locator("#position")).to_have_text("Question 5 of 5")
    assert page.url.endswith("?q=5")
    assert page.evaluate("document.activeElement.id") == "label-5"
    page.locator("#next").click()
    assert page.evaluate("document.activeElement.id") == "review-title"
    page.locator("#previous").click()
    room.go(2)
    page.locator("#previous").click()
    expect(page.locator("#previous")).to_be_disabled()
    assert asked == []
