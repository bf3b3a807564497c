"""Every answer that was no success must have a reason: an event, something that was done, or a fault."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.chaos.history import Entry, Fault, History

if TYPE_CHECKING:
    from tests.chaos.checker import Sat

Found = Iterator[tuple[str, str]]
SLACK = timedelta(milliseconds=5)

RECOVERY = timedelta(minutes=2)
"""On the exam clock: half a minute on the wall. So long after a fault an answer may be later than a page waits."""

LOGGED = {"finished", "too_late", "clock_ahead"}
"""Refusals that leave an event in the log of the attempt; the others leave none, by docs/operating.md."""

ALSO_AN_ERROR = 400
"""Django's word when the database goes away while it writes a session, as a start does."""

EXPECTED = {
    "save": {200, 303, 409},
    "start": {302},
    "booklet": {200, 302},
    "report": {200, 302},
    "submit": {204},
    "clock": {200},
    "stranger": {404},
    "nonsense": {422},
    "nowhere": {404},
}


def explained(history: History, sats: "dict[str, Sat]", faults: list[Fault]) -> Found:
    """What a page was refused, or not answered at all, without a reason."""
    yield from _logged(history, sats)
    for entry in history.of(*EXPECTED):
        status = entry["status"]
        if status is None or status >= 500 or status == ALSO_AN_ERROR:
            if not entry.get("cut") and not _in_a_fault(entry, faults):
                yield "unexplained error", f"{_what(entry)}: {status or entry['lost']}"
        elif status == 401 or "/login/" in entry.get("location", ""):
            if not _signed_out(history, entry):
                yield "unexplained refusal", f"{_what(entry)}: signed out, and nobody did that"
        elif status == 404 and entry["kind"] == "start":
            if not any(one["sent"] < entry["got"] for one in history.of("quiz closed")):
                yield "unexplained refusal", f"{_what(entry)}: the quiz is gone, and nobody closed it"
        elif status not in EXPECTED[entry["kind"]]:
            yield "unexplained refusal", f"{_what(entry)}: {status}"
    for entry in history.of("given up"):
        yield "lost answer", f"message {entry['number']} never got through"


def _what(entry: Entry) -> str:
    return f"{entry['kind']} {entry.get('number', '')} sent {entry['sent']:%H:%M:%S.%f}"


def _in_a_fault(entry: Entry, faults: list[Fault]) -> bool:
    # Whoever is served again first has all that has waited before it: a machine that is busy takes its time for that.
    after = RECOVERY if entry.get("waited") else timedelta()
    return any(
        (one.may_lose or after) and one.since <= entry["got"] and entry["sent"] <= one.until + after for one in faults
    )


def _signed_out(history: History, entry: Entry) -> bool:
    """Whether the device's session may have run out when this was asked."""
    device = entry["device"]
    for ended in history.of("session ended"):
        back = [
            one
            for one in history.of("signed in")
            if one["device"] == device and one.get("answer") and ended["sent"] < one["got"] < entry["sent"]
        ]
        if ended["device"] == device and ended["sent"] < entry["got"] and not back:
            return True
    return False


def _logged(history: History, sats: "dict[str, Sat]") -> Found:
    """Each refusal that was seen has an event of its own."""
    messages = {message["number"]: message for message in history.of("given")}
    used: set[int] = set()
    refused = [save for save in history.of("save") if save["status"] == 409]
    for save in sorted(refused, key=lambda one: one["got"]):
        message = messages[save["number"]]
        sat = sats[message["code"]]
        reason = save["body"].get("reason", "")
        event = _event_of(sat.events, save, message, reason, used)
        if event is None:
            yield "unexplained refusal", f"save {save['number']} was refused as {reason or '409'}, not in the log"
        else:
            used.add(event["id"])


def _event_of(
    events: list[dict[str, Any]], save: Entry, message: Entry, reason: str, used: set[int]
) -> dict[str, Any] | None:
    for event in events:
        # A plain form has no stamp, and is answered with a page instead of a word.
        same = event["kind"] == reason if reason else event["kind"] in LOGGED
        stamp = message["at"] is None or event["at"] == message["at"]
        inside = save["sent"] - SLACK <= event["received_at"] <= save["got"] + SLACK
        where = event["position"] == message["position"] and event["tab"] == message["tab"]
        if event["id"] not in used and same and stamp and inside and where:
            return event
    return None
