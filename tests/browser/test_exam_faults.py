"""What breaks on the learner's side: the browser dies, the network is gone or hardly there, pages come back."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from tests import tiers
from tests.browser.exam_room import NETWORK_IS_CUT, Room, small_quiz
from tests.browser_fixtures import ARGUMENTS, REPORT_VIOLATIONS, TIMEOUT, Console
from tests.scale.processes import until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Playwright switches the cache of pages for the back button off; people have it.
LIKE_PEOPLE = ["--disable-back-forward-cache"]

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
EVERY_THIRD = 3
READABLE_WITHIN = 5000
ONE_SECOND = 1


@pytest.fixture(autouse=True)
def _quiz(course: None, console: Console) -> None:
    small_quiz()
    console.allow(NETWORK_IS_CUT)


def _sign_in(page: Page) -> None:
    page.locator("[name=login]").fill("learner")
    page.locator("[name=password]").fill("correct horse")
    page.locator("[name=password]").press("Enter")


# The page or the browser dies


def test_a_page_that_crashes_while_offline_loses_nothing(page: Page, context: BrowserContext) -> None:
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    context.set_offline(True)
    room.choose(2)
    room.go(3)
    room.choose(1)
    expect(room.saved).to_have_text("2 answers waiting for the network")
    address = page.url
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    page.close()
    context.set_offline(False)
    after = context.new_page()
    after.goto(address)
    again = Room(after).ready()
    again.expect_saved()
    assert again.stored_places(1) == [2]
    assert again.stored_places(3) == [1]
    expect(after.locator("#position")).to_have_text("Question 3 of 5")
    assert again.chosen() == [1]
    assert again.kept() == []


@pytest.fixture
def open_profile(
    chromium: Browser, live_server: Any, tmp_path: Path, console: Console
) -> Iterator[Callable[[], BrowserContext]]:
    """Start a browser of its own on one profile, as after the machine was switched on again."""
    opened: list[BrowserContext] = []

    def start() -> BrowserContext:
        context = chromium.browser_type.launch_persistent_context(
            tmp_path / "profile", executable_path=tiers.chromium(), args=ARGUMENTS, base_url=live_server.url
        )
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("page", console.watch)
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


def _kill(profile: Path) -> None:
    """Kill the browser of a profile at once: its lock names host and process."""
    os.kill(int(os.readlink(profile / "SingletonLock").rsplit("-", 1)[1]), signal.SIGKILL)


def _is_on_disk(profile: Path, text: str) -> bool:
    """Whether a text has reached the files of the profile's storage. Chromium gathers writes for some seconds."""
    files = (profile / "Default" / "Local Storage").rglob("*.log")
    return any(text.encode(encoding) in path.read_bytes() for path in files for encoding in ("latin-1", "utf-16-le"))


def test_a_browser_that_is_killed_offline_sends_what_was_given_when_its_owner_is_back(
    open_profile: Callable[[], BrowserContext], tmp_path: Path, person: Any
) -> None:
    context = open_profile()
    page = context.new_page()
    page.goto("/accounts/login/")
    _sign_in(page)
    page.wait_for_url(lambda url: "login" not in url)
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    context.set_offline(True)
    room.go(2)
    room.choose(2)
    expect(room.saved).to_have_text("1 answer waiting for the network")
    address, limit, order = page.url, room.attempt.deadline, page.locator(".stem").all_inner_texts()
    while not _is_on_disk(tmp_path / "profile", '"position":2'):
        page.wait_for_timeout(50)
    _kill(tmp_path / "profile")
    context = open_profile()
    # Cookies are written more rarely still: let them be gone.
    context.clear_cookies()
    page = context.new_page()
    page.goto(address)
    _sign_in(page)
    again = Room(page).ready()
    again.expect_saved()
    assert (again.stored_places(1), again.stored_places(2)) == ([1], [2])
    assert again.chosen() == [2]
    assert page.locator(".stem").all_inner_texts() == order
    assert again.attempt.deadline == limit


# The network


def test_five_minutes_without_network_and_a_reload_in_them_lose_nothing(
    page: Page, context: BrowserContext, clock: Any
) -> None:
    clock.run()
    page.clock.install(time=clock.now)
    room = Room.start(page)
    context.set_offline(True)
    for position in range(1, 6):
        room.go(position)
        room.choose(1 + position % 4)
        clock.move(minutes=1)
        page.clock.fast_forward("01:00")
    expect(room.saved).to_have_text("5 answers waiting for the network")
    expect(room.saved).to_have_attribute("data-state", "offline")
    expect(room.clock).to_contain_text("0:42:5")
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    context.set_offline(False)
    page.reload()
    room.ready()
    room.expect_saved()
    assert [room.stored_places(position) for position in range(1, 6)] == [[2], [3], [4], [1], [2]]
    # Each counts from when it was given, not from when it came.
    minutes = [room.stored(position).choice_at // 60_000 for position in range(1, 6)]
    assert minutes == [0, 1, 2, 3, 4]
    assert room.events("clock_ahead") == 0
    assert room.kept() == []
    expect(room.clock).to_contain_text("0:42:")


def test_on_a_slow_network_that_loses_much_every_answer_arrives(page: Page) -> None:
    sent = []

    def lossy(route: Any) -> None:
        sent.append(route.request.url)
        if len(sent) % EVERY_THIRD == 0:
            route.abort()
        else:
            route.continue_()

    page.route("**/responses/**", lossy)
    room = Room.start(page)
    line = page.context.new_cdp_session(page)
    line.send("Network.clearBrowserCache")
    line.send("Network.emulateNetworkConditions", SLOW_3G)
    # The question can be read and answered before the scripts are there, and what was clicked then counts.
    page.reload(wait_until="commit")
    room.choose(2)
    expect(page.locator("#room:not([data-ready])")).to_be_visible()
    room.ready()
    first_paint = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
    assert page.evaluate(first_paint) < READABLE_WITHIN
    for position in range(2, 5):
        room.go(position)
        room.choose(1)
        room.choose(3)
    room.expect_saved()
    assert len(sent) >= EVERY_THIRD
    assert [room.stored_places(position) for position in range(1, 5)] == [[2], [3], [3], [3]]


def test_a_reload_while_a_save_is_under_way_asks_nothing_and_keeps_the_newest(page: Page) -> None:
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.accept()))
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    page.route("**/responses/**", lambda route: None)
    room.choose(2)
    expect(room.saved).to_have_text("Saving…")
    room.choose(3)
    page.unroute("**/responses/**")
    page.reload()
    room.ready()
    # The page is served with what was saved before; what the device had kept is sent a moment later.
    until(lambda: room.chosen() == [3] and room.stored_places(1) == [3], "the newest answer is shown and stored")
    room.expect_saved()
    assert asked == []


