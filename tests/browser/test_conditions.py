"""Conditions granted while an exam is open: by the instructor's page, and as they arrive in the learner's room."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Assignment, Condition
from quizzes.services.delivery import start_assignment
from sapro.accounts.models import User
from tests import factories
from tests.browser import axe
from tests.browser.exam_room import Room
from tests.browser.test_teach_quizzes import sign_in
from tests.own_classes import assign, enroll, make_class

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BEAT = 31_000


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def ann(transactional_db: None, django_user_model: Any) -> Any:
    return django_user_model.objects.create_user("ann")


@pytest.fixture
def given(ada: User, ann: User) -> Assignment:
    """An exam of an hour, given to a class with Ann in it."""
    classroom = make_class(ada, name="Architects, evening")
    enroll(classroom, ann)
    return assign(classroom, factories.make_teachers_quiz(ada, factories.make_authored(ada, 3), time_limit=3600))


def open_room(page: Page, ann: Any, given: Assignment, now: Any) -> Room:
    attempt = start_assignment(person_id=ann.pk, assignment_id=given.pk, time_option="standard", grace=2, now=now)
    page.goto(f"/attempts/{attempt.code}/")
    return Room(page).ready()


def test_what_is_granted_arrives_in_the_open_room(
    new_context: Callable[..., BrowserContext], live_server: Any, ada: User, ann: Any, given: Assignment, clock: Any
) -> None:
    page = sign_in(new_context(), ann, live_server.url).new_page()
    page.clock.install(time=clock.now)
    room = open_room(page, ann, given, clock.now)
    pause = page.get_by_role("button", name="Pause")
    expect(room.clock).to_have_text("1:00:00")
    expect(pause).to_be_hidden()

    desk = sign_in(new_context(), ada, live_server.url).new_page()
    desk.goto(f"/teach/assignments/{given.code}/conditions/{ann.pk}/")
    desk.get_by_label("Extra time").select_option("1.5")
    desk.get_by_label("May take breaks").check()
    expect(desk.locator("#outcome")).to_contain_text("Time limit 90 minutes instead of 60 minutes.")
    expect(desk.locator("#outcome")).to_contain_text("is under way. It ends on")
    desk.get_by_role("button", name="Grant this").click()
    expect(desk.get_by_text("The learner is told")).to_be_visible()
    assert axe.findings(desk) == []
    assert Condition.objects.get().factor == 1.5

    _pass(page, clock, BEAT)
    expect(room.clock).to_contain_text("1:29:2")
    expect(pause).to_be_visible()
    expect(room.announced).to_contain_text("You were given 30 more minutes. 1:29:2")
    expect(room.announced).to_contain_text("You may pause this exam now")

    desk.get_by_label("Quiet clock").check()
    desk.get_by_label("Minutes more").fill("10")
    desk.get_by_role("button", name="Grant this").click()
    expect(desk.get_by_text("holds", exact=True)).to_be_visible()
    page.evaluate("document.getElementById('announce').textContent = ''")
    _pass(page, clock, BEAT)
    expect(room.clock).to_be_hidden()
    # Through the last minutes: nothing comes back, nothing is said; and it is shown when it is asked for.
    _pass(page, clock, 96 * 60_000)
    _pass(page, clock, BEAT)
    expect(room.clock).to_be_hidden()
    expect(room.announced).to_be_empty()
    page.get_by_role("button", name="Show the time").click()
    expect(room.clock).to_contain_text("0:02:")
    expect(room.clock).to_have_class("clock")


def _pass(page: Page, clock: Any, milliseconds: int) -> None:
    clock.move(milliseconds=milliseconds)
    with page.expect_response("**/clock/"):
        page.clock.fast_forward(milliseconds)
