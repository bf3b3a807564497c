"""The clock of the room: shown, hidden, said, moved, run out."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from quizzes import clock as site_clock
from quizzes.models import Attempt
from quizzes.services.attempts import extend_attempt
from tests.browser.exam_room import NETWORK_IS_CUT, Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _quiz(course, console):
    small_quiz()
    console.allow(NETWORK_IS_CUT)


def _leave(room: Room, **time: float) -> None:
    """Let so much time be left, from now on; and let the page hear of it."""
    Attempt.objects.filter(code=room.code).update(deadline=site_clock.read() + timedelta(**time))
    room.page.evaluate("window.dispatchEvent(new Event('online'))")


def test_when_time_is_up_the_page_submits_by_itself(page):
    small_quiz(time_limit=4)
    room = Room.start(page)
    expect(room.clock).to_have_class("clock low")
    room.choose(2)
    room.expect_saved()
    page.wait_for_url("**/report/")
    attempt = room.attempt
    assert attempt.state in ("submitted", "expired")
    assert attempt.ended_at == attempt.deadline or attempt.state == "submitted"
    assert room.stored_places(1) == [2]


def test_without_network_at_zero_what_was_given_in_time_counts(page, context, settings):
    settings.EXAM_GRACE_SECONDS = 60
    small_quiz(time_limit=3)
    room = Room.start(page)
    context.set_offline(True)
    room.choose(2)
    dialog = page.locator("#ending")
    expect(dialog).to_contain_text("Time is up")
    expect(dialog).to_contain_text("1 answer and the submission are waiting for the network")
    expect(dialog.get_by_role("button")).to_be_hidden()
    expect(room.option(1)).to_be_disabled()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    context.set_offline(False)
    page.wait_for_url("**/report/")
    assert room.stored_places(1) == [2]


def test_a_reload_in_the_grace_sends_what_the_lost_page_had_kept(page, context, settings):
    settings.EXAM_GRACE_SECONDS = 60
    small_quiz(time_limit=3)
    room = Room.start(page)
    context.set_offline(True)
    room.choose(2)
    expect(page.locator("#ending")).to_contain_text("Time is up")
    address, code = page.url, room.code
    page.goto("about:blank")
    context.set_offline(False)
    # The page's policy lets no condition be evaluated in it, so the reply itself is waited for.
    with page.expect_response("**/responses/1/") as reply:
        page.goto(address)
    assert reply.value.status == 200
    expect(page.get_by_role("heading", name="Time is up")).to_be_visible()
    assert Attempt.objects.get(code=code).responses.get(position=1).choice != []


def test_what_comes_after_the_grace_is_logged_and_the_learner_is_told(page, context, settings, console):
    console.allow("409")
    settings.EXAM_GRACE_SECONDS = 0
    small_quiz(time_limit=3)
    room = Room.start(page)
    context.set_offline(True)
    room.choose(2)
    expect(page.locator("#ending")).to_contain_text("Time is up")
    context.set_offline(False)
    expect(page.locator("#over-text")).to_contain_text("1 answer came after the exam was over")
    assert room.stored(1).choice == []
    assert room.events("too_late") == 1
    page.get_by_role("link", name="See the report").click()
    page.wait_for_url("**/report/")
    assert room.attempt.state == "expired"


def test_the_clock_counts_down_can_be_hidden_and_comes_back(page, clock):
    page.clock.install(time=clock.now)
    # The two clocks are not moved in the same instant: the page must not ask in between.
    page.route("**/clock/", lambda route: route.abort())
    room = Room.start(page)

    def pass_time(**amount: float) -> None:
        clock.move(**amount)
        page.clock.run_for(timedelta(**amount) // timedelta(milliseconds=1))

    expect(room.clock).to_have_text("0:48:00")
    page.get_by_role("button", name="Hide").click()
    expect(room.clock).to_be_hidden()
    pass_time(minutes=18, seconds=1)
    expect(room.announced).to_have_text("30 minutes left")
    expect(room.clock).to_be_hidden()
    room.reload()
    expect(room.clock).to_be_hidden()
    pass_time(minutes=25)
    expect(room.clock).to_be_visible()
    expect(room.clock).to_have_class("clock low")
    expect(room.announced).to_have_text("5 minutes left")
    expect(room.clock).to_have_text("0:04:59")
    pass_time(minutes=4)
    expect(room.announced).to_have_text("1 minute left")


def test_time_given_while_it_runs_is_shown_and_said(page):
    small_quiz(time_limit=600)
    room = Room.start(page)
    extend_attempt(attempt_id=room.attempt.pk, seconds=3600, reason="test", now=site_clock.read())
    room.choose(1)
    expect(room.announced).to_contain_text("You were given 60 more minutes. 1:")
    expect(room.clock).to_contain_text("1:09:5")


def test_time_given_just_before_the_end_opens_the_room_again(page, settings):
    settings.EXAM_GRACE_SECONDS = 60
    small_quiz(time_limit=3)
    room = Room.start(page)
    # The page does not hear of it before its own clock has run out.
    page.route("**/clock/", lambda route: route.abort())
    extend_attempt(attempt_id=room.attempt.pk, seconds=600, reason="test", now=site_clock.read())
    expect(room.option(1)).to_be_disabled()
    page.unroute("**/clock/")
    expect(room.option(1)).to_be_enabled()
    expect(page.locator("#ending")).to_be_hidden()
    expect(room.clock).to_contain_text("0:09:5")
    room.choose(1)
    room.expect_saved()
    assert room.attempt.state == "in_progress"


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_changed_system_clock_changes_nothing(page, hours):
    page.clock.install()
    room = Room.start(page)
    expect(room.clock).to_contain_text("0:47:5")
    page.clock.set_system_time(site_clock.read() + timedelta(hours=hours))
    room.choose(2)
    room.expect_saved()
    expect(room.clock).to_contain_text("0:47:")
    assert room.attempt.state == "in_progress"
    assert room.stored(1).choice_at < 60_000


def test_after_a_sleep_nothing_is_stamped_until_the_server_was_asked(page, context):
    page.clock.install()
    room = Room.start(page)
    expect(room.clock).to_contain_text("0:47:5")
    context.set_offline(True)
    # Asleep, the monotonic clock of most machines stands still and the other one goes on.
    page.clock.set_system_time(site_clock.read() + timedelta(hours=1))
    expect(room.clock).to_have_text("Checking the time")
    room.choose(2)
    expect(room.saved).to_have_text("1 answer waiting for the network")
    queue = page.evaluate(f"JSON.parse(localStorage.getItem('{room.kept()[0]}'))")
    assert [save["at"] for save in queue] == [None]
    context.set_offline(False)
    room.expect_saved()
    expect(room.clock).to_contain_text("0:47:")
    assert room.stored_places(1) == [2]


def test_an_untimed_attempt_has_no_countdown(page):
    small_quiz(time_limit=None)
    room = Room.start(page)
    expect(room.clock).to_have_text("No time limit")
    expect(page.locator("#hide-clock")).to_be_hidden()
    room.choose(1)
    room.expect_saved()
    page.keyboard.press("t")
    expect(room.announced).to_have_text("There is no time limit.")
    expect(room.clock).to_have_text("No time limit")
