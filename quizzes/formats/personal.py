"""What a person takes along: one JSON document, written in pieces and read back without trusting a word of it.

Questions go by their code, versions by number and digest, pages and quizzes by their slug, attempts by their code. No
number of a row, no key and no rationale stands in it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from quizzes.engine.scoring import MARKING
from quizzes.engine.traces import read_trace
from quizzes.formats.checked import (
    Check,
    Enough,
    Faults,
    day,
    flag,
    flat,
    listed,
    maybe,
    moment,
    real,
    table,
    text,
    whole,
)

FORMAT = "sapro-personal"
VERSION = 1
MOST_BYTES = 20 * 1024 * 1024
MOST_CARDS = 20_000
MOST_ATTEMPTS = 20_000
MOST_QUESTIONS = 300
"""Questions of one attempt."""
MANY = 100_000
SMALL, LARGE = 32_767, 2_147_483_647
"""What a column of the kind holds."""
CLOSED = ("submitted", "expired", "void")


class BadPersonal(ValueError):
    """A file that cannot be taken. ``faults`` say where it is wrong and how, at most twenty lines."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


# Writing


def write_personal(head: Mapping[str, Any], parts: Mapping[str, Iterable[Any]]) -> Iterator[str]:
    """The document in pieces: the head's fields, then each part as a list with one entry a line."""
    start = {"format": FORMAT, "version": VERSION, **head}
    yield "{\n" + ",\n".join(f"{as_json(name)}: {as_json(value)}" for name, value in start.items())
    for name, rows in parts.items():
        yield f",\n{as_json(name)}: ["
        between = "\n"
        for row in rows:
            yield between + as_json(row)
            between = ",\n"
        yield "\n]"
    yield "\n}\n"


