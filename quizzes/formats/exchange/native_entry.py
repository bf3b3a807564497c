"""One question of the site’s own format, as plain data and back: the keys of the bank’s files (docs/authoring.md).

What an author of the site may leave out may be absent; ``title``, ``tags``, ``licence`` and ``scenario_text`` are more.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.located import Located
from quizzes.formats.native import FLAGS, LEVELS, STATUSES, TASKS

KEYS = (
    *("id", "title", "status", "kind", "task", "domain", "topics", "tags", "level", "difficulty", "scenario"),
    *("scenario_text", "stem", "constraints", "choose", "order", "options", "extra", "references", "sources"),
    *("verified_on", "enemies", "contrast", "flags", "reviewed", "licence"),
)
_OPTION = ("id", "text", "correct", "rationale", "breaks", "family")
Scenarios = dict[str, str]


class Wrong(ValueError):
    """A mistake in an entry: its line, and what to do."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


def entry_of(one: Exchanged, scenarios: Scenarios) -> dict[str, Any]:
    """The question as plain data. ``scenarios`` gathers the shared texts; one that is taken stands in the question."""
    content, known = one.content, one.known
    flaws = {option: {"breaks": breaks, "family": family} for option, breaks, family in known.flaws}
    shared = bool(known.scenario and content.scenario)
    if shared:
        shared = scenarios.setdefault(known.scenario, content.scenario) == content.scenario
    found: dict[str, Any] = {
        "id": one.code,
        "title": one.title,
        "status": one.status,
        "kind": content.kind,
        "task": known.task,
        "domain": known.domain,
        "topics": list(known.topics),
        "tags": list(known.tags),
        "level": known.level,
        "difficulty": known.difficulty,
        "scenario": known.scenario,
        "scenario_text": "" if shared else content.scenario,
        "stem": content.stem,
        "constraints": [{"id": code, "text": text} for code, text in known.constraints],
        "choose": content.choose,
        "order": content.order,
        "options": [_option_entry(option, flaws) for option in content.options],
        "extra": dict(content.extra),
        "references": [f"{topic}^{anchor}" for topic, anchor in known.references],
        "sources": [{"title": title, "url": url} for title, url in known.sources],
        "verified_on": known.verified_on,
        "enemies": list(known.enemies),
        "contrast": list(known.contrast),
        "flags": list(one.flags),
        "reviewed": dict(one.reviewed),
        "licence": one.licence,
    }
    return {name: value for name, value in found.items() if value not in ("", None, [], {})}


