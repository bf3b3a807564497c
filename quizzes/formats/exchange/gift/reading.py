"""A file of GIFT -> its questions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.gift.answers import content_of
from quizzes.formats.exchange.gift.blocks import MOST_LETTERS, Block, blocks
from quizzes.formats.exchange.gift.entry import Refused, entry_of
from quizzes.formats.exchange.gift.signs import shown
from quizzes.formats.exchange.model import BadFile, Exchanged, Note, ReadItem, Severity
from quizzes.formats.exchange.plain import one_line
from quizzes.formats.exchange.source import Source

_CATEGORY = re.compile(r"\$CATEGORY:(.*)")
_NO_TAG = re.compile(r"\$\w+\$|top|Default for .*", re.IGNORECASE)
MOST_TAGS = 20
MOST_PROBLEMS = 10_000
"""Of a file: nobody reads more of them."""


@dataclass
class _Reader:
    """Reads block by block; ``tags`` are those of the category that holds."""

    tags: tuple[str, ...] = ()

    def item(self, block: Block) -> ReadItem | None:
        """The question of a block; None where it holds none."""
        text = "" if block.too_long else block.text.strip()
        if category := _CATEGORY.match(text):
            self.tags = tags_of(category[1])
            text = text[category.end() :].strip()
        place = f"line {block.number}"
        if block.too_long:
            words = f"this has more than {MOST_LETTERS:,} characters: set a blank line between two questions"
            return ReadItem(place, None, problem=words, raw=block.raw)
        if not text:
            return None
        try:
            return self._read(block, text, place)
        except Refused as error:
            return ReadItem(place, None, problem=str(error), raw=block.raw)

    def _read(self, block: Block, text: str, place: str) -> ReadItem:
        entry = entry_of(block, text)
        content = content_of(entry)
        if flaws := KINDS[content.kind].flaws(content):
            raise Refused("; ".join(flaws))
        tags = tuple(dict.fromkeys([*self.tags, *entry.tags]))[:MOST_TAGS]
        if self.tags:
            words = f"The category became tags: {', '.join(self.tags)}."
            entry.notes.append(Note("tags", Severity.CHANGED, words))
        question = Exchanged(entry.code, content, entry.name, Attributes(tags=tags))
        return ReadItem(place, question, tuple(dict.fromkeys(entry.notes)))


def items(source: Source) -> Iterator[ReadItem]:
    """The questions of a file one by one. Raises BadFile."""
    reader, problems = _Reader(), 0
    for block in blocks(source):
        if item := reader.item(block):
            yield item
            problems += item.question is None
        if problems > MOST_PROBLEMS:
            words = f"{MOST_PROBLEMS:,} blocks up to here are no questions: is it a file of GIFT? Bring it in parts"
            raise BadFile(words, f"line {block.number}")


def tags_of(path: str) -> tuple[str, ...]:
    """The names in a category’s path, from the top; “//” is a bar within a name."""
    names = (one_line(name.replace("\0", "/"))[:40].strip() for name in shown(path).replace("//", "\0").split("/"))
    return tuple(dict.fromkeys(name for name in names if name and not _NO_TAG.fullmatch(name)))[:MOST_TAGS]
