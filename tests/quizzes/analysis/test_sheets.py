"""From the rows of attempts to figures: whose attempts, which column, what counts as omitted and not reached."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from quizzes.engine.analysis import analyse, from_json, to_json
from quizzes.engine.content import Content, Option
from quizzes.models import Question, Quiz, Response
from quizzes.queries.answer_sheets import AnswerSheet, answer_sheet
from quizzes.queries.finished_attempts import Wanted, standing
from quizzes.services.proctoring import void_attempt
from sapro.accounts.models import User
from sapro.accounts.services.people import delete_person
from tests.answered import answered, make_people
from tests.engine.analysis.test_worked_example import ROWS, TEXT
from tests.factories import MADE, edit
from tests.own_classes import assign, make_class
from tests.own_quizzes import begin, correct_key, make_of_kind, make_own_quiz, right_choice, wrong_choice

pytestmark = pytest.mark.django_db
WORDS = {1: "right", 0: "wrong"}


def names(found: AnswerSheet) -> list[str]:
    return [text.name for text in found.texts]


def test_the_worked_example_comes_out_of_the_database(quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, [[WORDS[mark] for mark in row[:4]] for row in ROWS])
    found = analyse(answer_sheet(quiz, Wanted()).sheet)
    assert found.summary.alpha == pytest.approx(0.262911, abs=1e-6)
    assert found.summary.is_kr20
    assert [item.facility for item in found.items] == pytest.approx(TEXT["facility"][:4])
    assert [item.floor for item in found.items] == [
        pytest.approx(0.1 if question.current and question.current.choose == 2 else 0.25) for question in questions
    ]
    assert from_json(to_json(found)) == found


def test_what_was_omitted_counts_as_wrong_and_what_was_not_reached_does_not(
    quiz: Quiz, questions: list[Question]
) -> None:
    answered(quiz, questions, [["right", None, "right", "unseen"], ["right", "right", "wrong", "right"]])
    items = analyse(answer_sheet(quiz, Wanted()).sheet).items
    assert [(one.n, one.omitted, one.not_reached) for one in items] == [(2, 0, 0), (2, 1, 0), (2, 0, 0), (1, 0, 1)]
    assert [one.facility for one in items] == [1.0, 0.5, 0.5, 1.0]
    assert items[0].quartiles == (31.0, 31.0, 31.0)


def test_without_a_trace_everything_was_reached(quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, [["right", None, "right", None]], traced=False)
    items = analyse(answer_sheet(quiz, Wanted()).sheet).items
    assert [(one.omitted, one.not_reached, one.quartiles) for one in items[1::2]] == [(1, 0, None)] * 2


def test_whose_attempts_count(
    quiz: Quiz, questions: list[Question], teacher: User, now: datetime, settings: Any
) -> None:
    one, two, gone, void = make_people(4)
    right, wrong = ["right"] * 4, ["wrong"] * 4
    answered(quiz, questions, [right, right, right], people=[one, two, gone])
    answered(quiz, questions, [wrong, wrong], people=[one, gone], at=MADE + timedelta(days=1))
    answered(quiz, questions, [wrong], people=[teacher])
    [lost] = answered(quiz, questions, [wrong], people=[void])
    void_attempt(attempt_id=lost.pk, reason="copied", now=now)
    begin(void, quiz, questions, now)
    found = answer_sheet(quiz, Wanted())
    assert (found.sheet.n, found.chosen.later) == (3, 2)
    assert analyse(found.sheet).summary.mean == 100
    assert answer_sheet(quiz, Wanted(every=True)).sheet.n == 5
    delete_person(person_id=gone.pk, now=now)
    # Both attempts of who has left stand under one name: each counts.
    assert answer_sheet(quiz, Wanted()).sheet.n == 4


def test_the_filter_narrows_by_class_assignment_and_window(
    quiz: Quiz, questions: list[Question], teacher: User
) -> None:
    classroom = make_class(teacher)
    given, other = assign(classroom, quiz), assign(make_class(teacher), quiz)
    answered(quiz, questions, [["right"] * 4], assignment=given)
    answered(quiz, questions, [["wrong"] * 4] * 2, assignment=other, at=MADE + timedelta(days=3))
    wanted = {
        Wanted(classroom=classroom.pk): 1,
        Wanted(assignment=other.pk): 2,
        Wanted(since=MADE + timedelta(days=1)): 2,
        Wanted(until=MADE + timedelta(days=1)): 1,
        Wanted(classroom=classroom.pk, since=MADE + timedelta(days=1)): 0,
    }
    assert {one: answer_sheet(quiz, one).sheet.n for one in wanted} == wanted
    assert len({one.scope for one in wanted}) == len(wanted)
    assert all(Wanted.from_plain(one.plain()) == one and len(one.scope) <= 64 for one in wanted)


def test_a_corrected_key_stays_in_its_column_and_another_text_has_its_own(
    quiz: Quiz, questions: list[Question]
) -> None:
    first = questions[0]
    answered(quiz, questions, [["right"] * 4])
    wrong = wrong_choice(first)
    correct_key(first, wrong)
    answered(quiz, questions, [["right"] * 4])
    found = answer_sheet(quiz, Wanted())
    assert names(found) == [one.code for one in questions]
    assert (found.texts[0].numbers, found.sheet.columns[0].key) == ((1, 2), frozenset(wrong))
    assert not found.sheet.drawn
    edit(first)
    answered(quiz, questions, [["right"] * 4])
    found = answer_sheet(quiz, Wanted())
    assert names(found)[:2] == [first.code, f"{first.code}@v1"]
    assert [one.newest for one in found.texts[:2]] == [True, False]
    assert [analyse(found.sheet).items[place].n for place in (0, 1)] == [1, 2]
    assert found.sheet.drawn


def test_random_draws_compare_each_with_its_own_set(quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions[:3], [["right", "right", "wrong"]])
    answered(quiz, questions[1:], [["right", "wrong", "wrong"]])
    found = answer_sheet(quiz, Wanted())
    assert found.sheet.drawn
    assert found.sheet.columns[0].marks == [1.0, None]
    assert analyse(found.sheet).summary.mean == pytest.approx(50)


def test_pilots_are_in_no_total(quiz: Quiz, questions: list[Question]) -> None:
    answered(quiz, questions, [["right", "wrong", "wrong", "wrong"]], pilots=[1])
    found = analyse(answer_sheet(quiz, Wanted()).sheet)
    assert (found.summary.mean, found.items[0].counted, found.items[0].facility) == (0.0, False, 1.0)


def option(name: str, correct: bool = True) -> Option:
    return Option(name, f"Part {name}", correct, "")


KINDS = {
    "true_false": (
        Content("true_false", "S", 1, "fixed", (Option("true", "True", True, ""), Option("false", "False", False, ""))),
        {("true",): {"true"}, ("false",): {"false"}, (): set()},
        0.5,
    ),
    "ordering": (
        Content("ordering", "S", 3, "shuffle", tuple(map(option, "abc"))),
        {("a>1", "b>3", "c>2"): {"a"}, ("a>1", "b>2", "c>3"): {"a", "b", "c"}},
        1 / 6,
    ),
    "matching": (
        Content(
            "matching", "S", 2, "shuffle", (option("a"), option("b")),
            {"targets": [{"id": "x", "text": "X"}, {"id": "y", "text": "Y"}], "pairs": {"a": "x", "b": "y"}},
        ),
        {("a>=x", "b>=x"): {"a"}, ("a>=x", "b>=y"): {"a", "b"}},
        0.25,
    ),
    "numeric": (Content("numeric", "S", 1, "fixed", (), {"answer": "5"}), {("5",): {"right"}, ("4",): {"wrong"}}, 1e-9),
    "short_text": (
        Content("short_text", "S", 1, "fixed", (), {"accepted": ["VPC"]}),
        {("vpc",): {"right"}, ("S3",): {"wrong"}, (): set()},
        1e-9,
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_classes(teacher: User, kind: str) -> None:
    content, expected, floor = KINDS[kind]
    question = make_of_kind(teacher, content)
    quiz = make_own_quiz(teacher, [question])
    answered(quiz, [question], [[choice] for choice in expected])
    [column] = answer_sheet(quiz, Wanted()).sheet.columns
    found = [{name for name, values in column.classes.items() if values[row]} for row in range(len(expected))]
    assert found == list(expected.values())
    assert column.floor == pytest.approx(floor)
    assert "wrong" not in column.key


def test_the_number_of_statements_does_not_grow_with_the_questions(teacher: User) -> None:
    from tests.factories import make_authored  # more of them than the fixture has

    counts = []
    for size in (3, 12):
        questions = make_authored(teacher, size)
        quiz = make_own_quiz(teacher, questions)
        answered(quiz, questions, [["right"] * size] * 5)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer_sheet(quiz, Wanted())
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def test_the_mark_moves_with_attempts_results_and_keys(
    quiz: Quiz, questions: list[Question], teacher: User, now: datetime
) -> None:
    marks = [standing(quiz, Wanted()).mark]

    def changed() -> bool:
        marks.append(standing(quiz, Wanted()).mark)
        return marks[-1] != marks[-2]

    [attempt] = answered(quiz, questions, [["right"] * 4])
    assert changed()
    assert not changed()
    correct_key(questions[0], wrong_choice(questions[0]))
    assert changed()
    attempt.results.create(number=2, created_at=now, reason="key", marking="all_or_nothing", raw=3, maximum=4,
                           fractions=[], versions=[])  # fmt: skip
    assert changed()
    void_attempt(attempt_id=attempt.pk, reason="copied", now=now)
    assert changed()


def test_marks_are_those_of_the_latest_result(quiz: Quiz, questions: list[Question]) -> None:
    [attempt] = answered(quiz, questions, [["right"] * 4])
    Response.objects.filter(attempt=attempt, position=1).update(fraction=0.5)
    assert answer_sheet(quiz, Wanted()).sheet.columns[0].marks[0] == 0.5
    assert right_choice(questions[0])
