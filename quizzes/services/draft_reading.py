"""A draft -> what a version is made of. To be exchanged for ``quizzes.services.drafts`` of the editor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.native import REFERENCE
from quizzes.models import Draft, Question, Scenario


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


def frozen(question: Question) -> tuple[Content, Attributes | None]:
    """What the draft says, ready to be asked. Raises NotReady.

    Without a draft, what the question says now, and nothing about it that could have changed.
    """
    data = Draft.objects.filter(question=question).values_list("data", flat=True).first()
    if data is None:
        if question.current is None:
            raise NotReady([_("Nothing is written yet.")])
        return Content.from_body(question.current.body), None
    try:
        content = _content(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise NotReady([_("Something is missing: kind, question and options.")]) from error
    flaws = KINDS[content.kind].flaws(content)
    if not content.stem:
        flaws = [_("Write the question."), *flaws]
    if flaws:
        raise NotReady(flaws)
    return content, _attributes(data)


def _content(data: Mapping[str, Any]) -> Content:
    if data["kind"] not in KINDS:
        raise ValueError(data["kind"])
    options = tuple(
        Option(str(one["id"]), str(one["text"]).strip(), one.get("correct") is True, str(one.get("rationale") or ""))
        for one in data.get("options") or []
    )
    code = str(data.get("scenario") or "")
    scenario = Scenario.objects.filter(code=code).values_list("text", flat=True).first() if code else ""
    return Content(
        kind=data["kind"],
        stem=str(data["stem"]).strip(),
        choose=int(data.get("choose") or 1),
        order=str(data.get("order") or "shuffle"),
        options=options,
        extra=data.get("extra") or {},
        scenario=scenario or "",
    )


def _attributes(data: Mapping[str, Any]) -> Attributes:
    options = [one for one in data.get("options") or [] if one.get("breaks") or one.get("family")]
    fields = {
        "task": str(data.get("task") or ""),
        "domain": data.get("domain") or None,
        "level": str(data.get("level") or ""),
        "difficulty": data.get("difficulty") or None,
        "constraints": data.get("constraints") or [],
        "flaws": {one["id"]: {"breaks": one.get("breaks", ""), "family": one.get("family", "")} for one in options},
        "sources": data.get("sources") or [],
        "verified_on": date.fromisoformat(data["verified_on"]) if data.get("verified_on") else None,
        "tags": data.get("tags") or [],
        "scenario": str(data.get("scenario") or ""),
    }
    found = [match for one in data.get("references") or [] if (match := REFERENCE.fullmatch(str(one)))]
    return Attributes(fields, tuple(data.get("topics") or ()), tuple((one[1], one[2]) for one in found))
