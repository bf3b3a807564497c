"""A server that is told to stop lets every request that has begun come to its end; two on one folder count apart."""

import json
import re
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.benchmarks.server import free_port
from tests.scale.candidate import Candidate
from tests.scale.processes import until
from tests.scale.sites import Site, environment_of, manage

TOKEN = "a-token-for-prometheus"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder on SQLite, as `make run` leaves it."""
    data = tmp_path_factory.mktemp("site") / "data"
    for command in (["migrate", "--noinput"], ["load_course"], ["collectstatic", "--noinput"]):
        manage(environment_of(data, "http://localhost"), *command)
    return data


@pytest.fixture
def serve(data: Path, tmp_path: Path) -> Iterator[Callable[[], Site]]:
    """Start a server on that folder, with two workers and a port of its own."""
    sites: list[Site] = []

    def start() -> Site:
        port = free_port()
        more = {"SAPRO_METRICS_TOKEN": TOKEN}
        sites.append(Site(port, environment_of(data, f"http://localhost:{port}", **more), tmp_path / f"{port}.log"))
        sites[-1].start()
        return sites[-1]

    yield start
    for site in sites:
        site.kill()


def begin_save(site: Site, candidate: Candidate, body: bytes) -> socket.socket:
    """A save of which the server has read the headers and awaits the body: it has said “100 Continue”."""
    line = socket.create_connection(("127.0.0.1", site.port), timeout=30)
    head = [
        f"POST {candidate.path}responses/1/ HTTP/1.1",
        *(f"{name}: {value}" for name, value in candidate.headers().items()),
    ]
    head += ["HX-Request: true", "Expect: 100-continue", f"Content-Length: {len(body)}"]
    line.sendall("\r\n".join(head).encode() + b"\r\n\r\n")
    assert line.recv(100).startswith(b"HTTP/1.1 100 Continue")
    return line


def test_a_save_that_has_begun_is_stored_and_acknowledged(serve: Callable[[], Site], data: Path) -> None:
    site = serve()
    candidate = Candidate(site.port, seed=1)
    candidate.enter()
    body = b"choice=2&has=choice&at=5&tab=1"
    line = begin_save(site, candidate, body)
    assert len(site.workers()) == 2
    site.signal(signal.SIGTERM)
    # The worker that has nothing to do is gone; the other waits for its request.
    until(lambda: len(site.workers()) == 1, "the idle worker has ended")
    line.sendall(body)
    with closing(line):
        reply = line.makefile().read()
    assert reply.startswith("HTTP/1.1 200")
    assert json.loads(re.split(r"\n\n", reply, maxsplit=1)[1])["choice"] == [2]
    assert site.wait() == 0
    with closing(sqlite3.connect(data / "sapro.sqlite3")) as database:
        stored = database.execute("SELECT choice_at, choice_tab FROM quizzes_response WHERE position = 1").fetchone()
    assert stored == (5, 1)
    assert "Traceback" not in site.said()


def starts(site: Site) -> float:
    """How many exams this server says it has started."""
    told = {"Host": "localhost", "Authorization": f"Bearer {TOKEN}"}
    with closing(HTTPConnection("127.0.0.1", site.port, timeout=30)) as connection:
        connection.request("GET", "/metrics", headers=told)
        text = connection.getresponse().read().decode()
    found = re.search(r'sapro_requests_total\{method="POST",status="302",view="quizzes:start"\} ([\d.]+)', text)
    return float(found[1]) if found else 0.0


def test_two_servers_on_one_folder_count_apart(serve: Callable[[], Site]) -> None:
    first = serve()
    Candidate(first.port, seed=1).enter()
    assert starts(first) == 1
    second = serve()
    Candidate(second.port, seed=2).enter()
    Candidate(second.port, seed=3).enter()
    assert (starts(first), starts(second)) == (1, 2)
