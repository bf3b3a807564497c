"""The site as it is served: gunicorn by its own file of settings, in a group of processes that can be killed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from typing import Any

from tests.benchmarks.server import free_port
from tests.chaos import clock
from tests.chaos.databases import Database
from tests.chaos.plan import GRACE
from tests.chaos.sitting import DeskError
from tests.sources import ROOT

WORKERS, THREADS = 3, 4
START_SECONDS = 60


class Site:
    """A data folder, a database, a server and a desk."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.folder = folder
        self.database = database
        self.port = free_port()
        self.log = folder / "server.log"
        self.environment = self._environment()
        self._server: subprocess.Popen[bytes] | None = None
        self._desk: asyncio.subprocess.Process | None = None
        self._desk_turn = asyncio.Lock()

    def _environment(self) -> dict[str, str]:
        """What whoever runs this has set changes nothing."""
        theirs = {name: value for name, value in os.environ.items() if not name.startswith("SAPRO_")}
        for name in ("CACHE_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR"):
            theirs.pop(name, None)
        return {
            **theirs,
            **clock.set_going(),
            "SAPRO_DATA": str(self.folder / "data"),
            "SAPRO_URL": f"http://localhost:{self.port}",
            "SAPRO_CLOCK": f"{clock.__name__}.read",
            "SAPRO_EXAM_GRACE": str(GRACE),
            "SAPRO_WORKERS": str(WORKERS),
            "SAPRO_THREADS": str(THREADS),
            "SAPRO_LOG_LEVEL": "ERROR",
            "DATABASE_URL": self.database.url,
            "PYTHONPATH": str(ROOT),
        }

    async def open(self, quizzes: int) -> None:
        """Everything from nothing to a served page."""
        await asyncio.to_thread(self.database.start)
        with self.log.open("ab") as log:
            self._desk = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "tests.chaos.desk"),
                cwd=ROOT,
                env=self.environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        await self.order("prepare", quizzes)
        await asyncio.to_thread(self._start)

    async def close(self) -> None:
        """Leave nothing running."""
        if self._desk is not None and self._desk.stdin is not None:
            self._desk.stdin.close()
            await self._desk.wait()
        if self._server is not None:
            self._server.terminate()
            await asyncio.to_thread(self._server.wait, START_SECONDS)
        await asyncio.to_thread(self.database.stop)

    # The server

    def _start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "sapro.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait(lambda: len(self.workers()) == WORKERS and self._answers())

    def _wait(self, is_so: Any) -> None:
        end = time.monotonic() + START_SECONDS
        while not is_so():
            if time.monotonic() > end or (self._server and self._server.poll() is not None):
                raise RuntimeError(f"the server does not serve:\n{self.tail()}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def tail(self) -> str:
        """The end of what the server said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def workers(self) -> list[int]:
        """Process ids of the workers, those included that are on their way out."""
        assert self._server is not None
        children = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children")
        return [int(child) for child in children.read_text().split()] if children.exists() else []

    def kill_worker(self, dice: Random) -> None:
        """SIGKILL for one of them; the others serve on, and a new one takes its place."""
        victim = dice.choice(self.workers())
        os.kill(victim, signal.SIGKILL)
        self._wait(lambda: victim not in self.workers() and len(self.workers()) >= WORKERS)

    def kill_server(self) -> None:
        """SIGKILL for the whole group at once, as when the power fails; then a new start."""
        assert self._server is not None
        os.killpg(self._server.pid, signal.SIGKILL)
        self._server.wait()
        self._start()

    def roll(self) -> None:
        """SIGHUP: the workers are replaced, each after the requests that it has begun."""
        assert self._server is not None
        before = set(self.workers())
        os.kill(self._server.pid, signal.SIGHUP)
        self._wait(lambda: not before & set(self.workers()) and len(self.workers()) == WORKERS)

    # The desk

    async def order(self, do: str, *with_: Any) -> Any:
        """Have the desk do something, one order after the other. Raises DeskError."""
        assert self._desk is not None
        assert self._desk.stdin is not None
        assert self._desk.stdout is not None
        async with self._desk_turn:
            self._desk.stdin.write(json.dumps({"do": do, "with": with_}).encode() + b"\n")
            await self._desk.stdin.drain()
            line = await self._desk.stdout.readline()
        if not line:
            raise RuntimeError(f"the desk is gone:\n{self.tail()}")
        said = json.loads(line)
        if "error" in said:
            raise DeskError(said["error"])
        return said["answer"]

    async def sure_order(self, do: str, *with_: Any) -> Any:
        """An order that may be given again until it is carried out."""
        for _ in range(20):
            try:
                return await self.order(do, *with_)
            except DeskError as error:
                last = error
                await asyncio.sleep(0.5)
        raise RuntimeError(f"the desk cannot {do}: {last}")
