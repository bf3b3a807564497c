"""Moving a question: what each move writes, who may, and two at once."""

from datetime import datetime
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist

from quizzes.engine.content import Content
from quizzes.models import AuditEntry, Comment, Draft, Notice, Question, QuestionVersion
from quizzes.queries.likeness import holding
from quizzes.services import lifecycle
from quizzes.services.lifecycle import Illegal, NotReady, OwnWork
from sapro.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob() -> User:
    return factories.make_instructor("bob")


def data(stem: str = "Which gateway is meant?", right: str = "a", **more: Any) -> dict[str, Any]:
    options = [
        {"id": one, "text": f"Option {one}", "correct": one == right, "rationale": f"Because {one}"} for one in "abcd"
    ]
    return {"kind": "multiple_choice", "stem": stem, "choose": 1, "order": "shuffle", "options": options, **more}


def drafted(author: User, now: datetime, code: str = "mine", **fields: Any) -> Question:
    question: Question = Question.objects.create(
        code=code, origin=Question.Origin.AUTHOR, author=author, status="draft", updated_at=now
    )
    Draft.objects.create(question=question, data=data(**fields), saved_at=now, saved_by=author)
    return question


def redraft(question: Question, **fields: Any) -> None:
    Draft.objects.filter(question=question).update(data=data(**fields))


def verbs(question: Question) -> list[str]:
    return [one.verb for one in AuditEntry.objects.filter(question=question).order_by("pk")]


def test_a_draft_is_published(course: None, ada: User, now: datetime) -> None:
    cited = ["test-balancers^tb-sni", "nowhere^bad"]
    fields = {"topics": ["test-balancers", "nowhere"], "references": cited, "tags": ["vpc"]}
    question = drafted(ada, now, task="1.1", difficulty=2, verified_on="2026-11-01", **fields)
    version = lifecycle.publish(question.pk, actor=ada, now=now)
    question.refresh_from_db()
    assert (question.status, question.current, version.number) == ("published", version, 1)
    assert (version.created_by, version.corrects) == (ada, None)
    assert (question.task, question.difficulty, question.tags) == ("1.1", 2, ["vpc"])
    assert [topic.slug for topic in question.topics.all()] == ["test-balancers"]
    assert [one.anchor for one in question.references.all()] == ["tb-sni"]
    assert verbs(question) == ["question.published"]
    assert list(Question.objects.filter(pk__in=holding("gateway meant"), code="mine")) == [question]


def test_publishing_the_same_again_makes_no_version(ada: User, now: datetime) -> None:
    question = drafted(ada, now)
    first = lifecycle.publish(question.pk, actor=ada, now=now)
    assert lifecycle.publish(question.pk, actor=ada, now=now) == first
    redraft(question, stem="Another?")
    second = lifecycle.publish(question.pk, actor=ada, now=now)
    redraft(question)
    assert (second.number, lifecycle.publish(question.pk, actor=ada, now=now)) == (2, first)


def test_publishing_another_key_corrects_the_version(ada: User, now: datetime) -> None:
    question = drafted(ada, now)
    first = lifecycle.publish(question.pk, actor=ada, now=now)
    redraft(question, right="b")
    second = lifecycle.publish(question.pk, actor=ada, now=now)
    redraft(question, right="a")
    third = lifecycle.publish(question.pk, actor=ada, now=now)
    assert (second.corrects, third.corrects, third.digest) == (first, second, first.digest)
    entry = AuditEntry.objects.filter(verb="question.key").latest("pk")
    assert (entry.data["old"], entry.data["new"]) == (["b"], ["a"])


@pytest.mark.parametrize(
    "wrong",
    [{}, {"kind": "riddle"}, {**data(), "stem": " "}, {**data(), "options": []}, {**data(), "options": ["x"]}],
)
def test_what_is_not_ready_is_not_published(ada: User, now: datetime, wrong: dict[str, Any]) -> None:
    question = drafted(ada, now)
    Draft.objects.update(data=wrong)
    for move in (lifecycle.publish, lifecycle.propose):
        with pytest.raises(NotReady) as caught:
            move(question.pk, actor=ada, now=now)
        assert caught.value.findings
    question.refresh_from_db()
    assert (question.status, question.versions.count(), verbs(question)) == ("draft", 0, [])


def test_nothing_drafted_nothing_published(ada: User, now: datetime) -> None:
    question = drafted(ada, now)
    Draft.objects.all().delete()
    with pytest.raises(NotReady):
        lifecycle.publish(question.pk, actor=ada, now=now)


