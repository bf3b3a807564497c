"""A quiz is given to a class in the browser, and sat by a learner who finds it at home."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Assignment, Attempt, Classroom
from sapro.accounts.models import User
from tests import factories
from tests.browser.test_pages import SIZES, check
from tests.browser.test_teach_quizzes import sign_in
from tests.own_classes import assign, enroll, make_class, make_group
from tests.own_quizzes import begin

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(transactional_db: None) -> User:
    """An instructor."""
    return factories.make_instructor("ada")


@pytest.fixture
def classroom(ada: User) -> Classroom:
    """Her class, with a group."""
    found = make_class(ada, name="Networks, evening course")
    make_group(found, "Early birds")
    return found


def test_a_quiz_is_given_and_sat_without_scripts(
    new_context: Callable[..., BrowserContext], live_server: Any, ada: User, classroom: Classroom, person: Any,
    console: Any,
) -> None:  # fmt: skip
    console.allow("422")
    enroll(classroom, person)
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 2))
    desk = sign_in(new_context(java_script_enabled=False), ada, live_server.url).new_page()
    desk.goto(f"/teach/classes/{classroom.code}/assignments/")
    desk.get_by_role("link", name="Give a quiz").click()
    desk.get_by_label("Which quiz").select_option(label=quiz.title)
    desk.get_by_role("button", name="Next: the terms").click()
    desk.get_by_label("Due").fill("2036-11-30T17:00:00")
    desk.get_by_label("Closes").fill("2036-11-30T16:00:00")
    desk.get_by_role("button", name="Give it").click()
    expect(desk.locator("#id_due_at_error")).to_contain_text("due after it closes")
    expect(desk.get_by_label("Due")).to_have_value("2036-11-30T17:00")
    desk.get_by_label("Closes").fill("2036-11-30T18:00:00")
    desk.get_by_role("button", name="Give it").click()
    expect(desk.get_by_text("0 of 1")).to_be_visible()
    room = sign_in(new_context(java_script_enabled=False), person, live_server.url).new_page()
    room.goto("/")
    expect(room.locator("section", has_text="Due").get_by_text("Networks, evening course")).to_be_visible()
    room.get_by_role("link", name="Rules and start").click()
    room.get_by_role("button", name="Start the exam").click()
    room.wait_for_url("**/attempts/**")
    assert Attempt.objects.get().assignment == Assignment.objects.get()
    desk.reload()
    expect(desk.get_by_text("1 of 1")).to_be_visible()


def test_pages_have_no_findings(
    new_context: Callable[..., BrowserContext], live_server: Any, ada: User, classroom: Classroom, person: Any,
    clock: Any, console: Any, now: Any,
) -> None:  # fmt: skip
    console.allow("409|422")
    day = timedelta(days=1)
    questions = factories.make_authored(ada, 3)
    quizzes = [factories.make_teachers_quiz(ada, questions, pass_mark=60) for _ in range(3)]
    enroll(classroom, person)
    enroll(classroom, ada)
    given = assign(classroom, quizzes[0], due_at=now + day, closes_at=now + 2 * day, attempts_allowed=2)
    assign(classroom, quizzes[1], due_at=now - day)
    assign(classroom, quizzes[2], withdrawn_at=now)
    begin(person, quizzes[0], questions, now, assignment=given, state="submitted", ended_at=now)
    page: Page = sign_in(
        new_context(viewport=SIZES["phone"], color_scheme="light", reduced_motion="reduce"), ada, live_server.url
    ).new_page()
    listed = f"/teach/classes/{classroom.code}/assignments/"
    wrong = []
    for address in (listed, f"/assignments/{given.code}/", "/"):
        page.goto(address)
        wrong += check(page, address)
    page.goto(f"/teach/assignments/{given.code}/")
    page.get_by_label("Closes").fill("2016-01-01T00:00:00")
    page.get_by_role("button", name="Save the terms").click()
    expect(page.get_by_role("alert")).to_contain_text("has passed")
    wrong += check(page, "refused")
    assert wrong == []
