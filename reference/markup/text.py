"""Questions: stems, options and rationales, whoever wrote them."""

from html import escape
from xml.etree.ElementTree import Element

from .links import is_web_address
from .parser import inner, outer, parse_text
from .sanitise import clean_text
from .source import TextScanner, cleaned

LONGEST = 20_000
"""Characters that are parsed: the library's time grows with the square of the length."""


def render_text(text: str, *, inline: bool = False) -> str:
    """Html of Markdown by anyone: paragraphs, emphasis, code, lists, tables, https links, pictures; nothing else.

    Never raises. What is not in the dialect stays as typed; so does a text that is longer than LONGEST or nested
    too deep. `inline` leaves the `<p>` of a lone paragraph out.
    """
    root = _parsed(text)
    if root is None:
        html = escape(cleaned(text), quote=False)
        return clean_text(html if inline else f"<p>{html}</p>")
    lone = inline and len(root) == 1 and root[0].tag == "p"
    return clean_text(inner(root[0]) if lone else "".join(outer(block) + "\n" for block in root)).strip()


def _parsed(text: str) -> Element | None:
    if len(text) > LONGEST:
        return None
    try:
        return parse_text(TextScanner(text).scan(), is_web_address)
    except RecursionError:
        return None
