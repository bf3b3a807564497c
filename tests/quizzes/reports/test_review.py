"""The review: every question with its key, filters, pages, and what waits for another exam's end."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, Exam, Exposure, Quiz, Response
from quizzes.services.results import finish_attempt
from reference.models import Anchor
from tests import factories
from tests.quizzes.reports.conftest import finished, rows_of, sit

SHOWN = re.compile(r'<section class="question" id="question-(\d+)"')


def thirds(row: Response) -> bool | None:
    """A third right, a third wrong, a third unanswered."""
    return {0: True, 1: False, 2: None}[row.position % 3]


FLAGS = (2, 3, 17)


@pytest.fixture
def attempt(learner: Any, mixed: Quiz, now: datetime) -> Attempt:
    """Twenty questions, five of them unscored, three flagged."""
    return finished(learner, mixed, now, thirds, flags=FLAGS)


def page_of(client: Client, attempt: Attempt, query: str = "") -> str:
    """One page of the review."""
    reply = client.get(f"/attempts/{attempt.code}/review/{query}")
    assert reply.status_code == 200
    return reply.content.decode()


def shown(page: str) -> list[int]:
    """The positions on a page."""
    return [int(one) for one in SHOWN.findall(page)]


def sections(page: str) -> dict[int, str]:
    """The html of each question on a page."""
    parts = page.split('<section class="question" id="question-')[1:]
    return {int(part.split('"')[0]): part.split("</section>")[0] for part in parts}


# Which, and how many


def test_ten_a_page(client: Client, attempt: Attempt) -> None:
    assert shown(page_of(client, attempt)) == list(range(1, 11))
    assert shown(page_of(client, attempt, "?page=2")) == list(range(11, 21))
    assert shown(page_of(client, attempt, "?page=99")) == list(range(11, 21))
    for query in ("?page=0", "?page=x", "?page=-1", f"?page={'9' * 5000}"):
        assert shown(page_of(client, attempt, query))


@pytest.mark.parametrize("show", ["wrong", "flagged", "unanswered", "all", "nonsense"])
@pytest.mark.parametrize("domain", [None, 1, 4, 9])
def test_a_filter_leaves_what_it_says(client: Client, attempt: Attempt, show: str, domain: int | None) -> None:
    keeps = {
        "wrong": lambda row: row.fraction != 1,
        "flagged": lambda row: row.position in FLAGS,
        "unanswered": lambda row: row.choice == [],
    }.get(show, lambda row: True)
    wanted = [row.position for row in rows_of(attempt) if keeps(row) and domain in (None, row.domain)]
    query = f"?show={show}" + (f"&domain={domain}" if domain else "")
    found = shown(page_of(client, attempt, query)) + (
        shown(page_of(client, attempt, f"{query}&page=2")) if len(wanted) > 10 else []
    )
    assert found == wanted
    if not wanted:
        assert "No question of this exam fits the filter." in page_of(client, attempt, query)


def test_pages_keep_the_filter_and_filters_keep_each_other(client: Client, attempt: Attempt) -> None:
    page = page_of(client, attempt, "?show=wrong")
    assert '<a href="?page=2&amp;show=wrong" rel="next">' in page or '<a href="?page=2&show=wrong" rel="next">' in page
    follow = re.search(r'<a href="(\?page=2[^"]*)" rel="next">', page)
    assert follow
    wrong = [row.position for row in rows_of(attempt) if row.fraction != 1]
    assert shown(page_of(client, attempt, follow[1].replace("&amp;", "&"))) == wrong[10:]
    narrow = page_of(client, attempt, "?show=wrong&domain=4")
    assert 'href="?show=flagged&amp;domain=4"' in narrow
    assert 'href="?show=wrong&amp;domain=2"' in narrow
    assert re.findall(r'<a class="chip" href="([^"]*)" aria-current="true"', narrow) == [
        "?show=wrong&amp;domain=4",
        "?show=wrong&amp;domain=4",
    ]


@pytest.mark.parametrize("domain", ["x", "0", "12", "-1", "²", "1 OR 1"])
def test_a_domain_that_is_none_breaks_nothing(client: Client, attempt: Attempt, domain: str) -> None:
    assert client.get(f"/attempts/{attempt.code}/review/", {"domain": domain}).status_code == 200


# What each says


def test_each_question_shows_choice_key_reasons_and_sentence(client: Client, attempt: Attempt) -> None:
    parts = sections(page_of(client, attempt))
    for row in rows_of(attempt)[:10]:
        part = parts[row.position]
        keys = set(row.version.key["correct"])
        places = re.findall(
            r'<li class="opt (right|wrong)( chosen)?"><span class="sign">.*?<span class="l">(\w)</span>',
            part,
            re.DOTALL,
        )
        assert places == [
            ("right" if one in keys else "wrong", " chosen" if one in row.choice else "", "ABCDEFGH"[index])
            for index, one in enumerate(row.shown_order)
        ]
        for one in row.shown_order:
            assert row.version.key["rationales"][one] in part
            assert row.version.shown["options"][one] in part
        texts = {one["id"]: one["text"] for one in row.question.constraints}
        for flaw in row.question.flaws.values():
            if flaw["breaks"] in texts:
                assert f"Requirement it breaks: “{texts[flaw['breaks']]}”" in part
        for one in row.question.references.select_related("topic"):
            assert f'href="/notes/{one.topic.slug}/#{one.anchor}"' in part
            assert Anchor.objects.get(body=one.topic.body_id, name=one.anchor).html in part
        state = "Right" if row.fraction == 1 else "Wrong" if row.choice else "Not answered"
        assert f">{state}</span>" in part
        assert (">Flagged</span>" in part) is (row.position in FLAGS)


def test_unscored_questions_are_named(client: Client, attempt: Attempt) -> None:
    parts = sections(page_of(client, attempt)) | sections(page_of(client, attempt, "?page=2"))
    named = {position for position, part in parts.items() if ">Did not count</span>" in part}
    assert named == {row.position for row in rows_of(attempt) if not row.scored}
    assert len(named) == 5


def test_time_spent_is_told_where_it_is_known(client: Client, attempt: Attempt) -> None:
    assert "seconds</span>" not in page_of(client, attempt)
    Attempt.objects.filter(pk=attempt.pk).update(trace={"1": {"ms": 61_400}, "2": {"ms": 900}})
    parts = sections(page_of(client, attempt))
    assert ">1 min 01 s</span>" in parts[1]
    assert ">1 second</span>" in parts[2]


# The ledger


def test_what_was_revealed_is_noted_once(client: Client, attempt: Attempt, learner: Any, clock: Any) -> None:
    assert Exposure.objects.filter(person=learner, revealed_at=None).count() == 20
    first = clock.move(minutes=30)
    page_of(client, attempt)
    questions = [row.question_id for row in rows_of(attempt)]
    assert set(Exposure.objects.filter(revealed_at=first).values_list("question_id", flat=True)) == set(questions[:10])
    second = clock.move(minutes=5)
    page_of(client, attempt)
    page_of(client, attempt, "?page=2")
    assert Exposure.objects.filter(revealed_at=first).count() == 10
    assert set(Exposure.objects.filter(revealed_at=second).values_list("question_id", flat=True)) == set(questions[10:])
    assert Exposure.objects.filter(person=learner).count() == 20


def test_what_was_never_displayed_is_met_when_it_is_reviewed(
    client: Client, learner: Any, mixed: Quiz, now: datetime
) -> None:
    """A trace that shows only the first page: the others are new to the ledger until the review shows them."""
    attempt = sit(learner, mixed, now)
    traced = {"1": {"ms": 5000}}
    finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True, trace=traced)
    assert Exposure.objects.filter(person=learner).count() == 1
    page_of(client, attempt)
    assert Exposure.objects.filter(person=learner).count() == 10
    assert Exposure.objects.filter(person=learner, revealed_at=None).count() == 0


# Another exam open


def test_what_stands_in_an_open_exam_keeps_its_key(
    client: Client, attempt: Attempt, learner: Any, now: datetime
) -> None:
    other = factories.make_quiz(Exam.objects.get(code="SAP-C03"), scored=10)
    running = sit(learner, other, now + timedelta(hours=1))
    held = set(running.responses.values_list("question_id", flat=True))
    rows = {row.position: row for row in rows_of(attempt)}
    both = [position for position, row in rows.items() if row.question_id in held]
    assert both
    parts = sections(page_of(client, attempt)) | sections(page_of(client, attempt, "?page=2"))
    for position, part in parts.items():
        version = rows[position].version
        texts = [*version.key["rationales"].values(), 'class="opt', ">Right</span>", ">Wrong</span>", "From the notes"]
        told = [text for text in texts if text in part]
        assert version.shown["stem"] in part
        if position in both:
            assert told == []
            assert "Its answer is shown again when that exam is finished." in part
        else:
            assert len(told) >= len(version.key["rationales"]) + 2
    assert not Exposure.objects.filter(question_id__in=held).exclude(revealed_at=None).exists()
    finish_attempt(attempt_id=running.pk, now=now + timedelta(hours=2), by_learner=True)
    page = page_of(client, attempt) + page_of(client, attempt, "?page=2")
    assert "Its answer is shown again" not in page


def test_the_number_of_statements_does_not_grow(client: Client, learner: Any, now: datetime) -> None:
    exam = Exam.objects.get(code="SAP-C03")
    small = finished(learner, factories.make_quiz(exam, scored=5), now, thirds)
    large = finished(learner, factories.make_quiz(exam, scored=10), now + timedelta(hours=1), thirds)
    for one in (small, large):
        page_of(client, one)

    def statements(one: Attempt) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, one)
        return len(captured)

    assert statements(small) == statements(large) <= 14
