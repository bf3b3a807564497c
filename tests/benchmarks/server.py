"""The real server on a port of its own, and what it costs: processor time and memory of its processes."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from tests.sources import ROOT

WORKERS, THREADS = 2, 2
START_SECONDS = 30
TICK = 1 / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, its master process, and whether the database has processes of its own."""

    port: int
    master: int
    database: bool

    def workers(self) -> list[int]:
        """Process ids of the workers."""
        children = Path(f"/proc/{self.master}/task/{self.master}/children").read_text()
        return [int(child) for child in children.split()]

    def seconds(self) -> float:
        """Processor time so far: workers, and the database where it runs beside them."""
        return sum(self.seconds_by_process().values())

    def seconds_by_process(self) -> dict[int, float]:
        """The same for each process."""
        processes = self.workers() + (_postgres() if self.database else [])
        return {process: _processor_seconds(process) for process in processes}

    def memory(self) -> tuple[float, float]:
        """RSS and PSS of the largest worker, in MB of 10^6 bytes."""
        rollups = [_rollup(worker) for worker in self.workers()]
        return max(one["Rss:"] for one in rollups), max(one["Pss:"] for one in rollups)


@contextmanager
def serving(port: int, *, database: bool, application: str = "tests.benchmarks.wsgi") -> Iterator[Server]:
    """The server for as long as the block lasts: gunicorn with its file of settings, as the Makefile starts it."""
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--config", str(ROOT / "gunicorn.conf.py")]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        server = Server(port, process.pid, database)
        _wait(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=START_SECONDS)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(server: Server, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with code {process.returncode}")
        if len(server.workers()) == WORKERS and _answers(server.port):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the server does not answer after {START_SECONDS} seconds")


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) * TICK


def machine_seconds() -> tuple[float, float]:
    """Processor time of the whole machine so far: used, and idle."""
    fields = [int(one) * TICK for one in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return sum(fields) - idle, idle


def _postgres() -> list[int]:
    """The processes of PostgreSQL on this machine; nothing else should be using it."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name = (folder / "comm").read_text().strip()
        except OSError:
            continue
        if name.startswith("postgres"):
            found.append(int(folder.name))
    return found


def _rollup(process: int) -> dict[str, float]:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return {line.split()[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
