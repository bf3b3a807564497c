"""Marking in a browser: by mouse, by keyboard and without scripts; the mark stands still at its sentence."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reference.models import Bookmark, Edition, Highlight
from tests.browser.axe import findings
from tests.quizzes.notes.test_marks import SENTENCE, edit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("course")]

TOPIC = "/notes/test-balancers/"


def select(page: Page, selector: str) -> None:
    """Drag the mouse over the whole of an element's text."""
    box = page.locator(selector).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] - 6, steps=5)
    page.mouse.up()


def drawn(page: Page) -> list[str]:
    """The marks on the page, each as its text."""
    return page.locator("mark[data-mark]").evaluate_all("all => all.map((one) => one.textContent)")


def changed(old: str, new: str) -> None:
    """Edit the page as a load of the course does, in the html too."""
    edit(old, new)
    section = Highlight.objects.get().topic.body.sections.get(html__contains=old)
    section.html = section.html.replace(old, new)
    section.save()
    Edition.objects.update(digest="another-edition")


def test_a_passage_is_marked_with_the_mouse_and_stays_at_its_sentence(page: Page) -> None:
    page.goto(TOPIC)
    select(page, "#elb-03")
    page.get_by_role("button", name="Highlight", exact=True).click()
    expect(page.locator("mark[data-mark]")).to_have_text(SENTENCE)
    expect(page.get_by_role("region", name="Mark the passage")).to_be_hidden()
    assert Highlight.objects.get().quote == SENTENCE
    page.reload()
    expect(page.locator("mark[data-mark]")).to_have_text(SENTENCE)
    assert findings(page) == []

    page.get_by_role("button", name="Your highlight: It ends TLS").click()
    page.get_by_label("Your note").fill("Offloading.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".margin .said")).to_have_text("Offloading.")
    assert findings(page) == []

    changed("A load balancer spreads requests", "In every Region 🌍 a load balancer spreads all requests")
    page.goto(TOPIC)
    expect(page.get_by_text("In every Region")).to_be_visible()
    expect(page.locator("mark[data-mark]")).to_have_text(SENTENCE)
    expect(page.locator("#elb-03 mark")).to_have_count(1)
    page.goto("/highlights/")
    page.get_by_role("link", name="What it is for").click()
    expect(page.get_by_role("button", name="Your highlight: It ends TLS")).to_be_focused()
    page.locator(".margin summary").click()
    page.get_by_role("button", name="Remove highlight").click()
    expect(page.locator("mark[data-mark]")).to_have_count(0)


def test_a_passage_is_marked_with_the_keyboard(page: Page, person: Any) -> None:
    page.goto(TOPIC)
    page.get_by_role("link", name="Mark a passage").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mark this: A load balancer")).to_be_focused()
    assert findings(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Your note")).to_be_focused()
    page.keyboard.type("Two faces.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("mark[data-mark]")).to_have_text("It faces the internet or only the inside of a network.")
    expect(page.get_by_role("button", name="Mark this: It faces")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Mark this:")).to_have_count(0)
    expect(page.get_by_role("link", name="Mark a passage").first).to_be_focused()
    page.reload()
    expect(page.locator(".margin .said")).to_have_text("Two faces.")
    button = page.locator("#bookmark-which-one").get_by_role("button", name="Bookmark")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Remove bookmark")).to_be_focused()
    assert Bookmark.objects.get().anchor == "which-one"
    page.goto("/highlights/")
    assert findings(page) == []


def test_a_passage_over_several_elements_is_drawn_whole(page: Page) -> None:
    page.goto(TOPIC)
    page.evaluate("""() => {
        const range = document.createRange();
        range.setStart(document.querySelector('#elb-02').firstChild, 3);
        range.setEndAfter(document.querySelector('#tb-sni'));
        document.getSelection().addRange(range);
    }""")
    page.get_by_role("button", name="Highlight with a note").click()
    page.get_by_label("Your note").fill("Long.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".margin .said")).to_have_text("Long.")
    row = Highlight.objects.get()
    assert row.quote.startswith("faces the internet")
    assert "".join("".join(drawn(page)).split()) == "".join(row.quote.split())


def test_without_scripts_too(plain_page: Page) -> None:
    plain_page.goto(TOPIC)
    plain_page.get_by_role("link", name="Mark a passage").first.click()
    plain_page.get_by_label(SENTENCE).check()
    plain_page.get_by_label("Your note").fill("By hand.")
    plain_page.get_by_role("button", name="Highlight").click()
    expect(plain_page.locator(".said")).to_have_text("By hand.")
    plain_page.goto(TOPIC)
    plain_page.get_by_role("link", name="Bookmark this page").click()
    plain_page.get_by_role("button", name="Bookmark").click()
    expect(plain_page).to_have_url(f"{plain_page.url.split('/notes/')[0]}{TOPIC}")
    assert Bookmark.objects.count() == 1
