"""GIFT as one of the formats."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO

from quizzes.formats.exchange.gift.projecting import projected
from quizzes.formats.exchange.gift.reading import items
from quizzes.formats.exchange.gift.signs import hidden
from quizzes.formats.exchange.gift.writing import block_of
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Pictures, ReadItem
from quizzes.formats.exchange.plain import write_blocks
from quizzes.formats.exchange.source import Source

_ANSWERS = re.compile(
    r"\{\s*(?:[=~]|#\s*(?:=|[-+.\d])|(?:T|TRUE|F|FALSE)\s*[#}]|\})|(?<!\$)\{[^{}:\"\n]{1,200}\}[.!?]?[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_TELLING = re.compile(r"^[ \t]*(?:::[^\n]{1,300}?::|\$CATEGORY:|// question: \d)", re.MULTILINE)


class Gift:
    """Moodle’s text format, as ``question/format/gift`` reads and writes it."""

    name = "gift"
    title = "GIFT"
    suffixes = (".gift", ".txt")
    media_type = "text/plain"
    reads = True
    writes = True
    fates: Mapping[str, Fate] = MappingProxyType(
        {
            "kind": Fate(True, "All kinds but ordering; numbers lose their unit, short texts their own rules."),
            "text": Fate(True, "Texts are written as Markdown, which Moodle knows; targets of a matching are plain."),
            "code": Fate(True, "Code stays as it is; every sign of GIFT in it is escaped."),
            "tables": Fate(True, "Tables stay as they are, in Markdown."),
            "pictures": Fate(False, "A GIFT file holds no pictures; the words for them stand in their place."),
            "rationales": Fate(True, "Rationales are the feedback of the options; of pairs they are joined."),
            "choose": Fate(True, "The number to choose is the number of options that have a share of the mark."),
            "scoring": Fate(False, "Moodle adds up the shares of what was ticked: it cannot be all or nothing."),
            "order": Fate(False, "A fixed order is not carried: Moodle shuffles."),
            "ids": Fate(False, "Options are called a, b, c … in their order."),
            "id": Fate(True, "The code of the question is its ID number in Moodle."),
            "title": Fate(True, "The title is the name of the question."),
            "scenario": Fate(False, "The shared text became the beginning of the stem."),
            "tags": Fate(True, "Tags are written as tags; a category that is read becomes tags."),
            "topics": Fate(False, "Topics are left out."),
            "exam": Fate(False, "Task, domain, level and difficulty are left out."),
            "constraints": Fate(False, "Requirements, and which of them an option breaks, are left out."),
            "references": Fate(False, "Statements of the notes are left out."),
            "sources": Fate(False, "Sources and the date of the check are left out."),
            "relations": Fate(False, "Enemies and contrast pairs are left out."),
            "status": Fate(False, "Status, flags and reviews are left out."),
            "extra": Fate(False, "Partial marks, wildcards and feedback on wrong typed answers are left out."),
        }
    )

    def recognises(self, source: Source) -> bool:
        """Whether there are braces with answers in it. Never raises."""
        text = source.head_text
        if source.is_zip or "\0" in text or text.lstrip()[:1] in ("<", "{", "["):
            return text.lstrip().startswith(("[html]", "[markdown]", "[plain]", "[moodle]"))
        plain = hidden("\n".join(line for line in text.split("\n") if not line.lstrip().startswith("//")))
        return bool(_ANSWERS.search(plain) or (_TELLING.search(text) and "{" in plain))

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions one by one. Raises BadFile."""
        return items(source)

    def pictures(self, source: Source) -> Pictures:
        """There are none."""
        return lambda name: None

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What is left of a question in GIFT, and the account of it."""
        left, notes = projected(question, self.fates)
        return left, tuple(notes)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """One block a question, with Markdown in it."""
        write_blocks(questions, out, lambda one: self.project(one)[0], block_of)


GIFT = Gift()
