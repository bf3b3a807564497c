"""The bank of questions in browsers: found, tagged, published, shared, read by a second person; nothing for axe."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Draft, Question
from quizzes.services import lifecycle
from quizzes.services.question_texts import index_draft
from sapro.accounts.models import User
from tests import factories
from tests.browser.test_pages import SIZES, check
from tests.formats.test_pictures import encoded
from tests.quizzes.teach.test_lifecycle import data, drafted
from tests.security.people import BACKEND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Opens = Callable[..., Page]


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob(transactional_db: None) -> User:
    return factories.make_instructor("bob")


@pytest.fixture
def opens(new_context: Callable[..., BrowserContext], live_server: Any, clock: Any, console: Any) -> Opens:
    """A page of somebody who is signed in."""

    def open_page(person: User, **options: Any) -> Page:
        client = Client()
        client.force_login(person, backend=BACKEND)
        context = new_context(**options)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        return context.new_page()

    # What is wrong with a form comes back as 422, which the browser notes.
    console.allow("422")
    return open_page


@pytest.fixture
def bank(course: None, ada: User, now: datetime) -> list[Question]:
    """Sixty drafts; every second one is about gateways."""
    made = []
    for n in range(60):
        stem = f"Which {'gateway' if n % 2 else 'bucket'} is meant by number {n}?"
        question = drafted(ada, now, f"draft-{n:02}", stem=stem)
        index_draft(question, question.draft.data)
        made.append(question)
    return made


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_questions_are_found_tagged_and_published(opens: Opens, ada: User, bank: list[Question], scripts: bool) -> None:
    Draft.objects.filter(question=bank[1]).update(data={})
    page = opens(ada, java_script_enabled=scripts)
    page.goto("/teach/questions/")
    page.get_by_label("Whose").select_option("own")
    page.get_by_label("Words").fill("gateway meant")
    if not scripts:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("30 questions")
    expect(page).to_have_url(re.compile(r"q=gateway\+meant"))
    page.get_by_label("Sorted by").select_option("code")
    if not scripts:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page).to_have_url(re.compile("sort=code"))
    page.reload()  # the address has it all; what is ticked before an answer comes would go with the old list
    for code in ("draft-01", "draft-03"):
        page.get_by_label(f"Tick {code}").check()
    page.get_by_role("button", name="Add the tag").click()
    expect(page.get_by_role("alert")).to_contain_text("Write a tag")
    expect(page.get_by_label("Tick draft-03")).to_be_checked()
    page.locator("#id_tag_to").fill("networks")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("status")).to_contain_text("Done for 1 question")
    expect(page.get_by_role("listitem").filter(has_text="draft-01")).to_contain_text("Write the question.")
    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(re.compile(r"q=gateway\+meant"))
    page.get_by_label("Status").select_option("published")
    if not scripts:
        page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 question")


def test_pages_are_turned_and_gone_back(opens: Opens, ada: User, bank: list[Question]) -> None:
    page = opens(ada)
    page.goto("/teach/questions/?whose=own&sort=code")
    expect(page.get_by_label("Tick draft-00")).to_be_visible()
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_label("Tick draft-59")).to_be_visible()
    expect(page).to_have_url(re.compile("page=2.*whose=own"))
    page.go_back()
    expect(page.get_by_label("Tick draft-00")).to_be_visible()
    page.get_by_role("button", name="Copy draft-00").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("is a draft of yours now")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_second_person_reads_and_publishes(
    opens: Opens, ada: User, bob: User, course: None, now: datetime, scripts: bool
) -> None:
    drafted(ada, now)
    author = opens(ada, java_script_enabled=scripts)
    author.goto("/teach/questions/mine/sharing/")
    author.get_by_label("User name").fill("carol")
    author.get_by_role("button", name="Share it").click()
    expect(author.locator("p.error")).to_contain_text("nobody of this name")
    expect(author.get_by_label("User name")).to_have_value("carol")
    author.get_by_label("User name").fill("bob")
    author.get_by_role("button", name="Share it").click()
    author.get_by_role("link", name="Versions").click()
    author.get_by_role("button", name="Propose for review").click()

    reader = opens(bob, java_script_enabled=scripts)
    reader.goto("/teach/questions/?needs=review")
    reader.get_by_role("link", name="read", exact=True).click()
    expect(reader.get_by_text("Because a")).to_be_hidden()
    reader.get_by_text("Key and reasons").click()
    expect(reader.get_by_text("Because a")).to_be_visible()
    reader.get_by_role("button", name="Send it back").click()
    expect(reader.locator("p.error")).to_contain_text("Say something first")
    reader.get_by_label("What you say of it").fill("Good, but say which region.")
    reader.get_by_role("button", name="Say it").click()
    author.goto("/teach/questions/mine/review/")
    expect(author.locator(".said")).to_contain_text("Good, but say which region.")
    reader.get_by_role("button", name="Publish it").click()
    expect(reader.locator(".messages")).to_contain_text("is published")
    assert Question.objects.get(code="mine").status == "published"
    author.goto("/teach/log/")
    expect(author.get_by_role("row").filter(has_text="published version 1")).to_contain_text("bob")


def test_a_picture_is_added_copied_and_removed(
    opens: Opens, ada: User, course: None, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    drafted(ada, now)
    page = opens(ada)
    page.goto("/teach/questions/mine/images/")
    file = {"name": "zones.png", "mimeType": "image/png", "buffer": encoded(size=(640, 240))}
    page.get_by_label("Picture", exact=True).set_input_files(file)
    page.get_by_label("In words").fill("Two zones behind one gateway")
    page.get_by_role("button", name="Add the picture").click()
    line = page.get_by_label("Line of picture 1")
    expect(line).to_have_value(re.compile(r"!\[Two zones behind one gateway\]\(image:[a-z0-9]{12}-640x240\)"))
    picture = page.get_by_role("img", name="Two zones behind one gateway")
    expect(picture).to_have_js_property("naturalWidth", 640)
    page.get_by_role("button", name="Remove picture 1").click()
    expect(page.get_by_text("This question has no pictures yet.")).to_be_visible()


@pytest.mark.parametrize("size", SIZES)
def test_pages_have_no_findings(
    opens: Opens, ada: User, bob: User, bank: list[Question], now: datetime, size: str,
    settings: Any, tmp_path: Path,
) -> None:  # fmt: skip
    settings.DATA = tmp_path
    first, proposed = bank[0], bank[1]
    version = lifecycle.publish(first.pk, actor=ada, now=now)
    lifecycle.correct_key(first.pk, ["c"], ada, now)
    Draft.objects.filter(question=first).update(data=data(stem="Which **cheap** bucket is meant?", right="c"))
    lifecycle.publish(first.pk, actor=ada, now=now)
    index_draft(bank[9], {"stem": "Nearly"}, blocking=2, alike=1)
    read = lifecycle.propose(proposed.pk, actor=ada, now=now)
    lifecycle.comment(read, "Is b not right too?", actor=bob, now=now)
    for one in (first, proposed):
        one.editors.add(bob)
    page = opens(bob, viewport=SIZES[size], color_scheme="light", reduced_motion="reduce")
    mine = opens(ada, viewport=SIZES[size], color_scheme="light", reduced_motion="reduce")
    wrong: list[str] = []
    mine.goto(f"/teach/questions/{first.code}/images/")
    mine.get_by_label("Picture", exact=True).set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": encoded(size=(900, 300))}
    )
    mine.get_by_role("button", name="Add the picture").click()
    wrong += check(mine, "a picture without words")
    mine.get_by_label("Picture", exact=True).set_input_files(
        {"name": "x.png", "mimeType": "image/png", "buffer": encoded(size=(900, 300))}
    )
    mine.get_by_label("In words").fill("Two zones")
    mine.get_by_role("button", name="Add the picture").click()
    wrong += check(mine, "pictures")
    for who, address in (
        (mine, "/teach/questions/"),
        (mine, "/teach/questions/?q=nothing-has-these-words"),
        (page, "/teach/questions/?whose=shared"),
        (mine, f"/teach/questions/{first.code}/versions/"),
        (page, f"/teach/questions/{proposed.code}/review/"),
        (mine, f"/teach/questions/{first.code}/sharing/"),
        (mine, "/teach/log/"),
    ):
        who.goto(address)
        for details in who.locator("main details").all():
            details.locator("summary").click()
        wrong += check(who, address)
    mine.goto("/teach/questions/?whose=own")
    mine.get_by_label(f"Tick {bank[9].code}").check()
    mine.get_by_role("button", name="Add the tag").click()
    wrong += check(mine, "no tag")
    mine.locator("#id_tag_to").fill("x")
    mine.get_by_label(f"Tick {bank[9].code}").check()
    mine.get_by_role("button", name="Retire").click()
    wrong += check(mine, "done")
    assert (version.number, wrong) == (1, [])
