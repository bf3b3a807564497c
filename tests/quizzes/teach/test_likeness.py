"""The index of the words of questions: what is in it, who is told, and what it costs."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from quizzes.engine.wording import wording_of
from quizzes.models import Question, QuestionText
from quizzes.queries.likeness import candidates, holding, telling
from quizzes.services.question_texts import index_draft, index_questions
from sapro.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.make_instructor("ada")


def found(text: str) -> set[str]:
    return set(Question.objects.filter(pk__in=holding(text)).values_list("code", flat=True))


def test_the_words_of_anything() -> None:
    fields: dict[str, Any] = {
        "stem": " Which? ",
        "scenario": "A company",
        "options": [{"text": "One", "rationale": "Because"}, "nonsense", {"text": 5}],
        "extra": {"targets": [{"id": "a", "text": "Target"}], "tolerance": 5},
    }
    wording = wording_of(fields)
    assert (wording.stem, wording.rationales) == ("A company\nWhich?", "Because")
    assert wording.options == "One\na\nTarget"
    assert wording_of({"stem": 1, "options": 7, "extra": None}) == wording_of({})


def test_the_course_is_indexed_when_it_is_loaded(course: None) -> None:
    assert QuestionText.objects.count() == Question.objects.count() > 0
    one = Question.objects.select_related("words").first()
    assert one is not None
    assert one.code in found(" ".join(telling(one.words.stem)[:5]))


def test_a_draft_is_found_by_what_it_says_now(ada: User) -> None:
    [one] = factories.make_authored(ada)
    assert (index_questions([one.pk]), found("meant")) == (1, {one.code})
    index_draft(one, {"stem": "A **zebra** crosses", "options": [{"text": "giraffes"}]}, blocking=2, alike=1)
    assert (found("meant"), found("zebra giraffe"), found("made")) == (set(), {one.code}, {one.code})
    index_questions([one.pk])
    one.words.refresh_from_db()
    assert (one.words.blocking, one.words.alike) == (2, 1)
    one.current = None
    one.save()
    one.versions.all().delete()
    one.delete()
    assert found("zebra") == set()


@pytest.mark.parametrize("typed", ["", "   ", '"', "a OR", "NEAR(", "*", "\0", "x" * 500, "stem:meant", "'; DROP"])
def test_anything_may_be_typed(ada: User, typed: str) -> None:
    index_questions([one.pk for one in factories.make_authored(ada)])
    assert holding(typed) is None or found(typed) in (set(), found("stem meant"))
    candidates(typed, person_id=ada.pk)


def test_the_likest_come_first_and_only_what_may_be_read(ada: User) -> None:
    bob = factories.make_instructor("bob")
    mine = factories.make_authored(ada, 3)
    [other] = factories.make_authored(bob)
    stems = ["Transit gateways with an inspection network", "Gateways of every sort", "Buckets", "Transit gateways"]
    for one, stem in zip([*mine, other], stems, strict=True):
        index_draft(one, {"stem": stem})
    text = "An inspection network behind transit gateways"
    assert [one.code for one in candidates(text, person_id=ada.pk)] == [mine[0].code, mine[1].code]
    assert [one.code for one in candidates(text, mine[0].pk, person_id=ada.pk)] == [mine[1].code]
    assert [one.code for one in candidates(text, person_id=bob.pk)] == [other.code]
    assert candidates("12 a of", person_id=ada.pk) == []


def test_candidates_cost_two_statements(ada: User, django_assert_num_queries: Any) -> None:
    index_questions([one.pk for one in factories.make_authored(ada, 30)])
    with django_assert_num_queries(2):
        assert len(candidates("The stem which is meant", person_id=ada.pk)) == 20


def test_the_command_indexes_what_is_there(ada: User) -> None:
    factories.make_authored(ada, 2)
    call_command("index_questions", verbosity=0)
    assert QuestionText.objects.count() == 2
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO quizzes_questionindex(quizzes_questionindex) VALUES ('integrity-check')")
