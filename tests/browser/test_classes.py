"""Classes in the browser: made, joined by somebody new, grouped, left; and every page of them in its look."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Classroom, Membership
from sapro.accounts.models import User
from tests import factories
from tests.browser.axe import findings
from tests.browser.test_teach_quizzes import sign_in
from tests.own_classes import enroll, make_class, make_group, make_learners

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


def test_a_class_is_made_and_a_stranger_joins_without_scripts(
    new_context: Callable[..., BrowserContext], live_server: Any, ada: User, plain_page: Page, clock: Any, console: Any
) -> None:
    console.allow("404")
    desk = sign_in(new_context(java_script_enabled=False), ada, live_server.url).new_page()
    desk.goto("/teach/")
    desk.get_by_role("link", name="Classes", exact=True).click()
    desk.get_by_label("Name").fill("Cloud 2027")
    desk.get_by_role("button", name="Make the class").click()
    code = desk.locator(".joincode").inner_text()
    plain_page.goto("/classes/join/")
    plain_page.get_by_label("Join code").fill(code.lower())
    plain_page.get_by_role("button", name="Go on").click()
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Cloud 2027")
    plain_page.get_by_role("link", name="Make an account").click()
    plain_page.get_by_label("User name").fill("cleo")
    plain_page.get_by_label("Password", exact=True).fill(PASSWORD)
    plain_page.get_by_label("Password again").fill(PASSWORD)
    plain_page.get_by_role("button", name="Make the account").click()
    plain_page.get_by_role("button", name="Join the class").click()
    expect(plain_page.get_by_text("You are in the class “Cloud 2027”.")).to_be_visible()
    desk.get_by_role("link", name="Learners").click()
    desk.get_by_label("New group").fill("Tuesday")
    desk.get_by_role("button", name="Add the group").click()
    desk.get_by_label("Tick cleo").check()
    desk.locator("#id_to").select_option("Tuesday")
    desk.get_by_role("button", name="Put into this group").click()
    assert Membership.objects.get().group == Classroom.objects.get().groups.get()
    desk.get_by_label("Tick cleo").check()
    desk.get_by_role("button", name="Remove from the class").click()
    desk.get_by_role("button", name="Remove from the class").click()
    expect(desk.get_by_text("1 is removed.")).to_be_visible()
    plain_page.reload()
    expect(plain_page.get_by_role("heading", level=1)).not_to_have_text("Cloud 2027")


def test_pages_of_classes_have_no_findings(
    new_context: Callable[..., BrowserContext], live_server: Any, ada: User, clock: Any, console: Any
) -> None:
    """On a phone, where there is least room: with long names, somebody awaited, groups, and a wrong code."""
    console.allow("404")
    classroom = make_class(ada, name="Architekturgrundlagenwiederholungsabendkurs " * 2, join_code="ACDEFGHJ")
    make_learners(classroom, 3, group=make_group(classroom, "Donnerstagabendwiederholungsgruppe"))
    cleo = User.objects.create_user("cleo")
    enroll(classroom, cleo)
    Membership.objects.create(classroom=classroom, name="Wolfeschlegelsteinhausenbergerdorff", created_at=clock.now)
    make_class(ada, archived_at=clock.now)
    page = f"/teach/classes/{classroom.code}/"
    pages = {
        ada: ["/teach/classes/", f"{page}?shown=waiting", f"{page}settings/", "/classes/join/AAAAAAAA/"],
        cleo: [f"/classes/{classroom.code}/"],
    }
    view = new_context(viewport={"width": 320, "height": 640}, reduced_motion="reduce").new_page()
    view.goto("/classes/join/ACDEFGHJ/")
    wrong = seen(view)
    for person, addresses in pages.items():
        sign_in(view.context, person, live_server.url)
        for address in addresses:
            view.goto(address)
            wrong += seen(view)
    assert wrong == []


def seen(page: Page) -> list[str]:
    """What is wrong with the page as it stands."""
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url}: {one}" for one in (*findings(page), *([f"{width} px wide"] if width > 320 else []))]
