"""The file exams.yaml: exams of the provider, and the mock exams offered for them."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from quizzes.formats.located import Located, LocatedError, load
from quizzes.formats.native import CODE, FormatErrors, Problem

PLACED_BY = ("domain", "task")
TASK = re.compile(r"[1-9]\.[1-9]")
MOST_QUESTIONS = 300
MOST_MINUTES = 1000

Record = Mapping[str, Any]


def parse_exams(text: str) -> tuple[list[Record], list[Record]]:
    """The exams and presets of exams.yaml. Raises FormatErrors with all that is wrong."""
    try:
        document = load(text)
    except LocatedError as error:
        raise FormatErrors([Problem(error.line, "", error.message)]) from error
    lists = isinstance(document, Located) and set(document) == {"exams", "presets"}
    if not lists or not all(isinstance(value, list) for value in document.values()):
        raise FormatErrors([Problem(1, "", "exams.yaml holds “exams:” and “presets:”, both lists")])
    problems: list[Problem] = []
    exams = _records(document, "exams", _EXAM_RULES, problems)
    for exam in exams:
        _domains(exam, problems)
    presets = _records(document, "presets", _PRESET_RULES, problems)
    _doubled(exams, "code", problems)
    _doubled(presets, "slug", problems)
    codes = {str(one.get("code")) for one in exams}
    for preset in presets:
        if "exam" in preset and str(preset["exam"]) not in codes:
            problems.append(Problem(preset.line_of("exam"), "", f"no exam “{preset['exam']}” stands above"))
    if problems:
        raise FormatErrors(problems)
    return list(exams), list(presets)


def _records(
    document: Located, name: str, rules: Mapping[str, tuple[Any, str]], problems: list[Problem]
) -> list[Located]:
    found = []
    for entry in document[name]:
        if isinstance(entry, Located):
            found.append(entry)
            problems += _problems(entry, rules)
        else:
            problems.append(Problem(document.line_of(name), "", f"an entry is a mapping of {', '.join(rules)}"))
    return found


def _problems(entry: Located, rules: Mapping[str, tuple[Any, str]]) -> list[Problem]:
    found = []
    for key, (good, advice) in rules.items():
        if key not in entry:
            found.append(Problem(entry.line, "", f"the key “{key}” is missing: add it"))
        elif not good(entry[key]):
            found.append(Problem(entry.line_of(key), "", f"{key}: {advice}"))
    for key in entry:
        if key not in rules:
            found.append(Problem(entry.line_of(key), "", f"unknown key “{key}”: it takes {', '.join(rules)}"))
    return found


def _doubled(entries: list[Located], key: str, problems: list[Problem]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = str(entry.get(key))
        if key in entry and name in seen:
            problems.append(Problem(entry.line_of(key), "", f"{key} “{name}” stands twice: give each its own"))
        seen.add(name)


def _domains(exam: Located, problems: list[Problem]) -> None:
    numbers: set[Any] = set()
    domains = exam.get("domains")
    for one in domains if isinstance(domains, list) else []:
        if not isinstance(one, Located):
            problems.append(Problem(exam.line_of("domains"), "", "a domain is a mapping of number, name and weight"))
            continue
        problems += _problems(
            one, {key: rule for key, rule in _DOMAIN_RULES.items() if key in one or key not in _MAY_LACK}
        )
        number = str(one.get("number"))
        if number in numbers:
            problems.append(Problem(one.line, "", f"domain {number} stands twice: give each its own number"))
        numbers.add(number)
    if not problems and sum(one["weight"] for one in exam["domains"]) != 100:
        line = exam.line_of("domains")
        problems.append(Problem(line, "", "the weights of the domains do not sum to 100: correct them"))


def _text(longest: int) -> Any:
    return lambda value: isinstance(value, str) and 0 < len(value.strip()) <= longest


def _number(low: int, high: int) -> Any:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and bool(CODE.fullmatch(value)) and len(value) <= 80


def _are_tasks(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_task, value))


def _is_task(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"number", "name"} and bool(TASK.fullmatch(str(value["number"])))


def _is_weight(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 100


def _are_sources(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_source, value))


def _is_source(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"title", "url"} and str(value["url"]).startswith("https://")


_DOMAIN_RULES: dict[str, tuple[Any, str]] = {
    "number": (_number(1, 9), "a number from 1 on"),
    "name": (_text(200), "write its name"),
    "short": (_text(80), "write a short name, or leave it out"),
    "weight": (_is_weight, "its share in percent, above 0"),
    "tasks": (_are_tasks, 'a list of number ("1.1") and name, or leave it out'),
}
_MAY_LACK = ("short", "tasks")
_EXAM_RULES: dict[str, tuple[Any, str]] = {
    "code": (lambda value: _is_slug(str(value).lower()) and len(str(value)) <= 20, "letters, digits and hyphens"),
    "title": (_text(200), "write its name"),
    "starts_on": (_is_date, "a date such as 2026-11-17"),
    "ends_on": (lambda value: value is None or _is_date(value), "a date such as 2026-11-16, or null"),
    "provisional": (lambda value: isinstance(value, bool), "true or false"),
    "note": (lambda value: value is None or isinstance(value, str), "text, or null"),
    "placed_by": (lambda value: value in PLACED_BY, "domain (of SAP-C03) or task (of SAP-C02)"),
    "domains": (lambda value: isinstance(value, list) and value, "a list of number, name and weight"),
    "sources": (_are_sources, "a list of title and https url"),
}
_PRESET_RULES: dict[str, tuple[Any, str]] = {
    "slug": (_is_slug, "lower-case letters, digits and hyphens"),
    "title": (_text(200), "write its name"),
    "summary": (_text(1000), "write a sentence"),
    "exam": (lambda value: isinstance(value, str), "the code of an exam"),
    "scored": (_number(1, MOST_QUESTIONS), f"1 to {MOST_QUESTIONS}"),
    "unscored": (_number(0, MOST_QUESTIONS), f"0 to {MOST_QUESTIONS}"),
    "minutes": (_number(1, MOST_MINUTES), f"1 to {MOST_MINUTES}"),
}
