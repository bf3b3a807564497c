"""Python-Markdown, set up for the dialect of this site. The only module that knows the library."""

import re
import threading
from collections.abc import Callable, Sequence
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.serializers import to_html_string
from markdown.util import AtomicString, code_escape
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from .pictures import picture_address, picture_size
from .source import CLOSE, FENCE_MARK, MARK, OPEN, Callout, Source, unmarked

_UNUSED_BLOCKS = ("code", "setextheader", "hr", "quote", "reference")
_UNUSED_INLINES = (
    "reference",
    "link",
    "image_link",
    "image_reference",
    "short_reference",
    "short_image_ref",
    "autolink",
    "automail",
    "html",
    "entity",
)
_MARK = f"(?:{OPEN}(\\d+){CLOSE})?"
_LINK = rf'(?<!!)\[{_MARK}([^\[\]]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+"[^"]*")?\)'
_IMAGE = r"!\[([^\[\]]+)\]\(image:([a-z0-9x-]{1,40})\)"
_TAG = rf'{_MARK}<(kbd|sub|sup|abbr)(?: title="([^"<>]*)")?>(.+?){_MARK}</\2>'

LinkFilter = Callable[[str], bool]


_of_this_thread = threading.local()
"""Instances for texts by their filter of links: they are not safe to share between threads."""


class _Links(InlineProcessor):
    """`[text](target)` in time linear in the text, where the library's own takes quadratic time for `[[[[…`."""

    def __init__(self, md: Markdown, accepts: LinkFilter) -> None:
        super().__init__(_LINK, md)
        self.accepts = accepts

    def handleMatch(self, match: re.Match[str], data: str) -> Any:  # type: ignore[override]
        target = self.unescape(match[3])
        if not self.accepts(target):
            return None, None, None
        link = Element("a", href=unmarked(target))
        if match[1]:
            link.set("line", match[1])
        link.text = match[2]
        return link, match.start(), match.end()


class _Pictures(InlineProcessor):
    """`![alt](image:code)`: a picture of a question. Without words for it, and of any other address, there is none."""

    def handleMatch(self, match: re.Match[str], data: str) -> Any:  # type: ignore[override]
        code, alt = match[2], " ".join(self.unescape(match[1]).split())
        size = picture_size(code)
        if size is None or not alt:
            return None, None, None
        picture = Element("img", src=picture_address(code), alt=unmarked(alt), width=size[0], height=size[1])
        return picture, match.start(), match.end()


class _Tags(InlineProcessor):
    """The four HTML elements that notes may use."""

    def handleMatch(self, match: re.Match[str], data: str) -> Any:  # type: ignore[override]
        element = Element(match[2])
        if match[2] == "abbr" and match[3]:
            element.set("title", unmarked(match[3]))
        element.text = match[4]
        return element, match.start(), match.end()


class _CalloutBlock(Block):  # type: ignore[misc]
    """`/// callout | index`: the scanner has replaced the author's head by the index of what it read."""

    NAME = "callout"
    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        callouts: Sequence[Callout] = self.config["callouts"]
        callout = callouts[int(self.argument)]
        figure = callout.kind in ("limits", "compare", "diagram")
        block = SubElement(parent, "figure" if figure else "aside", callout=self.argument)
        title = SubElement(block, "figcaption" if figure else "p")
        title.text = callout.title
        return block


class _Callouts(BlocksExtension):  # type: ignore[misc]
    def __init__(self, callouts: Sequence[Callout]) -> None:
        self.config = {"callouts": [callouts, "heads read by the scanner"]}
        super().__init__()

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:
        block_mgr.register(_CalloutBlock, self.getConfigs())


def _build(extensions: list[Any], accepts: LinkFilter, unused: Sequence[str] = ()) -> Markdown:
    """A fresh instance: building one takes twice as long as reading a short text with it."""
    md = Markdown(extensions=["tables", "sane_lists", *extensions])
    for name in (*_UNUSED_BLOCKS, *unused):
        md.parser.blockprocessors.deregister(name)
    for name in _UNUSED_INLINES:
        md.inlinePatterns.deregister(name)
    md.preprocessors.deregister("html_block")
    md.inlinePatterns.register(_Links(md, accepts), "link", 160)
    md.ESCAPED_CHARS = [*md.ESCAPED_CHARS, "<", "^", "/"]
    return md


def _tree(md: Markdown, source: Source) -> Element:
    lines = [line if line.strip() else "" for line in source.lines]
    root = md.parser.parseDocument([*lines, "", ""]).getroot()
    assert root is not None
    for processor in md.treeprocessors:
        processor.run(root)  # each of them works in place
    _restore_fences(root, source.fences)
    return root


def _restore_fences(root: Element, fences: Sequence[str]) -> None:
    for element in list(root.iter()):
        match = FENCE_MARK.fullmatch((element.text or "").strip())
        if not match or len(element):
            continue
        element.text = None
        pre = element
        if element.tag == "p":
            element.tag = "pre"
        else:
            pre = SubElement(element, "pre")
        code = SubElement(pre, "code")
        code.text = AtomicString(code_escape(fences[int(match[1])]))


def parse_note(source: Source) -> Element:
    """The tree of a note. Callouts carry their index in `callout`, links their line in `line`."""
    tilde: dict[str, Any] = {"subscript": False}
    md = _build([_Callouts(source.callouts)], lambda target: True)
    md.registerExtensions(["pymdownx.tilde"], {"pymdownx.tilde": tilde})
    md.inlinePatterns.register(_Tags(_TAG, md), "tags", 155)
    return _tree(md, source)


def parse_text(source: Source, accepts: LinkFilter) -> Element:
    """The tree of a question's text; a link whose target is not accepted stays as typed."""
    kept: dict[Any, Markdown] = _of_this_thread.__dict__
    md = kept.pop(accepts, None) or _build_for_texts(accepts)
    root = _tree(md, source)
    # Put back only when it came through: what a text broke off in the middle of keeps half of it.
    kept[accepts] = md.reset()
    return root


def _build_for_texts(accepts: LinkFilter) -> Markdown:
    md = _build([], accepts, unused=["hashheader"])
    md.inlinePatterns.register(_Pictures(_IMAGE, md), "picture", 165)
    return md


def outer(element: Element) -> str:
    """The element's markup, without what follows it."""
    tail, element.tail = element.tail, None
    try:
        return to_html_string(element)
    finally:
        element.tail = tail


def inner(element: Element) -> str:
    """The markup within the element."""
    tag = outer(element)
    return tag[tag.index(">") + 1 : tag.rindex("</")] if "</" in tag else ""


def strip_marks(root: Element) -> None:
    """Take every mark out of the tree."""
    for element in root.iter():
        for slot in ("text", "tail"):
            value = getattr(element, slot)
            if value and MARK.search(value):
                atomic = isinstance(value, AtomicString)
                setattr(element, slot, AtomicString(unmarked(value)) if atomic else unmarked(value))