# Pages that come back


def _other_device(room: Room, new_context: Callable[..., BrowserContext]) -> Room:
    page = new_context(storage_state=room.page.context.storage_state()).new_page()
    page.goto(f"/attempts/{room.code}/")
    return Room(page).ready()


def test_the_back_button_shows_what_holds_and_not_what_the_form_held(
    page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    room = Room.start(page)
    room.choose(1)
    room.expect_saved()
    other = _other_device(room, new_context)
    page.goto("/notes/")
    other.choose(3)
    other.expect_saved()
    page.go_back()
    room.ready()
    assert room.chosen() == [3]
    assert room.events("saved") == 2


# A page whose script has asked for anything is not kept, so this one is not let see that it was long under way and
# ask for the time at once. What it is when it comes back is noted before its own script does anything about it.
KEEP_AND_NOTE = """
performance.getEntriesByType = () => [];
addEventListener("pageshow", (event) => { if (event.persisted) sessionStorage.setItem(location.pathname, "kept"); });
"""


@pytest.fixture
def kept_page(chromium: Browser, live_server: Any, console: Console) -> Iterator[Page]:
    """A page of a browser that keeps pages for the back button."""
    browser = chromium.browser_type.launch(
        executable_path=tiers.chromium(), args=ARGUMENTS, ignore_default_args=LIKE_PEOPLE
    )
    context = browser.new_context(base_url=live_server.url)
    context.set_default_timeout(TIMEOUT)
    context.add_init_script(KEEP_AND_NOTE)
    context.on("page", console.watch)
    yield context.new_page()
    browser.close()


def test_a_page_kept_for_the_back_button_is_loaded_anew(
    kept_page: Page, new_context: Callable[..., BrowserContext]
) -> None:
    page = kept_page
    room = Room.start(page)
    other = _other_device(room, new_context)
    page.goto("/notes/")
    other.choose(3)
    other.expect_saved()
    # A page that was kept is not loaded, which is all that Playwright's own way back would wait for.
    page.evaluate("history.back()")
    expect(room.option(3)).to_be_checked()
    assert page.evaluate("sessionStorage.getItem(location.pathname)") == "kept"
    page.goto("/notes/")
    other.submit()
    other.page.wait_for_url("**/report/")
    page.evaluate("history.back()")
    page.wait_for_url("**/report/")


# The clock of a tab that nobody looks at


def test_a_tab_that_is_hardly_let_run_keeps_the_time_and_says_its_marks(page: Page, clock: Any) -> None:
    clock.run()
    page.clock.install(time=clock.now)
    room = Room.start(page)
    with page.expect_response("**/clock/"):
        page.evaluate("window.dispatchEvent(new Event('online'))")
    # From here on it has to keep the time alone.
    page.route("**/clock/", lambda route: route.abort())
    left = timedelta(minutes=48)
    for minutes, words in (
        (30, "30 minutes left"),
        (10, "10 minutes left"),
        (5, "5 minutes left"),
        (1, "1 minute left"),
    ):
        said = room.announced.inner_text()
        step = left - timedelta(minutes=minutes, seconds=30)
        clock.move(seconds=step.total_seconds())
        # Every timer that is due runs once, however long it has been: no ticks to count.
        page.clock.fast_forward(step // timedelta(milliseconds=1))
        expect(room.clock).to_contain_text(f"0:{minutes:02}:")
        assert room.announced.inner_text() == said
        clock.move(seconds=30)
        page.clock.fast_forward(30_000)
        expect(room.announced).to_have_text(words)
        left = timedelta(minutes=minutes)
        _expect_true_time(room, clock)


def _expect_true_time(room: Room, clock: Any) -> None:
    """The time that is shown is rounded up, and drawn anew once a second: right after that it is the server's."""
    deadline: Any = room.attempt.deadline
    for _ in range(100):
        earliest = (deadline - clock.now).total_seconds()
        shown = _seconds(room.clock.inner_text())
        if (deadline - clock.now).total_seconds() - ONE_SECOND <= shown <= earliest + ONE_SECOND:
            return
        room.page.wait_for_timeout(50)
    raise AssertionError(f"{shown} s are shown while {earliest} s remain")


def _seconds(text: str) -> int:
    hours, minutes, seconds = map(int, text.split(":"))
    return 3600 * hours + 60 * minutes + seconds
