"""The editor as its page shows it: fields with what is wrong with them, and the question as a learner would see it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.kinds.base import ReviewRow
from quizzes.engine.losses import FALSE_MECHANISM, FAMILIES
from quizzes.formats.drafts import Mistake, ReadDraft
from quizzes.formats.native import LEVELS, TASKS
from quizzes.models import Draft, Question
from quizzes.queries import drafts
from quizzes.queries.attempts import ShownOption, ShownQuestion
from quizzes.queries.feedback import LETTERS, Explained, ExplainedOption
from reference.markup import render_text


@dataclass(frozen=True, slots=True)
class Row:
    """One option, target or requirement in the form. ``mistakes`` by the last part of the field’s name."""

    number: int
    fields: dict[str, Any]
    mistakes: dict[str, str]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """The question before it is answered, and its review."""

    question: ShownQuestion
    explained: Explained


@dataclass(frozen=True, slots=True)
class Editor:
    """The form."""

    data: dict[str, Any]
    revision: int
    saved: Draft | None
    kind: str
    control: str
    is_preset: bool
    options: tuple[Row, ...]
    targets: tuple[Row, ...]
    constraints: tuple[Row, ...]
    mistakes: dict[str, list[str]]
    topics: tuple[tuple[str, str], ...]
    scenarios: tuple[tuple[str, str], ...]

    kinds = tuple(KINDS)
    tasks = tuple(sorted(TASKS))
    levels = LEVELS
    families = FAMILIES
    false_mechanism = FALSE_MECHANISM
    domains = ("1", "2", "3", "4", "5")

    @property
    def extra(self) -> dict[str, Any]:
        """What only this kind has."""
        found = self.data.get("extra")
        return found if isinstance(found, dict) else {}

    @property
    def references(self) -> str:
        """One a line."""
        return "\n".join(self.data.get("references", []))

    @property
    def sources(self) -> str:
        """Title, bar, address; one a line."""
        rows = self.data.get("sources", [])
        return "\n".join(f"{one['title']} | {one['url']}" if one.get("title") else one.get("url", "") for one in rows)

    @property
    def tags(self) -> str:
        """With commas between them."""
        return ", ".join(self.data.get("tags", []))

    @property
    def enemies(self) -> str:
        """With spaces between them."""
        return " ".join(self.data.get("enemies", []))

    @property
    def contrast(self) -> str:
        """With spaces between them."""
        return " ".join(self.data.get("contrast", []))

    @property
    def accepted(self) -> str:
        """One a line."""
        return "\n".join(self.extra.get("accepted", []))

    def posted(self) -> list[tuple[str, str]]:
        """All fields as the form would post them, by name."""
        plain = ("kind", "stem", "order", "task", "domain", "level", "difficulty", "verified_on", "scenario")
        found = [(name, str(self.data.get(name) or "")) for name in plain]
        found += [("references", self.references), ("sources", self.sources), ("tags", self.tags)]
        found += [("enemies", self.enemies), ("contrast", self.contrast)]
        found += [("topics", one) for one in self.data.get("topics", [])]
        for name, rows in (("options", self.options), ("targets", self.targets), ("constraints", self.constraints)):
            found += [
                (f"{name}-{row.number}-{key}", "1" if value is True else str(value))
                for row in rows
                for key, value in row.fields.items()
                if value not in (None, False, "")
            ]
        for name, value in self.extra.items():
            if name not in ("targets", "pairs", "accepted") and value not in (None, False):
                found.append((f"extra-{name}", "1" if value is True else str(value)))
        return [*found, ("extra-accepted", self.accepted)]

    def differences(self, other: "Editor") -> list[tuple[str, str, str]]:
        """Fields that differ: name, here, there."""
        here, there = dict(self.posted()), dict(other.posted())
        return [
            (name, here.get(name, ""), there.get(name, ""))
            for name in dict.fromkeys([*here, *there])
            if here.get(name, "") != there.get(name, "") and not name.endswith("-id")
        ]


def editor_of(question: Question, data: dict[str, Any], read: ReadDraft, person_id: int) -> Editor:
    """The form that holds these fields."""
    saved = Draft.objects.select_related("saved_by").filter(question=question).first()
    extra = data.get("extra") if isinstance(data.get("extra"), dict) else {}
    pairs = extra.get("pairs", {}) if extra else {}
    options = [{**one, "match": pairs.get(one.get("id"), "")} for one in data.get("options", [])]
    kind = KINDS[read.content.kind]
    named = {name: [one.message for one in read.mistakes if one.field == name] for name in _fields(read.mistakes)}
    return Editor(
        data=data,
        revision=saved.revision if saved else 0,
        saved=saved,
        kind=read.content.kind,
        control=kind.control,
        is_preset=bool(kind.preset),
        options=_rows("options", options, read.mistakes),
        targets=_rows("targets", extra.get("targets", []) if extra else [], read.mistakes),
        constraints=_rows("constraints", data.get("constraints", []), read.mistakes),
        mistakes=named,
        topics=tuple(drafts.topic_titles()),
        scenarios=tuple(drafts.scenario_titles(person_id)),
    )


def _fields(mistakes: Iterable[Mistake]) -> list[str]:
    return list(dict.fromkeys(one.field for one in mistakes))


def _rows(name: str, rows: list[dict[str, Any]], mistakes: Iterable[Mistake]) -> tuple[Row, ...]:
    found = list(mistakes)
    return tuple(
        Row(
            number,
            fields,
            {one.field.rpartition("-")[2]: one.message for one in found if one.field.startswith(f"{name}-{number}-")},
            number == 0,
            number == len(rows) - 1,
        )
        for number, fields in enumerate(rows)
    )


def preview_of(read: ReadDraft) -> Preview:
    """The question as a learner meets it, its parts in the author’s order, and as they review it."""
    content = read.content
    kind = KINDS[content.kind]
    shown = kind.shown(content, render_text)
    shape = Shape(content.choose, kind.parts(content))
    question = ShownQuestion(
        position=1,
        stem=shown["stem"],
        options=tuple(ShownOption(place, shown["options"][one], False) for place, one in enumerate(shape.shown, 1)),
        choose=content.choose,
        control=kind.control,
        widget=kind.widget,
        given=(),
        scenario=shown.get("scenario", ""),
        unit=shown.get("unit", ""),
        flagged=False,
        complete=False,
        answered=False,
    )
    if _broken(read):
        return Preview(question, _explained(read, [], {}))
    key = kind.key(content, render_text)
    return Preview(question, _explained(read, kind.review(shape, (), shown, key), key["rationales"]))


def _broken(read: ReadDraft) -> bool:
    """Whether the kind cannot even be reviewed: pairs that lead nowhere, an answer that is none."""
    return any(one.field in ("options", "extra") for one in read.mistakes) and not KINDS[read.content.kind].has_options


def _explained(read: ReadDraft, rows: list[ReviewRow], rationales: dict[str, str]) -> Explained:
    constraints = dict(read.attributes.constraints)
    breaks = {option: constraints.get(broken, "") for option, broken, _ in read.attributes.flaws}
    return Explained(
        position=1,
        withheld=False,
        control=KINDS[read.content.kind].control,
        scenario="",
        stem="",
        options=tuple(
            ExplainedOption(
                letter=LETTERS[place] if place < len(LETTERS) else "",
                html=row.html,
                correct=row.correct,
                chosen=False,
                rationale=rationales.get(row.part, ""),
                broken=breaks.get(row.part, ""),
                given=row.given,
                expected=row.expected,
            )
            for place, row in enumerate(rows)
        ),
        choose=read.content.choose,
        right=False,
        answered=False,
        scored=True,
        flagged=False,
        confidence="",
        seconds=None,
        code="",
        statements=(),
        sources=(),
        verified_on=None,
    )
