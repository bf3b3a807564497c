"""Who goes, and was in classes or taught some: what becomes of the classes, and what is taken away as a file."""

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Assignment, AuditEntry, Classroom, Condition, Membership, Question, Quiz, Remark
from sapro.accounts.models import User
from sapro.accounts.services.people import OwnsQuizzes, delete_person
from tests import factories
from tests.accounts.conftest import sign_in
from tests.my_data import data_of
from tests.own_classes import assign, enroll, grant, make_class, make_group
from tests.own_quizzes import make_own_quiz, sat


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def colleague(db: None) -> User:
    return factories.make_instructor("colleague")


@pytest.fixture
def classroom(teacher: User) -> Classroom:
    return make_class(teacher, name="Cloud")


def test_a_class_goes_to_who_has_taught_it_longest(
    teacher: User, colleague: User, classroom: Classroom, member: User, now: datetime
) -> None:
    retired = factories.make_instructor("retired")
    User.objects.filter(pk=retired.pk).update(is_active=False)
    second = factories.make_instructor("second")
    for one in (retired, colleague, second):
        classroom.teachers.add(one)
    enroll(classroom, member)
    assert delete_person(person_id=teacher.pk, now=now) == 1
    classroom.refresh_from_db()
    assert (classroom.owner, set(classroom.teachers.all())) == (colleague, {retired, second})
    assert classroom.memberships.get().person == member
    entry = AuditEntry.objects.get(classroom=classroom)
    assert (entry.verb, entry.actor_name, entry.data) == ("class.handed_over", "teacher", {"to": "colleague"})


def test_a_class_of_one_teacher_goes_and_what_was_sat_stays(
    teacher: User, colleague: User, classroom: Classroom, member: User, now: datetime
) -> None:
    """Though a group was given an assignment, which protects the group."""
    questions = factories.make_authored(colleague, 2)
    quiz = make_own_quiz(colleague, questions)
    quiz.editors.add(teacher)
    assignment = assign(classroom, quiz, group=make_group(classroom))
    grant(member, assignment)
    attempt = sat(member, quiz, questions, now, right={1}, assignment=assignment)
    assert delete_person(person_id=teacher.pk, now=now) == 1
    attempt.refresh_from_db()
    assert (attempt.assignment, attempt.person, attempt.results.get().raw) == (None, member, 1)
    assert not any(model.objects.exists() for model in (Classroom, Assignment, Condition))


def test_a_draft_that_a_class_was_given_is_no_obstacle_or_says_so(
    teacher: User, colleague: User, classroom: Classroom, now: datetime
) -> None:
    """A quiz that was taken back before anybody sat it: given to a class that goes, and to one that stays."""
    assign(classroom, make_own_quiz(teacher, published_at=None))
    own = make_class(colleague)
    elsewhere = make_own_quiz(teacher, published_at=None)
    given = assign(own, elsewhere)
    with pytest.raises(OwnsQuizzes) as refused:
        delete_person(person_id=teacher.pk, now=now)
    assert refused.value.titles == [elsewhere.title]
    assert Classroom.objects.count() == 2
    given.delete()
    assert delete_person(person_id=teacher.pk, now=now) == 1
    assert (list(Classroom.objects.all()), Quiz.objects.count()) == ([own], 0)


def test_a_learner_goes_with_seat_conditions_and_remarks(
    client: Client, teacher: User, classroom: Classroom, member: User, now: datetime
) -> None:
    questions: list[Question] = factories.make_authored(teacher, 1)
    assignment = assign(classroom, make_own_quiz(teacher, questions))
    enroll(classroom, member, name="Alice Roe", email="a@example.org")
    grant(member, assignment, reason="Alice is ill", granted_by=teacher)
    Remark.objects.create(assignment=assignment, person=member, author=teacher, text="Well done", created_at=now)
    attempt = sat(member, assignment.quiz, questions, now, assignment=assignment)
    assert delete_person(person_id=member.pk, now=now) == 1
    assert not any(model.objects.exists() for model in (Membership, Condition, Remark))
    attempt.refresh_from_db()
    assert attempt.assignment == assignment


def test_a_co_teacher_or_what_they_granted_holds_nobody_back(
    teacher: User, colleague: User, classroom: Classroom, member: User, now: datetime
) -> None:
    classroom.teachers.add(colleague)
    assignment = assign(classroom, make_own_quiz(teacher), created_by=colleague)
    grant(member, assignment, granted_by=colleague)
    assert delete_person(person_id=colleague.pk, now=now) == 1
    assert (Condition.objects.get().granted_by, classroom.teachers.count()) == (None, 0)


# What is taken away


def test_seats_conditions_and_remarks_are_exported(
    client: Client, teacher: User, classroom: Classroom, member: User, now: datetime
) -> None:
    """Not why something was granted, by whom, nor anything of a classmate; and the file can be brought in again."""
    assignment = assign(classroom, make_own_quiz(teacher, title="Gateways"))
    group = make_group(classroom, "Tuesday")
    enroll(classroom, member, name="Alice Roe", external_id="=7", group=group, joined_at=now)
    other = User.objects.create_user("classmate")
    enroll(classroom, other)
    grant(member, factor=1.5, reason="canary-reason", granted_by=teacher)
    grant(other, assignment)
    Remark.objects.create(assignment=assignment, person=member, author=teacher, text="Well done", created_at=now)
    sign_in(client, "alice")
    document = data_of(client)
    [seat], [condition], [remark] = (document[name] for name in ("memberships", "conditions", "remarks"))
    assert (seat["class"], seat["group"], seat["name"], seat["external_id"]) == ("Cloud", "Tuesday", "Alice Roe", "=7")
    assert (condition["factor"], condition["quiz"], condition["revoked_at"]) == (1.5, None, None)
    assert (remark["class"], remark["quiz"], remark["text"]) == ("Cloud", "Gateways", "Well done")
    assert not any(word in json.dumps(document) for word in ("canary-reason", "teacher", "classmate"))
    with zipfile.ZipFile(io.BytesIO(client.get("/accounts/data/csv/").getvalue())) as archive:
        [row] = csv.DictReader(io.StringIO(archive.read("memberships.csv").decode("utf-8-sig")))
        assert (row["class"], row["external_id"]) == ("Cloud", "'=7")
        assert {"conditions.csv", "remarks.csv"} <= set(archive.namelist())
    before: Any = list(Membership.objects.order_by("pk").values())
    looked = client.post("/accounts/data/", {"file": io.BytesIO(json.dumps(document).encode())})
    assert (looked.status_code, list(Membership.objects.order_by("pk").values())) == (200, before)
