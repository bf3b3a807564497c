"""The text of reference/lifecycle.yaml -> a Register."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from ..markup import did_you_mean, is_web_address, listed
from .model import CLOSED_STATUSES, KINDS, STATUSES, Entry, Register, RegisterError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_KEYS = ("name", "short", "former", "kind", "status", "since", "successor", "systems", "text", "source")
_REQUIRED = ("name", "kind", "status", "text", "source")
LONGEST_TEXT = 30
"""Words in which an entry is explained."""

Problems = list[tuple[int, str]]


def parse_register(text: str) -> Register:
    """Read the register. Raises RegisterError with every (line, message)."""
    try:
        data, lines = _load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RegisterError([(line, f"this is no YAML ({error.problem}): quote text that holds a colon")]) from error
    if not isinstance(data, dict) or not isinstance(data.get("entries"), list):
        raise RegisterError([(1, "write a list under “entries”")])
    if unknown := set(data) - {"entries", "not_services"}:
        raise RegisterError([(1, f"there is no key “{min(unknown)}”: use entries and not_services")])
    problems: Problems = []
    entries = [
        entry for item, line in zip(data["entries"], lines, strict=True) if (entry := _entry(item, line, problems))
    ]
    register = Register(tuple(entries), tuple(data.get("not_services") or ()))
    problems += _doubled(register)
    problems += _astray(register)
    if problems:
        raise RegisterError(problems)
    return register


def _load(text: str) -> tuple[Any, list[int]]:
    """The data, and the line in which each entry starts."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        lines: list[int] = []
        for key, value in node.value if isinstance(node, yaml.MappingNode) else []:
            if key.value == "entries" and isinstance(value, yaml.SequenceNode):
                lines = [item.start_mark.line + 1 for item in value.value]
        return (loader.construct_document(node) if node else None), lines
    finally:
        loader.dispose()


def _entry(item: Any, line: int, problems: Problems) -> Entry | None:
    if not isinstance(item, dict) or not isinstance(item.get("name"), str):
        problems.append((line, "an entry needs a name"))
        return None
    found = list(_faults(item))
    problems += [(line, f"{item['name']}: {fault}") for fault in found]
    if found:
        return None
    return Entry(
        name=item["name"],
        kind=item["kind"],
        status=item["status"],
        text=item["text"].strip(),
        source_title=item["source"]["title"],
        source_url=item["source"]["url"],
        since=item.get("since", ""),
        short=tuple(item.get("short", ())),
        former=tuple(item.get("former", ())),
        successors=tuple(item.get("successor", ())),
        systems=tuple(item.get("systems", ())),
        line=line,
    )


def _faults(item: Mapping[str, Any]) -> Iterator[str]:
    for key in item:
        if key not in _KEYS:
            yield f"there is no key “{key}”: {did_you_mean(key, _KEYS) or 'use ' + listed(_KEYS, 'or')}"
    for key in _REQUIRED:
        if key not in item:
            yield f"“{key}” is missing"
    for key, check in _CHECKS.items():
        if key in item and (fault := check(item[key])):
            yield f"{key}: {fault}"
    if item.get("status") in CLOSED_STATUSES:
        for key in ("since", "successor"):
            if key not in item:
                yield f"“{key}” is missing: what is {item['status']} says since when, and what to use instead"


def _one_of(values: tuple[str, ...]) -> Callable[[Any], str]:
    return lambda value: "" if value in values else f"write {listed(values, 'or')}"


def _names(value: Any) -> str:
    good = isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value)
    return "" if good else "write a list of names"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        return "write one sentence"
    return "" if len(value.split()) <= LONGEST_TEXT else f"use at most {LONGEST_TEXT} words"


def _source(value: Any) -> str:
    if not isinstance(value, dict) or set(value) != {"title", "url"} or not isinstance(value["title"], str):
        return "write a title and a url"
    return "" if is_web_address(str(value["url"])) else f"“{value['url']}” is no https address"


def _since(value: Any) -> str:
    good = isinstance(value, str) and _DAY.fullmatch(value)
    return "" if good else 'write "2024", "2024-02" or "2024-02-09", in quotes'


_CHECKS: dict[str, Callable[[Any], str]] = {
    "short": _names,
    "former": _names,
    "kind": _one_of(KINDS),
    "status": _one_of(STATUSES),
    "since": _since,
    "successor": _names,
    "systems": _names,
    "text": _text,
    "source": _source,
}


def _doubled(register: Register) -> Iterator[tuple[int, str]]:
    """A spelling, an anchor or a system that two entries claim."""
    taken: dict[tuple[str, str], Entry] = {}
    for entry in register.entries:
        claims = [("spelling", one) for one in entry.spellings] + [("system", one) for one in entry.systems]
        for claim in [*claims, ("anchor", entry.slug)]:
            first = taken.setdefault(claim, entry)
            if first is not entry or claims.count(claim) > 1:
                yield entry.line, f"{entry.name}: the {claim[0]} “{claim[1]}” stands at {first.name}: remove one"


def _astray(register: Register) -> Iterator[tuple[int, str]]:
    names = [entry.name for entry in register.entries]
    for entry in register.entries:
        for successor in entry.successors:
            if successor not in names:
                hint = did_you_mean(successor, names)
                yield entry.line, f"{entry.name}: there is no entry “{successor}”" + (f": {hint}" if hint else "")
