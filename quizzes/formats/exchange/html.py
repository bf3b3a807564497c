"""HTML of other systems -> the site’s Markdown, and back; what was left out on the way is told."""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass, field

import nh3
from markdownify import markdownify

from reference.markup import render_text

MOST = 200_000
"""Characters of one text."""
_TAGS = {
    "p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "del", "sub", "sup", "code", "pre", "kbd", "samp",
    "tt", "var", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tfoot", "tr", "th", "td", "caption",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "a", "img", "dl", "dt", "dd", "font", "center", "small", "big",
}  # fmt: skip
_SOURCE = re.compile(r'src="/images/([a-z0-9x-]+)"')
_SIMPLE = re.compile(r"\s*(?:<p>)?([^<>&\\`*_{}\[\]#|~$^=+!]*)(?:</p>)?\s*")


@dataclass
class Converted:
    """Markdown, and the names of what was in the HTML and is not in it: “script”, “iframe”, “picture”, “colors” …"""

    text: str
    lost: set[str] = field(default_factory=set)


def to_markdown(html: str, picture: Callable[[str], str | None] = lambda address: None) -> Converted:
    """The Markdown for some HTML. ``picture`` gives the name of a picture by its address, None where it is not there.

    Nothing that could run survives: what is allowed is a list, and Markdown has no place for the rest.
    """
    simple = _SIMPLE.fullmatch(html)
    if simple and not _starts_a_block(simple[1]):
        return Converted(" ".join(simple[1].split()))
    lost = _lost(html)
    clean = nh3.clean(
        html[:MOST],
        tags=_TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt"}, "code": {"class"}, "pre": {"class"}},
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template", "noscript"},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    text = re.sub(r"\n{3,}", "\n\n", markdownify(clean)).strip()
    return Converted(text, lost)


def to_html(markdown: str, picture: Callable[[str], str] = str) -> str:
    """The HTML of a text, for another system: no classes of ours; ``picture`` gives the address of a picture."""
    html = render_text(markdown)
    return _SOURCE.sub(lambda match: f'src="{entities.escape(picture(match[1]))}"', html)


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return entities.escape(text, quote=False)


def _starts_a_block(text: str) -> bool:
    return bool(re.match(r"\s*(?:\d+[.)]|[-+*>:]|\s{4})", text))


def _lost(html: str) -> set[str]:
    return {
        one.lower()
        for one in re.findall(r"<\s*(script|iframe|object|embed|video|audio|svg|math|form|input)\b", html, re.I)
    }
