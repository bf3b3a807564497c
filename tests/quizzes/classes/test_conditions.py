"""Granting conditions, and what that does to an exam under way: it only ever gains."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.engine.conditions import Grant
from quizzes.models import Assignment, Attempt, AuditEntry, Classroom, Condition, Notice, Question, Quiz
from quizzes.services.attempts import extend_attempt, start_attempt
from quizzes.services.conditions import CannotGrant, Overtaken, grant_condition, revoke_condition
from quizzes.services.delivery import start_assignment
from quizzes.services.pauses import CannotPause, pause_attempt, resume_attempt
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.factories import make_exam, make_questions
from tests.factories import make_quiz as make_mock
from tests.own_classes import assign, make_class
from tests.own_quizzes import make_own_quiz

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz) -> Assignment:
    """The exam of an hour, given to the class."""
    return assign(classroom, quiz)


def give(person: User, where: Assignment | Classroom, now: datetime, reason: str = "", **parts: Any) -> Condition:
    """Grant, as its page does that has seen what holds."""
    assignment = where if isinstance(where, Assignment) else None
    classroom = where.classroom if isinstance(where, Assignment) else where
    holds = Condition.objects.filter(person=person, assignment=assignment, revoked_at=None).first()
    return grant_condition(
        person_id=person.pk, classroom=classroom, assignment=assignment, grant=Grant(**parts), reason=reason,
        seen=holds.pk if holds else None, actor=classroom.owner, now=now,
    )  # fmt: skip


def take_back(person: User, assignment: Assignment, now: datetime, seen: int | None) -> Condition | None:
    classroom = assignment.classroom
    return revoke_condition(
        person_id=person.pk, classroom=classroom, assignment=assignment, seen=seen, actor=classroom.owner, now=now
    )


def start(person: User, given: Assignment, now: datetime, option: str = "standard") -> Attempt:
    return start_assignment(person_id=person.pk, assignment_id=given.pk, time_option=option, grace=2, now=now)


def deadline(attempt: Attempt) -> timedelta | None:
    """How long the attempt lasts by its deadline."""
    attempt.refresh_from_db()
    return None if attempt.deadline is None else attempt.deadline - attempt.started_at


def extensions(attempt: Attempt) -> list[int]:
    return [one.data["seconds"] for one in attempt.events.filter(kind="extended")]


def test_the_rows_are_the_log(ann: User, given: Assignment, now: datetime) -> None:
    first = give(ann, given, now, reason="dyslexia", factor=1.25)
    second = give(ann, given, now + MINUTE, reason="dyslexia", factor=1.5, quiet=True)
    assert give(ann, given, now + 2 * MINUTE, reason="dyslexia", factor=1.5, quiet=True) == second
    taken = take_back(ann, given, now + HOUR, second.pk)
    assert take_back(ann, given, now + HOUR, None) is None
    rows = list(Condition.objects.order_by("pk").values_list("factor", "granted_at", "revoked_at", "revoked_by"))
    teacher = given.classroom.owner_id
    assert rows == [(1.25, now, now + MINUTE, teacher), (1.5, now + MINUTE, now + HOUR, teacher)]
    assert (taken, first.granted_by_id) == (second, teacher)
    entries = list(AuditEntry.objects.order_by("pk"))
    granted, revoked = "class.condition_granted", "class.condition_revoked"
    assert [(one.verb, one.classroom) for one in entries] == [
        *[(granted, given.classroom)] * 2,
        (revoked, given.classroom),
    ]
    assert not any("dyslexia" in str(one.data) or one.quiz_id for one in entries)
    told = list(Notice.objects.order_by("pk"))
    assert [(one.person, one.kind) for one in told] == [(ann, "condition")] * 3
    assert "1.25 × the time limit" in told[0].text
    assert "no longer hold" in told[2].text
    assert not any("dyslexia" in one.text for one in told)


def test_dates_are_told_in_the_learners_own_zone(ann: User, given: Assignment, now: datetime) -> None:
    ann.time_zone = "Asia/Tokyo"
    ann.save()
    give(ann, given, now, closes_at=datetime.fromisoformat("2026-12-01T09:00:00Z"))
    assert "December 1, 2026, 18:00 (Asia/Tokyo)" in Notice.objects.get().text


def test_what_somebody_has_not_seen_is_not_replaced(ann: User, given: Assignment, now: datetime) -> None:
    row = give(ann, given, now, factor=2)
    where: dict[str, Any] = {"person_id": ann.pk, "classroom": given.classroom, "assignment": given, "now": now}
    where |= {"actor": given.classroom.owner, "seen": None}
    with pytest.raises(Overtaken):
        grant_condition(grant=Grant(extra=60), reason="", **where)
    with pytest.raises(Overtaken):
        revoke_condition(**where)
    assert list(Condition.objects.values_list("pk", "revoked_at")) == [(row.pk, None)]


@pytest.mark.parametrize("case", ["nothing", "left", "stranger", "archived", "elsewhere"])
def test_nothing_is_granted_where_nothing_can_be(ann: User, given: Assignment, now: datetime, case: str) -> None:
    classroom, parts = given.classroom, {"factor": 2.0}
    if case == "nothing":
        parts = {}
    elif case == "left":
        ann.memberships.update(left_at=now)
    elif case == "stranger":
        ann.memberships.all().delete()
    elif case == "archived":
        classroom.archived_at = now
    else:
        given.classroom = make_class(classroom.owner)
    with pytest.raises(CannotGrant):
        grant_condition(
            person_id=ann.pk, classroom=classroom, assignment=given, grant=Grant(**parts), reason="",
            seen=None, actor=classroom.owner, now=now,
        )  # fmt: skip
    assert not Condition.objects.exists()


# While an exam runs


def test_an_exam_under_way_gains_and_never_loses(ann: User, ben: User, given: Assignment, now: datetime) -> None:
    attempt, other = start(ann, given, now), start(ben, given, now)
    give(ann, given, now + MINUTE, factor=1.5)
    assert (deadline(attempt), deadline(other)) == (1.5 * HOUR, HOUR)
    row = give(ann, given, now + 2 * MINUTE, factor=1.25)
    take_back(ann, given, now + 3 * MINUTE, row.pk)
    assert deadline(attempt) == 1.5 * HOUR
    give(ann, given, now + 4 * MINUTE, factor=1.5)
    assert extensions(attempt) == [1800]
    give(ann, given, now + 4 * MINUTE, factor=1.5, extra=600)
    assert (extensions(attempt), deadline(attempt)) == ([1800, 600], 1.5 * HOUR + 10 * MINUTE)
    assert "pause_allowed" not in other.rules or not other.rules["pause_allowed"]


def test_the_closing_that_cuts_comes_later_and_a_new_closing_too(ann: User, given: Assignment, now: datetime) -> None:
    given.closes_at = now + HOUR / 2
    given.save()
    attempt = start(ann, given, now)
    assert deadline(attempt) == HOUR / 2
    give(ann, given, now, extra=900)
    assert deadline(attempt) == HOUR / 2 + 15 * MINUTE
    give(ann, given, now, extra=900, closes_at=now + 3 * HOUR)
    assert deadline(attempt) == HOUR + 15 * MINUTE


def test_what_the_learner_chose_is_not_given_twice(ann: User, given: Assignment, now: datetime) -> None:
    Quiz.objects.update(time_options=True)
    attempt = start(ann, given, now, "x150")
    give(ann, given, now, factor=1.25)
    assert (deadline(attempt), extensions(attempt)) == (1.5 * HOUR, [])
    give(ann, given, now, factor=2)
    assert deadline(attempt) == 2 * HOUR


def test_time_for_an_incident_and_pauses_come_on_top(ann: User, given: Assignment, now: datetime) -> None:
    given.closes_at = now + HOUR
    given.save()
    attempt = start(ann, given, now)
    extend_attempt(attempt_id=attempt.pk, seconds=600, reason="fire alarm", now=now)
    give(ann, given, now, factor=1.5, breaks=True)
    assert deadline(attempt) == HOUR + 40 * MINUTE
    pause_attempt(person_id=ann.pk, code=attempt.code, now=now + MINUTE)
    give(ann, given, now + 5 * MINUTE, factor=2)
    resume_attempt(person_id=ann.pk, code=attempt.code, now=now + 21 * MINUTE)
    assert deadline(attempt) == 2 * HOUR + 30 * MINUTE
    give(ann, given, now + 30 * MINUTE, factor=2, extra=60)
    assert deadline(attempt) == 2 * HOUR + 31 * MINUTE


def test_breaks_and_the_quiet_clock_arrive_and_stay(ann: User, given: Assignment, now: datetime) -> None:
    attempt = start(ann, given, now)
    with pytest.raises(CannotPause):
        pause_attempt(person_id=ann.pk, code=attempt.code, now=now)
    row = give(ann, given, now, breaks=True, quiet=True)
    take_back(ann, given, now, row.pk)
    assert pause_attempt(person_id=ann.pk, code=attempt.code, now=now).paused_at == now
    attempt.refresh_from_db()
    assert (attempt.rules["quiet_clock"], deadline(attempt), extensions(attempt)) == (True, HOUR, [])


def test_standing_conditions_reach_every_exam_under_way_with_what_was_granted_there(
    ann: User, classroom: Classroom, given: Assignment, questions: list[Question], now: datetime
) -> None:
    exam = make_exam()
    make_questions(exam, [1, 2, 3, 4, 5] * 2)
    mock = start_attempt(
        person_id=ann.pk, quiz=make_mock(exam, scored=5, minutes=60), time_option="standard", grace=2, now=now
    )
    here = start(ann, given, now)
    other = assign(make_class(classroom.owner), make_own_quiz(classroom.owner, questions, time_limit=None))
    other.classroom.memberships.create(person=ann, created_at=now)
    untimed = start(ann, other, now)
    give(ann, given, now, factor=2)
    give(ann, classroom, now, factor=1.5, quiet=True)
    assert [deadline(one) for one in (mock, here, untimed)] == [1.5 * HOUR, 2 * HOUR, None]
    assert all(one.rules["quiet_clock"] for one in (mock, here, untimed))


def test_in_its_grace_it_gains_and_after_it_nothing_is_touched(
    ann: User, ben: User, given: Assignment, now: datetime
) -> None:
    attempt, over = start(ann, given, now), start(ben, given, now)
    give(ann, given, now + HOUR + timedelta(seconds=1), extra=600)
    give(ben, given, now + HOUR + timedelta(seconds=2), extra=600, breaks=True)
    assert (deadline(attempt), deadline(over)) == (HOUR + 10 * MINUTE, HOUR)
    assert not over.rules["pause_allowed"]
    finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    give(ann, given, now, extra=1200)
    assert deadline(attempt) == HOUR + 10 * MINUTE
