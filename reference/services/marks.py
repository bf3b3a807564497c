"""What a person marks in the notes: passages with or without a private note, pages and sections to find again."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef

from reference.models import Bookmark, Highlight, Topic
from reference.quotes import LONGEST_QUOTE, Quote

MOST_HIGHLIGHTS = 1_000
"""Passages that one person may have marked; guests’ come on top when they sign in to an account."""

LONGEST_NOTE = 5_000
"""Characters of a note in the margin."""


class TooManyMarks(Exception):
    """The person has marked as many passages as are kept."""


class TooLong(ValueError):
    """The passage or the note has more characters than are kept."""


def mark_passage(*, person_id: int, topic_id: int, quote: Quote, note: str, now: datetime) -> Highlight:
    """Keep a passage of a page. The same one with the same note is kept once; a first note joins the passage.

    Raises TooLong, TooManyMarks.
    """
    note = note.strip()
    if len(quote.text) > LONGEST_QUOTE or len(note) > LONGEST_NOTE:
        raise TooLong
    with transaction.atomic():
        # Of two requests at once the second waits here, so that neither the limit nor "once" is passed.
        get_user_model().objects.select_for_update(no_key=True).get(pk=person_id)
        own = Highlight.objects.filter(person_id=person_id)
        there = own.filter(topic_id=topic_id, offset=quote.offset, quote=quote.text)
        same = there.filter(note__in=["", note]).order_by("-note", "pk").first() if note else there.first()
        if same is not None:
            return _with_note(same, note, now) if note else same
        if own.count() >= MOST_HIGHLIGHTS:
            raise TooManyMarks
        return Highlight.objects.create(
            person_id=person_id,
            topic_id=topic_id,
            quote=quote.text,
            before=quote.before,
            after=quote.after,
            offset=quote.offset,
            note=note,
            created_at=now,
            changed_at=now,
        )


def _with_note(row: Highlight, note: str, now: datetime) -> Highlight:
    if row.note != note:
        row.note, row.changed_at = note, now
        row.save(update_fields=["note", "changed_at"])
    return row


def change_note(*, person_id: int, pk: int, note: str, now: datetime) -> bool:
    """Write another note in the margin, or none. Returns False where the person has no such passage. Raises TooLong."""
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise TooLong
    return bool(Highlight.objects.filter(person_id=person_id, pk=pk).update(note=note, changed_at=now))


def remove_passage(*, person_id: int, pk: int) -> bool:
    """Take a mark and its note away. Returns False where the person has no such passage."""
    return Highlight.objects.filter(person_id=person_id, pk=pk).delete()[0] > 0


def set_bookmark(*, person_id: int, slug: str, anchor: str, on: bool, now: datetime) -> None:
    """Keep a page (no anchor) or a section of it, or let it go. Nothing happens where there is no such page."""
    if not on:
        Bookmark.objects.filter(person_id=person_id, topic__slug=slug, anchor=anchor).delete()
        return
    topic = Topic.objects.live().filter(slug=slug).first()
    if topic is not None:
        Bookmark.objects.get_or_create(person_id=person_id, topic=topic, anchor=anchor, defaults={"created_at": now})


def move_marks(source_id: int, target_id: int) -> None:
    """Give one person’s passages and bookmarks to another, who keeps what they have, each once.

    To be called inside a transaction.
    """
    has = Highlight.objects.filter(
        person_id=target_id,
        topic=OuterRef("topic"),
        offset=OuterRef("offset"),
        quote=OuterRef("quote"),
        note=OuterRef("note"),
    )
    Highlight.objects.filter(~Exists(has), person_id=source_id).update(person_id=target_id)
    kept = Bookmark.objects.filter(person_id=target_id, topic=OuterRef("topic"), anchor=OuterRef("anchor"))
    Bookmark.objects.filter(~Exists(kept), person_id=source_id).update(person_id=target_id)
