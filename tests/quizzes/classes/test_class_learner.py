"""One learner of a class, for those who teach it: attempts, dates, and what they are told."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from quizzes.models import Assignment, AuditEntry, Classroom, Group, Membership, Notice, Question, Quiz, Remark
from quizzes.queries.remarks_to_learners import remarks_to
from quizzes.services.class_remarks import LONGEST, Refused, write_remark
from sapro.accounts.models import User
from tests import factories
from tests.own_classes import assign, enroll, grant, make_class, make_group
from tests.own_quizzes import begin, sat
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def desk(teacher: User) -> Client:
    """The teacher's browser."""
    return browser(teacher)


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz, now: datetime) -> Assignment:
    """The quiz for the whole class, due an hour ago."""
    return assign(classroom, quiz, due_at=now - timedelta(hours=1))


@pytest.fixture
def url(classroom: Classroom, ann: User) -> str:
    """Ann's page."""
    return f"/teach/classes/{classroom.code}/learners/{classroom.memberships.get(person=ann).pk}/"


def words(page: str) -> str:
    """A page without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<main")[2]).split())


def test_it_shows_every_attempt_and_the_dates_of_this_learner(
    desk: Client, url: str, quiz: Quiz, questions: list[Question], given: Assignment, ann: User, now: datetime
) -> None:
    first = sat(ann, quiz, questions, now - timedelta(hours=5), right={1, 2}, assignment=given)
    sat(ann, quiz, questions, now - timedelta(hours=1), right={1, 2, 3}, minutes=30, assignment=given)
    begin(ann, quiz, questions, now, assignment=given)
    page = desk.get(url).content.decode()
    assert "50 % late working" in words(page)
    assert f"/teach/quizzes/{quiz.slug}/results/{first.code}/" in page
    assert re.search(r"11:00 counts submitted late 0:30:00 3 of 6 \(50 %\)", words(page))
    grant(ann, given, due_at=now)
    assert "due November 23, 2026, 12:00 (UTC) (their own date)" in words(desk.get(url).content.decode())


def test_a_remark_reaches_its_learner_and_nobody_else(
    desk: Client, url: str, given: Assignment, ann: User, ben: User, classroom: Classroom, now: datetime
) -> None:
    text = "First line.\r\n<script>second</script>"
    for _ in range(2):  # a second click
        assert desk.post(url, {"assignment": given.code, "text": text}).status_code == 302
    remark = Remark.objects.get()
    assert (remark.person, remark.assignment, remark.text) == (ann, given, "First line.\n<script>second</script>")
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.assignment) == (ann, "remark", given)
    assert (list(remarks_to(ann.pk, given)), list(remarks_to(ben.pk, given))) == ([remark], [])
    html = render_to_string("quizzes/_remarks.html", {"remarks": remarks_to(ann.pk, given)})
    assert "<p>First line.<br>&lt;script&gt;second&lt;/script&gt;</p>" in html
    assert "<form" not in html
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.classroom, "second" in str(entry.data)) == ("class.remark_written", classroom, False)


def test_whoever_wrote_a_remark_takes_it_back_with_its_notice_unless_that_was_read(
    desk: Client, url: str, given: Assignment, classroom: Classroom, ann: User, now: datetime
) -> None:
    for text in ("one", "two"):
        desk.post(url, {"assignment": given.code, "text": text})
    Notice.objects.filter(pk=Notice.objects.latest("pk").pk).update(read_at=now)
    one, two = Remark.objects.order_by("pk")
    other = factories.make_instructor("other")
    classroom.teachers.add(other)
    page = browser(other).post(url, {"action": "delete", "remark": one.pk}, follow=True).content.decode()
    assert "somebody else wrote it" in page
    assert f'value="{one.pk}"' not in page
    desk.post(url, {"action": "delete", "remark": one.pk})
    desk.post(url, {"action": "delete", "remark": two.pk})
    desk.post(url, {"action": "delete", "remark": "\0x"})
    assert (Remark.objects.count(), Notice.objects.filter(read_at=None).count(), Notice.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize(
    ("text", "says"),
    [(" \r\n ", "Write what you want to tell them."), ("x" * (LONGEST + 1), "This has 2001 characters. Shorten it")],
)
def test_what_cannot_be_sent_stays_in_the_form(desk: Client, url: str, given: Assignment, text: str, says: str) -> None:
    reply = desk.post(url, {"assignment": given.code, "text": text})
    page = reply.content.decode()
    assert reply.status_code == 422
    assert says in page
    assert text.strip() in page
    assert not Remark.objects.exists()


def test_line_ends_count_as_one_character(desk: Client, url: str, given: Assignment) -> None:
    text = "a\r\n" * (LONGEST // 2 - 1) + "ab"
    assert desk.post(url, {"assignment": given.code, "text": text}).status_code == 302
    assert len(Remark.objects.get().text) == LONGEST


@contextmanager
def refused() -> Iterator[None]:
    """Nothing was written, and it was said why."""
    with pytest.raises(Refused):
        yield
    assert not Remark.objects.exists()
    assert not Notice.objects.exists()


def test_nothing_is_written_to_whom_has_no_page_to_read_it_on(
    teacher: User, classroom: Classroom, quiz: Quiz, given: Assignment, ann: User, now: datetime
) -> None:
    def write(code: str = given.code) -> None:
        write_remark(classroom=classroom, person_id=ann.pk, assignment_code=code, text="x", actor=teacher, now=now)

    group: Group = make_group(classroom)
    foreign = assign(make_class(teacher), quiz)
    enroll(foreign.classroom, ann)
    for code in (assign(classroom, quiz, group=group).code, foreign.code, "nothing"):
        with refused():
            write(code)
    Membership.objects.filter(person=ann).update(left_at=now)
    with refused():
        write()
    Membership.objects.filter(person=ann).update(left_at=None)
    Classroom.objects.update(archived_at=now)
    with refused():
        write()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"left_at": factories.MADE}, "They have left the class"),
        ({"person": None, "name": "Roster"}, "Nobody has taken this seat yet"),
    ],
)
def test_it_says_why_nothing_can_be_written(
    desk: Client, url: str, given: Assignment, ann: User, change: dict[str, Any], says: str
) -> None:
    Membership.objects.filter(person=ann).update(**change)
    page = desk.get(url).content.decode()
    assert says in words(page)
    assert "<textarea" not in page
    assert desk.post(url, {"assignment": given.code, "text": "x"}).status_code in (404, 422)


def test_a_seat_of_another_class_is_not_there(
    desk: Client, teacher: User, classroom: Classroom, django_user_model: Any
) -> None:
    other = make_class(teacher)
    seat = enroll(other, django_user_model.objects.create_user("zoe"))
    base = f"/teach/classes/{classroom.code}/learners/"
    assert [desk.get(f"{base}{pk}/").status_code for pk in (seat.pk, 10**30)] == [404, 404]
    assert (
        "Nothing was assigned to them yet"
        in desk.get(f"/teach/classes/{other.code}/learners/{seat.pk}/").content.decode()
    )


def test_it_takes_as_many_statements_for_ten_assignments_as_for_one(
    desk: Client, url: str, given: Assignment, quiz: Quiz, questions: list[Question], ann: User, now: datetime
) -> None:
    def cost() -> int:
        with counting() as counted:
            assert desk.get(url).status_code == 200
        return len(counted.statements)

    desk.post(url, {"assignment": given.code, "text": "one"})
    sat(ann, quiz, questions[:1], now, assignment=given)
    desk.get(url)
    few = cost()
    for number in range(9):
        more = assign(given.classroom, quiz)
        sat(ann, quiz, questions[:1], now, assignment=more)
        desk.post(url, {"assignment": more.code, "text": f"two {number}"})
    desk.get(url)  # takes the message off
    assert cost() == few <= 12