def as_json(value: Any) -> str:
    """One line. Times keep their microseconds, so that what is read back is what was written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


# Reading

CODE = text(100, least=1, pattern=r"[-\w]+")
SLUG = text(80, least=1, pattern=r"[-\w]+")
IDS = listed(text(250), 40)
DIGEST = text(64, least=64, pattern="[0-9a-f]+")
RULES = {
    "marking": text(16, among=tuple(MARKING)),
    "time_limit": maybe(whole(0, LARGE)),
    "exam": text(20),
    "provisional": flag,
    "domains": listed(
        table(
            {"number": whole(0, 99), "name": text(200), "short": text(200), "weight": real(0, 1000)},
            sparse=True,
        ),
        20,
    ),
    "placed_by": text(8, among=("domain", "task")),
    "cut": real(0.01, 0.99),
    "form": flat(10),
}
VERSION_OF = {"number": whole(1, LARGE), "digest": DIGEST}
RESPONSE = {
    "position": whole(1, MOST_QUESTIONS),
    "question": CODE,
    "version": whole(1, LARGE),
    "digest": DIGEST,
    "domain": maybe(whole(0, 99)),
    "scored": flag,
    "first_exposure": maybe(flag),
    "shown_order": IDS,
    "choice": IDS,
    "choice_at": whole(-1, 2**62),
    "choice_tab": whole(0, 2**53),
    "flagged": flag,
    "flagged_at": whole(-1, 2**62),
    "flagged_tab": whole(0, 2**53),
    "saved_at": maybe(moment),
    "confidence": text(8, among=("", "guess", "fairly", "sure")),
    "fraction": maybe(real(-1, 1)),
    "locked_at": maybe(moment),
}
EVENT_DATA = {
    "choice": IDS,
    "flagged": flag,
    "confidence": text(8),
    "time": text(12),
    "ms": whole(0, 2**53),
    "seconds": whole(0, LARGE),
    "reason": text(2000),
    "trace": lambda value, path, faults: value if isinstance(value, dict) else faults.add(path, "must be an object"),
}
EVENT = {
    "kind": text(24, least=1, pattern="[a-z_]+"),
    "received_at": moment,
    "position": maybe(whole(1, MOST_QUESTIONS)),
    "at": maybe(whole(-(2**62), 2**62)),
    "tab": maybe(whole(0, 2**53)),
    "data": table(EVENT_DATA, sparse=True),
}
RESULT = {
    "number": whole(1, 1000),
    "created_at": moment,
    "reason": text(200),
    "marking": text(16, among=tuple(MARKING)),
    "raw": real(-MOST_QUESTIONS, MOST_QUESTIONS),
    "maximum": real(0, MOST_QUESTIONS),
    "fractions": listed(real(-1, 1), MOST_QUESTIONS),
    "keys": listed(maybe(table(VERSION_OF)), MOST_QUESTIONS),
}
ATTEMPT = {
    "code": text(24, least=8, pattern="[A-Za-z0-9]+"),
    "title": text(200, least=1),
    "mode": text(8, among=("exam", "practice")),
    "quiz": maybe(SLUG),
    "state": text(12, among=CLOSED),
    "started_at": moment,
    "deadline": maybe(moment),
    "ended_at": moment,
    "grace": whole(0, SMALL),
    "time_option": text(12, pattern=r"[-.\w]*"),
    "seed": whole(-(2**63), 2**63 - 1),
    "paused": whole(0, LARGE),
    "forward_only": flag,
    "rules": table(RULES, sparse=True),
    "trace": flat(0),
    "responses": listed(table(RESPONSE), MOST_QUESTIONS),
    "events": listed(table(EVENT), MANY),
    "results": listed(table(RESULT), 1000),
}
REPETITION = {
    "version": whole(1, LARGE),
    "digest": DIGEST,
    "reviewed_at": moment,
    "source": text(8, among=("cards", "practice", "mock")),
    "rating": whole(1, 4),
    "choice": IDS,
    "shown_order": IDS,
    "fraction": real(-1, 1),
    "confidence": text(8, among=("", "guess", "fairly", "sure")),
    "seconds": maybe(whole(0, LARGE)),
    "before": flat(20),
}
CARD = {
    "question": CODE,
    "phase": whole(1, 3),
    "step": maybe(whole(0, 100)),
    "stability": maybe(real(0.0001, 1_000_000)),
    "difficulty": maybe(real(1, 10)),
    "due_at": moment,
    "last_review_at": maybe(moment),
    "repetitions": whole(0, LARGE),
    "lapses": whole(0, LARGE),
    "suspended": flag,
    "buried_until": maybe(moment),
    "created_at": moment,
    "recalls": listed(table(REPETITION), MANY),
}


def _attempt(value: Any, path: str, faults: Faults) -> Any:
    """A finished attempt; one that is open, was withheld or is an instructor's comes back as the reason to skip it."""
    if isinstance(value, dict):
        for why, skipped in (
            ("open", value.get("state") == "in_progress"),
            ("withheld", value.get("withheld") is True),
        ):
            if skipped:
                return why
        if value.get("authored") is True:
            return "authored"
        trace, value = value.get("trace"), {**value, "trace": {}}
    before = len(faults.lines)
    read = table(ATTEMPT)(value, path, faults)
    if len(faults.lines) == before:
        read["trace"] = read_trace(json.dumps(trace), len(read["responses"])) if isinstance(trace, dict) else {}
        _agree(read, path, faults)
    return read


