"""Two servers behind nginx on PostgreSQL and Redis, as docs/deploying.md builds them."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.server import free_port
from tests.scale import database
from tests.scale.processes import until
from tests.scale.proxy import Proxy
from tests.scale.redis_server import RedisServer
from tests.scale.sites import Site, environment_of, manage

KEY = "a key that both servers are told, as on two machines " * 2
PASSWORD = "correct horse battery"
ONLY_HERE = "only-here.txt"
"""A static file that the first server has, and the second does not: as in the middle of an upgrade."""
ENROL = f"""
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from sapro.accounts.models import User
one = make_password({PASSWORD!r})
names = [f"candidate-{{number}}" for number in range(25)]
User.objects.bulk_create(User(username=name, password=one, date_joined=timezone.now()) for name in names)
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """All of its parts, running."""

    proxy: Proxy
    port: int
    sites: tuple[Site, Site]
    redis: RedisServer
    database: str

    def come_back(self, site: Site) -> None:
        """Start a server again, and wait until the proxy sends it people."""
        before = self.proxy.answered(site.port)
        site.start()
        until(lambda: self.proxy.answered(site.port) > before + 5, f"the proxy has found port {site.port} again")

    def restart(self, site: Site) -> None:
        """Stop a server as an upgrade does, and start it again."""
        site.signal(signal.SIGTERM)
        assert site.wait() == 0
        self.come_back(site)


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A cluster for as long as the block lasts."""
    redis = RedisServer(free_port(), folder)
    port, *ports = free_port(), free_port(), free_port()
    with database.made(f"sapro_scale_{os.getpid()}") as url:
        more = {"DATABASE_URL": url, "CACHE_URL": redis.url, "SAPRO_SECRET_KEY": KEY, "SAPRO_BEHIND_PROXY": "yes"}
        folders = [folder / "one", folder / "two"]
        homes = [environment_of(one, f"http://localhost:{port}", **more) for one in folders]
        _install(homes[0], folders)
        one, two = (
            Site(number, home, folder / f"site-{number}.log") for number, home in zip(ports, homes, strict=True)
        )
        proxy = Proxy(port, ports, folder)
        parts = (redis, one, two, proxy)
        try:
            redis.start()
            one.begin()
            two.begin()
            proxy.start()
            for site in (one, two):
                until(site.ready, f"the site on port {site.port} is ready")
            yield Cluster(proxy, port, (one, two), redis, url)
        finally:
            for part in reversed(parts):
                part.kill()


def _install(environment: dict[str, str], folders: list[Path]) -> None:
    manage(environment, "migrate", "--noinput")
    manage(environment, "load_course")
    manage(environment, "shell", "-c", ENROL)
    manage(environment, "collectstatic", "--noinput")
    shutil.copytree(folders[0], folders[1])
    (folders[0] / "static" / ONLY_HERE).write_text("here\n")
