"""Highlighter marks from the save to the review: beside the requirements, in words, and only when the key may show."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.engine.marks import find, text_of
from quizzes.models import Attempt, Event, Exam, Question, QuestionVersion, Quiz, Response
from quizzes.queries.marks import MarkedSum, marked_requirements, marked_sum
from quizzes.services.results import finish_attempt
from tests import factories
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.reports.conftest import rows_of, sent_for, sit
from tests.quizzes.reports.test_review import page_of, sections

REQ = 'class="req"'


@pytest.fixture
def attempt(learner: Any, mixed: Quiz, now: datetime) -> Attempt:
    """Twenty questions under way."""
    return sit(learner, mixed, now)


def place_of(row: Response, number: int) -> list[int]:
    """Where a requirement of a question stands in its stem."""
    span = find(text_of(row.version.shown["stem"]), row.question.constraints[number]["text"])
    assert span
    return list(span)


def save(client: Client, attempt: Attempt, row: Response, marks: Any, *, right: bool = True, tab: int = 1) -> None:
    """Answer and mark, as the page does."""
    trace = {str(row.position): {"ms": 1000} | ({} if marks is None else {"marks": marks})}
    reply = client.post(
        f"/attempts/{attempt.code}/responses/{row.position}/",
        {"choice": sent_for(row, right=right), "tab": tab, "trace": json.dumps(trace)},
        headers={"HX-Request": "true"},
    )
    assert reply.status_code == 200


def end(attempt: Attempt, now: datetime) -> Attempt:
    """Submit."""
    return finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)


def test_marks_go_from_the_save_to_the_review(client: Client, attempt: Attempt, now: datetime) -> None:
    first, second, third = rows_of(attempt)[:3]
    save(client, attempt, first, [place_of(first, 0)])
    save(client, attempt, second, [[0, 9999]])
    save(client, attempt, third, None)
    client.post(f"/attempts/{attempt.code}/submit/", {"trace": '{"1": {"ms": 3}}'})
    done = Attempt.objects.get(pk=attempt.pk)
    assert done.trace["1"]["marks"] == [place_of(first, 0)]
    parts = sections(page_of(client, done))
    text = first.question.constraints[0]["text"]
    assert f'<mark><span class="req">{text}</span></mark><sup class="reqno">' in parts[1]
    assert "You marked 1 of 2 requirements. 100 % of the text you marked belongs to a requirement." in parts[1]
    assert parts[1].count("you marked it") == parts[1].count("you did not mark it") == 1
    assert "You marked 2 of 2 requirements." in parts[2]
    for position in range(3, 11):
        assert REQ not in parts[position]
        assert "<mark>" not in parts[position]
        assert "You marked" not in parts[position]


def test_an_attempt_without_marks_is_shown_as_before(client: Client, attempt: Attempt, now: datetime) -> None:
    first, second = rows_of(attempt)[:2]
    save(client, attempt, first, None)
    save(client, attempt, second, [])
    done = end(attempt, now)
    assert "marks" not in done.trace["1"]
    assert "marks" not in json.dumps(list(Event.objects.filter(position=1).values_list("data", flat=True)))
    page = page_of(client, done)
    for word in (REQ, "<mark>", "You marked", "requirement</span>"):
        assert word not in page
    assert marked_requirements(done) == []
    assert "What you highlighted" not in client.get(f"/attempts/{done.code}/report/").content.decode()


def test_what_was_rubbed_out_is_gone(client: Client, attempt: Attempt, now: datetime) -> None:
    first = rows_of(attempt)[0]
    save(client, attempt, first, [place_of(first, 0)])
    save(client, attempt, first, [], tab=2)
    assert marked_requirements(end(attempt, now)) == []


def test_nothing_of_the_requirements_leaves_during_the_attempt(client: Client, attempt: Attempt) -> None:
    """Their text stands in the stem, as it must; that it is one, and what it is called, does not."""
    Question.objects.update(constraints=[{"id": "canary-id", "text": "canary-text"}])
    first = rows_of(attempt)[0]
    save(client, attempt, first, [[0, 50]])
    for path in ("", "?q=1", "?q=review", "clock/"):
        page = client.get(f"/attempts/{attempt.code}/{path}").content.decode()
        assert page
        for word in ("canary", REQ, "reqno", "<mark"):
            assert word not in page
    for path in ("review/", "report/"):
        assert client.get(f"/attempts/{attempt.code}/{path}").status_code == 302
    assert marked_requirements(attempt) == []


def test_what_stands_in_an_open_exam_shows_no_requirement(
    client: Client, attempt: Attempt, learner: Any, now: datetime
) -> None:
    for row in rows_of(attempt):
        save(client, attempt, row, [place_of(row, 0)])
    done = end(attempt, now)
    running = sit(learner, factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=10), now + timedelta(hours=1))
    held = set(running.responses.values_list("question_id", flat=True))
    parts = sections(page_of(client, done)) | sections(page_of(client, done, "?page=2"))
    told = {row.position: REQ in parts[row.position] for row in rows_of(done)}
    assert told == {row.position: row.question_id not in held for row in rows_of(done)}
    assert True in told.values()
    assert False in told.values()
    assert {one.question_id for one in marked_requirements(done)}.isdisjoint(held)


def test_a_quiz_that_keeps_its_reasons_back_keeps_the_requirements(
    client: Client, attempt: Attempt, now: datetime
) -> None:
    row = rows_of(attempt)[0]
    save(client, attempt, row, [place_of(row, 0)])
    done = end(attempt, now)
    show = {"score": "submitted", "key": "submitted", "rationale": "never"}
    Attempt.objects.filter(pk=done.pk).update(rules=done.rules | {"show": show})
    page = page_of(client, done)
    assert 'class="opt right' in page
    assert REQ not in page
    assert marked_requirements(Attempt.objects.get(pk=done.pk)) == []


def test_the_report_tells_the_sum_from_five_questions_on(
    client: Client, attempt: Attempt, now: datetime, django_assert_num_queries: Any
) -> None:
    rows = rows_of(attempt)
    for row in rows[:5]:
        marks = [place_of(row, 0)] + ([place_of(row, 1)] if row.position == 2 else [])
        save(client, attempt, row, marks, right=row.position > 2)
    save(client, attempt, rows[5], None)
    done = end(attempt, now)
    with django_assert_num_queries(1):
        assert marked_sum(done) == MarkedSum(questions=5, seen=6, total=10, missed_seen=3, missed_total=4)
    assert [(one.position, one.right) for one in marked_requirements(done)] == [
        (1, False),
        (2, False),
        (3, True),
        (4, True),
        (5, True),
    ]
    page = " ".join(client.get(f"/attempts/{done.code}/report/").content.decode().split())
    assert "Requirements marked: 6 of 10, over the 5 questions in which you marked something." in page
    assert "In those that you missed: 3 of 4." in page
    done.trace.pop("5")
    with django_assert_num_queries(1):
        assert marked_sum(done) is None
    done.trace = {"1": {"ms": 3}}
    with django_assert_num_queries(0):
        assert marked_sum(done) is None


def test_a_requirement_is_found_in_emphasis_and_one_that_is_not_in_the_text_sat_is_left_out(
    client: Client, attempt: Attempt, now: datetime
) -> None:
    row = rows_of(attempt)[0]
    shown = row.version.shown | {"stem": "<p>😀 Use the <strong>least</strong> <code>a*b</code> work 𝕊.</p>"}
    QuestionVersion.objects.filter(pk=row.version_id).update(shown=shown)
    texts = ["the **least** `a*b` work", "written later"]
    Question.objects.filter(pk=row.question_id).update(
        constraints=[{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    )
    save(client, attempt, row, [[6, 16], [25, 26]])
    part = sections(page_of(client, end(attempt, now)))[1]
    assert "You marked 1 of 1 requirement." in part
    assert "<mark>𝕊</mark>." in part
    assert re.search(r"<q>the least a\*b work</q>\s*<span class=\"tag right\">you marked it", part)


def test_the_review_costs_no_further_statement_for_marks(client: Client, attempt: Attempt, now: datetime) -> None:
    for row in rows_of(attempt)[:10]:
        save(client, attempt, row, [place_of(row, 0)])
    done = end(attempt, now)
    page_of(client, done)
    with counting() as marked:
        assert page_of(client, done).count("You marked 1 of 2") == 10
    Attempt.objects.filter(pk=done.pk).update(trace={"1": {"ms": 1}})
    with counting() as bare:
        page_of(client, done)
    assert marked.all == bare.all
