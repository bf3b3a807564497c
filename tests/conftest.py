"""Fixtures of the whole suite, and the rule that no test is skipped but for a tier that is missing."""

import os

# Playwright keeps an event loop in this thread; the database is used beside it, never from it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache

from tests import clock as clock_module
from tests import tiers
from tests.courses import SMALL_SETTINGS, provide
from tests.portions import InPortions

pytest_plugins = ["tests.browser_fixtures"]

# The same examples in every run: what fails here fails again, and no run fails by chance. SAPRO_TEST_HYPOTHESIS=random
# looks for new ones, and says by which seed it found one.
hypothesis.settings.register_profile("same", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("random", deadline=None)
hypothesis.settings.load_profile(os.environ.get("SAPRO_TEST_HYPOTHESIS", "same"))

TIER_SKIP = "tier left out: "
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


# Which tests run


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only tests that use the database")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: takes long, and needs no second database: run on SQLite alone")
    config.addinivalue_line("markers", "sqlite: is about SQLite itself, left out of the run on PostgreSQL")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what belongs to a tier that is missing; with --database-only leave out what no database can change."""
    lacking = tiers.lacking()
    if tiers.is_postgres():
        lacking.pop("postgres", None)
    else:
        lacking.setdefault("postgres", "this run is on SQLite")
    for item in items:
        for name in lacking:
            if item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{TIER_SKIP}{tiers.TIERS[name].title}, {lacking[name]}"))
    if config.getoption("--database-only"):
        left_out = [item for item in items if not _uses_database(item)]
        items[:] = [item for item in items if _uses_database(item)]
        config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Small portions, unless another way is asked for."""
    return InPortions(config, log) if config.getvalue("dist") == "load" else None


def _uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & DATABASE_FIXTURES)


class SkipKeeper:
    """Fails a run in which a test was skipped that belongs to no missing tier."""

    def __init__(self) -> None:
        self.unexcused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if report.skipped and not hasattr(report, "wasxfail") and TIER_SKIP not in reason:
            self.unexcused.append(f"{report.nodeid}: {reason}")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.unexcused.append(f"{report.nodeid}: skipped while it was collected")

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.unexcused and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for line in self.unexcused:
            terminalreporter.write_line(f"skipped, but belongs to no missing tier: {line}", red=True)


def pytest_sessionstart(session: pytest.Session) -> None:
    if not hasattr(session.config, "workerinput"):
        session.config.pluginmanager.register(SkipKeeper(), "skip-keeper")


# What tests stand on


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """No test sees rate limits or cached pages of another."""
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """The moment at which every test happens, unless it says otherwise."""
    return clock_module.START


@pytest.fixture
def clock(settings: Any) -> Iterator[clock_module.Clock]:
    """The site's clock: stands still at ``now``; ``clock.move(seconds=5)`` moves it, for a live server too."""
    settings.CLOCK = "tests.clock.read"
    clock_module.CLOCK.now = clock_module.START
    yield clock_module.CLOCK
    clock_module.CLOCK.now = clock_module.START


@pytest.fixture
def course(db: None, settings: Any) -> None:
    """The small course of tests/course/: two topics of one lesson, 24 questions, the three presets."""
    for name, path in SMALL_SETTINGS.items():
        setattr(settings, name, path)
    provide("small")


@pytest.fixture
def real_course(db: None) -> None:
    """The course as learners read it."""
    provide("real")


@pytest.fixture
def person(db: None, now: datetime, django_user_model: Any) -> Any:
    """Someone with an account. The password is “correct horse”."""
    return django_user_model.objects.create_user("learner", "learner@example.org", "correct horse", date_joined=now)


@pytest.fixture
def guest(db: None, now: datetime) -> Any:
    """Someone without an account."""
    from sapro.accounts.services import make_guest  # models can be imported only once Django is set up

    return make_guest(now=now)
