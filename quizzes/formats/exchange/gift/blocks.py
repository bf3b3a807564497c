"""GIFT as lines: questions are parted by blank lines, before anything else is understood."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from quizzes.formats.exchange.gift.signs import hidden
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import Source

MOST_JOINED = 40
"""Pieces that a question is put together from where blank lines stand within it."""
MOST_LETTERS = 200_000
"""Of one question."""
_FENCE = re.compile(r"(?:.*\[markdown\])?\s*(`{3,})(.*)")
_STARTS = re.compile(r"\s*(?:::|\$CATEGORY:|// question:)")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True)
class Block:
    """Lines of which none is blank, but for those within braces or code; ``pieces`` tells how often they were parted.

    ``number`` is the line on which the block begins.
    """

    number: int
    lines: tuple[str, ...]
    pieces: int = 1

    @property
    def raw(self) -> str:
        """Its beginning as it stands in the file."""
        return "\n".join(self.lines)[:2000]

    @cached_property
    def too_long(self) -> bool:
        """Whether it has more letters than any question."""
        return sum(map(len, self.lines)) > MOST_LETTERS

    @cached_property
    def in_fence(self) -> bool:
        """Whether fenced code is open at its end."""
        return bool(self._read[2])

    @property
    def comments(self) -> tuple[str, ...]:
        """The lines that begin with “//”, outside fenced code."""
        return self._read[1]

    @property
    def text(self) -> str:
        """All lines, escaped signs hidden, those of comments left empty."""
        return self._read[0]

    @property
    def kept_comments(self) -> bool:
        """Whether a line of its code begins with “//”."""
        return any(line.lstrip().startswith("//") for line in self.text.split("\n"))

    @cached_property
    def is_open(self) -> bool:
        """Whether a brace or fenced code is open at its end."""
        depth = 0
        for match in _BRACE.finditer(self.text):
            depth = depth + 1 if match[0] == "{" else max(0, depth - 1)
        return not self.too_long and (depth > 0 or self.in_fence)

    @cached_property
    def _read(self) -> tuple[str, tuple[str, ...], str]:
        kept, comments, fence = [], [], ""
        for line in self.lines:
            match = _FENCE.match(line)
            if not fence and line.lstrip().startswith("//"):
                comments.append(line.strip())
                line = ""
            elif match and not fence:
                fence = match[1]
            elif match and match[1].startswith(fence) and not match[2].strip():
                fence = ""
            kept.append(line)
        return hidden("\n".join(kept)), tuple(comments), fence


def blocks(source: Source) -> Iterator[Block]:
    """The blocks of a file one by one. A blank line in braces or in fenced code parts nothing, unlike in Moodle.

    Raises BadFile.
    """
    held: list[Block] = []
    for block in _pieces(source):
        if held and _belongs(held, block):
            held.append(block)
            whole = _merged(held)
            if not whole.is_open:
                yield whole
                held = []
            continue
        yield from held
        held = [block] if block.is_open else []
        if not held:
            yield block
    yield from held


def _pieces(source: Source) -> Iterator[Block]:
    start, letters = 0, 0
    lines: list[str] = []
    with source.text() as file:
        for number, line in enumerate(file, 1):
            if "\0" in line:
                raise BadFile("there is a NUL byte in it, so this is no text: save the file as UTF-8", f"line {number}")
            text = line.removeprefix("\ufeff").rstrip("\n")
            if text.strip():
                start = start or number
                letters += len(text)
                # One line more than is allowed, so that the block is known to be too long.
                if letters - len(text) <= MOST_LETTERS:
                    lines.append(text)
            elif lines:
                yield Block(start, tuple(lines))
                start, letters, lines = 0, 0, []
    if lines:
        yield Block(start, tuple(lines))


def _belongs(held: list[Block], block: Block) -> bool:
    """Whether this piece goes on with what is open, and begins no question of its own."""
    if _STARTS.match(block.lines[0]) or len(held) >= MOST_JOINED or block.too_long:
        return False
    if _merged(held).in_fence:
        return True
    first = _BRACE.search(block.text)
    return first is None or first[0] == "}"


def _merged(held: list[Block]) -> Block:
    if len(held) == 1:
        return held[0]
    lines: list[str] = []
    for piece in held:
        lines += [""] * (piece.number - held[0].number - len(lines))
        lines += piece.lines
    return Block(held[0].number, tuple(lines), len(held))
