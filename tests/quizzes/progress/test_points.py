"""Where points go: counted anew from the rows by the test, what is kept back, and what the page says."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from quizzes.engine.forensics import Changes
from quizzes.models import Attempt, Exam, Question, Quiz, Response
from quizzes.queries.forensics import points
from quizzes.services.results import finish_attempt
from reference.models import RegisterEntry
from tests import factories
from tests.quizzes.attempts.conftest import give as save
from tests.quizzes.practice.conftest import answer, begin
from tests.quizzes.reports.conftest import BACKEND, finished, rows_of, sent_for, sit

pytestmark = pytest.mark.usefixtures("course", "clock")
URL = "/progress/points/"


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    client.force_login(person, backend=BACKEND)
    return person


@pytest.fixture
def mixed(course: None) -> Quiz:
    """15 questions that count and 5 that do not."""
    return factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=15, unscored=5)


def recount(rows: list[Response]) -> dict[str, Any]:
    """What the page must say of these answers, from the rows alone."""
    missed = [row for row in rows if row.fraction != 1]
    broken: Counter[str] = Counter()
    for row in missed:
        texts = {one["id"]: one["text"] for one in row.question.constraints}
        flaws = [row.question.flaws[one]["breaks"] for one in row.choice if one in row.question.flaws]
        broken.update({texts.get(one, one) for one in flaws})
    return {
        "n": len(rows),
        "missed": len(missed),
        "open": sum(not row.choice for row in rows),
        "tasks": Counter(row.question.task for row in missed),
        "topics": Counter(row.question.topic.slug for row in missed if row.question.topic),
        "broken": broken,
    }


def said(person: Any, source: str, now: datetime) -> dict[str, Any]:
    found = points(person.pk, source, now)
    return {
        "n": found.n,
        "missed": found.missed,
        "open": found.unanswered,
        "tasks": Counter({row.name: row.misses for row in found.tasks}),
        "topics": Counter({row.name: row.misses for row in found.topics}),
        "broken": Counter({row.name: row.misses for row in found.requirements}),
    }


def test_the_counts_are_those_of_a_recount(learner: Any, mixed: Quiz, now: datetime) -> None:
    dice = Random(7)
    exam = finished(learner, mixed, now - timedelta(days=2), lambda row: dice.choice([True, False, False, None]))
    session = begin(learner, now - timedelta(days=1), count=9)
    for position in range(1, 8):
        answer(session, position, now, right=dice.random() < 0.4, confidence=dice.choice(["guess", "sure"]))
    sat = [row for row in rows_of(exam) if row.scored]
    practised = [row for row in rows_of(session) if row.locked_at]
    assert said(learner, "mocks", now) == recount(sat)
    assert said(learner, "practice", now) == recount(practised)
    assert said(learner, "all", now) == recount(practised + sat)
    counts = {row.level: (row.right, row.n) for row in points(learner.pk, "all", now).sure}
    for level in ("guess", "sure"):
        own = [row.fraction == 1 for row in practised if row.confidence == level]
        assert counts[level] == (sum(own), len(own))


def test_services_are_those_that_the_text_names(learner: Any, mixed: Quiz, now: datetime) -> None:
    RegisterEntry.objects.filter(name="Elastic Load Balancing").update(short=["one balancer"])
    exam = finished(learner, mixed, now, lambda row: False)
    bodies = [row.version.body for row in rows_of(exam) if row.scored]
    texts = [" ".join([one["stem"], *(option["text"] for option in one["options"])]) for one in bodies]
    named = sum("one balancer" in text for text in texts)
    assert named
    for _turn in range(2):
        rows = {row.name: (row.misses, row.n) for row in points(learner.pk, "all", now).services}
        assert rows["Elastic Load Balancing"] == (named, named)


def test_changes_time_and_pace_of_an_exam(learner: Any, mixed: Quiz, now: datetime) -> None:
    exam = sit(learner, mixed, now)
    scored = [row for row in rows_of(exam) if row.scored][:4]
    # Wrong then right, right then wrong, right at once, right and cleared; a pilot is changed, too, and counts nowhere.
    steps = [[False, True], [True, False], [True], [True, None]]
    at = 0
    for row, rights in zip(scored, steps, strict=True):
        for right in rights:
            at += 30_000
            sent = () if right is None else sent_for(row, right=right)
            trace = {str(row.position): {"ms": 20_000}}
            save(exam, row.position, sent, now + timedelta(minutes=9), at=at, trace=trace)
    [pilot] = [row for row in rows_of(exam) if not row.scored][:1]
    for right in (False, True):
        at += 30_000
        save(exam, pilot.position, sent_for(pilot, right=right), now + timedelta(minutes=9), at=at)
    finish_attempt(attempt_id=exam.pk, now=now + timedelta(minutes=10), by_learner=True)
    found = points(learner.pk, "all", now)
    assert found.changes == Changes(gained=1, lost=2, wrong=0, back=0, switches=3)
    assert found.pace is not None
    assert found.pace.seconds == (30, 90, 150, 180, 240)
    assert (found.spent.right, found.spent.wrong) == (2, 2)
    assert (found.spent.right_seconds, found.spent.wrong_seconds) == (40, 40)


def test_what_is_in_an_open_exam_is_left_out(learner: Any, mixed: Quiz, now: datetime) -> None:
    exam = finished(learner, mixed, now - timedelta(days=1), lambda row: False)
    again = sit(learner, mixed, now)
    held = set(again.responses.values_list("question_id", flat=True))
    free = [row for row in rows_of(exam) if row.scored and row.question_id not in held]
    assert held & {row.question_id for row in rows_of(exam)}
    assert said(learner, "all", now) == recount(free)


@pytest.mark.parametrize(("when", "n"), [("never", 0), ("closed", 0), ("submitted", 3)])
def test_a_quiz_whose_key_is_kept_back_is_left_out(learner: Any, now: datetime, when: str, n: int) -> None:
    teacher = factories.make_instructor()
    rules = dict.fromkeys(("show_score", "show_key", "show_rationale"), when)
    quiz = factories.make_teachers_quiz(teacher, factories.make_authored(teacher, 3), **rules)
    attempt = Attempt.objects.create(
        code="own",
        person=learner,
        quiz=quiz,
        mode="exam",
        title="Own",
        state="submitted",
        started_at=now,
        ended_at=now,
        grace=0,
        seed=1,
        size=3,
        rules={"marking": "all_or_nothing", "show": dict.fromkeys(("score", "key", "rationale"), when)},
    )
    for position, question in enumerate(Question.objects.filter(author=teacher), 1):
        Response.objects.create(
            attempt=attempt,
            position=position,
            question=question,
            version_id=question.current_id,
            shown_order=[],
            fraction=0.0,
        )
    assert points(learner.pk, "all", now).n == n


def test_a_void_sitting_and_a_strangers_count_nothing(
    learner: Any, guest: Any, mixed: Quiz, client: Client, now: datetime
) -> None:
    exam = finished(learner, mixed, now, lambda row: False)
    assert points(guest.pk, "all", now).n == 0
    Attempt.objects.filter(pk=exam.pk).update(state="void")
    assert points(learner.pk, "all", now).n == 0
    assert "Nothing has been answered yet" in client.get(URL).text


def test_the_page_says_it_and_leads_back(learner: Any, client: Client, mixed: Quiz, now: datetime) -> None:
    exam = finished(learner, mixed, now, lambda row: False)
    session = begin(learner, now, count=2)
    answer(session, 1, now, right=False, confidence="sure")
    page = client.get(URL)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "16 of 16 answers were missed." in page.text
    for link in ("/notes/test-balancers/", "/practice/test-balancers/", f"/practice/sessions/{session.code}/?q=1"):
        assert link in page.text
    assert f"/attempts/{exam.code}/review/?page=" in page.text
    assert "Sure: 0 of 1 right" in page.text
    assert "You changed no answer in these exams." in page.text
    mocks = client.get(URL, {"from": "mocks"}).text
    assert "15 of 15 answers were missed." in mocks
    assert session.code not in mocks
    assert client.get(URL, {"from": "x'; --"}).status_code == 200


def test_somebody_unknown_reads_what_will_stand_here(client: Client) -> None:
    assert "After your first answers" in client.get(URL).text
    assert "No mock exam is finished yet" in client.get(URL, {"from": "mocks"}).text


def test_it_costs_few_queries_whatever_was_answered(
    learner: Any, mixed: Quiz, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for day in range(5, 0, -1):
        began = now - timedelta(days=day)
        exam = finished(learner, mixed, began, lambda row: row.position % 2 == 0)
        Response.objects.filter(attempt=exam).update(confidence="sure")
        session = begin(learner, began, count=3)
        for position in (1, 2, 3):
            answer(session, position, began, right=False)
    changed = sit(learner, mixed, now)
    row = next(row for row in rows_of(changed) if row.scored)
    for at, right in enumerate((False, True)):
        save(changed, row.position, sent_for(row, right=right), now, at=at)
    finish_attempt(attempt_id=changed.pk, now=now, by_learner=True)
    cache.clear()
    with django_assert_max_num_queries(12):
        points(learner.pk, "all", now)
    with django_assert_max_num_queries(10):
        assert points(learner.pk, "all", now).changes == Changes(gained=1, switches=1)
