"""Every kind of page as people see it: nothing for axe to find, nothing wider than the screen, nothing amiss."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPEN_PAGES = {
    "home": "/",
    "notes": "/notes/",
    "topic": "/notes/elastic-load-balancing/",
    "topic-with-diagrams": "/notes/disaster-recovery-strategies/",
    "topic-beyond": "/notes/lambda/",
    "by-task": "/notes/tasks/",
    "glossary": "/notes/glossary/",
    "glossary-filtered": "/notes/glossary/?status=ended",
    "changes": "/notes/changes/",
    "nothing-read": "/notes/mine/",
    "mark-as-read": "/notes/lambda/read/",
    "search": "/search/?q=kinesis+streams",
    "search-nothing": "/search/?q=elephant",
    "search-empty": "/search/",
    "practice": "/practice/",
    "practice-topic": "/practice/nat-gateways/",
    "quizzes": "/quizzes/",
    "quiz": "/quizzes/short-mock/",
    "quiz-that-cannot-start": "/quizzes/sap-c03/",
    "account": "/accounts/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "about": "/about/",
    "privacy": "/privacy/",
}
SIZES = {"phone": {"width": 320, "height": 640}, "desktop": {"width": 1280, "height": 800}}


@pytest.fixture(params=SIZES)
def view(request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext]) -> Page:
    """A page of this size, in the light; ``check`` turns it dark and back."""
    return new_context(viewport=SIZES[request.param], color_scheme="light", reduced_motion="reduce").new_page()


def check(page: Page, name: str) -> list[str]:
    """What is wrong with the page as it stands, once all that it asked for has come: in the light, and in the dark.

    In the dark only what depends on colors can be another thing, so only that is looked for again.
    """
    page.wait_for_load_state()
    expect(page.locator(".htmx-request")).to_have_count(0)
    page.emulate_media(color_scheme="light")
    wrong = [f"{name}: {finding}" for finding in findings(page)]
    page.emulate_media(color_scheme="dark")
    wrong += [f"{name}, dark: {finding}" for finding in findings(page, of_color=True)]
    page.emulate_media(color_scheme="light")
    width, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width > screen:
        wrong.append(f"{name}: {width} px wide on a screen of {screen}")
    return wrong


def test_open_pages_have_no_findings(view: Page, real_course: None, console) -> None:
    wrong = []
    for name, address in OPEN_PAGES.items():
        view.goto(address)
        wrong += check(view, name)
    assert wrong == []


def test_error_pages_have_no_findings(view: Page, real_course: None, console) -> None:
    console.allow("404")
    view.goto("/notes/no-such-page/")
    assert check(view, "not found") == []


def test_practice_from_choice_to_end_has_no_findings(view: Page, real_course: None) -> None:
    view.goto("/practice/nat-gateways/")
    view.get_by_role("button", name="Start practice").click()
    wrong = check(view, "question")
    for box in view.locator("#practice input[name=choice]").all()[: _choose(view)]:
        box.check()
    view.get_by_role("button", name="Check the answer").click()
    view.locator(".feedback").wait_for()
    wrong += check(view, "feedback")
    view.get_by_role("link", name="How it went").click()
    view.get_by_role("heading", level=1).wait_for()
    wrong += check(view, "end")
    assert wrong == []


def _choose(page: Page) -> int:
    legend = page.locator("fieldset.options legend").inner_text()
    return 1 if "one" in legend else int(legend.split()[1])


def test_exam_from_booklet_to_review_has_no_findings(view: Page, real_course: None) -> None:
    view.goto("/quizzes/short-mock/")
    view.get_by_role("button", name="Start the exam").click()
    view.locator("section[data-question='1']").wait_for()
    wrong = check(view, "booklet")
    view.goto(view.url.split("?")[0] + "?q=review")
    view.locator("#room[data-ready]").wait_for()
    wrong += check(view, "review before submission")
    view.get_by_role("button", name="Submit the exam").click()
    wrong += check(view, "confirmation")
    view.locator("#confirm button[value=submit]").click()
    view.wait_for_url("**/report/")
    wrong += check(view, "report")
    for details in view.locator("details").all():
        details.locator("summary").click()
    wrong += check(view, "report, unfolded")
    view.get_by_role("link", name="Review all").click()
    view.wait_for_url("**/review/")
    wrong += check(view, "review")
    assert wrong == []
