"""The exam room with its script modules as they are served: one file."""

import pytest
from playwright.sync_api import Page, expect

from sapro.modules import joined
from tests.browser.exam_room import Room, key_of, small_quiz
from tests.sources import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_exam_is_sat_with_the_joined_script(course: None, page: Page) -> None:
    small_quiz()
    asked: list[str] = []
    script = joined("js/exam/main.js", lambda path: (ROOT / "static" / path).read_text())
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/js/exam/main*.js", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    room = Room.start(page)
    room.choose(*key_of(room.stored(1)))
    room.expect_saved()
    assert room.stored_places(1) == key_of(room.stored(1))
    page.locator("#next").click()
    expect(page.locator("#position")).to_have_text("Question 2 of 5")
    room.reload()
    room.go(1)
    assert room.chosen() == key_of(room.stored(1))
    room.go("review")
    page.get_by_role("button", name="Submit the exam").click()
    page.locator("#confirm").get_by_role("button", name="Submit", exact=True).click()
    page.wait_for_url("**/report/")
    assert len({url for url in asked if "/js/exam/" in url}) == 1
