"""HTML of others becomes the dialect of this site: the same words, what formatting there is a place for, no more."""

import html as entities
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange.html import MOST, escaped, to_html, to_markdown
from quizzes.formats.exchange.html.reading import FORBIDDEN
from reference.markup import render_text
from tests.formats.exchange.generated import PICTURE_NAMES, POLICY, texts

PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<br>", "<br/>", "<b>", "</b>", "<em>", "</em>", "<code>", "</code>", "<pre>", "</pre>"),
        *("<ul>", "<ol>", "<ol start=3>", "</ul>", "</ol>", "<li>", "</li>", "<table>", "</table>", "<tr>", "</tr>"),
        *("<td>", "</td>", "<th colspan=2>", "</th>", "<h2>", "</h2>", "<sup>", "</sup>", "<sub>", "</sub>"),
        *('<a href="https://x.org/a_(b)?c=1&amp;d=2">', '<a href="http://x.org">', "</a>", "<div style='color:red'>"),
        *('<img src="abcdefghijkl-40x30" alt="words [of] it">', '<img src="elsewhere.png" alt="gone">', "</div>"),
        *("<q>", "</q>", "<script>alert(1)</script>", "<!-- note -->", "<dl><dt>", "</dt><dd>", "</dd></dl>"),
        *("word", "two words", "*", "**", "_", "__", "`", "``", "|", "---", "- ", "+ ", "1. ", "12. x", "~~~", "```"),
        *("\\", "\\*", "[a](https://x.org)", "![a](image:abcdefghijkl-40x30)", "]", "(", "[", "!", "&lt;b&gt;"),
        *("&amp;amp;", "&amp;copy;", "&nbsp;", " ", "\n", "    ", "=", "===", "#", "# ", ">", "| a | b |", "|---|---|"),
        *("x_y_z", "2*3*4", "${a}", "arn:aws:s3:::b/*", "\ue000", "&#57344;", "\u200b", "\u3000", "Größe", ":--", "<"),
    ]
)
SOUP = st.lists(PIECES, max_size=14).map("".join)


def known(address: str) -> str | None:
    return address.rpartition("/")[2] if address.rpartition("/")[2] in PICTURE_NAMES else None


def markdown(html: str) -> str:
    return to_markdown(html, known).text


def words(html: str) -> str:
    """The letters of some html, blanks and tags left out."""
    return "".join(FORBIDDEN.sub("", entities.unescape(re.sub(r"<[^<>]*>", " ", html))).split())


def flat(html: str) -> str:
    """The html without what makes no difference: the paragraphs of lists, and emphasis that is left and begun again."""
    loose = re.sub(r"(<li>)\s*<p>|</p>\s*(</li>|<[uo]l)", r"\1\2", html)
    return " ".join(re.sub(r"</(strong|em)>(\s*)<\1>", r"\2", loose).split())


@given(st.text(max_size=60) | SOUP | st.lists(PIECES, max_size=8).map("\n".join))
@settings(max_examples=100, deadline=None)
def test_plain_text_says_the_same_and_none_of_it_is_markdown(text: str) -> None:
    html = f"<p>{escaped(text)}</p>"
    shown = to_html(markdown(html))
    assert words(shown) == words(html)
    assert set(re.findall(r"<(\w+)", shown)) <= {"p"}


@given(SOUP)
@settings(max_examples=100, deadline=None)
def test_a_second_way_there_and_back_changes_nothing(html: str) -> None:
    once = markdown(html)
    assert markdown(to_html(once)) == once


@given(st.lists(PIECES, max_size=4).map(" ".join) | st.text(max_size=20) | texts(blocks=0))
@settings(max_examples=100, deadline=None)
def test_the_short_way_for_plain_text_gives_what_rendering_gives(text: str) -> None:
    assert to_html(text, lambda code: f"/images/{code}") == render_text(text)


