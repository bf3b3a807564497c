"""The plan in a browser: a day is set, the plan is there, the day moves; with scripts, without, and with mistakes."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.models import Plan
from tests.browser.axe import findings

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("course", "clock"),
]

PAGE = "/progress/plan/"


def send(page: Page, day: str, minutes: str, button: str) -> None:
    page.get_by_label("Day of your exam").fill(day)
    page.get_by_label("Minutes a day").fill(minutes)
    page.get_by_role("button", name=button).click()


def walk(page: Page, *, look: bool = False) -> None:
    """Set a day, see the plan, move the day, make a mistake, take it away. ``look``: with axe, which needs scripts."""
    page.goto(PAGE)
    send(page, "2027-01-22", "30", "Make the plan")
    expect(page.get_by_text("60 days until Friday, January 22, 2027.")).to_be_visible()
    expect(page.get_by_role("link", name="new question").first).to_be_visible()
    send(page, "2026-12-01", "200", "Plan anew")
    expect(page.get_by_text("8 days until Tuesday, December 1, 2026.")).to_be_visible()
    expect(page.locator("[aria-labelledby=mocks] li").first).to_be_visible()
    send(page, "2026-11-01", "45", "Plan anew")
    expect(page.locator("#id_exam_on_error")).to_contain_text("not in the future")
    expect(page.get_by_label("Day of your exam")).to_have_value("2026-11-01")
    expect(page.get_by_label("Minutes a day")).to_have_value("45")
    assert Plan.objects.get().exam_on.isoformat() == "2026-12-01"
    if look:
        assert findings(page) == []
    page.get_by_role("button", name="Take the plan away").click()
    expect(page.get_by_role("button", name="Make the plan")).to_be_visible()


def test_a_plan_is_set_moved_and_taken_away(page: Page, console: Any) -> None:
    console.allow("422")
    walk(page, look=True)


def test_the_same_without_scripts(plain_page: Page, console: Any) -> None:
    console.allow("422")
    walk(plain_page)
