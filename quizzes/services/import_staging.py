"""One piece of an import: thought out first, then written in one transaction, and seen by nobody yet."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from quizzes.formats.drafts import ReadDraft
from quizzes.formats.exchange.model import Exchanged, Note, Pictures, Severity
from quizzes.formats.exchange.stored import draft_fields, from_plain
from quizzes.models import Draft, Image, Import, ImportItem, Question, QuestionText, Scenario
from quizzes.queries.rights import own_questions, own_scenarios
from quizzes.services.bulk import MOST_TAGS
from quizzes.services.drafts import LETTERS, advice_on
from quizzes.services.exchange import scenario_prefix
from quizzes.services.import_checks import draft_of
from quizzes.services.import_pictures import alts_of, kept_pictures
from quizzes.services.lifecycle import version_for
from quizzes.services.question_texts import text_row
from reference.models import Topic

CODE = 10
LICENCE, EXTERNAL = 40, 200


@dataclass
class Prepared:
    """A question that is ready to be written. ``row``: what it will be, or the one that it replaces;
    ``is_orphan``: what it was to replace is gone."""

    item: ImportItem
    row: Question
    data: dict[str, Any]
    read: ReadDraft
    scenario: Scenario | None
    is_orphan: bool = False
    images: list[Image] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether it replaces nothing."""
        return self.item.choice == ImportItem.Choice.TAKE


