"""Marking again after a key was corrected: what it would change, what it changes, and that nothing is done twice."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from quizzes.engine.content import Content
from quizzes.models import Attempt, AuditEntry, Notice, Question, Quiz, Result
from quizzes.queries import remarks
from quizzes.queries.sittings import LEFT
from quizzes.services import remarking
from quizzes.services.proctoring import reopen_attempt, void_attempt
from quizzes.services.remarking import OtherKeys, remark_quiz
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from sapro.accounts.services.people import delete_person
from tests import factories
from tests.engine.test_more_kinds import matching, numeric, ordering, short
from tests.own_quizzes import (
    begin,
    correct_content,
    correct_key,
    give,
    make_of_kind,
    make_own_quiz,
    right_choice,
    sat,
    wrong_choice,
)
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def ordered(ids: str) -> Content:
    content = ordering(len(ids))
    options = {one.id: one for one in content.options}
    return replace(content, options=tuple(options[one] for one in ids))


def matched(*targets: str) -> Content:
    content = matching(len(targets), len(targets))
    pairs = dict(zip("abc", targets, strict=False))
    return replace(content, extra={**content.extra, "pairs": pairs})


WHY = "Option B was right all along"


@pytest.fixture
def teacher(db: None) -> User:
    return factories.make_instructor("teacher")


@pytest.fixture
def questions(teacher: User) -> list[Question]:
    """Four with one right option each."""
    made = factories.make_authored(teacher, 6)
    return [one for one in made if one.current is not None and one.current.choose == 1][:4]


@pytest.fixture
def quiz(teacher: User, questions: list[Question]) -> Quiz:
    return make_own_quiz(teacher, questions, pass_mark=50, title="Networks")


@pytest.fixture
def learners(db: None) -> list[User]:
    return [User.objects.create_user(f"learner-{number}") for number in range(4)]


@pytest.fixture
def finished(quiz: Quiz, questions: list[Question], learners: list[User], now: datetime) -> list[Attempt]:
    """One gave what was wrong in question 1 and one of the others right, one had all right, one had nothing right."""
    before = now - timedelta(days=1)
    return [
        sat(learners[0], quiz, questions, before, right={2}),
        sat(learners[1], quiz, questions, before, right={1, 2, 3, 4}),
        sat(learners[2], quiz, questions, before, choices={1: []}),
    ]


def token(quiz: Quiz) -> str:
    return remarks.token_of(remarks.corrected_versions(quiz))


def mark_again(quiz: Quiz, teacher: User, now: datetime, **more: Any) -> remarking.Progress:
    return remark_quiz(quiz=quiz, actor=teacher, token=token(quiz), reason=WHY, now=now, **more)


def raws(attempt: Attempt) -> list[float]:
    return list(attempt.results.values_list("raw", flat=True))


def test_the_preview_says_what_would_change_and_writes_nothing(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)
    before = Result.objects.count(), AuditEntry.objects.count(), Notice.objects.count()
    preview = remarks.preview(quiz, viewer_id=teacher.pk)
    changes = {one.who: (one.before, one.after, one.passed_before, one.passed_after) for one in preview.changes}
    assert changes == {
        "learner-0": (1, 2, False, True),
        "learner-1": (4, 3, True, True),
        "learner-2": (0, 0, False, False),
    }
    assert (preview.better, preview.worse, preview.same, preview.gained, preview.lost) == (1, 1, 1, 1, 0)
    spread = [(one.before, one.after) for one in preview.bars if one.before or one.after]
    assert spread == [(1, 1), (1, 0), (0, 1), (0, 1), (1, 0)]
    [key] = preview.keys
    assert (key.code, key.withheld) == (questions[0].code, False)
    assert key.was != key.now
    assert (Result.objects.count(), AuditEntry.objects.count(), Notice.objects.count()) == before


def test_results_are_appended_and_learners_told(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    fixed = correct_key(questions[0], wrong_choice(questions[0]), now)
    promised = {one.code: one.after for one in remarks.preview(quiz, viewer_id=teacher.pk).changes}
    assert mark_again(quiz, teacher, now) == remarking.Progress(3, 0)
    assert [raws(one) for one in finished] == [[1, 2], [4, 3], [0, 0]]
    assert {one.code: raws(one)[-1] for one in finished} == promised
    latest = finished[0].results.last()
    assert latest is not None
    assert (latest.reason, latest.marking, latest.versions[0]) == (WHY, "all_or_nothing", fixed.pk)
    assert finished[0].results.first().versions[0] == fixed.corrects_id  # type: ignore[union-attr]
    assert finished[0].responses.get(position=1).fraction == 1
    assert sorted(Notice.objects.values_list("person__username", "kind", "attempt_id")) == [
        (one.person.username, "remarked", one.pk) for one in finished
    ]
    assert not Notice.objects.filter(text__regex="[0-9]").exists()
    entry = AuditEntry.objects.get(verb="quiz.remarked")
    assert (entry.quiz, entry.actor_name, entry.data["attempts"]) == (quiz, "teacher", 3)
    assert entry.data["questions"] == [questions[0].code]


def test_a_second_time_does_nothing(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)
    mark_again(quiz, teacher, now)
    before = Result.objects.count(), Notice.objects.count(), AuditEntry.objects.count()
    assert mark_again(quiz, teacher, now + timedelta(minutes=1)) == remarking.Progress(0, 0)
    assert (Result.objects.count(), Notice.objects.count(), AuditEntry.objects.count()) == before
    assert remarks.preview(quiz, viewer_id=teacher.pk).changes == ()


def test_a_crash_in_the_middle_is_gone_on_from(
    quiz: Quiz,
    questions: list[Question],
    learners: list[User],
    teacher: User,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts = [
        sat(learners[number % 3], quiz, questions, now - timedelta(days=2, minutes=number)) for number in range(9)
    ]
    correct_key(questions[0], wrong_choice(questions[0]), now)
    monkeypatch.setattr(remarking, "CHUNK", 2)
    tell, calls = remarking._tell, []

    def breaks_at_the_third(*args: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise OSError("the machine is gone")
        tell(*args)

    monkeypatch.setattr(remarking, "_tell", breaks_at_the_third)
    with pytest.raises(OSError, match="gone"):
        mark_again(quiz, teacher, now)
    # Two chunks stand, whole: the third, in which it broke, left nothing.
    assert sum(len(raws(one)) == 2 for one in attempts) == 4
    assert Notice.objects.count() == 4
    monkeypatch.setattr(remarking, "_tell", tell)
    assert mark_again(quiz, teacher, now) == remarking.Progress(5, 0)
    assert {len(raws(one)) for one in attempts} == {2}
    assert Notice.objects.count() == 9
    assert AuditEntry.objects.filter(verb="quiz.remarked").count() == 1


def test_a_part_at_a_time(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert mark_again(quiz, teacher, now, at_most=2) == remarking.Progress(2, 1)
    assert mark_again(quiz, teacher, now, at_most=2) == remarking.Progress(1, 0)


def test_another_correction_since_the_preview_is_told(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)
    seen = token(quiz)
    correct_key(questions[1], wrong_choice(questions[1]), now)
    with pytest.raises(OtherKeys):
        remark_quiz(quiz=quiz, actor=teacher, token=seen, reason=WHY, now=now)
    assert Result.objects.count() == 3


def test_a_key_corrected_twice_marks_by_the_last(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    first = right_choice(questions[0])
    correct_key(questions[0], wrong_choice(questions[0]), now)
    mark_again(quiz, teacher, now)
    correct_key(questions[0], first, now)
    mark_again(quiz, teacher, now)
    assert [raws(one) for one in finished] == [[1, 2, 1], [4, 3, 4], [0, 0, 0]]


def test_what_is_open_void_or_elsewhere_is_not_touched(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, learners: list[User], now: datetime
) -> None:
    running = begin(learners[3], quiz, questions, now)
    give(running, 1, wrong_choice(questions[0]), now)
    void_attempt(attempt_id=finished[1].pk, reason="twice", now=now)
    elsewhere = sat(learners[0], make_own_quiz(teacher, questions), questions, now)
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert remarks.preview(quiz, viewer_id=teacher.pk).under_way == 1
    assert mark_again(quiz, teacher, now).done == 2
    assert [raws(one) for one in (running, finished[1], elsewhere)] == [[], [4], [0]]
    assert finish_attempt(attempt_id=running.pk, now=now, by_learner=True).results.get().raw == 1
    assert remarks.preview(quiz, viewer_id=teacher.pk).changes == ()


def test_one_that_was_opened_again_ends_by_the_new_key(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    reopen_attempt(attempt_id=finished[0].pk, seconds=60, reason="fire", now=now)
    correct_key(questions[0], wrong_choice(questions[0]), now)
    mark_again(quiz, teacher, now)
    assert raws(finished[0]) == [1]
    finish_attempt(attempt_id=finished[0].pk, now=now, by_learner=True)
    assert raws(finished[0]) == [1, 2]
    assert mark_again(quiz, teacher, now).done == 0


def test_who_has_left_is_marked_again_and_not_told(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], learners: list[User], teacher: User, now: datetime
) -> None:
    delete_person(person_id=learners[0].pk, now=now)
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert mark_again(quiz, teacher, now).done == 3
    assert raws(finished[0]) == [1, 2]
    assert not Notice.objects.filter(person__username=LEFT).exists()


def test_practice_is_graded_again(
    teacher: User, questions: list[Question], learners: list[User], now: datetime
) -> None:
    quiz = make_own_quiz(teacher, questions, mode="practice", time_limit=None)
    session = begin(learners[0], quiz, questions, now)
    give(session, 1, wrong_choice(questions[0]), now)
    session.responses.filter(position=1).update(fraction=0.0, locked_at=now)
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert remarks.preview(quiz, viewer_id=teacher.pk).practice == 1
    for _ in range(2):
        mark_again(quiz, teacher, now)
    assert session.responses.get(position=1).fraction == 1
    assert Notice.objects.filter(person=learners[0]).count() == 1


def test_what_a_shared_question_marks_elsewhere_is_told_to_whose_quiz_it_is(
    quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    other = factories.make_instructor("other")
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert remarks.quizzes_overtaken(teacher.pk, questions[0].pk) == [quiz]
    assert remarks.quizzes_overtaken(other.pk, questions[0].pk) == []
    mark_again(quiz, teacher, now)
    assert remarks.quizzes_overtaken(teacher.pk, questions[0].pk) == []


BOTH = "<b>&"


@pytest.mark.parametrize(
    ("wrong", "right", "given", "words"),
    [
        (short("NAT"), short("NAT", BOTH), [BOTH], ("NAT", f"NAT; {BOTH}")),
        (numeric("12"), numeric("13"), ["13"], ("12", "13")),
        (ordering(3), ordered("bac"), ["a>2", "b>1", "c>3"], ("Text a: 1; Text b: 2", "Text b: 1; Text a: 2")),
        (matching(2, 2), matched("t1", "t0"), ["a>=t1", "b>=t0"], ("Text a: Target 0", "Text a: Target 1")),
    ],
    ids=["short text", "numeric", "ordering", "matching"],
)
def test_every_kind_is_marked_again(
    teacher: User, person: User, now: datetime, wrong: Content, right: Content, given: list[str], words: tuple[str, str]
) -> None:
    question = make_of_kind(teacher, wrong)
    quiz = make_own_quiz(teacher, [question])
    attempt = sat(person, quiz, [question], now - timedelta(days=1), choices={1: given})
    correct_content(question, right, now)
    [key] = remarks.preview(quiz, viewer_id=teacher.pk).keys
    assert (words[0] in key.was, words[1] in key.now) == (True, True), key
    mark_again(quiz, teacher, now)
    assert raws(attempt) == [0, 1]


# The page


@pytest.fixture
def signed_in(client: Client, teacher: User) -> Client:
    client.force_login(teacher, backend=BACKEND)
    return client


def test_from_the_warning_to_the_result(
    signed_in: Client,
    quiz: Quiz,
    questions: list[Question],
    finished: list[Attempt],
    learners: list[User],
    now: datetime,
) -> None:
    results, url = f"/teach/quizzes/{quiz.slug}/results/", f"/teach/quizzes/{quiz.slug}/remark/"
    assert url not in signed_in.get(results).content.decode()
    correct_key(questions[0], wrong_choice(questions[0]), now)
    assert "3 attempts are still marked by the old one." in signed_in.get(results).content.decode()
    form = signed_in.get(url).context["form"].initial
    assert form["reason"] == f"The key of {questions[0].code} was corrected"
    empty = signed_in.post(url, {**form, "reason": " "})
    assert (empty.status_code, "This field is required" in empty.content.decode()) == (422, True)
    done = signed_in.post(url, {**form, "reason": WHY}, follow=True)
    assert done.redirect_chain == [(results, 302)]
    assert "3 attempts were marked again. Its learners are told on their next visit." in done.content.decode()
    learner = Client()
    learner.force_login(learners[0], backend=BACKEND)
    report = learner.get(f"/attempts/{finished[0].code}/report/").content.decode()
    assert "was marked again, because the key of a question was corrected." in report
    assert WHY in report
    assert "1 of 4" in report
    assert "2 of 4" in report


def test_it_is_stale(
    signed_in: Client, quiz: Quiz, questions: list[Question], finished: list[Attempt], now: datetime
) -> None:
    url = f"/teach/quizzes/{quiz.slug}/remark/"
    correct_key(questions[0], wrong_choice(questions[0]), now)
    form = signed_in.get(url).context["form"].initial
    correct_key(questions[1], wrong_choice(questions[1]), now)
    reply = signed_in.post(url, form)
    assert reply.status_code == 409
    assert "A key was corrected meanwhile." in reply.content.decode()
    assert reply.context["form"].initial["token"] != form["token"]


def test_many_go_part_by_part_with_and_without_scripts(
    signed_in: Client,
    quiz: Quiz,
    questions: list[Question],
    finished: list[Attempt],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(remarking.remark_quiz, "__kwdefaults__", {"at_most": 1})
    url = f"/teach/quizzes/{quiz.slug}/remark/"
    correct_key(questions[0], wrong_choice(questions[0]), now)
    form = signed_in.get(url).context["form"].initial
    page = signed_in.post(url, form)
    assert "1 of 3 attempts are marked again." in page.content.decode()
    page = signed_in.post(url, page.context["given"], headers={"HX-Request": "true"})
    assert "2 of 3 attempts are marked again." in page.content.decode()
    page = signed_in.post(url, page.context["given"], headers={"HX-Request": "true"})
    assert page["HX-Redirect"] == f"/teach/quizzes/{quiz.slug}/results/"


def test_the_preview_keeps_the_key_from_a_teacher_who_sits_it(
    signed_in: Client, quiz: Quiz, questions: list[Question], finished: list[Attempt], teacher: User, now: datetime
) -> None:
    correct_key(questions[0], wrong_choice(questions[0]), now)
    url = f"/teach/quizzes/{quiz.slug}/remark/"
    key = f"Option {right_choice(questions[0])[0]} of {questions[0].code}"
    assert f"<strong>{key}</strong>" in signed_in.get(url).content.decode()
    begin(teacher, quiz, questions[:1], now)
    page = signed_in.get(url).content.decode()
    assert key not in page
    assert "withheld" in page
