"""Copies of questions: a draft of one's own, from one's own questions and from those of the course."""

import secrets
import string
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from quizzes.formats.drafts import read_draft
from quizzes.models import Draft, Question, Reference, Scenario
from quizzes.services.audit import Actor, record
from quizzes.services.drafts import place_draft
from quizzes.services.images import copy_images
from quizzes.services.question_texts import index_draft

LETTERS = string.ascii_lowercase + string.digits
SUFFIX, LONGEST = 5, 90


@transaction.atomic
def copy_question(source: Question, *, folder: Path, actor: Actor, now: datetime) -> Question:
    """A draft that says what ``source`` says now, with pictures and shared text of its own."""
    code = f"{source.code[:LONGEST]}-{''.join(secrets.choice(LETTERS) for _ in range(SUFFIX))}"
    copy: Question = Question.objects.create(
        code=code,
        origin=Question.Origin.AUTHOR,
        author_id=actor.pk,
        licence=source.licence,
        external_id=f"copy of {source.code}"[:200],
        status=Question.Status.DRAFT,
        tags=source.tags,
        updated_at=now,
    )
    data = _with_images(draft_fields(source), source, copy, folder, now)
    if text := data.pop("scenario_text", ""):
        data["scenario"] = _scenario(code, text, actor, now)
    Draft.objects.create(question=copy, data=data, saved_at=now, saved_by_id=actor.pk)
    index_draft(copy, data)
    place_draft(copy, read_draft(data, {}).attributes)
    record(actor, "question.copied", now=now, question=copy, data={"from": source.code})
    return copy


def draft_fields(question: Question) -> dict[str, Any]:
    """The question in the fields of a draft: its draft where there is one, else its current version and attributes."""
    draft = Draft.objects.filter(question=question).first()
    if draft is not None:
        return _with_scenario(dict(draft.data))
    body = dict(question.current.body) if question.current else {}
    text = body.pop("scenario", "")
    cited = Reference.objects.filter(question=question).values_list("topic__slug", "anchor")
    slugs = list(question.topics.order_by("slug").values_list("slug", flat=True))
    home = question.topic.slug if question.topic else None
    fields = {
        **body,
        "options": [{**one, **question.flaws.get(one["id"], {})} for one in body.get("options", [])],
        "constraints": question.constraints,
        "topics": [*([home] if home else []), *(slug for slug in slugs if slug != home)],
        "references": [f"{slug}^{anchor}" for slug, anchor in cited],
        "task": question.task,
        "domain": question.domain,
        "level": question.level,
        "difficulty": question.difficulty,
        "sources": question.sources,
        "verified_on": question.verified_on.isoformat() if question.verified_on else "",
        "tags": question.tags,
    }
    return fields | ({"scenario_text": text} if text else {})


def _with_scenario(data: dict[str, Any]) -> dict[str, Any]:
    """A copy does not share the text: it would change under its author’s hands."""
    code = data.pop("scenario", "")
    text = Scenario.objects.filter(code=code).values_list("text", flat=True).first() if code else ""
    return data | ({"scenario_text": text} if text else {})


def _scenario(code: str, text: str, actor: Actor, now: datetime) -> str:
    made = Scenario.objects.create(code=code, author_id=actor.pk, title=code, text=text, updated_at=now)
    return made.code


def _with_images(data: Any, source: Question, copy: Question, folder: Path, now: datetime) -> Any:
    """The same data with pictures of its own, in whatever text they stand."""
    codes: dict[str, str] = {}

    def renamed(value: Any) -> Any:
        if isinstance(value, str) and "(image:" in value:
            return copy_images(source, copy, value, folder=folder, now=now, codes=codes)
        if isinstance(value, dict):
            return {name: renamed(one) for name, one in value.items()}
        return [renamed(one) for one in value] if isinstance(value, list) else value

    return renamed(data)
