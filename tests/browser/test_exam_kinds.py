"""Every kind of question in the room, answered by keyboard alone, without scripts, and while the network is away."""

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests import kinds
from tests.browser import axe
from tests.browser.exam_room import NETWORK_IS_CUT, Replies, Room
from tests.quizzes.practice.conftest import begin
from tests.security.people import BACKEND

DONE = re.compile(r"\bdone\b")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def slug(course: None, now: datetime) -> str:
    return kinds.make_quiz(now).slug


def by_keyboard(room: Room, position: int) -> str:
    """Give the right response to the question on the screen with keys alone; the kind."""
    row, press = room.stored(position), room.page.keyboard.press
    kind, sent = row.version.kind, kinds.right(row.version.kind, row.shown_order)
    if kind in ("numeric", "short_text"):
        press("1")
        room.page.keyboard.type(sent[0])
        press("Tab")
    elif kind in ("ordering", "matching"):
        for one in sent:
            part, place = one.split("-")
            room.sheet.locator("select").nth(int(part) - 1).focus()
            for _ in range(int(place)):
                press("ArrowDown")
    else:
        for one in sent:
            press(one)
    return kind


def test_all_of_them_by_keyboard_alone(page: Page, slug: str) -> None:
    room = Room.start(page, slug=slug)
    seen = set()
    for position in range(1, 8):
        seen.add(by_keyboard(room, position))
        expect(room.cell(position)).to_have_class(DONE)
        page.locator("#next").focus()
        page.keyboard.press("Enter")
    assert seen == set(kinds.contents())
    expect(page.locator("[data-tally=answered]")).to_have_text("7")
    room.submit()
    page.wait_for_url("**/report/")
    assert room.attempt.results.get().raw == 7


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_to_complain_of(page: Page, slug: str, width: int, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    room = Room.start(page, slug=slug)
    for position in range(1, 8):
        assert axe.findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), position
        room.page.locator("#next").click()
    page.get_by_role("button", name="Submit the exam").click()
    page.locator("#confirm [value=submit]").click()
    page.wait_for_url("**/report/")
    page.goto(page.url.replace("/report/", "/review/"))
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_text_typed_while_the_network_is_away_is_sent_when_it_is_back(page: Page, slug: str, console: Any) -> None:
    console.allow(NETWORK_IS_CUT)
    replies = Replies(page)
    room = Room.start(page, slug=slug)
    position = next(one for one in range(1, 8) if room.stored(one).version.kind == "short_text")
    room.go(position)
    replies.lost = True
    room.sheet.locator("input[type=text]").fill("route table")
    expect(room.saved).to_have_attribute("data-state", "waiting")
    assert room.stored(position).choice == []
    replies.lost = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    room.expect_saved()
    assert room.stored(position).choice == ["route table"]


def test_what_is_being_typed_is_not_overwritten_by_what_is_heard(page: Page, slug: str) -> None:
    room = Room.start(page, slug=slug)
    position = next(one for one in range(1, 8) if room.stored(one).version.kind == "short_text")
    room.go(position)
    field = room.sheet.locator("input[type=text]")
    field.press_sequentially("route", delay=0)
    page.locator("#flag").click()
    field.focus()
    field.press("End")
    field.press_sequentially(" table by hand", delay=30)
    expect(field).to_have_value("route table by hand")
    room.go("review")
    room.expect_saved()
    assert room.stored(position).choice == ["route table by hand"]


def test_a_reload_shows_what_was_given(page: Page, slug: str) -> None:
    room = Room.start(page, slug=slug)
    for position in range(1, 8):
        room.go(position)
        by_keyboard(room, position)
    room.go("review")
    room.expect_saved()
    given = {position: room.stored(position).choice for position in range(1, 8)}
    room.reload()
    expect(page.locator("[data-tally=answered]")).to_have_text("7")
    for position in range(1, 8):
        room.go(position)
        expect(room.cell(position)).to_have_class(DONE)
    assert {position: room.stored(position).choice for position in range(1, 8)} == given


