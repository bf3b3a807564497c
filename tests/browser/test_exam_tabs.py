"""The same attempt in two tabs, on two devices, and under another name."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.exam_room import NETWORK_IS_CUT, Replies, Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quiz(course, console):
    small_quiz()
    console.allow(NETWORK_IS_CUT)


# True once nothing is left of a dead tab.
WAKE = """() => {
  window.dispatchEvent(new Event("online"));
  return !Object.keys(localStorage).some((key) => key.includes(":queue:"));
}"""


def _prefix(room: Room) -> str:
    return f"sapro:exam:{room.code}:{room.attempt.person_id}:"


def _second_tab(room: Room, *, lost: bool = False) -> Room:
    page = room.page.context.new_page()
    Replies(page).lost = lost
    page.goto(f"/attempts/{room.code}/")
    return Room(page).ready()


def test_two_tabs_show_the_same_and_the_answer_given_last_stays(page):
    first = Room.start(page)
    second = _second_tab(first)
    first.choose(1)
    expect(second.option(1)).to_be_checked()
    second.choose(2)
    expect(first.option(2)).to_be_checked()
    second.page.locator("#flag").click()
    expect(first.cell(1)).to_have_text("Question 1, answered, flagged")
    second.sheet.locator(".strike").first.click()
    expect(first.sheet.locator(".opt").first).to_have_class(re.compile("struck"))
    first.expect_saved()
    second.expect_saved()
    assert first.stored_places(1) == [2]
    second.submit()
    second.page.wait_for_url("**/report/")
    expect(page.locator("#over")).to_be_visible()
    page.get_by_role("link", name="See the report").click()
    page.wait_for_url("**/report/")


def test_what_one_tab_could_not_send_before_the_other_submitted_is_not_dropped_in_silence(page, console):
    console.allow("409")
    replies = Replies(page)
    first = Room.start(page)
    second = _second_tab(first)
    replies.lost = True
    first.choose(1)
    expect(first.saved).to_have_attribute("data-state", "waiting")
    second.submit()
    second.page.wait_for_url("**/report/")
    replies.lost = False
    expect(page.locator("#over-text")).to_contain_text("1 answer came after the exam was over")
    assert first.stored(1).choice == []
    assert first.events("finished") == 1


def test_a_living_tab_sends_what_a_dead_one_left(page, context):
    first = Room.start(page)
    second = _second_tab(first, lost=True)
    second.choose(2)
    expect(second.saved).to_have_attribute("data-state", "waiting")
    second.page.close()
    # The tab that stays looks for orphans whenever it wakes, and every half minute.
    page.wait_for_function(WAKE, polling=1000)
    first.expect_saved()
    assert first.stored_places(1) == [2]
    assert first.kept() == []


def test_an_old_answer_of_a_dead_tab_does_not_cover_a_newer_one(page):
    first = Room.start(page)
    second = _second_tab(first, lost=True)
    second.choose(2)
    expect(second.saved).to_have_attribute("data-state", "waiting")
    queue = page.evaluate("(key) => localStorage.getItem(key)", second.kept()[0])
    second.page.close()
    first.choose(3)
    first.expect_saved()
    page.evaluate("([key, queue]) => localStorage.setItem(key, queue)", [f"{_prefix(first)}queue:1", queue])
    with page.expect_response(lambda reply: "/responses/1/" in reply.url):
        page.wait_for_function(WAKE, polling=1000)
    first.expect_saved()
    assert first.kept() == []
    assert first.chosen() == [3]
    assert first.stored_places(1) == [3]


def test_another_device_that_answered_later_wins_and_is_shown(page, new_context):
    first = Room.start(page)
    other = new_context(storage_state=page.context.storage_state()).new_page()
    other.goto(f"/attempts/{first.code}/")
    second = Room(other).ready()
    first.choose(1)
    first.expect_saved()
    second.choose(3)
    second.expect_saved()
    page.locator("#flag").click()
    expect(first.option(3)).to_be_checked()
    expect(first.cell(1)).to_have_text("Question 1, answered, flagged")
    assert first.stored_places(1) == [3]


def _sign_in(page, name="learner"):
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill("correct horse")
    page.locator("[name=password]").press("Enter")


def _sign_out(context):
    page = context.new_page()
    page.goto("/accounts/logout/")
    page.locator("form[action*=logout] button").last.click()
    page.wait_for_url(lambda url: "logout" not in url)
    page.close()


@pytest.fixture
def signed_in(page, person):
    """A page of somebody with an account. It does not ask for the time, so that a test decides what it hears first."""
    page.route("**/clock/", lambda route: route.abort())
    page.goto("/accounts/login/")
    _sign_in(page)
    page.wait_for_url(lambda url: "login" not in url)
    return page


def test_signed_out_in_another_tab_and_in_again_the_queue_is_sent(signed_in, context, console):
    console.allow("401")
    page = signed_in
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    _sign_out(context)
    room.choose(2)
    dialog = page.locator("#signed-out")
    expect(dialog).to_be_visible()
    expect(room.saved).to_have_text("1 answer not sent yet")
    assert room.stored_places(1) == [1]
    dialog.get_by_role("link", name="Sign in and come back").click()
    _sign_in(page)
    room.ready()
    room.expect_saved()
    assert room.stored_places(1) == [2]
    assert room.chosen() == [2]


def test_signed_in_again_in_another_tab_this_one_goes_on_by_itself(signed_in, context, console):
    console.allow("401")
    page = signed_in
    room = Room.start(page)
    _sign_out(context)
    room.choose(2)
    expect(page.locator("#signed-out")).to_be_visible()
    other = context.new_page()
    other.goto("/accounts/login/")
    _sign_in(other)
    other.wait_for_url(lambda url: "login" not in url)
    page.unroute("**/clock/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#signed-out")).to_be_hidden()
    room.expect_saved()
    assert room.stored_places(1) == [2]


def test_a_page_that_asks_for_the_time_hears_that_it_is_signed_out(signed_in, context, console):
    console.allow("401")
    page = signed_in
    room = Room.start(page)
    _sign_out(context)
    page.unroute("**/clock/")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#signed-out")).to_be_visible()
    expect(room.saved).to_have_text("Signed out")


def test_someone_else_on_this_browser_sends_nothing_of_the_first(signed_in, context, console, django_user_model):
    console.allow("404")
    django_user_model.objects.create_user("other", "other@example.org", "correct horse")
    page = signed_in
    room = Room.start(page)
    _sign_out(context)
    other = context.new_page()
    other.goto("/accounts/login/")
    _sign_in(other, "other")
    other.wait_for_url(lambda url: "login" not in url)
    room.choose(2)
    expect(room.saved).to_have_text("Not saved: this exam belongs to someone else")
    expect(room.sheet.get_by_role("alert")).to_contain_text("Sign in as the person who started this exam")
    assert room.stored(1).choice == []
    assert len(room.kept()) == 1


def test_after_signing_out_the_back_button_and_the_storage_hold_no_question_and_no_answer(signed_in):
    page = signed_in
    room = Room.start(page)
    stem = room.sheet.locator(".stem").inner_text()
    assert stem in page.inner_text("body")
    room.choose(1)
    room.expect_saved()
    page.goto("/accounts/logout/")
    page.locator("form[action*=logout] button").last.click()
    page.wait_for_url(lambda url: "logout" not in url)
    for _ in range(2):
        page.go_back()
        page.wait_for_load_state("networkidle")
        assert stem not in page.content()
    page.goto(f"/attempts/{room.code}/")
    assert "/accounts/login/" in page.url
    kept = page.evaluate("[localStorage, sessionStorage].map((one) => JSON.stringify(one)).join()")
    assert [word for word in (stem, "queue", "choice") if word in kept] == [], kept
