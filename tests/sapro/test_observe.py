"""What an operator sees: ids in the log, figures, and whether the site is ready."""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from quizzes.models import Attempt
from sapro import readiness as ready
from sapro.observe import RequestFilter
from tests.quizzes.practice.conftest import sit

TOKEN = "a-token-for-the-scraper"


def scraped(client: Client, settings: Any) -> dict[str, float]:
    """All figures by name and labels."""
    settings.METRICS_TOKEN = TOKEN
    reply = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert reply.status_code == 200
    lines = [line for line in reply.content.decode().splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


# Ids and logs


def test_every_answer_carries_an_id(db: None, client: Client) -> None:
    first, second = (client.get("/healthz")["X-Request-ID"] for _ in range(2))
    assert first != second
    assert len(first) == 16


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-123_DEF.456", True), ("short", False), ("x" * 65, False), ("a b c d e f g", False)]
)
def test_a_proxys_id_is_kept_if_it_is_one(client: Client, given: str, kept: bool) -> None:
    assert (client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given) is kept


@pytest.fixture
def logged(settings: Any) -> Any:
    """The lines of the access log, as the site's own handler would write them in JSON."""
    from pythonjsonlogger.json import JsonFormatter  # the formatter of the setting SAPRO_LOG_FORMAT

    lines: list[dict[str, Any]] = []
    form = settings.LOGGING["formatters"]["json"]
    formatter = JsonFormatter(form["fmt"], style="{", rename_fields=form["rename_fields"])

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(formatter.format(record)))

    handler, logger = Keeper(), logging.getLogger("sapro.access")
    handler.addFilter(RequestFilter())
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel(logging.INFO)
    yield lines
    logger.removeHandler(handler)
    logger.setLevel(before)


@pytest.mark.usefixtures("course", "clock")
def test_a_line_tells_request_attempt_and_person(
    client: Client, person: Any, now: datetime, logged: list[dict[str, Any]]
) -> None:
    client.force_login(person)
    attempt = sit(person, now)
    reply = client.post(f"/attempts/{attempt.code}/responses/1/", {"choice": "2"}, headers={"HX-Request": "true"})
    line = logged[-1]
    assert (line["request_id"], line["attempt"], line["person"]) == (reply["X-Request-ID"], attempt.code, person.pk)
    assert (line["status"], line["view"], line["level"]) == (200, "attempts:response", "INFO")
    assert line["milliseconds"] > 0
    assert [word for word in ("choice", person.username) if word in json.dumps(line)] == []


def test_outside_of_a_request_there_are_no_ids() -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "x", None, None)
    assert RequestFilter().filter(record)
    assert (record.request_id, record.attempt, record.person) == ("", "", None)  # type: ignore[attr-defined]


# Figures


def test_without_a_token_there_is_no_such_page(db: None, client: Client, settings: Any) -> None:
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404


@pytest.mark.usefixtures("course", "clock")
def test_saves_are_counted_by_what_became_of_them(client: Client, person: Any, now: datetime, settings: Any) -> None:
    client.force_login(person)
    attempt = sit(person, now)
    url, htmx = f"/attempts/{attempt.code}/responses/1/", {"HX-Request": "true"}
    before = scraped(client, settings)
    client.post(url, {"choice": "2"}, headers=htmx)
    client.post(url, {"choice": "99"}, headers=htmx)
    client.post(url, {"choice": "2", "at": str(10**9), "tab": "1"}, headers=htmx)
    client.post(f"/attempts/{attempt.code}/responses/999/", {"choice": "2"}, headers=htmx)
    after = scraped(client, settings)
    changed = {name: after[name] - before.get(name, 0) for name in after if "saves_total" in name}
    assert {name: n for name, n in changed.items() if n} == {
        'sapro_saves_total{outcome="stored"}': 1,
        'sapro_saves_total{outcome="unreadable"}': 1,
        'sapro_saves_total{outcome="clock_ahead"}': 1,
        'sapro_saves_total{outcome="unknown"}': 1,
    }
    assert after["sapro_save_seconds_count"] - before.get("sapro_save_seconds_count", 0) == 4
    assert after["sapro_open_attempts"] == Attempt.objects.filter(state="in_progress").count() == 1


def test_invented_methods_make_no_rows(db: None, client: Client, settings: Any) -> None:
    for number in range(3):
        client.generic(f"METHOD{number}", "/healthz")
    rows = [name for name in scraped(client, settings) if 'view="healthz"' in name and "METHOD" in name]
    assert rows == []


# Ready


def test_a_site_with_everything_is_ready(db: None, client: Client) -> None:
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()) == (200, {"database": "ok", "migrations": "ok", "cache": "ok"})
    assert reply["Cache-Control"] == "no-store"


def test_a_missing_migration_is_told(db: None, client: Client) -> None:
    [newest] = MigrationLoader(connection).graph.leaf_nodes("reference")
    MigrationRecorder(connection).record_unapplied(*newest)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["migrations"]) == (503, "1 missing: run manage.py migrate")


def test_a_cache_that_is_gone_stops_nothing(db: None, client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["cache"]) == (200, "does not keep what it is given")
    cache.clear()


def test_a_database_that_is_gone_is_told(client: Client, django_db_blocker: Any, monkeypatch: Any) -> None:
    refuse: Callable[[], int] = _refuse
    monkeypatch.setattr(ready, "_missing_migrations", refuse)
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json()["database"]) == (503, "not reached: OperationalError")


def _refuse() -> int:
    from django.db import OperationalError  # what a database that is gone raises

    raise OperationalError("gone")
