"""An instructor watches an assignment and acts on it while a learner sits it in another browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes import clock as site_clock
from quizzes.models import Assignment, Attempt
from sapro.accounts.models import User
from tests import factories
from tests.browser.exam_room import NETWORK_IS_CUT, Room
from tests.browser.test_pages import check
from tests.browser.test_teach_quizzes import sign_in
from tests.own_classes import assign, enroll, grant, make_class, make_learners
from tests.own_quizzes import begin, give, make_own_quiz, sat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def given(ada: User) -> Assignment:
    """An exam of four questions for a class of Ada."""
    questions = factories.make_authored(ada, 4)
    return assign(make_class(ada), make_own_quiz(ada, questions, title="Gateways"))


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], live_server: Any, ada: User) -> Page:
    """Ada’s browser, of a phone’s size; its clock is turned on by hand."""
    context = new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    page = sign_in(context, ada, live_server.url).new_page()
    page.clock.install()
    return page


def test_it_shows_what_happens_extends_and_ends(
    desk: Page, context: BrowserContext, ada: User, given: Assignment, live_server: Any, clock: Any, console: Any
) -> None:
    console.allow("409|" + NETWORK_IS_CUT)
    ann = User.objects.create_user("ann")
    enroll(given.classroom, ann)
    attempt = begin(ann, given.quiz, questions_of(given), site_clock.read(), assignment=given)
    page = sign_in(context, ann, live_server.url).new_page()
    page.goto(attempt.get_absolute_url())
    room = Room(page).ready()
    desk.goto(f"/teach/assignments/{given.code}/live/")
    expect(desk.get_by_text("0 of 4")).to_be_visible()
    room.choose(1)
    room.expect_saved()
    desk.clock.run_for(10_000)
    expect(desk.get_by_text("1 of 4")).to_be_visible()

    desk.get_by_role("button", name="Pause updates").click()
    room.go(2)
    room.choose(1)
    room.expect_saved()
    desk.clock.run_for(30_000)
    expect(desk.get_by_text("1 of 4")).to_be_visible()
    desk.get_by_role("button", name="Pause updates").click()
    expect(desk.get_by_text("2 of 4")).to_be_visible()

    desk.context.set_offline(True)
    desk.clock.run_for(10_000)
    expect(desk.get_by_text("No connection. What you see is from 12:00:00")).to_be_visible()
    desk.context.set_offline(False)
    desk.clock.run_for(10_000)
    expect(desk.get_by_role("alert")).to_be_hidden()

    desk.get_by_role("link", name="More time for all at work").click()
    desk.get_by_label("Minutes more").fill("30")
    desk.get_by_role("button", name="Give all of them more time").click()
    expect(desk.get_by_text("1 learner got 30 minutes more.")).to_be_visible()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(room.announced).to_contain_text("You were given 30 more minutes. 1:30")

    desk.get_by_role("link", name="End the attempt of ann", exact=True).click()
    desk.get_by_label("Why").fill("Fire alarm")
    desk.get_by_role("button", name="End it now").click()
    expect(desk.get_by_text("The attempt of ann has ended.")).to_be_visible()
    expect(desk.locator(".state")).to_have_text("submitted")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.get_by_role("heading", name="This exam is over")).to_be_visible()


def questions_of(given: Assignment) -> list[Any]:
    """The questions of its quiz, in order."""
    return [
        one.question for one in given.quiz.sections.get().fixed.order_by("position").select_related("question__current")
    ]


def test_pages_have_no_findings(desk: Page, ada: User, given: Assignment, clock: Any, console: Any) -> None:
    console.allow("422")
    desk.goto(f"/teach/assignments/{given.code}/live/")
    wrong = check(desk, "nobody")
    questions, now = questions_of(given), site_clock.read()
    people = make_learners(given.classroom, 6)
    given.classroom.memberships.filter(person=people[0]).update(name="Maximiliana-Alexandra von Hohenstaufen " * 3)
    grant(people[0], factor=2)
    for number, person in enumerate(people[:3]):
        attempt = begin(person, given.quiz, questions, now, assignment=given)
        give(attempt, number + 1, ["a"], now + timedelta(minutes=number))
    Attempt.objects.filter(person=people[1]).update(paused_at=now)
    sat(people[3], given.quiz, questions, now - timedelta(days=1), assignment=given)
    given.classroom.memberships.filter(person=people[3]).update(left_at=now)
    base = f"/teach/assignments/{given.code}/live/"
    running = Attempt.objects.get(person=people[0]).code
    addresses = {"live": base, "extend-all": f"{base}extend/"}
    for name, address in addresses.items():
        desk.goto(address)
        wrong += check(desk, name)
    desk.goto(f"{base}{running}/void/")
    desk.get_by_role("button", name="Declare it void").click()
    expect(desk.get_by_text("Say why").first).to_be_visible()
    wrong += check(desk, "void-error")
    assert wrong == []
