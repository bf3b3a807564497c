"""The site as it is served: gunicorn with its own configuration, one or several on one database."""

import os
import subprocess
import sys
from collections.abc import Mapping
from http.client import HTTPConnection
from pathlib import Path

from tests.scale.processes import Process, until
from tests.sources import ROOT

SETTINGS = "tests.scale.settings"


def environment_of(data: Path, url: str, **more: str) -> dict[str, str]:
    """What a site's processes find in their environment, and nothing besides."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL") if name in os.environ}
    return kept | {"SAPRO_DATA": str(data), "SAPRO_URL": url, "DJANGO_SETTINGS_MODULE": SETTINGS} | more


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """One of the site's commands; gives what it printed."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


class Site(Process):
    """One gunicorn."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path) -> None:
        self.port = port
        command = [sys.executable, "-m", "gunicorn", "sapro.wsgi", "--bind", f"127.0.0.1:{port}"]
        super().__init__(command, log, environment)

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        self.begin()
        until(self.ready, f"the site on port {self.port} is ready")

    def begin(self) -> None:
        """Start it, and wait for nothing."""
        super().start()

    def ready(self) -> bool:
        """What /readyz says."""
        assert self.alive, self.said()
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz", headers={"Host": "localhost"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(child) for child in children.split()]
