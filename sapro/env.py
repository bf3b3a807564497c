"""What the environment says: typed, with safe defaults, refused when it is nonsense."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """The folder for database and secrets (SAPRO_DATA, default ``var/``), made on first use with mode 0700."""
    folder = Path(env.str("SAPRO_DATA", default=str(ROOT / "var"))).expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """SAPRO_SECRET_KEY, else the key kept in ``folder/secret_key`` (made once, mode 0600)."""
    given = env.str("SAPRO_SECRET_KEY", default="")
    if given:
        return str(given)
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read_key(path)
    with os.fdopen(handle, "w") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key


def _read_key(path: Path) -> str:
    key = path.read_text().strip()
    if len(key) < 50:
        raise ImproperlyConfigured(f"{path} holds no usable key. Remove the file, or set SAPRO_SECRET_KEY.")
    return key


def public_url() -> tuple[str, str, bool]:
    """SAPRO_URL as (origin, host name, is it https). Raises ImproperlyConfigured when it is no http(s) origin."""
    value = env.str("SAPRO_URL", default="http://localhost:8000").rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ImproperlyConfigured(f"SAPRO_URL must look like https://study.example.org, not “{value}”.")
    return value, parts.hostname, parts.scheme == "https"


BACKENDS = {"thread": "sapro.tasks.ThreadBackend", "database": "django_tasks_db.DatabaseBackend"}


def task_backend() -> str:
    """The class that runs background work, by SAPRO_TASKS. Raises ImproperlyConfigured for what is neither."""
    name = env.str("SAPRO_TASKS", default="thread")
    if name not in BACKENDS:
        raise ImproperlyConfigured(f"SAPRO_TASKS must be “thread” or “database”, not “{name}”.")
    return BACKENDS[name]


def postgres(database: dict[str, Any]) -> dict[str, Any]:
    """A PostgreSQL database with the ways of this site: a pool of connections for each process (SAPRO_DATABASE_POOL;
    0: one kept by each thread), and a server that has fallen silent is noticed within seconds.

    Raises ImproperlyConfigured for a size below 0.
    """
    size = env.int("SAPRO_DATABASE_POOL", default=env.int("SAPRO_THREADS", default=2))
    if size < 0:
        raise ImproperlyConfigured(f"SAPRO_DATABASE_POOL must be 0 or more, not {size}.")
    options = {"connect_timeout": 5, "keepalives_idle": 30, "tcp_user_timeout": 15_000} | database.get("OPTIONS", {})
    if size:
        # Who finds no connection waits: a database that restarts is back before the wait is over. The pool itself gives
        # up as soon; the next request makes it try again, when else it would pause for longer and longer.
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 10, "reconnect_timeout": 10}
    # Django refuses a pool beside connections that are kept.
    return {**database, "OPTIONS": options, "CONN_MAX_AGE": 0 if size else None, "CONN_HEALTH_CHECKS": True}


def cache() -> dict[str, Any]:
    """CACHE_URL: the memory of each process, or a Redis that the site can do without.

    Rate limits live there: with few entries, guessing many names would push a locked one out.
    """
    given: dict[str, Any] = env.cache_url("CACHE_URL", default="locmemcache://?max_entries=100000")
    if given["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
        given["BACKEND"] = "sapro.caching.RedisOrMemory"
    return given


def build_id(*folders: Path) -> str:
    """A short name for the present state of these folders: SHA-256 over their text files."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".html", ".css", ".js"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
