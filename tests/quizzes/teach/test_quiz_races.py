"""Quizzes at the same moment: starts, publishing, two editors. Real threads on a real database."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from quizzes.models import Attempt, Quiz
from quizzes.services import quizzes as services
from quizzes.services.attempts import CannotStart
from quizzes.services.delivery import NotNow, start_quiz
from quizzes.services.quiz_sections import Desk, SectionSettings
from sapro.accounts.models import INSTRUCTORS
from tests import factories
from tests.quizzes.attempts.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ada(transactional_db: None) -> Any:
    Group.objects.get_or_create(name=INSTRUCTORS)
    return factories.make_instructor("ada")


def begin(person: Any, quiz: Quiz, now: Any) -> Any:
    try:
        return start_quiz(
            person_id=person.pk, quiz_id=quiz.pk, time_option="standard", access_code="", grace=2, now=now
        ).pk
    except (NotNow, CannotStart, Quiz.DoesNotExist) as refusal:
        return type(refusal).__name__


@pytest.mark.parametrize("mode", ["exam", "practice"])
def test_many_starts_make_one_attempt(ada: Any, now: Any, django_user_model: Any, mode: str) -> None:
    person = django_user_model.objects.create(username="racer", date_joined=now)
    quiz = factories.make_teachers_quiz(
        ada, factories.make_authored(ada, 4), mode=mode, attempts_allowed=1, time_limit=None
    )
    found = at_once([lambda: begin(person, quiz, now)] * 8)
    assert set(found) == {Attempt.objects.get().pk}


def test_who_starts_while_it_is_taken_back_gets_all_of_it_or_nothing(
    ada: Any, now: Any, django_user_model: Any
) -> None:
    people = [django_user_model.objects.create(username=f"racer-{n}", date_joined=now) for n in range(6)]
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 4))
    starts = [lambda one=one: begin(one, quiz, now) for one in people]
    take_back = [lambda: services.unpublish_quiz(actor=ada, slug=quiz.slug, now=now).pk]
    found = at_once([*starts[:3], *take_back, *starts[3:]])
    begun = [one for one in found if isinstance(one, int)]
    assert Attempt.objects.count() == len(begun) - 1  # one of them is the quiz itself
    assert all(one.responses.count() == 4 for one in Attempt.objects.all())
    assert {one for one in found if isinstance(one, str)} <= {"DoesNotExist", "CannotStart"}


def test_of_two_editors_one_is_told(ada: Any, now: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 4), published=False)

    def add(title: str) -> str:
        try:
            Desk(ada, quiz.slug, 0, now).add_section("draw", SectionSettings(title, count=1))
        except services.Stale:
            return "stale"
        return "added"

    assert sorted(at_once([lambda: add("one"), lambda: add("two")])) == ["added", "stale"]
    quiz.refresh_from_db()
    assert (quiz.sections.count(), quiz.revision, quiz.scored) == (2, 1, 5)