def test_without_scripts(plain_page: Page, slug: str) -> None:
    room = Room.start(plain_page, scripts=False, slug=slug)
    for position in range(1, 8):
        row = room.stored(position)
        for one in kinds.right(row.version.kind, row.shown_order):
            if row.version.kind in ("ordering", "matching"):
                part = int(one.split("-")[0])
                room.sheet.locator("select").nth(part - 1).select_option(one)
            elif row.version.kind in ("numeric", "short_text"):
                room.sheet.locator("input[type=text]").fill(one)
            else:
                room.sheet.locator(f"input[name=choice][value='{one}']").check()
        plain_page.get_by_role("button", name="Next").click()
    plain_page.get_by_role("button", name="Submit the exam").click()
    plain_page.wait_for_url("**/report/")
    assert room.attempt.results.get().raw == 7


def test_practice_of_every_kind(
    page: Page, slug: str, person: Any, client: Any, now: datetime, live_server: Any
) -> None:
    client.force_login(person, backend=BACKEND)
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    session = begin(person, now)
    rows = {row.position: row for row in session.responses.select_related("version")}
    kinds_left = set(kinds.contents())
    for position, row in rows.items():
        if not row.question.code.startswith("kind-"):
            continue
        page.goto(f"/practice/sessions/{session.code}/?q={position}")
        for one in kinds.right(row.version.kind, row.shown_order):
            if row.version.kind in ("ordering", "matching"):
                page.locator("#practice select").nth(int(one.split("-")[0]) - 1).select_option(one)
            elif row.version.kind in ("numeric", "short_text"):
                page.locator("#practice .typed input").fill(one)
            else:
                page.locator(f"#practice input[name=choice][value='{one}']").check()
        page.get_by_role("button", name="Check the answer").click()
        expect(page.locator(".feedback.right")).to_be_visible()
        assert axe.findings(page) == []
        kinds_left.discard(row.version.kind)
    assert kinds_left == set()


def steps(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".parts:visible .piece .t").all_inner_texts()]


def test_steps_are_moved_by_buttons(page: Page, slug: str) -> None:
    room = Room.start(page, slug=slug)
    position = next(one for one in range(1, 8) if room.stored(one).version.kind == "ordering")
    room.go(position)
    wanted = ["Stop the writes", "Promote the replica", "Point the name at it"]
    for place, text in enumerate(wanted):
        while steps(page).index(text) > place:
            button = room.sheet.locator(".piece", has_text=text).locator("[data-move='-1']")
            button.focus()
            page.keyboard.press("Enter")
            expect(button).to_be_focused()
    last = room.sheet.locator(".piece").nth(2).locator("[data-move='1']")
    last.click()
    expect(room.sheet.locator("[data-moved]")).to_have_text(re.compile("Step [ABC] is at place 3 now."))
    assert steps(page) == wanted
    room.expect_saved()
    assert sorted(room.stored(position).choice) == ["a>1", "b>2", "c>3"]
    room.reload()
    assert steps(page) == wanted
    room.sheet.locator("[data-clear]").click()
    room.expect_saved()
    assert room.stored(position).choice == []


def test_steps_are_moved_in_practice_too(
    page: Page, slug: str, person: Any, client: Any, now: datetime, live_server: Any
) -> None:
    client.force_login(person, backend=BACKEND)
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    session = begin(person, now)
    row = session.responses.get(version__kind="ordering")
    page.goto(f"/practice/sessions/{session.code}/?q={row.position}")
    for place, text in enumerate(["Stop the writes", "Promote the replica", "Point the name at it"]):
        page.locator(".piece", has_text=text).locator("[data-move='1']").click()
        while steps(page).index(text) > place:
            page.locator(".piece", has_text=text).locator("[data-move='-1']").click()
    page.get_by_role("button", name="Check the answer").click()
    expect(page.locator(".feedback.right")).to_be_visible()
