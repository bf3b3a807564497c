"""How one did on the sections of a page: its own fragment, and nothing of what an open exam holds."""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Question, Reference
from quizzes.queries.bank import practisable
from quizzes.services.results import finish_attempt
from reference.models import Section
from tests.quizzes.practice.conftest import BACKEND, answer, begin, codes, sit

BALANCERS, HEALTH = "test-balancers", "test-health-checks"


@pytest.fixture(autouse=True)
def _standing(course: None, clock: Any) -> None:
    """The small course, on the clock of the tests."""


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person, backend=BACKEND)
    return person


def citing(slug: str) -> dict[str, set[str]]:
    """By second-level heading, the questions that cite a statement below it."""
    by_anchor: dict[str, set[str]] = defaultdict(set)
    rows = Reference.objects.filter(topic__slug=slug, question__in=practisable())
    for anchor, code in rows.values_list("anchor", "question__code"):
        by_anchor[anchor].add(code)
    found: dict[str, set[str]] = {}
    heading = ""
    for section in Section.objects.filter(body__topics__slug=slug).order_by("position"):
        heading = section.anchor if section.level == 2 else heading
        found.setdefault(heading, set()).update(*(by_anchor[one] for one in section.anchors))
    return found


def mine(client: Client, slug: str) -> str:
    """The fragment."""
    reply = client.get(f"/notes/{slug}/mine/")
    assert reply.status_code == 200
    return reply.content.decode()


def told(page: str) -> dict[str, tuple[int, int]]:
    """What it says: by place, right and seen, of places where something was met."""
    pattern = r'<span id="mine-([\w-]+)" hx-swap-oob="true">you (\d+) of (\d+) right(?:, (\d+) not met yet)?</span>'
    return {place: (int(right), int(all_) - int(unmet or 0)) for place, right, all_, unmet in re.findall(pattern, page)}


def wanted(slug: str, results: dict[str, bool]) -> dict[str, tuple[int, int]]:
    """What it should say of these results."""
    groups = citing(slug)
    seen = {code for code in set().union(*groups.values()) if code in results}
    found = {"topic": (sum(results[code] for code in seen), len(seen))} if seen else {}
    for heading, questions in groups.items():
        here = [results[code] for code in questions if code in results]
        if here:
            found[heading] = (sum(here), len(here))
    return found


def practiced(person: Any, now: datetime) -> dict[str, bool]:
    """Every question answered once, every third of them rightly."""
    session = begin(person, now)
    names = codes(session)
    for position in range(1, len(names) + 1):
        answer(session, position, now, right=position % 3 == 0)
    return {code: position % 3 == 0 for position, code in enumerate(names, 1)}


def test_nobody_has_nothing(client: Client, django_user_model: Any) -> None:
    reply = client.get(f"/notes/{BALANCERS}/mine/")
    assert (reply.status_code, reply.content) == (204, b"")
    assert "no-store" in reply.headers["Cache-Control"]
    assert "Set-Cookie" not in reply.headers
    assert django_user_model.objects.count() == 0


def test_who_answered_nothing_is_told_that(client: Client, learner: Any) -> None:
    for slug in (BALANCERS, HEALTH):
        page = mine(client, slug)
        assert told(page) == {}
        for place in ("topic", *(heading for heading, questions in citing(slug).items() if questions)):
            assert f'<span id="mine-{place}" hx-swap-oob="true">you have met none yet</span>' in page
    assert client.get("/notes/no-such-page/mine/").status_code == 404


def test_the_numbers_are_those_of_the_answers(client: Client, learner: Any, now: datetime) -> None:
    results = practiced(learner, now)
    for slug in (BALANCERS, HEALTH):
        page = mine(client, slug)
        assert told(page) == wanted(slug, results)
        assert len(told(page)) == 3
        for heading, questions in citing(slug).items():
            right = sum(results[code] for code in questions)
            assert (
                f'<span id="mastery-{heading}" hx-swap-oob="true"><progress class="thin" max="{len(questions)}"' in page
            )
            assert f'max="{len(questions)}" value="{right}"' in page


def test_the_latest_answer_counts(client: Client, learner: Any, now: datetime) -> None:
    results = practiced(learner, now)
    again = begin(learner, now + timedelta(hours=1), count=10)
    for position, code in enumerate(codes(again), 1):
        answer(again, position, now + timedelta(hours=1), right=not results[code])
        results[code] = not results[code]
    for slug in (BALANCERS, HEALTH):
        assert told(mine(client, slug)) == wanted(slug, results)


def test_what_an_open_exam_holds_is_left_out(client: Client, learner: Any, now: datetime) -> None:
    results = practiced(learner, now)
    exam = sit(learner, now + timedelta(hours=1))
    held = set(codes(exam))
    free = {code: right for code, right in results.items() if code not in held}
    for slug in (BALANCERS, HEALTH):
        assert told(mine(client, slug)) == wanted(slug, free)
    finish_attempt(attempt_id=exam.pk, now=now + timedelta(hours=2), by_learner=True)
    after = {code: right and code not in held for code, right in results.items()}
    for slug in (BALANCERS, HEALTH):
        assert told(mine(client, slug)) == wanted(slug, after)


def test_answers_of_others_and_retired_questions_do_not_count(
    client: Client, learner: Any, now: datetime, django_user_model: Any
) -> None:
    practiced(django_user_model.objects.create_user("other"), now)
    assert told(mine(client, BALANCERS)) == {}
    results = practiced(learner, now)
    Question.objects.filter(code="test-tb01").update(status="retired")
    del results["test-tb01"]
    assert told(mine(client, BALANCERS)) == wanted(BALANCERS, results)


def test_every_place_is_on_the_page(client: Client, learner: Any, now: datetime) -> None:
    practiced(learner, now)
    for slug in (BALANCERS, HEALTH):
        page = client.get(f"/notes/{slug}/").content.decode()
        headings = [one for one in citing(slug) if one]
        assert f'hx-get="/notes/{slug}/mine/" hx-trigger="load" hx-swap="none"' in page
        places = re.findall(r'<span id="([\w-]+)" hx-swap-oob', mine(client, slug))
        assert len(places) == len(set(places)) == 2 + 3 * len(headings)
        for place in places:
            assert page.count(f'id="{place}"') == 1


def test_it_is_nobody_elses(client: Client, learner: Any, now: datetime) -> None:
    practiced(learner, now)
    reply = client.get(f"/notes/{BALANCERS}/mine/")
    assert {"private", "no-store"} <= set(reply.headers["Cache-Control"].split(", "))
    assert client.post(f"/notes/{BALANCERS}/mine/").status_code == 405
    with CaptureQueriesContext(connection) as captured:
        mine(client, BALANCERS)
    assert len(captured) <= 9
