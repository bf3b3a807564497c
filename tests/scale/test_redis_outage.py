"""Redis gone, slow or emptied: pages, exams and signing in go on, and rate limits still count."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from sapro.caching import PAUSE, WAIT, Outage, RedisOrMemory
from tests.benchmarks.server import free_port
from tests.quizzes.attempts.conftest import HTMX, registers, sit
from tests.scale.redis_server import RedisServer

GOES_ON = "Going on with the memory of this process."


class Watch:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that runs."""
    server = RedisServer(free_port(), tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def watch(server: RedisServer, settings: Any) -> Iterator[Watch]:
    """The site's cache on that Redis. The pauses in which it is left alone go by this clock."""
    watch = Watch()
    RedisOrMemory.outages[server.url] = Outage(watch)
    settings.CACHES = {"default": {"BACKEND": "sapro.caching.RedisOrMemory", "LOCATION": server.url}}
    yield watch
    RedisOrMemory.outages.pop(server.url)


def study(client: Client, person: Any, now: Any) -> None:
    """Read, sign in, sit an exam: everything a learner does."""
    for address in ("/", "/notes/", "/notes/test-balancers/", "/search/?q=zone", "/practice/", "/quizzes/"):
        assert client.get(address).status_code == 200, address
    signed_in = client.post("/accounts/login/", {"login": person.username, "password": "correct horse"})
    assert (signed_in.status_code, client.session.get("_auth_user_id")) == (302, str(person.pk))
    start = client.post("/quizzes/short-mock/start/")
    assert start.status_code == 302
    assert client.get(start["Location"]).status_code == 200
    saved = client.post(f"{start['Location']}responses/1/", {"choice": "2"}, headers=HTMX)
    assert (saved.status_code, saved.json()["choice"]) == (200, [2])
    assert client.post(f"{start['Location']}submit/").status_code == 302
    assert client.get(f"{start['Location']}report/").status_code == 200


# Gone, slow, emptied


@pytest.mark.redis
@pytest.mark.usefixtures("course", "clock")
@pytest.mark.parametrize("fault", ["stop", "halt"])
def test_everything_goes_on_without_redis(
    client: Client, person: Any, now: Any, server: RedisServer, watch: Watch, caplog: Any, fault: str
) -> None:
    getattr(server, fault)()
    begun = time.monotonic()
    study(client, person, now)
    # Every page asks the cache; one that had waited each time would not be done yet.
    assert time.monotonic() - begun < 20 * WAIT
    told = [record.getMessage() for record in caplog.records if record.name == "sapro.caching"]
    assert [GOES_ON in line for line in told] == [True]
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["cache"].split(":")[0]) == (200, "not reached")


@pytest.mark.redis
@pytest.mark.usefixtures("course", "clock")
def test_an_emptied_redis_signs_nobody_out_and_loses_no_answer(
    client: Client, person: Any, now: Any, server: RedisServer, watch: Watch
) -> None:
    client.post("/accounts/login/", {"login": person.username, "password": "correct horse"})
    page = client.get("/notes/test-balancers/").content
    attempt = sit(person, _short_mock(), now)
    url = f"/attempts/{attempt.code}/"
    client.post(f"{url}responses/1/", {"choice": "2"}, headers=HTMX)
    before = registers(attempt)
    assert server.ask("FLUSHALL") == "+OK"
    assert client.get("/notes/test-balancers/").content == page
    assert client.get(url).status_code == 200
    assert client.get("/accounts/").context["person"] == person
    assert registers(attempt) == before


def _short_mock() -> Any:
    from quizzes.models import Quiz  # models can be imported only once Django is set up

    return Quiz.objects.get(slug="short-mock")


@pytest.mark.redis
def test_the_limit_on_wrong_passwords_holds_without_redis(
    client: Client, person: Any, server: RedisServer, watch: Watch
) -> None:
    server.stop()
    wrong = {"login": person.username, "password": "wrong"}
    said = [client.post("/accounts/login/", wrong).content.decode() for _ in range(11)]
    locked = ["Too many wrong passwords" in page for page in said]
    assert locked == [False] * 10 + [True]


# Away and back


@pytest.mark.redis
def test_what_was_kept_in_redis_is_found_again_when_it_is_back(server: RedisServer, watch: Watch, caplog: Any) -> None:
    cache.set("before", 1)
    server.stop()
    assert cache.get("before") is None
    cache.set("during", 2)
    assert cache.get("during") == 2
    assert cache.add("during", 3) is False
    server.start()
    watch.seconds += PAUSE - 0.1
    cache.set("during", 4)
    assert server.ask("DBSIZE") == ":0"
    watch.seconds += 0.2
    cache.set("after", 5)
    assert (cache.get("after"), server.ask("DBSIZE")) == (5, ":1")
    told = [record.getMessage() for record in caplog.records if record.name == "sapro.caching"]
    assert len(told) == 2
    assert told[1] == "Redis answers again."


@pytest.mark.redis
def test_a_restart_between_two_questions_is_not_noticed(server: RedisServer, watch: Watch, caplog: Any) -> None:
    cache.set("before", 1)
    server.stop()
    server.start()
    assert cache.get("before") is None
    cache.set("after", 2)
    assert (cache.get("after"), server.ask("DBSIZE"), caplog.records) == (2, ":1", [])


@pytest.mark.redis
def test_every_method_goes_on(server: RedisServer, watch: Watch) -> None:
    server.stop()
    cache.set_many({"a": 1, "b": 2})
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert (cache.incr("a"), cache.decr("a"), cache.touch("a", 60), cache.has_key("a")) == (2, 1, True, True)
    assert cache.get_or_set("c", lambda: 3) == 3
    cache.delete_many(["b", "c"])
    assert (cache.delete("a"), cache.get("b"), "c" in cache) == (True, None, False)
    cache.clear()


@pytest.mark.redis
def test_a_value_of_another_release_counts_as_none(server: RedisServer, watch: Watch, caplog: Any) -> None:
    cache.set("tree", "value")
    key = cache.make_key("tree")
    assert server.ask(f'SET {key} "cno_such_module\\nTree\\n."') == "+OK"
    assert cache.get("tree", "made again") == "made again"
    assert "Left a value unread in Redis (ModuleNotFoundError" in caplog.text
    assert RedisOrMemory.outages[server.url].under_way is False


# When it is tried again


def test_one_caller_in_every_pause_tries_it() -> None:
    watch = Watch()
    outage = Outage(watch)
    assert outage.is_left_alone() is False
    outage.begin(OSError("gone"))
    assert outage.is_left_alone() is True
    watch.seconds += PAUSE
    assert [outage.is_left_alone() for _ in range(3)] == [False, True, True]
    outage.begin(OSError("still gone"))
    assert outage.is_left_alone() is True
    watch.seconds += PAUSE
    assert outage.is_left_alone() is False
    outage.end()
    assert [outage.is_left_alone() for _ in range(2)] == [False, False]
