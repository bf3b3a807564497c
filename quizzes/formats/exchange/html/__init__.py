"""HTML of other systems -> the site’s Markdown, and back; what was left out on the way is told.

What comes out is text of the dialect (reference/markup), in which no HTML is allowed: nothing that could run has a
place in it, however broken the HTML was (docs/decisions/0031).
"""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from quizzes.formats.exchange.html.reading import Reader
from reference.markup import render_text

MOST = 200_000
"""Characters of one text; what is behind them is left out."""
_SOURCE = re.compile(r'src="/images/([a-z0-9x-]+)"')
_SIGNS = r"<>&\\`*_\[\]|~!\x00-\x08\x0b-\x1f\x7f\x85\xa0\u2028\u2029\ud800-\uf8ff"
"""What may be more than a letter."""
_SIMPLE = re.compile(rf"\s*(?:<p>)?([^{_SIGNS}]*)(?:</p>)?\s*")
_BLOCK = re.compile(r"\s*(?:\d+\.|[-+])(?:\s|$)")
_PLAIN = re.compile(
    rf"(?![-+]\s|\d+\.)[^\s{_SIGNS}](?:[^\s{_SIGNS}]| (?=[^\s{_SIGNS}])|\n{{1,2}}(?![-+]\s|\d+\.)(?=[^\s{_SIGNS}]))*+"
)
"""Paragraphs of words alone."""
_LONGEST = 10_000


@dataclass
class Converted:
    """Markdown, and the names of what was in the HTML and is not in it: “script”, “iframe”, “picture”, “colors” …"""

    text: str
    lost: set[str] = field(default_factory=set)


def to_markdown(html: str, picture: Callable[[str], str | None] = lambda address: None) -> Converted:
    """The Markdown for some HTML. ``picture`` gives the name of a picture by its address, None where it is not there.

    Plain text is escaped, so that none of it is taken for Markdown. Never raises but what ``picture`` does.
    """
    simple = _SIMPLE.fullmatch(html)
    if simple and not _BLOCK.match(simple[1]):
        return Converted(" ".join(simple[1].split()))
    lost: set[str] = set()
    if len(html) > MOST:
        lost.add(f"all behind {MOST:,} characters")
    text = Reader(picture, lost).read(html[:MOST])
    return Converted(text, lost)


def to_html(markdown: str, picture: Callable[[str], str] = str) -> str:
    """The HTML of a text, for another system: no classes of ours; ``picture`` gives the address of a picture."""
    if len(markdown) < _LONGEST and _PLAIN.fullmatch(markdown):
        # Rendering takes a hundred times as long, and most options are such.
        return "\n".join(f"<p>{escaped(one)}</p>" for one in markdown.split("\n\n"))
    html = render_text(markdown)
    return _SOURCE.sub(lambda match: f'src="{entities.escape(picture(match[1]))}"', html)


def escaped(text: str) -> str:
    """Plain text as HTML."""
    return entities.escape(text, quote=False)
