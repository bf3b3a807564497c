"""The head of a note: YAML between two lines `---`."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml

from ..markup import ANCHOR_NAME, TOPIC_NAME, did_you_mean, is_web_address, listed

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TASKS_IN_DOMAIN = {1: 5, 2: 6, 3: 5, 4: 4}
_TASKS = {f"{domain}.{task}" for domain, last in _TASKS_IN_DOMAIN.items() for task in range(1, last + 1)}

Problems = list[tuple[int, str]]
Complaints = Iterator[tuple[int | str | None, str]]
"""(index or key within the value, or None for the value as a whole; what to do)"""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts of a page come from."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True)
class FrontMatter:
    """What a note says of itself. `covers` holds (lesson, heading); `lines` the line of each key and list item."""

    title: str
    lesson: str
    order: int
    tasks: tuple[str, ...]
    domains: tuple[int, ...]
    verified_on: date
    lede: str
    sources: tuple[Source, ...]
    services: tuple[str, ...]
    covers: tuple[tuple[str, str], ...]
    see_also: tuple[str, ...]
    aliases: tuple[str, ...]
    anchor_aliases: Mapping[str, str]
    unverified: bool
    lines: Mapping[str, int]

    def line(self, key: str, index: int | str | None = None) -> int:
        """The line in which a key, or one of its items, stands."""
        return self.lines.get(f"{key}.{index}", self.lines.get(key, 1))


def split_front_matter(text: str) -> tuple[str, str, int] | None:
    """(YAML, body, number of the body's first line), or None where the two lines `---` are not there."""
    lines = text.split("\n")
    ends = [number for number, line in enumerate(lines) if number and line.rstrip() == "---"]
    if lines[0].rstrip() != "---" or not ends:
        return None
    end = ends[0]
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def parse_front_matter(head: str) -> tuple[FrontMatter | None, Problems]:
    """The front matter in the YAML of a note, or None, and every (line, message) that is wrong with it."""
    try:
        values, lines, problems = _load(head)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        return None, [(line, f"the front matter is no YAML ({error.problem}): quote text that holds a colon")]
    except ValueError as error:
        return None, [(2, f"the front matter cannot be read: {error}")]
    for key in values:
        if key not in _CHECKS:
            hint = did_you_mean(key, _CHECKS) or f"use {listed(_CHECKS, 'or')}"
            problems.append((lines[key], f"there is no key “{key}”: {hint}"))
    for key, check in _CHECKS.items():
        if key in values:
            for index, message in check(values[key]):
                problems.append((lines.get(f"{key}.{index}", lines[key]), f"{key}: {message}"))
        elif key in _REQUIRED and key not in lines:
            problems.append((1, f"the front matter lacks “{key}”"))
    return (None if problems else _front_matter(values, lines)), problems


def _load(head: str) -> tuple[dict[str, Any], dict[str, int], Problems]:
    loader = _Loader(head)
    try:
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise ValueError("it must hold keys and values")
        values: dict[str, Any] = {}
        lines: dict[str, int] = {}
        problems: Problems = []
        for key, value in node.value:
            line = key.start_mark.line + 2
            if str(key.value) in lines:
                problems.append((line, f"“{key.value}” stands already in line {lines[str(key.value)]}: give it once"))
            lines[str(key.value)] = line
            items: list[Any] = value.value if isinstance(value, yaml.CollectionNode) else []
            for index, item in enumerate(items):
                first = item[0] if isinstance(item, tuple) else item
                name = first.value if isinstance(item, tuple) else index
                lines[f"{key.value}.{name}"] = first.start_mark.line + 2
            try:
                values[str(key.value)] = loader.construct_object(value, deep=True)
            except ValueError as error:
                problems.append((line, f"{key.value}: this cannot be read ({error})"))
        return values, lines, problems
    finally:
        loader.dispose()


def _front_matter(values: dict[str, Any], lines: dict[str, int]) -> FrontMatter:
    def entries(key: str) -> list[Any]:
        return list(values.get(key, []))

    return FrontMatter(
        title=values["title"],
        lesson=values["lesson"],
        order=values["order"],
        tasks=tuple(values["tasks"]),
        domains=tuple(values["domains"]),
        verified_on=values["verified_on"],
        lede=values["lede"].strip(),
        sources=tuple(Source(item["title"], item["url"]) for item in values["sources"]),
        services=tuple(entries("services")),
        covers=tuple((lesson, heading) for lesson, _, heading in (item.partition("/") for item in entries("covers"))),
        see_also=tuple(entries("see_also")),
        aliases=tuple(entries("aliases")),
        anchor_aliases=dict(values.get("anchor_aliases", {})),
        unverified=values.get("unverified", False),
        lines=lines,
    )


def _text(value: Any) -> Complaints:
    if not isinstance(value, str) or not value.strip():
        yield None, "write text, in quotes if YAML takes it for something else"


def _line(value: Any) -> Complaints:
    yield from _text(value)
    if isinstance(value, str) and "\n" in value.strip():
        yield None, "write it in one line"


def _number(value: Any) -> Complaints:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        yield None, "write a whole number, 0 or more"


def _date(value: Any) -> Complaints:
    if not isinstance(value, date) or isinstance(value, datetime):
        yield None, "write a date as 2026-11-23, without quotes"


def _switch(value: Any) -> Complaints:
    if not isinstance(value, bool):
        yield None, "write true or false"


def _named(pattern: re.Pattern[str], example: str) -> Callable[[Any], Complaints]:
    def check(value: Any) -> Complaints:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield None, f"“{value}” is no name: use lower-case letters, digits and single hyphens, as in {example}"

    return check


def _task(value: Any) -> Complaints:
    if not isinstance(value, str):
        yield None, f'put task {value} in quotes: "{value}"'
    elif value not in _TASKS:
        yield None, f"there is no task {value}: SAP-C02 has 1.1-1.5, 2.1-2.6, 3.1-3.5 and 4.1-4.4"


def _domain(value: Any) -> Complaints:
    if isinstance(value, bool) or value not in (1, 2, 3, 4, 5):
        yield None, f"there is no domain {value}: SAP-C03 has 1 to 5, as numbers"


def _covered(value: Any) -> Complaints:
    if not isinstance(value, str) or not all(value.partition("/")):
        yield None, "write lesson/heading"


def _source(value: Any) -> Complaints:
    if not isinstance(value, dict) or set(value) != {"title", "url"}:
        yield None, "write a title and a url, nothing else"
        return
    for _, message in _line(value["title"]):
        yield None, f"title: {message}"
    if not isinstance(value["url"], str) or not is_web_address(value["url"]):
        yield None, f"“{value['url']}” is no https address"


def _list(check: Callable[[Any], Complaints], *, least: int = 0) -> Callable[[Any], Complaints]:
    def check_all(value: Any) -> Complaints:
        if not isinstance(value, list):
            yield None, "write a list"
            return
        if len(value) < least:
            yield None, f"give at least {least}"
        for index, item in enumerate(value):
            for _, message in check(item):
                yield index, message
            if item in value[:index]:
                yield index, f"“{item}” stands twice: remove one"

    return check_all


def _mapping(check: Callable[[Any], Complaints]) -> Callable[[Any], Complaints]:
    def check_all(value: Any) -> Complaints:
        if not isinstance(value, dict):
            yield None, "write former: present, or {}"
            return
        for pair in value.items():
            for part in pair:
                for _, message in check(part):
                    yield str(pair[0]), message

    return check_all


_slug = _named(TOPIC_NAME, "nat-gateways")
_anchor = _named(ANCHOR_NAME, "nat-zonal-az")
_CHECKS: dict[str, Callable[[Any], Complaints]] = {
    "title": _line,
    "lesson": _slug,
    "order": _number,
    "tasks": _list(_task),
    "domains": _list(_domain),
    "verified_on": _date,
    "lede": _text,
    "sources": _list(_source, least=1),
    "services": _list(_line),
    "covers": _list(_covered),
    "see_also": _list(_slug),
    "aliases": _list(_slug),
    "anchor_aliases": _mapping(_anchor),
    "unverified": _switch,
}
_REQUIRED = ("title", "lesson", "order", "tasks", "domains", "verified_on", "lede", "sources")
