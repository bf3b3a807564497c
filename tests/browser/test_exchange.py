"""Questions in and out in browsers: a file of Moodle comes in, part of it goes out to Canvas, both accounts read."""

import re
import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizzes.formats.exchange.samples import OF_EACH_KIND
from quizzes.models import Import, ImportItem, Question
from sapro.accounts.models import User
from tests import factories
from tests.browser.test_pages import check
from tests.browser.test_teach_bank import Opens, ada, opens
from tests.own_imports import ASSUMED, BLOCKS, CHANGED, LOST, REMARK, add_problem, make_import, tell

__all__ = ["ada", "opens"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}

MIXED = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<question type="category"><category><text>$course$/top/Networks</text></category></question>
<question type="multichoice"><name><text>Endpoints</text></name>
  <questiontext format="html">
    <text><![CDATA[<p>Which endpoint costs <strong>nothing</strong>?</p>]]></text></questiontext>
  <single>true</single><shuffleanswers>true</shuffleanswers>
  <answer fraction="100" format="html"><text>A gateway endpoint for S3</text>
    <feedback format="html"><text>It is a route.</text></feedback></answer>
  <answer fraction="0" format="html"><text>An interface endpoint for S3</text>
    <feedback format="html"><text>It is charged by the hour.</text></feedback></answer>
  <hint format="html"><text>Think of route tables.</text></hint></question>
<question type="multichoice"><name><text>Groups</text></name>
  <questiontext format="html"><text>Which two hold of a security group?</text></questiontext>
  <single>false</single><shuffleanswers>true</shuffleanswers>
  <answer fraction="50" format="html"><text>It is stateful.</text></answer>
  <answer fraction="50" format="html"><text>It only allows.</text></answer>
  <answer fraction="0" format="html"><text>It has numbered rules.</text></answer></question>
<question type="truefalse"><name><text>ACL</text></name>
  <questiontext format="html"><text>A network ACL is stateless.</text></questiontext>
  <answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question>
<question type="cloze"><name><text>Gaps</text></name>
  <questiontext format="html">
    <text>A VPC has {1:NUMERICAL:=5} reserved addresses in each subnet.</text></questiontext></question>
<question type="matching"><name><text>Needs</text></name>
  <questiontext format="html"><text>What fits?</text></questiontext><shuffleanswers>true</shuffleanswers>
  <subquestion format="html"><text>A queue</text><answer><text>SQS</text></answer></subquestion>
  <subquestion format="html"><text>A topic</text><answer><text>SNS</text></answer></subquestion></question>
