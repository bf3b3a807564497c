"""The renderer: what a note becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.markup import (
    Diagram,
    ExternalLink,
    Link,
    MarkupError,
    render_note,
)
from tests.reference.samples import DIAGRAM, Tags, note

# --- anchors


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One. ^a-b", '<p class="stated" id="a-b">One.</p>'),
        ("One\ntwo. ^elb-07", '<p class="stated" id="elb-07">One\ntwo.</p>'),
        ("One. ^a ^b", '<p class="stated" id="a"><span class="also" id="b"></span>One.</p>'),
        ("One. ^a\n^b", '<p class="stated" id="a"><span class="also" id="b"></span>One.</p>'),
        ("**One** ^a", '<p class="stated" id="a"><strong>One</strong></p>'),
        ("One\n\n^a", '<p class="stated" id="a">One</p>'),
        ("- One ^a\n- two", '<ul>\n<li class="stated" id="a">One</li>\n<li>two</li>\n</ul>'),
        (
            "- One ^a\n    - two ^b",
            '<ul>\n<li class="stated" id="a">One<ul>\n<li class="stated" id="b">two</li>\n</ul>\n</li>\n</ul>',
        ),
        (
            "- One ^a\n\n    more ^b",
            '<ul>\n<li class="stated" id="a">\n<p>One</p>\n<p class="stated" id="b">more</p>\n</li>\n</ul>',
        ),
        ("1. One ^a", '<ol>\n<li class="stated" id="a">One</li>\n</ol>'),
        ("- One\n\n^a", '<ul class="stated" id="a">\n<li>One</li>\n</ul>'),
        ("## One ^a", '<h2 class="stated" id="a">One</h2>'),
        ("```\nx ^b\n```\n\n^a", '<pre class="stated" id="a"><code>x ^b\n</code></pre>'),
        ("`x ^b`", "<p><code>x ^b</code></p>"),
        ("2^10 and \\^a-b", "<p>2^10 and ^a-b</p>"),
    ],
)
def test_an_anchor_names_its_block(text: str, html: str) -> None:
    assert note(text).html.strip() == html


def test_a_table_row_takes_the_anchor_of_its_last_cell() -> None:
    page = note("| A | B |\n|---|---|\n| `x|y` | 2 ^a ^b |\n| 3 | 4 |\n^c")
    assert '<tr class="stated" id="a">\n<td><span class="also" id="b"></span><code>x|y</code></td>' in page.html
    assert '<table class="stated" id="c">' in page.html
    assert [(anchor.name, anchor.html) for anchor in page.anchors if anchor.name != "c"] == [
        ("a", "<code>x|y</code> — B: 2"),
        ("b", "<code>x|y</code> — B: 2"),
    ]


def test_anchors_tell_text_section_and_line() -> None:
    page = note("Zero. ^z\n\n## Title\n\nOne *two*. ^a\n\n### More ^m\n\n- [x](^a) ^b", first_line=11)
    assert [(a.name, a.html, a.text, a.section, a.line) for a in page.anchors] == [
        ("z", "Zero.", "Zero.", "", 11),
        ("a", "One <em>two</em>.", "One two.", "title", 15),
        ("m", "More", "More", "m", 17),
        ("b", '<a href="/notes/nat/#a">x</a>', "x", "m", 19),
    ]


def test_an_excerpt_has_no_ids_and_its_text_no_old_statement() -> None:
    page = note("/// changed | T\n    since: 2017\n    service: S\n\n~~Old.~~ New. ^a\n///\n\n^b")
    assert [(a.name, a.text) for a in page.anchors] == [("b", "Changed since 2016 (2017): T New."), ("a", "New.")]
    assert ["id=" in anchor.html for anchor in page.anchors] == [False, False]


def test_former_anchors_stay_as_ids() -> None:
    page = note("One. ^new", anchor_aliases={"old": "new", "gone": "elsewhere"})
    assert page.html.strip() == '<p class="stated" id="new"><span class="also" id="old"></span>One.</p>'


_names = st.lists(st.from_regex(r"[a-z][a-z0-9]{0,6}(-[a-z0-9]{1,4}){1,2}", fullmatch=True), min_size=1, unique=True)


@given(names=_names, shape=st.sampled_from(["Text. {}", "- item {}", "## Heading {}", "**bold** {}", "`code` {}"]))
def test_anchors_found_are_anchors_written(names: list[str], shape: str) -> None:
    text = "\n\n".join(shape.format(f"^{name}") for name in names)
    page = note(text)
    assert [(anchor.name, anchor.line) for anchor in page.anchors] == [(n, 2 * i + 1) for i, n in enumerate(names)]
    assert [attrs["id"] for _, attrs in Tags(page.html).tags if "id" in attrs] == names


# --- sections, links, words


def test_sections_are_slices_of_the_page() -> None:
    page = note("Lead.\n\n## How it works\nText.\n### Costs & limits ^c\n## How it works\n\n## Ünï")
    assert [(s.anchor, s.title, s.level, s.text, s.anchors) for s in page.sections] == [
        ("", "", 0, "Lead.", ()),
        ("how-it-works", "How it works", 2, "How it works\nText.", ()),
        ("c", "Costs & limits", 3, "Costs & limits", ("c",)),
        ("how-it-works-2", "How it works", 2, "How it works", ()),
        ("n", "Ünï", 2, "Ünï", ()),
    ]
    assert "".join(section.html for section in page.sections) == page.html
    assert page.words == 11


def test_a_heading_leaves_the_names_of_anchors_alone() -> None:
    assert [section.anchor for section in note("## Cost\n\nOne. ^cost").sections] == ["cost-2"]


def test_links_within_the_site_and_to_the_web() -> None:
    page = note("[a](t) [`b`](t^x)\n[c](^y). ^y\n\n| [d](https://a.example/x_(y)_z) |\n|---|\n| [e](u) |")
    assert page.links == (Link("t", None, 1), Link("t", "x", 1), Link(None, "y", 2), Link("u", None, 6))
    assert page.external == (ExternalLink("https://a.example/x_(y)_z", 4),)
    assert [attrs for tag, attrs in Tags(page.html).tags if tag == "a"] == [
        {"href": "/notes/t/"},
        {"href": "/notes/t/#x"},
        {"href": "/notes/nat/#y"},
        {"href": "https://a.example/x_(y)_z", "rel": "external noopener"},
        {"href": "/notes/u/"},
    ]


def test_addresses_are_made_by_the_caller() -> None:
    assert note("[a](t^x)", link_for=lambda topic, anchor: f"/x/{topic}/{anchor}").html.strip() == (
        '<p><a href="/x/t/x">a</a></p>'
    )


# --- blocks


def test_the_four_html_elements() -> None:
    text = 'Press <kbd>*Ctrl*</kbd>, H<sub>2</sub>, x<sup>2</sup>, <abbr title="Recovery time">RTO</abbr>, a < b, 3<5.'
    assert note(text).html.strip() == (
        "<p>Press <kbd><em>Ctrl</em></kbd>, H<sub>2</sub>, x<sup>2</sup>, "
        '<abbr title="Recovery time">RTO</abbr>, a &lt; b, 3&lt;5.</p>'
    )


def test_changed_tells_then_and_now() -> None:
    page = note(
        "## S\n\n/// changed | Several `x`\n    since: October 2017\n    service: ELB: all\n\n"
        "~~One *only*.~~ Now [many](t). ^elb-15\n\nAnd more. ^elb-x\n///\n"
    )
    assert page.sections[0].html == (
        '<h2 id="s">S</h2>\n<aside class="note changed" role="note">\n'
        '<p class="k"><span class="kind">Changed since 2016 (October 2017):</span> '
        '<span class="title">Several <code>x</code></span></p>\n'
        '<p class="stated" id="elb-15"><del>One <em>only</em>.</del> Now <a href="/notes/t/">many</a>.</p>\n'
        '<p class="stated" id="elb-x">And more.</p>\n</aside>\n'
    )
    (change,) = page.changes
    assert (change.title, change.since, change.service) == ("Several x", "October 2017", "ELB: all")
    assert (change.then_html, change.then_text) == ("One <em>only</em>.", "One only.")
    assert change.now_html == '<p>Now <a href="/notes/t/">many</a>.</p><p>And more.</p>'
    assert change.now_text == "Now many. And more."
    assert (change.anchors, change.section, change.line) == (("elb-15", "elb-x"), "s", 3)


@pytest.mark.parametrize(
    ("head", "label"),
    [
        ("tip | In the exam", '<span class="kind">Tip:</span> <span class="title">In the exam</span>'),
        ("trap", '<span class="kind">Trap</span>'),
    ],
)
def test_tips_and_traps(head: str, label: str) -> None:
    assert note(f"/// {head}\nWatch.\n///").html == (
        f'<aside class="note {head.split()[0]}" role="note">\n<p class="k">{label}</p>\n<p>Watch.</p>\n</aside>\n'
    )


def test_compare_has_row_headers_and_a_scrolling_box() -> None:
    assert note("/// compare | A & B\n\n| | A |\n|---|:-:|\n| x | 1 ^r |\n\n///").html == (
        '<figure class="compare">\n<figcaption>A &amp; B</figcaption>\n'
        '<div aria-label="A &amp; B" class="scroll" role="region" tabindex="0"><table>\n'
        '<thead>\n<tr>\n<td></td>\n<th scope="col">A</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr class="stated" id="r">\n<th scope="row">x</th>\n<td>1</td>\n</tr>\n</tbody>\n'
        "</table></div>\n</figure>\n"
    )


def test_a_table_in_the_text_is_named_by_its_heading() -> None:
    html = note("## Costs\nBefore:\n| A | B |\n|---|---|\n| 1 | 2 |\nAfter").html
    assert '<p>Before:</p>\n<div aria-label="Costs" class="scroll" role="region" tabindex="0"><table>' in html
    assert html.endswith("</table></div>\n<p>After</p>\n")


def test_lists_need_no_blank_line_before_them() -> None:
    assert note("Two:\n- a\n- b\n  goes on\n- c").html == (
        "<p>Two:</p>\n<ul>\n<li>a</li>\n<li>b\n  goes on</li>\n<li>c</li>\n</ul>\n"
    )


def test_code_stands_in_lists_and_keeps_what_looks_like_markup() -> None:
    assert note("- a\n\n    ```json\n    {\n      [x](y) <b> &amp; ^z\n    ```\n- b").html == (
        "<ul>\n<li>\n<p>a</p>\n<pre><code>{\n  [x](y) &lt;b&gt; &amp;amp; ^z\n</code></pre>\n</li>\n"
        "<li>\n<p>b</p>\n</li>\n</ul>\n"
    )


# --- diagrams


def test_a_diagram_is_put_in_with_ids_of_its_own() -> None:
    page = note(f"{DIAGRAM}\n\n^d")
    assert page.html == (
        '<figure class="diagram stated" id="d">\n'
        '<svg viewBox="0 0 640 200" role="img" aria-label="Two zones: a “b” and &lt;c&gt;.">'
        '<defs><marker id="nat-zones-arrow"><path d="M0 0" /></marker></defs>'
        '<path class="ink" marker-end="url(#nat-zones-arrow)" d="M0 0" /><use href="#nat-zones-arrow" />'
        "<text>A &lt; B</text></svg><figcaption>One <em>each</em></figcaption>\n</figure>\n"
    )
    assert page.diagrams == (Diagram("zones", "Two zones: a “b” and <c>.", "One each", 1),)
    assert page.text == "One each"
    assert page.anchors[0].html == "One <em>each</em>"


def test_a_placeholder_cannot_be_written() -> None:
    forged = '`<data value="0"></data>` \\<data value="0">\\</data> &lt;data value="0"&gt;&lt;/data&gt;'
    assert note(f"{forged}\n\n{DIAGRAM}").html.count("<svg") == 1


def _svg(inside: str = "", attributes: str = 'viewBox="0 0 9 9"') -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
        f"{inside}</svg>"
    )


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        (_svg("<script>x</script>"), "<script> is not allowed"),
        (_svg("<style>x</style>"), "<style> is not allowed"),
        (_svg("<foreignObject/>"), "<foreignObject> is not allowed"),
        (_svg("<image/>"), "<image> is not allowed"),
        (_svg("<animate/>"), "<animate> is not allowed"),
        (_svg("<a/>"), "<a> is not allowed"),
        (_svg('<path style="x"/>'), "color by class: no style"),
        (_svg('<path fill="red"/>'), "color by class: no fill"),
        (_svg('<path stroke="red"/>'), "color by class: no stroke"),
        (_svg('<text font-family="x"/>'), "name no fonts"),
        (_svg('<path onclick="x"/>'), "the attribute onclick is not allowed"),
        (_svg('<use href="https://x.example/#a"/>'), "href leads to https://x.example/#a: only #ids of the same file"),
        (_svg('<use xlink:href="a.svg#b"/>'), "href leads to a.svg#b: only #ids of the same file"),
        (_svg('<use href="#gone"/>'), "href leads to #gone: only #ids of the same file"),
        (_svg('<path clip-path="url(x.svg#a)"/>'), "url(x.svg#a) is refused: only #ids of the same file"),
        (_svg("", 'viewBox="0 0 9 9" width="9"'), "remove width from <svg>: the page gives the size"),
        (_svg("", 'viewBox="0 0 9 9" height="9"'), "remove height from <svg>: the page gives the size"),
        (_svg("", 'viewBox="0 0 9 9" onload="x"'), "the attribute onload is not allowed"),
        (_svg("", 'viewBox="0 0 641 9"'), "is 641 wide: at most 640"),
        (_svg("", ""), 'needs viewBox="0 0 W H"'),
        ("<svg/>", 'must be an <svg xmlns="http://www.w3.org/2000/svg">'),
        ("<svg", "is not well-formed: unclosed token: line 1, column 0"),
        ('<!DOCTYPE svg [<!ENTITY a "b">]>' + _svg(), "remove the document type"),
    ],
)
def test_a_picture_with_more_than_shapes_is_refused(svg: str, message: str) -> None:
    with pytest.raises(MarkupError) as caught:
        render_note(f"\n{DIAGRAM}", topic="nat", diagrams={"zones": svg})
    assert caught.value.problems == [(2, f"zones.svg: {message}")]
