"""The trace of a sitting: what was on the screen for how long, struck out or marked. Optional, never scored.

A trace is ``{position: {"ms": int, "strikes": [shown positions], "marks": [[start, end]]}}``: for one page load,
milliseconds **so far**, so that sending it twice adds nothing. Marks are spans of the stem, as in ``marks.py``.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeGuard

from quizzes.engine.marks import read_marks

Trace = dict[str, dict[str, Any]]

MAX_MS = 10 * 24 * 3600 * 1000


def read_trace(text: str, size: int) -> Trace:
    """A posted trace, cleaned: unknown positions and fields are dropped, for it is never worth refusing an answer."""
    try:
        sent = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        # Brackets nested by the thousand are no ValueError.
        return {}
    if not isinstance(sent, dict):
        return {}
    positions = {str(position) for position in range(1, size + 1)}
    return {
        position: _entry(entry) for position, entry in sent.items() if position in positions and isinstance(entry, dict)
    }


def _entry(sent: dict[str, Any]) -> dict[str, Any]:
    ms, strikes = sent.get("ms"), sent.get("strikes")
    entry: dict[str, Any] = {"ms": min(max(0, ms), MAX_MS) if _is_whole(ms) else 0}
    if isinstance(strikes, list):
        entry["strikes"] = sorted({one for one in strikes[:12] if _is_whole(one) and 1 <= one <= 12})
    marks = read_marks(sent.get("marks"))
    return entry if marks is None else entry | {"marks": marks}


def _is_whole(value: object) -> TypeGuard[int]:
    """A whole number; True is none, though Python says it is."""
    return isinstance(value, int) and not isinstance(value, bool)


def gather(traces: Iterable[tuple[int, Trace]]) -> Trace:
    """One trace from those of all page loads, given as (tab, trace) in order of arrival.

    Time adds up over page loads, the greatest reading of each; of strikes and of marks the last word stands.
    """
    times: dict[str, dict[int, int]] = {}
    gathered: Trace = {}
    for tab, trace in traces:
        for position, entry in trace.items():
            readings = times.setdefault(position, {})
            readings[tab] = max(readings.get(tab, 0), entry.get("ms", 0))
            total = gathered.setdefault(position, {})
            total["ms"] = sum(readings.values())
            total |= {name: entry[name] for name in ("strikes", "marks") if name in entry}
    return gathered
