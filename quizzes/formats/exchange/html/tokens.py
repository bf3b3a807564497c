"""HTML of strangers cut into tags and text, in one pass and in time linear in its length; nothing is repaired."""

import re
from collections.abc import Iterator

TAG = re.compile(
    r"<(?:!--.*?(?:-->|\Z)|[!?][^>]*>|(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*\"|'[^']*')?)*+)>)", re.DOTALL
)
_PLAIN_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/<>]*+)([^<>]*)>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
SILENT = {"script", "style", "iframe", "object", "svg", "math", "template", "noscript", "video", "audio", "title"}
"""What stands in these is not for readers, or is shown in their stead."""

Token = tuple[str, str, str]
"""(“”, “”, text), or (“<” or “</”, name in lower case, attributes as they stand)."""


def tokens(html: str) -> Iterator[Token]:
    """Text and tags in turn; of silent elements the opening tag alone. A “<” that opens no tag is text."""
    begin, position, pattern = 0, 0, TAG
    while (start := html.find("<", position)) >= 0:
        match = pattern.match(html, start)
        if match is None and pattern is TAG and html[start + 1 : start + 3].strip("/")[:1].isalpha():
            # Nothing closes this tag but a sign within quotes: from here on quotes are not believed, or each
            # tag that follows would be looked for up to the end as well.
            pattern = _PLAIN_TAG
            match = pattern.match(html, start)
        if match is None:
            position = start + 1
            continue
        if start > begin:
            yield "", "", html[begin:start]
        begin = position = match.end()
        if match.lastindex is None:
            continue
        name = match[2].lower()
        yield f"<{match[1]}", name, match[3]
        if name in SILENT and not match[1] and not match[3].endswith("/"):
            begin = position = _after(html, name, position)
    if begin < len(html):
        yield "", "", html[begin:]


def _after(html: str, name: str, position: int) -> int:
    """Where what follows an element begins: at its closing tag, or at the end where it has none."""
    end = re.compile(rf"</{name}\b", re.IGNORECASE).search(html, position)
    return end.start() if end else len(html)


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag by name in lower case, as they stand; of doubled ones the first."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), double or single or bare)
    return found
