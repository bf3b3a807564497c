"""The page of progress as people see it: three learners, two sizes, both schemes, the keyboard, no scripts."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from tests import learners
from tests.browser.test_pages import SIZES, check
from tests.security.people import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opens = Callable[..., Page]


@pytest.fixture
def opens(new_context: Callable[..., BrowserContext], live_server: Any, person: Any, clock: Any) -> Opens:
    """A page of the learner, signed in."""

    def open_page(**options: Any) -> Page:
        client = Client()
        client.force_login(person, backend=BACKEND)
        context = new_context(**options)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    return open_page


@pytest.mark.parametrize("past", ["empty", "two_days_old", "three_months_old"])
def test_it_has_no_findings_whoever_looks(
    past: str, opens: Opens, real_course: None, person: Any, now: datetime
) -> None:
    getattr(learners, past)(person, now)
    wrong = []
    for size in SIZES.values():
        page = opens(viewport=size, color_scheme="light", reduced_motion="reduce")
        for path in ("/progress/", "/progress/?topics=course", "/"):
            page.goto(path)
            page.locator("main details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
            wrong += check(page, f"{past} {size['width']} {path}")
    assert wrong == []


def test_tables_open_by_keyboard_and_links_lead_on(opens: Opens, real_course: None, person: Any, now: datetime) -> None:
    learners.three_months_old(person, now)
    page = opens(viewport=SIZES["phone"])
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Progress").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Progress")
    figure = page.get_by_role("img", name="3 mock exams, oldest first.")
    expect(figure).to_be_visible()
    table = page.locator("figure table")
    expect(table).to_be_hidden()
    page.locator("figure summary").focus()
    page.keyboard.press("Enter")
    expect(table).to_be_visible()
    expect(table.locator("tbody tr")).to_have_count(3)
    page.locator("#topics > summary").focus()
    page.keyboard.press("Space")
    rows = page.locator("#topics tbody tr")
    first = rows.first.locator("th").inner_text()
    page.get_by_role("link", name="In the order of the course").press("Enter")
    expect(page.locator("#topics")).to_have_attribute("open", "")
    expect(rows.first.locator("th")).not_to_have_text(first)
    page.get_by_role("link", name="Practice the weakest").click()
    expect(page.get_by_role("button", name="Start practice")).to_be_visible()


def test_the_header_does_not_wrap(real_course: None, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context().new_page()
    for width, rows in ((320, 2), (390, 2), (768, 1), (1024, 1)):
        page.set_viewport_size({"width": width, "height": 700})
        page.goto("/progress/")
        tops = page.locator("header.bar :is(.mark, nav li a, .account, .find input)").evaluate_all(
            "(all) => all.map((one) => { const box = one.getBoundingClientRect(); return box.top + box.height / 2; })"
        )
        assert len({round(top / 20) for top in tops}) <= rows, (width, tops)
