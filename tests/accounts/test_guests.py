"""Guests: sign-up converts their row, sign-in merges it, idle ones are swept. Nothing they did is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.db import connection
from django.test import Client

from quizzes.models import Attempt, Exam, Exposure, Plan, Question, Quiz
from quizzes.queries.draws import held_questions
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from sapro.accounts.services.guests import Merged, NotAGuest, convert_guest, make_guest, merge_guest, sweep_guests
from tests.accounts.conftest import PASSWORD, answer, choices, sign_in, sign_up_data, sit

# What hangs on a person. Whoever adds a table that points at people decides here, too, what becomes of it:
# in merge_guest, in delete_person and in my_data.
HANGS_ON_A_PERSON = {
    "accounts.RoleLink.used_by": "roles are for members; the link forgets who used it",
    "accounts.User_groups.user": "goes with the person; guests are in no group",
    "accounts.User_user_permissions.user": "goes with the person; guests have none",
    "account.EmailAddress.user": "goes with the person; guests have none",
    "mfa.Authenticator.user": "goes with the person; guests have none",
    "admin.LogEntry.user": "goes with the person; guests have none",
    "quizzes.Attempt.person": "merged; deleted, at instructors' quizzes left behind without a name; exported",
    "quizzes.Exposure.person": "united; goes with the person; exported",
    "quizzes.Card.person": "united, the newer memory wins; goes with the person; exported",
    "quizzes.Plan.person": "the member's stays, else moved; goes with the person; exported",
    "reference.Highlight.person": "moved; goes with the person; exported",
    "reference.Bookmark.person": "moved; goes with the person; exported",
    "quizzes.Challenge.person": "moved; stays without a name; exported",
    "reference.Reading.person": "moved; goes with the person; exported",
    "quizzes.Question.author": "stays without a name; exported",
    "quizzes.Quiz.owner": "goes to a co-author, else forbids the deletion; exported",
    "quizzes.Question_editors.user": "the share goes with the person; guests have none",
    "quizzes.Quiz_editors.user": "the share goes with the person; guests have none",
    "quizzes.Scenario_editors.user": "the share goes with the person; guests have none",
    "quizzes.Scenario.author": "stays without a name",
    "quizzes.QuestionVersion.created_by": "stays without a name",
    "quizzes.Challenge.decided_by": "stays without a name",
    "quizzes.Draft.saved_by": "stays without a name",
    "quizzes.Comment.person": "stays without a name",
    "quizzes.Image.uploaded_by": "stays without a name",
    "quizzes.AuditEntry.actor": "stays with the name as it was: the log tells who did what to others' results",
    "quizzes.Import.person": "goes with the person; guests have none",
    "quizzes.Classroom.owner": "goes to a co-teacher, else goes with its owner, and what learners did stays",
    "quizzes.Classroom_teachers.user": "the share goes with the person; guests have none",
    "quizzes.Membership.person": "goes with the person; guests have none; exported",
    "quizzes.Assignment.created_by": "stays without a name",
    "quizzes.Condition.person": "goes with the person; guests have none; exported",
    "quizzes.Condition.granted_by": "stays without a name",
    "quizzes.Condition.revoked_by": "stays without a name",
    "quizzes.Remark.person": "goes with the person; guests have none; exported",
    "quizzes.Remark.author": "stays without a name",
    "quizzes.Notice.person": "moved; goes with the person; exported",
}


def test_every_table_that_points_at_people_was_thought_of() -> None:
    relations = User._meta.get_fields(include_hidden=True)
    found = {
        relation.field.model._meta.label + "." + relation.field.name
        for relation in relations
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    }
    assert found == set(HANGS_ON_A_PERSON)


# Sign-up converts


def test_sign_up_keeps_the_row_and_all_that_hangs_on_it(
    client: Client, as_guest: User, course: None, now: datetime
) -> None:
    attempt = sit(as_guest, "short-mock", now)
    answer(attempt, now, 1, 3)
    before = choices(attempt)
    response = client.post("/accounts/signup/", sign_up_data("Bob", email="Bob@example.org"))
    assert (response.status_code, response["Location"]) == (302, "/")
    member = User.objects.get()
    assert (member.pk, member.username, member.email, member.is_guest) == (as_guest.pk, "bob", "bob@example.org", False)
    assert check_password(PASSWORD, member.password)
    assert list(member.attempts.values_list("code", "state")) == [(attempt.code, "in_progress")]
    assert choices(attempt) == before
    assert list(member.emailaddress_set.values_list("email", "primary", "verified")) == [
        ("bob@example.org", True, False)
    ]


def test_sign_up_keeps_the_session_and_gives_it_another_id(client: Client, as_guest: User) -> None:
    session = client.session
    session["kept"] = "yes"
    session.save()
    old = client.cookies["sessionid"].value
    client.post("/accounts/signup/", sign_up_data("bob"))
    assert client.session["_auth_user_id"] == str(as_guest.pk)
    assert client.session["kept"] == "yes"
    assert client.cookies["sessionid"].value != old
    stale = Client()
    stale.cookies["sessionid"] = old
    assert stale.get("/accounts/data/json/")["Location"] == "/accounts/login/?next=%2Faccounts%2Fdata%2Fjson%2F"


def test_sign_up_without_having_been_a_guest_makes_a_row(client: Client, db: None) -> None:
    client.post("/accounts/signup/", sign_up_data("bob"))
    member = User.objects.get()
    assert (member.username, member.is_guest, client.session["_auth_user_id"]) == ("bob", False, str(member.pk))


@pytest.mark.django_db(transaction=True)
def test_of_two_conversions_at_once_one_happens(now: datetime) -> None:
    guest = make_guest(now=now)

    def convert(name: str) -> bool:
        try:
            convert_guest(guest_id=guest.pk, username=name, email="", password=PASSWORD, now=now)
        except NotAGuest:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(convert, ["a1", "a2", "a3", "a4"])) == [False, False, False, True]
    assert User.objects.filter(is_guest=False).count() == 1


def test_a_guest_is_converted_once(as_guest: User, now: datetime) -> None:
    first = {"username": "bob", "email": "", "password": PASSWORD}
    assert convert_guest(guest_id=as_guest.pk, now=now, **first).username == "bob"
    with pytest.raises(NotAGuest):
        convert_guest(guest_id=as_guest.pk, username="mallory", email="", password="another one", now=now)
    assert User.objects.get().username == "bob"


@pytest.mark.parametrize("name", ["alice", "ALICE", "guest-1234", "Guest-x", "operator", "a@example.org", "ａｌｉｃｅ"])
def test_some_names_are_not_to_be_had(client: Client, as_guest: User, member: User, name: str) -> None:
    response = client.post("/accounts/signup/", sign_up_data(name))
    assert response.status_code == 200
    assert len(response.context["form"].errors["username"]) == 1
    assert User.objects.get(pk=as_guest.pk).is_guest is True


def test_posting_more_at_sign_up_gives_no_privilege(client: Client, as_guest: User) -> None:
    more = {
        "is_superuser": "1",
        "is_staff": "on",
        "groups": "1",
        "is_active": "1",
        "is_guest": "1",
        "id": "1",
        "role": "admin",
    }
    client.post("/accounts/signup/", sign_up_data("bob", **more))
    member = User.objects.get()
    assert (member.is_superuser, member.is_staff, member.is_guest, member.is_instructor) == (False, False, False, False)
    assert (member.pk, member.groups.count()) == (as_guest.pk, 0)


# Sign-in merges


def test_sign_in_brings_the_attempts_along(
    client: Client, as_guest: User, member: User, course: None, now: datetime
) -> None:
    attempt = sit(as_guest, "short-mock", now)
    answer(attempt, now, 2)
    before = choices(attempt)
    response = sign_in(client, "alice")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(member.pk)
    assert list(member.attempts.values_list("code", "state")) == [(attempt.code, "in_progress")]
    assert choices(attempt) == before
    assert list(User.objects.values_list("username", flat=True)) == ["alice"]


def test_a_wrong_password_changes_nothing_for_the_guest(client: Client, as_guest: User, member: User) -> None:
    sign_in(client, "alice", "wrong")
    assert client.session["_auth_user_id"] == str(as_guest.pk)
    assert User.objects.filter(is_guest=True).count() == 1


def test_of_two_open_exams_the_older_is_handed_in(as_guest: User, member: User, course: None, now: datetime) -> None:
    older = sit(as_guest, "short-mock", now)
    answer(older, now, 1)
    newer = sit(member, "short-mock", now + timedelta(minutes=1))
    Quiz.objects.create(slug="second", title="Second", exam=Exam.objects.get(code="SAP-C03"), scored=4, unscored=1)
    other = sit(as_guest, "second", now)
    later = now + timedelta(minutes=2)
    assert merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=later) == Merged(2, (older.title,))
    states = dict(Attempt.objects.filter(person=member).values_list("code", "state"))
    assert states == {older.code: "submitted", newer.code: "in_progress", other.code: "in_progress"}
    older.refresh_from_db()
    assert (older.ended_at, older.results.count()) == (later, 1)


def test_an_overdue_exam_expires_and_the_running_one_goes_on(
    as_guest: User, member: User, course: None, now: datetime
) -> None:
    overdue = sit(as_guest, "short-mock", now)
    assert overdue.deadline is not None
    later = overdue.deadline + timedelta(hours=1)
    running = sit(member, "short-mock", later)
    assert merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=later) == Merged(1, ())
    states = dict(Attempt.objects.filter(person=member).values_list("code", "state"))
    assert states == {overdue.code: "expired", running.code: "in_progress"}
    overdue.refresh_from_db()
    assert overdue.ended_at == overdue.deadline


def test_what_the_account_met_before_is_no_first_exposure_of_the_guest(
    as_guest: User, member: User, course: None, now: datetime
) -> None:
    older = sit(as_guest, "short-mock", now)
    met = list(older.responses.values_list("question_id", flat=True)[:2])
    for question in met:
        Exposure.objects.create(person=member, question_id=question, first_seen_at=now, last_seen_at=now)
    sit(member, "short-mock", now + timedelta(minutes=1))
    merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=now + timedelta(minutes=2))
    assert set(older.responses.filter(first_exposure=False).values_list("question_id", flat=True)) == set(met)


def test_the_ledgers_are_united(as_guest: User, member: User, course: None, now: datetime) -> None:
    def day(number: int) -> datetime:
        return now + timedelta(days=number)

    one, two, three = Question.objects.order_by("pk")[:3]
    rows = [
        (as_guest, one, 1, 5, 3),
        (member, one, 2, 4, 2),
        (as_guest, two, 1, 1, None),
        (member, two, 0, 3, None),
        (as_guest, three, 4, 4, 4),
    ]
    for person, question, first, last, revealed in rows:
        Exposure.objects.create(
            person=person,
            question=question,
            first_seen_at=day(first),
            last_seen_at=day(last),
            revealed_at=None if revealed is None else day(revealed),
        )
    merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=day(9))
    ledger = Exposure.objects.order_by("question").values_list(
        "person", "question", "first_seen_at", "last_seen_at", "revealed_at"
    )
    assert list(ledger) == [
        (member.pk, one.pk, day(1), day(5), day(2)),
        (member.pk, two.pk, day(0), day(3), None),
        (member.pk, three.pk, day(4), day(4), day(4)),
    ]


def test_the_plan_of_the_member_stands_and_a_guests_plan_moves_to_one_without(
    as_guest: User, member: User, now: datetime
) -> None:
    values = {"minutes": [30] * 7, "started_on": now.date(), "changed_at": now}
    Plan.objects.create(person=as_guest, exam_on=now.date() + timedelta(days=9), **values)
    merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=now)
    assert Plan.objects.get().person == member
    later = make_guest(now=now)
    Plan.objects.create(person=later, exam_on=now.date() + timedelta(days=20), **values)
    merge_guest(guest_id=later.pk, member_id=member.pk, now=now)
    assert Plan.objects.get().exam_on == now.date() + timedelta(days=9)


def test_a_guest_is_merged_once(as_guest: User, member: User, now: datetime) -> None:
    assert merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=now) == Merged(0, ())
    with pytest.raises(NotAGuest):
        merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=now)


def test_a_member_is_never_merged_away(operator: User, member: User, now: datetime) -> None:
    with pytest.raises(NotAGuest):
        merge_guest(guest_id=operator.pk, member_id=member.pk, now=now)
    assert User.objects.count() == 2


# A guest is nobody yet for the pages of an account


@pytest.mark.parametrize(
    "path",
    [
        "email/",
        "password/change/",
        "password/set/",
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/recovery-codes/",
    ],
)
def test_a_guest_has_no_account_to_manage(client: Client, as_guest: User, path: str) -> None:
    response = client.get(f"/accounts/{path}")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_a_guest_cannot_sign_out_of_what_only_this_session_holds(client: Client, as_guest: User) -> None:
    client.post("/accounts/logout/")
    assert client.session["_auth_user_id"] == str(as_guest.pk)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_a_guest_sees_the_forms(client: Client, as_guest: User, path: str) -> None:
    assert client.get(path).status_code == 200


# Sweeping


def test_idle_guests_go_with_their_attempts(member: User, course: None, now: datetime) -> None:
    idle, fresh = make_guest(now=now - timedelta(days=401)), make_guest(now=now - timedelta(days=400))
    attempt = sit(idle, "short-mock", now - timedelta(days=401))
    finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    User.objects.filter(pk=member.pk).update(active_on=(now - timedelta(days=2000)).date())
    assert sweep_guests(days=400, now=now) == 1
    assert set(User.objects.values_list("pk", flat=True)) == {member.pk, fresh.pk}
    assert (Attempt.objects.count(), Exposure.objects.count()) == (0, 0)


def test_the_command_sweeps(as_guest: User, clock: Any) -> None:
    clock.move(days=401)
    out = StringIO()
    call_command("sweep_guests", stdout=out)
    assert (out.getvalue(), User.objects.count()) == ("1 guests deleted.\n", 0)


def test_a_page_of_a_swept_guest_is_a_strangers(client: Client, as_guest: User, now: datetime) -> None:
    sweep_guests(days=1, now=now + timedelta(days=9))
    assert client.get("/accounts/").context["person"] is None


def test_open_questions_of_both_are_withheld_after_the_merge(
    as_guest: User, member: User, course: None, now: datetime
) -> None:
    attempt = sit(as_guest, "short-mock", now)
    merge_guest(guest_id=as_guest.pk, member_id=member.pk, now=now)
    assert held_questions(member.pk).count() == attempt.size
