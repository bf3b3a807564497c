"""The two long mocks on the bank that learners have: sat, reported, reviewed on a phone."""

import re
from collections import Counter
from random import Random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Attempt, Exam
from tests.browser.axe import findings
from tests.browser.exam_room import Room, key_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("real_course")]

QUOTAS = {"sap-c03": {1: 13, 2: 13, 3: 13, 4: 13, 5: 13}, "sap-c02": {1: 17, 2: 19, 3: 16, 4: 13}}
READ_ON_A_PHONE = 20


@pytest.mark.parametrize("slug", QUOTAS)
def test_a_long_mock_from_start_to_review(slug: str, page: Page, new_context: Any) -> None:
    room = Room.start(page, slug=slug)
    attempt = room.attempt
    expect(page.locator("#position")).to_have_text("Question 1 of 75")
    scored = Counter(attempt.responses.filter(scored=True).values_list("domain", flat=True))
    assert (scored, attempt.responses.count()) == (Counter(QUOTAS[slug]), 75)
    assert (attempt.deadline - attempt.started_at).total_seconds() == 180 * 60
    for position in range(1, 76):
        expect(page.locator("#position")).to_have_text(f"Question {position} of 75")
        keys = key_of(room.stored(position))
        room.choose(*(keys if position % 3 else [place for place in range(1, 5) if place not in keys][: len(keys)]))
        page.locator("#next").click()
    room.expect_saved()
    page.get_by_role("button", name="Submit the exam").click()
    page.locator("#confirm [value=submit]").click()
    page.wait_for_url("**/report/")
    right = attempt.responses.filter(scored=True, fraction=1).count()
    assert Attempt.objects.get(pk=attempt.pk).results.get().raw == right == 65 - _wrong(attempt)
    expect(page.locator(".facts")).to_contain_text(f"{right} of 65")
    assert findings(page) == []
    _read_on_a_phone(room, new_context)


def _wrong(attempt: Attempt) -> int:
    """Every third question was answered wrongly."""
    return attempt.responses.filter(scored=True, position__in=range(3, 76, 3)).count()


def _read_on_a_phone(room: Room, new_context: Any) -> None:
    """Twenty questions of the review: nothing runs out of the screen, every option has its reason."""
    cookies = room.page.context.cookies()
    phone: BrowserContext = new_context(viewport={"width": 360, "height": 740}, color_scheme="dark")
    phone.add_cookies(cookies)
    page = phone.new_page()
    for number in sorted(Random(7).sample(range(1, 9), 2 + READ_ON_A_PHONE // 20)):
        page.goto(f"/attempts/{room.code}/review/?page={number}")
        questions = page.locator(".question")
        expect(questions.first).to_be_visible()
        for question in questions.all():
            reasons = question.locator(".opt .why")
            assert reasons.count() == question.locator(".opt").count() >= 4
            assert all(len(text.split()) >= 15 for text in reasons.all_inner_texts())
            expect(question.locator(".quoted > p a").first).to_have_attribute("href", re.compile("^/notes/.*#"))
        width, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert width <= screen
        assert findings(page) == []


def test_the_mocks_can_be_started(page: Page) -> None:
    assert Exam.objects.count() == 2
    page.goto("/quizzes/")
    for name in ("SAP-C03 mock", "SAP-C02 mock", "Short mock"):
        expect(page.get_by_role("link", name=name).first).to_be_visible()
