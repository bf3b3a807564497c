"""A real browser for tests: one Chromium a run, a fresh profile a test, and no error goes unnoticed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests import tiers

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
TIMEOUT = 30_000
"""Milliseconds until a page that does not come, or does not become what it should, fails its test."""

expect.set_options(timeout=TIMEOUT)

# Chromium reports a violation of the policy on the console. So that none hides behind a change
# of its wording, the page's own event is written there as well.
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`CSP violation: ${event.effectiveDirective} ${event.blockedURI} ${place}`);
});
"""


class Console:
    """What the pages of a test complained about."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Expect complaints that match: a test that cuts the network allows ``net::ERR``."""
        self.allowed.append(re.compile(pattern))

    def unexpected(self) -> list[str]:
        """The complaints that nothing allowed."""
        return [text for text in self.complaints if not any(pattern.search(text) for pattern in self.allowed)]

    def watch(self, page: Page) -> None:
        """Listen to a page."""
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: uncaught {error}"))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location
            self.complaints.append(f"{message.text} ({place.get('url')}:{place.get('lineNumber')})")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run (of this worker)."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tiers.light_chromium(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def console() -> Console:
    """The complaints of this test's pages."""
    return Console()


@pytest.fixture
def new_context(chromium: Browser, console: Console, live_server: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Open a fresh profile on the live server; takes what Playwright's ``new_context`` takes."""
    contexts: list[BrowserContext] = []

    def open_context(**options: Any) -> BrowserContext:
        context = chromium.new_context(**{"base_url": live_server.url, **options})
        context.set_default_timeout(TIMEOUT)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("page", console.watch)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    assert console.unexpected() == []


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A fresh profile of a desktop browser."""
    return new_context(viewport={"width": 1280, "height": 800})


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page in a fresh profile: ``page.goto("/notes/")`` opens the live server's."""
    return context.new_page()


@pytest.fixture
def plain_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page without JavaScript."""
    return new_context(java_script_enabled=False).new_page()
