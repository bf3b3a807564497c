"""Moodle XML: the format in which Moodle’s question banks travel, with pictures, categories and tags."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from typing import BinaryIO
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.model import Exchanged, Fate, Note, Pictures, ReadItem
from quizzes.formats.exchange.moodle.fates import FATES
from quizzes.formats.exchange.moodle.files import embedded
from quizzes.formats.exchange.moodle.projecting import project
from quizzes.formats.exchange.moodle.reading import read_question
from quizzes.formats.exchange.moodle.tags import of_category
from quizzes.formats.exchange.moodle.writing import write_quiz
from quizzes.formats.exchange.source import Source
from quizzes.formats.exchange.xml import elements, root_of

__all__ = ["MOODLE_XML", "MoodleXml"]

_LIKE_A_QUIZ = re.compile(rb"<[?!].{0,4000}?<quiz>\s*(?:<!--.{0,200}?-->\s*)?<question\b", re.DOTALL)
_QUESTIONS = frozenset({"question"})


class MoodleXml:
    """Reads what Moodle from 1.9 on and other tools write; writes what Moodle reads."""

    name = "moodle_xml"
    title = "Moodle XML"
    suffixes: tuple[str, ...] = (".xml",)
    media_type = "application/xml"
    reads = True
    writes = True
    fates: Mapping[str, Fate] = FATES

    def recognises(self, source: Source) -> bool:
        """Its outermost element is ``quiz``, of no namespace; one that is broken before it is recognised as well."""
        head = source.head.lstrip(b"\xef\xbb\xbf \t\r\n")
        root = root_of(BytesIO(source.head.lstrip()))
        return root == ("quiz", "") or (root == ("", "") and bool(_LIKE_A_QUIZ.match(head)))

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions one by one; categories hold for those behind them. Raises BadFile."""
        tags: tuple[str, ...] = ()
        position = 0
        for element in _questions(source):
            if element.get("type") == "category":
                tags = of_category(element)
                continue
            position += 1
            yield read_question(element, position, tags)

    def pictures(self, source: Source) -> Pictures:
        """The pictures of the file. Quickest in the order of its questions: those of one are held at a time."""
        return _Pictures(source)

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What reading gives after writing, and the account of it."""
        return project(question)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Write the questions, each as it is projected, in a category of that title."""
        projected = (project(one)[0] for one in questions)
        write_quiz((one for one in projected if one is not None), out, pictures, title)


class _Pictures:
    """Looks for a picture from where the last one was, to the end and then once from the beginning."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._held: dict[str, bytes] = {}
        self._rest: Iterator[dict[str, bytes]] = iter(())
        self._missing: set[str] = set()

    def __call__(self, name: str) -> bytes | None:
        """The bytes of a picture; None where the file has none of this name. Raises BadFile."""
        if name not in self._held and name not in self._missing and not self._found(name):
            self._missing.add(name)
        return self._held.get(name)

    def _found(self, name: str) -> bool:
        for _ in range(2):
            for data in self._rest:
                if name in data:
                    self._held = data
                    return True
            self._rest = (embedded(one).data for one in _questions(self._source))
        return False


def _questions(source: Source) -> Iterator[Element]:
    with _opened(source) as stream:
        for element, _number in elements(stream, _QUESTIONS):
            yield element


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    """The file from its first character: some tools write blank lines before it, which XML forbids."""
    with source.open() as stream:
        stream.seek(len(source.head) - len(source.head.lstrip()))
        yield stream


MOODLE_XML = MoodleXml()
