"""The pages of those who teach a class: who is in it, groups, settings, co-teachers, archive, and the log."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from quizzes.models import AuditEntry, Classroom, Group, Membership
from quizzes.queries.class_pages import class_list
from quizzes.services import classes as services
from quizzes.services.audit import record
from quizzes.services.classes import JOIN_ALPHABET, archive_class, create_class
from quizzes.services.seats import join_class, place
from sapro.accounts.models import User
from tests import factories
from tests.own_classes import assign, enroll, make_class, make_group, make_learners
from tests.own_quizzes import make_own_quiz
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stand_still(clock: Any) -> None:
    """Every view of these tests reads the clock of the tests."""


@pytest.fixture
def desk(teacher: User) -> Client:
    """The teacher's browser."""
    return browser(teacher)


@pytest.fixture
def colleague(classroom: Classroom) -> User:
    """A co-teacher of the class."""
    user = factories.make_instructor("colleague")
    classroom.teachers.add(user)
    return user


def act(client: Client, classroom: Classroom, action: str, *, settings: bool = False, **fields: Any) -> Any:
    """Press a button of one of the two pages."""
    there = f"/teach/classes/{classroom.code}/{'settings/' if settings else ''}"
    return client.post(there, {"action": action, **fields})


def said(reply: Any) -> str:
    return str(reply.content.decode())


# The list


def test_a_class_is_made_by_its_name(desk: Client, teacher: User) -> None:
    assert "No class yet" in said(desk.get("/teach/classes/"))
    assert "Write a name for the class." in said(desk.post("/teach/classes/", {"name": "  "}))
    reply = desk.post("/teach/classes/", {"name": "  Cloud \t 2027 "})
    made = Classroom.objects.get()
    assert (made.name, made.owner, reply["Location"]) == (
        "Cloud 2027",
        teacher,
        f"/teach/classes/{made.code}/settings/",
    )
    assert (len(made.join_code), set(made.join_code) <= set(JOIN_ALPHABET)) == (8, True)
    page = said(desk.get(reply["Location"]))
    assert f"{made.join_code[:4]} {made.join_code[4:]}" in page
    assert f"http://testserver/classes/join/{made.join_code}/" in page
    assert 'class="qr"' in page


def test_the_list_counts_and_sets_archived_ones_apart(teacher: User, classroom: Classroom, now: datetime) -> None:
    archived = make_class(teacher, archived_at=now)
    make_class(factories.make_instructor("other"))
    make_learners(classroom, 3)
    Membership.objects.filter(pk=classroom.memberships.values("pk")[:1]).update(left_at=now)
    Membership.objects.create(classroom=classroom, email="a@example.org", created_at=now)
    found = {one: (one.learners, one.waiting) for one in class_list(teacher.pk)}  # type: ignore[attr-defined]
    assert found == {classroom: (2, 1), archived: (0, 0)}
    context = browser(teacher).get("/teach/classes/").context
    assert (context["classes"], context["archived"]) == ([classroom], [archived])


# Learners


def test_who_is_here_awaited_and_gone(desk: Client, classroom: Classroom, ann: User, now: datetime) -> None:
    group = make_group(classroom, "Tuesday")
    classroom.memberships.update(name="Ann Roe", group=group)
    Membership.objects.create(classroom=classroom, email="late@example.org", created_at=now)
    enroll(classroom, User.objects.create_user("gone"), left_at=now)
    pages = {
        shown: said(desk.get(f"/teach/classes/{classroom.code}/?shown={shown}")) for shown in ("", "waiting", "left")
    }
    found = {
        shown: [word in page for word in ("Ann Roe", "late@example.org", ">gone<")] for shown, page in pages.items()
    }
    assert found == {"": [True, False, False], "waiting": [False, True, False], "left": [False, False, True]}
    for query, there in (
        ("q=roe", 1),
        ("q=nobody", 0),
        (f"group={group.pk}", 1),
        ("group=none", 0),
        ("group=x&shown=y", 1),
    ):
        rows = desk.get(f"/teach/classes/{classroom.code}/?{query}").context["page"].page_obj.object_list
        assert len(rows) == there, query


def test_several_are_put_into_a_group_at_once(desk: Client, classroom: Classroom) -> None:
    make_learners(classroom, 3)
    group, other = make_group(classroom), make_group(make_class(classroom.owner))
    seats = list(classroom.memberships.values_list("pk", flat=True))
    assert "Tick at least one line" in said(act(desk, classroom, "place", to=group.pk))
    assert "Choose a group first" in said(act(desk, classroom, "place", seat=seats[0]))
    assert act(desk, classroom, "place", to=other.pk, seat=seats).status_code == 404
    assert act(desk, classroom, "place", to=group.pk, seat=[*seats[:2], "x", "99999999"]).status_code == 302
    assert list(group.memberships.values_list("pk", flat=True)) == seats[:2]
    act(desk, classroom, "place", to="none", seat=seats)
    assert not group.memberships.exists()


