"""One learner: carries out a plan against the served site, and writes down what the pages see."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from tests.chaos import clock
from tests.chaos.client import HTMX, Booklet, Device, Lost, Reply, Waited, ask, read_booklet
from tests.chaos.history import Entry, History
from tests.chaos.plan import GRACE, Page, Plan, Step

BACKOFF_SECONDS = (0.1, 0.2, 0.4, 0.8, 1.0)
GIVE_UP_SECONDS = 90
TRIES = 5
FINAL = {200, 303, 404, 409, 422}


class Around(Protocol):
    """What a sitting finds around it."""

    port: int
    stranger: Device

    async def order(self, do: str, *with_: Any) -> Any:
        """Have the desk do something. Raises Refused where it could not."""

    async def edit(self, closing: int | None = None) -> None:
        """Load an edition with other questions; with ``closing``, the quiz of that number is gone from it."""

    async def stored(self, code: str) -> str:
        """All that is stored of an attempt, but its log, as text."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, and what is noted of it beside the answer."""

    kind: str
    method: str
    path: str
    device: int
    fields: list[tuple[str, str]] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    note: Entry = field(default_factory=dict)


class DeskError(Exception):
    """The desk could not do it, or does not know whether it did."""


def pause(ms: float) -> Any:
    """Let so much of the exam's time pass."""
    return asyncio.sleep(max(0.0, ms) / 1000 / clock.TIMES_FASTER)


def milliseconds(span: timedelta) -> int:
    """Whole milliseconds."""
    return span // timedelta(milliseconds=1)


