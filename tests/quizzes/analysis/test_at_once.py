"""Flags and pilots at the same moment, with real threads: each flag once, each promotion once."""

from datetime import datetime
from typing import Any

import pytest

from quizzes.models import AuditEntry, QuestionFlag
from quizzes.services.flags import refresh_flags
from quizzes.services.pilots import NoPilot, promote
from sapro.accounts.models import User
from tests import factories
from tests.own_quizzes import make_own_quiz
from tests.quizzes.analysis.test_flags import sit_all
from tests.quizzes.analysis.test_pilots import make_pilot, sit_mock
from tests.quizzes.attempts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_flags_are_raised_once(transactional_db: None, now: datetime) -> None:
    ada = factories.make_instructor("ada")
    made = factories.make_authored(ada, 9)
    questions = [one for one in made if one.current is not None and one.current.choose == 1][:6]
    quiz = make_own_quiz(ada, questions)
    sit_all(quiz, questions, now)
    at_once([lambda: refresh_flags(quiz, now=now)] * 4)
    refresh_flags(quiz, now=now)
    rows = list(QuestionFlag.objects.values_list("question_id", "flag"))
    assert rows
    assert len(rows) == len(set(rows))


def test_a_pilot_is_promoted_once(transactional_db: None, now: datetime) -> None:
    chief = User.objects.create_superuser("chief", "chief@example.org", "x" * 12)
    exam = factories.make_exam()
    scored, pilot = factories.make_questions(exam, [1, 2, 3, 4, 5, 1]), make_pilot(exam)
    sit_mock(factories.make_quiz(exam, scored=6, unscored=1), scored, pilot, now, 60)

    def click() -> Any:
        try:
            return promote(pilot.pk, actor=chief, now=now).status
        except NoPilot:
            return "late"

    assert sorted(at_once([click] * 4)) == ["late", "late", "late", "published"]
    assert AuditEntry.objects.filter(verb="question.promoted").count() == 1