def test_removing_is_asked_first_and_keeps_what_was_done(
    desk: Client, teacher: User, classroom: Classroom, ann: User, now: datetime
) -> None:
    waiting = Membership.objects.create(classroom=classroom, name="Never came", created_at=now)
    seat = classroom.memberships.get(person=ann)
    asked = act(desk, classroom, "remove", seat=[seat.pk, waiting.pk])
    assert (asked.status_code, "Never came" in said(asked), "ann" in said(asked)) == (200, True, True)
    assert classroom.memberships.filter(left_at=None).count() == 2
    act(desk, classroom, "remove", seat=[seat.pk, waiting.pk], sure="yes")
    assert list(classroom.memberships.values_list("person", "left_at")) == [(ann.pk, now)]
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.classroom, entry.data) == ("class.learners_removed", classroom, {"n": 2, "waiting": 1})
    assert "removed 2 from the class" in said(desk.get("/teach/log/"))


def test_a_learner_is_said_to_be_whom_the_roster_awaits(desk: Client, classroom: Classroom, now: datetime) -> None:
    """Who joined by another address than the roster's, or where no address can be confirmed."""
    make_learners(classroom, 1)
    seat, group = classroom.memberships.get(), make_group(classroom)
    waiting = Membership.objects.create(
        classroom=classroom, name="Cleo Roe", email="c@example.org", external_id="7", group=group, created_at=now
    )
    assert "It is this learner" in said(desk.get(f"/teach/classes/{classroom.code}/?shown=waiting"))
    assert "Choose who it is" in said(act(desk, classroom, "unite", seat=waiting.pk))
    act(desk, classroom, "unite", seat=waiting.pk, who=seat.pk)
    seat = classroom.memberships.get()
    assert (seat.name, seat.email, seat.external_id, seat.group) == ("Cleo Roe", "c@example.org", "7", group)
    another = Membership.objects.create(classroom=classroom, name="Dora", created_at=now)
    assert "is on the roster" in said(act(desk, classroom, "unite", seat=another.pk, who=seat.pk))


# Groups


def test_groups_are_made_renamed_and_deleted(desk: Client, classroom: Classroom, ann: User) -> None:
    act(desk, classroom, "group_new", name=" Tuesday  evening ")
    tuesday = Group.objects.get()
    assert tuesday.name == "Tuesday evening"
    reply = act(desk, classroom, "group_new", name="TUESDAY evening")
    assert (reply.status_code, "There is a group of this name already" in said(reply)) == (422, True)
    assert 'value="TUESDAY evening"' in said(reply)
    other = make_group(classroom, "Friday")
    reply = act(desk, classroom, "group_rename", group=other.pk, name="tuesday evening")
    assert (reply.status_code, 'value="tuesday evening"' in said(reply)) == (422, True)
    act(desk, classroom, "group_rename", group=tuesday.pk, name="TUESDAY evening")
    classroom.memberships.update(group=tuesday)
    act(desk, classroom, "group_delete", group=other.pk)
    act(desk, classroom, "group_delete", group=tuesday.pk)
    assert (Group.objects.count(), classroom.memberships.get().group) == (0, None)
    foreign = make_group(make_class(classroom.owner))
    assert act(desk, classroom, "group_delete", group=foreign.pk).status_code == 404


def test_a_group_with_an_assignment_stays(desk: Client, classroom: Classroom, quiz: Any) -> None:
    group = make_group(classroom)
    assign(classroom, quiz, group=group)
    reply = act(desk, classroom, "group_delete", group=group.pk)
    assert (reply.status_code, "was given 1 assignment, so it stays" in said(reply)) == (422, True)


# Settings


def test_a_renewed_code_is_dead_at_once(desk: Client, classroom: Classroom, now: datetime) -> None:
    old = classroom.join_code
    act(desk, classroom, "renew", settings=True)
    classroom.refresh_from_db()
    assert (classroom.join_code != old, len(classroom.join_code)) == (True, 8)
    assert Client().get(f"/classes/join/{old}/").status_code == 404
    act(desk, classroom, "close", settings=True)
    assert "nobody can join" in said(desk.get(f"/teach/classes/{classroom.code}/settings/"))
    assert Client().get(f"/classes/join/{classroom.join_code}/").status_code == 404
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", "data"))
    assert verbs == [("class.code_renewed", {}), ("class.code_closed", {})]


