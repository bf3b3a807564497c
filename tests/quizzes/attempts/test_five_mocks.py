"""Five mocks in a row of one learner on the real bank: quotas, nothing twice while unseen ones remain, equally hard."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from quizzes.engine.writing.standard import LEAST_QUESTIONS
from quizzes.models import Question, Quiz, Response
from quizzes.services.attempts import start_attempt
from quizzes.services.results import finish_attempt

pytestmark = [pytest.mark.usefixtures("real_course"), pytest.mark.once]

QUOTAS = {"sap-c03": {1: 13, 2: 13, 3: 13, 4: 13, 5: 13}, "sap-c02": {1: 17, 2: 19, 3: 16, 4: 13}}


@pytest.mark.parametrize("slug", QUOTAS)
def test_five_mocks_share_no_question(slug: str, person: Any, now: datetime) -> None:
    assert Question.objects.course().published().count() >= LEAST_QUESTIONS
    quiz = Quiz.objects.get(slug=slug)
    seen: set[int] = set()
    levels = []
    for number in range(5):
        begun = now + timedelta(days=number)
        attempt = start_attempt(person_id=person.pk, quiz=quiz, time_option="standard", grace=60, now=begun)
        rows = list(Response.objects.filter(attempt=attempt).select_related("question"))
        assert Counter(row.domain for row in rows if row.scored) == Counter(QUOTAS[slug])
        assert len(rows) == 75
        drawn = {row.question_id for row in rows}
        assert not drawn & seen, [row.question.code for row in rows if row.question_id in seen]
        codes = {row.question.code for row in rows}
        assert [code for row in rows for code in row.question.enemies if code in codes] == []
        assert attempt.rules["form"]["unseen"] == 65
        levels.append(attempt.rules["form"]["difficulty"])
        seen |= drawn
        finish_attempt(attempt_id=attempt.pk, now=begun + timedelta(hours=1), by_learner=True)
    assert max(levels) - min(levels) <= 0.15, levels
