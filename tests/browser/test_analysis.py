"""Item analysis in the browser: from the tab of a quiz to the question that has to be mended."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Question, Quiz
from sapro.accounts.models import User
from tests import factories
from tests.answered import answered
from tests.browser.test_pages import check
from tests.browser.test_teach_quizzes import sign_in
from tests.own_quizzes import make_own_quiz
from tests.quizzes.analysis.test_pages import class_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def teacher(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def quiz(teacher: User) -> Quiz:
    """Sat by forty; the last of its questions is wrongly keyed."""
    questions: list[Question] = factories.make_authored(teacher, 4)
    made = make_own_quiz(teacher, questions, pass_mark=50, title="Networks")
    answered(made, questions, class_of(40))
    return made


def test_a_wrong_key_is_found_from_the_tab(
    new_context: Callable[..., BrowserContext], live_server: Any, teacher: User, quiz: Quiz, console: Any
) -> None:
    phone = new_context(viewport={"width": 320, "height": 720}, color_scheme="light", reduced_motion="reduce")
    page: Page = sign_in(phone, teacher, live_server.url).new_page()
    page.goto(f"/teach/quizzes/{quiz.slug}/results/")
    page.get_by_role("link", name="Analysis").click()
    expect(page.get_by_role("heading", name="The questions")).to_be_visible()
    wrong = check(page, "analysis")
    page.get_by_role("link", name="Facility").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Facility")
    page.locator("tr", has_text="key may be wrong").get_by_role("link").first.click()
    expect(page.get_by_text("Check the key first.")).to_be_visible()
    wrong += check(page, "question")
    assert wrong == []