def test_co_teachers_are_named_by_the_owner_alone(
    desk: Client, classroom: Classroom, colleague: User, ann: User
) -> None:
    more = factories.make_instructor("more")
    for name, words in (
        ("nobody", "There is no instructor of this name"),
        ("ann", "There is no instructor of this name"),
        ("teacher", "This is the owner"),
        ("COLLEAGUE", "teaches this class already"),
        (" ", "Write a user name"),
    ):
        reply = act(desk, classroom, "add_teacher", settings=True, username=name)
        assert (reply.status_code, words in said(reply)) == (422, True), name
    theirs = browser(colleague)
    assert act(theirs, classroom, "add_teacher", settings=True, username="more").status_code == 422
    assert act(theirs, classroom, "archive", settings=True).status_code == 422
    act(desk, classroom, "add_teacher", settings=True, username=" More ")
    assert set(classroom.teachers.all()) == {colleague, more}
    assert act(theirs, classroom, "remove_teacher", settings=True, person=more.pk).status_code == 422
    assert act(theirs, classroom, "rename", settings=True, name="Ours").status_code == 302
    assert act(theirs, classroom, "remove_teacher", settings=True, person=colleague.pk)["Location"] == "/teach/classes/"
    assert theirs.get(f"/teach/classes/{classroom.code}/").status_code == 404
    act(desk, classroom, "remove_teacher", settings=True, person=more.pk)
    classroom.refresh_from_db()
    assert (classroom.name, classroom.archived_at, classroom.teachers.count()) == ("Ours", None, 0)
    verbs = list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["class.teacher_added", "class.renamed", "class.teacher_left", "class.teacher_removed"]


def test_nothing_changes_in_an_archived_class(
    desk: Client, teacher: User, classroom: Classroom, ann: User, now: datetime
) -> None:
    group, seat = make_group(classroom), classroom.memberships.get()
    act(desk, classroom, "archive", settings=True)
    before = Classroom.objects.values().get()
    assert before["archived_at"] == now
    for action in ("group_new", "group_rename", "group_delete", "place", "remove"):
        fields = {"name": "x", "group": group.pk, "to": group.pk, "seat": seat.pk, "sure": "yes"}
        assert act(desk, classroom, action, **fields).status_code == 422, action
    for action in ("rename", "renew", "close", "add_teacher"):
        assert act(desk, classroom, action, settings=True, name="x", username="ann").status_code == 422, action
    assert (Classroom.objects.values().get(), Group.objects.get().name) == (before, group.name)
    assert Membership.objects.get().left_at is None
    for page in ("", "settings/"):
        assert "This class is archived" in said(desk.get(f"/teach/classes/{classroom.code}/{page}"))
    act(desk, classroom, "restore", settings=True)
    cleo = User.objects.create_user("cleo")
    assert join_class(person_id=cleo.pk, join_code=classroom.join_code, now=now).classroom == classroom
    assert list(AuditEntry.objects.order_by("pk").values_list("verb", flat=True)) == [
        "class.archived",
        "class.restored",
    ]


# Whose it is, and what the log tells


def test_a_foreign_class_is_not_there(classroom: Classroom, ann: User, now: datetime) -> None:
    other = factories.make_instructor("other")
    for person, status in ((other, 404), (ann, 404)):
        for page in ("", "settings/"):
            client = browser(person)
            assert client.get(f"/teach/classes/{classroom.code}/{page}").status_code == status
            assert client.post(f"/teach/classes/{classroom.code}/{page}", {"action": "renew"}).status_code == status
    for change in (services.renew_join_code, services.close_joining, archive_class):
        with pytest.raises(Classroom.DoesNotExist):
            change(actor=other, code=classroom.code, now=now)
    with pytest.raises(Classroom.DoesNotExist):
        place(actor=other, code=classroom.code, seats=[1], group_id=None)


def test_the_log_is_read_by_those_who_teach_it(teacher: User, now: datetime) -> None:
    classroom = create_class(actor=teacher, name="Cloud", now=now)
    colleague, other = factories.make_instructor("colleague"), factories.make_instructor("other")
    services.add_teacher(actor=teacher, code=classroom.code, username="colleague", now=now)
    pages = {one: said(browser(one).get("/teach/log/?kind=rights")) for one in (teacher, colleague, other)}
    found = {one.username: ["made colleague a co-teacher" in page, "Cloud" in page] for one, page in pages.items()}
    assert found == {"teacher": [True, True], "colleague": [True, True], "other": [False, False]}
    record(teacher, "quiz.given", now=now, quiz=make_own_quiz(other), classroom=classroom)
    page = said(browser(other).get("/teach/log/"))
    assert ("given" in page, "Cloud" in page) == (True, False)


def test_a_page_costs_the_same_for_five_hundred(desk: Client, classroom: Classroom) -> None:
    make_learners(classroom, 1, group=make_group(classroom))
    desk.get("/teach/classes/")
    costs = []
    for more in (0, 499):
        make_learners(classroom, more)
        for page in (f"{classroom.code}/", ""):
            with counting() as counted:
                assert desk.get(f"/teach/classes/{page}").status_code == 200
            costs.append(counted.all)
    assert costs[:2] == costs[2:]
    assert costs[0] <= 9
