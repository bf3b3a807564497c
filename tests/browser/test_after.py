"""After a quiz was used, in browsers: a key is corrected and marked again, a challenge is decided, learners see it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Attempt, Challenge, Question, Quiz
from quizzes.queries.sittings import A_PAGE
from quizzes.services import remarking
from quizzes.services.results import reveal_questions
from sapro.accounts.models import User
from tests import factories
from tests.browser.test_pages import SIZES, check
from tests.own_quizzes import begin, correct_key, make_own_quiz, sat, wrong_choice
from tests.security.people import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opens = Callable[..., Page]


@pytest.fixture
def teacher(transactional_db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def questions(course: None, teacher: User) -> list[Question]:
    return factories.make_authored(teacher, 4)


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    return make_own_quiz(teacher, questions, title="Networks, week 3", pass_mark=50)


@pytest.fixture
def attempt(quiz: Quiz, questions: list[Question], person: User, now: datetime) -> Attempt:
    """The learner has half of it right, and not the first."""
    return sat(person, quiz, questions, now - timedelta(hours=2), right={2})


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def opens(new_context: Callable[..., BrowserContext], live_server: Any, clock: Any) -> Opens:
    """A page of somebody who is signed in."""

    def open_page(person: User, **options: Any) -> Page:
        client = Client()
        client.force_login(person, backend=BACKEND)
        context = new_context(**options)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    return open_page


def test_a_wrong_key_is_corrected_and_the_learner_sees_both_scores(
    opens: Opens, scripts: bool, teacher: User, person: User, quiz: Quiz, questions: list[Question],
    attempt: Attempt, now: datetime,
) -> None:  # fmt: skip
    desk = opens(teacher, java_script_enabled=scripts)
    desk.goto(f"/teach/quizzes/{quiz.slug}/results/")
    expect(desk.locator("table.results tbody tr")).to_have_count(1)
    correct_key(questions[0], wrong_choice(questions[0]), now)
    desk.reload()
    desk.get_by_role("link", name="See what marking again would change").click()
    row = desk.get_by_role("row").filter(has=desk.get_by_role("link", name="learner"))
    expect(row).to_contain_text("(up)")
    expect(row).to_contain_text(re.compile("no → yes", re.IGNORECASE))
    desk.get_by_label("Why").fill("Option B was right all along.")
    desk.get_by_role("button", name="Mark again and tell the learners").click()
    expect(desk.get_by_text("1 attempt was marked again.")).to_be_visible()
    expect(desk.locator("table.results")).to_contain_text("2 of 4")
    desk.get_by_role("link", name="learner").click()
    expect(desk.get_by_role("heading", name="Marked more than once")).to_be_visible()

    learner = opens(person, java_script_enabled=scripts)
    learner.goto("/")
    expect(learner.locator(".notices")).to_contain_text("“Networks, week 3” was marked again")
    learner.get_by_role("link", name="See the result").click()
    lines = learner.locator(".again tbody tr")
    expect(lines.nth(0)).to_contain_text("1 of 4")
    expect(lines.nth(1)).to_contain_text("2 of 4")
    expect(lines.nth(1)).to_contain_text("Option B was right all along.")
    learner.get_by_role("button", name="Dismiss").click()
    expect(learner.get_by_role("heading", name="Marked more than once")).to_be_visible()
    expect(learner.locator(".notices")).to_have_count(0)
    learner.get_by_role("link", name=re.compile("^Review all")).click()
    expect(learner.get_by_text("The key of this question was corrected on November 23, 2026")).to_have_count(1)


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "declined"])
def test_a_challenge_comes_in_and_its_outcome_goes_back(
    opens: Opens, scripts: bool, accepted: bool, teacher: User, person: User, questions: list[Question],
    attempt: Attempt, now: datetime, console: Any,
) -> None:  # fmt: skip
    console.allow("422")
    reveal_questions(person_id=person.pk, codes=[questions[0].code], now=now)
    learner = opens(person, java_script_enabled=scripts)
    learner.goto(f"/challenges/questions/{questions[0].code}/")
    learner.get_by_label("The answer marked right is wrong").check()
    learner.get_by_label("In your words").fill("The balancer has had fixed addresses for years.")
    learner.get_by_role("button", name="Send").click()
    learner.goto("/accounts/")
    learner.get_by_role("link", name="My challenges").click()
    expect(learner.get_by_text("Nobody has decided yet.")).to_be_visible()

    desk = opens(teacher, java_script_enabled=scripts)
    desk.goto("/teach/")
    desk.get_by_role("link", name="1 challenge of a learner").click()
    desk.get_by_role("link", name="The answer marked right is wrong").click()
    desk.get_by_label("Accept" if accepted else "Decline").check()
    desk.get_by_role("button", name="Decide and tell them").click()
    expect(desk.get_by_text("Write a sentence").first).to_be_visible()
    assert desk.get_by_label("Accept" if accepted else "Decline").is_checked()
    desk.get_by_label("What you tell them").fill("Thank you. Option B is the key now.")
    desk.get_by_role("button", name="Decide and tell them").click()
    expect(desk.get_by_text("Decided.")).to_be_visible()

    learner.goto("/")
    words = "was accepted: Thank you." if accepted else "was declined: Thank you."
    expect(learner.locator(".notices")).to_contain_text(words)
    learner.get_by_role("link", name="See my challenges").click()
    expect(learner.get_by_text("Thank you. Option B is the key now.")).to_be_visible()
    learner.goto("/")
    learner.get_by_role("button", name="Dismiss").click()
    expect(learner.locator(".notices")).to_have_count(0)


def test_the_list_sorts_filters_and_pages_in_place(
    opens: Opens, teacher: User, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    for number in range(A_PAGE + 5):
        sat(User.objects.create_user(f"l{number:02d}"), quiz, questions[:1], now - timedelta(minutes=number))
    page = opens(teacher)
    page.goto(f"/teach/quizzes/{quiz.slug}/results/")
    first = page.locator("table.results tbody tr").first
    expect(first).to_contain_text("l00")
    page.evaluate("window.stayed = true")
    page.get_by_role("link", name="Who", exact=True).press("Enter")
    page.wait_for_url("**/results/?sort=who")
    page.get_by_role("link", name="Who", exact=True).press("Enter")
    page.wait_for_url("**/results/?sort=-who")
    expect(first).to_contain_text("l54")
    expect(page.locator("#by-who")).to_be_focused()
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**/results/?page=2&sort=-who")
    expect(page.locator("table.results tbody tr")).to_have_count(5)
    page.get_by_label("Learner").fill("l1")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**person=l1**")
    expect(page.locator("table.results tbody tr")).to_have_count(10)
    expect(first).to_contain_text("l19")
    assert page.evaluate("window.stayed") is True
    page.go_back()
    page.wait_for_url("**/results/?page=2&sort=-who")
    expect(page.locator("table.results tbody tr")).to_have_count(5)


def test_many_are_marked_again_part_by_part_without_a_click(
    opens: Opens, teacher: User, quiz: Quiz, questions: list[Question], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remarking.remark_quiz, "__kwdefaults__", {"at_most": 2})
    for number in range(7):
        sat(User.objects.create_user(f"l{number}"), quiz, questions, now - timedelta(minutes=number))
    correct_key(questions[0], wrong_choice(questions[0]), now)
    page = opens(teacher)
    page.goto(f"/teach/quizzes/{quiz.slug}/remark/")
    page.get_by_role("button", name="Mark again and tell the learners").click()
    page.wait_for_url("**/results/")
    expect(page.get_by_text("7 attempts were marked again.")).to_be_visible()


# How it looks


@pytest.mark.parametrize("size", SIZES)
def test_no_page_has_findings(
    opens: Opens, size: str, teacher: User, person: User, quiz: Quiz, questions: list[Question],
    attempt: Attempt, now: datetime, console: Any,
) -> None:  # fmt: skip
    for number in range(3):
        sat(User.objects.create_user(f"l{number}"), quiz, questions, now - timedelta(minutes=number), right={1, 2})
    begin(User.objects.create_user("somebody.with.a.very.long.name"), quiz, questions, now - timedelta(minutes=9))
    correct_key(questions[0], wrong_choice(questions[0]), now)
    challenge = Challenge.objects.create(
        person=person, question=questions[0], version=questions[0].versions.first(), flaw="key",
        text="It is another one.", evidence=f"https://docs.aws.amazon.com/{'long-' * 30}page.html", created_at=now,
    )  # fmt: skip
    options: dict[str, Any] = {"viewport": SIZES[size], "color_scheme": "light", "reduced_motion": "reduce"}
    desk, learner, wrong = opens(teacher, **options), opens(person, **options), []
    base = f"/teach/quizzes/{quiz.slug}"
    for name, address in {
        "empty": f"{base}/results/?state=void",
        "results": f"{base}/results/",
        "sitting": f"{base}/results/{attempt.code}/",
        "remark": f"{base}/remark/",
        "inbox": "/teach/challenges/",
        "challenge": f"/teach/challenges/{challenge.pk}/",
    }.items():
        desk.goto(address)
        for details in desk.locator("main details").all():
            details.locator("summary").click()
        wrong += check(desk, name)
    console.allow("422")
    desk.get_by_role("button", name="Decide and tell them").click()
    wrong += check(desk, "challenge with mistakes")
    desk.get_by_label("Accept").check()
    desk.get_by_label("What you tell them").fill("You are right, and it is corrected.")
    desk.get_by_role("button", name="Decide and tell them").click()
    wrong += check(desk, "decided")
    desk.goto(f"{base}/remark/")
    desk.get_by_role("button", name="Mark again and tell the learners").click()
    desk.wait_for_url("**/results/")
    wrong += check(desk, "marked again")
    desk.goto(f"{base}/remark/")
    wrong += check(desk, "nothing to mark again")
    for name, address in {
        "home with notices": "/",
        "report": f"/attempts/{attempt.code}/report/",
        "review": f"/attempts/{attempt.code}/review/",
        "my challenges": "/challenges/",
    }.items():
        learner.goto(address)
        wrong += check(learner, name)
    assert wrong == []
