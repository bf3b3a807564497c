"""The ledger: draws do not overlap while they need not, it equals a recount, and scores say how much was unseen."""

import html
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from quizzes.engine.assembly import quotas
from quizzes.models import Attempt, Exam, Exposure, Question, Response, Section
from quizzes.queries.ledger import CARDS, MOCK, PRACTICE, QUIZ, REVIEW, Met, meetings, met_questions
from quizzes.queries.sections import load_parts, sections_of
from quizzes.services.attempts import UnreadSave, save_response, start_attempt
from quizzes.services.results import finish_attempt, record_exposures, reveal_questions
from tests import factories
from tests.own_quizzes import make_own_quiz, sat
from tests.quizzes.practice.conftest import answer, begin
from tests.quizzes.reports.conftest import BACKEND, finished, rows_of, sent_for, sit

SIZE = 12


@pytest.fixture
def now(clock: Any) -> datetime:
    """The moment of the clock."""
    moment: datetime = clock.now
    return moment


@pytest.fixture
def exam(db: None) -> Exam:
    """Thirty questions in two domains."""
    made = factories.make_exam({1: 1, 2: 1})
    factories.make_questions(made, [1, 2] * 15)
    return made


def page(client: Client, address: str) -> str:
    """Its text without line breaks, with entities as letters."""
    reply = client.get(address)
    assert reply.status_code == 200
    return " ".join(html.unescape(reply.content.decode()).split())


# Draws


@pytest.mark.parametrize("seed", range(8))
def test_while_each_quota_has_enough_unseen_nothing_is_drawn_twice(
    db: None, person: Any, now: datetime, seed: int
) -> None:
    rng = Random(seed)
    weights = {domain: rng.randint(10, 40) for domain in range(1, rng.randint(3, 6))}
    scored, unscored = rng.randint(8, 20), rng.randint(0, 3)
    mocks = rng.randint(2, 4)
    exam = factories.make_exam(weights)
    needed = quotas(scored, weights)
    # The unscored seats may be filled from any domain.
    domains = [one for one, count in needed.items() for _ in range(mocks * (count + unscored))]
    factories.make_questions(exam, domains)
    quiz = factories.make_quiz(exam, scored=scored, unscored=unscored)
    drawn: Counter[int] = Counter()
    for number in range(mocks):
        attempt = finished(person, quiz, now + timedelta(days=number), lambda row: rng.random() < 0.5)
        drawn.update(attempt.responses.values_list("question_id", flat=True))
        assert set(attempt.responses.values_list("first_exposure", flat=True)) == {True}
    assert drawn.total() == mocks * (scored + unscored)
    assert set(drawn.values()) == {1}


def test_a_section_takes_what_was_never_revealed_then_the_oldest(db: None, person: Any, now: datetime) -> None:
    teacher = factories.make_instructor()
    bank = factories.make_authored(teacher, 6)
    for days, question, revealed in ((1, 0, True), (4, 1, False), (2, 2, False), (3, 3, False), (5, 4, True)):
        record_exposures(person.pk, [bank[question].pk], now=now + timedelta(days=days), revealed=revealed)
    quiz = factories.make_teachers_quiz(teacher, [])

    def sample(count: int) -> list[int]:
        quiz.sections.all().delete()
        Section.objects.create(quiz=quiz, position=1, source="draw", count=count, rule={"pool": "own"})
        [part] = load_parts(quiz, sections_of(quiz), person.pk, Random(1), spare=0)
        return [one.question for one in part.pool]

    order = [bank[number].pk for number in (5, 2, 3, 1, 0, 4)]
    assert [sample(count) for count in range(1, 7)] == [order[:count] for count in range(1, 7)]


# Recount


def sit_some(person: Any, exam: Exam, now: datetime, rng: Random) -> Attempt:
    """A mock of which some is displayed, some of that answered, and the rest never looked at."""
    attempt = sit(person, factories.make_quiz(exam, scored=SIZE), now)
    rows = rows_of(attempt)
    for row in rng.sample(rows, rng.randint(1, SIZE)):
        sent = sent_for(row, right=rng.random() < 0.5) if rng.random() < 0.5 else None
        trace = {str(row.position): {"ms": 9000}} if rng.random() < 0.9 else {}
        save = UnreadSave(sent=sent, flagged=True, at=None, tab=1, trace=trace)
        save_response(person_id=person.pk, code=attempt.code, position=row.position, save=save, now=now)
    return finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=30), by_learner=True)


def practise(person: Any, now: datetime, rng: Random) -> Attempt:
    """A session that is left before its end."""
    session = begin(person, now, count=6)
    for position in range(1, rng.randint(2, 6)):
        answer(session, position, now + timedelta(minutes=position), right=rng.random() < 0.5)
    return session


def met_in(attempt: Attempt) -> set[int]:
    """Recounted from the attempt's rows and trace: what was displayed or answered; without a trace, all of an exam."""
    rows = list(attempt.responses.all())
    if attempt.mode == "practice":
        return {row.question_id for row in rows if row.locked_at}
    traced = {int(position) for position in attempt.trace}
    return {row.question_id for row in rows if not traced or row.choice or row.position in traced}


