"""What the question editor posts: fields to plain data and back, and the buttons that add, remove and move."""

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from quizzes.engine.kinds import KINDS

MOST_ROWS = 20
ROWS = {
    "options": ("id", "text", "correct", "rationale", "breaks", "family", "match"),
    "targets": ("id", "text"),
    "constraints": ("id", "text"),
}
TEXTS = ("kind", "stem", "order", "task", "domain", "level", "difficulty", "verified_on", "scenario")
TYPED = ("answer", "tolerance", "unit", "rationale", "spaces")
_ROW = re.compile(r"(options|targets|constraints)-(\d{1,2})-([a-z]+)")
_ACTION = re.compile(r"(add|remove|up|down)-(options|targets|constraints)(?:-(\d{1,2}))?")
NAMES = {"options": "abcdefghijklmnopqrstuvwxyz", "targets": "abcdefghijklmnopqrstuvwxyz"}

Data = dict[str, Any]


def posted(post: QueryDict) -> Data:
    """The fields of the editor as a draft keeps them. Whatever was typed is kept, also where it is wrong."""
    data: Data = {name: _lines(post.get(name, "")) for name in TEXTS}
    rows = {name: _rows(post, name) for name in ROWS}
    data["options"], data["constraints"] = rows["options"], rows["constraints"]
    data["topics"] = post.getlist("topics")[:MOST_ROWS]
    data["references"] = [one.strip() for one in _lines(post.get("references", "")).split("\n") if one.strip()]
    data["sources"] = [_source(one) for one in _lines(post.get("sources", "")).split("\n") if one.strip()]
    for name in ("enemies", "contrast"):
        data[name] = [one for one in re.split(r"[\s,]+", post.get(name, "")) if one]
    data["tags"] = [one.strip() for one in post.get("tags", "").split(",") if one.strip()]
    extra: Data = {name: _lines(post.get(f"extra-{name}", "")) for name in TYPED}
    extra["percent"], extra["case"] = "extra-percent" in post, "extra-case" in post
    extra["accepted"] = [one.strip() for one in _lines(post.get("extra-accepted", "")).split("\n") if one.strip()]
    extra["targets"] = rows["targets"]
    extra["pairs"] = {one["id"]: one.pop("match") for one in rows["options"] if one.get("match")}
    data["extra"] = {name: value for name, value in extra.items() if value not in ("", [], {}, False)}
    return with_ids(shaped(data))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _source(line: str) -> dict[str, str]:
    title, bar, url = line.rpartition("|")
    return {"title": title.strip(), "url": url.strip()} if bar else {"title": "", "url": line.strip()}


def _rows(post: QueryDict, name: str) -> list[Data]:
    found: dict[int, Data] = {}
    for key in post:
        match = _ROW.fullmatch(key)
        if match and match[1] == name and match[3] in ROWS[name] and int(match[2]) < MOST_ROWS:
            value: Any = _lines(post.get(key, ""))
            found.setdefault(int(match[2]), {"text": ""})[match[3]] = True if match[3] == "correct" else value
    correct = {int(number) for number in post.getlist("key") if number.isascii() and number.isdigit()}
    if name == "options":
        for number, row in found.items():
            row["correct"] = bool(row.get("correct")) or number in correct
    return [found[number] for number in sorted(found)]


def with_ids(data: Data) -> Data:
    """Every option, target and requirement has an id of its own; those that have one keep it."""
    for name, rows in _lists(data).items():
        taken = {str(row.get("id", "")) for row in rows}
        seen: set[str] = set()
        for row in rows:
            own = str(row.get("id", ""))
            if not re.fullmatch(r"[a-z0-9-]{1,40}", own) or own in seen:
                row["id"] = own = _new_id(name, taken | seen)
            seen.add(own)
    return data


def _new_id(name: str, taken: set[str]) -> str:
    short = NAMES.get(name, "")
    numbered = (f"{'r' if name == 'constraints' else 'o'}{number}" for number in range(1, 200))
    return str(next(one for one in [*short, *numbered] if one not in taken))


def _lists(data: Data) -> dict[str, list[Data]]:
    targets = data.get("extra", {}).get("targets", []) if isinstance(data.get("extra"), Mapping) else []
    return {"options": data.get("options", []), "targets": targets, "constraints": data.get("constraints", [])}


def shaped(data: Data) -> Data:
    """Options that are always the same stand there; those that were written before are kept for another kind."""
    kind = KINDS.get(str(data.get("kind")))
    if kind is None:
        return data
    ids = [str(row.get("id", "")) for row in data.get("options", [])]
    if kind.preset and ids != [one for one, _ in kind.preset]:
        data["kept"] = data.get("options", [])
        data["options"] = [{"id": one, "text": text, "correct": False, "rationale": ""} for one, text in kind.preset]
    elif not kind.preset and data.get("kept") and set(ids) == {"true", "false"}:
        data["options"] = data.pop("kept")
    return data


def with_kept(data: Data, stored: Mapping[str, Any]) -> Data:
    """The same with what an earlier save set aside, which no form sends."""
    if stored.get("kept") and "kept" not in data:
        data["kept"] = stored["kept"]
    return with_ids(shaped(data))


def act(data: Data, do: str) -> str:
    """Do what a button asks for; the name of the field to go to, or "". Unknown buttons do nothing."""
    match = _ACTION.fullmatch(do)
    if not match:
        return ""
    verb, name, number = match[1], match[2], int(match[3] or 0)
    if name == "targets":
        data.setdefault("extra", {}).setdefault("targets", [])
    rows = _lists(data)[name]
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append({"id": "", "text": "", **({"correct": False, "rationale": ""} if name == "options" else {})})
        number = len(rows) - 1
    elif verb == "remove" and number < len(rows):
        rows.pop(number)
        number = max(0, number - 1)
    elif verb in ("up", "down"):
        other = number + (1 if verb == "down" else -1)
        if 0 <= other < len(rows) and number < len(rows):
            rows[number], rows[other] = rows[other], rows[number]
            number = other
    with_ids(data)
    return f"{name}-{number}-text"


def new_data(kind: str) -> Data:
    """The fields of a question that has just been begun."""
    options = [{"id": one, "text": "", "correct": False, "rationale": ""} for one in "abcd"]
    return with_ids(shaped({"kind": kind, "stem": "", "order": "shuffle", "options": options, "constraints": []}))
