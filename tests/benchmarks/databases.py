"""The databases of one run: files of SQLite, or, where DATABASE_URL names PostgreSQL, databases on that server."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

URL = "DATABASE_URL"
NAME_OF_RUN = f"sapro_bench_{os.getpid()}"


@dataclass(frozen=True, slots=True)
class Databases:
    """Their names as Django knows them: the served one, one with a large bank, and one with a long history."""

    small: str
    large: str
    history: str
    is_postgres: bool


@contextmanager
def made(folder: Path) -> Iterator[Databases]:
    """Empty databases that are gone when the block ends; the environment points at the small one."""
    url = os.environ.get(URL, "")
    if not url.startswith("postgres"):
        os.environ.pop(URL, None)
        files = (str(folder / f"{name}.sqlite3") for name in ("sapro", "large", "history"))
        yield Databases(*files, is_postgres=False)
        return
    names = Databases(NAME_OF_RUN, f"{NAME_OF_RUN}_large", f"{NAME_OF_RUN}_history", is_postgres=True)
    _order(url, *(f"CREATE DATABASE {name}" for name in (names.small, names.large)))
    os.environ[URL] = urlsplit(url)._replace(path=f"/{names.small}").geturl()
    try:
        yield names
    finally:
        made = (names.small, names.large, names.history)
        _order(url, *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in made))


def copy_small(names: Databases) -> None:
    """Make the third database as a copy of the first; nobody else may be using that one."""
    from django.db import connection  # Django is set up after this module is imported

    if names.is_postgres:
        connection.close()
        elsewhere = os.environ[URL].replace(names.small, "postgres")
        _order(elsewhere, f"CREATE DATABASE {names.history} TEMPLATE {names.small}")
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [names.history])
    with using(names.history), connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode=WAL")


def _order(url: str, *statements: str) -> None:
    import psycopg  # not needed on SQLite

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def spent() -> float:
    """Processor seconds so far of this thread and of the database's process that serves it, if that is another one.

    A server on another machine is only seen by the clock on the wall.
    """
    from django.db import connection  # Django is set up after this module is imported

    if connection.vendor != "postgresql":
        return time.thread_time()
    connection.ensure_connection()
    try:
        backend = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    except OSError:
        return time.perf_counter()
    return time.thread_time() + int(backend.split()[0]) / 1e9


@contextmanager
def using(name: str) -> Iterator[None]:
    """This process's connection leads to the database of that name for as long as the block lasts."""
    from django.db import connection  # Django is set up after this module is imported

    before = connection.settings_dict["NAME"]
    _lead(connection, name)
    connection.ensure_connection()
    try:
        yield
    finally:
        _lead(connection, before)


def _lead(connection: Any, name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()
    connection.settings_dict["NAME"] = name
