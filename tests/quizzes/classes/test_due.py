"""What learners see of an assignment: which limit binds before they begin, the way back, and what is due at home."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Assignment, Attempt, Classroom, Question, Quiz
from quizzes.queries.due import due_for
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.own_classes import assign, enroll, grant, make_class, make_group
from tests.own_quizzes import begin, make_own_quiz
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def room(ann: User, clock: Any) -> Client:
    """Ann’s browser."""
    return browser(ann)


def page_of(room: Client, given: Assignment) -> str:
    reply = room.get(f"/assignments/{given.code}/")
    assert reply.status_code == 200
    return reply.content.decode()


def start(room: Client, given: Assignment) -> Any:
    return room.post(f"/assignments/{given.code}/start/")


# Before the start


@pytest.mark.parametrize(
    ("closes", "cuts", "extra", "words"),
    [
        (None, True, 0, "If you start now you will have 60 minutes."),
        (42, True, 0, "you will have 42 minutes, because it closes on November 23, 2026, 12:42 (UTC)"),
        (42, False, 0, "has the whole 60 minutes"),
        (90, True, 0, "you will have 60 minutes. Who starts after November 23, 2026, 12:30 (UTC) has less"),
        (None, True, 1800, "you will have 90 minutes, with the time that you were granted"),
        # It closes later for whoever was granted more, by as much.
        (42, True, 1800, "you will have 72 minutes with the time that you were granted, because it closes on"
                         " November 23, 2026, 13:12 (UTC)"),
    ],
)  # fmt: skip
def test_the_limit_that_binds_is_told_to_the_minute(
    room: Client, ann: User, classroom: Classroom, quiz: Quiz, now: datetime, closes: int | None, cuts: bool,
    extra: int, words: str,
) -> None:  # fmt: skip
    given = assign(classroom, quiz, closes_at=closes and now + closes * MINUTE, closing_cuts=cuts)
    if extra:
        grant(ann, given, extra=extra)
    assert words in page_of(room, given)
    assert start(room, given).status_code == 302
    promised = 60 * MINUTE + timedelta(seconds=extra)
    ends = promised if closes is None or not cuts else min(promised, closes * MINUTE + timedelta(seconds=extra))
    assert Attempt.objects.get().deadline == now + ends


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (90, "It is due on November 23, 2026, 13:30 (UTC): later counts as late."),
        (30, "12:30 (UTC), before your time would be over: later counts as late."),
        (-10, "It was due on November 23, 2026, 11:50 (UTC): what you hand in now counts as late."),
    ],
)
def test_a_due_moment_before_the_end_is_told(
    room: Client, classroom: Classroom, quiz: Quiz, now: datetime, due: int, words: str
) -> None:
    assert words in page_of(room, assign(classroom, quiz, due_at=now + due * MINUTE))


def test_times_are_in_the_learners_zone(
    room: Client, ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    User.objects.filter(pk=ann.pk).update(time_zone="Asia/Tokyo")
    page = page_of(room, assign(classroom, quiz, due_at=now + HOUR / 2, closes_at=now + HOUR / 2))
    assert "30 minutes, because it closes on November 23, 2026, 21:30 (Asia/Tokyo)" in page


def test_the_rules_are_those_that_hold(
    room: Client, ben: User, ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    quiz.closes_at, quiz.access_code = now - HOUR, "secret"
    quiz.save()
    given = assign(
        classroom, quiz, closes_at=now + 3 * HOUR, attempts_allowed=2, counts="last", show_key="never",
        show_rationale="never",
    )  # fmt: skip
    grant(ben, given, closes_at=now + 9 * HOUR)
    page = page_of(room, given)
    for words in ("2 of 2 left", "the last attempt", "Right answers: never", "It closes on November 23, 2026, 15:00"):
        assert words in page
    assert "secret" not in page
    assert "21:00" not in page, "what somebody else was granted"


# Starting, going on, and the way back


def test_the_result_leads_back_to_the_assignment(
    room: Client, ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz, attempts_allowed=1, closes_at=now + 2 * HOUR, show_score="closed")
    page = start(room, given)["Location"]
    assert start(room, given)["Location"] == page
    assert "Go on with it" in page_of(room, given)
    attempt = Attempt.objects.get()
    room.post(f"{page}submit/")
    report = room.get(f"{page}report/").content.decode()
    assert f'href="/assignments/{given.code}/"' in report
    assert quiz.get_absolute_url() not in report
    assert "November 23, 2026, 14:00 (UTC) at the earliest" in report
    assert "You have no more attempts" in page_of(room, given)
    assert start(room, given).status_code == 409
    listed = room.get(quiz.get_absolute_url()).content.decode()
    assert attempt.code not in listed, "what a class gives is counted there"
    ann.memberships.update(left_at=now)
    assert f"/assignments/{given.code}/" not in room.get(f"{page}report/").content.decode()


def test_practice_leads_back_too(room: Client, classroom: Classroom, quiz: Quiz) -> None:
    quiz.mode, quiz.time_limit = "practice", None
    quiz.save()
    given = assign(classroom, quiz)
    page = start(room, given)["Location"]
    assert f'href="/assignments/{given.code}/"' in room.get(f"{page}?q=end").content.decode()


def test_it_is_there_for_those_alone_who_were_given_it(
    room: Client, ben: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    group = make_group(classroom)
    given = assign(classroom, quiz, group=group)
    assert room.get(f"/assignments/{given.code}/").status_code == 404
    assert start(room, given).status_code == 404
    reply = start(Client(), given)
    assert reply["Location"].endswith(f"?next=/assignments/{given.code}/")
    ben.memberships.update(group=group)
    begin(ben, quiz, questions, now)
    page = browser(ben).get(f"/assignments/{given.code}/").content.decode()
    assert "outside this assignment" in page
    assert start(browser(ben), given).status_code == 409


def test_whoever_sat_it_finds_it_after_it_was_withdrawn(
    room: Client, ann: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    given = assign(classroom, quiz, withdrawn_at=now)
    assert room.get(f"/assignments/{given.code}/").status_code == 404
    begin(ann, quiz, questions, now, assignment=given, state="submitted", ended_at=now)
    page = page_of(room, given)
    assert "It was taken back" in page
    assert "/start/" not in page
    assert start(room, given).status_code == 409


# What is due


def slugs(person: User, now: datetime) -> list[str]:
    return [f"{one.assignment.code}:{one.state}{':late' if one.late else ''}" for one in due_for(person.pk, now)]


def test_the_most_urgent_comes_first_and_what_is_over_not_at_all(
    ann: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    def more(code: str, **terms: Any) -> Assignment:
        return assign(classroom, make_own_quiz(quiz.owner, questions), code=code, **terms)

    def sat(given: Assignment, **more: Any) -> None:
        done = {"state": "submitted", "ended_at": now, **more}
        begin(ann, given.quiz, questions, now, assignment=given, **done)

    more("whenever")
    more("tomorrow", due_at=now + 24 * HOUR)
    more("missed", due_at=now - HOUR, closes_at=now + 48 * HOUR)
    more("closed", closes_at=now)
    more("far", opens_at=now + 15 * 24 * HOUR)
    more("soon", opens_at=now + 2 * 24 * HOUR, closes_at=now + 3 * 24 * HOUR)
    more("gone", withdrawn_at=now)
    begun = more("begun", due_at=now + 24 * HOUR)
    begin(ann, begun.quiz, questions, now, assignment=begun)
    sat(more("once", attempts_allowed=1, due_at=now + HOUR))
    sat(more("again", due_at=now + HOUR))
    sat(more("enough", due_at=now - MINUTE))
    sat(more("whoever"))
    # Nobody has written down yet that its time is up.
    sat(more("overdue", attempts_allowed=1), state="in_progress", ended_at=None, deadline=now - HOUR)
    found = ["missed:waiting:late", "begun:begun", "tomorrow:waiting", "soon:waiting", "whenever:waiting", "again:done"]
    assert slugs(ann, now) == found


def test_what_was_granted_counts(ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    given = assign(classroom, quiz, code="given", closes_at=now - MINUTE, due_at=now - HOUR)
    assert slugs(ann, now) == []
    grant(ann, given, closes_at=now + HOUR, due_at=now + HOUR)
    assert (slugs(ann, now), slugs(ben, now)) == (["given:waiting"], [])
    grant(ben, factor=2)
    # Closing comes later for ben by the hour that he has more.
    assert slugs(ben, now) == ["given:waiting:late"]


def test_the_home_page_says_what_is_due_and_when(
    room: Client, ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    assert 'id="due"' not in room.get("/").content.decode()
    given = assign(classroom, quiz, due_at=now + 3 * HOUR)
    page = room.get("/").content.decode()
    assert f'href="/assignments/{given.code}/"' in page
    assert 'Due in 3 hours, <time datetime="2026-11-23T15:00:00+00:00">November 23, 2026, 15:00 (UTC)</time>' in page
    address = start(room, given)["Location"]
    page = room.get("/").content.decode()
    assert f'<a class="btn go" href="{address}">Go on' in page
    assert "begun, your time ends in 60 minutes" in page
    finish_attempt(attempt_id=Attempt.objects.get().pk, now=now, by_learner=True)
    assert "another attempt is left" in room.get("/").content.decode()


def test_what_is_due_costs_three_statements_whatever_the_number(
    ann: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    with counting() as nothing:
        assert due_for(ann.pk, now) == []
    for number in range(12):
        other = make_class(quiz.owner)
        enroll(other, ann)
        given = assign(other, quiz, due_at=now + number * HOUR)
        grant(ann, given, extra=60)
        begin(ann, quiz, questions, now, assignment=given, state="submitted", ended_at=now)
        assign(classroom, quiz)
    with counting() as many:
        assert len(due_for(ann.pk, now)) == 12 + 11
    assert (nothing.all, many.all) == (1, 3)
    assert len(due_for(ann.pk, now, classroom_id=classroom.pk)) == 12
