"""Two servers behind nginx: one dies in the middle of fifty exams and comes back, then both are restarted in turn."""

import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse
from signal import SIGKILL
from threading import Event
from typing import Any

import pytest

from tests.scale import database
from tests.scale.candidate import MENDED, Candidate
from tests.scale.cluster import ONLY_HERE, PASSWORD, Cluster, running
from tests.scale.processes import until

pytestmark = pytest.mark.nginx

CANDIDATES = 50
STEP = 60
"""Answers acknowledged between two blows."""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two servers, nginx, PostgreSQL, Redis."""
    with running(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def asked(cluster: Cluster, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[HTTPResponse, bytes]:
    """One request through nginx."""
    with closing(HTTPConnection("127.0.0.1", cluster.port, timeout=30)) as connection:
        connection.request(method, path, body or None, {"Host": f"localhost:{cluster.port}", **headers})
        response = connection.getresponse()
        return response, response.read()


# What nginx does


def test_a_file_that_one_server_lacks_comes_from_the_other(cluster: Cluster) -> None:
    replies = {asked(cluster, "GET", f"/static/{ONLY_HERE}")[0].status for _ in range(20)}
    assert replies == {200}
    assert asked(cluster, "GET", "/static/nowhere.txt")[0].status == 404


def test_one_id_is_in_the_reply_and_in_the_log(cluster: Cluster) -> None:
    given = "an-id-that-somebody-made-up"
    response, _ = asked(cluster, "GET", "/healthz", **{"X-Request-ID": given})
    number = response.getheader("X-Request-ID", "")
    assert re.fullmatch(r"[0-9a-f]{32}", number)
    until(lambda: number in {one["request_id"] for one in cluster.proxy.lines()}, "the request is in the log")


def test_the_site_itself_says_what_is_too_large_and_nginx_stops_the_rest(cluster: Cluster) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    response, words = asked(cluster, "POST", "/accounts/login/", b"x" * 70_000, **form)
    assert (response.status, b"at most 64 kB" in words) == (413, True)
    response, words = asked(cluster, "POST", "/accounts/login/", b"x" * 200_000, **form)
    assert (response.status, b"nginx" in words) == (413, True)


def test_figures_are_not_for_the_public(cluster: Cluster) -> None:
    assert asked(cluster, "GET", "/metrics")[0].status == 404
    assert asked(cluster, "GET", "/readyz")[0].status == 200


# Fifty exams


def wound(cluster: Cluster, candidates: list[Candidate], exams: list[Future[str]]) -> None:
    """Everything that happens to the servers, each blow once so many more answers have been acknowledged.

    Where an exam has ended by an error, that is raised: it is why nothing more is acknowledged.
    """
    one, two = cluster.sites

    def given() -> int:
        return sum(len(who.given) for who in candidates)

    def go_on(step: int = STEP) -> None:
        goal = given() + step
        until(lambda: given() >= goal or any(exam.done() for exam in exams), f"{goal} answers are acknowledged")
        for exam in exams:
            if exam.done():
                exam.result()

    go_on(2 * STEP)
    one.signal_all(SIGKILL)
    go_on()
    one.wait()
    cluster.come_back(one)
    go_on()
    for site in (one, two):
        cluster.restart(site)
        go_on()
    cluster.redis.stop()
    go_on()
    cluster.redis.start()
    go_on()


def sit(who: Candidate, end: Event) -> str:
    """A whole exam; gives the report."""
    who.enter()
    who.answer_until(end)
    return who.leave()


def stored(cluster: Cluster, who: Candidate) -> list[str]:
    """What the database says otherwise than the candidate was told, in words."""
    code = who.path.strip("/").rpartition("/")[2]
    last = {given.position: given for given in who.given}
    faults, right = [], 0
    for row in database.rows(cluster.database, database.RESPONSES, code):
        given = last[row["position"]]
        told = {row["shown_order"][place - 1] for place in given.choice}
        right += set(row["choice"]) == set(row["correct"])
        if (set(row["choice"]), row["choice_at"], row["choice_tab"]) != (told, given.at, who.tab):
            faults.append(f"{code}/{row['position']}: {row} is not {given}")
    log = database.rows(cluster.database, database.EVENTS, code)
    logged = {(event["position"], event["at"], event["tab"]) for event in log}
    faults += [f"{code}: {one} is not in the log" for one in who.given if (one.position, one.at, who.tab) not in logged]
    results = [tuple(row.values()) for row in database.rows(cluster.database, database.RESULTS, code)]
    if results != [("submitted", right, len(last))]:
        faults.append(f"{code}: {results}, though {right} of {len(last)} are right")
    return faults


def test_nothing_is_lost_and_nobody_is_signed_out(cluster: Cluster) -> None:
    candidates = [
        Candidate(cluster.port, number, f"candidate-{number // 2}" if number % 2 else "", PASSWORD)
        for number in range(CANDIDATES)
    ]
    end = Event()
    with ThreadPoolExecutor(CANDIDATES) as pool:
        exams = [pool.submit(sit, who, end) for who in candidates]
        try:
            until(lambda: all(who.given for who in candidates) or any(exam.done() for exam in exams), "all have begun")
            wound(cluster, candidates, exams)
        finally:
            end.set()
        # A candidate raises what no retry mends: a lost answer, a sign-in page, a 4xx or 500.
        reports = [exam.result() for exam in exams]
    assert all("Short mock" in report for report in reports)
    assert [fault for who in candidates for fault in stored(cluster, who)] == []
    assert len({who.path for who in candidates}) == CANDIDATES
    faults = sum((who.faults for who in candidates), Counter[str]())
    # A page of which a part had been sent when its server was killed is cut off: nothing in front can mend that.
    cut_off = {f"{method} IncompleteRead" for method in ("GET", "POST")}
    assert set(faults) <= {f"POST {status}" for status in MENDED} | cut_off, faults
    assert sum(faults[one] for one in cut_off) <= CANDIDATES
    print(f"{sum(len(who.given) for who in candidates)} answers; sent again: {dict(faults)}")


def test_each_server_has_done_its_part(cluster: Cluster) -> None:
    assert min(cluster.proxy.answered(site.port) for site in cluster.sites) > STEP
    said: dict[int, Any] = {site.port: site.said() for site in cluster.sites}
    assert all("Traceback" not in words for words in said.values()), said
