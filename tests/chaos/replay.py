"""The log of an attempt, replayed by the rules: every row must be what the log makes of it, every event be due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.chaos.checker import Sat

Row = dict[str, Any]
Found = Iterator[tuple[str, str]]

LIMIT_SECONDS = 60
FACTORS = {"standard": 1.0, "x125": 1.25, "x150": 1.5}
AHEAD_MS = 2000
QUIET = {"trace"}


class _Model:
    """What the log has made of the attempt so far."""

    def __init__(self, attempt: Row, size: int, limit: float | None) -> None:
        self.started: datetime = attempt["started_at"]
        self.deadline = None if limit is None else self.started + timedelta(seconds=limit)
        self.grace = timedelta(seconds=attempt["grace"])
        self.state = "in_progress"
        self.ended_at: datetime | None = None
        self.choice: dict[int, tuple[tuple[int, int], Any]] = {n: ((-1, 0), []) for n in range(1, size + 1)}
        self.flagged: dict[int, tuple[tuple[int, int], Any]] = dict.fromkeys(range(1, size + 1), ((-1, 0), False))
        self.saved_at: dict[int, datetime | None] = dict.fromkeys(range(1, size + 1))

    def ms(self, moment: datetime) -> int:
        return (moment - self.started) // timedelta(milliseconds=1)

    def time_is_up(self, now: datetime) -> bool:
        return self.deadline is not None and now >= self.deadline + self.grace

    def given_in_time(self, at: int) -> bool:
        return self.deadline is None or at < self.ms(self.deadline)

    def register(self, name: str) -> dict[int, tuple[tuple[int, int], Any]]:
        return self.choice if name == "choice" else self.flagged


def held_to_its_log(sat: "Sat", option: str) -> Found:
    """What the log says against the rules, and the rows against what the log says."""
    limit = None if option == "untimed" else LIMIT_SECONDS * FACTORS[option]
    model = _Model(sat.attempt, len(sat.responses), limit)
    if not sat.events or sat.events[0]["kind"] != "started":
        yield "broken log", "it does not begin with the start"
    for event in sat.events[1:]:
        yield from _STEPS.get(event["kind"], _unknown)(model, event)
    yield from _rows(sat, model)


def deadlines(sat: "Sat") -> list[int | None]:
    """Every deadline the attempt has had, in milliseconds after the start: by the last one and its extensions."""
    if sat.attempt["deadline"] is None:
        return [None]
    found = [(sat.attempt["deadline"] - sat.attempt["started_at"]) // timedelta(milliseconds=1)]
    for event in reversed(sat.events):
        if event["kind"] == "extended":
            found.append(found[-1] - event["data"]["seconds"] * 1000)
    return found


def _saved(model: _Model, event: Row) -> Found:
    where = f"event {event['id']} (position {event['position']}, at {event['at']})"
    now, stamp = event["received_at"], (event["at"], event["tab"])
    if model.state != "in_progress":
        yield "changed after the end", f"{where} was stored when it was {model.state}"
    if model.time_is_up(now) or not model.given_in_time(event["at"]) or event["at"] > model.ms(now) + AHEAD_MS:
        yield "time gained", f"{where} came at {model.ms(now)} and was stored"
    won = False
    for name in ("choice", "flagged"):
        held = model.register(name)
        if name in event["data"] and stamp > held[event["position"]][0]:
            held[event["position"]] = stamp, event["data"][name]
            won = True
    if not won:
        yield "wrong answer won", f"{where} was stored, though a later one was there"
    model.saved_at[event["position"]] = now


def _overtaken(model: _Model, event: Row) -> Found:
    stamp = event["at"], event["tab"]
    names = [name for name in ("choice", "flagged") if name in event["data"]]
    if any(stamp > model.register(name)[event["position"]][0] for name in names):
        yield "lost answer", f"event {event['id']} says overtaken, and nothing later was there"


def _finished(model: _Model, event: Row) -> Found:
    if model.state == "in_progress":
        yield "unfounded refusal", f"event {event['id']} says finished, and it was in progress"


def _too_late(model: _Model, event: Row) -> Found:
    if not model.time_is_up(event["received_at"]) and model.given_in_time(event["at"]):
        yield "unfounded refusal", f"event {event['id']} says too late, and it was not"


def _clock_ahead(model: _Model, event: Row) -> Found:
    if event["at"] <= model.ms(event["received_at"]) + AHEAD_MS:
        yield "unfounded refusal", f"event {event['id']} says that the clock was ahead, and it was not"


def _ended(model: _Model, event: Row) -> Found:
    now, kind = event["received_at"], event["kind"]
    if model.state != "in_progress":
        yield "ended twice", f"event {event['id']} says {kind}, and it was {model.state}"
    if model.time_is_up(now) != (kind == "expired"):
        yield "deadline moved", f"event {event['id']} says {kind} at {model.ms(now)}"
    model.state = kind
    model.ended_at = now if model.deadline is None else min(now, model.deadline)


def _extended(model: _Model, event: Row) -> Found:
    if model.state != "in_progress" or model.deadline is None or model.time_is_up(event["received_at"]):
        yield "changed after the end", f"event {event['id']} gives time to an attempt that is over"
    elif event["data"]["seconds"] <= 0:
        yield "deadline moved", f"event {event['id']} takes time away"
    else:
        model.deadline += timedelta(seconds=event["data"]["seconds"])


def _quiet(model: _Model, event: Row) -> Found:
    return iter(())


def _unknown(model: _Model, event: Row) -> Found:
    yield "broken log", f"event {event['id']} is of kind {event['kind']}, which nobody asked for"


_STEPS = {
    "saved": _saved,
    "overtaken": _overtaken,
    "finished": _finished,
    "too_late": _too_late,
    "clock_ahead": _clock_ahead,
    "submitted": _ended,
    "expired": _ended,
    "extended": _extended,
    "trace": _quiet,
}


def _rows(sat: "Sat", model: _Model) -> Found:
    attempt = sat.attempt
    if attempt["deadline"] != model.deadline:
        yield "deadline moved", f"stored is {attempt['deadline']}, start and extensions give {model.deadline}"
    if attempt["state"] != model.state:
        yield "broken log", f"it is {attempt['state']}, and by its log {model.state}"
    elif attempt["ended_at"] != model.ended_at:
        yield "changed after the end", f"it ended at {attempt['ended_at']}, by its log at {model.ended_at}"
    for row in sat.responses:
        position = row["position"]
        for name in ("choice", "flagged"):
            stored = (row[f"{name}_at"], row[f"{name}_tab"]), row[name]
            if stored != model.register(name)[position]:
                made = model.register(name)[position]
                yield "wrong answer won", f"position {position}: {name} is {stored}, the log makes it {made}"
        if row["saved_at"] != model.saved_at[position]:
            yield "broken log", f"position {position} was saved at {row['saved_at']}, says the row alone"
