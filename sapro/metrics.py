"""Figures in the format of Prometheus, added up over all processes of the server.

The client library keeps them in files of ``PROMETHEUS_MULTIPROC_DIR``, which ``gunicorn.conf.py`` sets and empties.
Without it (one process, tests) they stay in memory. https://prometheus.github.io/client_python/multiprocess/
"""

import os
from collections.abc import Iterator

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client import REGISTRY as IN_MEMORY

CONTENT_TYPE = CONTENT_TYPE_LATEST

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)

_requests = Counter("sapro_requests", "Requests answered", ["view", "method", "status"])
_request_seconds = Histogram("sapro_request_seconds", "Time to answer a request", ["view"], buckets=SECONDS)
_saves = Counter("sapro_saves", "Answers and flags that came in, by what became of them", ["outcome"])
_save_seconds = Histogram("sapro_save_seconds", "Time to answer a save", buckets=SECONDS)

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def count_request(view: str, method: str, status: int, seconds: float) -> None:
    """One request more. A method nobody knows counts as “other”: whoever invents some makes no new row each."""
    _requests.labels(view, method if method in METHODS else "other", str(status)).inc()
    _request_seconds.labels(view).observe(seconds)


def count_save(outcome: str, seconds: float) -> None:
    """One save more, and what became of it."""
    _saves.labels(outcome).inc()
    _save_seconds.observe(seconds)


def exposition(open_attempts: int) -> bytes:
    """All figures as text. ``open_attempts`` is counted in the database, once for all processes."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = IN_MEMORY
    return generate_latest(registry) + "\n".join(_open(open_attempts)).encode() + b"\n"


def _open(count: int) -> Iterator[str]:
    yield "# HELP sapro_open_attempts Exams under way"
    yield "# TYPE sapro_open_attempts gauge"
    yield f"sapro_open_attempts {count}"