class Sitting:
    """One schedule under way."""

    def __init__(self, plan: Plan, number: int, slug: str, person: int, devices: list[Device], around: Around) -> None:
        self.plan, self.number, self.slug, self.person, self.around = plan, number, slug, person, around
        self.devices = devices
        self.history = History(plan.seed, person)
        self.code = ""
        self.booklet: Booklet | None = None
        self.zero: datetime | None = None
        self._stamps: dict[int, int] = {}
        self._signing = [asyncio.Lock() for _ in devices]
        self._coming = [asyncio.Lock() for _ in devices]
        self._out: set[int] = set()
        self._ended: set[str] = set()
        self._messages = 0

    # The whole of it

    async def run(self) -> History:
        """From the start to a look at what came of it."""
        await pause(self.plan.starts_after)
        for _ in range(TRIES):
            await self._come()
            if self.booklet is not None:
                break
            # The site was away until the time was over: that is a busy machine's fault, and counted.
            self.history.note("exam missed", code=self.code)
            await pause(1000 * GRACE)
            await self.do_report()
        else:
            self.history.note("never sat")
            return self.history
        await asyncio.gather(*(self._play(step) for step in self.plan.steps))
        if self.plan.again:
            await self._once_more()
        return self.history

    async def _come(self) -> None:
        starts = await asyncio.gather(*(self._begin(n % len(self.devices)) for n in range(self.plan.starts_at_once)))
        self.code = next(code for code in starts if code)
        await self.open_booklet(self.plan.pages[0])

    async def _play(self, step: Step) -> None:
        assert self.zero is not None
        await pause(step.at - milliseconds(clock.read() - self.zero))
        await getattr(self, f"do_{step.do}")(**step.how)

    async def _once_more(self) -> None:
        code = await self._begin(0)
        if not code or code in self._ended:
            return
        page = Page(0, secrets.randbits(50))
        for position in range(1, 4):
            message = self._message(page, code, position, choice=[1], at=500 + position)
            await self._deliver(message, 0, again=True)
        if self.plan.seed % 2:
            await self._submit(code, 0)

    # What the plan orders

    async def do_start(self) -> None:
        """The learner opens the page of the quiz again, and presses its button."""
        await self._begin(0)

    async def do_save(self, **how: Any) -> None:
        """An answer, a flag, or both, given now; delivered once, several times, late, or cut."""
        page = self.plan.pages[how["page"]]
        shown = self.booklet.shown[how["position"]] if self.booklet else None
        assert shown is not None
        picks = sorted({pick % shown.options + 1 for pick in how["picks"]})[: shown.choose]
        message = self._message(
            page,
            self.code,
            how["position"],
            choice=None if how["register"] == "flagged" else picks,
            flagged=None if how["register"] == "choice" else how["flag"],
            at=None if how["plain"] else self._stamp(page, how["ahead"]),
            traced=how["traced"],
        )
        ways = (self._deliver(message, after, cut=how["cut"], again=how["again"]) for after in how["after"])
        await asyncio.gather(*ways)

    async def do_reload(self, page: int) -> None:
        """A page is loaded again."""
        await self.open_booklet(self.plan.pages[page])

    async def do_heartbeat(self) -> None:
        """The page asks for the time."""
        await self._ask(Request("clock", "GET", f"/attempts/{self.code}/clock/", 0, note={"code": self.code}))

    async def do_session_expires(self, page: int) -> None:
        """One device is signed out; it comes back when it notices."""
        device = self.plan.pages[page].device
        async with self._coming[device]:
            self._out.add(device)
            await self._tell_desk("session ended", "expire", self.devices[device].session, device=device)

    async def do_extend(self, seconds: int) -> None:
        """Somebody grants more time."""
        await self._tell_desk("extension", "grant", self.code, seconds, code=self.code, seconds=seconds)

    async def do_sweep(self) -> None:
        """The command that closes what is over."""
        await self._tell_desk("sweep", "sweep")

    async def do_edit(self) -> None:
        """A new edition of the course."""
        await self._load("edition")

    async def do_close_quiz(self) -> None:
        """A new edition in which this quiz is not offered any more."""
        await self._load("quiz closed", self.number)

    async def do_stranger(self, position: int) -> None:
        """Somebody else posts an answer to the address of this exam."""
        fields = [("has", "choice"), ("choice", "1"), ("at", "77"), ("tab", "77")]
        await self._post_as("stranger", self.around.stranger, position, fields)

    async def do_nonsense(self, position: int, value: str) -> None:
        """An option that is not there."""
        await self._post_as("nonsense", self.devices[0], position, [("choice", value), ("at", "78"), ("tab", "78")])

    async def do_nowhere(self, position: int) -> None:
        """A position that is not there."""
        await self._post_as("nowhere", self.devices[0], position, [("choice", "1"), ("at", "79"), ("tab", "79")])

    async def do_submit(self, pages: list[int], cut: str) -> None:
        """The end by the learner, from one page or from two at once."""
        await asyncio.gather(*(self._submit(self.code, self.plan.pages[page].device, cut) for page in pages))

    async def do_report(self) -> None:
        """A look at the report: it writes down what is over."""
        path, note = f"/attempts/{self.code}/report/", {"code": self.code}
        reply, _ = await self._until_answered(Request("report", "GET", path, 0, note=note))
        if reply.status == 200:
            await self._note_end(self.code)

    # Start, booklet, end

    async def _begin(self, device: int) -> str:
        fields = [("time", self.plan.time_option)]
        note = {"option": self.plan.time_option}
        request = Request("start", "POST", f"/quizzes/{self.slug}/start/", device, fields, note=note)
        # Whoever is signed out would start as a new guest: that is somebody else.
        async with self._coming[device]:
            while device in self._out:
                await self._sign_in(device)
            reply, entry = await self._until_answered(request)
        code = reply.headers["location"].split("/")[2] if reply.status == 302 else ""
        entry["code"] = code
        return code

    async def open_booklet(self, page: Page) -> None:
        """Load the whole form; the first one tells how many options there are, and sets the page's clock."""
        path = f"/attempts/{self.code}/"
        reply, entry = await self._until_answered(
            Request("booklet", "GET", path, page.device, note={"code": self.code})
        )
        booklet = read_booklet(reply.body) if reply.status == 200 else None
        if booklet is None:
            return
        entry["shown"] = {place: (list(one.choice), one.flagged) for place, one in booklet.shown.items()}
        if self.booklet is None:
            self.booklet = booklet
            self.zero = entry["got"] - timedelta(milliseconds=booklet.at)

    async def _submit(self, code: str, device: int, cut: str = "") -> None:
        request = Request("submit", "POST", f"/attempts/{code}/submit/", device, [], HTMX, {"code": code})
        reply, _ = await self._until_answered(request, cut)
        if reply.status == 204:
            await self._note_end(code)

    async def _note_end(self, code: str) -> None:
        """Keep what is stored when the end is first heard of: from here on nothing may change."""
        if code in self._ended:
            return
        self._ended.add(code)
        self.history.note("end", code=code, stored=await self.around.stored(code))

    # Saves

    def _stamp(self, page: Page, ahead: int) -> int:
        assert self.zero is not None
        reading = max(milliseconds(clock.read() - self.zero), self._stamps.get(page.tab, -1) + 1)
        # A clock that ran ahead is set right by the refusal: what it said does not bind the later stamps.
        if not ahead:
            self._stamps[page.tab] = reading
        return reading + ahead

    def _message(self, page: Page, code: str, position: int, **more: Any) -> Entry:
        self._messages += 1
        given = {"number": self._messages, "code": code, "position": position, "device": page.device, "tab": page.tab}
        given |= {"choice": None, "flagged": None, "traced": False} | more
        if given["at"] is None:
            given["tab"] = 0
        return self.history.note("given", moment=clock.read(), **given)

    async def _deliver(self, message: Entry, after: float, *, cut: str = "", again: bool) -> None:
        await pause(after)
        path = f"/attempts/{message['code']}/responses/{message['position']}/"
        headers = {} if message["at"] is None else HTMX
        note = {"number": message["number"]}
        request = Request("save", "POST", path, message["device"], _fields(message), headers, note)
        for wait in _waits():
            reply, _ = await self._ask(request, cut)
            cut = ""
            if reply is None or reply.status not in FINAL:
                if not again:
                    return
                await self._recover(reply, message["device"], wait)
                continue
            if reply.status == 409:
                await self._heed(message, reply, again=again)
            return
        self.history.note("given up", number=message["number"])

    async def _heed(self, message: Entry, reply: Reply, *, again: bool) -> None:
        reason = reply.json().get("reason")
        if reason == "clock_ahead" and again:
            page = Page(message["device"], message["tab"])
            more = {name: message[name] for name in ("choice", "flagged")}
            fresh = self._message(page, message["code"], message["position"], at=self._stamp(page, 0), **more)
            await self._deliver(fresh, 0, again=True)
        if reason == "finished":
            await self._note_end(message["code"])

    async def _post_as(self, kind: str, device: Device, position: int, fields: list[tuple[str, str]]) -> None:
        sent = clock.read()
        note = self.history.note(kind, code=self.code, position=position, sent=sent, device=0, fields=fields)
        try:
            path = f"/attempts/{self.code}/responses/{position}/"
            reply = await ask(self.around.port, "POST", path, device, fields, headers=HTMX)
            note |= {"got": clock.read(), "status": reply.status, "body": reply.json()}
        except Lost as lost:
            note |= {"got": clock.read(), "status": None, "lost": str(lost), "cut": ""}

    # Asking

    async def _ask(self, request: Request, cut: str = "") -> tuple[Reply | None, Entry]:
        """One request, written down when its answer is there; no reply when none came."""
        device = self.devices[request.device]
        note = {"kind": request.kind, "device": request.device, **request.note, "sent": clock.read()}
        reply = None
        try:
            reply = await ask(
                self.around.port,
                request.method,
                request.path,
                device,
                request.fields,
                headers=request.headers,
                cut=cut,
            )
            note |= {"status": reply.status, "location": reply.headers.get("location", ""), "body": reply.json()}
        except Lost as lost:
            note |= {"status": None, "lost": str(lost), "cut": cut, "waited": isinstance(lost, Waited)}
        note["got"] = clock.read()
        self.history.entries.append(note)
        return reply, note

    async def _until_answered(self, request: Request, cut: str = "") -> tuple[Reply, Entry]:
        """Ask until there is an answer, signing in again where that is asked for."""
        for wait in _waits():
            reply, note = await self._ask(request, cut)
            cut = ""
            if reply is not None and 400 != reply.status < 500 and not _wants_sign_in(reply):
                return reply, note
            await self._recover(reply, request.device, wait)
        raise RuntimeError(f"seed {self.plan.seed}: {request.kind} was never answered")

    async def _recover(self, reply: Reply | None, device: int, wait: float) -> None:
        if reply is not None and _wants_sign_in(reply) and device in self._out:
            await self._sign_in(device)
        else:
            await asyncio.sleep(wait)

    async def _sign_in(self, device: int) -> None:
        async with self._signing[device]:
            if device not in self._out:
                return
            await pause(800)
            session = await self._tell_desk("signed in", "sign_in", self.person, device=device)
            if session:
                self.devices[device].session = session
                self._out.discard(device)

    # The desk

    async def _tell_desk(self, kind: str, do: str, *with_: Any, **more: Any) -> Any:
        note = self.history.note(kind, sent=clock.read(), **more)
        try:
            note["answer"] = await self.around.order(do, *with_)
        except DeskError as error:
            note["error"] = str(error)
        note["got"] = clock.read()
        return note.get("answer")

    async def _load(self, kind: str, closing: int | None = None) -> None:
        note = self.history.note(kind, sent=clock.read())
        try:
            await self.around.edit(closing)
        except DeskError as error:
            note["error"] = str(error)
        note["got"] = clock.read()


def _waits() -> Any:
    """Ever longer waits, until it has been long enough."""
    begun = time.monotonic()
    tries = 0
    while time.monotonic() - begun < GIVE_UP_SECONDS:
        yield BACKOFF_SECONDS[min(tries, len(BACKOFF_SECONDS) - 1)]
        tries += 1


def _wants_sign_in(reply: Reply) -> bool:
    return reply.status == 401 or "/login/" in reply.headers.get("location", "")


def _fields(message: Entry) -> list[tuple[str, str]]:
    fields = []
    if message["choice"] is not None:
        fields += [("has", "choice"), *(("choice", str(one)) for one in message["choice"])]
    if message["flagged"] is not None:
        fields += [("has", "flagged"), ("flagged", "1" if message["flagged"] else "0")]
    if message["at"] is not None:
        fields += [("at", str(message["at"])), ("tab", str(message["tab"]))]
    if message["traced"]:
        fields.append(("trace", json.dumps({str(message["position"]): {"ms": 5}})))
    return fields