class Staging:
    """What the pieces of an import have in common."""

    def __init__(self, source: Import, pictures: Pictures, images: Path) -> None:
        self.source, self.pictures, self.images = source, pictures, images
        self.topics = dict(Topic.objects.values_list("slug", "pk"))
        self.texts = {text: code for code, text in own_scenarios(source.person_id).values_list("code", "text")}
        chosen = ImportItem.objects.filter(source=source).exclude(choice=ImportItem.Choice.SKIP)
        rows = chosen.exclude(code="").order_by("-position").values_list("code", "position", "target__code", "choice")
        self.codes = {
            code: target if choice == ImportItem.Choice.REPLACE and target else new_code(source, position)
            for code, position, target, choice in rows
        }

    def prepared(self, chunk: Sequence[ImportItem], now: datetime) -> list[Prepared]:
        """These questions, ready to be written; pictures are on the disk. Nothing is in the database yet.

        What was to replace a question that is not this person’s any more becomes a question of its own.
        """
        wanted = [item.target_id for item in chunk if item.choice == ImportItem.Choice.REPLACE and item.target_id]
        own = own_questions(self.source.person_id).filter(pk__in=wanted).select_related("current", "proposed")
        targets = {one.pk: one for one in own} if wanted else {}
        return [self._prepared(item, targets, now) for item in chunk]

    def _prepared(self, item: ImportItem, targets: dict[int, Question], now: datetime) -> Prepared:
        question = self._related(from_plain(item.body, item.known))
        replaces = item.choice == ImportItem.Choice.REPLACE
        target = targets.get(item.target_id or 0) if replaces else None
        if target is None and replaces:
            item.choice = ImportItem.Choice.TAKE
            words = _("The question that it was to replace is not yours any more: it is a new question.")
            item.notes = [*item.notes, asdict(Note("status", Severity.CHANGED, words))]
        scenario = self._scenario(question, now)
        data = draft_fields(question)
        data["scenario"] = self.texts.get(question.content.scenario, "")
        read = draft_of(data, replace(question, known=replace(question.known, scenario=data["scenario"])))
        row = target or self._row(item, question, read, now)
        made = Prepared(item, row, data, read, scenario, is_orphan=replaces and target is None)
        if shown := item.body.get("pictures"):
            made.images = list(kept_pictures(shown, alts_of(question.content), self.pictures, self.images))
        return made

    def _related(self, question: Exchanged) -> Exchanged:
        """With the tag of the import, and the codes that other questions of the file have here."""
        known, tag = question.known, self.source.tag
        tags = list(dict.fromkeys(one[:40] for one in known.tags))
        if tag and tag not in tags:
            tags = [*tags[: MOST_TAGS - 1], tag]
        enemies, contrast = (
            tuple(self.codes.get(one, one) for one in each) for each in (known.enemies, known.contrast)
        )
        known = replace(known, tags=tuple(tags[:MOST_TAGS]), enemies=enemies, contrast=contrast)
        return replace(question, known=known)

    def _scenario(self, question: Exchanged, now: datetime) -> Scenario | None:
        """The shared text, if it is not there yet; questions that say the same share it."""
        text = question.content.scenario
        if not text or text in self.texts:
            return None
        code = scenario_prefix(self.source) + hashlib.sha256(text.encode()).hexdigest()[:12]
        self.texts[text] = code
        title = question.known.scenario or " ".join(text.split())[:60]
        return Scenario(code=code, title=title[:200], text=text, updated_at=now)

    def _row(self, item: ImportItem, question: Exchanged, read: ReadDraft, now: datetime) -> Question:
        named = [self.topics[slug] for slug in read.attributes.topics if slug in self.topics]
        return Question(
            code=new_code(self.source, item.position),
            origin=Question.Origin.AUTHOR,
            licence=question.licence[:LICENCE],
            external_id=f"{self.source.format}:{question.code}"[:EXTERNAL] if question.code else "",
            status=Question.Status.STAGED,
            topic_id=named[0] if named else None,
            task=read.attributes.task,
            level=read.attributes.level,
            tags=list(read.attributes.tags),
            flags=list(question.flags),
            updated_at=now,
        )

    def write(self, piece: Sequence[Prepared], now: datetime) -> None:
        """Write them: some ten statements for all that are new, some three for each that replaces a published one."""
        new = [one for one in piece if one.is_new]
        # A crash between two pieces may have left the text that both share.
        texts = [one.scenario for one in piece if one.scenario]
        Scenario.objects.bulk_create(texts, ignore_conflicts=True)
        Question.objects.bulk_create([one.row for one in new])
        Draft.objects.bulk_create(
            Draft(question=one.row, data=one.data, revision=1, saved_at=now, saved_by_id=self.source.person_id)
            for one in new
        )
        QuestionText.objects.bulk_create([text_of(one) for one in new])
        through = Question.topics.through
        through.objects.bulk_create(
            through(question_id=one.row.pk, topic_id=self.topics[slug])
            for one in new
            for slug in dict.fromkeys(one.read.attributes.topics)
            if slug in self.topics
        )
        for one in piece:
            if not one.is_new:
                self._make_version(one, now)
            one.item.question = one.row
            for image in one.images:
                # Nobody’s, until it replaces what the question shows now.
                image.question = one.row if one.is_new else None
                image.uploaded_by_id, image.created_at = self.source.person_id, now
        Image.objects.bulk_create([image for one in piece for image in one.images])
        ImportItem.objects.bulk_update([one.item for one in piece], ["question"])
        told = [one.item for one in piece if not one.is_new or one.is_orphan]
        ImportItem.objects.bulk_update(told, ["choice", "notes", "body"])

    def _make_version(self, one: Prepared, now: datetime) -> None:
        """The version that will be asked, where something is asked now and the checks let it pass."""
        question = one.row
        ready: dict[str, Any] = {"data": one.data}
        if held := self._held(one, now):
            words = _("Only the draft of “%(code)s” is replaced, and what learners get stays as it is: %(why)s")
            note = Note("status", Severity.CHANGED, words % {"code": question.code, "why": " ".join(held)})
            one.item.notes = [*one.item.notes, asdict(note)]
        elif question.current_id is not None:
            last = question.versions.order_by("-number").values_list("number", flat=True).first() or 0
            version = version_for(question, one.read.content, self.source.person, now)
            ready |= {"version": version.pk, "made": version.number > last}
        one.item.body = {**one.item.body, "prepared": ready}

    def _held(self, one: Prepared, now: datetime) -> list[str]:
        """Why what is published is not replaced; nothing where nothing was published yet."""
        question = one.row
        if question.current_id is None:
            return []
        if question.status != Question.Status.PUBLISHED:
            return [_("it is not in use now.")]
        if question.proposed_id is not None:
            return [_("somebody reads its next version.")]
        found = [each for each in advice_on(question.code, one.read, now.date()) if each.blocks]
        return [*(each.message for each in one.read.mistakes), *(each.message for each in found)]


def text_of(one: Prepared) -> QuestionText:
    """The words of a question for the search, with what the checks found while the file was read."""
    row = text_row(one.row, {**one.data, "scenario_text": one.read.content.scenario})
    row.blocking = min(sum(bool(found["blocks"]) for found in one.item.findings), 999)
    row.alike = min(len(one.item.alike), 999)
    return row


def new_code(source: Import, position: int) -> str:
    """The code of a new question: as random as any, and the same each time that it is asked for."""
    digest = hashlib.sha256(f"{source.code}/{position}".encode()).digest()
    return "q-" + "".join(LETTERS[byte % len(LETTERS)] for byte in digest[:CODE])
