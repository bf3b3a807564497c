"""Who may begin an assignment, when, for how long, and what of it is shown when."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.models import Assignment, Attempt, Classroom, Question, Quiz
from quizzes.queries.assignments import assigned_to, closed_for_all, deal_for
from quizzes.queries.deliveries import availability_for, shown_of
from quizzes.services.attempts import CannotStart, start_attempt
from quizzes.services.delivery import NotNow, start_assignment, start_quiz
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.factories import make_exam, make_questions
from tests.factories import make_quiz as make_mock
from tests.own_classes import assign, enroll, grant, make_class, make_group
from tests.own_quizzes import make_own_quiz

HOUR = timedelta(hours=1)


def start(person: Any, assignment: Assignment, now: datetime, option: str = "standard") -> Attempt:
    return start_assignment(person_id=person.pk, assignment_id=assignment.pk, time_option=option, grace=2, now=now)


def begin_quiz(person: Any, quiz: Quiz, now: datetime) -> Attempt:
    return start_quiz(
        person_id=person.pk, quiz_id=quiz.pk, time_option="standard", access_code=quiz.access_code, grace=2, now=now
    )


def test_the_terms_of_the_assignment_replace_those_of_the_quiz(
    ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    quiz.closes_at, quiz.attempts_allowed, quiz.access_code = now - HOUR, 1, "secret"
    quiz.save()
    given = assign(classroom, quiz, opens_at=now, closes_at=now + HOUR / 2, attempts_allowed=2, show_key="closed")
    attempt = start(ann, given, now)
    assert (attempt.assignment, attempt.deadline) == (given, now + HOUR / 2)
    assert attempt.rules["show"] == {"score": "submitted", "key": "closed", "rationale": "submitted"}
    assert start(ann, given, now) == attempt
    finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    deal = deal_for(given, ann.pk, now)
    assert (deal.taken, deal.availability.left, deal.availability.limit, deal.availability.cut) == (1, 1, 1800, True)


def test_where_it_says_nothing_the_quiz_holds(ann: User, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    quiz.closes_at, quiz.attempts_allowed = now + HOUR, 1
    quiz.save()
    given = assign(classroom, quiz)
    assert deal_for(given, ann.pk, now).terms.closes_at == quiz.closes_at
    finish_attempt(attempt_id=start(ann, given, now).pk, now=now, by_learner=True)
    with pytest.raises(NotNow):
        start(ann, given, now)
    # What a class gives is counted there, and not among what one sits for oneself.
    assert availability_for(quiz, ann.pk, now).left == 1


def test_extra_time_lasts_beyond_everybodys_closing(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz, opens_at=now, closes_at=now + HOUR)
    grant(ann, given, factor=1.5, quiet_clock=True, breaks=True)
    more, plain = start(ann, given, now), start(ben, given, now)
    assert (more.deadline, plain.deadline) == (now + 1.5 * HOUR, now + HOUR)
    assert (more.rules["quiet_clock"], more.rules["pause_allowed"]) == (True, True)
    assert (plain.rules["quiet_clock"], plain.rules["pause_allowed"]) == (False, False)


def test_a_standing_condition_holds_everywhere(ann: User, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    grant(ann, factor=2)
    exam = make_exam()
    make_questions(exam, [1, 2, 3, 4, 5] * 2)
    mock = make_mock(exam, scored=5, minutes=60)
    attempts = [
        start(ann, assign(classroom, quiz), now),
        begin_quiz(ann, make_own_quiz(quiz.owner, list(Question.objects.filter(author=quiz.owner))), now),
        start_attempt(person_id=ann.pk, quiz=mock, time_option="x125", grace=2, now=now),
    ]
    assert [one.deadline for one in attempts] == [now + 2 * HOUR] * 3


def test_what_the_learner_chose_holds_where_it_is_more(
    ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz)
    grant(ann, given, extra=60)
    assert start(ann, given, now, "x150").deadline == now + 1.5 * HOUR


def test_other_dates_and_an_attempt_more(ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    given = assign(classroom, quiz, closes_at=now, attempts_allowed=1)
    grant(ann, given, closes_at=now + HOUR, extra_attempts=1)
    for _ in range(2):
        finish_attempt(attempt_id=start(ann, given, now).pk, now=now, by_learner=True)
    for person in (ann, ben):
        with pytest.raises(NotNow):
            start(person, given, now)


def test_only_who_is_in_the_class_and_its_group_can_begin(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    group = make_group(classroom)
    ann.memberships.update(group=group)
    elsewhere = make_class(quiz.owner)
    for given in (assign(classroom, quiz, group=group), assign(elsewhere, quiz)):
        with pytest.raises(Assignment.DoesNotExist):
            start(ben, given, now)
    assert [one.group for one in assigned_to(ann.pk)] == [group]
    assert list(assigned_to(ben.pk)) == []


@pytest.mark.parametrize("left", ["membership", "class", "assignment", "quiz"])
def test_what_was_taken_back_cannot_be_begun_and_stays_for_who_sat_it(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime, left: str
) -> None:
    given = assign(classroom, quiz)
    finish_attempt(attempt_id=start(ann, given, now).pk, now=now, by_learner=True)
    if left == "membership":
        ben.memberships.update(left_at=now)
    elif left == "class":
        classroom.archived_at = now
        classroom.save()
    elif left == "assignment":
        given.withdrawn_at = now
        given.save()
    else:
        quiz.retired = True
        quiz.save()
    with pytest.raises((Assignment.DoesNotExist, NotNow)):
        start(ben, given, now)
    assert list(assigned_to(ben.pk)) == []
    assert list(assigned_to(ann.pk)) == ([] if left == "class" else [given])


def test_one_quiz_is_not_open_twice(ann: User, classroom: Classroom, quiz: Quiz, now: datetime) -> None:
    begin_quiz(ann, quiz, now)
    with pytest.raises(CannotStart, match="outside this assignment"):
        start(ann, assign(classroom, quiz), now)


def test_the_key_waits_until_the_last_of_the_class_is_through(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz, closes_at=now + HOUR, show_key="closed")
    grant(ben, given, closes_at=now + 3 * HOUR)
    attempt = finish_attempt(attempt_id=start(ann, given, now).pk, now=now, by_learner=True)

    def key_shown(after: timedelta) -> bool:
        return shown_of(attempt, now + after).key

    assert [key_shown(after) for after in (0 * HOUR, HOUR, 2 * HOUR, 3 * HOUR)] == [False, False, False, True]
    late = start(ben, given, now + 2.9 * HOUR)
    assert late.deadline == now + 3 * HOUR
    Attempt.objects.filter(pk=late.pk).update(deadline=now + 3.5 * HOUR)
    assert [key_shown(after) for after in (3 * HOUR, 3.5 * HOUR, 4 * HOUR)] == [False, False, True]


def test_an_assignment_that_never_closes_is_never_closed(
    ann: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz)
    assert not closed_for_all(given, now + 1000 * HOUR)
    given.withdrawn_at = now
    assert closed_for_all(given, now)


def test_somebody_else_of_the_class_changes_nothing(
    ann: User, ben: User, classroom: Classroom, quiz: Quiz, now: datetime
) -> None:
    given = assign(classroom, quiz)
    other = assign(classroom, quiz)
    enroll(make_class(quiz.owner), ann)
    grant(ben, factor=3)
    grant(ann, other, factor=3)
    grant(ann, given, factor=2, revoked_at=now)
    assert start(ann, given, now).deadline == now + HOUR
