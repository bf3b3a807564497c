"""Quizzes of instructors in the browser: made, looked at, published, and sat by somebody else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.engine.content import Content, Option
from quizzes.models import Attempt, Question, Quiz, Section
from quizzes.services.bank import make_version
from sapro.accounts.models import User
from tests import factories
from tests.browser.exam_room import Room
from tests.browser.test_pages import check, view  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


def sign_in(context: BrowserContext, person: Any, address: str) -> BrowserContext:
    """Let this browser be this person, as a sign-in would."""
    session = SessionStore()
    session["_auth_user_id"] = str(person.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = person.get_session_auth_hash()
    session.save()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": str(session.session_key), "url": address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], live_server: Any, ada: User) -> Page:
    """Ada's browser."""
    return sign_in(new_context(viewport={"width": 1280, "height": 900}), ada, live_server.url).new_page()


@pytest.fixture
def plain_desk(new_context: Callable[..., BrowserContext], live_server: Any, ada: User) -> Page:
    """Ada's browser without JavaScript."""
    return sign_in(new_context(java_script_enabled=False), ada, live_server.url).new_page()


def make(page: Page, *, questions: int) -> str:
    """Make a quiz of chosen questions and a draw, and publish it. The address for learners."""
    page.goto("/teach/")
    page.get_by_role("link", name="Quizzes").click()
    page.get_by_role("link", name="New quiz").click()
    page.get_by_label("Title").fill("Gateways")
    page.get_by_role("button", name="Make it").click()
    page.get_by_role("link", name="Choose questions").click()
    for box in page.locator(".picks input").all()[:questions]:
        box.check()
    page.get_by_role("button", name="Add the chosen ones").click()
    expect(page.get_by_text("2 questions added.")).to_be_visible()
    page.locator("ol.stack").get_by_role("button", name="Down").first.click()
    page.get_by_role("link", name="Back to all sections").click()
    page.get_by_role("link", name="Drawn at random").click()
    page.get_by_label("How many questions").fill("2")
    page.get_by_label("Tags").fill("made")
    page.get_by_role("button", name="Save the section").click()
    expect(page.locator(".filled")).to_have_count(2)
    page.get_by_role("link", name="Settings").click()
    page.get_by_label("Pass mark").fill("50")
    page.get_by_role("button", name="Save the settings").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    expect(page.get_by_text("Question 1 of 4")).to_be_visible()
    page.get_by_role("link", name="Publish and share").click()
    page.get_by_role("button", name="Publish with 4 questions").click()
    expect(page.locator("svg.qr")).to_be_visible()
    return page.locator(".address").inner_text()


def test_a_quiz_is_made_and_sat_in_another_browser(desk: Page, page: Page, ada: User, clock: Any) -> None:
    factories.make_authored(ada, 6)
    address = make(desk, questions=2)
    page.goto(address)
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_url("**/attempts/*/")
    room = Room(page).ready()
    for position in range(1, 5):
        room.go(position)
        room.choose(1)
    room.submit()
    page.wait_for_url("**/report/")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^(Passed|Not passed)$"))
    page.get_by_role("link", name="Review all 4 questions").click()
    expect(page.get_by_text("canary").first).to_be_visible()
    assert Attempt.objects.get().quiz == Quiz.objects.get()


def test_the_same_without_scripts(plain_desk: Page, plain_page: Page, ada: User, clock: Any) -> None:
    factories.make_authored(ada, 6)
    plain_page.goto(make(plain_desk, questions=2))
    plain_page.get_by_role("button", name="Start the exam").click()
    for _position in range(4):
        plain_page.locator("section:visible input[name=choice]").first.check()
        plain_page.get_by_role("button", name="Next").click()
    plain_page.get_by_role("button", name="Submit the exam").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text(re.compile("^(Passed|Not passed)$"))


def test_what_was_typed_outlives_an_error_and_another_editor(desk: Page, ada: User, clock: Any, console: Any) -> None:
    console.allow("422|409")
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 3), published=False)
    desk.goto(f"/teach/quizzes/{quiz.slug}/settings/")
    desk.get_by_label("What learners read before the start").fill("Bring a pencil.")
    desk.get_by_label("Closing ends attempts").check()
    desk.get_by_role("button", name="Save the settings").click()
    expect(desk.get_by_text("There is no closing time").first).to_be_visible()
    expect(desk.get_by_label("What learners read before the start")).to_have_value("Bring a pencil.")
    Quiz.objects.filter(pk=quiz.pk).update(title="Another title", revision=1)
    desk.get_by_label("Closing ends attempts").uncheck()
    desk.get_by_role("button", name="Save the settings").click()
    expect(desk.get_by_text("Title: Another title")).to_be_visible()
    expect(desk.get_by_label("What learners read before the start")).to_have_value("Bring a pencil.")
    desk.get_by_role("button", name="Save the settings").click()
    expect(desk.get_by_text("The settings are saved.")).to_be_visible()
    quiz.refresh_from_db()
    assert (quiz.summary, quiz.revision) == ("Bring a pencil.", 2)


def sit(page: Page, quiz: Quiz) -> Room:
    """Start a quiz as whoever this browser is."""
    return Room.start(page, slug=quiz.slug)


def test_an_exam_is_paused_and_goes_on(
    page: Page, context: BrowserContext, ada: User, clock: Any, console: Any
) -> None:
    console.allow("409")
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 3), pause_allowed=True)
    room = sit(page, quiz)
    room.choose(1)
    other = context.new_page()
    other.goto(page.url)
    Room(other).ready()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Paused")).to_be_visible()
    expect(page.locator(".stem")).to_have_count(0)
    assert len(room.stored(1).choice) == 1
    # The other tab learns of it as soon as it wants to save.
    Room(other).go(2)
    Room(other).choose(1)
    expect(other.get_by_role("heading", name="Paused")).to_be_visible()
    clock.move(minutes=30)
    page.get_by_role("button", name="Go on with the exam").click()
    Room(page).ready()
    assert room.attempt.paused == 30 * 60_000
    room.expect_saved()
    assert room.chosen() == [1]
    other.close()
    room.submit()
    page.wait_for_url("**/report/")
    expect(page.get_by_text("paused for 30 minutes")).to_be_visible()