</quiz>
"""


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_file_of_moodle_comes_in_and_goes_out_to_canvas(
    opens: Opens, ada: User, settings: Any, tmp_path: Path, scripts: bool
) -> None:
    settings.DATA = tmp_path
    [old] = factories.make_authored(ada, 1)
    page = opens(ada, java_script_enabled=scripts)
    page.goto("/teach/imports/")
    file = {"name": "networks.xml", "mimeType": "text/xml", "buffer": MIXED.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Look through the file").click()

    # The account of what comes in.
    expect(page.get_by_role("heading", level=1)).to_have_text("networks.xml")
    expect(page.locator(".facts")).to_contain_text("Moodle XML")
    account = page.get_by_role("region", name="What changes on the way in")
    expect(account).to_contain_text("all-or-nothing scoring")
    expect(page.locator("#q4")).to_contain_text("This cannot be taken.")
    expect(page.locator("#q4").get_by_label("Take", exact=True)).to_be_disabled()
    page.locator("#q1").get_by_text("Options, key and rationales").click()
    expect(page.locator("#q1")).to_contain_text("It is charged by the hour.")
    account.get_by_role("link", name="all-or-nothing scoring").click()
    expect(page.locator(".item")).to_have_count(2)
    expect(page.locator("#q2")).to_contain_text("Ticking everything")
    page.get_by_role("link", name=re.compile(r"^All \(5\)")).click()

    # One is skipped, one replaces a question of the bank.
    _choose(page, old)
    page.get_by_label("Tag for all of them").fill("networks")
    page.get_by_role("button", name="Take the chosen questions").click()
    expect(page.get_by_role("status")).to_contain_text("3 questions are in the bank now.")
    expect(page.get_by_role("row").filter(has_text=old.code)).to_contain_text("replaced")
    assert Question.objects.filter(author=ada).count() == 3

    # Out again, with the account of what Canvas does not carry.
    page.get_by_role("link", name="Those tagged “networks” in the bank").click()
    expect(page.locator(".tally")).to_contain_text("3 questions")
    page.get_by_role("link", name="Take all of them out").click()
    page.get_by_label(re.compile("QTI 1.2")).check()
    page.get_by_role("button", name="Show what it carries").click()
    account = page.get_by_role("region", name=re.compile("In QTI 1.2"))
    expect(account.get_by_role("table")).to_contain_text("status, flags and reviews")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Download 3 questions")).click()
    assert waiting.value.suggested_filename == "networks.zip"
    with zipfile.ZipFile(BytesIO(Path(waiting.value.path()).read_bytes())) as package:
        assert "imsmanifest.xml" in package.namelist()
        text = "".join(package.read(name).decode() for name in package.namelist() if name.endswith(".xml"))
    assert text.count("<item ") == 3
    assert "A gateway endpoint for S3" in text
    assert "stateless" not in text


def _choose(page: Page, old: Question) -> None:
    """By the keyboard: skip the third, replace by the second; the numbers follow."""
    third, second = page.locator("#q3"), page.locator("#q2")
    third.get_by_label("Take", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(third.get_by_label("Skip")).to_be_checked()
    second.get_by_label("Replace as a new version").check()
    second.get_by_label("Code of the question to replace").fill(old.code)
    page.keyboard.press("Enter")
    expect(page.locator("#tally")).to_have_text("Take 2, skip 2, replace 1.")
    expect(third.get_by_label("Skip")).to_be_checked()


def test_choices_are_kept_without_a_button(opens: Opens, ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    page = opens(ada)
    page.goto(f"/teach/imports/{source.code}/")
    page.locator("#q2").get_by_label("Skip").check()
    expect(page.locator("#tally")).to_have_text("Take 6, skip 1, replace 0.")
    page.reload()
    expect(page.locator("#q2").get_by_label("Skip")).to_be_checked()


def test_the_bar_moves_and_gives_way(opens: Opens, ada: User, now: datetime) -> None:
    source = make_import(ada, now, state=Import.State.READING, beat_at=now, done=100, total=1000)
    page = opens(ada)
    page.goto(f"/teach/imports/{source.code}/")
    bar = page.get_by_role("progressbar", name="Looked through")
    expect(bar).to_have_attribute("value", "10")
    Import.objects.update(done=600)
    expect(bar).to_have_attribute("value", "60")
    expect(page.get_by_role("status")).to_have_text("50 percent")
    Import.objects.update(state=Import.State.CHOOSING)
    expect(page.locator("#tally")).to_have_text("Take 7, skip 0, replace 0.")


@pytest.mark.parametrize("size", SIZES)
def test_pages_have_no_findings(
    opens: Opens, ada: User, now: datetime, settings: Any, tmp_path: Path, size: str
) -> None:
    settings.DATA = tmp_path
    page = opens(ada, viewport=SIZES[size], color_scheme="light", reduced_motion="reduce")
    wrong: list[str] = []
    for name, address in _addresses(ada, now).items():
        page.goto(address)
        page.locator("main details").evaluate_all("all => all.slice(0, 8).forEach(one => { one.open = true })")
        wrong += check(page, name)
    page.goto("/teach/imports/")
    page.locator("form[enctype] button").evaluate("button => { button.form.noValidate = true }")
    page.get_by_role("button", name="Look through the file").click()
    wrong += check(page, "no file")
    assert wrong == []


def _addresses(ada: User, now: datetime) -> dict[str, str]:
    bank = factories.make_authored(ada, 4)
    full = make_import(ada, now, notes=[ASSUMED], contents=[*OF_EACH_KIND] * 5, file_name="a_very_long_name_" * 10)
    tell(full, 1, notes=[LOST, CHANGED], findings=[BLOCKS, REMARK])
    tell(full, 2, alike=[{"code": bank[0].code, "share": 0.93, "readable": True}])
    tell(full, 3, choice=ImportItem.Choice.REPLACE, target=bank[1])
    bad = make_import(ada, now, contents=())
    add_problem(bad, raw="<question>\n" + "x" * 300)
    reading = make_import(ada, now, state=Import.State.READING, beat_at=now, done=1, total=4)
    failed = make_import(ada, now, state=Import.State.FAILED, problem="line 12: a tag is not closed. Send it again.")
    done = make_import(ada, now, state=Import.State.DONE, tag="week 3")
    tell(done, 1, question=bank[0])
    tell(done, 2, question=bank[1], choice=ImportItem.Choice.REPLACE, findings=[BLOCKS])
    imports = {"full": full, "bad": bad, "reading": reading, "failed": failed, "done": done}
    return {
        "imports": "/teach/imports/",
        **{name: f"/teach/imports/{one.code}/" for name, one in imports.items()},
        "compare": f"/teach/imports/{full.code}/compare/2/?question={bank[0].code}",
        "nothing out": "/teach/export/?q=nothing-has-these-words",
        "account out": "/teach/export/?whose=own&format=moodle_xml",
        "formats": "/teach/formats/",
        "format": "/teach/formats/moodle_xml/",
    }
