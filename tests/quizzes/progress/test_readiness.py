"""Readiness: what counts as evidence, what never moves it, and the words."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string

from quizzes.engine.readiness import Stratum, stratified
from quizzes.models import Attempt, Exam, Plan, Quiz
from quizzes.queries.readiness import Readiness, readiness
from quizzes.services.attempts import start_attempt
from quizzes.services.results import append_result, finish_attempt
from tests import factories
from tests.own_quizzes import correct_key, make_own_quiz, sat
from tests.quizzes.practice.conftest import answer, begin
from tests.quizzes.reports.conftest import Says, finished, give, rows_of, sent_for

WEIGHTS = {1: 60, 2: 40}


@pytest.fixture(autouse=True)
def _still(clock: Any) -> None:
    """On the clock of the tests."""


@pytest.fixture
def exam(db: None) -> Exam:
    """An exam of two domains with questions enough for three mocks."""
    made = factories.make_exam(WEIGHTS)
    factories.make_questions(made, [1] * 40 + [2] * 30)
    return made


@pytest.fixture
def mock(exam: Exam) -> Quiz:
    """A mock exam of twenty: twelve and eight."""
    return factories.make_quiz(exam, scored=20)


def half(row: Any) -> bool:
    """Every second one right."""
    return row.position % 2 == 0


def evidence(found: Readiness) -> list[tuple[int, int]]:
    """Right and n of each domain."""
    return [(one.right, one.n) for one in found.domains]


def words(found: Readiness) -> str:
    """The fragment, without its line breaks."""
    return " ".join(render_to_string("quizzes/_readiness.html", {"readiness": found}).split())


def test_one_mock_is_counted_by_domain(person: Any, mock: Quiz, now: datetime) -> None:
    attempt = finished(person, mock, now, half)
    found = readiness(person.pk, now)
    right = {domain: attempt.responses.filter(domain=domain, fraction=1).count() for domain in WEIGHTS}
    assert evidence(found) == [(right[1], 12), (right[2], 8)]
    assert (found.sittings, found.n) == (1, 20)
    assert found.estimate is not None
    assert found.estimate.interval == stratified([Stratum(60, right[1], 12), Stratum(40, right[2], 8)])


def test_few_statements(person: Any, mock: Quiz, now: datetime, django_assert_max_num_queries: Any) -> None:
    finished(person, mock, now, half)
    with django_assert_max_num_queries(4):
        readiness(person.pk, now)


def test_questions_seen_before_never_move_it(person: Any, mock: Quiz, exam: Exam, now: datetime) -> None:
    finished(person, mock, now, half)
    before = readiness(person.pk, now)
    all_of_them = exam.placements.values_list("question_id", flat=True)
    later = now + timedelta(days=1)
    for says in (lambda row: True, lambda row: False):
        finished(person, factories.make_quiz(exam, scored=20), later, says, seen=list(all_of_them))
        later += timedelta(days=1)
        after = readiness(person.pk, later)
        assert (evidence(after), after.estimate) == (evidence(before), before.estimate)


def test_other_ways_of_answering_never_move_it(person: Any, mock: Quiz, exam: Exam, now: datetime) -> None:
    finished(person, mock, now, half)
    before = readiness(person.pk, now)
    later = now + timedelta(hours=1)
    for position in range(1, 11):
        answer(begin(person, later, count=10), position, later, right=True)
    teacher = factories.make_instructor()
    theirs = factories.make_authored(teacher, 20)
    sat(person, make_own_quiz(teacher, theirs), theirs, later, right=range(1, 21))
    other = factories.make_exam({1: 1})
    factories.make_questions(other, [1] * 20)
    finished(person, factories.make_quiz(other, scored=20), later, half)
    found = readiness(person.pk, later)
    assert (evidence(found), found.estimate) == (evidence(before), before.estimate)


@pytest.mark.parametrize(
    ("option", "counts"), [("standard", 1), ("plus30", 1), ("x125", 0), ("x200", 0), ("untimed", 0)]
)
def test_only_the_time_of_the_exam_room_counts(
    person: Any, mock: Quiz, now: datetime, option: str, counts: int
) -> None:
    attempt = start_attempt(person_id=person.pk, quiz=mock, time_option=option, grace=2, now=now)
    for row in rows_of(attempt):
        give(attempt, row.position, sent_for(row, right=True), now)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)
    assert readiness(person.pk, now).sittings == counts


def answered(count: int) -> Says:
    """The first so many right, the others left empty."""
    return lambda row: True if row.position <= count else None


@pytest.mark.parametrize(("given", "n"), [(9, 0), (10, 20)])
def test_a_mock_that_was_left_is_no_evidence(person: Any, mock: Quiz, now: datetime, given: int, n: int) -> None:
    finished(person, mock, now, answered(given))
    assert readiness(person.pk, now).n == n


def test_a_void_or_open_sitting_is_no_evidence(person: Any, mock: Quiz, now: datetime) -> None:
    attempt = finished(person, mock, now, half)
    for state in (Attempt.State.VOID, Attempt.State.IN_PROGRESS):
        Attempt.objects.filter(pk=attempt.pk).update(state=state)
        found = readiness(person.pk, now)
        assert (found.n, found.estimate) == (0, None)


def test_a_corrected_key_moves_it(person: Any, mock: Quiz, now: datetime) -> None:
    attempt = finished(person, mock, now, half)
    before = readiness(person.pk, now).estimate
    wrong = attempt.responses.filter(fraction=0).first()
    assert wrong is not None
    correct_key(wrong.question, wrong.choice)
    append_result(attempt, rows_of(attempt), reason="The key was wrong.", now=now + timedelta(days=1))
    after = readiness(person.pk, now).estimate
    assert before is not None
    assert after is not None
    assert after.interval.low > before.interval.low


def test_while_a_question_of_it_is_asked_again_nothing_is_told(
    person: Any, mock: Quiz, exam: Exam, now: datetime
) -> None:
    finished(person, mock, now, half)
    fresh = factories.make_quiz(exam, scored=40)
    attempt = start_attempt(person_id=person.pk, quiz=fresh, time_option="standard", grace=2, now=now)
    assert not readiness(person.pk, now).withheld
    Attempt.objects.filter(pk=attempt.pk).update(state=Attempt.State.VOID)
    everything = factories.make_quiz(exam, scored=66)
    attempt = start_attempt(person_id=person.pk, quiz=everything, time_option="standard", grace=2, now=now)
    found = readiness(person.pk, now)
    assert (found.withheld, found.domains, found.estimate) == (True, (), None)
    assert "Told again when your exam is finished" in words(found)
    assert " %" not in words(found).replace("95 %", "")


def test_it_is_about_the_exam_of_the_plan(person: Any, mock: Quiz, exam: Exam, now: datetime) -> None:
    finished(person, mock, now, half)
    newer = factories.make_exam({1: 1})
    Exam.objects.filter(pk=newer.pk).update(starts_on=now.date())
    assert readiness(person.pk, now).exam == newer
    Plan.objects.create(
        person=person, exam=exam, exam_on=now.date(), minutes=[30] * 7, started_on=now.date(), changed_at=now
    )
    assert (readiness(person.pk, now).exam, readiness(person.pk, now).n) == (exam, 20)


# Words


def test_nobody_has_nothing_to_go_by(mock: Quiz, now: datetime, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(2):
        page = words(readiness(None, now))
    assert "Nothing to go by yet" in page
    assert "Sit a mock exam" in page


@pytest.mark.parametrize(
    ("says", "said"),
    [
        (lambda row: True, "All of this range lies above the practice line"),
        (lambda row: False, "All of this range lies below the practice line"),
        (lambda row: row.position > 6, "more unseen questions would settle it"),
    ],
)
def test_the_words_tell_a_range(person: Any, mock: Quiz, now: datetime, says: Callable[[Any], bool], said: str) -> None:
    finished(person, mock, now, says)
    page = words(readiness(person.pk, now))
    assert said in page
    assert "Between " in page
    assert "20 unseen questions in 1 mock exam" in page


def test_too_few_say_how_few(person: Any, exam: Exam, now: datetime) -> None:
    finished(person, factories.make_quiz(exam, scored=10), now, half)
    page = words(readiness(person.pk, now))
    assert "10 unseen questions under exam conditions so far" in page
    assert "Between" not in page
