"""A roster comes into a class and goes out again: looked at first, never half, and telling nothing of accounts."""

import io
import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.formats.roster import read_roster
from quizzes.models import AuditEntry, Classroom, Group, Membership
from quizzes.queries.roster import plan_of, roster_rows
from quizzes.services.rosters import OtherOutcome, take_roster
from sapro.accounts.models import User
from sapro.accounts.services.my_data import forget
from tests.factories import make_instructor
from tests.own_classes import enroll, make_class, make_group, make_learners
from tests.security import tables

HEAD = "name,email,username,external id,group\n"
HIDDEN = re.compile(r'name="(kept|seen)" value="([0-9a-f]{64})"')


@pytest.fixture
def desk(client: Client, teacher: User, settings: Any, tmp_path: Path, clock: Any) -> Client:
    """The teacher's browser; what waits lies in a folder of the test."""
    settings.DATA = tmp_path
    client.force_login(teacher)
    return client


def send(desk: Client, classroom: Classroom, text: str, **more: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = "class.csv"
    return desk.post(f"/teach/classes/{classroom.code}/roster/", {"file": file, "whole": "yes", **more})


def confirm(desk: Client, classroom: Classroom, preview: Any) -> Any:
    found = dict(HIDDEN.findall(preview.content.decode()))
    assert set(found) == {"kept", "seen"}
    return desk.post(f"/teach/classes/{classroom.code}/roster/", found)


def told(classroom: Classroom) -> list[tuple[str, ...]]:
    rows = Membership.objects.filter(classroom=classroom).select_related("group", "person")
    return [
        (one.name, one.email, one.external_id, one.group.name if one.group else "", str(one.person or ""))
        for one in rows
    ]


def test_a_roster_is_looked_at_then_taken(desk: Client, classroom: Classroom, ann: User, ben: User) -> None:
    make_group(classroom, "Lab A")
    Membership.objects.filter(person=ben).update(external_id="B7", name="Ben", email="ben@school.example")
    before = tables.state(without=["accounts.User"])
    text = (
        f"{HEAD}Ann Smith,,ANN,1,lab a\nBenjamin,,,b7,Lab B\nCy,Cy@Example.org,cyril,2,Lab B\n"
        "Dee,not an address,,,\nEve,,eve,,\nBen,ben@school.example,,,\n"
    )
    preview = send(desk, classroom, text)
    page = preview.content.decode()
    assert preview.status_code == 200
    for words in ("“not an address” is no email address", "nobody in this class has the user name “eve”"):
        assert words.replace("nobody", "Nobody") in page
    assert "Lines 3 and 7 are both “Ben”: keep one." in page
    assert {**tables.state(without=["accounts.User"])} == before
    assert told(classroom)[0] == ("", "", "", "", "ann")
    reply = confirm(desk, classroom, preview)
    assert reply.status_code == 302
    assert told(classroom) == [
        ("Ann Smith", "", "1", "Lab A", "ann"),
        ("Ben", "ben@school.example", "B7", "", "ben"),
        ("Cy", "cy@example.org", "2", "Lab B", ""),
    ]
    entry = AuditEntry.objects.get(verb="class.roster")
    assert (entry.classroom, entry.data) == (classroom, {"new": 1, "changed": 1, "groups": ["Lab B"]})
    again = desk.post(f"/teach/classes/{classroom.code}/roster/", dict(HIDDEN.findall(page)))
    assert (again.status_code, "is not kept any more" in again.content.decode()) == (422, True)
    assert Membership.objects.filter(classroom=classroom).count() == 3


def test_what_has_changed_meanwhile_is_shown_again(
    desk: Client, classroom: Classroom, ann: User, now: datetime
) -> None:
    preview = send(desk, classroom, f"{HEAD}Cy,cy@example.org,,,\nAnn,,ann,,\n")
    cy = User.objects.create_user("cyril", "cy@example.org")
    EmailAddress.objects.create(user=cy, email="Cy@example.org", verified=True)
    enroll(classroom, cy)
    reply = confirm(desk, classroom, preview)
    assert (reply.status_code, "has changed meanwhile" in reply.content.decode()) == (409, True)
    assert told(classroom) == [("", "", "", "", "ann"), ("", "", "", "", "cyril")]
    assert confirm(desk, classroom, reply).status_code == 302
    assert told(classroom) == [("Ann", "", "", "", "ann"), ("Cy", "cy@example.org", "", "", "cyril")]


def test_it_tells_nothing_of_accounts_outside_the_class(desk: Client, classroom: Classroom, ann: User) -> None:
    stranger = User.objects.create_user("stranger", "stranger@example.org")
    EmailAddress.objects.create(user=stranger, email="stranger@example.org", verified=True)
    unverified = User.objects.create_user("waverer", "waverer@example.org")
    EmailAddress.objects.create(user=unverified, email="waverer@example.org", verified=False)
    enroll(classroom, unverified)

    def outcome(email: str, username: str) -> list[object]:
        plan = plan_of(classroom, read_roster(f"{HEAD}A,{email},,,\nB,,{username},,\n".encode()))
        return [
            [one.entry.line for one in plan.new],
            plan.changed,
            [one.words.replace(f"“{username}”", "…") for one in plan.faults],
        ]

    expected = outcome("nobody@example.org", "nobody")
    assert expected[0] == [2]
    assert outcome("stranger@example.org", "stranger") == expected
    assert outcome("waverer@example.org", "stranger") == expected


def test_the_file_that_goes_out_changes_nothing_when_it_comes_back(
    desk: Client, classroom: Classroom, ann: User, ben: User, now: datetime
) -> None:
    lab = make_group(classroom, "-Lab  A")
    Membership.objects.filter(person=ann).update(group=lab, name="=HYPERLINK(1)", external_id="'=7")
    Membership.objects.filter(person=ben).update(left_at=now, email="ben@school.example")
    Membership.objects.create(classroom=classroom, name="Li,\n“雷”", email="li@example.org", created_at=now)
    reply = desk.get(f"/teach/classes/{classroom.code}/roster.csv")
    data = b"".join(reply)  # type: ignore[arg-type]
    assert "attachment" in reply["Content-Disposition"]
    assert b"'=HYPERLINK" in data
    assert b"ann@example.org" not in data
    plan = plan_of(classroom, read_roster(data))
    assert (len(plan.same), plan.is_idle, plan.faults, plan.new_groups) == (3, True, (), ())
    before = tables.state()
    page = send(desk, classroom, data.decode()).content.decode()
    assert "Nothing would change." in page
    assert HIDDEN.findall(page) == []
    assert tables.state() == before


@pytest.mark.parametrize("mail", [True, False])
def test_where_nobody_can_confirm_an_address_that_is_said(
    desk: Client, classroom: Classroom, settings: Any, mail: bool
) -> None:
    settings.MAIL_IS_ON = mail
    page = desk.get(f"/teach/classes/{classroom.code}/roster/").content.decode()
    preview = send(desk, classroom, f"{HEAD}Cy,cy@example.org,,,\n").content.decode()
    assert ("sends no email" in page) is ("sends no email" in preview) is not mail


def test_contradictions_name_whom_they_are_about(classroom: Classroom, ann: User, ben: User) -> None:
    Membership.objects.filter(person=ben).update(external_id="7", name="Ben")
    plan = plan_of(classroom, read_roster(f"{HEAD},,ann,7,\n".encode()))
    [fault] = plan.faults
    assert fault.words == "it names two people: the external id is that of “Ben” and the user name is that of “ann”"
    assert plan.is_idle


def test_nobody_else_and_nothing_of_an_archived_class(
    desk: Client, classroom: Classroom, teacher: User, now: datetime
) -> None:
    other = make_class(make_instructor("grace"))
    preview = send(desk, classroom, f"{HEAD}Cy,cy@example.org,,,\n")
    assert send(desk, other, f"{HEAD}Cy,cy@example.org,,,\n").status_code == 404
    # A file waits for the class it was sent to.
    second = make_class(teacher)
    assert confirm(desk, second, preview).status_code == 422
    roster = read_roster(f"{HEAD}Cy,cy@example.org,,,\n".encode())
    with pytest.raises(OtherOutcome):
        take_roster(classroom_id=classroom.pk, roster=roster, seen="0" * 64, actor=teacher, now=now)
    classroom.archived_at = now
    classroom.save()
    assert confirm(desk, classroom, preview).status_code == 409
    assert "only be read" in desk.get(f"/teach/classes/{classroom.code}/roster/").content.decode()
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        ("Ann,ann@example.org\n", {}, "Line 1: the first row has to name the columns"),
        (f"{HEAD}Ann,ann@example.org,,,\n", {"whole": ""}, "The file did not come whole."),
        ("x" * (1024 * 1024 + 1), {}, "This file is larger than 1 MB."),
        (HEAD + "".join(f"A,a{n}@example.org,,,g{n}\n" for n in range(201)), {}, "more than 200 groups"),
    ],
)
def test_a_file_that_is_refused_is_told_why_at_its_field(
    desk: Client, classroom: Classroom, text: str, more: dict[str, str], words: str
) -> None:
    reply = send(desk, classroom, text, **more)
    assert (reply.status_code, words in reply.content.decode()) == (422, True)
    assert desk.post(f"/teach/classes/{classroom.code}/roster/", {"kept": "x", "seen": ""}).status_code == 422


