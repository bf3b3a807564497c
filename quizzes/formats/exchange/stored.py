"""A travelling question as plain data: for a JSON column while it waits, and as the fields of a draft."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from quizzes.engine.content import Content
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged

Plain = dict[str, Any]


def to_plain(question: Exchanged) -> tuple[Plain, Plain]:
    """What it says, and what is known of it; :func:`from_plain` gives the same question back."""
    body = {
        "content": question.content.to_body(),
        "code": question.code,
        "title": question.title,
        "status": question.status,
        "flags": list(question.flags),
        "reviewed": [list(one) for one in question.reviewed],
        "licence": question.licence,
    }
    return body, {one.name: _listed(getattr(question.known, one.name)) for one in fields(Attributes)}


def from_plain(body: Mapping[str, Any], known: Mapping[str, Any]) -> Exchanged:
    """The question that :func:`to_plain` took apart."""
    said = {name: _tupled(known[name]) for name in (one.name for one in fields(Attributes)) if name in known}
    if said.get("verified_on"):
        said["verified_on"] = date.fromisoformat(said["verified_on"])
    return Exchanged(
        code=body["code"],
        content=Content.from_body(body["content"]),
        title=body["title"],
        known=Attributes(**said),
        status=body["status"],
        flags=tuple(body["flags"]),
        reviewed=tuple((one, text) for one, text in body["reviewed"]),
        licence=body["licence"],
    )


def draft_fields(question: Exchanged) -> Plain:
    """The fields of the editor (``formats.drafts``) that say what this question says."""
    content, known = question.content, question.known
    flaws = {option: {"breaks": breaks, "family": family} for option, breaks, family in known.flaws}
    return {
        "kind": content.kind,
        "stem": content.stem,
        "order": content.order,
        "options": [
            {"id": one.id, "text": one.text, "correct": one.correct, "rationale": one.rationale}
            | flaws.get(one.id, {"breaks": "", "family": ""})
            for one in content.options
        ],
        "extra": dict(content.extra),
        "scenario": known.scenario,
        "constraints": [{"id": one, "text": text} for one, text in known.constraints],
        "topics": list(known.topics),
        "references": [f"{slug}^{anchor}" for slug, anchor in known.references],
        "sources": [{"title": title, "url": url} for title, url in known.sources],
        "task": known.task,
        "domain": str(known.domain or ""),
        "level": known.level,
        "difficulty": str(known.difficulty or ""),
        "verified_on": known.verified_on.isoformat() if known.verified_on else "",
        "tags": list(known.tags),
        "enemies": list(known.enemies),
        "contrast": list(known.contrast),
    }


def _listed(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_listed(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(one) for one in value) if isinstance(value, list) else value
