"""Learners who sit at the same time on one site, each by their plan, and what happens to the site meanwhile."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.chaos import clock, course
from tests.chaos.checker import Store, Violation, check
from tests.chaos.client import Device
from tests.chaos.history import Fault, History
from tests.chaos.plan import WORLD, Plan, draw
from tests.chaos.site import Site
from tests.chaos.sitting import Sitting, pause

BREATH = 2000
"""Milliseconds of the exam clock between the end of one fault and the next."""


@dataclass(slots=True)
class Outcome:
    """What became of the schedules of a room."""

    histories: list[History]
    faults: list[Fault]
    violations: dict[int, list[Violation]] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        """What happened, and how often."""
        found: Counter[str] = Counter()
        for fault in self.faults:
            found[fault.what.split(" (")[0].split(" for ")[0]] += 1
        for history in self.histories:
            found.update(_named(entry) for entry in history.entries)
        return found


def _named(entry: dict[str, Any]) -> str:
    """What an entry is counted as."""
    if entry["kind"] != "save":
        lost = entry["kind"] in ("start", "submit", "booklet", "report") and entry["status"] is None
        return f"{entry['kind']}, no answer" if lost else entry["kind"]
    if entry["status"] is None:
        return "save cut by the client" if entry["cut"] else "save without an answer"
    reason = entry["body"].get("reason", "")
    return f"save {entry['status']}{' ' + reason if reason else ''}"


class Room:
    """What all sittings of a room share."""

    def __init__(self, site: Site, plans: Sequence[Plan], quizzes: int) -> None:
        self.site = site
        self.plans = plans
        self.quizzes = quizzes
        self.port = site.port
        self.stranger = Device("", "")
        self.faults: list[Fault] = []
        self._dice = Random(plans[0].seed)
        self._closed: set[int] = set()
        self._edition = 0
        self._loading = asyncio.Lock()
        self._suffering: asyncio.Future[None] | None = None
        self._reading = asyncio.Lock()

    async def run(self) -> Outcome:
        """Let everybody sit, then hold what is stored against what they saw."""
        self._edition = self._dice.randrange(1, 10**6)
        await self.site.sure_order("load", self._edition, self.quizzes, [])
        sittings = await self._seat()
        world = asyncio.create_task(self._world())
        try:
            async with asyncio.TaskGroup() as group:
                running = [group.create_task(sitting.run()) for sitting in sittings]
            histories = [one.result() for one in running]
        finally:
            world.cancel()
            if self._suffering is not None:
                await self._suffering
        outcome = Outcome(histories, self.faults)
        store = Store(self.site.database.connect())
        for history in histories:
            if found := list(check(history, store.facts(history.person), self.faults)):
                outcome.violations[history.seed] = found
        store.close()
        return outcome

    async def _seat(self) -> list[Sitting]:
        people = await self.site.sure_order("people", len(self.plans) + 1)
        self.stranger = await self._device(people.pop())
        return [
            Sitting(
                plan,
                number,
                course.slug(number),
                person,
                [await self._device(person) for _ in range(plan.devices)],
                self,
            )
            for number, (plan, person) in enumerate(zip(self.plans, people, strict=True))
        ]

    async def _device(self, person: int) -> Device:
        return Device(await self.site.sure_order("sign_in", person), secrets.token_hex(16))

    # What happens to the site

    async def _world(self) -> None:
        """The faults that the plans wish for, one at a time; of those that are due, what has happened least."""
        wishes = sorted((plan.starts_after + at, what) for plan in self.plans for at, what in plan.wishes)
        begun = clock.read()
        done: Counter[str] = Counter()
        while wishes:
            await pause(wishes[0][0] - (clock.read() - begun).total_seconds() * 1000)
            passed = (clock.read() - begun).total_seconds() * 1000
            due = [wish for wish in wishes if wish[0] <= passed + BREATH]
            what = min((what for _, what in due), key=lambda one: (done[one], WORLD.index(one)))
            done[what] += 1
            self._suffering = asyncio.ensure_future(self._suffer(what))
            # Whoever ends the room waits for it: half a restart is none.
            await asyncio.shield(self._suffering)
            await pause(BREATH)
            # What would have come meanwhile has come too late.
            late = (clock.read() - begun).total_seconds() * 1000 - 2 * BREATH
            wishes = [wish for wish in wishes if wish not in due and wish[0] > late]

    async def _suffer(self, what: str) -> None:
        since = clock.read()
        may_lose = what != "rolling restart"
        match what:
            case "a worker is killed":
                await asyncio.to_thread(self.site.kill_worker, self._dice)
            case "the server is killed":
                await asyncio.to_thread(self.site.kill_server)
            case "rolling restart":
                await asyncio.to_thread(self.site.roll)
            case _:
                what = await asyncio.to_thread(self.site.database.disturb, self._dice)
                may_lose = "restarted" in what
        self.faults.append(Fault(what, since, clock.read(), may_lose))

    # What sittings ask for

    async def order(self, do: str, *with_: Any) -> Any:
        """To the desk."""
        return await self.site.order(do, *with_)

    async def edit(self, closing: int | None = None) -> None:
        """The next edition; what is closed stays closed for this room."""
        async with self._loading:
            self._edition += 1
            self._closed |= set() if closing is None else {closing}
            await self.site.order("load", self._edition, self.quizzes, sorted(self._closed))

    async def stored(self, code: str) -> str:
        """Read from the database itself, as often as that takes."""
        async with self._reading:
            for _ in range(100):
                try:
                    return await asyncio.to_thread(self._read, code)
                except Exception as error:
                    last = error
                    await asyncio.sleep(0.2)
        raise RuntimeError(f"the database cannot be read: {last}")

    def _read(self, code: str) -> str:
        # Opened and used in whichever thread has its turn.
        store = Store(self.site.database.connect())
        try:
            return store.stored(code)
        finally:
            store.close()


def plans(seed: int, count: int) -> list[Plan]:
    """The plans of so many seeds in a row."""
    return [draw(seed + step) for step in range(count)]
