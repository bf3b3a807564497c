"""What moves a question through its life: one transaction a move, one conditional update, one line in the log.

Which moves there are stands in ``quizzes.engine.lifecycle``. Whose question it is, the caller has asked.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.engine.lifecycle import has_other_key, is_asked_alike, target, with_key
from quizzes.models import Comment, Draft, Notice, Question, QuestionVersion, Reference
from quizzes.services.audit import Actor, record
from quizzes.services.bank import make_version
from quizzes.services.draft_reading import Attributes, NotReady, frozen
from quizzes.services.question_texts import index_questions
from reference.models import Topic

__all__ = [
    "Illegal",
    "NotReady",
    "OwnWork",
    "approve",
    "comment",
    "correct_key",
    "keys_of",
    "propose",
    "publish",
    "restore",
    "retire",
    "send_back",
    "version_for",
    "withdraw",
]


class Illegal(Exception):
    """The move cannot be made from where the question stands; somebody may have moved it a moment ago."""

    def __init__(self, status: str) -> None:
        super().__init__(status)
        self.status = status


class OwnWork(Exception):
    """Whoever wrote a version does not review it."""


@transaction.atomic
def publish(question_id: int, *, actor: Actor, now: datetime) -> QuestionVersion:
    """What the draft says is what is asked from now on. Raises NotReady, Illegal."""
    question = _locked(question_id)
    _checked(question, "publish")
    content, attributes = frozen(question, person_id=actor.pk, today=now.date())
    version = version_for(question, content, actor, now)
    _become(question, "publish", version, actor, now)
    _fill(question, attributes)
    return version


@transaction.atomic
def propose(question_id: int, *, actor: Actor, now: datetime) -> QuestionVersion:
    """Freeze the draft as the version that a second person reads. Raises NotReady, Illegal."""
    question = _locked(question_id)
    _checked(question, "propose")
    content, _attributes = frozen(question, person_id=actor.pk, today=now.date())
    version = version_for(question, content, actor, now)
    if version.pk == question.current_id:
        raise NotReady([_("This is what is asked already: nothing has changed.")])
    _move(question, "propose", now, proposed=version)
    record(actor, "question.proposed", now=now, question=question, data={"version": version.number})
    return version


@transaction.atomic
def withdraw(question_id: int, *, actor: Actor, now: datetime) -> None:
    """Take a proposal back. Raises Illegal."""
    question = _locked(question_id)
    number = question.proposed.number if question.proposed else None
    _move(question, "withdraw", now, proposed=None)
    record(actor, "question.withdrawn", now=now, question=question, data={"version": number})


@transaction.atomic
def approve(question_id: int, version_id: int, *, actor: Actor, now: datetime, text: str = "") -> QuestionVersion:
    """Publish what was proposed, as read: ``version_id``. Raises OwnWork, Illegal."""
    question = _locked(question_id)
    version = _read(question, version_id, "approve", actor)
    _say(version, text, actor, now)
    content = Content.from_body(version.body)
    _become(question, "approve", version, actor, now)
    _fill_if_same(question, content, version.created_by_id or actor.pk, now.date())
    _tell(question, version, _("“%(code)s”: your question was read and is published."), actor, now)
    return version


@transaction.atomic
def send_back(question_id: int, version_id: int, text: str, *, actor: Actor, now: datetime) -> None:
    """Say what is to be mended; the draft goes on. Raises OwnWork, Illegal."""
    question = _locked(question_id)
    version = _read(question, version_id, "send_back", actor)
    _say(version, text, actor, now)
    _move(question, "send_back", now, proposed=None)
    record(actor, "question.sent_back", now=now, question=question, data={"version": version.number})
    _tell(question, version, _("“%(code)s”: your question was read, and there is something to mend."), actor, now)


@transaction.atomic
def retire(question_id: int, *, actor: Actor, now: datetime) -> None:
    """Ask it no more. Attempts that have it keep it. Raises Illegal."""
    question = _locked(question_id)
    _move(question, "retire", now)
    record(actor, "question.retired", now=now, question=question, data={"was": question.status})


@transaction.atomic
def restore(question_id: int, *, actor: Actor, now: datetime) -> None:
    """Make a draft again of what was put away. Raises Illegal."""
    question = _locked(question_id)
    _move(question, "restore", now)
    record(actor, "question.restored", now=now, question=question)


@transaction.atomic
def correct_key(question_id: int, correct: Collection[str] | Content, actor: Actor, now: datetime) -> QuestionVersion:
    """A version with the same text and another key, which takes the place of the current one.

    ``correct``: the ids of the options that are right, or the whole content where the kind has no such options.
    Attempts that are over keep their results until somebody has them marked again. Raises NotReady where the key is
    none, or the same, or more than the key differs; Illegal where nothing was published yet.
    """
    question = _locked(question_id)
    old = question.current
    if old is None or target("correct_key", question.status, proposed=question.proposed_id is not None) is None:
        raise Illegal(question.status)
    before = Content.from_body(old.body)
    content = _corrected(before, correct)
    version = _make(question, content, actor, now, corrects=old)
    _move(question, "correct_key", now, current=version)
    _correct_draft(question, content, actor, now)
    data = {"version": version.number, "corrects": old.number, **keys_of(before, content)}
    record(actor, "question.key", now=now, question=question, data=data)
    index_questions([question.pk])
    return version


@transaction.atomic
def comment(version: QuestionVersion, text: str, *, actor: Actor, now: datetime) -> Comment | None:
    """Say something about a version; nothing where nothing was said."""
    return _say(version, text, actor, now)


# What the moves have in common


def _locked(question_id: int) -> Question:
    rows = Question.objects.authored().select_for_update(of=("self",), no_key=True)
    question: Question = rows.select_related("current", "proposed").get(pk=question_id)
    return question


def _checked(question: Question, move: str) -> str:
    status = target(move, question.status, proposed=question.proposed_id is not None)
    if status is None:
        raise Illegal(question.status)
    return status


def _move(question: Question, move: str, now: datetime, **fields: Any) -> None:
    """The one conditional update: it fits only what was read."""
    status = _checked(question, move)
    as_read = Question.objects.filter(
        pk=question.pk, status=question.status, current=question.current_id, proposed=question.proposed_id
    )
    if not as_read.update(status=status, updated_at=now, **fields):
        raise Illegal(question.status)


def _become(question: Question, move: str, version: QuestionVersion, actor: Actor, now: datetime) -> None:
    """Make a version the one that is asked, and say in the log what that changes."""
    old = question.current
    _move(question, move, now, current=version, proposed=None)
    data: dict[str, Any] = {"version": version.number, "was": old.number if old else None}
    if move == "approve":
        data["reviewed"] = True
    record(actor, "question.published", now=now, question=question, data=data)
    if version.corrects and old and old.pk != version.pk:
        keys = keys_of(Content.from_body(version.corrects.body), Content.from_body(version.body))
        data = {"version": version.number, "corrects": version.corrects.number, **keys}
        record(actor, "question.key", now=now, question=question, data=data)
    index_questions([question.pk])


def version_for(question: Question, content: Content, actor: Actor, now: datetime) -> QuestionVersion:
    """The version with this content: one that is there, one that corrects the key of one, or a new one."""
    versions = list(question.versions.order_by("-number"))
    twin = next((one for one in versions if is_asked_alike(Content.from_body(one.body), content)), None)
    if twin and twin.digest == content.digest:
        return twin
    if twin and has_other_key(Content.from_body(twin.body), content):
        return _make(question, content, actor, now, corrects=twin)
    same = next((one for one in versions if one.digest == content.digest), None)
    return same or _make(question, content, actor, now)


def _make(
    question: Question, content: Content, actor: Actor, now: datetime, corrects: QuestionVersion | None = None
) -> QuestionVersion:
    last = question.versions.aggregate(last=Max("number"))["last"] or 0
    version = make_version(content, question_id=question.pk, number=last + 1, now=now)
    version.corrects, version.created_by_id = corrects, actor.pk
    version.save(force_insert=True)
    return version


def _corrected(before: Content, correct: Collection[str] | Content) -> Content:
    try:
        content = correct if isinstance(correct, Content) else with_key(before, correct)
    except ValueError as error:
        raise NotReady([str(error)]) from error
    if not is_asked_alike(before, content):
        raise NotReady([_("A correction of the key leaves the text as it is. Publish a new version instead.")])
    if not has_other_key(before, content):
        raise NotReady([_("This is the key that it has.")])
    if flaws := KINDS[content.kind].flaws(content):
        raise NotReady(flaws)
    return content


def _correct_draft(question: Question, content: Content, actor: Actor, now: datetime) -> None:
    """The draft has the new key too, or the next version would bring the old one back."""
    draft = Draft.objects.select_for_update(no_key=True).filter(question=question).first()
    if draft is None:
        return
    for one in draft.data.get("options") or []:
        if isinstance(one, dict) and one.get("id") in content.option_ids:
            one["correct"] = one["id"] in content.keys
    if content.extra:
        draft.data["extra"] = dict(content.extra)
    draft.revision, draft.saved_at, draft.saved_by_id = draft.revision + 1, now, actor.pk
    draft.save()


def keys_of(old: Content, new: Content) -> dict[str, Any]:
    """The two keys, for the log."""
    return {"old": KINDS[old.kind].key(old, str)["correct"], "new": KINDS[new.kind].key(new, str)["correct"]}


def _read(question: Question, version_id: int, move: str, actor: Actor) -> QuestionVersion:
    """The proposed version, if it is the one that this reviewer has read."""
    _checked(question, move)
    version = question.proposed
    if version is None or version.pk != version_id:
        raise Illegal(question.status)
    if version.created_by_id == actor.pk:
        raise OwnWork
    return version


def _say(version: QuestionVersion, text: str, actor: Actor, now: datetime) -> Comment | None:
    if not text.strip():
        return None
    return Comment.objects.create(version=version, person_id=actor.pk, text=text.strip(), created_at=now)


def _tell(question: Question, version: QuestionVersion, text: str, actor: Actor, now: datetime) -> None:
    """A notice to whoever wrote the version, unless they have left."""
    person = version.created_by_id or question.author_id
    if person and person != actor.pk:
        words = text % {"code": question.code}
        Notice.objects.create(person_id=person, kind=Notice.Kind.REVIEW, text=words, question=question, created_at=now)


def _fill_if_same(question: Question, content: Content, author_id: int, today: date) -> None:
    """The draft’s attributes, if it still says what was approved; else they come with the next version."""
    try:
        now_there, attributes = frozen(question, person_id=author_id, today=today)
    except NotReady:
        return
    if now_there.digest == content.digest:
        _fill(question, attributes)


def _fill(question: Question, attributes: Attributes | None) -> None:
    """What is known of the question beside its text; topics and statements that do not exist are left out."""
    if attributes is None:
        return
    topics = dict(Topic.objects.filter(slug__in=_slugs(attributes)).values_list("slug", "pk"))
    home = next((topics[slug] for slug in attributes.topics if slug in topics), None)
    Question.objects.filter(pk=question.pk).update(topic=home, **attributes.fields)
    question.topics.set([topics[slug] for slug in dict.fromkeys(attributes.topics) if slug in topics])
    Reference.objects.filter(question=question).delete()
    cited = [(slug, anchor) for slug, anchor in dict.fromkeys(attributes.references) if slug in topics]
    Reference.objects.bulk_create(
        Reference(question=question, topic_id=topics[slug], anchor=anchor, position=position)
        for position, (slug, anchor) in enumerate(cited)
    )


def _slugs(attributes: Attributes) -> Sequence[str]:
    return [*attributes.topics, *(slug for slug, _anchor in attributes.references)]
