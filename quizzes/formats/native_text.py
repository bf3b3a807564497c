"""The bank's own format, written: what ``native.parse_bank`` reads comes back equal, but for the lines."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import yaml

from quizzes.engine.content import Option
from quizzes.formats.native import BankQuestion

WIDTH = 120


class _Writer(yaml.SafeDumper):
    """Texts of several lines as blocks; the items of a list under their key, one step in."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Writer.add_representer(str, _text)


def write_bank(questions: Iterable[BankQuestion]) -> str:
    """The text of a bank file with these questions. Raises ValueError where one scenario has two texts."""
    listed = list(questions)
    scenarios = _scenarios(listed)
    document: dict[str, Any] = {}
    if scenarios:
        document["scenarios"] = [{"id": code, "text": text} for code, text in scenarios.items()]
    document["questions"] = [_entry(one) for one in listed]
    return dumped(document)


def dumped(document: Any) -> str:
    """Plain data as YAML in the style of the bank’s files."""
    text: str = yaml.dump(document, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=WIDTH)
    return text


def _scenarios(questions: list[BankQuestion]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in questions:
        if bool(one.scenario) != bool(one.content.scenario):
            raise ValueError(f"{one.code}: a scenario has an id and a text")
        if one.scenario and found.setdefault(one.scenario, one.content.scenario) != one.content.scenario:
            raise ValueError(f"{one.code}: the scenario “{one.scenario}” has another text in a question before it")
    return found


def _entry(one: BankQuestion) -> dict[str, Any]:
    content = one.content
    optional = {
        "scenario": one.scenario,
        "extra": dict(content.extra),
        "enemies": list(one.enemies),
        "contrast": list(one.contrast),
        "flags": list(one.flags),
        "reviewed": {key: _typed(value) for key, value in one.reviewed},
    }
    flaws = {option: {"breaks": breaks, "family": family} for option, breaks, family in one.flaws}
    entry = {
        "id": one.code,
        "status": one.status,
        "kind": content.kind,
        "task": one.task,
        "domain": one.domain,
        "topics": list(one.topics),
        "level": one.level,
        "difficulty": one.difficulty,
        "stem": content.stem,
        "constraints": [{"id": code, "text": text} for code, text in one.constraints],
        "choose": content.choose,
        "order": content.order,
        "options": [_option(option, flaws) for option in content.options],
        "references": [f"{topic}^{anchor}" for topic, anchor in one.references],
        "sources": [{"title": title, "url": url} for title, url in one.sources],
        "verified_on": one.verified_on,
    }
    return entry | {name: value for name, value in optional.items() if value}


def _option(option: Option, flaws: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    said = {"id": option.id, "text": option.text, "correct": option.correct, "rationale": option.rationale}
    return said | dict(flaws.get(option.id, {}))


def _typed(value: str) -> Any:
    """A date, number or truth value as such where its text is the same again."""
    if value in ("True", "False"):
        return value == "True"
    if value.isascii() and value.isdigit() and str(int(value)) == value:
        return int(value)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return value
    return day if str(day) == value else value
