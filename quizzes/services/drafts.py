"""What writes drafts: begun, saved without overwriting anybody, and frozen into what a version is made of."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from quizzes.engine.content import Content
from quizzes.engine.wording import wording_of
from quizzes.engine.writing import Advice, advise, near_duplicates
from quizzes.formats.drafts import Attributes, Data, Mistake, ReadDraft, item_of, read_draft
from quizzes.models import Draft, Question
from quizzes.queries import drafts as queries
from quizzes.queries.likeness import candidates
from quizzes.services.question_texts import index_draft
from reference.models import Topic

LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class Overtaken(Exception):
    """Somebody else has saved since the page was opened; ``draft`` is what stands there now."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"revision {draft.revision} is newer")
        self.draft = draft


class NotReady(Exception):
    """The draft cannot become a version: ``mistakes`` by field, and the ``advice`` that holds it back."""

    def __init__(self, mistakes: tuple[Mistake, ...], advice: tuple[Advice, ...]) -> None:
        super().__init__("; ".join([*(one.message for one in mistakes), *(one.message for one in advice)]))
        self.mistakes = mistakes
        self.advice = advice


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that was saved, with the questions that are nearly the same: code and share of common phrases (0-1)."""

    draft: Draft
    alike: tuple[tuple[str, float], ...]


def create_question(*, person_id: int, data: dict[str, Any], now: datetime) -> Question:
    """A new draft of this person."""
    with transaction.atomic():
        question: Question = Question.objects.create(
            code="q-" + "".join(secrets.choice(LETTERS) for _ in range(10)),
            origin=Question.Origin.AUTHOR,
            author_id=person_id,
            licence="",
            status=Question.Status.DRAFT,
            updated_at=now,
        )
        Draft.objects.create(question=question, data=data, revision=1, saved_at=now, saved_by_id=person_id)
        index_draft(question, data)
    return question


def save_draft(*, question: Question, data: dict[str, Any], revision: int, person_id: int, now: datetime) -> Saved:
    """Keep what was typed. The same data again is no new revision. Raises Overtaken, and then nothing is written."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(question=question).first()
        if draft is None:
            draft = Draft(question=question, data=queries.data_of(question), revision=0)
        if _same(draft.data, data):
            return Saved(draft, _alike(question, data, person_id))
        if draft.revision != revision:
            raise Overtaken(draft)
        draft.data, draft.revision = data, revision + 1
        draft.saved_at, draft.saved_by_id = now, person_id
        draft.save()
        question.tags = list(data.get("tags", []))
        question.updated_at = now
        question.save(update_fields=["tags", "updated_at"])
        alike = _alike(question, data, person_id)
        read = read_draft(data, queries.scenario_texts(person_id))
        index_draft(question, data, blocking=len(blocking(question, read, now.date())), alike=len(alike))
        place_draft(question, read.attributes)
    return Saved(draft, alike)


def place_draft(question: Question, said: Attributes) -> None:
    """Let a question that was never published be found in the list by the topic, task and level its draft names.

    Once it is published, its row says what learners are asked, and only publishing changes that.
    """
    if question.current_id is not None:
        return
    topics = dict(Topic.objects.filter(slug__in=said.topics).values_list("slug", "pk")) if said.topics else {}
    named = [topics[slug] for slug in dict.fromkeys(said.topics) if slug in topics]
    home = named[0] if named else None
    Question.objects.filter(pk=question.pk).update(task=said.task, level=said.level, topic=home)
    question.topics.set(named)


def _same(one: Data, other: Data) -> bool:
    return {**one, "kept": None} == {**other, "kept": None}


def _alike(question: Question, data: Data, person_id: int) -> tuple[tuple[str, float], ...]:
    """One full-text query for twenty candidates; the phrases are compared here. Contrast pairs may be alike."""
    wording = wording_of(data)
    text = f"{wording.stem}\n{wording.options}"
    texts = {one.code: f"{one.stem}\n{one.options}" for one in candidates(text, question.pk, person_id=person_id)}
    texts = {code: other for code, other in texts.items() if code not in data.get("contrast", [])}
    return tuple(sorted(near_duplicates(text, texts).items(), key=lambda one: -one[1]))


def blocking(question: Question, read: ReadDraft, today: date) -> list[str]:
    """Everything that holds a draft back from being published, in words."""
    found = [one for one in advice_on(question.code, read, today) if one.blocks]
    return [*(one.message for one in read.mistakes), *(one.message for one in found)]


def advice_on(code: str, read: ReadDraft, today: date) -> list[Advice]:
    """The checks on a draft that can be asked; nothing while something else is wrong with its options."""
    if not read.content.stem or any(not option.text for option in read.content.options):
        return []
    return advise(item_of(code, read, today), today=today, closed=queries.closed_names())


def frozen(question: Question, *, person_id: int, today: date) -> tuple[Content, Attributes]:
    """What a version of this question is made of. Raises NotReady."""
    read = read_draft(queries.data_of(question), queries.scenario_texts(person_id))
    held = tuple(one for one in advice_on(question.code, read, today) if one.blocks)
    if read.mistakes or held:
        raise NotReady(read.mistakes, held)
    return read.content, read.attributes
