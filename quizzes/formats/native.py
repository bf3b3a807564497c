"""The bank's own format: YAML files of questions, read with every mistake named."""

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.engine.losses import FALSE_MECHANISM, FAMILIES
from quizzes.formats.located import Located, LocatedError, load

TASKS = {f"{domain}.{task}" for domain, count in ((1, 5), (2, 6), (3, 5), (4, 4)) for task in range(1, count + 1)}
STATUSES = ("draft", "pilot", "published", "retired")
LEVELS = ("remember", "understand", "apply", "analyze", "evaluate")
FLAGS = ("then-now", "new-in-c03", "existing-customer")
CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
REFERENCE = re.compile(r"([a-z0-9-]+)\^([a-z0-9-]+)")

REQUIRED = [
    "id",
    "status",
    "kind",
    "task",
    "domain",
    "topics",
    "level",
    "difficulty",
    "stem",
    "constraints",
    "choose",
    "options",
    "order",
    "references",
    "sources",
    "verified_on",
]
OPTIONAL = ["enemies", "contrast", "flags", "reviewed", "extra", "scenario"]
CONTENT = ("kind", "stem", "choose", "order", "options", "extra", "scenario")
REVIEWED = ("date", "agree", "readers")
LONGEST_ID = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: line, the question it belongs to (or none), and what to do."""

    line: int
    code: str
    message: str


class FormatErrors(Exception):
    """Everything that is wrong with a text, at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"line {one.line}: {one.message}" for one in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class BankQuestion:
    """A question as a file holds it: its content, and the attributes that change in place."""

    code: str
    line: int
    status: str
    content: Content
    task: str
    domain: int
    topics: tuple[str, ...]
    level: str
    difficulty: int
    constraints: tuple[tuple[str, str], ...]
    flaws: tuple[tuple[str, str, str], ...]
    references: tuple[tuple[str, str], ...]
    sources: tuple[tuple[str, str], ...]
    verified_on: date
    enemies: tuple[str, ...]
    contrast: tuple[str, ...]
    flags: tuple[str, ...]
    reviewed: tuple[tuple[str, str], ...]
    scenario: str = ""
    lines: Mapping[str, int] = field(default_factory=dict, compare=False)

    def line_of(self, key: str) -> int:
        """The line of a key in its file, or of the question where the key is absent."""
        return self.lines.get(key, self.line)

    @property
    def attributes_digest(self) -> str:
        """SHA-256 over all that is not the content, in hexadecimal: unchanged attributes write nothing."""
        left_out = {"content", "line", "lines"} | ({"scenario"} if not self.scenario else set())
        names = [name for name in self.__slots__ if name not in left_out]
        source = json.dumps([[name, getattr(self, name)] for name in names], default=str, ensure_ascii=False)
        return hashlib.sha256(source.encode()).hexdigest()


def parse_bank(text: str) -> list[BankQuestion]:
    """The questions of one bank file, in order. Raises FormatErrors with all that is wrong."""
    try:
        document = load(text)
    except LocatedError as error:
        raise FormatErrors([Problem(error.line, "", error.message)]) from error
    if not isinstance(document, Located) or not isinstance(document.get("questions"), list):
        raise FormatErrors([Problem(1, "", "a bank file holds “questions:” and a list")])
    problems: list[Problem] = []
    if extra := set(document) - {"questions", "scenarios"}:
        advice = f"unknown key “{min(extra)}”: only “questions” and “scenarios”"
        problems.append(Problem(document.line_of(min(extra)), "", advice))
    scenarios = _scenarios(document, problems)
    questions = []
    for entry in document["questions"]:
        reader = _Reader(entry, document.line_of("questions"), scenarios)
        question = reader.question()
        problems += reader.problems
        if question is not None:
            questions.append(question)
    if problems:
        raise FormatErrors(problems)
    return questions


def _scenarios(document: Located, problems: list[Problem]) -> dict[str, str]:
    """The shared texts of a file, by id."""
    found: dict[str, str] = {}
    entries = document.get("scenarios", [])
    if not _records(entries, ("id", "text")):
        problems.append(Problem(document.line_of("scenarios"), "", "scenarios: a list of id and text"))
        return found
    for one in entries:
        if not _is_code(one["id"]) or one["id"] in found:
            advice = "the id of a scenario is of lower-case letters, digits and hyphens, and each has its own"
            problems.append(Problem(one.line_of("id"), "", advice))
        found[one["id"]] = one["text"].strip()
    return found


