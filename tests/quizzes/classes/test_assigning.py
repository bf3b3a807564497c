"""Instructors give quizzes to classes: the terms, what is refused with which words, and what the log keeps of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Assignment, Attempt, AuditEntry, Classroom, Question, Quiz
from quizzes.services.delivery import start_assignment
from sapro.accounts.models import User
from tests import factories
from tests.own_classes import assign, make_class, make_group, make_learners
from tests.own_quizzes import begin, make_own_quiz
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

HOUR = timedelta(hours=1)


@pytest.fixture
def desk(teacher: User, clock: Any) -> Client:
    """The teacher’s browser."""
    return browser(teacher)


def text(moment: datetime) -> str:
    """As a browser sends it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def give(desk: Client, classroom: Classroom, quiz: Quiz, **fields: Any) -> Any:
    sent = {"quiz": quiz.slug, "revision": "0", "counts": "best", **fields}
    return desk.post(f"/teach/classes/{classroom.code}/assignments/new/", sent)


def change(desk: Client, given: Assignment, **fields: Any) -> Any:
    sent = {"action": "save", "revision": str(given.revision), "counts": "best", **fields}
    return desk.post(f"/teach/assignments/{given.code}/", sent)


def at_field(reply: Any, name: str) -> str:
    """What the page says at a field."""
    assert reply.status_code == 422
    return " ".join(reply.context["form"].errors.get(name, []))


def test_a_quiz_is_given_on_terms_in_the_teachers_zone(
    desk: Client, teacher: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    User.objects.filter(pk=teacher.pk).update(time_zone="Europe/Berlin")
    group = make_group(classroom, "Early birds")
    reply = give(
        desk, classroom, quiz, group=str(group.pk), opens_at="2026-11-24T09:00:00", due_at="2026-11-24T17:00:00",
        closes_at="2026-11-24T18:00:00", closing_cuts="on", attempts_allowed="2", counts="last", show_key="closed",
        show_rationale="closed",
    )  # fmt: skip
    assert reply.status_code == 302
    given = Assignment.objects.get()
    # Berlin is an hour ahead of UTC in November.
    assert [one and one.isoformat() for one in (given.opens_at, given.due_at, given.closes_at)] == [
        "2026-11-24T08:00:00+00:00", "2026-11-24T16:00:00+00:00", "2026-11-24T17:00:00+00:00",
    ]  # fmt: skip
    assert (given.group, given.attempts_allowed, given.counts, given.show_score) == (group, 2, "last", "")
    page = desk.get(reply["Location"]).content.decode()
    assert "Early birds" in page
    assert "Nov 24, 2026, 17:00" in page
    assert "Times are in Europe/Berlin" in page
    entry = AuditEntry.objects.get(verb="class.assigned")
    assert (entry.classroom, entry.data["quiz"], entry.data["group"]) == (classroom, quiz.title, "Early birds")


def test_what_the_quiz_says_stands_beside_what_is_left_empty(
    desk: Client, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    quiz.closes_at, quiz.attempts_allowed, quiz.show_key = now + HOUR, 3, "closed"
    quiz.show_rationale = "never"
    quiz.save()
    page = desk.get(f"/teach/classes/{classroom.code}/assignments/new/?quiz={quiz.slug}").content.decode()
    for words in ("as the quiz says, November 23, 2026, 13:00", "as the quiz says, 3", "As the quiz says: never"):
        assert words in page
    assert give(desk, classroom, quiz).status_code == 302
    given = Assignment.objects.get()
    assert (given.closes_at, given.attempts_allowed, given.show_key, given.closing_cuts) == (None, None, "", False)


@pytest.mark.parametrize(
    ("dates", "field", "words"),
    [
        ({"opens_at": 2, "closes_at": 1}, "closes_at", "close before it opens"),
        ({"opens_at": 1, "closes_at": 1}, "closes_at", "close before it opens"),
        ({"opens_at": 2, "due_at": 2, "closes_at": 3}, "due_at", "due before it opens"),
        ({"opens_at": 1, "due_at": 4, "closes_at": 3}, "due_at", "due after it closes"),
        ({"opens_at": 48}, "opens_at", "The quiz closes before that"),
        ({"due_at": 48}, "due_at", "due after it closes"),
        ({"closes_at": -1}, "closes_at", "has passed"),
        ({"due_at": -1}, "due_at", "has passed"),
    ],
)
def test_dates_in_the_wrong_order_are_told_at_their_field(
    desk: Client, classroom: Classroom, quiz: Quiz, now: datetime, dates: dict[str, int], field: str, words: str
) -> None:
    quiz.closes_at = now + 24 * HOUR
    quiz.save()
    typed = {name: text(now + hours * HOUR) for name, hours in dates.items()}
    reply = give(desk, classroom, quiz, **typed)
    assert words in at_field(reply, field)
    assert all(f'value="{one}"' in reply.content.decode() for one in typed.values())
    assert not Assignment.objects.exists()


def test_a_quiz_that_has_closed_needs_a_closing_time(
    desk: Client, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    quiz.closes_at = now
    quiz.save()
    assert "The quiz has closed" in at_field(give(desk, classroom, quiz), "closes_at")
    assert give(desk, classroom, quiz, closes_at=text(now + HOUR)).status_code == 302


def test_practice_may_show_the_key_at_once_and_is_not_cut(desk: Client, classroom: Classroom, quiz: Quiz) -> None:
    quiz.mode, quiz.time_limit = "practice", None
    quiz.save()
    page = desk.get(f"/teach/classes/{classroom.code}/assignments/new/?quiz={quiz.slug}").content.decode()
    assert "closing_cuts" not in page
    assert give(desk, classroom, quiz, show_key="during").status_code == 302


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("2027-03-28T02:30:00", "There is no such time in Europe/Berlin"),
        ("2027-10-31T02:30:00", "This time comes twice in Europe/Berlin"),
        ("9999-12-31T23:59:59", "between the years 2000 and 2100"),
        ("tomorrow", "Write a day and a time"),
    ],
)
def test_a_moment_that_is_none_or_two_is_refused(
    desk: Client, teacher: User, classroom: Classroom, quiz: Quiz, typed: str, words: str
) -> None:
    User.objects.filter(pk=teacher.pk).update(time_zone="Europe/Berlin")
    assert words in at_field(give(desk, classroom, quiz, closes_at=typed), "closes_at")


def test_the_order_holds_to_the_second(desk: Client, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    second = timedelta(seconds=1)
    dates = {"opens_at": text(now), "due_at": text(now + second), "closes_at": text(now + second)}
    assert give(desk, classroom, quiz, **dates).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"show_key": "never", "show_rationale": "submitted"}, "show_rationale", "show them no earlier"),
        # The reasons are the quiz’s own here, after submitting.
        ({"show_key": "never"}, "show_rationale", "shown after submitting"),
        ({"show_key": "closed", "show_rationale": "closed"}, "show_key", "It never closes"),
        ({"show_score": "during"}, "show_score", "not one of the available choices"),
    ],
)
def test_nothing_is_shown_before_its_time(
    desk: Client, classroom: Classroom, quiz: Quiz, typed: dict[str, str], field: str, words: str
) -> None:
    assert words in at_field(give(desk, classroom, quiz, **typed), field)


