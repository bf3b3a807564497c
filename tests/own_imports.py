"""Imports in every state, as rows: what a reader of files would have left."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from quizzes.engine.content import Content
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.samples import OF_EACH_KIND
from quizzes.formats.exchange.stored import to_plain
from quizzes.models import Import, ImportItem
from reference.markup import plain_text, render_text

LOST = {"aspect": "scoring", "severity": "lost", "words": "Whoever ticks one of the two right options gets half of it."}
CHANGED = {"aspect": "rationales", "severity": "changed", "words": "The general feedback stands at the key now."}
ASSUMED = {"aspect": "extra", "severity": "assumed", "words": "You said that this is GIFT. It was read as Moodle XML."}
BLOCKS = {"check": "keys", "words": "The key is twice as long as any distractor.", "blocks": True}
REMARK = {"check": "stem", "words": "The stem has no question mark.", "blocks": False}


def make_import(person: Any, now: datetime, *, contents: Sequence[Content] = OF_EACH_KIND, **more: Any) -> Import:
    """An import that waits for choices, with these questions and nothing to be said of them."""
    number = Import.objects.count() + 1
    fields = {
        "code": f"import{number:010d}",
        "file_name": "questions.xml",
        "size": 12_345,
        "format": "moodle_xml",
        "encoding": "utf-8-sig",
        "state": Import.State.CHOOSING,
    }
    source = Import.objects.create(person=person, created_at=now, **{**fields, **more})
    ImportItem.objects.bulk_create(item_of(source, n, content) for n, content in enumerate(contents, 1))
    return source


def item_of(source: Import, position: int, content: Content, **more: Any) -> ImportItem:
    """An unsaved row for a question of a file."""
    body, known = to_plain(Exchanged(f"q{position}", content, title=f"Title {position}"))
    fields = {
        "place": f"question {position}",
        "code": f"q{position}",
        "title": f"Title {position}",
        "kind": content.kind,
        "stem": plain_text(render_text(content.stem))[:200],
    }
    return ImportItem(source=source, position=position, body=body, known=known, **{**fields, **more})


def add_problem(source: Import, *, raw: str = "<question type='cloze'>") -> ImportItem:
    """A question at the end that cannot be taken."""
    made: ImportItem = ImportItem.objects.create(
        source=source,
        position=source.items.count() + 1,
        place="line 812",
        problem="Cloze questions have several gaps, for which there is no kind here: split it into single questions.",
        raw=raw,
        choice=ImportItem.Choice.SKIP,
    )
    return made


def tell(source: Import, position: int, **fields: Any) -> None:
    """Say something about a question: notes, findings, alike, target."""
    ImportItem.objects.filter(source=source, position=position).update(**fields)