def test_a_large_class_takes_few_statements(classroom: Classroom, teacher: User, now: datetime) -> None:
    people = make_learners(classroom, 400)
    rows = "".join(f"N {one},,{one.username},{one.pk},G{one.pk % 5}\n" for one in people)
    roster = read_roster((HEAD + rows + "".join(f"x,x{n}@example.org,,,\n" for n in range(400))).encode())
    with CaptureQueriesContext(connection) as looked:
        plan = plan_of(classroom, roster)
    assert (len(plan.changed), len(plan.new), len(looked)) == (400, 400, 3)
    with CaptureQueriesContext(connection) as took:
        take_roster(classroom_id=classroom.pk, roster=roster, seen=plan.digest, actor=teacher, now=now)
    # Savepoints and pieces of the two writes among them.
    assert len(took) <= 18
    with CaptureQueriesContext(connection) as wrote:
        assert len(list(roster_rows(classroom))) == 800
    assert len(wrote) == 1
    assert Group.objects.count() == 5


def test_what_waits_goes_after_an_hour_and_with_its_owner(
    desk: Client, classroom: Classroom, tmp_path: Path, clock: Any
) -> None:
    preview = send(desk, classroom, f"{HEAD}Cy,cy@example.org,,,\n")
    send(desk, make_class(classroom.owner), f"{HEAD}Dee,dee@example.org,,,\n")
    assert len(list(tmp_path.rglob("*.csv"))) == 2
    clock.move(seconds=timedelta(hours=9999).total_seconds())
    call_command("sweep_images", stdout=io.StringIO())
    assert not list(tmp_path.rglob("*.csv"))
    assert confirm(desk, classroom, preview).status_code == 422
    send(desk, classroom, f"{HEAD}Cy,cy@example.org,,,\n")
    forget(person_id=classroom.owner_id, folder=tmp_path / "imports")
    assert not list(tmp_path.rglob("*.csv"))
