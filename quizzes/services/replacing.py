"""Questions that an import replaces: all in the transaction that shows it, in few statements for each hundred.

What is slow was done before (``import_staging``): the versions are there, rendered, and nobody was asked them yet.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from quizzes.engine.content import Content
from quizzes.formats.drafts import ReadDraft, read_draft
from quizzes.models import (
    AuditEntry,
    Draft,
    Image,
    Import,
    ImportItem,
    Question,
    QuestionText,
    QuestionVersion,
    Reference,
)
from quizzes.queries.rights import own_questions
from quizzes.services.audit import Actor
from quizzes.services.draft_reading import fields_of
from quizzes.services.lifecycle import keys_of
from quizzes.services.question_texts import text_row
from reference.models import Topic

PIECE = 100


def replace_all(source: Import, *, actor: Actor, now: datetime) -> int:
    """Replace the drafts of the chosen questions, and publish the versions that were made ready; how many questions.

    To be called within the transaction that shows the import. A question that is not this person’s any more, or that
    somebody is reading by now, keeps what it says; where it may have a new draft, it gets that.
    """
    rows = ImportItem.objects.filter(source=source, choice=ImportItem.Choice.REPLACE, question__isnull=False)
    ids, count = list(rows.order_by("position").values_list("pk", flat=True)), 0
    topics = dict(Topic.objects.values_list("slug", "pk")) if ids else {}
    for start in range(0, len(ids), PIECE):
        items = {one.question_id: one for one in ImportItem.objects.filter(pk__in=ids[start : start + PIECE])}
        count += _Piece(items, actor, now, topics).write()  # type: ignore[arg-type]
    return count


class _Piece:
    def __init__(self, items: Mapping[int, ImportItem], actor: Actor, now: datetime, topics: Mapping[str, int]) -> None:
        self.items, self.actor, self.now, self.topics = items, actor, now, topics
        # The rows stay locked to the end: what is read here still stands when it is written.
        own = own_questions(actor.pk).filter(pk__in=items).select_for_update(of=("self",), no_key=True)
        self.questions: list[Question] = list(own.select_related("current").order_by("pk"))
        self.data = {one.pk: items[one.pk].body["prepared"]["data"] for one in self.questions}
        self.read = {pk: read_draft(data, {}) for pk, data in self.data.items()}

    def write(self) -> int:
        """Some ten statements."""
        self._write_drafts()
        self._take_pictures()
        ready = self._ready()
        self._publish(ready)
        asked = {one.pk for one in ready}
        placed = [one for one in self.questions if one.pk in asked or one.current_id is None]
        for one in self.questions:
            one.tags, one.updated_at = list(self.read[one.pk].attributes.tags), self.now
            if one in placed:
                self._place(one, self.read[one.pk], whole=one.pk in asked)
        Question.objects.bulk_update(self.questions, [*_FIELDS, "current", "updated_at"])
        self._link(placed, asked)
        words = [text_row(one, self._words(one.pk)) for one in self.questions]
        QuestionText.objects.bulk_create(
            words, update_conflicts=True, unique_fields=["question"], update_fields=["stem", "options", "rest"]
        )
        return len(self.questions)

    def _words(self, pk: int) -> dict[str, Any]:
        content = self.items[pk].body["content"]
        return {**self.data[pk], "scenario_text": content.get("scenario", "")}

    def _write_drafts(self) -> None:
        revisions = dict(Draft.objects.filter(question__in=self.data).values_list("question", "revision"))
        drafts = [
            Draft(
                question_id=pk,
                data=data,
                revision=revisions.get(pk, 0) + 1,
                saved_at=self.now,
                saved_by_id=self.actor.pk,
            )
            for pk, data in self.data.items()
        ]
        Draft.objects.bulk_create(
            drafts,
            update_conflicts=True,
            unique_fields=["question"],
            update_fields=["data", "revision", "saved_at", "saved_by"],
        )

    def _take_pictures(self) -> None:
        owner = {code: pk for pk in self.data for code in self.items[pk].body.get("pictures", {})}
        images = list(Image.objects.filter(code__in=owner, question=None)) if owner else []
        for image in images:
            image.question_id = owner[image.code]
        Image.objects.bulk_update(images, ["question"])

    def _ready(self) -> list[Question]:
        """Those with a version to ask that may still be published."""
        return [
            one
            for one in self.questions
            if "version" in self.items[one.pk].body["prepared"]
            and (one.status, one.proposed_id) == (Question.Status.PUBLISHED, None)
        ]

    def _publish(self, ready: Sequence[Question]) -> None:
        numbers = [self.items[one.pk].body["prepared"]["version"] for one in ready]
        versions = {one.pk: one for one in QuestionVersion.objects.filter(pk__in=numbers).select_related("corrects")}
        entries: list[AuditEntry] = []
        for question in ready:
            old, version = question.current, versions[self.items[question.pk].body["prepared"]["version"]]
            question.current = version
            entries.append(self._entry("question.published", question, _numbers(version, old)))
            if version.corrects and old and old.pk != version.pk:
                keys = keys_of(Content.from_body(version.corrects.body), Content.from_body(version.body))
                said = {"version": version.number, "corrects": version.corrects.number, **keys}
                entries.append(self._entry("question.key", question, said))
        AuditEntry.objects.bulk_create(entries)

    def _entry(self, verb: str, question: Question, data: dict[str, Any]) -> AuditEntry:
        name = self.actor.get_username()
        return AuditEntry(
            actor_id=self.actor.pk, actor_name=name, verb=verb, question=question, data=data, created_at=self.now
        )

    def _place(self, question: Question, read: ReadDraft, *, whole: bool) -> None:
        """As publishing does it, or, where nothing was published yet, as saving a draft does it."""
        known = read.attributes
        named = [self.topics[slug] for slug in known.topics if slug in self.topics]
        question.topic_id = named[0] if named else None
        said = fields_of(known) if whole else {"task": known.task, "level": known.level}
        for name, value in said.items():
            setattr(question, name, value)

    def _link(self, placed: Sequence[Question], asked: set[int]) -> None:
        through, ids = Question.topics.through, [one.pk for one in placed]
        through.objects.filter(question_id__in=ids).delete()
        through.objects.bulk_create(
            through(question_id=pk, topic_id=self.topics[slug])
            for pk in ids
            for slug in dict.fromkeys(self.read[pk].attributes.topics)
            if slug in self.topics
        )
        Reference.objects.filter(question_id__in=asked).delete()
        Reference.objects.bulk_create(
            Reference(question_id=pk, topic_id=self.topics[slug], anchor=anchor, position=position)
            for pk in asked
            for position, (slug, anchor) in enumerate(
                one for one in dict.fromkeys(self.read[pk].attributes.references) if one[0] in self.topics
            )
        )


_FIELDS = (
    *("topic", "task", "domain", "level", "difficulty", "constraints", "flaws", "sources", "verified_on", "tags"),
    *("enemies", "contrast", "scenario"),
)


def _numbers(version: QuestionVersion, old: QuestionVersion | None) -> dict[str, Any]:
    return {"version": version.number, "was": old.number if old else None}
