"""What a page weighs: HTML, styles, scripts and fonts, as they come over the wire to a browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from posixpath import dirname, join, normpath

from tests.benchmarks.client import Learner, Visitor

IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']""")
FONT = re.compile(r"""url\(["']?([^"')]+\.woff2)["']?\)""")
ITALIC = re.compile(r"<(?:em|i|cite|dfn|var)\b[^>]*>[^<\s]")
"""Text that a browser sets in italics: only then does it ask for the italic font."""
LETTER = re.compile("[¡-¦¨ª¬-¯´¶¸-º¿-ÖØ-öø-ÿıŒœŠšŸŽžˆ˚˜]")
"""What the files of letters with accents are asked for."""
CARRIED = ("stylesheet", "preload", "modulepreload")


class _Linked(HTMLParser):
    """The files that a page names."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "script" and named.get("src"):
            self.found.append(named["src"] or "")
        if tag == "link" and named.get("rel") in CARRIED:
            self.found.append(named.get("href") or "")


@dataclass
class Weights:
    """A browser with an empty cache: what each page brings, and what only the pages before it did not."""

    visitor: Visitor
    files: dict[str, bytes] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def of(self, path: str, learner: Learner | None = None) -> tuple[int, int]:
        """Bytes of a first visit to this page, and of a visit after the pages asked for before."""
        reply = self.visitor.get(path, learner)
        html = reply.body.decode()
        parser = _Linked()
        parser.feed(html)
        known = set(self.kept)
        reached: set[str] = set()
        for name in parser.found:
            self._reach(name, reached)
        if not ITALIC.search(html):
            reached = {name for name in reached if "italic" not in name or name in parser.found}
        if not LETTER.search(html):
            reached = {name for name in reached if "-letters" not in name}
        self.kept |= reached
        whole = sum(len(self.files[name]) for name in reached)
        new = sum(len(self.files[name]) for name in reached - known)
        return len(reply.wire) + whole, len(reply.wire) + new

    def _reach(self, path: str, reached: set[str]) -> None:
        """A file with all that it names in turn, fonts too."""
        if path in reached or not path.startswith("/"):
            return
        reached.add(path)
        if path not in self.files:
            self.files[path] = self.visitor.get(path).wire
        text = self._plain(path)
        for name in [*IMPORT.findall(text), *FONT.findall(text)]:
            self._reach(name if name.startswith("/") else normpath(join(dirname(path), name)), reached)

    def _plain(self, path: str) -> str:
        if not path.endswith((".css", ".js")):
            return ""
        return self.visitor.get(path, encoding="identity").wire.decode()
