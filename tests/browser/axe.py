"""Accessibility findings of a page, by the axe engine."""

from functools import lru_cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOR = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


@lru_cache
def _engine() -> str:
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def findings(page: Page, *, of_color: bool = False) -> list[str]:
    """What axe finds, one line each: rule, help and the elements. With ``of_color`` only what depends on colors."""
    # By evaluation: the page's own policy lets no script tag in.
    page.evaluate(_engine())
    options = {"runOnly": OF_COLOR if of_color else RULES, "resultTypes": ["violations"]}
    result: dict[str, Any] = page.evaluate("(options) => axe.run(document, options)", options)
    return [
        f"{one['id']}: {one['help']} ({', '.join(str(node['target']) for node in one['nodes'][:3])})"
        for one in result["violations"]
    ]
