"""The questions of a package or a bare file of QTI 1.2, one by one."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.archive import Archive, opened
from quizzes.formats.exchange.model import BadFile, Note, ReadItem, Severity
from quizzes.formats.exchange.qti12.items import Setting, raw_of, read_item
from quizzes.formats.exchange.qti12.package import Document, Package, Place, package_of
from quizzes.formats.exchange.qti12.parts import fields_of
from quizzes.formats.exchange.qti12.taking import Account
from quizzes.formats.exchange.qti12.texts import Texts
from quizzes.formats.exchange.source import Source
from quizzes.formats.exchange.xml import child, children, elements, local, text_in

ROOT = "questestinterop"
_WANTED = frozenset({"item", "selection_ordering", "itemref", "qtimetadata"})
MOST_STIMULI = 500
MOST_ITEMS = 20_000
"""Of one file. A file that is made to take long has seven times as many in a megabyte."""
_COURSE = (
    "The file is a whole course: its quizzes and question banks are read, its pages, tasks and other files are not."
)


@dataclass
class _Memory:
    """What has to be known of one file of the package while another one is read."""

    package: Package
    digests: dict[str, str] = field(default_factory=dict)
    """The identifier in the bank of each question of a quiz → its content."""
    seen: set[str] = field(default_factory=set)
    wanted: dict[str, str] = field(default_factory=dict)
    """Questions that a quiz only refers to → where it does."""


def read_source(source: Source) -> Iterator[ReadItem]:
    """The questions of a file. Raises BadFile, also half-way."""
    items = _of_package(source) if source.is_zip else _of_bare(source)
    found = False
    for item in items:
        found = True
        yield item
    if not found:
        raise BadFile("there is no question in it: export the quiz again")


def _of_bare(source: Source) -> Iterator[ReadItem]:
    memory = _Memory(Package())
    with source.open() as stream:
        yield from _Reading(Document("", ""), memory).items(stream)
    yield from _missing(memory)


def _of_package(source: Source) -> Iterator[ReadItem]:
    with opened(source) as archive:
        package = package_of(archive)
        for identifier in package.missing:
            words = f"The quiz “{identifier[:80]}” is named in the package, but is not in it: export it again."
            yield ReadItem("imsmanifest.xml", None, problem=words)
        if not package.documents and not package.missing:
            raise BadFile("there is no quiz of QTI 1.2 in the package: export the quiz again")
        memory = _Memory(package)
        first = package.has_more
        for document in package.documents:
            for item in _of_document(archive, document, memory):
                if first and item.question is not None:
                    item = replace(item, notes=(*item.notes, Note("extra", Severity.LOST, _COURSE)))
                    first = False
                yield item
        yield from _missing(memory)


def _of_document(archive: Archive, document: Document, memory: _Memory) -> Iterator[ReadItem]:
    with archive.open(document.member) as stream:
        yield from _Reading(document, memory).items(stream)


def _missing(memory: _Memory) -> Iterator[ReadItem]:
    for ident, place in memory.wanted.items():
        if ident not in memory.seen:
            words = f"The quiz refers to the question “{ident[:80]}”, which is not in the file: export it too."
            yield ReadItem(place, None, problem=words)


class _Reading:
    """One file with questions while it is read."""

    def __init__(self, document: Document, memory: _Memory) -> None:
        self.document, self.memory = document, memory
        self.place = Place(document.member, {member: name for name, member in memory.package.pictures.items()})
        self.bank = ""
        self.stimuli: dict[str, str] = {}

    def items(self, stream: BinaryIO) -> Iterator[ReadItem]:
        """Its questions, and what else is to be said."""
        around: list[Element] = []
        root = False
        count = 0
        for element, _number in elements(stream, _WANTED, self.document.member, around):
            if not root and around and local(around[0]) != ROOT:
                raise BadFile(f"this is no QTI 1.2: it begins with “{local(around[0])[:40]}”", self.document.member)
            root = True
            name = local(element)
            if name == "qtimetadata":
                self.bank = self.bank or _bank_title(element)
            elif name == "itemref":
                self.memory.wanted.setdefault(element.get("linkrefid", ""), self._name("a reference"))
            elif name == "selection_ordering":
                yield from self._group(element, around[-1] if around else None)
            else:
                count += 1
                if count > MOST_ITEMS:
                    words = f"it has more than {MOST_ITEMS:,} questions: import it in parts"
                    raise BadFile(words, self.document.member)
                yield from self._item(element, count, around)

    def _group(self, element: Element, section: Element | None) -> Iterator[ReadItem]:
        """How many are drawn is kept with the section; a bank that is not there is said."""
        number = next((text_in(one) for one in element.iter() if local(one) == "selection_number"), "")
        if section is None:
            return
        if number:
            section.set("draws", number[:9])
        banks = [text_in(one) for one in element.iter() if local(one) == "sourcebank_ref"]
        title, raw = section.get("title", ""), raw_of(element)
        for bank in banks[:20]:
            if bank and bank not in self.memory.package.identifiers:
                words = (
                    f"The group “{title[:60]}” draws {number[:9] or 'some'} questions from the question bank"
                    f" “{bank[:80]}”, which is not in the file: export the bank, or the whole course."
                )
                yield ReadItem(self._name(f"group “{title[:60]}”"), None, problem=words, raw=raw)

    def _item(self, element: Element, number: int, around: list[Element]) -> Iterator[ReadItem]:
        ident = element.get("ident", "")
        self.memory.seen.add(ident)
        place = self._name(f"item {number}" + (f" ({ident[:60]})" if ident else ""))
        if self._is_stimulus(element):
            return
        sections = [one for one in around if local(one) == "section"]
        draws = next((one.get("draws", "") for one in reversed(sections) if one.get("draws")), "")
        groups = [one.get("title", "") for one in sections[1:]]
        tags = tuple(dict.fromkeys(" ".join(one.split())[:40] for one in [self.bank, *groups] if one.strip()))
        item = read_item(element, place, Setting(self.place, tags, draws, self.stimuli))
        if not self._is_copy(element, ident, item):
            yield item

    def _is_copy(self, element: Element, ident: str, item: ReadItem) -> bool:
        """Whether a quiz of the package has the same question already. A question is a copy of its bank’s."""
        if item.question is None:
            return False
        digest = item.question.content.digest
        if self.document.is_bank:
            return self.memory.digests.get(ident) == digest
        if of_bank := fields_of(element).get("assessment_question_identifierref"):
            self.memory.digests[of_bank] = digest
        return False

    def _is_stimulus(self, element: Element) -> bool:
        """Keeps a text that New Quizzes show beside questions; these name it."""
        material = child(element, "presentation", "material")
        if material is None or not material.get("orientation") or len(self.stimuli) >= MOST_STIMULI:
            return False
        if fields_of(element).get("question_type") != "text_only_question":
            return False
        self.stimuli[element.get("ident", "")] = Texts(self.place, Account()).stem(element, typed=False)
        return True

    def _name(self, what: str) -> str:
        return f"{what} in {self.document.member[-80:]}" if self.document.member else what


def _bank_title(metadata: Element) -> str:
    for one in children(metadata, "qtimetadatafield"):
        if text_in(child(one, "fieldlabel")) == "bank_title":
            return text_in(child(one, "fieldentry"))
    return ""
