"""The printed paper: every kind, the sheet, the key, and nothing that tells where it should not."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from quizzes.engine.content import Content, Option
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import ASPECTS, BadFile, Exchanged
from quizzes.formats.exchange.paper import PAPER, PAPER_WITHOUT_KEY, Paper
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, exchanged_questions
from tests.kinds import SCENARIO, contents

PICTURE = "abcdefghijkl-40x30"


def printed(*questions: Exchanged, paper: Paper = PAPER, title: str = "A paper") -> str:
    out = io.BytesIO()
    paper.write(questions, out, PICTURES, title)
    return out.getvalue().decode()


def every_kind() -> list[Exchanged]:
    known = Attributes(sources=(("About it", "https://docs.aws.amazon.com/x"),))
    return [Exchanged(f"q-{kind}", content, f"Title {kind}", known) for kind, content in contents().items()]


def part(html: str, name: str) -> str:
    """The section of the questions, the sheet or the key."""
    found = re.search(rf'<section class="{name}".*?(?=<section class="(?:sheet|key)"|</main>)', html, re.S)
    assert found is not None
    return found[0]


def test_every_kind_has_a_question_a_place_on_the_sheet_and_a_key() -> None:
    html = printed(*every_kind())
    for number in range(1, 8):
        assert f'<h3 id="q{number}">Question {number}</h3>' in part(html, "questions")
        assert f'<li value="{number}">' in part(html, "sheet")
        assert f'<h3 id="k{number}">Question {number}</h3>' in part(html, "key")


def test_the_key_names_what_the_paper_shows() -> None:
    html = printed(*every_kind())
    keys = re.findall(r"Key: ([^<]+)<", part(html, "key"))
    letters, two, truth, order, pairs, number, text = keys
    shown = re.findall(r"<li>(.*?)</li>", part(html, "questions"), re.S)
    plain = [re.sub(r"<[^>]+>", "", one).strip() for one in shown]
    assert plain["ABCD".index(letters)] == "x"
    assert {plain[4 + "ABCDE".index(one)] for one in two.split(", ")} == {"w", "y"}
    assert truth == "A"
    steps = plain[11:14]
    assert [steps["ABC".index(one)] for one in order.split(", ")] == [
        "Stop the writes",
        "Promote the replica",
        "Point the name at it",
    ]
    prompts, targets = plain[14:16], plain[16:19]
    found = {prompts[int(one[0]) - 1]: targets["ABC".index(one[-1])] for one in pairs.split(", ")}
    assert found == {"Objects": "Amazon S3", "Blocks": "Amazon EBS"}
    assert (number, text) == ("12.0 – 13.0 GB", "route table or rtb")


def test_the_paper_without_the_key_tells_nothing() -> None:
    _, _, html = printed(*every_kind(), paper=PAPER_WITHOUT_KEY).partition("</style>")
    assert "Answer sheet" in html
    for told in ("Because", "Key", "Title ", "q-ordering", "route table", "12.5", "docs.aws"):
        assert told not in html


def test_the_questions_and_the_sheet_tell_no_key() -> None:
    html = printed(*every_kind())
    for told in ("Because", "Right", "route table", "12.5", "Title "):
        assert told not in part(html, "questions") + part(html, "sheet")


def test_the_sheet_has_as_many_marks_as_there_are_options() -> None:
    rows = re.findall(r"<li value=.*?</li>", part(printed(*every_kind()), "sheet"))
    assert [len(re.findall('class="(?:mark|box|line)"', row)) for row in rows] == [4, 5, 2, 3, 2, 1, 1]


def test_a_shared_text_is_printed_once() -> None:
    html = printed(*every_kind())
    assert html.count("A retailer runs its shop in <strong>two</strong> Regions.") == 1
    assert SCENARIO not in html
    assert "belongs to the text before question 4" in html


def test_the_same_question_is_printed_the_same_and_where_the_key_stands_varies() -> None:
    assert printed(*every_kind()) == printed(*every_kind())
    options = tuple(Option(one, one, one == "a", "") for one in "abcd")
    made = [Exchanged("", Content("multiple_choice", f"Q{number}?", 1, "shuffle", options)) for number in range(60)]
    keys = re.findall(r"Key: (\w)", printed(*made))
    assert set(keys) == set("ABCD")


def test_a_fixed_order_is_kept() -> None:
    options = tuple(Option(one, f"text {one}", one == "c", "") for one in "abcd")
    html = printed(Exchanged("", Content("multiple_choice", "Q?", 1, "fixed", options)))
    assert "Key: C" in html


def test_pictures_are_inside_and_missing_ones_are_named() -> None:
    stem = f"See ![A plan](image:{PICTURE}) and ![The “lost” one](image:zzzzzzzzzzzz-9x9)"
    html = printed(replace(every_kind()[0], content=replace(every_kind()[0].content, stem=stem)))
    assert re.search(r'<img [^>]*src="data:image/png;base64,[A-Za-z0-9+/=]+"', html)
    assert "[Picture: The “lost” one]" in html
    assert 'src="missing' not in html


def test_the_file_stands_alone_and_nothing_in_it_runs() -> None:
    html = printed(*every_kind(), title="A <b> & “title”")
    assert "<title>A &lt;b&gt; &amp; “title”</title>" in html
    assert html.startswith('<!doctype html>\n<html lang="en">')
    assert not re.search(r"<script|<link|<iframe|\son\w+=|url\(|@import", html)


def test_no_questions_make_an_empty_paper() -> None:
    assert "<h1>Questions</h1>" in printed(title="")


@pytest.mark.parametrize("paper", [PAPER, PAPER_WITHOUT_KEY])
@settings(max_examples=20, deadline=None)
@given(question=exchanged_questions())
def test_whatever_is_written_is_told(paper: Paper, question: Exchanged) -> None:
    projected, notes = paper.project(question)
    assert projected is not None
    assert paper.project(projected) == (projected, ())
    assert set(paper.fates) == set(ASPECTS)
    assert all(note.words.endswith(".") and note.aspect in ASPECTS for note in notes)
    html = printed(question, paper=paper)
    assert html.count("<section") == html.count("</section>") == (3 if paper.with_key else 2)
    assert html.count("<div") == html.count("</div>")
    assert html.count("<ol") == html.count("</ol>")


def test_what_cannot_be_asked_is_not_printed() -> None:
    flawed = replace(every_kind()[0], content=replace(every_kind()[0].content, choose=2))
    assert PAPER.project(flawed)[0] is None
    assert "Question 1" not in printed(flawed)


def test_paper_is_not_read() -> None:
    source = Source(Path(__file__), "paper.html")
    assert not PAPER.recognises(source)
    with pytest.raises(BadFile, match="printed, not read"):
        PAPER.read(source)
