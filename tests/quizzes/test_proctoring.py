"""What an operator may do to a sitting: more time, once more, or void; always with a reason in the log."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from quizzes.models import Attempt, Quiz
from quizzes.services.attempts import make_code, start_attempt, submit_attempt
from quizzes.services.proctoring import reopen_attempt, void_attempt
from quizzes.services.results import IllegalMove, finish_attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(course, person, now) -> Attempt:
    quiz = Quiz.objects.get(slug="short-mock")
    return start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=60, now=now)


def finished(attempt: Attempt, now) -> Attempt:
    return submit_attempt(person_id=attempt.person_id, code=attempt.code, trace={}, now=now)


def test_void_keeps_answers_and_says_why(attempt, now) -> None:
    void_attempt(attempt_id=attempt.pk, reason="fire alarm", now=now)
    attempt.refresh_from_db()
    assert attempt.state == "void"
    assert attempt.responses.count() == attempt.size
    assert attempt.events.last().data == {"reason": "fire alarm"}


def test_void_twice_is_refused(attempt, now) -> None:
    void_attempt(attempt_id=attempt.pk, reason="fire alarm", now=now)
    with pytest.raises(IllegalMove):
        void_attempt(attempt_id=attempt.pk, reason="again", now=now)


def test_reopened_attempt_goes_on_and_ends_with_a_second_result(attempt, now) -> None:
    finished(attempt, now + timedelta(minutes=5))
    later = now + timedelta(hours=2)
    reopened = reopen_attempt(attempt_id=attempt.pk, seconds=600, reason="power cut", now=later)
    assert (reopened.state, reopened.deadline) == ("in_progress", later + timedelta(minutes=10))
    assert attempt.events.last().data == {"reason": "power cut", "seconds": 600}
    ended = finish_attempt(attempt_id=attempt.pk, now=later + timedelta(minutes=3), by_learner=True)
    assert ended.state == "submitted"
    assert [(result.number, result.reason) for result in ended.results.all()] == [(1, "first"), (2, "reopened")]
    assert set(ended.responses.values_list("first_exposure", flat=True)) == {True}


def test_reopen_beside_an_open_attempt_is_refused(attempt, now) -> None:
    finished(attempt, now)
    start_attempt(person_id=attempt.person_id, quiz=attempt.quiz, time_option="standard", grace=60, now=now)
    with pytest.raises(IllegalMove, match="another attempt"):
        reopen_attempt(attempt_id=attempt.pk, seconds=60, reason="mistake", now=now)
    attempt.refresh_from_db()
    assert attempt.state == "submitted"


def test_reopen_of_an_open_attempt_is_refused(attempt, now) -> None:
    with pytest.raises(IllegalMove):
        reopen_attempt(attempt_id=attempt.pk, seconds=60, reason="mistake", now=now)


def test_command_extends_and_shows_the_log(attempt, now, clock) -> None:
    deadline = attempt.deadline
    out = StringIO()
    call_command("attempt", attempt.code, "--extend", "10", "--reason", "late start", stdout=out)
    attempt.refresh_from_db()
    assert attempt.deadline == deadline + timedelta(minutes=10)
    assert "late start" in out.getvalue()


def test_command_without_reason_changes_nothing(attempt) -> None:
    with pytest.raises(CommandError, match="Say why"):
        call_command("attempt", attempt.code, "--void")
    attempt.refresh_from_db()
    assert attempt.state == "in_progress"


def test_codes_are_letters_and_digits() -> None:
    codes = [make_code() for _ in range(200)]
    assert all(len(code) == 16 and code.isascii() and code.isalnum() for code in codes)
    assert len(set(codes)) == 200