def test_a_second_person_approves(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    version = lifecycle.propose(question.pk, actor=ada, now=now)
    question.refresh_from_db()
    assert (question.status, question.proposed, question.current) == ("review", version, None)
    with pytest.raises(OwnWork):
        lifecycle.approve(question.pk, version.pk, actor=ada, now=now)
    redraft(question, stem="Written meanwhile?", tags=["later"])
    assert lifecycle.approve(question.pk, version.pk, actor=bob, now=now, text="Good.") == version
    question.refresh_from_db()
    assert (question.status, question.proposed, question.current, question.tags) == ("published", None, version, [])
    assert verbs(question) == ["question.proposed", "question.published"]
    notice = Notice.objects.get()
    assert (notice.person, notice.kind, Comment.objects.get().text) == (ada, "review", "Good.")


def test_a_second_person_sends_it_back(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    version = lifecycle.propose(question.pk, actor=ada, now=now)
    with pytest.raises(OwnWork):
        lifecycle.send_back(question.pk, version.pk, "Mend", actor=ada, now=now)
    lifecycle.send_back(question.pk, version.pk, "The second option is right too.", actor=bob, now=now)
    question.refresh_from_db()
    assert (question.status, question.proposed, question.current) == ("draft", None, None)
    assert (Comment.objects.get().version, Notice.objects.get().person) == (version, ada)
    with pytest.raises(Illegal):
        lifecycle.approve(question.pk, version.pk, actor=bob, now=now)


def test_a_question_stays_in_use_while_its_next_version_is_read(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    first = lifecycle.publish(question.pk, actor=ada, now=now)
    with pytest.raises(NotReady):
        lifecycle.propose(question.pk, actor=ada, now=now)
    redraft(question, stem="Better?")
    second = lifecycle.propose(question.pk, actor=ada, now=now)
    question.refresh_from_db()
    assert (question.status, question.current, question.proposed) == ("published", first, second)
    for move in (lifecycle.publish, lifecycle.propose, lifecycle.retire):
        with pytest.raises(Illegal):
            move(question.pk, actor=ada, now=now)
    lifecycle.withdraw(question.pk, actor=ada, now=now)
    assert lifecycle.propose(question.pk, actor=bob, now=now) == second


def test_only_what_was_read_is_approved(ada: User, bob: User, now: datetime) -> None:
    question = drafted(ada, now)
    first = lifecycle.propose(question.pk, actor=ada, now=now)
    lifecycle.withdraw(question.pk, actor=ada, now=now)
    redraft(question, stem="Something else?")
    lifecycle.propose(question.pk, actor=ada, now=now)
    with pytest.raises(Illegal):
        lifecycle.approve(question.pk, first.pk, actor=bob, now=now)


def test_retired_and_brought_back(ada: User, now: datetime) -> None:
    [question] = factories.make_authored(ada)
    lifecycle.retire(question.pk, actor=ada, now=now)
    with pytest.raises(Illegal):
        lifecycle.publish(question.pk, actor=ada, now=now)
    lifecycle.restore(question.pk, actor=ada, now=now)
    lifecycle.publish(question.pk, actor=ada, now=now)
    question.refresh_from_db()
    assert (question.status, question.versions.count()) == ("published", 1)
    assert verbs(question) == ["question.retired", "question.restored", "question.published"]


def test_a_key_is_corrected(ada: User, now: datetime) -> None:
    question = drafted(ada, now)
    first = lifecycle.publish(question.pk, actor=ada, now=now)
    second = lifecycle.correct_key(question.pk, ["c"], ada, now)
    question.refresh_from_db()
    assert (second.corrects, question.current, second.shown) == (first, second, first.shown)
    assert second.key["correct"] == ["c"]
    draft = Draft.objects.get()
    assert [one["id"] for one in draft.data["options"] if one["correct"]] == ["c"]
    assert draft.revision == 1
    assert lifecycle.publish(question.pk, actor=ada, now=now) == second
    back = lifecycle.correct_key(question.pk, Content.from_body(first.body), ada, now)
    assert (back.corrects, back.digest) == (second, first.digest)


@pytest.mark.parametrize("correct", [["a"], ["zebra"], [], ["a", "b"]])
def test_no_other_key_no_correction(ada: User, now: datetime, correct: list[str]) -> None:
    question = drafted(ada, now)
    lifecycle.publish(question.pk, actor=ada, now=now)
    with pytest.raises(NotReady):
        lifecycle.correct_key(question.pk, correct, ada, now)
    assert (QuestionVersion.objects.count(), verbs(question)) == (1, ["question.published"])


def test_a_correction_leaves_the_text_alone(ada: User, now: datetime) -> None:
    question = drafted(ada, now)
    with pytest.raises(Illegal):
        lifecycle.correct_key(question.pk, ["b"], ada, now)
    version = lifecycle.publish(question.pk, actor=ada, now=now)
    body = {**version.body, "stem": "Another text"}
    with pytest.raises(NotReady):
        lifecycle.correct_key(question.pk, Content.from_body(body), ada, now)


def test_a_question_of_the_course_has_no_such_moves(course: None, ada: User, now: datetime) -> None:
    question = Question.objects.course().first()
    assert question is not None
    for move in (lifecycle.publish, lifecycle.propose, lifecycle.retire, lifecycle.restore):
        with pytest.raises(ObjectDoesNotExist):
            move(question.pk, actor=ada, now=now)


def test_a_move_fits_only_what_was_read(ada: User, now: datetime) -> None:
    [question] = factories.make_authored(ada)
    as_read = Question.objects.get(pk=question.pk)
    Question.objects.filter(pk=question.pk).update(status="retired")
    with pytest.raises(Illegal):
        lifecycle._move(as_read, "retire", now)
