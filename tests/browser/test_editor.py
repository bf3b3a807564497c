"""The question editor in a browser: every kind by keyboard, warnings that come and go, and nothing that is lost."""

import re
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.forms_question import new_data
from quizzes.models import Draft, Question
from quizzes.services.drafts import create_question
from sapro.accounts.models import User
from tests import factories, kinds
from tests.browser.exam_room import NETWORK_IS_CUT
from tests.browser.test_pages import check, view  # noqa: F401
from tests.browser.test_teach_quizzes import ada, desk, sign_in  # noqa: F401
from tests.security import corpus

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course", "clock")]

STEM = "A company must keep serving when a zone fails. It has one team.\n\nWhich solution has the LEAST overhead?"
SAVED = re.compile(r"^saved \d\d?:\d\d:\d\d")


def data() -> dict[str, Any]:
    """What stands in the database."""
    return dict(Draft.objects.get().data)


def opened(desk: Page, author: User, now: datetime, kind: str = "multiple_choice") -> Question:  # noqa: F811
    """A new question of this kind, on the screen."""
    question = create_question(person_id=author.pk, data=new_data(kind), now=now)
    desk.goto(f"/teach/questions/{question.code}/")
    desk.locator("#editor[data-ready]").wait_for()
    return question


def typed(page: Page, selector: str, text: str) -> None:
    """Go to a field as the Tab key would, and type."""
    page.locator(selector).focus()
    page.keyboard.insert_text(text)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """Press a button by the keyboard, and wait for the page that follows."""
    page.get_by_role("button", name=name).first.focus()
    page.keyboard.press("Enter")
    page.locator("#editor[data-ready]").wait_for()


@pytest.mark.parametrize("kind", kinds.contents())
def test_every_kind_is_written_by_keyboard_alone(desk: Page, ada: User, kind: str) -> None:  # noqa: F811
    desk.goto("/teach/questions/new/")
    desk.locator(f"#kind-{kind}").focus()
    desk.keyboard.press("Space")
    desk.keyboard.press("Enter")
    desk.locator("#editor[data-ready]").wait_for()
    wanted = kinds.contents()[kind]
    typed(desk, "#stem", wanted.stem)
    if kind == "matching":
        for number, target in enumerate(wanted.extra["targets"]):
            press(desk, "Add a target")
            typed(desk, f"#targets-{number}-text", target["text"])
    for number, option in enumerate(wanted.options):
        if desk.locator(f"#options-{number}-rationale").count() == 0:
            press(desk, re.compile("^Add an? (option|step|item)"))
        if kind != "true_false":
            typed(desk, f"#options-{number}-text", option.text)
        typed(desk, f"#options-{number}-rationale", option.rationale)
        mark = desk.locator(f"#options-{number}-key, #options-{number}-correct")
        if option.correct and mark.count():
            mark.focus()
            desk.keyboard.press("Space")
    while desk.locator(f"#options-{len(wanted.options)}").count():
        press(desk, re.compile(rf"^Remove – option {len(wanted.options) + 1}$"))
    if kind == "matching":
        press(desk, re.compile("^Save"))
        for number, target in enumerate(("Amazon S3", "Amazon EBS")):
            desk.locator(f"#options-{number}-match").focus()
            desk.keyboard.type(target)
    if kind == "numeric":
        typed(desk, "#extra-answer", "12.5")
        typed(desk, "#extra-unit", "GB")
    if kind == "short_text":
        typed(desk, "#extra-accepted", "route table")
    press(desk, re.compile("^Save"))
    expect(desk.locator(".error")).to_have_count(0)
    stored = data()
    assert (stored["kind"], stored["stem"]) == (kind, wanted.stem)
    assert [one["text"] for one in stored["options"]][: len(wanted.options)] == [one.text for one in wanted.options]


def test_a_warning_comes_and_goes_as_one_types(desk: Page, ada: User, now: datetime) -> None:  # noqa: F811
    opened(desk, ada, now)
    typed(desk, "#stem", STEM)
    for number in range(4):
        typed(desk, f"#options-{number}-text", f"Use balancer number {number} in front of it")
        typed(desk, f"#options-{number}-rationale", "Because it would hold, or it would not hold, as was asked.")
    expect(desk.locator("#preview .stem").first).to_contain_text("keep serving when a zone fails")
    desk.locator("#options-2-key").check()
    expect(desk.locator("#preview")).not_to_contain_text("the longest")
    desk.locator("#options-2-text").fill(
        "Use balancer number 2 in front of it and then so much more that nobody asked"
    )
    expect(desk.locator("#preview")).to_contain_text("The right option is the longest")
    desk.locator("#options-2-text").fill("Use balancer number 2 in front of it")
    expect(desk.locator("#preview")).not_to_contain_text("The right option is the longest")


def test_it_saves_itself_and_a_reload_shows_it(desk: Page, ada: User, now: datetime) -> None:  # noqa: F811
    opened(desk, ada, now)
    typed(desk, "#stem", STEM)
    expect(desk.locator("#saved")).to_have_text(SAVED)
    assert data()["stem"] == STEM
    desk.reload()
    expect(desk.locator("#stem")).to_have_value(STEM)


