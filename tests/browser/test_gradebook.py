"""The gradebook in the browser: on a phone and at a desk, sorted, filtered, and a remark to one learner."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Classroom, Membership, Notice
from sapro.accounts.models import User
from tests import factories
from tests.browser.axe import findings
from tests.browser.test_teach_quizzes import sign_in
from tests.many_grades import make_grades
from tests.own_classes import assign, make_group
from tests.own_quizzes import make_own_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]

LONG = "Networks between accounts and what they cost when nobody looks at them for a while, second part"


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def classroom(ada: User, now: datetime) -> Classroom:
    """Thirty learners, of whom one has a long name, and eight assignments."""
    made = make_grades(ada, 30, 7, now, quiz=make_own_quiz(ada, title=LONG, pass_mark=50))
    assign(made, make_own_quiz(ada, title="Short"), due_at=now - timedelta(hours=1))
    seat = made.memberships.order_by("pk")[3]
    Membership.objects.filter(pk=seat.pk).update(
        name="Wolfeschlegelsteinhausenbergerdorff Maria Theresia", group=make_group(made)
    )
    return made


@pytest.fixture
def desk(new_context: Callable[..., BrowserContext], live_server: Any, ada: User) -> Page:
    """Ada's browser."""
    return sign_in(new_context(viewport={"width": 1280, "height": 900}), ada, live_server.url).new_page()


def test_names_stay_in_sight_and_nothing_overflows(desk: Page, classroom: Classroom) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    desk.goto(f"/teach/classes/{classroom.code}/gradebook/")
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    region = desk.get_by_role("region", name="Gradebook")
    name = region.get_by_role("rowheader").first
    before = name.bounding_box()
    region.evaluate("one => one.scrollLeft = 500")
    assert name.bounding_box() == before
    assert findings(desk) == []
    desk.get_by_role("link", name="Wolfeschlegelsteinhausenbergerdorff").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Maria Theresia")
    assert desk.evaluate("document.documentElement.scrollWidth") == 320
    assert findings(desk) == []


def test_it_is_sorted_and_filtered_in_place_and_a_learner_is_written_to(desk: Page, classroom: Classroom) -> None:
    desk.goto(f"/teach/classes/{classroom.code}/gradebook/")
    desk.get_by_role("link", name="Mean", exact=True).click()
    expect(desk.get_by_role("columnheader", name="Mean", exact=True)).to_have_attribute("aria-sort", "descending")
    expect(desk).to_have_url(f"/teach/classes/{classroom.code}/gradebook/?sort=-mean")
    desk.get_by_role("link", name="Something missing").click()
    desk.get_by_label("In", exact=True).select_option(label="Short (due Nov 23)")
    desk.get_by_label("Name or number").fill("wolfe")
    desk.get_by_role("button", name="Find").click()
    expect(desk.get_by_role("status")).to_contain_text("1 learner of 30")
    assert "sort=-mean" in desk.url
    desk.get_by_role("rowheader").get_by_role("link").click()
    desk.get_by_role("link", name=re.compile("Write a remark ?: Short")).click()
    desk.get_by_label("Remark", exact=True).fill("Come and see me.\nOn Friday.")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.get_by_role("list", name="Remarks")).to_contain_text("Come and see me.")
    assert Notice.objects.count() == 1
    desk.get_by_role("button", name=re.compile("Delete ?: Come and see me")).click()
    expect(desk.get_by_role("list", name="Remarks")).to_have_count(0)
    assert Notice.objects.count() == 0
