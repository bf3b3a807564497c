"""QTI 1.2: packages of Canvas, cartridges of courses, and bare files."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO

from quizzes.formats.exchange.archive import opened
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Pictures, ReadItem
from quizzes.formats.exchange.qti12.carried import prepared, projected
from quizzes.formats.exchange.qti12.package import package_of
from quizzes.formats.exchange.qti12.reading import ROOT, read_source
from quizzes.formats.exchange.qti12.writing import write_package
from quizzes.formats.exchange.source import Source
from quizzes.formats.exchange.xml import root_of

FATES: Mapping[str, Fate] = MappingProxyType(
    {
        "kind": Fate(True, "All kinds are written; only New Quizzes know ordering. Essays, uploads, formulas and"
                     " categories are not read; one blank or menu in a text is, several are not."),
        "text": Fate(True, "It travels as HTML; what Markdown has no place for is left out and named."),
        "code": Fate(True, "Code travels as HTML, the language of a code block does not."),
        "tables": Fate(True, "Tables travel as HTML."),
        "pictures": Fate(True, "Pictures are files of the package."),
        "rationales": Fate(True, "They are the feedback of options. Canvas shows none for the steps of an order."),
        "choose": Fate(False, "Canvas does not say how many options are to be ticked; it is counted from the key."),
        "scoring": Fate(False, "The key is written as all or nothing; Canvas gives parts of the points by its own"
                        " rules. Points, partial scores and minus points are told and not taken."),
        "order": Fate(True, "It is written for each question; Canvas shuffles all of a quiz or none, and all where"
                      " no question has a fixed order."),
        "ids": Fate(False, "Options are called a, b, c … when they are read."),
        "id": Fate(True, "The code is the identifier of the item."),
        "title": Fate(True, "The title is that of the item."),
        "scenario": Fate(False, "The shared text stands at the head of the stem."),
        "tags": Fate(False, "Canvas knows no tags; the names of banks and groups become tags when they are read."),
        "topics": Fate(False, "Topics have no place in it."),
        "exam": Fate(False, "Task, domain, level and difficulty have no place in it."),
        "constraints": Fate(False, "Requirements, and which of them an option breaks, have no place in it."),
        "references": Fate(False, "References to statements of the notes have no place in it."),
        "sources": Fate(False, "Sources and the date of the check have no place in it."),
        "relations": Fate(False, "Enemies and contrast pairs have no place in it."),
        "status": Fate(False, "Status, flags and reviews have no place in it."),
        "extra": Fate(False, "Settings of quizzes, draws from groups, and other parts of a course are not read."),
    }
)  # fmt: skip


class Qti12:
    """The format, for Canvas first."""

    name = "qti12"
    title = "QTI 1.2 (Canvas, Common Cartridge)"
    suffixes = (".zip", ".imscc", ".xml")
    media_type = "application/zip"
    reads = True
    writes = True
    fates = FATES

    def recognises(self, source: Source) -> bool:
        """Whether it is a package with a quiz of QTI 1.2, or an XML file that begins as one. Raises BadFile."""
        if not source.is_zip:
            with source.open() as stream:
                return root_of(stream)[0] == ROOT
        with opened(source) as archive:
            package = package_of(archive)
            return bool(package.documents or package.missing)

    def read(self, source: Source) -> Iterator[ReadItem]:
        """The questions, quizzes first, then banks. Raises BadFile."""
        return read_source(source)

    def pictures(self, source: Source) -> Pictures:
        """The pictures of a package; a bare file has none."""
        if not source.is_zip:
            return lambda name: None
        with opened(source) as archive:
            members = package_of(archive).pictures

        def picture(name: str) -> bytes | None:
            if name not in members:
                return None
            with opened(source) as archive:
                return archive.read(members[name])

        return picture

    def project(self, question: Exchanged) -> tuple[Exchanged | None, tuple[Note, ...]]:
        """What comes back."""
        return projected(question, self.fates)

    def write(self, questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
        """A package with one quiz."""
        kept = (prepared(one) for one in questions if self.project(one)[0] is not None)
        write_package(kept, out, pictures, title)


QTI12 = Qti12()
