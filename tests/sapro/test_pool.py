"""PostgreSQL by a pool of connections, and the settings that go with it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from sapro import env
from tests.benchmarks.server import free_port
from tests.chaos.databases import Cluster
from tests.scale.processes import until
from tests.sources import ROOT

HOST = {"ENGINE": "django.db.backends.postgresql", "NAME": "sapro", "HOST": "db.test"}

# Settings


def test_a_process_pools_as_many_connections_as_it_has_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPRO_THREADS", "7")
    assert env.postgres(HOST)["OPTIONS"]["pool"]["max_size"] == 7
    monkeypatch.setenv("SAPRO_DATABASE_POOL", "3")
    assert env.postgres(HOST)["OPTIONS"]["pool"]["max_size"] == 3


def test_without_a_pool_each_thread_keeps_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.postgres(HOST)["CONN_MAX_AGE"] == 0
    monkeypatch.setenv("SAPRO_DATABASE_POOL", "0")
    database = env.postgres(HOST)
    assert (database["CONN_MAX_AGE"], "pool" in database["OPTIONS"]) == (None, False)


def test_what_the_address_says_wins() -> None:
    options = env.postgres({**HOST, "OPTIONS": {"sslmode": "require", "connect_timeout": 60}})["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"], options["tcp_user_timeout"]) == ("require", 60, 15_000)


def test_a_pool_below_nothing_is_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPRO_DATABASE_POOL", "-1")
    with pytest.raises(ImproperlyConfigured, match="SAPRO_DATABASE_POOL must be 0 or more, not -1"):
        env.postgres(HOST)


# The pool at work


@pytest.fixture
def pooled(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[ConnectionHandler]:
    """Connections to the database of this test as the site makes them, two at most."""
    monkeypatch.setenv("SAPRO_DATABASE_POOL", "2")
    handler = ConnectionHandler({"default": env.postgres({**connection.settings_dict, "OPTIONS": {}})})
    yield handler
    wrapper: Any = handler["default"]
    wrapper.close()
    wrapper.close_pool()


def ask(handler: ConnectionHandler, sql: str) -> Any:
    """One value by a connection from the pool, given back afterwards as at the end of a request."""
    wrapper = handler["default"]
    try:
        with wrapper.cursor() as cursor:
            cursor.execute(sql)
            (value,) = cursor.fetchone()
            return value
    finally:
        wrapper.close_if_unusable_or_obsolete()


@pytest.mark.postgres
def test_threads_share_the_connections(pooled: ConnectionHandler) -> None:
    barrier = Barrier(8, timeout=60)

    def work(_: int) -> set[int]:
        barrier.wait(10)
        return {ask(pooled, "SELECT pg_backend_pid()") for _ in range(20)}

    with ThreadPoolExecutor(8) as threads:
        used = set.union(*threads.map(work, range(8)))
    assert 1 <= len(used) <= 2


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_replaced_before_anybody_gets_it(pooled: ConnectionHandler) -> None:
    first = ask(pooled, "SELECT pg_backend_pid()")
    with connection.cursor() as cursor:
        # As a restart of the database, or a firewall that forgets, does. The second waits until it is gone.
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [first])
    assert ask(pooled, "SELECT pg_backend_pid()") != first


@pytest.mark.postgres
def test_a_database_that_is_not_there_is_told_as_any_other_fault(pooled: ConnectionHandler) -> None:
    wrapper: Any = pooled["default"]
    wrapper.settings_dict["OPTIONS"]["pool"]["timeout"] = 0.5
    wrapper.settings_dict["PORT"] = "1"
    with pytest.raises(OperationalError):
        ask(pooled, "SELECT 1")


@pytest.mark.postgres
def test_a_command_ends_when_its_work_is_done(transactional_db: None, tmp_path: Path) -> None:
    told = connection.settings_dict
    url = f"postgres://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"
    environment = {"PATH": os.environ["PATH"], "SAPRO_DATA": str(tmp_path), "DATABASE_URL": url}
    done = subprocess.run(
        [sys.executable, "manage.py", "close_attempts"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), json.dumps(done.stdout)


# A database that goes away


@pytest.fixture
def away(django_db_blocker: Any) -> Iterator[tuple[Cluster, ConnectionHandler]]:
    """A PostgreSQL of this test's own, stopped after it was used, and the pool that leads to it."""
    with TemporaryDirectory() as folder, django_db_blocker.unblock():
        # The server may be another user than who runs the tests.
        os.chmod(folder, 0o755)
        cluster = Cluster(Path(folder), free_port())
        cluster.start()
        try:
            handler = ConnectionHandler({"default": env.postgres(dict(environ.Env.db_url_config(cluster.url)))})
            assert ask(handler, "SELECT 1") == 1
            cluster.stop()
            yield cluster, handler
            wrapper: Any = handler["default"]
            wrapper.close_pool()
        finally:
            if (Path(folder) / "postgres" / "data" / "postmaster.pid").exists():
                cluster.stop()


@pytest.mark.cluster
def test_who_asks_while_the_database_restarts_is_answered(away: tuple[Cluster, ConnectionHandler]) -> None:
    cluster, handler = away
    pool: Any = handler["default"]
    # A database may take longer to come up than a learner is kept waiting.
    pool.pool.timeout = pool.pool.reconnect_timeout = 120.0
    with ThreadPoolExecutor(1) as thread:
        asked = thread.submit(ask, handler, "SELECT 2")
        until(lambda: pool.pool.get_stats().get("requests_waiting", 0) == 1, "somebody waits for a connection")
        cluster._control("start")
        assert asked.result() == 2


@pytest.mark.cluster
def test_a_database_that_comes_back_is_found_by_the_next_request(away: tuple[Cluster, ConnectionHandler]) -> None:
    cluster, handler = away
    wrapper: Any = handler["default"]
    times = wrapper.settings_dict["OPTIONS"]["pool"]
    assert times["reconnect_timeout"] <= times["timeout"]
    # As it is, ten times as fast: somebody waits for one second, and the pool gives up after one.
    wrapper.pool.timeout, wrapper.pool.reconnect_timeout = times["timeout"] / 10, times["reconnect_timeout"] / 10
    for _ in range(6):
        with pytest.raises(OperationalError):
            ask(handler, "SELECT 1")
    cluster._control("start")
    wrapper.pool.timeout = 3
    assert ask(handler, "SELECT 3") == 3