def test_forward_only_shows_no_way_back(page: Page, ada: User, clock: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 4), forward_only=True)
    room = sit(page, quiz)
    expect(page.locator("#previous")).to_be_hidden()
    room.choose(1)
    room.expect_saved()
    clock.move(seconds=2)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#position")).to_have_text("Question 3 of 4")
    expect(room.cell(1)).to_be_disabled()
    expect(room.cell(2)).to_be_disabled()
    page.keyboard.press("p")
    expect(page.locator("#position")).to_have_text("Question 3 of 4")
    room.expect_saved()
    page.goto(page.url.split("?")[0] + "?q=1")
    room.ready()
    expect(page.locator("#position")).to_have_text("Question 3 of 4")
    assert room.stored(3).choice_at >= 0
    room.go("review")
    expect(page.get_by_text("This exam goes forward only")).to_be_visible()
    room.go(3)
    room.choose(2)
    room.expect_saved()


def test_what_is_typed_arrives_before_the_next_question_is_reached(page: Page, ada: User, clock: Any) -> None:
    questions = factories.make_authored(ada, 3)
    version = questions[0].current
    assert version is not None
    content = Content(
        kind="short_text", stem="What is it?", choose=1, order="fixed", options=(Option("a", "it", True, "Because."),),
        extra={"accepted": ["it"]},
    )  # fmt: skip
    made = make_version(content, question_id=questions[0].pk, number=2, now=clock.now)
    made.save()
    Question.objects.filter(pk=questions[0].pk).update(current=made)
    room = sit(page, factories.make_teachers_quiz(ada, questions, forward_only=True))
    page.locator("section:visible input[name=choice]").fill("it")
    page.get_by_role("button", name="Next").click()
    room.expect_saved()
    assert (room.stored(1).choice, room.stored(2).choice_at >= 0) == (["it"], True)
    assert room.events("passed") == 0


def test_another_tab_that_lags_behind_is_told(
    page: Page, context: BrowserContext, ada: User, clock: Any, console: Any
) -> None:
    console.allow("409")
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 4), forward_only=True)
    room = sit(page, quiz)
    other = context.new_page()
    other.goto(page.url)
    behind = Room(other).ready()
    page.get_by_role("button", name="Next").click()
    room.expect_saved()
    behind.choose(1)
    expect(other.get_by_text("a later question was reached already")).to_be_visible()
    assert room.stored(1).choice == []
    # A repetition of it may be logged as well: what is refused can be sent twice, and changes nothing.
    refused = room.attempt.events.filter(kind="passed").values_list("at", "tab")
    assert len(set(refused)) == 1


def test_pages_have_no_findings(
    view: Page,  # noqa: F811
    ada: User,
    clock: Any,
    live_server: Any,
    console: Any,
) -> None:
    console.allow("409|422")
    sign_in(view.context, ada, live_server.url)
    questions = factories.make_authored(ada, 30)
    quiz = factories.make_teachers_quiz(
        ada, questions[:4], pause_allowed=True, pass_mark=60, access_code="Room 7", delay=600, attempts_allowed=3
    )
    Section.objects.create(quiz=quiz, position=2, source="draw", count=40, rule={"pool": "own", "tags": ["made"]})
    draft = factories.make_teachers_quiz(ada, questions[:4], published=False)
    base = f"/teach/quizzes/{quiz.slug}/"
    first = quiz.sections.get(position=1).pk
    pages = {
        "list": "/teach/quizzes/",
        "new": "/teach/quizzes/new/",
        "sections": base,
        "section": f"{base}sections/{first}/",
        "nothing-found": f"{base}sections/{first}/?q=zebra",
        "draw": f"{base}sections/draw/",
        "blueprint": f"{base}sections/blueprint/",
        "settings": f"{base}settings/",
        "publish": f"{base}publish/",
        "publish-draft": f"/teach/quizzes/{draft.slug}/publish/",
        "preview": f"/teach/quizzes/{draft.slug}/preview/",
        "preview-phone": f"/teach/quizzes/{draft.slug}/preview/?width=phone",
        "learner": f"/quizzes/{quiz.slug}/",
    }
    wrong = []
    for name, address in pages.items():
        view.goto(address)
        wrong += check(view, name)
    view.goto(f"{base}settings/")
    view.get_by_label("Pass mark").fill("500")
    view.locator("form.sets").evaluate("(form) => { form.noValidate = true; }")
    view.get_by_role("button", name="Save the settings").click()
    wrong += check(view, "settings-error")
    Section.objects.filter(quiz=quiz, position=2).delete()
    view.goto(f"/quizzes/{quiz.slug}/")
    view.get_by_label("Access code").fill("Room 7")
    view.get_by_role("button", name="Start the exam").click()
    Room(view).ready()
    wrong += check(view, "room")
    view.get_by_role("button", name="Pause").click()
    expect(view.get_by_role("heading", name="Paused")).to_be_visible()
    wrong += check(view, "paused")
    view.get_by_role("button", name="Go on with the exam").click()
    room = Room(view).ready()
    view.goto(view.url.split("?")[0] + "?q=review")
    room.ready()
    view.get_by_role("button", name="Submit the exam").click()
    view.locator("#confirm [value=submit]").click()
    view.wait_for_url("**/report/")
    wrong += check(view, "result")
    assert wrong == []
