"""Several hands on a running assignment at the same moment: everything happens once."""

from datetime import datetime, timedelta

import pytest

from quizzes.engine.live import Action
from quizzes.models import Attempt, AuditEntry, Classroom, Question, Quiz
from quizzes.services.attempts import submit_attempt
from quizzes.services.live import NotDone, Wish, act, extend_all
from sapro.accounts.models import User
from tests.own_classes import assign, make_learners
from tests.own_quizzes import begin
from tests.quizzes.attempts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_button_pressed_four_times_at_once_is_one_extension(
    teacher: User, classroom: Classroom, quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    given = assign(classroom, quiz)
    for person in make_learners(classroom, 30):
        begin(person, quiz, questions[:1], now, assignment=given)
    wish = Wish(teacher, now, seconds=600, token="one press")
    done = at_once([lambda: extend_all(given, wish)] * 4)
    assert [len(one.given) for one in done] == [30] * 4
    hour = timedelta(seconds=quiz.time_limit or 0)
    assert set(Attempt.objects.values_list("deadline", flat=True)) == {now + hour + timedelta(minutes=10)}
    assert AuditEntry.objects.count() == 1


def test_submitted_and_ended_at_once_it_ends_once(
    teacher: User, classroom: Classroom, quiz: Quiz, questions: list[Question], ann: User, now: datetime
) -> None:
    given = assign(classroom, quiz)
    attempt = begin(ann, quiz, questions, now, assignment=given)

    def end() -> str:
        try:
            return act(given, attempt.code, Action.END, Wish(teacher, now, "fire alarm")).state
        except NotDone as error:
            return str(error)

    def submit() -> str:
        return submit_attempt(person_id=ann.pk, code=attempt.code, trace={}, now=now).state

    first, second = at_once([end, submit])
    assert second == "submitted"
    ended = attempt.events.get(kind="submitted").data.get("by") == "instructor"
    assert (first == "submitted") == ended
    assert AuditEntry.objects.count() == int(ended)
    assert attempt.results.count() == 1
