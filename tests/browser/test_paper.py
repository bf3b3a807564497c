"""The printed paper in a browser: readable by everybody on the screen, and on sheets of either size."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.paper import PAPER, PAPER_WITHOUT_KEY, Paper
from tests.browser import axe
from tests.formats.exchange.generated import PICTURES
from tests.kinds import contents

pytestmark = pytest.mark.browser


def printed(folder: Path, *questions: Exchanged, paper: Paper = PAPER) -> str:
    """The address of the paper."""
    path = folder / "paper.html"
    with path.open("wb") as out:
        paper.write(questions, out, PICTURES, "A paper")
    return path.as_uri()


@pytest.mark.parametrize("width", [320, 1200])
def test_the_paper_is_accessible_and_nothing_sticks_out(chromium: Browser, tmp_path: Path, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto(printed(tmp_path, *(Exchanged(f"q-{kind}", one) for kind, one in contents().items())))
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.parametrize("size", ["A4", "Letter"])
@pytest.mark.parametrize(("paper", "pages"), [(PAPER, 3), (PAPER_WITHOUT_KEY, 2)])
def test_sheet_and_key_begin_pages_of_their_own(
    chromium: Browser, tmp_path: Path, paper: Paper, pages: int, size: str
) -> None:
    page = chromium.new_page()
    page.goto(printed(tmp_path, Exchanged("q", contents()["multiple_choice"]), paper=paper))
    data = page.pdf(format=size)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == pages
