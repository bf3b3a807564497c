"""What stands over the room for a while: axe finds nothing in it, and nothing is wider than a phone."""

import pytest

from tests.browser.axe import findings
from tests.browser.exam_room import NETWORK_IS_CUT, Replies, Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {
    "phone": {"width": 320, "height": 640},
    "magnified": {"width": 320, "height": 256},
    "desktop": {"width": 1280, "height": 800},
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_dialogs_messages_and_the_folded_navigator(course, new_context, console, size, scheme):
    console.allow(NETWORK_IS_CUT)
    console.allow("401|422")
    small_quiz()
    context = new_context(viewport=SIZES[size], color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    replies = Replies(page)
    room = Room.start(page)
    wrong = []

    def look(at: str) -> None:
        wrong.extend(f"{at}: {finding}" for finding in findings(page))
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{at}: wider than the screen")

    page.keyboard.press("?")
    look("keys")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.locator("#sentences button").nth(2).click()
    look("sentences")
    page.keyboard.press("Escape")
    look("highlights")
    page.keyboard.press("x")
    page.keyboard.press("2")
    page.keyboard.press("f")
    room.expect_saved()
    replies.status = 422
    page.keyboard.press("1")
    room.sheet.get_by_role("alert").wait_for()
    look("refused")
    replies.status = 0
    if size != "desktop":
        page.locator("#navigator summary").click()
        look("navigator")
    page.keyboard.press("r")
    page.get_by_role("button", name="Submit the exam").click()
    look("confirmation")
    page.keyboard.press("Escape")
    replies.status = 401
    page.keyboard.press("p")
    page.keyboard.press("1")
    page.locator("#signed-out").wait_for()
    look("signed out")
    page.keyboard.press("Escape")
    replies.status = 0
    context.set_offline(True)
    look("offline")
    page.keyboard.press("r")
    page.get_by_role("button", name="Submit the exam").click()
    page.locator("#confirm [value=submit]").click()
    page.locator("#ending").wait_for()
    look("ending")
    context.set_offline(False)
    page.wait_for_url("**/report/")
    assert wrong == []
