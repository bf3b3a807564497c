"""QTI 2.1, 2.2 and 3.0: one reader and one writer; the versions differ in their words alone."""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO

from quizzes.formats.exchange import xml
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Pictures, ReadItem
from quizzes.formats.exchange.qti import package
from quizzes.formats.exchange.qti.packing import Packer
from quizzes.formats.exchange.qti.projecting import Projection, fates_of
from quizzes.formats.exchange.qti.vocabulary import QTI_2_2, QTI_3_0, Vocabulary, family_of
from quizzes.formats.exchange.source import Source


class Qti:
    """One of the two vocabularies as a format. Either one reads packages and bare items."""

    suffixes = (".zip", ".xml")
    media_type = "application/zip"
    reads = True
    writes = True

    def __init__(self, name: str, title: str, vocabulary: Vocabulary) -> None:
        self.name = name
        self.title = title
        self.fates: Mapping[str, Fate] = fates_of(vocabulary)
        self._vocabulary = vocabulary
        self._projection = Projection(vocabulary, self.fates)

    def recognises(self, source: Source) -> bool:
        """By the outermost element of its items, and by the types of resources where no item can be looked at."""
        if source.is_zip:
            with package.opened(source) as found:
                return found.family() == self._vocabulary.family
        with source.open() as stream:
            return family_of(*xml.root_of(stream)) == self._vocabulary.family

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions in the order of the test, then those that are in none. Raises BadFile."""
        return package.read(source)

    def pictures(self, source: Source) -> Pictures:
        """The pictures of the package by the names that texts use."""
        return package.pictures(source)

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What comes back, and the account. Every kind has a place."""
        return self._projection.project(question)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """Write a package; nothing of a question is kept once it is written."""
        shaped = (self._projection.shaped(one)[0] for one in questions)
        Packer(self._vocabulary, out, pictures).pack(shaped, title)


QTI2 = Qti("qti2", "QTI 2.1 / 2.2", QTI_2_2)
QTI3 = Qti("qti3", "QTI 3.0", QTI_3_0)
