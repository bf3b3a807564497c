"""The highlighter: with pointer and keyboard, after a reload, in two tabs, and what the review makes of it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from quizzes.engine.marks import find, text_of
from quizzes.models import QuestionVersion, Response
from quizzes.queries.marks import marked_requirements
from tests.browser.axe import findings
from tests.browser.exam_room import NETWORK_IS_CUT, Replies, Room, small_quiz

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ODD = """<p>😀 The <strong>bak<em>ery</em></strong> 𝕊 must <code>a &lt; b</code> keep costs low. It grows. 🏳️‍🌈 Now.</p>
<ul>
<li>One thing</li>
<li>Another one. And more</li>
</ul>
<p>Which?</p>"""
"""Characters of two units each, nested tags, a list."""

PLACES = """([needle, part]) => {
  const stem = document.querySelector("section[data-question]:not([hidden]) .stem");
  const text = stem.textContent, at = text.indexOf(needle);
  const walker = document.createTreeWalker(stem, NodeFilter.SHOW_TEXT);
  const place = (offset, end) => {
    let rest = offset;
    walker.currentNode = stem;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (end ? rest <= node.length : rest < node.length) return [node, rest];
      rest -= node.length;
    }
  };
  const range = document.createRange();
  range.setStart(...place(at, false));
  range.setEnd(...place(at + needle.length, true));
  if (part === "select") { getSelection().removeAllRanges(); getSelection().addRange(range); return null; }
  const boxes = [...range.getClientRects()].filter((box) => box.width);
  const first = boxes[0], last = boxes.at(-1);
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}"""


@pytest.fixture(autouse=True)
def _quiz(course, console):
    small_quiz()
    console.allow(NETWORK_IS_CUT)


@pytest.fixture
def odd(course) -> None:
    """Every stem is an odd one."""
    for version in QuestionVersion.objects.all():
        version.shown["stem"] = ODD
        version.save()


def drag(page: Page, words: str) -> None:
    """Select these words of the stem with the mouse."""
    left, top, right, bottom = page.evaluate(PLACES, [words, "boxes"])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move((left + right) / 2, (top + bottom) / 2)
    page.mouse.move(right, bottom)
    page.mouse.up()


def select(page: Page, words: str) -> None:
    """Select them without a pointer, as caret browsing or a finger's handles do."""
    page.evaluate(PLACES, [words, "select"])


def marked(room: Room) -> str:
    """All that is marked on the screen."""
    return "|".join(room.sheet.locator(".stem mark").all_text_contents())


def texts(room: Room, position: int = 1) -> list[str]:
    """The texts that the server keeps as marked, from the attempt that is over."""
    stem = text_of(Response.objects.get(attempt__code=room.code, position=position).version.shown["stem"])
    return [stem[start:end] for start, end in room.attempt.trace[str(position)]["marks"]]


def sentences(page: Page) -> Locator:
    """The list of sentences."""
    return page.locator("#sentences button")


def second_tab(room: Room) -> Room:
    """The same attempt once more on this device."""
    page = room.page.context.new_page()
    page.goto(f"/attempts/{room.code}/")
    return Room(page).ready()


def test_what_the_pointer_selects_is_marked_and_a_click_takes_it_away(page):
    room = Room.start(page)
    words = "keep serving when that zone fails"
    drag(page, words)
    expect(room.sheet.locator(".stem mark")).to_have_text(words)
    expect(room.announced).to_have_text("Highlighted.")
    assert page.evaluate("getSelection().isCollapsed")
    drag(page, "The company must keep")
    expect(room.sheet.locator(".stem mark")).to_have_text(f"The company must {words}")
    assert room.chosen() == []
    room.sheet.locator(".stem mark").click()
    expect(room.sheet.locator(".stem mark")).to_have_count(0)
    expect(room.announced).to_have_text("Highlight removed.")
    drag(page, words)
    room.choose(1)
    room.expect_saved()
    event = room.attempt.events.get(kind="saved")
    stem = text_of(room.stored(1).version.shown["stem"])
    assert event.data["trace"]["1"]["marks"] == [list(find(stem, words))]


def test_a_selection_that_began_elsewhere_marks_nothing(page):
    room = Room.start(page)
    select(page, "The company")
    room.choose(1)
    expect(room.option(1)).to_be_checked()
    expect(room.sheet.locator(".stem mark")).to_have_count(0)


def test_sentences_are_marked_with_the_keyboard_alone(page):
    room = Room.start(page)
    page.keyboard.press("h")
    dialog = page.get_by_role("dialog", name="Highlight sentences")
    expect(dialog).to_be_visible()
    expect(sentences(page).first).to_be_focused()
    count = sentences(page).count()
    assert count == 4
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(sentences(page).nth(2)).to_have_attribute("aria-pressed", "true")
    expect(sentences(page).nth(1)).to_have_attribute("aria-pressed", "false")
    assert marked(room).startswith("The company must keep serving")
    page.keyboard.press("n")
    page.keyboard.press("1")
    assert room.chosen() == []
    page.keyboard.press("Space")
    expect(sentences(page).nth(2)).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("#position")).to_have_text("Question 1 of 5")
    expect(room.sheet.locator(".stem mark")).to_have_count(1)
    room.sheet.get_by_role("button", name="Remove all highlights").press("Enter")
    expect(room.sheet.locator(".stem mark")).to_have_count(0)
    expect(room.sheet.get_by_role("button", name="Highlight H")).to_be_focused()
    expect(room.announced).to_have_text("All highlights of this question removed.")


