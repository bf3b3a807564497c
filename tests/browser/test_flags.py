"""What the answers warn of, and the pilots, in the browser: read on a phone, promoted by a click, fit for everybody."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.services.flags import refresh_flags
from sapro.accounts.models import User
from tests import factories
from tests.browser.axe import findings
from tests.browser.test_teach_quizzes import sign_in
from tests.own_quizzes import make_own_quiz, wrong_choice
from tests.quizzes.analysis.test_flags import sit_all
from tests.quizzes.analysis.test_pilots import make_pilot, sit_mock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = {"width": 320, "height": 700}


def fits(page: Page) -> None:
    """Nothing to scroll sideways, and nothing that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []


def test_flags_stand_where_the_author_decides_and_a_pilot_is_promoted_by_a_click(
    new_context: Callable[..., BrowserContext], live_server: Any, now: datetime, clock: Any
) -> None:
    chief = User.objects.create_superuser("chief", "chief@example.org", "x" * 12)
    made = factories.make_authored(chief, 9)
    questions = [one for one in made if one.current is not None and one.current.choose == 1][:6]
    quiz = make_own_quiz(chief, questions, title="Networks")
    sit_all(quiz, questions, now)
    refresh_flags(quiz, now=now)
    exam = factories.make_exam()
    scored, ready, weak = factories.make_questions(exam, [1, 2, 3, 4, 5, 1]), make_pilot(exam), make_pilot(exam)
    make_pilot(exam)
    mock = factories.make_quiz(exam, scored=6, unscored=1)
    sit_mock(mock, scored, ready, now, 60)
    sit_mock(mock, scored, weak, now, 60, best=wrong_choice(weak)[0])
    page = sign_in(new_context(viewport=PHONE), chief, live_server.url).new_page()
    page.goto("/teach/")
    page.get_by_role("link", name="that the answers warn of").click()
    page.locator(".bank tbody th a").first.click()
    expect(page.get_by_role("heading", name="The answers warn")).to_be_visible()
    fits(page)
    page.goto("/teach/pilots/")
    fits(page)
    page.locator("summary").first.click()
    page.get_by_role("button", name=f"Promote {ready.code}").click()
    expect(page.get_by_text("counts from now on")).to_be_visible()
    expect(page.get_by_role("button", name="Promote")).to_have_count(0)
