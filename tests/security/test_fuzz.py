"""Whatever a browser or a script sends, it is answered: never by 5xx, and what is refused has changed nothing.

A few hundred requests to each part of the site in the suite, always the same ones; ``make fuzz`` sends ten thousand,
other ones every time.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from quizzes.forms import read_save
from quizzes.models import Attempt, Question
from quizzes.queries.draws import held_questions
from tests.security import people, tables
from tests.security.profiles import EXAMPLES, SEED
from tests.security.requests import Fields, Request, Target, drawn

pytestmark = pytest.mark.usefixtures("course", "clock")

ROLES = ("anonymous", "guest", "learner", "other")
ASKING = ("learner", "learner", "learner", "learner", "other", "guest", "anonymous", "anonymous")
"""Who sends: most often the one whose sittings stand in the addresses."""
SECONDS = 2.0
"""Of the processor: the most that any request may cost."""


@pytest.fixture
def everybody(course: None, now: datetime) -> dict[str, people.Person]:
    found = people.gather(now, ROLES)
    for role in ("learner", "other"):
        # Enters the address of the account, which the page of addresses does when it is first opened.
        found[role].client.get("/accounts/email/")
    return found


PLACES = ["1", "2", "3", "4"]
SAVE: Fields = {
    "has": ["choice", "flagged"],
    "choice": PLACES,
    "flagged": ["0", "1", "on"],
    "at": ["0", "1", "1000", "99999999"],
    "tab": ["1", "7"],
    "trace": ['{"1":{"ms":100}}', json.dumps({"1": {"ms": 5, "strike": [1]}}), "[[[[", '{"1":' * 200],
    "go": ["2", "review"],
}


def exam(everybody: dict[str, people.Person]) -> list[Target]:
    learner = everybody["learner"]
    sittings = [learner.exam] * 5 + [learner.earlier, learner.practice[1], everybody["other"].exam]
    codes = [one.code for one in sittings if one]
    words, mine = {"code": codes}, {"code": codes[:1], "position": ["1", "2", "5"]}
    room = "/attempts/{code}/"
    save = f"{room}responses/{{position}}/"
    return [
        *[Target(save, words | {"position": ["1", "2", "5"]}, SAVE, "POST")] * 3,
        *[Target(save, mine, SAVE, "POST", there=True)] * 3,
        Target(f"{room}submit/", words, {"trace": SAVE["trace"]}, "POST"),
        Target(room, words, {"q": ["1", "3", "review"]}),
        Target(f"{room}review/", words, {"show": ["all", "wrong"], "domain": PLACES, "page": PLACES}),
        *(Target(f"{room}{page}/", words, {}) for page in ("clock", "report", "receipt")),
        Target("/quizzes/{slug}/", {"slug": ["short-mock", "sap-c03"]}, {}),
        Target("/quizzes/{slug}/start/", {"slug": ["short-mock", "sap-c03"]}, {"time": ["standard", "x150"]}, "POST"),
    ]


def practice(everybody: dict[str, people.Person]) -> list[Target]:
    learner, begun = everybody["learner"], everybody["learner"].practice[1]
    sittings = [begun] * 5 + [learner.practice[0], learner.exam, everybody["other"].practice[1]]
    words = {"code": [one.code for one in sittings if one]}
    answer = {"choice": PLACES, "confidence": ["sure", "guess"]}
    topics = ["test-balancers", "test-health-checks"]
    choice = {"topics": topics, "count": ["5", "40"], "only": ["", "missed", "unseen"], "section": ["tb-sni", "tb"]}
    session = "/practice/sessions/{code}/"
    respond, mine = f"{session}responses/{{position}}/", {"code": [begun.code], "position": answerable(begun)}
    return [
        *[Target(respond, words | {"position": ["1", "2", "14"]}, answer, "POST")] * 3,
        *[Target(respond, mine, answer, "POST", there=True)] * 4,
        Target(session, words, {"q": ["1", "end", "5"]}),
        Target(f"{session}retry/", words, {}, "POST"),
        *[Target("/practice/", {}, choice, "POST")] * 2,
        Target("/practice/{topic}/", {"topic": topics}, choice, "POST"),
        Target("/practice/{topic}/", {"topic": topics}, {"section": ["tb-sni"]}),
    ]


def answerable(attempt: Attempt) -> list[str]:
    """The positions of a session that take one option, and whose questions no open exam withholds."""
    rows = attempt.responses.filter(version__choose=1).exclude(question_id__in=held_questions(attempt.person_id))
    return [str(one) for one in rows.order_by("position").values_list("position", flat=True)]


def notes(everybody: dict[str, people.Person]) -> list[Target]:
    words = {"slug": ["test-balancers", "test-health-checks", "test-old-balancers"]}
    return [
        Target("/notes/{slug}/", words, {}),
        Target("/notes/{slug}/mine/", words, {}),
        Target("/notes/{slug}/read/", words, {"undo": ["1"]}, "POST"),
        Target(
            "/notes/glossary/",
            {},
            {"status": ["active", "ended"], "kind": ["service"], "letter": ["A"], "page": PLACES},
        ),
        Target("/notes/changes/", {}, {"service": ["Test"], "year": ["2020"], "page": PLACES}),
        *(Target(page, {}, {}) for page in ("/", "/notes/", "/notes/mine/", "/notes/tasks/", "/about/")),
        *[Target("/search/", {}, {"q": ["balancer", "zone sni", 'test "a b"', "-x OR y*"]})] * 4,
    ]


def challenges(everybody: dict[str, people.Person]) -> list[Target]:
    codes = list(Question.objects.values_list("code", flat=True))
    said = {"flaw": ["key", "other"], "text": ["It is not so at all."], "evidence": ["https://example.org/a", ""]}
    topic = {"slug": ["test-balancers"], "anchor": ["tb-sni", "tb-static"]}
    return [
        Target("/challenges/questions/{code}/", {"code": codes}, said, "POST"),
        Target("/challenges/notes/{slug}/", topic, said, "POST"),
        Target("/challenges/notes/{slug}/{anchor}/", topic, said, "POST"),
        Target("/teach/challenges/", {}, {"state": ["open", "all"], "page": PLACES}),
    ]


def accounts(everybody: dict[str, people.Person]) -> list[Target]:
    name = ["canary-name-learner", "newcomer"]
    new = {
        "username": name,
        "email": ["a@example.org"],
        "password1": ["correct horse 9"],
        "password2": ["correct horse 9"],
    }
    there = {"next": ["/notes/", "//evil.example"]}
    codes = {"code": ["123456"], "otp_code": ["1"]}
    posts: dict[str, Fields] = {
        "login/": {"login": name, "password": ["correct horse 9", "x"], **there},
        "signup/": {**new, **there},
        "logout/": there,
        "name/": {"username": name},
        "preferences/": {"time_zone": ["Europe/Berlin", "Berlin"], "shortcuts_off": ["on"]},
        "delete/": {"confirm": [*name, "on"]},
        "email/": {"email": ["b@example.org"], "action_add": [""], "action_remove": [""], "action_primary": [""]},
        "password/change/": {"oldpassword": ["x" * 12], **new},
        "password/reset/": {"email": ["a@example.org"]},
        "reauthenticate/": {"password": ["x" * 12], **there},
        "2fa/authenticate/": codes,
        "2fa/totp/activate/": codes,
        "2fa/webauthn/login/": {"credential": ["{}", "null", '{"id":1}']},
        "2fa/recovery-codes/generate/": {},
    }
    return [
        *(Target(f"/accounts/{path}", {}, fields, "POST") for path, fields in posts.items()),
        *(
            Target(f"/accounts/{path}", {}, there)
            for path in ("", "data/", "data/json/", "login/", "2fa/", "inactive/")
        ),
        Target("/accounts/role/{token}/", {"token": ["x", "A" * 43]}, {}, "POST"),
        Target(
            "/accounts/password/reset/key/{uid}-{key}/",
            {"uid": ["1", "set"], "key": ["x-y", "set-password"]},
            new,
            "POST",
        ),
        Target("/accounts/confirm-email/{key}/", {"key": ["x", "MQ:1:x"]}, {}, "POST"),
        Target("/admin/login/", {}, {"username": name, "password": ["x"], **there}, "POST"),
        Target(
            "/admin/{path}", {"path": ["quizzes/attempt/", "accounts/user/1/change/", "x"]}, {"q": ["a"], "o": ["1"]}
        ),
    ]


def anywhere(everybody: dict[str, people.Person]) -> list[Target]:
    segments = {"one": ["notes", "attempts", "static", "accounts"], "two": ["x", "1", ".", ".."]}
    return [
        Target("/{one}", segments, {}),
        Target("/{one}/{two}/", segments, {"a": ["1"]}, "POST"),
        Target("/{one}/{two}/{one}/", segments, {}),
        *(Target(path, {}, {}) for path in ("/healthz", "/readyz", "/metrics", "/privacy/")),
    ]


PARTS: dict[str, Callable[[dict[str, people.Person]], list[Target]]] = {
    one.__name__: one for one in (exam, practice, notes, challenges, accounts, anywhere)
}
MET = {
    "exam": {200, 303, 302, 401, 404, 405, 409, 413, 422},
    "practice": {200, 302, 303, 404, 405, 413, 422},
    "notes": {200, 204, 404, 405},
    "challenges": {200, 302, 404, 405, 422},
    "accounts": {200, 302, 404, 405, 422},
    "anywhere": {200, 404},
}
"""Replies that the requests to each part have to bring about, or they are not worth much."""
ALWAYS = (
    *("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "X-Request-ID"),
    *("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"),
)
"""Headers of every reply."""
LOGGED = ("quizzes.Event",)
"""A save that is refused stands in the log of the attempt."""


class Sender:
    """Sends requests by the sessions of everybody, each as if none had been sent before."""

    def __init__(self, everybody: dict[str, people.Person]) -> None:
        self.sessions = {role: one.client.cookies.output(header="", sep=";") for role, one in everybody.items()}
        self.cookies = {role: one.client.cookies for role, one in everybody.items()}
        self.before = tables.state()
        self.met: Counter[int] = Counter()
        self.methods: Counter[str] = Counter()
        self.roles: Counter[str] = Counter()
        self.slowest = 0.0
        self.violations: list[str] = []

    def send_all(self, requests: Iterator[Request]) -> None:
        """Send them all, whatever comes back, and note what should not have."""
        for request in requests:
            try:
                self.send(request)
            except AssertionError as error:
                self.violations.append(f"{error} after {request}"[:2000])

    def send(self, request: Request) -> None:
        """Send, look at the reply and at the tables, and undo it."""
        cache.clear()
        with transaction.atomic():
            begun = time.process_time()
            reply = self._sent(request)
            cost = time.process_time() - begun
            after = tables.state() if reply.status_code >= 400 else self.before
            transaction.set_rollback(True)
        self.met[reply.status_code] += 1
        self.methods[request.method] += 1
        self.roles[request.role] += 1
        self.slowest = max(self.slowest, cost)
        assert reply.status_code < 500, reply.content[-500:]
        assert cost < SECONDS
        if reply.status_code >= 400:
            assert {name for name in after if after[name] != self.before[name]} <= set(LOGGED)
            assert says_why(reply, request)
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]
        assert set(ALWAYS) <= set(reply.headers)

    def record(self) -> str:
        """What was sent and what came back, for the log of ``make fuzz``."""
        said = {"met": self.met, "methods": self.methods, "roles": self.roles, "seed": SEED}
        return json.dumps(said | {"milliseconds": round(1000 * self.slowest)})

    def _sent(self, request: Request) -> HttpResponse:
        client = Client(raise_request_exception=False)
        client.cookies.update(self.cookies[request.role])
        headers: dict[str, Any] = {
            f"HTTP_{name.upper().replace('-', '_')}": value
            for name, value in request.headers
            if name not in ("Content-Length", "Cookie")
        }
        for name, value in request.headers:
            if name == "Content-Length":
                headers["CONTENT_LENGTH"] = value
            if name == "Cookie":
                headers["HTTP_COOKIE"] = f"{self.sessions[request.role]}; {value}"
        return client.generic(request.method, request.url, request.body, request.type, **headers)


def says_why(reply: HttpResponse, request: Request) -> bool:
    """A refusal has a body with a reason; of methods, the list of those that are taken."""
    if reply.status_code == 405:
        return bool(reply.headers["Allow"])
    return request.method == "HEAD" or bool(reply.content.strip())


def drawn_for(part: str, targets: Sequence[Target], count: int) -> Iterator[Request]:
    """So many requests. Each has dice of its own, so that it can be thrown again alone."""
    return (drawn(Random(f"{SEED} {part} {number}"), targets, ASKING) for number in range(count))


@pytest.mark.parametrize("part", PARTS)
def test_whatever_is_sent_is_answered_and_what_is_refused_changes_nothing(
    everybody: dict[str, people.Person], part: str, record_property: Callable[[str, object], None]
) -> None:
    sender = Sender(everybody)
    sender.send_all(drawn_for(part, PARTS[part](everybody), EXAMPLES))
    record_property(f"requests {part}", sender.record())
    assert sender.violations[:3] == []
    assert set(sender.met) >= MET[part]
    assert tables.state() == sender.before


def careless(text: str, size: int) -> int:
    """Takes what it is sent for a number."""
    return int(text or "1")


def hasty(posted: Any) -> Any:
    """Writes before it has read what was sent."""
    Attempt.objects.update(title="written")
    return read_save(posted)


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "broken", "path"),
    [
        ("_position", careless, "/attempts/{code}/"),
        ("read_save", hasty, "/attempts/{code}/responses/{position}/"),
    ],
)
def test_a_fault_is_found(
    everybody: dict[str, people.Person], monkeypatch: pytest.MonkeyPatch, name: str, broken: Any, path: str
) -> None:
    """The control: a view that turns what it is sent into a number, and one that writes before it refuses."""
    monkeypatch.setattr(f"quizzes.views.attempts.{name}", broken)
    sender = Sender(everybody)
    sender.send_all(drawn_for(name, [one for one in exam(everybody) if one.path == path], 300))
    assert sender.violations