def _agree(read: dict[str, Any], path: str, faults: Faults) -> None:
    """Whether positions, results and events of one attempt speak of the same questions."""
    size = len(read["responses"])
    if not size or [one["position"] for one in read["responses"]] != list(range(1, size + 1)):
        faults.add(f"{path}.responses", "must have the positions 1, 2, 3 … in order")
    if read["ended_at"] < read["started_at"]:
        faults.add(f"{path}.ended_at", "must not lie before started_at")
    if "marking" not in read["rules"]:
        faults.add(f"{path}.rules.marking", "is missing")
    for number, one in enumerate(read["rules"].setdefault("domains", [])):
        if "number" not in one or "name" not in one:
            faults.add(f"{path}.rules.domains[{number}]", "must have a number and a name")
    for number, one in enumerate(read["results"]):
        if one["number"] != number + 1:
            faults.add(f"{path}.results[{number}].number", f"must be {number + 1}")
        if len(one["fractions"]) != size or len(one["keys"]) != size:
            faults.add(f"{path}.results[{number}]", f"must have {size} fractions and keys, one for each position")
    for one in read["events"]:
        if "trace" in one["data"]:
            one["data"]["trace"] = read_trace(json.dumps(one["data"]["trace"]), size)
    if read["mode"] == "practice" and read["rules"]["domains"] == []:
        del read["rules"]["domains"]


def _card(value: Any, path: str, faults: Faults) -> Any:
    if isinstance(value, dict) and value.get("withheld") is True:
        return "withheld"
    return table(CARD)(value, path, faults)


TOO_MANY_CARDS = f"there are more than {MOST_CARDS:,} cards; no course has as many questions, so nothing was taken"
PLACE = {"topic": SLUG}
DOCUMENT: dict[str, Check] = {
    "preferences": table({"time_zone": text(64), "shortcuts_off": flag}),
    "plan": maybe(
        table(
            {
                "exam": maybe(text(20)),
                "exam_on": day,
                "minutes": listed(whole(0, 1440), 7),
                "started_on": day,
                "changed_at": moment,
            }
        )
    ),
    "attempts": listed(_attempt, MOST_ATTEMPTS),
    "exposures": listed(
        table({"question": CODE, "first_seen_at": moment, "last_seen_at": moment, "revealed_at": maybe(moment)}), MANY
    ),
    "cards": listed(_card, MOST_CARDS, TOO_MANY_CARDS),
    "readings": listed(table({**PLACE, "read_at": moment}), MANY),
    "highlights": listed(
        table(
            {
                **PLACE,
                "quote": text(20_000, least=1),
                "before": text(64),
                "after": text(64),
                "offset": whole(0, LARGE),
                "note": text(20_000),
                "created_at": moment,
                "changed_at": moment,
            }
        ),
        MANY,
    ),
    "bookmarks": listed(table({**PLACE, "anchor": text(160, pattern=r"[-.:\w]*"), "created_at": moment}), MANY),
}


def read_personal(data: bytes) -> dict[str, Any]:
    """The parts of the document that can be taken, every value checked. Raises BadPersonal.

    An attempt or a card that is not to be taken stands there as a word: open, withheld or authored.
    """
    document = _parsed(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadPersonal([f"This is no file of this kind: its “format” is not “{FORMAT}”."])
    if document.get("version") != VERSION or isinstance(document.get("version"), bool):
        raise BadPersonal([f"version: this site reads version {VERSION} of the file, this is another one"])
    faults = Faults()
    read: dict[str, Any] = {}
    try:
        read = table(DOCUMENT)(document, "", faults)
        if not faults.lines and read["plan"] and len(read["plan"]["minutes"]) != 7:
            faults.add("plan.minutes", "must have seven numbers, Monday first")
    except Enough:
        faults.lines.append("… and perhaps more")
    if faults.lines:
        raise BadPersonal(faults.lines)
    return read


def _parsed(data: bytes) -> Any:
    if len(data) > MOST_BYTES:
        raise BadPersonal([f"The file is too large: at most {MOST_BYTES // 1024**2} MB are taken."])
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadPersonal([f"The file is not UTF-8 (byte {error.start + 1})."]) from error
    except json.JSONDecodeError as error:
        words = f"The file is no whole JSON: line {error.lineno}, column {error.colno}. Was it cut off?"
        raise BadPersonal([words]) from error
    except RecursionError as error:
        raise BadPersonal(["The file is nested too deep to be read."]) from error
    except ValueError as error:
        raise BadPersonal(["The file has a number that is none."]) from error


def _no_number(word: str) -> None:
    raise ValueError(word)
