"""Sitting an instructor's quiz in practice mode: one question at a time, and told what its author wants told."""

from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Exposure, Question
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.attempts.conftest import right_choice
from tests.quizzes.teach.test_delivery import start

pytestmark = pytest.mark.django_db


def practise(client: Client, attempt: Attempt, position: int, *, right: bool) -> str:
    """Answer one question of a practice session; the page that follows."""
    row = attempt.responses.select_related("version").get(position=position)
    sent = list(right_choice(row))
    if not right:
        sent = [str(n) for n in range(1, len(row.shown_order) + 1) if str(n) not in sent][: len(sent)]
    url = f"/practice/sessions/{attempt.code}/responses/{position}/"
    return client.get(client.post(url, {"choice": sent})["Location"]).content.decode()


def test_practice_grades_at_once_and_counts_to_the_end(ada: User, bank: list[Question], clock: Any) -> None:
    during = dict.fromkeys(("show_score", "show_key", "show_rationale"), "during")
    quiz = factories.make_teachers_quiz(
        ada, bank[:3], mode="practice", time_limit=None, pass_mark=60, attempts_allowed=1, **during
    )
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    assert start(client, quiz) == attempt
    assert "canary" in practise(client, attempt, 1, right=True)
    assert "Not right" in practise(client, attempt, 2, right=False)
    practise(client, attempt, 3, right=True)
    end = client.get(f"/practice/sessions/{attempt.code}/?q=end").content.decode()
    assert "Passed" in end
    assert "2 of 3" in end
    assert "Retry" not in end
    assert client.post(f"/practice/sessions/{attempt.code}/retry/").status_code == 404
    assert attempt.results.get().raw == 2
    assert start(client, quiz) is None


def test_practice_that_tells_nothing_tells_nothing(ada: User, bank: list[Question], clock: Any) -> None:
    after = dict.fromkeys(("show_score", "show_key", "show_rationale"), "submitted")
    quiz = factories.make_teachers_quiz(ada, bank[:3], mode="practice", time_limit=None, **after)
    client = Client()
    attempt = start(client, quiz)
    assert attempt is not None
    pages = [practise(client, attempt, 1, right=True), practise(client, attempt, 2, right=False)]
    for page in pages:
        assert "Your answer is noted" in page
        assert "canary" not in page
        assert "Right answer" not in page
    end = client.get(f"/practice/sessions/{attempt.code}/?q=end").content.decode()
    assert "2 of 3 answered" in end
    assert "right" not in end.split('class="cells"')[1].split("</ol>")[0]
    assert Exposure.objects.filter(revealed_at__isnull=False).count() == 0
    client.post(f"/practice/sessions/{attempt.code}/finish/")
    attempt.refresh_from_db()
    assert attempt.state == "submitted"
    assert attempt.results.get().raw == 1
    late = practise(client, attempt, 3, right=True)
    assert attempt.responses.get(position=3).choice == []
    assert "canary" in late
    assert "1 of 3" in client.get(f"/practice/sessions/{attempt.code}/?q=end").content.decode()