@pytest.mark.parametrize("seed", range(6))
def test_the_ledger_is_what_a_recount_gives(person: Any, exam: Exam, now: datetime, seed: int) -> None:
    rng = Random(seed)
    known: set[int] = set()
    times: Counter[int] = Counter()
    for day in range(6):
        at = now + timedelta(days=day)
        attempt = sit_some(person, exam, at, rng) if rng.random() < 0.5 else practise(person, at, rng)
        attempt.refresh_from_db()
        decided = attempt.responses.exclude(first_exposure=None)
        assert {row.question_id for row in decided if row.first_exposure} == (
            set(decided.values_list("question_id", flat=True)) - known
        )
        times.update(met_in(attempt))
        known |= met_in(attempt)
        assert set(Exposure.objects.filter(person=person).values_list("question_id", flat=True)) == known
    questions = list(Question.objects.values_list("pk", flat=True))
    found = met_questions(person.pk, questions)
    assert {question: len(met.meetings) for question, met in found.items()} == dict(times)
    first = dict(Exposure.objects.filter(person=person).values_list("question_id", "first_seen_at"))
    assert {question: met.meetings[0].met_at for question, met in found.items()} == first


def test_the_kinds_of_meetings_in_their_order(
    person: Any, exam: Exam, now: datetime, django_assert_num_queries: Any
) -> None:
    finished(person, factories.make_quiz(exam, scored=30), now, lambda row: True)
    session = begin(person, now + timedelta(days=1), count=1)
    answer(session, 1, now + timedelta(days=1), right=False)
    question = session.responses.get().question
    teacher = factories.make_instructor()
    quiz = make_own_quiz(teacher, [question])
    sat(person, quiz, [question], now + timedelta(days=2))
    with django_assert_num_queries(3):
        found = meetings(person.pk, question.pk)
    assert [one.source for one in found] == [MOCK, PRACTICE, QUIZ]
    assert [one.met_at for one in found] == sorted(one.met_at for one in found)
    assert found[2].title == quiz.title
    assert meetings(teacher.pk, question.pk) == ()


def test_what_only_a_review_showed_was_met_there(person: Any, exam: Exam, now: datetime) -> None:
    question = Question.objects.first()
    assert question is not None
    reveal_questions(person_id=person.pk, codes=[question.code], now=now)
    assert [one.source for one in meetings(person.pk, question.pk)] == [REVIEW]
    met = met_questions(person.pk, [question.pk])[question.pk]
    assert met.before(now) is None
    assert met.before(now + timedelta(seconds=1)) == Met(met.meetings, now)
    assert CARDS not in {one.source for one in met.meetings}


# Words


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Signed in."""
    client.force_login(person, backend=BACKEND)
    return person


def test_scores_say_how_much_was_unseen(client: Client, learner: Any, exam: Exam, now: datetime) -> None:
    quiz = factories.make_quiz(exam, scored=20)
    finished(learner, quiz, now, lambda row: True)
    again = finished(learner, quiz, now + timedelta(days=1), lambda row: row.first_exposure is None)
    rows = list(Response.objects.filter(attempt=again))
    new = sum(bool(row.first_exposure) for row in rows)
    assert new == 10
    report = page(client, f"/attempts/{again.code}/report/")
    assert "10 of 20 unseen (unseen: 10 of 10 right; seen before: 10 of 10 right)" in report
    attempts = page(client, f"/quizzes/{quiz.slug}/")
    assert "20 of 20 right, 10 of 20 unseen" in attempts
    assert "20 of 20 right, 20 of 20 unseen" in attempts


def test_while_a_question_is_asked_again_the_list_tells_no_score(
    client: Client, learner: Any, exam: Exam, now: datetime
) -> None:
    quiz = factories.make_quiz(exam, scored=20)
    finished(learner, quiz, now, lambda row: True)
    start_attempt(
        person_id=learner.pk, quiz=factories.make_quiz(exam, scored=20), time_option="standard", grace=2, now=now
    )
    attempts = page(client, f"/quizzes/{quiz.slug}/")
    assert "20 of 20 unseen" in attempts
    assert "20 of 20 right" not in attempts


def test_practice_says_it_too(client: Client, learner: Any, exam: Exam, now: datetime) -> None:
    finished(learner, factories.make_quiz(exam, scored=28), now, lambda row: True)
    session = begin(learner, now + timedelta(days=1), count=5)
    for position in range(1, 6):
        answer(session, position, now + timedelta(days=1), right=position in (1, 3))
    end = page(client, f"/practice/sessions/{session.code}/?q=end")
    assert "2 of 5 unseen (unseen: 1 of 2 right; seen before: 1 of 3 right)" in end


def test_the_review_says_where_a_question_was_met(client: Client, learner: Any, exam: Exam, now: datetime) -> None:
    session = begin(learner, now, count=30)
    for position in range(1, 31):
        answer(session, position, now, right=True)
    attempt = finished(learner, factories.make_quiz(exam, scored=5), now + timedelta(days=1), lambda row: True)
    review = page(client, f"/attempts/{attempt.code}/review/")
    assert review.count("Met before: practice, Nov 23, 2026; key shown.") == 5
    fresh = finished(factories.make_instructor(), factories.make_quiz(exam, scored=5), now, lambda row: True)
    assert set(fresh.responses.values_list("first_exposure", flat=True)) == {True}
