"""What a machine must have beyond Python for some of the tests: a browser, PostgreSQL, Redis, nginx."""

import os
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

REQUIRE = "SAPRO_TEST_REQUIRE"
POSTGRES = "SAPRO_TEST_POSTGRES"
REDIS = "SAPRO_TEST_REDIS"
DATABASE = "SAPRO_TEST_DATABASE"

ADMIN_PATH = "/usr/sbin:/usr/local/sbin"
"""Where Debian keeps nginx; not everybody's PATH leads there."""
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
LIGHT_CHROMIUM = "chromium-headless-shell"
"""The first of them without what draws windows: a fifth less work. It keeps neither pages nor profiles."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A group of tests by its marker. ``lacking`` says what is missing here, or nothing."""

    name: str
    title: str
    lacking: Callable[[], str]


def chromium() -> str | None:
    """The path of a Chromium on this machine."""
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def light_chromium() -> str | None:
    """The path of the one that most tests can do with."""
    return shutil.which(LIGHT_CHROMIUM) or chromium()


def _browser_lacking() -> str:
    return "" if chromium() else f"none of {', '.join(CHROMIUM_NAMES)} is on PATH"


def _server_lacking(variable: str) -> str:
    url = os.environ.get(variable, "")
    if not url:
        return f"{variable} names no server"
    parts = urlsplit(url)
    default = 6379 if parts.scheme.startswith("redis") else 5432
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or default), timeout=5).close()
    except OSError as error:
        return f"the server of {variable} does not answer: {error}"
    return ""


def postgres_programs() -> Path | None:
    """Where initdb and pg_ctl are: the newest of Debian's, or what is on PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[-3].zfill(3))
    if found:
        return found[-1].parent
    path = shutil.which("initdb")
    return Path(path).parent if path else None


def _cluster_lacking() -> str:
    if postgres_programs() is None:
        return "neither /usr/lib/postgresql nor PATH has initdb"
    return "" if os.geteuid() or shutil.which("runuser") else "root needs runuser to start it as another user"


def nginx() -> str | None:
    """The path of nginx on this machine."""
    return shutil.which("nginx") or shutil.which("nginx", path=ADMIN_PATH)


def _redis_lacking() -> str:
    if not shutil.which("redis-server"):
        return "redis-server is not on PATH; some tests stop one and start it again"
    return _server_lacking(REDIS)


def _nginx_lacking() -> str:
    if not nginx():
        return "there is no nginx"
    return _redis_lacking() or _server_lacking(POSTGRES)


TIERS = {
    tier.name: tier
    for tier in (
        Tier("browser", "Browser", _browser_lacking),
        Tier("postgres", "PostgreSQL", lambda: _server_lacking(POSTGRES)),
        Tier("cluster", "PostgreSQL’s programs", _cluster_lacking),
        Tier("redis", "Redis", _redis_lacking),
        Tier("nginx", "nginx", _nginx_lacking),
    )
}


def required() -> list[str]:
    """The tiers that must not be missing, as SAPRO_TEST_REQUIRE names them. Raises ValueError for an unknown one."""
    names = [name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip()]
    for name in names:
        if name not in TIERS:
            raise ValueError(f"{REQUIRE} names “{name}”; there are {', '.join(TIERS)}")
    return names


def lacking() -> dict[str, str]:
    """The tiers that cannot run here, with the reason."""
    reasons = {name: tier.lacking() for name, tier in TIERS.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def is_postgres() -> bool:
    """Whether this run's database is PostgreSQL."""
    return os.environ.get(DATABASE, "").startswith("postgres")
