"""A draft -> what a version is made of, and what the question’s row says about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engine.content import Content
from quizzes.formats.drafts import Attributes as Known
from quizzes.models import Draft, Question
from quizzes.services import drafts


class NotReady(Exception):
    """The draft cannot be asked yet: what is wrong, each with what to do."""

    def __init__(self, findings: Sequence[Any]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of a question beside its text: ``fields`` of its row, home topic first, statements it rests on."""

    fields: Mapping[str, Any]
    topics: tuple[str, ...]
    references: tuple[tuple[str, str], ...]


def frozen(question: Question, *, person_id: int, today: date) -> tuple[Content, Attributes | None]:
    """What the draft says, ready to be asked. Raises NotReady, also for checks that hold back.

    Without a draft, what the question says now, and nothing about it that could have changed.
    """
    if not Draft.objects.filter(question=question).exists():
        if question.current is None:
            raise NotReady([_("Nothing is written yet.")])
        return Content.from_body(question.current.body), None
    try:
        content, known = drafts.frozen(question, person_id=person_id, today=today)
    except drafts.NotReady as error:
        found = [one.message for one in error.mistakes] + [one.message for one in error.advice]
        raise NotReady(found) from error
    return content, Attributes(fields_of(known), known.topics, known.references)


def fields_of(known: Known) -> dict[str, Any]:
    """What the row of a question says of what is known of it."""
    return {
        "task": known.task,
        "domain": known.domain,
        "level": known.level,
        "difficulty": known.difficulty,
        "constraints": [{"id": one, "text": text} for one, text in known.constraints],
        "flaws": {one: {"breaks": breaks, "family": family} for one, breaks, family in known.flaws},
        "sources": [{"title": title, "url": url} for title, url in known.sources],
        "verified_on": known.verified_on,
        "tags": list(known.tags),
        "enemies": list(known.enemies),
        "contrast": list(known.contrast),
        "scenario": known.scenario,
    }