class _Reader:
    """Reads one entry and gathers what is wrong with it."""

    def __init__(self, entry: Any, line: int, scenarios: Mapping[str, str]) -> None:
        self.scenarios = scenarios
        self.entry = entry if isinstance(entry, Located) else Located()
        if not isinstance(entry, Located):
            self.entry.line, self.entry.key_lines = line, {}
        self.code = str(self.entry.get("id", ""))
        self.problems: list[Problem] = []
        self.bad: set[str] = set()

    def wrong(self, key: str, message: str, line: int | None = None) -> None:
        """Note a mistake in the value of a key, at the key's line or a closer one."""
        self.bad.add(key)
        self.problems.append(Problem(line or self.entry.line_of(key), self.code, message))

    def question(self) -> BankQuestion | None:
        """The question, or None when ``problems`` says why not."""
        if not self.entry:
            self.wrong("id", "a question is a mapping with id, stem and options")
            return None
        self._keys()
        self._values()
        self._lists()
        content = self._content()
        self._constraints()
        self._distractors()
        if self.problems or content is None:
            return None
        return self._made(content)

    def _made(self, content: Content) -> BankQuestion:
        entry = self.entry
        return BankQuestion(
            code=self.code,
            line=entry.line,
            status=entry["status"],
            content=content,
            task=entry["task"],
            domain=entry["domain"],
            topics=tuple(entry["topics"]),
            level=entry["level"],
            difficulty=entry["difficulty"],
            constraints=tuple((one["id"], one["text"]) for one in entry["constraints"]),
            flaws=tuple((one["id"], one["breaks"], one["family"]) for one in entry["options"] if "breaks" in one),
            references=tuple(_references(entry["references"])),
            sources=tuple((one["title"], one["url"]) for one in entry["sources"]),
            verified_on=entry["verified_on"],
            enemies=tuple(entry.get("enemies") or ()),
            contrast=tuple(entry.get("contrast") or ()),
            flags=tuple(entry.get("flags") or ()),
            reviewed=tuple((key, str(value)) for key, value in (entry.get("reviewed") or {}).items()),
            scenario=entry.get("scenario") or "",
            lines=entry.key_lines,
        )

    def _keys(self) -> None:
        known = [*REQUIRED, *OPTIONAL]
        for key in self.entry:
            if key not in known:
                near = get_close_matches(key, known, 1)
                self.wrong(key, f"unknown key “{key}”" + (f": do you mean “{near[0]}”?" if near else ": remove it"))
        for key in REQUIRED:
            if key not in self.entry:
                self.bad.add(key)
                self.wrong("id", f"the key “{key}” is missing: add it")

    def _values(self) -> None:
        for key, good, advice in _VALUE_RULES:
            if key in self.entry and not good(self.entry[key]):
                self.wrong(key, f"{key}: {advice}")

    def _lists(self) -> None:
        for key in ("topics", "references", "enemies", "contrast", "flags"):
            values = self.entry.get(key) or []
            if not _texts(values):
                if key not in self.bad:
                    self.wrong(key, f"{key} is a list of texts")
                continue
            if len(set(values)) != len(values):
                double = next(one for one in values if values.count(one) > 1)
                self.wrong(key, f"{key}: “{double}” stands twice: remove one")
            if key in ("enemies", "contrast") and self.code in values:
                self.wrong(key, f"{key}: a question is not its own: remove “{self.code}”")
        if "flags" not in self.bad:
            for flag in self.entry.get("flags") or []:
                if flag not in FLAGS:
                    self.wrong("flags", f"unknown flag “{flag}”: one of {', '.join(FLAGS)}")

    def _content(self) -> Content | None:
        if "options" not in self.bad:
            self._options()
        entry = self.entry
        scenario = entry.get("scenario") or ""
        if scenario and scenario not in self.scenarios:
            near = get_close_matches(str(scenario), self.scenarios, 1)
            advice = f"do you mean “{near[0]}”?" if near else "add it to “scenarios” of this file"
            self.wrong("scenario", f"there is no scenario “{scenario}”: {advice}")
        if self.bad.intersection(CONTENT):
            return None
        options = tuple(
            Option(one["id"], one["text"].strip(), one["correct"], one["rationale"].strip()) for one in entry["options"]
        )
        content = Content(
            entry["kind"],
            entry["stem"].strip(),
            entry["choose"],
            entry["order"],
            options,
            extra=_plain(entry.get("extra") or {}),
            scenario=self.scenarios[scenario] if scenario else "",
        )
        for flaw in KINDS[content.kind].flaws(content):
            self.wrong("options", flaw)
        return content

    def _options(self) -> None:
        ids: set[str] = set()
        for option in self.entry["options"]:
            problem = _option_problem(option)
            if not problem and option["id"] in ids:
                problem = f"another option has the id “{option['id']}” already: give each its own"
            if problem:
                self.wrong("options", problem, option.line if isinstance(option, Located) else None)
            else:
                ids.add(option["id"])

    def _constraints(self) -> None:
        if self.bad & {"constraints", "stem"}:
            return
        ids = {FALSE_MECHANISM}
        for one in self.entry["constraints"]:
            if one["id"] in ids:
                self.wrong("constraints", f"the constraint id “{one['id']}” is taken: give each its own", one.line)
            ids.add(one["id"])
            count = self.entry["stem"].strip().count(one["text"])
            if count != 1:
                self.wrong(
                    "constraints",
                    f"the text of constraint “{one['id']}” occurs {count} times in the stem, not once:"
                    " copy it from the stem, or make it longer",
                    one.line_of("text"),
                )

    def _distractors(self) -> None:
        if self.bad & {"options", "constraints"}:
            return
        ids = sorted(one["id"] for one in self.entry["constraints"])
        needed = "kind" in self.bad or KINDS[self.entry["kind"]].has_distractors
        for option in self.entry["options"]:
            if option["correct"] or not (needed or {"breaks", "family"} & option.keys()):
                continue
            if option.get("breaks") not in [*ids, FALSE_MECHANISM]:
                advice = f"breaks: one of {', '.join([*ids, FALSE_MECHANISM])}"
                self.wrong("options", advice, option.line_of("breaks"))
            if option.get("family") not in FAMILIES:
                self.wrong("options", f"family: one of {', '.join(FAMILIES)}", option.line_of("family"))


