"""Flags: raised by what learners gave, seen by those whose affair it is, gone when the question is mended."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from quizzes.models import Challenge, Question, QuestionFlag, Quiz, Report
from quizzes.queries import remarks
from quizzes.queries.flags import flags_on, visible_flags
from quizzes.queries.question_list import Wanted, listed_questions
from quizzes.services.flags import EVERY, refresh_flags, refresh_if_changed
from quizzes.services.lifecycle import correct_key
from quizzes.services.remarking import remark_quiz
from quizzes.tasks import begin_flags_if_due
from quizzes.templatetags.flags import flag_evidence
from sapro.accounts.models import User
from tests import factories
from tests.many_sittings import sat_by_many
from tests.own_quizzes import make_own_quiz, right_choice, wrong_choice
from tests.quizzes.teach.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

LEARNERS = 40


@pytest.fixture
def ada(db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob(db: None) -> User:
    return factories.make_instructor("bob")


@pytest.fixture
def questions(ada: User) -> list[Question]:
    """Six with one right option of four."""
    return [one for one in factories.make_authored(ada, 9) if one.current is not None and one.current.choose == 1][:6]


@pytest.fixture
def quiz(ada: User, questions: list[Question]) -> Quiz:
    return make_own_quiz(ada, questions, title="Networks")


def true_answer(question: Question) -> str:
    """Of the first question: not the key, but what the best know to be right."""
    return wrong_choice(question)[0]


def sit_all(quiz: Quiz, questions: Sequence[Question], now: datetime, people: int = LEARNERS) -> None:
    """Learners from good to bad. The better half gives the true answer to the first question, the others anything."""
    keys = [right_choice(one) for one in questions]
    wrong = [sorted(set("abcd") - set(key)) for key in keys]
    rows = []
    for number in range(people):
        ids = [*keys[0], *wrong[0]]
        first = [true_answer(questions[0])] if number < people // 2 else [ids[number % 4]]
        # The worse a learner, the more of the questions are beyond them.
        can = [(number * 7 // people) + place % 3 < 5 for place in range(1, len(questions))]
        each = zip(can, keys[1:], wrong[1:], strict=True)
        rest = [key if able else [others[number % 3]] for able, key, others in each]
        rows.append([first, *rest])
    sat_by_many(quiz, questions, rows, now)


def flags(quiz: Quiz, question: Question) -> dict[str, QuestionFlag]:
    return {one.flag: one for one in QuestionFlag.objects.filter(quiz=quiz, question=question)}


def test_a_wrong_key_is_flagged_with_its_evidence_and_goes_when_it_is_corrected_and_marked_again(
    quiz: Quiz, questions: list[Question], ada: User, now: datetime
) -> None:
    first = questions[0]
    sit_all(quiz, questions, now)
    refresh_flags(quiz, now=now)
    flag = flags(quiz, first)["wrong_key"]
    [suspect], [key] = flag.evidence["options"], flag.evidence["keys"]
    assert (suspect["name"], suspect["upper"], key["name"]) == (true_answer(first), 1.0, right_choice(first)[0])
    assert flag.evidence["n"] == LEARNERS
    letter = true_answer(first).upper()
    assert f"100 % chose {letter} (“Option {letter.lower()} of" in flag_evidence(flag)
    assert first in listed_questions(ada.pk, Wanted(needs="flags"))

    correct_key(first.pk, [true_answer(first)], ada, now)
    first.refresh_from_db()
    assert "wrong_key" in {one.flag for one in flags_on(first, ada.pk)}
    token = remarks.token_of(remarks.corrected_versions(quiz))
    remark_quiz(quiz=quiz, actor=ada, token=token, reason="B was right", now=now + timedelta(minutes=1))
    assert "wrong_key" not in flags(quiz, first)


def test_a_second_time_changes_nothing_and_the_first_date_stands(
    quiz: Quiz, questions: list[Question], now: datetime
) -> None:
    sit_all(quiz, questions, now)
    done = refresh_flags(quiz, now=now)
    before = list(QuestionFlag.objects.order_by("pk").values())
    later = now + timedelta(days=1)
    again = refresh_flags(quiz, now=later)
    assert (done.raised, again.raised, again.standing, again.gone) == (len(before), 0, len(before), 0)
    assert list(QuestionFlag.objects.order_by("pk").values()) == before
    assert refresh_if_changed(quiz, now=later) is None


def test_who_has_read_older_results_writes_nothing(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    sit_all(quiz, questions, now)
    refresh_flags(quiz, now=now)
    before = set(QuestionFlag.objects.values_list("pk", flat=True))
    Report.objects.filter(quiz=quiz, scope="flags").update(figures={"last_result": 10**9})
    Quiz.objects.get(pk=quiz.pk).attempts.update(state="void")
    refresh_flags(quiz, now=now)
    assert before
    assert set(QuestionFlag.objects.values_list("pk", flat=True)) == before


def test_a_new_text_is_not_to_blame_for_the_old_one(
    quiz: Quiz, questions: list[Question], ada: User, now: datetime
) -> None:
    sit_all(quiz, questions, now)
    refresh_flags(quiz, now=now)
    assert flags_on(questions[0], ada.pk)
    factories.edit(questions[0])
    assert flags_on(questions[0], ada.pk) == []
    refresh_flags(quiz, now=now)
    assert flags(quiz, questions[0]) == {}


def test_few_attempts_raise_nothing_but_challenges_do(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    sit_all(quiz, questions, now, people=4)
    for one in User.objects.filter(username__startswith="sitter-")[:3]:
        Challenge.objects.create(
            person=one, question=questions[1], version=questions[1].current, flaw="key", text="No.", created_at=now
        )
    refresh_flags(quiz, now=now)
    assert {(one.question_id, one.flag) for one in quiz.warnings.all()} == {(questions[1].pk, "challenged")}
    assert flag_evidence(quiz.warnings.get()) == "3 challenges of learners are open."


def test_the_author_sees_all_others_their_own_quizzes_only(
    quiz: Quiz, questions: list[Question], ada: User, bob: User, now: datetime
) -> None:
    shared = questions[0]
    shared.editors.add(bob)
    sit_all(quiz, questions, now)
    refresh_flags(quiz, now=now)
    assert list(visible_flags(bob.pk)) == []
    other = make_own_quiz(bob, questions, title="Private of Bob")
    sit_all(other, questions, now)
    refresh_flags(other, now=now)
    assert {one.quiz_id for one in visible_flags(bob.pk)} == {other.pk}
    assert {one.quiz_id for one in visible_flags(ada.pk)} == {quiz.pk, other.pk}
    page = browser(ada).get(f"/teach/questions/{shared.code}/").content.decode()
    assert "Probable wrong key" in page
    assert "Networks" in page
    assert "a quiz of somebody else" in page
    assert "Private of Bob" not in page
    assert "sitter-" not in page


def test_the_home_has_them_looked_for_at_most_every_quarter_of_an_hour(
    quiz: Quiz, questions: list[Question], ada: User, now: datetime, clock: Any
) -> None:
    sit_all(quiz, questions, now)
    client = browser(ada)
    assert "the answers warn of" in client.get("/teach/").content.decode()
    looked = Report.objects.get(quiz=quiz, scope="flags")
    assert looked.state == "done"
    quiz.attempts.update(state="void")
    begin_flags_if_due(ada.pk, now=now + EVERY - timedelta(seconds=1))
    assert flags(quiz, questions[0])
    begin_flags_if_due(ada.pk, now=now + EVERY)
    assert not flags(quiz, questions[0])


def test_the_command_passes_over_what_has_not_changed(quiz: Quiz, questions: list[Question], now: datetime) -> None:
    sit_all(quiz, questions, now)
    first, second = StringIO(), StringIO()
    call_command("analyse_quizzes", "--json", stdout=first)
    call_command("analyse_quizzes", stdout=second)
    assert f'"quiz": "{quiz.slug}"' in first.getvalue()
    assert second.getvalue() == "0 quizzes analysed, 1 unchanged. Pilots: unchanged.\n"


def test_the_analysis_of_the_whole_quiz_raises_them(
    quiz: Quiz, questions: list[Question], ada: User, now: datetime
) -> None:
    sit_all(quiz, questions, now)
    client = browser(ada)
    client.get(f"/teach/quizzes/{quiz.slug}/analysis/")
    assert "wrong_key" in flags(quiz, questions[0])
    page = client.get(f"/teach/questions/{questions[0].code}/").content.decode()
    assert f'href="/teach/quizzes/{quiz.slug}/analysis/{questions[0].code}/"' in page


def test_the_home_costs_the_same_however_many_quizzes_there_are(
    quiz: Quiz, questions: list[Question], ada: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for one in (quiz, *(make_own_quiz(ada, questions) for _ in range(4))):
        sit_all(one, questions, now, people=2)
    client = browser(ada)
    client.get("/teach/")
    with django_assert_max_num_queries(12):
        client.get("/teach/")
