"""Twenty schedules on each database, and the proof that the checker would have seen what it did not see."""

import copy
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.apart import run_apart
from tests.chaos.checker import Store, check
from tests.chaos.history import Fault, History
from tests.chaos.plan import WORLD, draw
from tests.chaos.room import Outcome, Room, plans
from tests.chaos.run import opened
from tests.chaos.tampering import IN_THE_DATABASE, IN_THE_HISTORY

SEED, SCHEDULES = 1, 20

HAPPENED = {
    "booklet",
    "edition",
    "extension",
    "nonsense",
    "quiz closed",
    "save 200",
    "save 303",
    "save 401 signed_out",
    "save 409 clock_ahead",
    "save 409 finished",
    "save 409 too_late",
    "save cut by the client",
    "session ended",
    "start",
    "stranger",
    "submit",
    "sweep",
}
"""What twenty schedules are long enough for, on a slow machine too."""


async def sit(database: str, kept: Path | None = None) -> Outcome:
    """One room of learners; with ``kept``, a copy of the database of SQLite as it stands at the end."""
    async with opened(database, SCHEDULES) as site:
        outcome = await Room(site, plans(SEED, SCHEDULES), SCHEDULES).run()
        if kept is not None:
            with sqlite3.connect(kept) as copied:
                site.database.connect().backup(copied)
        return outcome


def broken(outcome: Outcome) -> list[str]:
    """Every broken promise, with its seed."""
    return [f"seed {seed}: {one}" for seed, found in outcome.violations.items() for one in found]


def names(path: Path, histories: Sequence[History], faults: Sequence[Fault]) -> set[str]:
    """By what names the checker calls what it finds in a database of SQLite."""
    store = Store(sqlite3.connect(path))
    try:
        return {one.name for history in histories for one in check(history, store.facts(history.person), faults)}
    finally:
        store.close()


@pytest.mark.sqlite
def test_twenty_schedules_on_sqlite_keep_every_promise_and_a_broken_one_is_named(tmp_path: Path) -> None:
    kept = tmp_path / "kept.sqlite3"
    outcome = run_apart(sit("sqlite", kept))
    assert broken(outcome) == []
    assert HAPPENED - set(outcome.counts()) == set()
    assert len(outcome.faults) >= 2
    assert names(kept, outcome.histories, outcome.faults) == set()
    unseen = [
        *(f"{name}: {sql}" for name, sql in IN_THE_DATABASE if name not in tampered(kept, sql, outcome)),
        *(f"{name}, in the history" for name, change in IN_THE_HISTORY if name not in retold(kept, change, outcome)),
    ]
    assert unseen == []
    assert "unexplained error" in names(kept, outcome.histories, [])


def tampered(kept: Path, sql: str, outcome: Outcome) -> set[str]:
    """What the checker says when this has been done to the database."""
    path = kept.with_name("tampered.sqlite3")
    path.unlink(missing_ok=True)
    with sqlite3.connect(kept) as source, sqlite3.connect(path) as target:
        source.backup(target)
        # The site's own constraint would not let it happen.
        target.execute("DROP INDEX attempt_open_once")
        assert target.execute(sql).rowcount > 0, f"nothing to tamper with: {sql}"
    return names(path, outcome.histories, outcome.faults)


def retold(kept: Path, change: object, outcome: Outcome) -> set[str]:
    """What the checker says when the learners tell something else."""
    histories = copy.deepcopy(outcome.histories)
    for history in histories:
        change(history)  # type: ignore[operator]
    return names(kept, histories, outcome.faults)


@pytest.mark.cluster
def test_twenty_schedules_on_postgresql_keep_every_promise() -> None:
    outcome = run_apart(sit("postgres"))
    assert broken(outcome) == []
    assert HAPPENED - set(outcome.counts()) == set()
    assert len(outcome.faults) >= 2


def test_a_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert [draw(seed) for seed in range(50)] == [draw(seed) for seed in range(50)]
    assert len({str(draw(seed)) for seed in range(50)}) == 50


def test_five_hundred_plans_hold_everything_that_can_happen() -> None:
    drawn = plans(1, 500)
    assert {what for plan in drawn for _, what in plan.wishes} == set(WORLD)
    assert {plan.time_option for plan in drawn} == {"standard", "x125", "x150", "untimed"}
    assert {len(plan.pages) for plan in drawn} == {1, 2, 3}
    assert {plan.devices for plan in drawn} == {1, 2}
    done = {step.do for plan in drawn for step in plan.steps}
    assert done == {
        *("save", "reload", "heartbeat", "start", "submit", "report", "sweep"),
        *("extend", "edit", "close_quiz", "session_expires", "stranger", "nonsense", "nowhere"),
    }
    saves = [step.how for plan in drawn for step in plan.steps if step.do == "save"]
    assert {save["cut"] for save in saves} == {"", "body", "reply"}
    assert {len(save["after"]) for save in saves} == {1, 2, 3, 4}
    assert any(save["ahead"] for save in saves)
    assert any(save["plain"] for save in saves)
    assert any(not save["again"] for save in saves)
    submits = [step.how["pages"] for plan in drawn for step in plan.steps if step.do == "submit"]
    assert {len(pages) for pages in submits} == {1, 2}
