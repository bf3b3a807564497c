"""From an empty desk to a corrected result, in two browsers: written, published, sat, corrected, marked again, told."""

import re

import pytest
from playwright.sync_api import Page, expect

from quizzes.models import Attempt, Question
from sapro.accounts.models import User
from tests.browser.test_after import Opens, opens, scripts  # noqa: F401
from tests.browser.test_teach_quizzes import ada  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

STEM = "A company must keep serving when a zone fails. It has one team.\n\nWhich solution has the LEAST overhead?"
OPTIONS = ("Use one balancer", "Use two balancers", "Use ten balancers", "Use no balancer")


def write(desk: Page) -> None:
    """Write a question and publish it; option B is called right."""
    desk.goto("/teach/")
    desk.get_by_role("link", name="Write a question").click()
    desk.get_by_role("button", name="Begin").click()
    desk.get_by_label("Question", exact=True).fill(STEM)
    for number, text in enumerate(OPTIONS):
        desk.locator(f"#options-{number}-text").fill(f"{text} in front of each zone of the network")
        desk.locator(f"#options-{number}-rationale").fill(f"Because {text.lower()} would hold, or would not hold.")
    desk.locator("#options-1-key").check()
    save(desk)
    publish(desk)


def save(desk: Page) -> None:
    """Save with the button, and wait for the page that follows."""
    desk.get_by_role("button", name=re.compile("^Save")).last.click()
    desk.wait_for_url(re.compile("#saved$"))


def publish(desk: Page) -> None:
    """Publish what the draft says."""
    desk.get_by_role("link", name="Versions").click()
    desk.get_by_role("button", name="Publish", exact=True).click()
    expect(desk.get_by_text("Done.")).to_be_visible()


def make_quiz(desk: Page) -> str:
    """A quiz of that one question; its address."""
    desk.get_by_role("link", name="Quizzes").click()
    desk.get_by_role("link", name="New quiz").click()
    desk.get_by_label("Title").fill("Zones")
    desk.get_by_role("button", name="Make it").click()
    desk.get_by_role("link", name="Choose questions").click()
    desk.locator(".picks input").first.check()
    desk.get_by_role("button", name="Add the chosen ones").click()
    desk.get_by_role("link", name="Publish and share").click()
    desk.get_by_role("button", name=re.compile("^Publish with 1 question")).click()
    return desk.locator(".address").inner_text()


def sit(learner: Page, address: str) -> None:
    """Answer with the third option, which the learner holds to be right, and hand in."""
    learner.goto(address)
    learner.get_by_role("button", name="Start the exam").click()
    learner.wait_for_url("**/attempts/*/")
    wanted = learner.locator("section:visible .opt", has_text="Use ten balancers").locator("input")
    wanted.check()
    learner.get_by_role("button", name="Next").click()
    learner.get_by_role("button", name="Submit the exam").click()
    dialog = learner.locator("#confirm [value=submit]")
    if dialog.is_visible():
        dialog.click()
    learner.wait_for_url("**/report/")


def test_a_wrong_key_from_the_first_word_to_the_notice(
    opens: Opens,  # noqa: F811
    scripts: bool,  # noqa: F811
    ada: User,  # noqa: F811
    person: User,
    course: None,
) -> None:
    desk, learner = opens(ada, java_script_enabled=scripts), opens(person, java_script_enabled=scripts)
    write(desk)
    address = make_quiz(desk)
    sit(learner, address)
    assert Attempt.objects.get().results.get().raw == 0

    question = Question.objects.get(author=ada)
    desk.goto(f"/teach/questions/{question.code}/")
    desk.locator("#options-2-key").check()
    save(desk)
    publish(desk)
    question.refresh_from_db()
    assert question.current is not None
    assert question.current.corrects is not None

    desk.goto(f"/teach/quizzes/{Attempt.objects.get().quiz.slug}/results/")  # type: ignore[union-attr]
    desk.get_by_role("link", name="See what marking again would change").click()
    desk.get_by_label("Why").fill("Ten balancers were right all along.")
    desk.get_by_role("button", name="Mark again and tell the learners").click()
    expect(desk.get_by_text("1 attempt was marked again.")).to_be_visible()

    learner.goto("/")
    expect(learner.locator(".notices")).to_contain_text("“Zones” was marked again")
    learner.get_by_role("link", name="See the result").click()
    lines = learner.locator(".again tbody tr")
    expect(lines.nth(0)).to_contain_text("0 of 1")
    expect(lines.nth(1)).to_contain_text("1 of 1")


