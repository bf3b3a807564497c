"""Reading in a browser: finding a page, walking through it, marking it as read; with scripts and without."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course")]

TOPIC = "/notes/test-balancers/"


def place(page: Page) -> str:
    """The anchor in the address bar."""
    return str(page.evaluate("location.hash"))


def test_searching_while_one_types(page: Page) -> None:
    page.goto(TOPIC)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("health")
    link = page.locator("#finding li a").first
    expect(link).to_contain_text("Test health checks")
    assert findings(page) == []
    page.keyboard.press("ArrowDown")
    expect(link).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#finding li")).to_have_count(0)
    page.keyboard.type(" checks")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Search")).to_be_visible()
    page.locator(".hits h2 a").first.click()
    expect(page).to_have_url(re.compile("/notes/test-health-checks/"))


def test_a_search_that_gets_no_answer_says_so(page: Page, console: Any) -> None:
    console.allow("net::ERR|^htmx:")
    page.goto(TOPIC)
    page.route("**/search/**", lambda route: route.abort())
    page.get_by_role("searchbox").fill("health")
    expect(page.locator("#finding")).to_have_text("The search does not answer. Press Enter to try again.")


def test_the_results_follow_what_is_typed(page: Page) -> None:
    page.goto("/search/")
    page.get_by_role("searchbox").press_sequentially("balancers")
    expect(page.locator(".hits h2").first).to_have_text("Test balancers")
    expect(page).to_have_url(re.compile(r"/search/\?q=balancers$"))


def test_keys_walk_through_the_sections(page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 300})
    page.goto(TOPIC)
    names = page.locator("#main :is(h2, h3)[id]").evaluate_all("all => all.map((one) => '#' + one.id)")
    walked = []
    for _ in range(3):
        page.keyboard.press("j")
        walked.append(place(page))
    assert walked == names[:3]
    page.keyboard.press("k")
    assert place(page) == names[1]
    page.get_by_role("searchbox").focus()
    page.keyboard.press("j")
    assert place(page) == names[1]


def test_a_page_is_marked_as_read(page: Page) -> None:
    page.goto(TOPIC)
    page.get_by_role("link", name="Mark as read").click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("1 of 2 pages.")).to_be_visible()
    page.goto(TOPIC)
    expect(page.locator("#reading").get_by_text("Read on")).to_be_visible()
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.locator("#reading").get_by_text("Read on")).to_be_visible()
    page.goto("/notes/")
    expect(page.locator("#read-test-balancers svg")).to_be_visible()


def test_without_scripts_too(plain_page: Page) -> None:
    plain_page.goto(TOPIC)
    plain_page.get_by_role("searchbox").fill("health")
    plain_page.get_by_role("searchbox").press("Enter")
    expect(plain_page.locator(".hits h2").first).to_have_text("Test health checks")
    plain_page.goto(TOPIC)
    plain_page.get_by_role("link", name="Mark as read").click()
    plain_page.get_by_role("button", name="Mark as read").click()
    expect(plain_page.get_by_text("1 of 2 pages.")).to_be_visible()


def test_a_statement_is_reached_and_its_address_copied(page: Page) -> None:
    page.goto(f"{TOPIC}#tb-static")
    expect(page.locator("#tb-static")).to_be_in_viewport()
    page.get_by_role("link", name="Something wrong on this page?").click()
    expect(page).to_have_url(re.compile("/challenges/notes/test-balancers/tb-static/$"))
    page.get_by_label("It is no longer true").check()
    page.get_by_label("In your words").fill("It has a fixed address by now.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Test balancers")).to_be_visible()
