"""Broken promises made by hand, each with the name by which the checker must call it."""

from collections.abc import Callable
from typing import Any

from tests.chaos.history import History

ENDED = "(SELECT id FROM quizzes_attempt WHERE state IN ('submitted', 'expired'))"
ANSWERED = f"SELECT min(id) FROM quizzes_response WHERE choice_at > 0 AND attempt_id IN {ENDED} AND choice != '[]'"
SAVED = f"SELECT min(id) FROM quizzes_event WHERE kind = 'saved' AND attempt_id IN {ENDED}"
TWICE = (
    "SELECT min(a.id) FROM quizzes_attempt a JOIN quizzes_attempt b ON b.person_id = a.person_id AND b.id > a.id"
    " WHERE a.mode = 'exam' AND b.mode = 'exam'"
)
TIMED = "SELECT min(id) FROM quizzes_attempt WHERE mode = 'exam' AND deadline IS NOT NULL"
COLUMNS = "attempt_id, kind, received_at, position, at, tab, data"
IN_TIME = f"SELECT min(id) FROM quizzes_event WHERE kind = 'saved' AND attempt_id = ({TIMED})"
AGAIN = f"INSERT INTO quizzes_event ({COLUMNS})"

IN_THE_DATABASE: list[tuple[str, str]] = [
    (
        "lost answer",
        f"UPDATE quizzes_response SET choice = '[]', choice_at = -1, choice_tab = 0 WHERE id = ({ANSWERED})",
    ),
    ("lost answer", "DELETE FROM quizzes_event WHERE kind IN ('saved', 'overtaken')"),
    ("lost answer", f"UPDATE quizzes_event SET kind = 'overtaken' WHERE id = ({SAVED})"),
    ("wrong answer won", f"UPDATE quizzes_response SET choice = '[]' WHERE id = ({ANSWERED})"),
    ("wrong answer won", f"UPDATE quizzes_response SET flagged = NOT flagged WHERE id = ({ANSWERED})"),
    ("invented answer", f'UPDATE quizzes_event SET data = \'{{"choice": ["z"]}}\' WHERE id = ({SAVED})'),
    ("two attempts open", f"UPDATE quizzes_attempt SET ended_at = '2030-01-01 00:00:00' WHERE id = ({TWICE})"),
    ("two attempts open", "UPDATE quizzes_attempt SET state = 'in_progress' WHERE mode = 'exam'"),
    ("changed after the end", f"UPDATE quizzes_response SET saved_at = NULL WHERE id = ({ANSWERED})"),
    (
        "changed after the end",
        f"{AGAIN} SELECT {COLUMNS} FROM quizzes_event WHERE id = ({SAVED})",
    ),
    ("changed after the end", f"UPDATE quizzes_attempt SET seed = seed + 1 WHERE id IN {ENDED}"),
    ("deadline moved", f"UPDATE quizzes_attempt SET deadline = datetime(deadline, '+60 seconds') WHERE id = ({TIMED})"),
    (
        "deadline moved",
        f"{AGAIN} SELECT id, 'extended', started_at, NULL, NULL, NULL, '{{\"seconds\": 60}}'"
        f" FROM quizzes_attempt WHERE id = ({TIMED})",
    ),
    ("time gained", f"UPDATE quizzes_event SET received_at = '2030-01-01 00:00:00' WHERE id = ({IN_TIME})"),
    (
        "ended twice",
        f"{AGAIN} SELECT {COLUMNS} FROM quizzes_event WHERE kind IN ('submitted', 'expired')",
    ),
    ("wrong score", "UPDATE quizzes_result SET raw = raw + 1"),
    ("wrong score", "DELETE FROM quizzes_result"),
    ("wrong score", f"UPDATE quizzes_response SET fraction = 0.5 WHERE id = ({ANSWERED})"),
    ("wrong score", 'UPDATE quizzes_questionversion SET key = \'{"correct": ["z"]}\''),
    ("unexplained refusal", "DELETE FROM quizzes_event WHERE kind = 'finished'"),
    ("unexplained refusal", "DELETE FROM quizzes_event WHERE kind = 'too_late'"),
    ("unexplained refusal", "DELETE FROM quizzes_event WHERE kind = 'clock_ahead'"),
    ("unfounded refusal", "UPDATE quizzes_event SET at = 0 WHERE kind = 'clock_ahead'"),
    ("unfounded refusal", f"UPDATE quizzes_event SET kind = 'finished' WHERE id = ({SAVED})"),
    ("unfounded refusal", f"UPDATE quizzes_event SET kind = 'too_late' WHERE id = ({SAVED})"),
    ("broken log", "UPDATE quizzes_event SET kind = 'reopened' WHERE kind IN ('submitted', 'expired')"),
    ("broken log", "DELETE FROM quizzes_event WHERE kind = 'started'"),
]
"""What is written by SQL into a copy of the database of a run on SQLite."""


def _forget(kind: str) -> Callable[[History], None]:
    def forget(history: History) -> None:
        history.entries = [entry for entry in history.entries if entry["kind"] != kind]

    return forget


def _other_answers(history: History) -> None:
    for message in history.of("given"):
        if message["choice"] is not None:
            message["choice"] = [] if message["choice"] else [1]


def _other_reply(history: History) -> None:
    for save in history.of("save"):
        if save["status"] == 200:
            save["body"] = {**save["body"], "choice": [12], "flagged": None}


def _other_page(history: History) -> None:
    for page in history.of("booklet"):
        page["shown"] = {position: ([12], flagged) for position, (_, flagged) in page.get("shown", {}).items()}


def _first_save(**more: Any) -> Callable[[History], None]:
    def change(history: History) -> None:
        next(save for save in history.of("save") if save["status"] == 200).update(more)

    return change


IN_THE_HISTORY: list[tuple[str, Callable[[History], None]]] = [
    ("invented answer", _other_answers),
    ("deadline moved", _forget("extension")),
    ("unexplained refusal", _forget("session ended")),
    ("unexplained refusal", _forget("quiz closed")),
    ("unexplained error", _first_save(status=500, cut="")),
    ("unexplained error", _first_save(status=None, lost="reset", cut="")),
    ("unexplained refusal", _first_save(status=403)),
    ("stale reply", _other_reply),
    ("stale page", _other_page),
    ("lost answer", lambda history: history.entries.append({"kind": "given up", "number": 1})),
]
"""What a learner is made to have seen."""
