"""The crowd of ``make load`` itself: it counts what it must, notices errors and answers that are lost."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from quizzes.models import Attempt, Response
from tests.apart import run_apart
from tests.benchmarks.crowd import Plan, run
from tests.benchmarks.load import lost, percentile
from tests.benchmarks.stage import enrol

pytestmark = pytest.mark.django_db(transaction=True)


def plan(live_server: Any, learners: list[list[Any]]) -> Plan:
    port = urlsplit(live_server.url).port
    assert port is not None
    return Plan(
        port=port,
        learners=learners,
        starts_within=0.1,
        seconds=1.5,
        pace=(0.1, 0.5),
        heartbeat=1.0,
        submits_within=0.1,
        quiz="short-mock",
    )


def people(count: int) -> list[list[Any]]:
    return [[one.pk, one.session, one.token] for one in enrol(count)]


def test_a_small_crowd_sits_its_exams(course: None, live_server: Any) -> None:
    record = run_apart(run(plan(live_server, people(3))))
    assert record.errors == {}, record.error_texts
    assert len(record.redirects) == len(record.booklets) == len(record.submits) == len(record.reports) == 3
    assert len(record.saves) >= 6
    assert len(record.clocks) >= 3
    assert Attempt.objects.filter(state="submitted").count() == 3
    assert len(record.acknowledged) == 3
    assert lost(record) == 0

    code, answers = next(iter(record.acknowledged.items()))
    Response.objects.filter(attempt__code=code, position=int(next(iter(answers)))).update(choice=[])
    assert lost(record) == 1


def test_whoever_is_not_signed_in_is_an_error_and_no_save(course: None, live_server: Any) -> None:
    known, stranger = people(2)
    record = run_apart(run(plan(live_server, [known, [0, "nobody", stranger[2]]])))
    # A stranger becomes a guest at the start, and their cookie is not taken up by this client.
    assert record.errors == {"start": 1}, record.error_texts
    assert "302, not 200" in record.error_texts[0]
    assert len(record.submits) == 1


@pytest.mark.parametrize(("share", "expected"), [(0.5, 51), (0.99, 100), (1.0, 100)])
def test_shares(share: float, expected: float) -> None:
    assert percentile([float(one) for one in range(100, 0, -1)], share) == expected
