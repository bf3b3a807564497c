"""Holds what is stored against what the learner saw, and against the rules as exam.md has them.

It reads tables and a history, and shares no code with the site: what it knows of the rules is written here again.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.chaos import refusals, replay
from tests.chaos.history import Entry, Fault, History

Row = dict[str, Any]
Found = Iterator[tuple[str, str]]

SLACK = timedelta(milliseconds=5)
TAKEN = ("saved", "overtaken")
ENDED = ("submitted", "expired")


@dataclass(frozen=True, slots=True)
class Violation:
    """A promise that was broken, and how."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


# What is stored

_JSON = {"choice", "shown_order", "data", "fractions", "versions", "rules", "body", "key"}
_TIMES = {"started_at", "deadline", "ended_at", "saved_at", "received_at"}


@dataclass(slots=True)
class Sat:
    """One attempt with all its rows, each as a dictionary."""

    attempt: Row
    responses: list[Row]
    events: list[Row]
    results: list[Row]
    versions: dict[int, Row]


class Store:
    """The database, read by SQL of its own."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.mark = "?" if type(connection).__module__.startswith("sqlite3") else "%s"

    def close(self) -> None:
        """Hang up."""
        self.connection.close()

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """The rows of a query, with JSON and times read."""
        cursor = self.connection.cursor()
        cursor.execute(sql.replace("?", self.mark), values)
        names = [column[0] for column in cursor.description]
        found = [{name: _value(name, value) for name, value in zip(names, row, strict=True)} for row in cursor]
        self.connection.rollback()
        return found

    def facts(self, person: int) -> list[Sat]:
        """Every exam attempt of a person, in the order of their starts."""
        attempts = self.rows(
            "SELECT * FROM quizzes_attempt WHERE person_id = ? AND mode = 'exam' ORDER BY started_at, id", person
        )
        return [self._sat(attempt) for attempt in attempts]

    def _sat(self, attempt: Row) -> Sat:
        versions = self.rows(
            "SELECT v.* FROM quizzes_questionversion v JOIN quizzes_response r ON r.version_id = v.id"
            " WHERE r.attempt_id = ?",
            attempt["id"],
        )
        return Sat(
            attempt=attempt,
            responses=self._of("response", "position", attempt["id"]),
            events=self._of("event", "id", attempt["id"]),
            results=self._of("result", "number", attempt["id"]),
            versions={version["id"]: version for version in versions},
        )

    def _of(self, table: str, order: str, attempt: int) -> list[Row]:
        return self.rows(f"SELECT * FROM quizzes_{table} WHERE attempt_id = ? ORDER BY {order}", attempt)

    def stored(self, code: str) -> str:
        """Everything of an attempt but its log, as text that is the same as long as nothing changes."""
        (attempt,) = self.rows("SELECT * FROM quizzes_attempt WHERE code = ?", code)
        return as_text(self._sat(attempt))


def as_text(sat: Sat) -> str:
    """Everything but the log, as text."""
    return json.dumps([sat.attempt, sat.responses, sat.results], default=str, sort_keys=True)


def _value(name: str, value: Any) -> Any:
    if name in _JSON and isinstance(value, str):
        return json.loads(value)
    if name in _TIMES and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    # SQLite has no truth values.
    return bool(value) if name in ("flagged", "scored") else value


# The checks


def check(history: History, sats: list[Sat], faults: Iterable[Fault] = ()) -> Iterator[Violation]:
    """Everything that is broken, by name; nothing where all promises were kept."""
    for name, what in _open_once(sats):
        yield Violation(name, what)
    by_code = {sat.attempt["code"]: sat for sat in sats}
    for sat in sats:
        for name, what in _of_one(sat, history):
            yield Violation(name, f"attempt {sat.attempt['code']}: {what}")
    for name, what in refusals.explained(history, by_code, list(faults)):
        yield Violation(name, what)


def _open_once(sats: list[Sat]) -> Found:
    """At most one attempt is open, now and at any time before."""
    running = [sat.attempt["code"] for sat in sats if sat.attempt["state"] == "in_progress"]
    if len(running) > 1:
        yield "two attempts open", f"{running} are in progress"
    for before, after in pairwise(sats):
        end = before.attempt["ended_at"]
        if end is None or after.attempt["started_at"] < end:
            yield "two attempts open", f"{after.attempt['code']} began before {before.attempt['code']} had ended"


def _of_one(sat: Sat, history: History) -> Found:
    option = next((entry["option"] for entry in history.of("start")), "standard")
    yield from replay.held_to_its_log(sat, option)
    yield from _recounted(sat)
    given = _given(sat, history)
    yield from _nothing_invented(sat, given)
    yield from _acknowledged(sat, history, given)
    yield from _ended_for_good(sat, history)
    yield from _booklets(sat, history, given)
    yield from _deadlines_told(sat, history)


def _recounted(sat: Sat) -> Found:
    """The score is what keys and choices give, by the versions that were sat."""
    right = []
    for row in sat.responses:
        version = sat.versions[row["version_id"]]
        key = {option["id"] for option in version["body"]["options"] if option["correct"]}
        if key != set(version["key"]["correct"]):
            yield "wrong score", f"version {version['id']} has two keys"
        right.append(1.0 if key == set(row["choice"]) else 0.0)
    over = sat.attempt["state"] != "in_progress"
    if len(sat.results) != over:
        yield "wrong score", f"{len(sat.results)} results of an attempt that is {sat.attempt['state']}"
    for result in sat.results:
        scored = [one for one, row in zip(right, sat.responses, strict=True) if row["scored"]]
        told = result["raw"], result["maximum"], result["fractions"]
        if told != (sum(scored), len(scored), right):
            yield "wrong score", f"stored {told}, counted {sum(scored)} of {len(scored)}: {right}"
        if result["versions"] != [row["version_id"] for row in sat.responses]:
            yield "wrong score", "it was marked by other versions than those that were sat"
        if [row["fraction"] for row in sat.responses] != right:
            yield "wrong score", "the responses say something else than the result"


# Messages: what the learner gave, with the stamp under which the site knows it


def _given(sat: Sat, history: History) -> list[Entry]:
    """The learner's messages to this attempt; one without a stamp gets that of the event that it left."""
    messages = [one for one in history.of("given") if one["code"] == sat.attempt["code"]]
    events: dict[int, Row] = {}
    taken: set[int] = set()
    # Whoever gave up waiting may have been heard later: of what fits to nothing else.
    for late in (False, True):
        for message in messages:
            if message["at"] is None and message["number"] not in events:
                event = _of_unstamped(sat, message, history, taken, late=late)
                if event is not None:
                    taken.add(event["id"])
                    events[message["number"]] = event
    return [
        message if message["at"] is not None else {**message, "at": events.get(message["number"], {}).get("at")}
        for message in messages
    ]