def test_a_lost_connection_loses_nothing(desk: Page, ada: User, now: datetime, console: Any) -> None:  # noqa: F811
    console.allow(NETWORK_IS_CUT)
    opened(desk, ada, now)
    desk.context.set_offline(True)
    typed(desk, "#stem", STEM)
    expect(desk.locator("#saved")).to_contain_text("not saved yet: no network")
    assert data()["stem"] == ""
    desk.context.set_offline(False)
    expect(desk.locator("#saved")).to_have_text(SAVED, timeout=20_000)
    assert data()["stem"] == STEM


def test_a_page_that_was_closed_offline_gives_it_back(desk: Page, ada: User, now: datetime, console: Any) -> None:  # noqa: F811
    console.allow(NETWORK_IS_CUT)
    question = opened(desk, ada, now)
    desk.context.set_offline(True)
    typed(desk, "#stem", STEM)
    expect(desk.locator("#saved")).to_contain_text("no network")
    context = desk.context
    desk.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/teach/questions/{question.code}/")
    again.get_by_role("button", name="Put them back").click()
    expect(again.locator("#stem")).to_have_value(STEM)
    expect(again.locator("#saved")).to_have_text(SAVED)
    assert data()["stem"] == STEM


def test_a_session_that_ends_loses_nothing(
    desk: Page,  # noqa: F811
    ada: User,  # noqa: F811
    now: datetime,
    live_server: Any,
    console: Any,
) -> None:
    console.allow(r"status of 40\d|status of 302|Error Code 40\d")
    opened(desk, ada, now)
    desk.context.clear_cookies(name="sessionid")
    typed(desk, "#stem", STEM)
    expect(desk.locator("#saved")).to_contain_text("you are signed out")
    expect(desk.locator("#saved").get_by_role("link", name="sign in and come back")).to_be_visible()
    sign_in(desk.context, ada, live_server.url)
    desk.locator("#tags").fill("again")
    expect(desk.locator("#saved")).to_have_text(SAVED, timeout=20_000)
    assert (data()["stem"], data()["tags"]) == (STEM, ["again"])


def test_two_people_choose(desk: Page, ada: User, now: datetime, console: Any) -> None:  # noqa: F811
    console.allow("409")
    opened(desk, ada, now)
    Draft.objects.update(data=data() | {"stem": "Theirs"}, revision=5, saved_by=factories.make_instructor("bob"))
    typed(desk, "#stem", "Mine")
    expect(desk.locator("#saved")).to_contain_text("bob has saved this question meanwhile")
    desk.get_by_role("button", name=re.compile("^Save")).last.click()
    expect(desk.get_by_role("row").filter(has_text="Question")).to_contain_text("Theirs")
    desk.get_by_role("button", name="Keep mine").click()
    desk.locator("#editor[data-ready]").wait_for()
    expect(desk.locator("#stem")).to_have_value("Mine")
    assert (data()["stem"], Draft.objects.get().revision) == ("Mine", 6)


def test_a_selection_becomes_a_requirement_and_a_statement_is_cited(desk: Page, ada: User, now: datetime) -> None:  # noqa: F811
    opened(desk, ada, now)
    desk.locator("#stem").fill(STEM)
    desk.evaluate("document.getElementById('stem').setSelectionRange(15, 45)")
    desk.get_by_role("button", name="Mark what is selected").click()
    expect(desk.locator("#constraints-0-text")).to_have_value("keep serving when a zone fails")
    desk.locator("#words").fill("zone")
    desk.get_by_role("button", name=re.compile("^Cite")).first.click()
    expect(desk.locator("#references")).to_have_value(re.compile(r"^[a-z-]+\^[a-z0-9-]+$"))


def test_nothing_that_is_typed_runs(desk: Page, ada: User, now: datetime) -> None:  # noqa: F811
    said: list[str] = []
    desk.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    opened(desk, ada, now)
    for start in range(0, len(corpus.SMALL), 60):
        desk.locator("#stem").fill("\n\n".join(corpus.SMALL[start : start + 60])[:18_000])
        with desk.expect_response("**/preview/"):
            desk.locator("#options-0-text").fill(corpus.SMALL[start])
        desk.wait_for_load_state("networkidle")
    assert said == []


def test_no_findings(view: Page, ada: User, live_server: Any, now: datetime) -> None:  # noqa: F811
    sign_in(view.context, ada, live_server.url)
    addresses = {"new": "/teach/questions/new/", "scenarios": "/teach/scenarios/"}
    addresses["statements"] = "/teach/questions/statements/?words=zone"
    for kind in kinds.contents():
        question = create_question(person_id=ada.pk, data=new_data(kind), now=now)
        addresses[kind] = f"/teach/questions/{question.code}/"
    wrong = []
    for name, address in addresses.items():
        view.goto(address)
        wrong += check(view, name)
    assert wrong == []
