"""Answers on their way: lost, late, twice, refused; and never gone."""

import re

import pytest
from playwright.sync_api import Error, expect

from tests.browser.exam_room import NETWORK_IS_CUT, Replies, Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quiz(course, console):
    small_quiz()
    console.allow(NETWORK_IS_CUT)


def test_a_reload_while_offline_sends_the_queue_on_return(page, context):
    room = Room.start(page)
    url = page.url
    context.set_offline(True)
    room.choose(2)
    page.locator("#flag").click()
    expect(room.saved).to_have_text("2 answers waiting for the network")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.goto(url)
    context.set_offline(False)
    page.goto(url)
    room.ready()
    room.expect_saved()
    assert room.stored_places(1) == [2]
    assert room.stored(1).flagged
    assert room.chosen() == [2]
    assert room.kept() == []


def test_a_reply_that_is_lost_leaves_one_answer_and_one_event(page):
    lost = []

    def lose_first(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    page.route("**/responses/**", lose_first)
    room = Room.start(page)
    room.choose(3)
    expect(room.saved).to_have_attribute("data-state", "waiting")
    room.expect_saved()
    assert lost == [200]
    assert room.events("saved") == 1
    assert room.stored_places(1) == [3]


def test_a_server_in_trouble_is_asked_again(page, console):
    console.allow("503")
    tries = []

    def busy(route):
        tries.append(1)
        return route.continue_() if len(tries) > 2 else route.fulfill(status=503, body="busy")

    page.route("**/responses/**", busy)
    room = Room.start(page)
    room.choose(1)
    expect(room.saved).to_have_text("1 answer waiting for the network")
    room.expect_saved()
    assert len(tries) == 3


def test_a_request_that_hangs_is_given_up_and_sent_again(page):
    hung = []
    page.route("**/responses/**", lambda route: route.continue_() if hung else hung.append(route))
    room = Room.start(page)
    room.choose(1)
    expect(room.saved).to_have_text("Saving…")
    expect(room.saved).to_have_attribute("data-state", "waiting")
    room.expect_saved()
    assert room.stored_places(1) == [1]


def test_what_is_chosen_while_a_save_is_under_way_is_kept_and_shown(page):
    held = []
    page.route("**/responses/**", lambda route: held.append(route) if not held else route.continue_())
    room = Room.start(page)
    room.choose(1)
    expect(room.saved).to_have_text("Saving…")
    room.choose(2)
    room.choose(3)
    while not held:
        page.wait_for_timeout(10)
    held[0].continue_()
    room.expect_saved()
    assert room.chosen() == [3]
    assert room.stored_places(1) == [3]
    # The second was replaced before it left.
    assert room.events("saved") == 2


def test_an_answer_that_the_server_refuses_is_taken_back_with_a_word(page, console):
    console.allow("422")
    replies = Replies(page)
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    replies.status = 422
    room.choose(2)
    expect(room.sheet.get_by_role("alert")).to_contain_text("could not be saved")
    expect(room.saved).to_have_text("Question 1: not saved")
    assert room.chosen() == [1]
    replies.status = 0
    room.choose(3)
    room.expect_saved()
    assert room.stored_places(1) == [3]


def test_a_page_whose_clock_ran_ahead_sets_it_right_and_sends_again(page, console):
    console.allow("409")
    page.clock.install()
    page.route("**/clock/", lambda route: route.abort())
    room = Room.start(page)
    page.clock.fast_forward("01:00")
    room.choose(1)
    room.expect_saved()
    room.choose(2)
    room.expect_saved()
    assert room.stored_places(1) == [2]
    assert room.events("clock_ahead") == 1
    assert room.stored(1).choice_at < 60_000


NO_STORE = (
    "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
)
FULL_STORE = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); };"


@pytest.mark.parametrize("store", [NO_STORE, FULL_STORE], ids=["forbidden", "full"])
def test_without_a_store_it_works_and_says_so_once(new_context, store):
    context = new_context()
    context.add_init_script(store)
    page = context.new_page()
    room = Room.start(page)
    expect(room.sheet.get_by_role("alert")).to_contain_text("keeps nothing on the device")
    context.set_offline(True)
    room.choose(2)
    expect(room.saved).to_have_text("1 answer waiting for the network")
    context.set_offline(False)
    room.expect_saved()
    assert room.stored_places(1) == [2]


def test_a_submission_without_network_waits_and_can_be_taken_back(page, context):
    room = Room.start(page)
    context.set_offline(True)
    room.choose(2)
    room.submit()
    expect(page.locator("#ending-text")).to_contain_text("1 answer and the submission are waiting for the network")
    page.get_by_role("button", name="Go on with the exam").click()
    room.go(2)
    room.choose(1)
    room.submit()
    expect(page.locator("#ending-text")).to_contain_text("2 answers and the submission are waiting")
    context.set_offline(False)
    page.wait_for_url("**/report/")
    assert room.attempt.state == "submitted"
    assert room.stored_places(1) == [2]
    assert room.stored_places(2) == [1]
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('sapro:exam:'))") == []


def test_an_answer_given_just_before_the_page_goes_is_not_lost(page):
    room = Room.start(page)
    url = page.url
    room.choose(2)
    page.goto("/notes/")
    page.goto(url)
    room.ready()
    expect(room.option(2)).to_be_checked()
    expect(room.saved).not_to_have_attribute("data-state", "saving")
    expect(room.saved).to_have_text(re.compile("^$|^Saved"))
    assert room.stored_places(1) == [2]
