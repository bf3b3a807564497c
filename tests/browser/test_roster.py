"""A roster in the browser, on a phone: chosen, looked at, taken; what is wrong is said; nothing for axe."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Classroom, Membership
from tests import factories
from tests.browser.test_pages import check
from tests.browser.test_teach_quizzes import sign_in
from tests.own_classes import enroll, make_class

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = "Wolfeschlegelsteinhausenbergerdorff-Weltkriegsveteranenwitwe"
FILE = f"""name;email;student id;group;shoe size
José García;jose@example.org;1;Lab A;40
Ann Smith;;A7;lab a;38
{LONG};{LONG.lower()[:50]}@{LONG.lower()[:40]}.example.org;{"9" * 60};Lab with a long name for a long day;39
Dee;dee at example;4;;41
"""


@pytest.fixture
def classroom(transactional_db: None, django_user_model: Any) -> Classroom:
    found = make_class(factories.make_instructor("ada"), name=f"Saturday {LONG}")
    enroll(found, django_user_model.objects.create_user("ann", "ann@example.org"), external_id="a7")
    return found


@pytest.fixture
def phone(
    new_context: Callable[..., BrowserContext], live_server: Any, clock: Any, classroom: Classroom, console: Any
) -> Page:
    """The instructor's."""
    # What is wrong with a form comes back as 422, which the browser notes.
    console.allow("422")
    context = new_context(viewport={"width": 320, "height": 640}, color_scheme="light", reduced_motion="reduce")
    return sign_in(context, classroom.owner, live_server.url).new_page()


def choose(page: Page, data: bytes) -> None:
    page.get_by_label("File").set_input_files({"name": "class.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Look through the file").click()


def test_a_roster_on_a_phone(phone: Page, classroom: Classroom) -> None:
    phone.goto(f"/teach/classes/{classroom.code}/roster/")
    choose(phone, b"PK\x03\x04")
    expect(phone.get_by_role("alert")).to_contain_text("save it as CSV")
    wrong = check(phone, "refused")
    choose(phone, FILE.encode("cp1252"))
    expect(phone.get_by_text("read as Windows-1252, with semicolons")).to_be_visible()
    expect(phone.get_by_text("“shoe size”")).to_be_visible()
    expect(phone.get_by_role("region", name="Left out")).to_contain_text("“dee at example” is no email address")
    expect(phone.get_by_role("region", name="Changed")).to_contain_text("Ann Smith")
    expect(phone.get_by_role("region", name="New")).to_contain_text("José García")
    wrong += check(phone, "preview")
    assert wrong == []
    phone.get_by_role("button", name="Take the roster in").click()
    expect(phone.get_by_text("2 new, 1 changed")).to_be_visible()
    assert Membership.objects.filter(classroom=classroom, name="José García", person=None, group__name="Lab A").exists()
