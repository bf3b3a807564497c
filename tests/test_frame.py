"""The frame of the tests itself: courses are what the loader makes, tiers cannot vanish, browsers notice errors."""

import importlib.machinery
import importlib.util
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command

from quizzes.models import Placement, Question, QuestionVersion, Quiz
from reference.models import Edition, Lesson, Topic
from tests import tiers
from tests.browser_fixtures import Console
from tests.conftest import TIER_SKIP, SkipKeeper
from tests.sources import ROOT

# Courses


@pytest.mark.parametrize("time", ["loaded", "put back"])
def test_the_small_course_stands_there(course: None, time: str) -> None:
    assert Question.objects.published().count() == 24
    kinds = set(Question.objects.published().values_list("current__kind", flat=True))
    assert kinds == {"multiple_choice", "multiple_response"}
    assert list(Topic.objects.live().values_list("slug", flat=True)) == ["test-balancers", "test-health-checks"]
    assert set(Quiz.objects.presets().values_list("slug", flat=True)) == {"sap-c03", "sap-c02", "short-mock"}
    placed = Placement.objects.filter(exam__code="SAP-C03", status="published")
    assert sorted(placed.values_list("domain", flat=True)) == sorted([1, 2, 3, 4] * 5 + [5] * 4)


@pytest.mark.parametrize("time", ["loaded", "put back"])
def test_new_rows_find_room_beside_the_course(course: None, time: str) -> None:
    assert Question.objects.create(code="of-a-test").pk
    assert Lesson.objects.create(slug="of-a-test", position=99).pk


def test_a_course_put_back_needs_no_load(course: None, django_assert_max_num_queries: Any) -> None:
    versions = set(QuestionVersion.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(2):
        call_command("load_course", verbosity=0)
    assert set(QuestionVersion.objects.values_list("pk", flat=True)) == versions


def test_without_a_course_there_is_none(db: None) -> None:
    assert not Edition.objects.exists()


# Tiers


@pytest.fixture(scope="module")
def run() -> ModuleType:
    """The script tests/run as a module."""
    loader = importlib.machinery.SourceFileLoader("tests_run", str(ROOT / "tests" / "run"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_a_required_tier_that_is_missing_fails(run: ModuleType, monkeypatch: Any, capsys: Any) -> None:
    monkeypatch.setenv(tiers.REQUIRE, "redis")
    monkeypatch.delenv(tiers.REDIS, raising=False)
    assert run.main([]) == 1
    assert "Redis is required by SAPRO_TEST_REQUIRE, but SAPRO_TEST_REDIS names no server." in capsys.readouterr().err


def test_a_server_that_does_not_answer_is_missing(monkeypatch: Any) -> None:
    monkeypatch.setenv(tiers.POSTGRES, "postgres://nobody@127.0.0.1:1/x")
    assert "does not answer" in tiers.TIERS["postgres"].lacking()


def test_an_unknown_tier_is_refused(monkeypatch: Any) -> None:
    monkeypatch.setenv(tiers.REQUIRE, "browser, mainframe")
    with pytest.raises(ValueError, match="mainframe"):
        tiers.required()


def test_the_verdict_is_the_worst(run: ModuleType) -> None:
    assert run.verdict([0, 0], narrowed=False) == 0
    assert run.verdict([0, 1], narrowed=False) == 1
    assert run.verdict([2, 0], narrowed=True) == 2
    assert run.verdict([0, run.NO_TESTS], narrowed=True) == 0
    assert run.verdict([0, run.NO_TESTS], narrowed=False) == run.NO_TESTS
    assert run.verdict([run.NO_TESTS], narrowed=True) == run.NO_TESTS


def test_the_whole_suite_is_run_in_parts_and_a_narrowed_one_together(run: ModuleType, monkeypatch: Any) -> None:
    monkeypatch.setenv(tiers.POSTGRES, "postgres://me@127.0.0.1/me")
    assert [one.arguments[1] for one in run.planned(True, narrowed=False)[:2]] == [
        "not browser and not postgres",
        "browser and not postgres",
    ]
    assert [one.arguments[1] for one in run.planned(False, narrowed=False)] == ["not browser", "browser"]
    assert [one.title for one in run.planned(True, narrowed=True)] == ["SQLite", "PostgreSQL"]
    assert run.planned(False, narrowed=True)[0].arguments == ()


@pytest.mark.parametrize(
    ("reason", "code"),
    [(f"Skipped: {TIER_SKIP}Redis, no server", pytest.ExitCode.OK), ("Skipped: later", pytest.ExitCode.TESTS_FAILED)],
)
def test_a_skip_needs_a_missing_tier(reason: str, code: pytest.ExitCode) -> None:
    keeper, session = SkipKeeper(), SimpleNamespace(exitstatus=pytest.ExitCode.OK)
    report: Any = SimpleNamespace(nodeid="a::b", skipped=True, longrepr=("a.py", 1, reason))
    keeper.pytest_runtest_logreport(report)
    keeper.pytest_sessionfinish(session)  # type: ignore[arg-type]
    assert session.exitstatus == code


# The browser


@pytest.mark.browser
def test_a_page_opens_in_the_browser(page: Any, course: None) -> None:
    page.goto("/notes/")
    assert page.title()


@pytest.mark.browser
def test_a_page_opens_without_javascript(plain_page: Any, course: None) -> None:
    plain_page.goto("/notes/test-balancers/")
    assert plain_page.locator("h1").inner_text() == "Test balancers"


@pytest.mark.browser
def test_the_browser_refuses_inline_code_and_the_test_hears_of_it(page: Any, console: Console) -> None:
    page.goto("/about/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("setTimeout(() => { throw new Error('of a test') })")
    page.wait_for_timeout(100)
    heard = "\n".join(console.unexpected())
    assert "CSP violation: style-src" in heard
    assert "of a test" in heard
    console.allow("inline style|CSP violation: style-src|of a test")
    assert console.unexpected() == []
