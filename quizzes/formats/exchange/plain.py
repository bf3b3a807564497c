"""Plain text and Markdown: the words of a text in one line, and words of others taken as they are typed."""

import io
import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import BinaryIO

from quizzes.formats.exchange.html import escaped, to_markdown
from quizzes.formats.exchange.model import Exchanged
from reference.markup import plain_text, render_text

UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\ud800-\uf8ff]")
"""What no reader sees: controls, private letters, halves of letters. The site’s renderer drops it too."""
PICTURE = re.compile(r"!\[((?:\\.|[^\\\]])*)\]\(image:[a-z0-9x-]{1,40}\)")

_SIMPLE = re.compile(r"[^\W\d_][^\n&\\`*_\[\]|<>!~^#={}]*")
"""One line that begins with a letter and has no sign of Markdown: it is its own words."""


Block = Callable[[Exchanged], str]
"""What a text format writes for one question."""


def one_line(text: str) -> str:
    """The text without line breaks, and without what nobody sees."""
    return " ".join(UNSEEN.sub("", text).split())


def literal(text: str) -> str:
    """Markdown of one line that reads as this text does: nothing in it is taken for a sign."""
    return to_markdown(escaped(one_line(text))).text


@lru_cache(maxsize=1024)
def flat(markdown: str) -> str:
    """The words of a text in one line; a picture becomes the words for it."""
    if _SIMPLE.fullmatch(markdown):
        return one_line(markdown)
    return one_line(plain_text(render_text(without_pictures(markdown))))


def without_pictures(markdown: str) -> str:
    """The text with “(picture: its words)” where pictures stand."""
    return PICTURE.sub(lambda match: picture_words(match[1]), markdown)


def picture_words(words: str) -> str:
    """What stands in a text instead of a picture that has these words."""
    return f"(picture: {' '.join(words.split())})" if words.strip() else "(picture)"


def is_plain(markdown: str) -> bool:
    """Whether the text is one line without formatting: nothing is lost where a format has plain text only."""
    return literal(flat(markdown)) == markdown


def write_blocks(
    questions: Iterable[Exchanged], out: BinaryIO, project: Callable[[Exchanged], Exchanged | None], block: Block
) -> None:
    """The blocks of a text format, one after the other, of the questions that it does not refuse."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="\n")
    for question in questions:
        left = project(question)
        if left is not None:
            text.write(block(left))
    # The stream belongs to the caller.
    text.flush()
    text.detach()