def test_only_a_published_quiz_of_ones_own_can_be_given(
    desk: Client, classroom: Classroom, quiz: Quiz, questions: list[Question]
) -> None:
    foreign = make_own_quiz(factories.make_instructor("other"), questions)
    Quiz.objects.filter(pk=quiz.pk).update(published_at=None)
    address = f"/teach/classes/{classroom.code}/assignments/new/"
    assert "No quiz is published" in desk.get(address).content.decode()
    reply = give(desk, classroom, foreign)
    assert (reply.status_code, "cannot be given" in reply.content.decode()) == (422, True)
    # It was taken back while the terms were typed: they stand on the page still.
    reply = give(desk, classroom, quiz, attempts_allowed="7")
    page = reply.content.decode()
    assert (reply.status_code, "The quiz is not published" in page, 'value="7"' in page) == (409, True, True)
    assert not Assignment.objects.exists()


def test_a_change_is_logged_and_leaves_what_is_under_way(
    desk: Client, ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz, closes_at=now + 2 * HOUR, closing_cuts=True)
    attempt = start_assignment(person_id=ann.pk, assignment_id=given.pk, time_option="standard", grace=2, now=now)
    assert change(desk, given, closes_at=text(now + HOUR / 2), closing_cuts="on", show_key="never",
                  show_rationale="never").status_code == 302  # fmt: skip
    standing = Attempt.objects.get(pk=attempt.pk)
    assert (standing.deadline, standing.rules["show"]["key"]) == (now + HOUR, "submitted")
    data = AuditEntry.objects.get(verb="class.assignment_changed").data
    assert data["changed"]["closes_at"] == [str(now + 2 * HOUR), str(now + HOUR / 2)]
    assert data["changed"]["show_key"] == ["", "never"]
    # What has passed meanwhile can be saved again.
    Assignment.objects.filter(pk=given.pk).update(closes_at=now - HOUR, due_at=now - HOUR)
    given.refresh_from_db()
    assert change(desk, given, closes_at=text(now - HOUR), due_at=text(now - HOUR)).status_code == 302


