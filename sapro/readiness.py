"""Whether a process can serve: what a load balancer asks before it sends anybody, and what a failure was due to."""

import secrets
from dataclasses import dataclass

from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, InternalError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

WELL = "ok"
READ_ONLY = "25006"
"""PostgreSQL's code for a write to a database that only reads, as a standby does before it takes over."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The state of each part in words; ``ready`` where everything stands that a request cannot do without."""

    states: dict[str, str]
    ready: bool


def readiness() -> Readiness:
    """Ask the database, its migrations and the cache."""
    try:
        missing = _missing_migrations()
    except DatabaseError as error:
        states = {"database": f"not reached: {type(error).__name__}", "migrations": "unknown"}
        return Readiness(states | {"cache": _cache()}, ready=False)
    migrations = WELL if not missing else f"{missing} missing: run manage.py migrate"
    return Readiness({"database": WELL, "migrations": migrations, "cache": _cache()}, ready=not missing)


def _missing_migrations() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _cache() -> str:
    """Without Redis each process goes on with its own memory; here the one is asked that may be away."""
    key = f"readyz:{secrets.token_hex(4)}"
    store = getattr(cache, "redis", cache)
    try:
        store.set(key, 1, 10)
        return WELL if store.get(key) == 1 else "does not keep what it is given"
    except Exception as error:  # whatever the cache's client raises
        return f"not reached: {type(error).__name__}"


def is_database_away(error: BaseException | None) -> bool:
    """Whether a request failed because the database was out of reach, locked for too long, full or read-only.

    Nothing of the request was stored then, and the same request may well succeed a little later.
    """
    if isinstance(error, InternalError):
        return getattr(error.__cause__, "sqlstate", "") == READ_ONLY
    return isinstance(error, (OperationalError, InterfaceError))