@given(texts(blocks=4))
@settings(max_examples=40, deadline=None)
def test_formatting_of_the_dialect_survives(text: str) -> None:
    html = to_html(text)
    assert flat(render_text(markdown(html))) == flat(html.replace('src="', 'src="/images/'))
    assert markdown(to_html(markdown(html))) == markdown(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("plain words", "plain words"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("one<br>two<br><br>three", "one  \ntwo\n\nthree"),
        ("<p>a <strong>b</strong> <i>c</i> <code>d*e</code></p>", "a **b** *c* `d*e`"),
        ("<b> a </b>b", "**a** b"),
        ("<strong>a</strong><strong>b</strong>", "**ab**"),
        ("<b><i>both</i></b>", "***both***"),
        ("<h3>Title</h3>text", "**Title**\n\ntext"),
        ("<blockquote><p>said</p></blockquote>", "said"),
        ("<dl><dt>term</dt><dd>meaning</dd></dl>", "**term**\n\nmeaning"),
        ("<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n    1. c"),
        ('<ol start="4"><li>a<li>b</ol>', "4. a\n5. b"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n    b"),
        ("<pre><code class='language-json'>{\n  \"a\": 1\n}\n</code></pre>", '```\n{\n  "a": 1\n}\n```'),
        ("<pre>a<br>b</pre>", "```\na\nb\n```"),
        ("<table><tr><th>a<th>b<tr><td>1|2<td><p>x</p><p>y</p></table>", "| a | b |\n|---|---|\n| 1\\|2 | x y |"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "|  |  |\n|---|---|\n| a | b |"),
        ("<a href='https://x.org/a b'>c [d]</a>", "[c \\[d\\]](https://x.org/a%20b)"),
        ("<a href='http://x.org/'>c</a>", "c (http://x.org/)"),
        ("<a href='http://x.org/'>http://x.org/</a>", "http://x.org/"),
        ("<a href='javascript:alert(1)'>c</a>", "c"),
        ("10<sup>6</sup> H<sub>2</sub>O x<sup>k</sup>", "10⁶ H₂O x^k"),
        ("<kbd>Ctrl</kbd>", "`Ctrl`"),
        ("<code>a`b</code>", "``a`b``"),
        ("x <img src='/images/abcdefghijkl-40x30' alt='A plan'>", "x ![A plan](image:abcdefghijkl-40x30)"),
        ("x <img src='abcdefghijkl-40x30'>", "x ![Picture](image:abcdefghijkl-40x30)"),
        ("x <img src='y.png' alt='A plan'>", "x (A plan)"),
        ("&lt;script&gt;", "<script>"),
        ("5 < 6 and <b>7 > 3</b>", "5 < 6 and **7 > 3**"),
        ('<p title="a > b">c</p>', "c"),
        ("<p>- no list</p><p>1. none</p>", "\\- no list\n\n1\\. none"),
        ("say <q>this</q>", "say “this”"),
        ("a&nbsp;&nbsp; b", "a b"),
        ("", ""),
        ("<p></p>", ""),
        ("<unknown>a</unknown>", "a"),
        ("a <b", "a <b"),
    ],
)
def test_what_becomes_of_it(html: str, expected: str) -> None:
    assert markdown(html) == expected


@pytest.mark.parametrize(
    ("html", "lost"),
    [
        ("<script>alert(1)</script>a", {"script"}),
        ("<style>p {}</style>a", {"style"}),
        ("<iframe src='https://x.org'></iframe>a", {"iframe"}),
        ("<video><source src=x>no video</video>a", {"video"}),
        ("<svg onload=alert(1)><script>x</script></svg>a", {"svg"}),
        ("<form><input name=x></form>a", {"form"}),
        ("<img src='x.png'>a", {"picture"}),
        ("<span style='color: red'>a</span>", {"colors"}),
        ("<font color=red>a</font>", {"colors"}),
        ("<del>a</del>", {"strikethrough"}),
        ("<a href='javascript:x()'>a</a>", {"link"}),
        ("<math><mi>x</mi></math>a", {"math"}),
        ("<b>a</b>", set()),
    ],
)
def test_what_was_lost_is_named(html: str, lost: set[str]) -> None:
    converted = to_markdown(html)
    assert converted.lost == lost
    assert words(to_html(converted.text)) == "a"


@pytest.mark.parametrize(
    "html",
    [
        "<img src=x onerror=alert(1)>",
        "<scr<script>ipt>alert(1)</script>",
        '<a href="  jAvAsCrIpT:alert(1)">x</a>',
        '<a href="&#106;avascript:alert(1)">x</a>',
        '<a href="https://x.org/" onclick="alert(1)">x</a>',
        '<a href="https://x.org/&quot;onclick=&quot;alert(1)">x</a>',
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<style>@import 'x'</style><link rel=stylesheet href=x><base href=x><meta http-equiv=refresh content=0>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "[x](javascript:alert(1)) ![x](javascript:alert(1))",
        "<!--><script>alert(1)</script>-->",
        "<p title='</p><script>alert(1)</script>'>",
    ],
)
def test_nothing_that_runs_survives(html: str) -> None:
    shown = to_html(to_markdown(html).text)
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "a"}
    assert not re.search(r"<[^>]*(?:javascript|\son\w+=)", shown)


@pytest.mark.parametrize(
    "piece",
    [
        *("<b>", "<p>", "<div>", "<ul><li>", "<table><tr><td>", "<a href='x", '<a b="', '<a b=">"', "<", "</", "<!--"),
        *(
            "<script>",
            "<pre>",
            "<sup>",
            "&",
            "&#",
            "*",
            "[",
            "`",
            "\\",
            "<b><i>x</i></b>",
            "<b>x</b><i>y</i>",
            "<a =",
            "|",
        ),
        *("<br>", "<td>x", "<li>x", "<img src='", " ", "<a href=https://x.org/>", "!["),
    ],
)
def test_a_megabyte_of_anything_ends(piece: str) -> None:
    html = piece * ((1 << 20) // len(piece))
    converted = to_markdown(html)
    assert len(converted.text) < 4 * MOST
    assert any("characters" in one for one in converted.lost) or not converted.text.strip(" \n")


def test_the_address_of_a_picture_is_the_callers() -> None:
    html = to_html("![A plan](image:abcdefghijkl-40x30)", lambda code: f"@@PLUGINFILE@@/{code}.png")
    assert 'src="@@PLUGINFILE@@/abcdefghijkl-40x30.png"' in html
    assert markdown(html.replace("@@PLUGINFILE@@/", "").replace(".png", "")) == "![A plan](image:abcdefghijkl-40x30)"


def test_a_policy_survives() -> None:
    assert markdown(to_html(POLICY)) == POLICY.replace("```json", "```")