def _of_unstamped(sat: Sat, message: Entry, history: History, taken: set[int], *, late: bool) -> Row | None:
    for save in history.of("save"):
        if save["number"] != message["number"] or (late and save["status"] is not None):
            continue
        for event in sat.events:
            inside = save["sent"] - SLACK <= event["received_at"]
            inside = inside and (late or event["received_at"] <= save["got"] + SLACK)
            if event["id"] not in taken and inside and event["kind"] in TAKEN and _same(sat, event, message):
                return event
    return None


def _same(sat: Sat, event: Row, message: Entry) -> bool:
    """Whether an event says what a message said, its stamp left aside."""
    if event["position"] != message["position"] or event["tab"] != message["tab"]:
        return False
    said = {name: value for name, value in event["data"].items() if name != "trace"}
    sent = {"choice": _ids(sat, message), "flagged": message["flagged"]}
    return said == {name: value for name, value in sent.items() if value is not None}


def _ids(sat: Sat, message: Entry) -> list[str] | None:
    """The chosen options by their ids, in the order in which the attempt shows them."""
    if message["choice"] is None:
        return None
    row = sat.responses[message["position"] - 1]
    return [row["shown_order"][place - 1] for place in message["choice"]]


def _nothing_invented(sat: Sat, given: list[Entry]) -> Found:
    """Whatever counts was given by the learner."""
    for event in sat.events:
        stamp = event["position"], event["at"], event["tab"]
        if event["kind"] == "saved" and not any(
            _same(sat, event, one) and (one["position"], one["at"], one["tab"]) == stamp for one in given
        ):
            yield "invented answer", f"nobody gave {event['data']} for position {event['position']} at {event['at']}"


def _acknowledged(sat: Sat, history: History, given: list[Entry]) -> Found:
    """What was acknowledged is in the log and, if nothing was given later, in the row; the last given one wins."""
    by_number = {message["number"]: message for message in given}
    best: dict[tuple[int, str], tuple[int, int]] = {}
    for save in history.of("save"):
        message = by_number.get(save["number"])
        if message is None or save["status"] not in (200, 303):
            continue
        stamp = message["at"], message["tab"]
        there = [event for event in sat.events if event["kind"] in TAKEN and _same(sat, event, message)]
        if message["at"] is None or not any(stamp == (event["at"], event["tab"]) for event in there):
            yield "lost answer", f"message {message['number']} was acknowledged, and the log does not have it"
            continue
        for register in _registers(message):
            place = message["position"], register
            best[place] = max(best.get(place, stamp), stamp)
        yield from _reply_is_new_enough(save, message, given)
    for (position, register), stamp in best.items():
        yield from _last_wins(sat, given, position, register, stamp)