def test_two_who_change_it_at_once_are_told(desk: Client, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    given = assign(classroom, quiz)
    assert change(desk, given, attempts_allowed="2").status_code == 302
    reply = change(desk, given, attempts_allowed="3")
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "Attempts: 2" in page
    assert 'value="3"' in page
    assert Assignment.objects.get().attempts_allowed == 2
    given.refresh_from_db()
    assert change(desk, given, attempts_allowed="3").status_code == 302
    assert Assignment.objects.get().attempts_allowed == 3


def test_for_whom_it_is_stays_once_somebody_has_begun(
    desk: Client, ann: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    group, given = make_group(classroom), assign(classroom, quiz)
    assert change(desk, given, group=str(group.pk)).status_code == 302
    given.refresh_from_db()
    assert given.group == group
    begin(ann, quiz, questions, now, assignment=given)
    assert "disabled" in desk.get(f"/teach/assignments/{given.code}/").content.decode().split('name="group"')[1][:80]
    reply = change(desk, given, group="", due_at=text(now + HOUR))
    assert (reply.status_code, "Somebody has begun it" in reply.content.decode()) == (409, True)
    assert text(now + HOUR) in reply.content.decode()
    assert change(desk, given).status_code == 302
    given.refresh_from_db()
    assert given.group == group


def test_what_is_withdrawn_stands_apart_and_comes_back(desk: Client, classroom: Classroom, quiz: Quiz) -> None:
    given = assign(classroom, quiz)
    page, listed = f"/teach/assignments/{given.code}/", f"/teach/classes/{classroom.code}/assignments/"
    for _ in range(2):
        assert desk.post(page, {"action": "withdraw"}).status_code == 302
    assert AuditEntry.objects.filter(verb="class.assignment_withdrawn", classroom=classroom).count() == 1
    assert [one.assignment for one in desk.get(listed).context["withdrawn"]] == [given]
    Quiz.objects.filter(pk=quiz.pk).update(retired=True)
    reply = desk.post(page, {"action": "restore"})
    assert (reply.status_code, "The quiz is not published" in reply.content.decode()) == (409, True)
    Quiz.objects.filter(pk=quiz.pk).update(retired=False)
    assert desk.post(page, {"action": "restore"}).status_code == 302
    assert [one.state for one in desk.get(listed).context["lines"]] == ["open"]
    assert desk.post(page, {"action": "delete"}).status_code == 422


def test_nothing_changes_in_a_class_that_is_archived(
    desk: Client, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz)
    Classroom.objects.filter(pk=classroom.pk).update(archived_at=now)
    assert give(desk, classroom, quiz).status_code == 409
    assert change(desk, given, attempts_allowed="2").status_code == 409
    assert desk.post(f"/teach/assignments/{given.code}/", {"action": "withdraw"}).status_code == 409
    assert (Assignment.objects.get().attempts_allowed, Assignment.objects.get().withdrawn_at) == (None, None)


def test_another_instructor_finds_nothing_and_a_co_teacher_all(
    desk: Client, classroom: Classroom, quiz: Quiz, ann: User
) -> None:
    given, other = assign(classroom, quiz), factories.make_instructor("other")
    pages = [f"/teach/classes/{classroom.code}/assignments/", f"/teach/classes/{classroom.code}/assignments/new/",
             f"/teach/assignments/{given.code}/"]  # fmt: skip
    for client in (browser(other), browser(ann)):
        assert {client.get(one).status_code for one in pages} == {404}
        assert change(client, given, attempts_allowed="5").status_code == 404
    classroom.teachers.add(other)
    assert {browser(other).get(one).status_code for one in pages} == {200}
    group = make_group(make_class(other))
    assert "group" in give(desk, classroom, quiz, group=str(group.pk)).context["form"].errors


def test_the_list_counts_people_and_costs_the_same_however_many(
    desk: Client, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    group, given = make_group(classroom), assign(classroom, quiz)
    begun, late, again, void = make_learners(classroom, 4)
    make_learners(classroom, 3, group=group)
    done = {"state": "submitted", "ended_at": now, "assignment": given}
    begin(begun, quiz, questions, now, assignment=given)
    begin(late, quiz, questions, now, assignment=given, deadline=now - HOUR)
    for _ in range(2):
        begin(again, quiz, questions, now, **done)
    begin(void, quiz, questions, now, **{**done, "state": "void"})
    address = f"/teach/classes/{classroom.code}/assignments/"
    [line] = desk.get(address).context["lines"]
    assert (line.expected, line.begun, line.handed_in) == (7, 3, 2)
    with counting() as few:
        desk.get(address)
    for _ in range(12):
        assign(classroom, quiz, group=group)
    with counting() as many:
        reply = desk.get(address)
    assert reply.context["lines"][0].expected == 3
    # Session, person, role, class; the assignments with their counts, and how large the groups are.
    assert few.all == many.all <= 6
