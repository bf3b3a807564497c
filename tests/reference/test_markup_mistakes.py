"""The renderer: every mistake in a note has its line and says what to do."""

import pytest

from tests.reference.samples import DIAGRAM, problems

# --- mistakes

CHANGED = "/// changed | T\n    since: 2017\n    service: S\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n\nOne. ^a\n\nTwo. ^a", [(5, "^a stands already in line 3: use another name")]),
        ("One. ^A_b", [(1, "^A_b is no anchor: use lower-case letters, digits and single hyphens")]),
        ("One. ^a-", [(1, "^a- is no anchor: use lower-case letters, digits and single hyphens")]),
        ("^a", [(1, "nothing stands before ^a: put it at the end of its block")]),
        ("One. ^a\nTwo.", [(1, "an anchor stands at the end of its block: move it there, or make two paragraphs")]),
        ("One ^a-b two.", [(1, "an anchor stands at the end of its block: move it there, or make two paragraphs")]),
        ("One.^a-b", [(1, "put a space before the ^ of an anchor")]),
        ("x\n\n<div>a</div>", [
            (3, "html is not allowed: put </div> in backticks, or write \\< for the sign"),
            (3, "html is not allowed: put <div> in backticks, or write \\< for the sign"),
        ]),
        ("a <kbd class='x'>b", [
            (1, "html is not allowed: put <kbd class='x'> in backticks, or write \\< for the sign"),
        ]),
        ("- a\n- b <!-- c -->", [
            (2, "html is not allowed: put <!-- c --> in backticks, or write \\< for the sign"),
        ]),
        ("\n![a](b.png)", [
            (2, "images are not part of notes: use a diagram callout"),
            (2, "this link cannot be read: write [text](target), no brackets in the text, no spaces in the target"),
        ]),
        ("[a][b]", [(1, "write the target of a link in parentheses: [text](target)")]),
        ("[a](b c)", [
            (1, "this link cannot be read: write [text](target), no brackets in the text, no spaces in the target"),
        ]),
        ("x\n[a](http://b.example)", [(2, "the web is linked by https: http://b.example")]),
        ("[a](javascript:x)", [
            (1, "“javascript:x” is no link target: write topic, topic^anchor, ^anchor or https://…"),
        ]),
        ("[a](data:x)", [(1, "“data:x” is no link target: write topic, topic^anchor, ^anchor or https://…")]),
        ("[a](/notes/b/)", [
            (1, "“/notes/b/” is no link target: write topic, topic^anchor, ^anchor or https://…"),
        ]),
        ("[a](https://u@evil.example)", [
            (1, "“https://u@evil.example” is no link target: write topic, topic^anchor, ^anchor or https://…"),
        ]),
        ("# One", [(1, "headings are ## or ###, a space and text; write \\# for a number sign")]),
        ("x\n\n#### One", [(3, "headings are ## or ###, a space and text; write \\# for a number sign")]),
        ("##One", [(1, "headings are ## or ###, a space and text; write \\# for a number sign")]),
        ("One\n===", [(2, "notes have no rules or underlined headings: use ## or ###")]),
        ("One\n\n---", [(3, "notes have no rules or underlined headings: use ## or ###")]),
        ("> One", [(1, "notes have no block quotes: use a paragraph or a callout (\\> for the sign itself)")]),
        ("- a\n  - b", [(2, "indent what belongs to a list item by four spaces for each level")]),
        ("- a\n\n  b", [(3, "indent what belongs to a list item by four spaces for each level")]),
        ("```\nx", [(1, "close this code block by a line ```")]),
        ("a\u200b\ue000b", [(1, "remove the invisible character U+E000")]),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", [
            (3, "this row has 3 cells, its table 2 columns (write \\| for the sign itself)"),
        ]),
        ("| a | b |\n|---|---|\n| 1 | 2 | ^x", [
            (3, "put the anchor into the last cell, before the | that closes the row"),
        ]),
        ("| a | b |\n| 1 | 2 |", [(2, "a table’s second line is |---|---|, one --- for each column")]),
        ("| a | b |\n\nx", [(1, "a table’s second line is |---|---|, one --- for each column")]),
        ("/// trop | T\nx\n///", [(1, "there is no callout “trop”: did you mean “trap”?")]),
        ("/// warning | T\nx\n///", [
            (1, "there is no callout “warning”: use changed, tip, trap, limits, compare or diagram"),
        ]),
        ("x\n\n/// tip | T\nx", [(3, "close this tip callout by a line ///")]),
        ("x\n///", [(2, "this /// closes nothing: remove it")]),
        ("/// tip | T\nx\n/// trap | U\ny\n///", [(3, "close the tip of line 1 by /// before this line")]),
        ("//// tip | T\nx\n////", [
            (1, "write exactly three slashes, at the beginning of the line: callouts do not nest"),
            (3, "write exactly three slashes, at the beginning of the line: callouts do not nest"),
        ]),
        ("/// tip | T\n    since: 2017\n\nx\n///", [
            (1, "tip has no option “since”: it has none; leave a blank line before text"),
        ]),
        ("/// tip | T\n\n## x\n///", [(3, "a callout cannot hold a heading: use a paragraph in bold")]),
        ("/// tip | T\n///", [(1, "this tip callout says nothing: write what holds today")]),
        ("/// tip | T ^a-b\nx\n///", [
            (1, "put the anchor at the end of a paragraph of the callout, not in its title"),
        ]),
        ("/// changed\n    since: 2017\n    service: S\n\n~~a~~ b\n///", [
            (1, "give the changed callout a title: /// changed | Title"),
        ]),
        ("/// changed | T\n\n~~a~~ b\n///", [
            (1, "changed needs the option “service”, indented by four spaces"),
            (1, "changed needs the option “since”, indented by four spaces"),
        ]),
        ("/// changed | T\n    since: lately\n    service: S\n\n~~a~~ b\n///", [
            (1, "since is a year, or month and year (2017, October 2017), not “lately”"),
        ]),
        (CHANGED + "a\n///", [(1, "changed starts with the old statement: ~~as it was.~~ As it is now.")]),
        (CHANGED + "b ~~a~~\n///", [(1, "changed starts with the old statement: ~~as it was.~~ As it is now.")]),
        (CHANGED + "~~a~~\n///", [(1, "this changed callout says nothing: write what holds today")]),
        ("/// limits | T\nx\n///", [(1, "limits holds a table: put one after a blank line")]),
        ("/// compare | T\nx\n///", [(1, "compare holds a table: put one after a blank line")]),
        ("/// diagram | T\n    file: zones\n///", [
            (1, "diagram needs the option “alt”, indented by four spaces"),
        ]),
        ("/// diagram | T\n    file: zone\n    alt: A\n///", [
            (1, "there is no diagram “zone”: did you mean “zones”?"),
        ]),
        ("/// diagram | T\n    file: other\n    alt: A\n///", [
            (1, "there is no diagram “other”: draw static/diagrams/other.svg"),
        ]),
        (f"{DIAGRAM}\n\n{DIAGRAM}", [(7, "diagram “zones” stands already in line 1: show it once")]),
        ("/// diagram | T\n    file: zones\n    alt: A\n\nx\n///", [
            (5, "a diagram has no text: give its indented options file and alt, then close it by ///"),
        ]),
    ],
)  # fmt: skip
def test_every_mistake_has_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert problems(text) == expected


def test_all_mistakes_are_told_at_once_and_by_line_of_the_file() -> None:
    text = "# a\n\nb ^B\n\n/// tip | T\n<i>x</i>"
    assert [line for line, _ in problems(text, first_line=101)] == [101, 103, 105, 106, 106]