def test_the_key_marks_what_is_selected_and_a_sentence_marked_in_part_says_so(page):
    room = Room.start(page)
    select(page, "keep serving")
    page.keyboard.press("h")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert marked(room) == "keep serving"
    select(page, "least work")
    room.sheet.get_by_role("button", name="Highlight H").click()
    assert marked(room) == "keep serving|least work"
    page.keyboard.press("h")
    expect(sentences(page).nth(2)).to_have_attribute("aria-pressed", "mixed")
    sentences(page).nth(2).click()
    expect(sentences(page).nth(2)).to_have_attribute("aria-pressed", "true")
    page.locator("#pens-clear").click()
    assert marked(room) == ""


def test_the_list_of_keys_names_the_highlighter(page):
    Room.start(page)
    page.keyboard.press("?")
    expect(page.locator("#keys dt", has_text=re.compile("^H$"))).to_have_count(1)


def test_marks_survive_a_reload_and_reach_the_server_with_the_submission(page):
    room = Room.start(page)
    room.go(3)
    drag(page, "keep serving")
    room.go(1)
    room.reload()
    room.go(3)
    expect(room.sheet.locator(".stem mark")).to_have_text("keep serving")
    room.go(1)
    room.reload()
    # Question 3 is not shown again by this page.
    room.submit()
    page.wait_for_url("**/report/")
    assert texts(room, 3) == ["keep serving"]


def test_marks_wait_for_the_network_like_answers(page):
    replies = Replies(page)
    room = Room.start(page)
    replies.lost = True
    drag(page, "keep serving")
    room.choose(1)
    expect(room.saved).to_have_attribute("data-state", "waiting")
    room.reload()
    expect(room.sheet.locator(".stem mark")).to_have_text("keep serving")
    replies.lost = False
    page.evaluate("window.dispatchEvent(new Event('online'))")
    room.expect_saved()
    room.choose(2)
    room.expect_saved()
    room.submit()
    page.wait_for_url("**/report/")
    assert texts(room) == ["keep serving"]


def test_what_was_told_is_not_told_again_after_a_reload(page):
    room = Room.start(page)
    drag(page, "keep serving")
    room.choose(1)
    room.expect_saved()
    room.reload()
    room.choose(2)
    room.expect_saved()
    saves = room.attempt.events.filter(kind="saved").values_list("data", flat=True)
    assert ["marks" in str(data.get("trace")) for data in saves] == [True, False]


def test_another_tab_shows_the_marks_at_once(page):
    first = Room.start(page)
    second = second_tab(first)
    drag(page, "keep serving")
    expect(second.sheet.locator(".stem mark")).to_have_text("keep serving")
    second.page.keyboard.press("h")
    sentences(second.page).nth(0).click()
    expect(first.sheet.locator(".stem mark")).to_have_count(2)
    second.page.locator("#pens-clear").click()
    expect(first.sheet.locator(".stem mark")).to_have_count(0)


def test_characters_of_two_units_and_nested_tags_are_counted_as_the_server_counts(odd, page):
    room = Room.start(page)
    html = room.sheet.locator(".stem").inner_html()
    drag(page, "bakery 𝕊 must a < b keep")
    drag(page, "Now.")
    assert "".join(room.sheet.locator(".stem mark").all_text_contents()) == "bakery 𝕊 must a < b keepNow."
    page.keyboard.press("h")
    assert sentences(page).all_text_contents() == [
        "😀 The bakery 𝕊 must a < b keep costs low.",
        "It grows.",
        "🏳️‍🌈 Now.",
        "One thing",
        "Another one.",
        "And more",
        "Which?",
    ]
    sentences(page).nth(4).click()
    page.get_by_role("button", name="Done").click()
    room.reload()
    expect(room.sheet.locator(".stem mark").last).to_have_text("Another one.")
    room.choose(1)
    room.expect_saved()
    room.submit()
    page.wait_for_url("**/report/")
    assert texts(room) == ["bakery 𝕊 must a < b keep", "Now.", "Another one."]
    page.goto(f"/attempts/{room.code}/review/")
    drawn = page.locator("#question-1 .stem mark").all_text_contents()
    assert "".join(drawn) == "bakery 𝕊 must a < b keepNow.Another one."
    assert page.locator("#question-2 .stem").inner_html() == html


def test_rubbing_everything_out_leaves_the_stem_as_it_was(odd, page):
    room = Room.start(page)
    before = room.sheet.locator(".stem").inner_html()
    for words in ("ery 𝕊 must a", "Another", "Which?"):
        drag(page, words)
    room.sheet.get_by_role("button", name="Remove all highlights").click()
    assert room.sheet.locator(".stem").inner_html() == before


def test_the_review_names_what_was_seen_and_what_was_missed(page):
    room = Room.start(page)
    drag(page, "keep serving when that zone fails")
    room.choose(1)
    room.expect_saved()
    room.submit()
    page.wait_for_url("**/report/")
    assert [(one.reading.seen, one.reading.total) for one in marked_requirements(room.attempt)] == [(1, 2)]
    page.goto(f"/attempts/{room.code}/review/")
    question = page.locator("#question-1")
    expect(question.get_by_text("You marked 1 of 2 requirements.")).to_be_visible()
    expect(question.locator(".read li").nth(0)).to_have_text(re.compile("keep serving.*you marked it"))
    expect(question.locator(".read li").nth(1)).to_have_text(re.compile("least work.*you did not mark it"))
    expect(question.locator(".stem .reqno")).to_have_text(["1", "2"])
    expect(page.locator("#question-2 .read")).to_have_count(0)
    assert findings(page) == []


def test_without_scripts_there_is_no_highlighter(plain_page):
    room = Room.start(plain_page, scripts=False)
    expect(room.sheet.locator(".stem")).to_be_visible()
    expect(plain_page.get_by_role("button", name="Highlight")).to_have_count(0)