def _registers(message: Entry) -> list[str]:
    return [name for name in ("choice", "flagged") if message[name] is not None]


def _last_wins(sat: Sat, given: list[Entry], position: int, register: str, best: tuple[int, int]) -> Found:
    row = sat.responses[position - 1]
    stored = row[f"{register}_at"], row[f"{register}_tab"]
    where = f"position {position}, {register}"
    if stored < best:
        yield "lost answer", f"{where}: acknowledged is {best}, stored is {stored}"
    values = [
        _ids(sat, one) if register == "choice" else one["flagged"]
        for one in given
        if (one["position"], (one["at"], one["tab"])) == (position, stored) and one[register] is not None
    ]
    if row[register] not in values:
        yield "wrong answer won", f"{where}: stored is {row[register]}, given at {stored} was {values}"


def _reply_is_new_enough(save: Entry, message: Entry, given: list[Entry]) -> Found:
    """The state that a reply tells is the message's, or one that was given later."""
    if save["status"] != 200:
        return
    for register in _registers(message):
        told = save["body"][register]
        if told not in _possible(given, message["position"], register, (message["at"], message["tab"])):
            yield "stale reply", f"message {message['number']} was answered with {register} {told}"


def _possible(given: list[Entry], position: int, register: str, since: tuple[int, int]) -> list[Any]:
    """Values of a register that may hold once ``since`` is stored."""
    return [
        one[register]
        for one in given
        if one["position"] == position
        and one[register] is not None
        and one["at"] is not None
        and (one["at"], one["tab"]) >= since
    ]


def _booklets(sat: Sat, history: History, given: list[Entry]) -> Found:
    """A page that is loaded again shows what had been acknowledged, or something given later."""
    saves = [save for save in history.of("save") if save["status"] in (200, 303)]
    stamped = {one["number"] for one in given if one["at"] is not None}
    for page in history.of("booklet"):
        if page["code"] != sat.attempt["code"] or "shown" not in page:
            continue
        known = {save["number"] for save in saves if save["got"] < page["sent"]} & stamped
        for position, shown in page["shown"].items():
            for register, value, empty in (("choice", shown[0], []), ("flagged", shown[1], False)):
                stamps = [
                    (one["at"], one["tab"])
                    for one in given
                    if one["number"] in known and one["position"] == position and one[register] is not None
                ]
                may = _possible(given, position, register, max(stamps, default=(-1, 0)))
                if value not in may and (stamps or value != empty):
                    yield "stale page", f"position {position} showed {register} {value}, not one of {may}"


def _ended_for_good(sat: Sat, history: History) -> Found:
    """What was there when the end was first heard of is all there ever will be."""
    for end in history.of("end"):
        if end["code"] != sat.attempt["code"]:
            continue
        if sat.attempt["state"] not in ENDED:
            yield "changed after the end", f"it was told to be over, and is {sat.attempt['state']}"
        if end["stored"] != as_text(sat):
            yield "changed after the end", f"{_difference(end['stored'], as_text(sat))}"


def _difference(before: str, after: str) -> str:
    at = next((n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), len(before))
    return f"“…{before[max(0, at - 60) : at + 40]}…” became “…{after[max(0, at - 60) : at + 40]}…”"


def _deadlines_told(sat: Sat, history: History) -> Found:
    """The deadline that a page hears of is one that the attempt has had."""
    deadlines = replay.deadlines(sat)
    for told in history.of("clock"):
        if told["code"] == sat.attempt["code"] and told["status"] == 200 and told["body"]["limit"] not in deadlines:
            yield "deadline moved", f"the page was told {told['body']['limit']}, it has had {deadlines}"
    asked = [one["seconds"] for one in history.of("extension") if one["code"] == sat.attempt["code"]]
    sure = [
        one["seconds"] for one in history.of("extension") if one["code"] == sat.attempt["code"] and one.get("answer")
    ]
    granted = [event["data"]["seconds"] for event in sat.events if event["kind"] == "extended"]
    if not _within(sure, granted) or not _within(granted, asked):
        yield "deadline moved", f"asked for {asked}, confirmed {sure}, in the log {granted}"


def _within(few: list[Any], many: list[Any]) -> bool:
    rest = list(many)
    for one in few:
        if one not in rest:
            return False
        rest.remove(one)
    return True