def _option_entry(option: Option, flaws: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    said = {"id": option.id, "text": option.text, "correct": option.correct, "rationale": option.rationale}
    said |= flaws.get(option.id, {})
    return {name: value for name, value in said.items() if value != ""}


def question_of(entry: Any, scenarios: Scenarios) -> Exchanged:
    """The question that an entry is. Raises Wrong, with the line of the mistake."""
    if not isinstance(entry, Located):
        raise Wrong(0, "a question is a mapping with stem and options")
    read = _Entry(entry)
    content = _content(read, scenarios)
    return Exchanged(
        code=read.text("id"),
        content=content,
        title=read.text("title"),
        known=_known(read),
        status=read.one_of("status", STATUSES) or "draft",
        flags=read.all_of("flags", FLAGS),
        reviewed=tuple((key, str(value)) for key, value in read.mapping("reviewed").items()),
        licence=read.text("licence"),
    )


def _content(read: "_Entry", scenarios: Scenarios) -> Content:
    kind = read.one_of("kind", tuple(KINDS)) or "multiple_choice"
    shape = KINDS[kind]
    options = tuple(_option(one, shape.whole) for one in read.rows("options", _OPTION))
    code, text = read.text("scenario"), read.text("scenario_text")
    if code and not text and code not in scenarios:
        raise read.wrong("scenario", f"there is no scenario “{code[:60]}”: add it to “scenarios” of this file")
    content = Content(
        kind,
        read.text("stem"),
        read.number("choose", 1, 12) or shape.asked(options),
        read.text("order") or shape.orders[0],
        options,
        _extra(read),
        text or scenarios.get(code, ""),
    )
    if not content.stem:
        raise read.wrong("stem", "write the question: “stem” is missing")
    if empty := [one.id for one in options if not one.text]:
        raise read.wrong("options", f"option {empty[0]} has no text: write it, or remove the option")
    if flaws := shape.flaws(content):
        raise read.wrong("options", "; ".join(flaws))
    return content


def _extra(read: "_Entry") -> dict[str, Any]:
    extra = read.mapping("extra")
    accepted = extra.get("accepted")
    if isinstance(accepted, list) and not all(isinstance(one, str) for one in accepted):
        raise read.wrong("extra", "accepted: a list of texts; put numbers in quotes")
    plain: dict[str, Any] = _plain(extra)
    return plain


def _option(row: Located, whole: bool) -> Option:
    read = _Entry(row)
    correct = row.get("correct", whole)
    if not isinstance(correct, bool):
        raise read.wrong("correct", "correct: write true or false")
    return Option(read.text("id"), read.text("text"), correct, read.text("rationale"))


def _known(read: "_Entry") -> Attributes:
    flaws = [
        (one.text("id"), one.text("breaks"), one.text("family"))
        for one in map(_Entry, read.rows("options", _OPTION))
        if one.text("breaks") or one.text("family")
    ]
    return Attributes(
        task=read.one_of("task", sorted(TASKS)),
        domain=read.number("domain", 1, 5),
        level=read.one_of("level", LEVELS),
        difficulty=read.number("difficulty", 1, 5),
        topics=read.texts("topics"),
        references=tuple(_reference(read, one) for one in read.texts("references")),
        sources=read.pairs("sources", "title", "url"),
        verified_on=read.date("verified_on"),
        constraints=read.pairs("constraints", "id", "text"),
        flaws=tuple(flaws),
        tags=read.texts("tags"),
        enemies=read.texts("enemies"),
        contrast=read.texts("contrast"),
        scenario=read.text("scenario"),
    )


def _reference(read: "_Entry", text: str) -> tuple[str, str]:
    topic, sign, anchor = text.partition("^")
    if not (sign and topic and anchor):
        raise read.wrong("references", f"“{text[:60]}” is no statement: write topic^anchor")
    return topic, anchor


def _plain(value: Any) -> Any:
    """Plain data; numbers as they were written."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool) else str(value)


class _Entry:
    """A mapping of a file whose values are asked for by what they must be. Each method may raise Wrong."""

    def __init__(self, entry: Located) -> None:
        self._entry = entry

    def wrong(self, key: str, words: str) -> Wrong:
        """A mistake at this key."""
        return Wrong(self._entry.line_of(key), words)

    def _value(self, key: str, kind: type | tuple[type, ...], words: str) -> Any:
        value = self._entry.get(key)
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool | datetime)):
            raise self.wrong(key, f"{key}: {words}")
        return value

    def text(self, key: str) -> str:
        """Trimmed; empty where it is absent. A number without quotes is none: 010 and 12:30 mean others in YAML."""
        value = self._value(key, str, "write a text; put it in quotes")
        return "" if value is None else str(value).strip().replace("\0", "")

    def one_of(self, key: str, values: tuple[str, ...] | list[str]) -> str:
        """One of these, or empty."""
        text = self.text(key)
        if text and text not in values:
            raise self.wrong(key, f"{key}: one of {', '.join(values)}")
        return text

    def number(self, key: str, low: int, high: int) -> int | None:
        """A whole number, or None."""
        value: int | None = self._value(key, int, f"a whole number from {low} to {high}")
        if value is not None and not low <= value <= high:
            raise self.wrong(key, f"{key}: a whole number from {low} to {high}")
        return value

    def date(self, key: str) -> date | None:
        """A date, or None."""
        value: date | None = self._value(key, date, "a date such as 2026-11-23")
        return value

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping, empty where it is absent."""
        return self._value(key, dict, "a mapping") or {}

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._value(key, list, "a list of texts") or []
        if not all(isinstance(one, str) and one.strip() for one in values):
            raise self.wrong(key, f"{key}: a list of texts; put numbers in quotes")
        return tuple(values)

    def all_of(self, key: str, values: tuple[str, ...]) -> tuple[str, ...]:
        """A list of some of these."""
        found = self.texts(key)
        if strange := [one for one in found if one not in values]:
            raise self.wrong(key, f"unknown “{strange[0][:60]}” in {key}: one of {', '.join(values)}")
        return found

    def rows(self, key: str, names: tuple[str, ...]) -> list[Located]:
        """A list of mappings with no other keys than these."""
        rows = self._value(key, list, f"a list of mappings with {', '.join(names)}") or []
        for one in rows:
            if not isinstance(one, Located):
                raise self.wrong(key, f"{key}: a list of mappings with {', '.join(names)}")
            if strange := [name for name in one if name not in names]:
                raise Wrong(one.line_of(strange[0]), f"unknown key “{strange[0][:60]}”: one of {', '.join(names)}")
        return list(rows)

    def pairs(self, key: str, first: str, second: str) -> tuple[tuple[str, str], ...]:
        """A list of two texts each."""
        return tuple((one.text(first), one.text(second)) for one in map(_Entry, self.rows(key, (first, second))))
