"""How many statements a request sends to the database: counted in this process, on the whole site."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.benchmarks.client import Learner, UnexpectedReply, Visitor
from tests.benchmarks.exams import QUIZ, Sitting
from tests.benchmarks.stage import enrol

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True, slots=True)
class Count:
    """Statements, and how many of them write."""

    statements: int
    writes: int


def count_of(queries: Iterable[dict[str, str]]) -> Count:
    sql = [one["sql"].lstrip(" (").upper() for one in queries]
    counted = [one for one in sql if not one.startswith(NOT_COUNTED)]
    return Count(len(counted), sum(one.startswith(WRITES) for one in counted))


def _client(learner: Learner) -> Client:
    client = Client(enforce_csrf_checks=True, SERVER_NAME="localhost")
    client.cookies[settings.SESSION_COOKIE_NAME] = learner.session
    client.cookies[settings.CSRF_COOKIE_NAME] = learner.token
    return client


def of_start() -> Count:
    """A start on the bank that the connection leads to."""
    sitting = Sitting(enrol(1)[0], 1)
    with CaptureQueriesContext(connection) as captured:
        reply = _client(sitting.learner).post(f"/quizzes/{QUIZ}/start/", headers={"X-CSRFToken": sitting.learner.token})
    _expect(reply.status_code, 302)
    return count_of(captured.captured_queries)


def of_save(port: int) -> Count:
    """A save that stores an answer; the exam is started over HTTP."""
    sitting = Sitting(enrol(1)[0], 1)
    visitor = Visitor(port)
    sitting.start(visitor)
    sitting.booklet(visitor)
    visitor.close()
    path, fields, _ = sitting.save_request(sitting.asked[0])
    headers = {"X-CSRFToken": sitting.learner.token, "HX-Request": "true"}
    data: dict[str, list[str]] = {}
    for name, value in fields:
        data.setdefault(name, []).append(value)
    with CaptureQueriesContext(connection) as captured:
        reply = _client(sitting.learner).post(path, data, headers=headers)
    _expect(reply.status_code, 200)
    return count_of(captured.captured_queries)


def of_note(topic: str) -> tuple[Count, Count]:
    """A notes page that this process makes for the first time, with the course tree at hand, and the same again."""
    client = _client(enrol(1)[0])
    client.get("/notes/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            reply = client.get(f"/notes/{topic}/")
        _expect(reply.status_code, 200)
        counts.append(count_of(captured.captured_queries))
    return counts[0], counts[1]


def of_progress(learner: Learner) -> Count:
    """The page of progress."""
    client = _client(learner)
    with CaptureQueriesContext(connection) as captured:
        reply = client.get("/progress/")
    _expect(reply.status_code, 200)
    return count_of(captured.captured_queries)


def of_search(query: str) -> Count:
    """The page of results, asked for by a stranger."""
    with CaptureQueriesContext(connection) as captured:
        reply = Client(SERVER_NAME="localhost").get("/search/", {"q": query})
    _expect(reply.status_code, 200)
    return count_of(captured.captured_queries)


def _expect(status: int, wanted: int) -> None:
    if status != wanted:
        raise UnexpectedReply(f"{status}, not {wanted}")