def _option_problem(option: Any) -> str | None:
    if not isinstance(option, Located):
        return "an option is a mapping with id, text, correct and rationale"
    for key, kind in (("id", str), ("text", str), ("correct", bool), ("rationale", str)):
        value = option.get(key)
        if not isinstance(value, kind) or (isinstance(value, str) and not value.strip()):
            return f"the option’s “{key}” is missing or not {'true or false' if kind is bool else 'text'}"
    allowed = {"id", "text", "correct", "rationale"} | (set() if option["correct"] else {"breaks", "family"})
    if extra := set(option) - allowed:
        return f"unknown key “{min(extra)}” in this option: it takes {', '.join(sorted(allowed))}"
    return None


def _plain(value: Any) -> Any:
    """Plain data for a JSON column; numbers as they were meant, so that 0.10 is no binary fraction.

    What was left empty is absent. Inside a list it stays, for the kind to refuse.
    """
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, bool) else str(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) and one for one in value)


def _records(value: Any, keys: tuple[str, str]) -> bool:
    return isinstance(value, list) and all(
        isinstance(one, dict) and set(one) == set(keys) and all(isinstance(text, str) and text for text in one.values())
        for one in value
    )


def _is_on_the_web(source: Mapping[str, str]) -> bool:
    return source["url"].startswith("https://")


def _is_date(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _number(low: int, high: int) -> Any:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _one_of(values: Collection[str]) -> Any:
    return lambda value: isinstance(value, str) and value in values


def _is_code(value: Any) -> bool:
    return isinstance(value, str) and bool(CODE.fullmatch(value)) and len(value) <= LONGEST_ID


_VALUE_RULES: list[tuple[str, Any, str]] = [
    ("id", _is_code, f"lower-case letters, digits and hyphens, at most {LONGEST_ID}"),
    ("status", _one_of(STATUSES), f"one of {', '.join(STATUSES)}"),
    ("kind", _one_of(KINDS), f"one of {', '.join(KINDS)}"),
    ("task", _one_of(TASKS), "an SAP-C02 task in quotes, “1.1” to “4.4”"),
    ("domain", _number(1, 5), "an SAP-C03 domain, 1 to 5"),
    ("topics", lambda value: _texts(value) and value, "a list of topics, the home topic first"),
    ("level", _one_of(LEVELS), f"one of {', '.join(LEVELS)}"),
    ("difficulty", _number(1, 5), "1 to 5"),
    ("stem", lambda value: isinstance(value, str) and value.strip(), "write the question"),
    ("constraints", lambda value: _records(value, ("id", "text")), "a list of id and text"),
    ("choose", _number(1, 12), "the number of right options"),
    ("order", _one_of(("shuffle", "fixed")), "shuffle or fixed"),
    ("options", lambda value: isinstance(value, list), "a list"),
    ("extra", lambda value: value is None or isinstance(value, dict), "a mapping of what this kind needs"),
    ("scenario", lambda value: value is None or isinstance(value, str), "the id of a scenario of this file"),
    (
        "references",
        lambda value: _texts(value) and value and all(REFERENCE.fullmatch(one) for one in value),
        "a list of topic^anchor, at least one",
    ),
    (
        "sources",
        lambda value: _records(value, ("title", "url")) and value and all(map(_is_on_the_web, value)),
        "a list of title and https url, at least one",
    ),
    ("verified_on", _is_date, "a date such as 2026-11-23"),
    (
        "reviewed",
        lambda value: value is None or (isinstance(value, dict) and set(value) <= set(REVIEWED)),
        "a mapping of date, agree and readers",
    ),
]


def _references(values: list[str]) -> Iterator[tuple[str, str]]:
    for value in values:
        topic, _, anchor = value.partition("^")
        yield topic, anchor
