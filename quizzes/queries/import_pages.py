"""Questions of a file as the page of an import shows them: as a learner would see them, and beside what is alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from quizzes.engine.content import Content
from quizzes.engine.differences import Difference, differences
from quizzes.formats.drafts import ReadDraft, read_draft
from quizzes.formats.exchange.model import ASPECTS
from quizzes.formats.exchange.stored import from_plain
from quizzes.models import Draft, Import, ImportItem, Question
from quizzes.queries import exchange
from quizzes.queries.editor import Preview, preview_of

_PICTURE = re.compile(r"!\[([^\[\]]+)\]\(image:[a-z0-9x-]{1,40}\)")


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a file, with how it looks; None where it is none. ``likely``: the code to replace, if any.
    ``notes``: what is said of it alone; ``blocking``: how many findings keep it from being published."""

    row: ImportItem
    preview: Preview | None
    likely: str
    notes: tuple[Mapping[str, str], ...]
    blocking: int


def page_items(rows: Sequence[ImportItem], common: Sequence[Mapping[str, str]] = ()) -> list[Item]:
    """These questions, rendered, without the notes that are said once for all of them. No statement."""
    said = {(note["severity"], note["words"]) for note in common}
    return [_item(row, said) for row in rows]


def _item(row: ImportItem, said: set[tuple[str, str]]) -> Item:
    notes = tuple(one for one in row.notes if row.problem or (one["severity"], one["words"]) not in said)
    blocking = sum(bool(one["blocks"]) for one in row.findings)
    return Item(row, _preview(row) if row.body else None, _likely(row), notes, blocking)


def _likely(row: ImportItem) -> str:
    if row.target is not None:
        return row.target.code
    return next((one["code"] for one in row.alike if one.get("code") and one.get("readable")), "")


def _preview(row: ImportItem) -> Preview:
    question = from_plain(row.body, row.known)
    content = Content.from_body(_worded(question.content.to_body()))
    return preview_of(ReadDraft(content, question.known))


def _worded(value: Any) -> Any:
    """The same with words in place of pictures: those of a file are not kept before it is taken in."""
    if isinstance(value, str):
        return _PICTURE.sub(lambda found: f"**Picture: {found[1]}**", value)
    if isinstance(value, Mapping):
        return {name: _worded(one) for name, one in value.items()}
    return [_worded(one) for one in value] if isinstance(value, list) else value


def items_about(source: Import, aspect: str) -> QuerySet[ImportItem]:
    """Those of which the account says something about this aspect of ASPECTS."""
    rows = exchange.items_of(source, "all")
    if aspect not in ASPECTS:
        return rows.none()
    # A list in a JSON column, asked as text: its names are this site’s own, and no words have such quotes.
    told = rows.annotate(account_text=Cast("notes", TextField()))
    return told.filter(account_text__contains=f'"aspect": "{aspect}"')


def compared_with_bank(item: ImportItem, code: str, person_id: int) -> list[Difference] | None:
    """A question of the bank beside one of the file, word by word; None where this person may not read it."""
    rows = exchange.exportable_questions(person_id).select_related("current")
    question: Question | None = rows.filter(code=code).first()
    old = None if question is None else _content_of(question)
    return None if old is None or not item.body else differences(old, _said(item))


def compared_in_file(item: ImportItem, position: int) -> list[Difference] | None:
    """Another question of the same file beside this one; None where there is none."""
    other = ImportItem.objects.filter(source=item.source_id, position=position).first()
    if other is None or not other.body or not item.body:
        return None
    return differences(_said(other), _said(item))


def _said(item: ImportItem) -> Content:
    return from_plain(item.body, item.known).content


def _content_of(question: Question) -> Content | None:
    draft = Draft.objects.filter(question=question).first()
    if draft is not None:
        return read_draft(draft.data, {}).content
    return Content.from_body(question.current.body) if question.current else None
