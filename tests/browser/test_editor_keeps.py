"""What is typed in the question editor before its script runs, and what two people who save choose from."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from quizzes.models import Draft
from sapro.accounts.models import User
from tests import factories
from tests.browser.axe import findings
from tests.browser.test_teach_quizzes import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
STEM = "A company needs the lowest cost. Which service meets the requirement?"


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], live_server: Any, ada: User) -> Page:
    """Ada's browser."""
    return sign_in(new_context(viewport={"width": 1280, "height": 900}), ada, live_server.url).new_page()


def begin(page: Page, kind: str = "multiple_choice") -> None:
    """Choose a kind and come to the editor."""
    page.goto("/teach/questions/new/")
    page.locator(f"#kind-{kind}").check()
    page.locator("main form button.go").click()
    expect(page.locator("#editor[data-ready]")).to_be_visible()


def stem() -> str:
    return str(Draft.objects.get().data["stem"])


def test_what_is_typed_before_the_script_runs_is_saved(desk: Page) -> None:
    begin(desk)
    held: list[Route] = []
    desk.route("**/editor*.js", lambda route: held.append(route))
    desk.reload(wait_until="commit")
    desk.locator("#stem").fill(STEM)
    held[0].continue_()
    expect(desk.locator("#saved")).to_have_attribute("data-state", "saved", timeout=15_000)
    assert stem() == STEM


@pytest.mark.parametrize("choice", ["Keep mine", "Take theirs"])
def test_two_people_are_told_and_choose(desk: Page, console: Any, choice: str) -> None:
    console.allow("409")
    begin(desk)
    Draft.objects.update(revision=Draft.objects.get().revision + 1)
    desk.locator("#stem").fill(STEM)
    expect(desk.locator("#saved")).to_contain_text("has saved this question meanwhile", timeout=15_000)
    desk.locator(".actions.bottom button.go").click()
    expect(desk.get_by_role("heading", level=1)).to_have_text("Somebody else has saved this question")
    assert findings(desk) == []
    desk.get_by_text(choice, exact=True).click()
    expect(desk.locator("#stem")).to_have_value(STEM if choice == "Keep mine" else "")
