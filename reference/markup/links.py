"""Links, and what is left in the text of things that are not links."""

import re
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

from .anchors import ANCHOR_NAME
from .model import ExternalLink, Link
from .source import MARK, Problems

LinkFor = Callable[[str, str | None], str]

TOPIC_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WEB = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::\d{1,5})?(?:[/?#][!-~]*)?")
_LEFT = re.compile(
    rf"(?P<tag>{MARK.pattern}</?[A-Za-z!?][^<>]*>)|(?P<image>!\[{MARK.pattern})"
    rf"|(?P<anchor>{MARK.pattern}\^)|(?P<link>\]\()|(?P<reference>\]\[{MARK.pattern})|(?P<line>{MARK.pattern})"
)
_LEFT_MESSAGES = {
    "image": "images are not part of notes: use a diagram callout",
    "anchor": "an anchor stands at the end of its block: move it there, or make two paragraphs",
    "link": "this link cannot be read: write [text](target), no brackets in the text, no spaces in the target",
    "reference": "write the target of a link in parentheses: [text](target)",
}


def note_address(topic: str, anchor: str | None) -> str:
    """The site's address of a topic or of a statement in it."""
    return f"/notes/{topic}/#{anchor}" if anchor else f"/notes/{topic}/"


def is_web_address(target: str) -> bool:
    """Whether a link target is an https address with a plain host name."""
    return bool(_WEB.fullmatch(target))


def resolve_links(
    root: Element, topic: str, link_for: LinkFor, problems: Problems
) -> tuple[list[Link], list[ExternalLink]]:
    """Turn every link target into an address. Returns links within the site and links to the web, in order."""
    links: list[Link] = []
    external: list[ExternalLink] = []
    for element in root.iter("a"):
        target, line = element.get("href", ""), int(element.attrib.pop("line", "0"))
        if is_web_address(target):
            element.set("rel", "external noopener")
            external.append(ExternalLink(target, line))
        elif link := _within_site(target, line):
            element.set("href", link_for(link.target or topic, link.anchor))
            links.append(link)
        else:
            problems.append((line, _refusal(target)))
    return links, external


def _within_site(target: str, line: int) -> Link | None:
    topic, caret, anchor = target.partition("^")
    if (topic and not TOPIC_NAME.fullmatch(topic)) or (caret and not ANCHOR_NAME.fullmatch(anchor)):
        return None
    return Link(topic or None, anchor or None, line) if target else None


def _refusal(target: str) -> str:
    if target.startswith("http://"):
        return f"the web is linked by https: {target}"
    return f"“{target}” is no link target: write topic, topic^anchor, ^anchor or https://…"


def check_text(root: Element, problems: Problems) -> None:
    """Report html, images, stray anchors and unreadable links; to be called before marks are stripped."""
    line = 0
    for text in _texts(root):
        for match in _LEFT.finditer(text):
            kind = match.lastgroup or ""
            if own := MARK.search(match[0]):
                line = int(own[1])
            if kind == "tag":
                tag = match[0][match[0].index("<") :]
                problems.append((line, f"html is not allowed: put {tag} in backticks, or write \\< for the sign"))
            elif kind in _LEFT_MESSAGES:
                problems.append((line, _LEFT_MESSAGES[kind]))


def _texts(element: Element) -> Iterator[str]:
    if element.tag not in ("code", "pre"):
        yield element.text or ""
        for child in element:
            yield from _texts(child)
            yield child.tail or ""
