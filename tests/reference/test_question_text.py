"""The renderer: what questions become, and that nothing hostile gets through."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.markup import (
    MarkupError,
    plain_text,
    render_text,
)
from reference.markup.sanitise import clean_note, clean_text
from tests.reference.samples import DIAGRAM, Tags, note

# --- questions


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (
            "One **two** *three* `four <b>`",
            "<p>One <strong>two</strong> <em>three</em> <code>four &lt;b&gt;</code></p>",
        ),
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("LEAST overhead:\n- a\n- b", "<p>LEAST overhead:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("2. b\n3. c", '<ol start="2">\n<li>b</li>\n<li>c</li>\n</ol>'),
        ("```json\n{ }\n```", "<pre><code>{ }\n</code></pre>"),
        ("# One", "<p># One</p>"),
        ("One\n---", "<p>One\n---</p>"),
        ("> One", "<p>&gt; One</p>"),
        ("    One", "<p>One</p>"),
        ("![a](https://b.example)", "<p>![a](https://b.example)</p>"),
        ("[a](http://b.example)", "<p>[a](http://b.example)</p>"),
        ("[a](nat^x) x ^y", "<p>[a](nat^x) x ^y</p>"),
        ("[a](https://b.example)", '<p><a href="https://b.example" rel="noopener nofollow">a</a></p>'),
        ("<kbd>a</kbd> a < b & c", "<p>&lt;kbd&gt;a&lt;/kbd&gt; a &lt; b &amp; c</p>"),
        ("/// tip | T\nx\n///", "<p>/// tip | T\nx\n///</p>"),
        ("~~a~~ \"b\" 'c' -- ...", "<p>~~a~~ \"b\" 'c' -- ...</p>"),
        ("a\x00\ud800\ue000b", "<p>ab</p>"),
        ("", ""),
    ],
)
def test_questions_have_a_small_dialect(text: str, html: str) -> None:
    assert render_text(text) == html


def test_a_table_in_a_question_has_no_styles() -> None:
    assert render_text("| A | B |\n|:-:|--:|\n| 1 | 2 |") == (
        "<table>\n<thead>\n<tr>\n<th>A</th>\n<th>B</th>\n</tr>\n</thead>\n"
        "<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"
    )


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One *two*", "One <em>two</em>"),
        ("One\n\nTwo", "<p>One</p>\n<p>Two</p>"),
        ("", ""),
        ("x" * 20_001, "x" * 20_001),
    ],
)
def test_inline_leaves_a_lone_paragraph_bare(text: str, html: str) -> None:
    assert render_text(text, inline=True) == html


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data=javascript:alert(1)>",
    "<embed src=javascript:alert(1)>",
    "<form action=javascript:alert(1)><input type=submit>",
    "<button formaction=javascript:alert(1)>x",
    "<a href=javascript:alert(1)>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='https://ok.example' onclick=alert(1)>x</a>",
    "<p style='background:url(javascript:alert(1))'>x</p>",
    "<style>@import 'https://evil.example';</style>",
    "<link rel=stylesheet href=https://evil.example>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=https://evil.example>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?><x onclick=alert(1)>",
    "<p id=cookie name=cookie>x</p>",
    "<p class=note>x</p>",
    "<p data-hx-get=/x data-hx-trigger=load>x</p>",
    "<p hx-post=/x hx-trigger=load>x</p>",
    "<p x-data='alert(1)'>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/accounts/delete/)",
    "[x](https://user@evil.example)",
    "[x](https://ok.example/\"onclick=alert(1)//)",
    "[x](https://ok.example 'x' onclick=alert(1))",
    '[x](https://ok.example "x\\" onclick=alert(1)")',
    "[<img src=x onerror=alert(1)>](https://ok.example)",
    "[x](<javascript:alert(1)>)",
    "<javascript:alert(1)>",
    "<https://evil.example/<script>alert(1)</script>>",
    "![x](x\"onerror=\"alert(1))",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "[x][y]\n\n[y]: javascript:alert(1) 'x'",
    "```<script>\nalert(1)\n```",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "- <svg/onload=alert(1)>\n- &lt;script&gt;alert(1)&lt;/script&gt;",
    "&lt;img src=x onerror=alert(1)&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "{: onclick=alert(1) }",
    "x { #id .class onclick=alert(1) }",
    "/// html | script\nalert(1)\n///",
    "\x02wzxhzdk:0\x03 \x02klzzwxh:0000\x03 \ue0021\ue003",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "**<b onmouseover=alert(1)>x**",
    "\\<script>alert(1)\\</script>",
]  # fmt: skip

ALLOWED = {
    **{tag: set[str]() for tag in ("p", "em", "strong", "code", "pre", "ul", "li", "br")},
    **{tag: set[str]() for tag in ("table", "thead", "tbody", "tr", "th", "td")},
    "ol": {"start"},
    "a": {"href", "rel"},
    "img": {"src", "alt", "width", "height"},
}


def assert_harmless(html: str) -> None:
    for tag, attrs in Tags(html).tags:
        assert (tag in ALLOWED, set(attrs) - ALLOWED.get(tag, set())) == (True, set())
        if tag == "a":
            assert ((attrs["href"] or "")[:8], attrs["rel"]) == ("https://", "noopener nofollow")
        if tag == "img":
            assert re.fullmatch(r"/images/[a-z0-9]{12}-[1-9]\d{0,3}x[1-9]\d{0,3}", attrs["src"] or "")


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("shape", ["{}", "**{}**", "- {}", "a {} b", "[{}](https://ok.example)"])
@pytest.mark.parametrize("inline", [True, False])
def test_nothing_hostile_gets_through(text: str, shape: str, inline: bool) -> None:
    assert_harmless(render_text(shape.format(text) if shape != "{}" else text, inline=inline))


_markup = st.lists(
    st.sampled_from([*"[]()<>`*_~|#^-+!\\/\"'=&;:\n ", "\n\n", "    ", "```\n", "on", "style", *HOSTILE])
)


@given(st.one_of(st.text(), _markup.map("".join)), st.booleans())
def test_arbitrary_text_is_harmless_and_stable(text: str, inline: bool) -> None:
    html = render_text(text, inline=inline)
    assert_harmless(html)
    assert render_text(text, inline=inline) == html


@given(st.one_of(st.text(), _markup.map("".join)))
def test_an_arbitrary_note_is_rendered_or_refused(text: str) -> None:
    try:
        page = note(text)
    except MarkupError:
        return
    allowed = {"id", "class", "href", "rel", "role", "scope", "start", "tabindex", "aria-label", "title"}
    assert {name for _, attrs in Tags(page.html).tags for name in attrs} <= allowed
    assert [mark for mark in "\ue000\ue001\ue002\ue003" if mark in page.html] == []


@pytest.mark.parametrize("piece", ["[", "*", "*a*", "> ", "`", "- ", "    - ", "|", "\\", "[a](", "![", "<a ", "1. "])
def test_long_texts_are_shown_in_bounded_time(piece: str) -> None:
    assert_harmless(render_text(piece * (20_000 // len(piece))))
    assert_harmless(render_text(piece * 20_000))


def test_deep_nesting_does_not_raise() -> None:
    assert_harmless(render_text("".join("    " * depth + "- a\n" for depth in range(95))))


def test_threads_do_not_disturb_each_other() -> None:
    texts = [f"Text {number}. ^a-{number}\n\n{DIAGRAM}\n" for number in range(40)]
    alone = [(note(text), render_text(text)) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: (note(text), render_text(text)), texts)) == alone


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>a <b>b</b>\nc</p><p>d&amp;e</p>", "a b c\nd&e"),
        ("<ul>\n<li>a</li><li>b<br>c</li></ul>", "a\nb\nc"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<svg><title>x</title><text>y</text></svg>a<script>z</script>", "a"),
        ("", ""),
    ],
)
def test_plain_text(html: str, text: str) -> None:
    assert plain_text(html) == text


# Pictures

CODE = "k3b9x2m4q7ta-640x480"


def test_a_picture_of_a_question() -> None:
    html = render_text(f"See ![Two *zones* & a “b”](image:{CODE}).")
    alt = "Two *zones* & a “b”"
    [picture] = [attrs for tag, attrs in Tags(html).tags if tag == "img"]
    assert picture == {"src": f"/images/{CODE}", "alt": alt, "width": "640", "height": "480"}
    assert_harmless(html)


@pytest.mark.parametrize(
    "text",
    [
        f"![](image:{CODE})",
        f"![ ](image:{CODE})",
        f"![x](image:../{CODE})",
        f"![x](image:{CODE}/../../accounts/logout)",
        f"![x](image:{CODE.upper()})",
        f"![x](/images/{CODE})",
        f"![x](https://evil.example/{CODE})",
        f"![x](//evil.example/images/{CODE})",
        "![x](image:k3b9x2m4q7ta-0x480)",
        "![x](image:k3b9x2m4q7ta-640x48000)",
        "![x](image:k3b9x2m4q7ta)",
        f"<img src=/images/{CODE} alt=x>",
        f"`![x](image:{CODE})`",
    ],
)
def test_no_other_picture(text: str) -> None:
    assert "<img" not in render_text(text)


@pytest.mark.parametrize("alt", ['x" onerror="alert(1)', "x' onload='alert(1)", "<script>alert(1)</script>", "x>y"])
def test_words_of_a_picture_are_words(alt: str) -> None:
    html = render_text(f"![{alt}](image:{CODE})")
    assert_harmless(html)
    assert [attrs["alt"] for tag, attrs in Tags(html).tags if tag == "img"] in ([alt], [])


def test_notes_have_no_such_pictures() -> None:
    assert "<img" not in clean_note(f'<p><img src="/images/{CODE}" alt="x"></p>')
    assert clean_text('<a href="/accounts/logout/">x</a><a href="//evil.example">y</a>') == (
        '<a rel="noopener nofollow">x</a><a rel="noopener nofollow">y</a>'
    )
