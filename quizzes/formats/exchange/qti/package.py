"""A package of QTI: what its manifest lists, in the order of its test; or a folder of items; or one item alone."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from quizzes.formats.exchange import archive, xml
from quizzes.formats.exchange.archive import Archive
from quizzes.formats.exchange.model import BadFile, Pictures, ReadItem
from quizzes.formats.exchange.qti import identifiers
from quizzes.formats.exchange.qti.reading import Around, Stimulus, read_item
from quizzes.formats.exchange.qti.texts import Texts
from quizzes.formats.exchange.qti.vocabulary import attribute, child, family_of, plain
from quizzes.formats.exchange.source import Source
from quizzes.formats.native import CODE

MANIFEST = "imsmanifest.xml"
_TYPE = re.compile(r"imsqti_(?:apip)?(item|test|stimulus|section)_xmlv(\d)p\d\w*", re.I)
_ITEMS = frozenset({"assessmentItem", "qti-assessment-item"})
_STIMULI = frozenset({"assessmentStimulus", "qti-assessment-stimulus"})
_REFERENCES = frozenset({"assessmentItemRef", "qti-assessment-item-ref"})
_PICTURE = re.compile(r".*\.(?:png|jpe?g|webp|gif|bmp|svg)", re.I)
_OURS = re.compile(r"[a-z0-9]{12}-\d{1,5}x\d{1,5}")
_LOOKED_AT = 30
"""Members whose root is looked at to tell what a package is."""
_KEPT_STIMULI = 200
_TAG, _TAGS = 40, 20


@dataclass(frozen=True, slots=True)
class Resource:
    """An entry of the manifest: the member it names, what it is by its type (“item”, …; empty: other), and tags."""

    href: str
    what: str
    family: int
    tags: tuple[str, ...] = ()


@dataclass
class Package:
    """An open archive with what its manifest says. ``pictures``: the name of each picture by its member."""

    archive: Archive
    resources: list[Resource]
    pictures: Mapping[str, str]
    stimuli: dict[str, Stimulus | None] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def family(self) -> int:
        """2 or 3 by what its items are, else by their types; 0 where there is none."""
        looked = 0
        for one in self.resources:
            if not one.href.lower().endswith(".xml") and not one.what:
                continue
            if one.href in self.archive and looked < _LOOKED_AT:
                looked += 1
                with self.archive.open(one.href) as stream:
                    name, namespace = xml.root_of(stream)
                if name in _ITEMS and (found := family_of(name, namespace)):
                    return found
        return next((one.family for one in self.resources if one.what in ("item", "test")), 0)

    def items(self) -> Iterator[Resource]:
        """The items in the order of the test, then those that are in none."""
        items = {
            one.href: one for one in self.resources if one.what == "item" or (not one.what and self._is_item(one.href))
        }
        for test in [one.href for one in self.resources if one.what == "test"]:
            for href in self._listed(test):
                if href in items:
                    yield items.pop(href)
        yield from items.values()

    def _is_item(self, member: str) -> bool:
        if not member.lower().endswith(".xml") or member not in self.archive:
            return False
        with self.archive.open(member) as stream:
            return xml.root_of(stream)[0] in _ITEMS

    def _listed(self, test: str) -> Iterator[str]:
        if test not in self.archive:
            return
        try:
            with self.archive.open(test) as stream:
                for reference, _ in xml.elements(stream, _REFERENCES, test):
                    yield joined(test, attribute(reference, "href"))
        except BadFile:
            # The order is all that is lost with a broken test; its items are listed in the manifest as well.
            return

    def around(self, resource: Resource) -> Around:
        """What an item of this package may refer to."""
        base = resource.href
        return Around(
            picture=lambda address: self.pictures.get(joined(base, address)),
            stimulus=lambda address, name: self._stimulus(joined(base, address), name),
            tags=resource.tags,
        )

    def _stimulus(self, member: str, name: str) -> Stimulus | None:
        if member in self.stimuli:
            return self.stimuli[member]
        if len(self.stimuli) >= _KEPT_STIMULI:
            self.stimuli.clear()
        self.stimuli[member] = found = self._read_stimulus(member, name)
        return found

    def _read_stimulus(self, member: str, name: str) -> Stimulus | None:
        if member not in self.archive:
            return None
        inner = Texts(lambda address: self.pictures.get(joined(member, address)))
        try:
            with self.archive.open(member) as stream:
                for root, _ in xml.elements(stream, _STIMULI, member):
                    text = inner.of(child(root, "stimulusBody"))
                    code = self._own(_code(attribute(root, "identifier") or name), member)
                    return Stimulus(code, text, frozenset(inner.lost)) if text else None
        except BadFile:
            return None
        return None

    def _own(self, code: str, member: str) -> str:
        """The code, with a number where the text of another member has it already."""
        found, number = code, 1
        while self.codes.setdefault(found, member) != member:
            number += 1
            found = f"{code[:90]}-{number}"
        return found


@contextmanager
def opened(source: Source) -> Iterator[Package]:
    """The package in a zip. Raises BadFile."""
    with archive.opened(source) as members:
        pictures = _names_of_pictures(members.names)
        manifests = [one for one in members.names if posixpath.basename(one) == MANIFEST]
        if manifests:
            resources = list(_resources(members, min(manifests, key=lambda one: (one.count("/"), one))))
        else:
            resources = [Resource(one, "", 0) for one in sorted(members.names) if one.lower().endswith(".xml")]
        yield Package(members, resources, pictures)


def read(source: Source) -> Iterator[ReadItem]:
    """The questions of a package or of a bare item. Raises BadFile."""
    if not source.is_zip:
        yield from _bare(source)
        return
    with opened(source) as package:
        some = False
        for resource in package.items():
            some = True
            yield from _in_package(package, resource)
    if not some:
        raise BadFile("the package lists no items: export the questions with the test", MANIFEST)


def _in_package(package: Package, resource: Resource) -> Iterator[ReadItem]:
    """An item of a package: where its file is missing or broken, that is the problem of this question alone."""
    place = resource.href
    if place not in package.archive:
        yield ReadItem(
            place[:200], None, problem="The manifest names this file, but it is not in the zip: pack it anew."
        )
        return
    some = False
    try:
        with package.archive.open(place) as stream:
            for item, number in xml.elements(stream, _ITEMS, place):
                some = True
                yield read_item(item, _place(item, place, number), package.around(resource))
    except BadFile as error:
        if not error.place.startswith(place):
            raise
        yield ReadItem(place[:200], None, problem=f"{error.words[:1].upper()}{error.words[1:]}.")
        return
    if not some:
        yield ReadItem(place[:200], None, problem="There is no item in this file: export it again.")


def _bare(source: Source) -> Iterator[ReadItem]:
    some = False
    with source.open() as stream:
        for item, number in xml.elements(stream, _ITEMS, ""):
            some = True
            yield read_item(item, _place(item, "", number), Around())
    if not some:
        raise BadFile("there is no item in it: export a package with the items, not the test or the text alone")


def _place(item: Element, member: str, number: int) -> str:
    name = attribute(item, "identifier") or str(number)
    return f"item {name} in {member}"[:200] if member else f"item {name}"[:200]


def _resources(members: Archive, manifest: str) -> Iterator[Resource]:
    with members.open(manifest) as stream:
        for one, _ in xml.elements(stream, frozenset({"resource"}), manifest):
            found = _TYPE.fullmatch(attribute(one, "type"))
            href = attribute(one, "href") or next((attribute(two, "href") for two in one if plain(two) == "file"), "")
            if href:
                what, family = (found[1].lower(), 3 if found[2] == "3" else 2) if found else ("", 0)
                yield Resource(joined(manifest, href), what, family, _tags(one))


def _tags(resource: Element) -> tuple[str, ...]:
    """The keywords that the metadata of a resource have."""
    words = [
        " ".join(xml.text_in(text).split())[:_TAG].strip()
        for one in resource.iter()
        if plain(one) == "keyword"
        for text in [*[two for two in one if plain(two) in ("string", "langstring")][:1]]
    ]
    return tuple(dict.fromkeys(one for one in words if one))[:_TAGS]


def joined(base: str, address: str) -> str:
    """The member that an address names, seen from another member; empty where it leads elsewhere."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.scheme or parts.netloc:
        return ""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(parts.path).replace("\\", "/")))
    return "" if path.startswith(("..", "/")) else path


def _names_of_pictures(members: list[str]) -> dict[str, str]:
    """Ours by their code, others p1, p2 … in the order of the zip."""
    listed = [one for one in members if _PICTURE.fullmatch(one)]
    stems = {one: posixpath.splitext(posixpath.basename(one))[0] for one in listed}
    return {one: stems[one] if _OURS.fullmatch(stems[one]) else f"p{number}" for number, one in enumerate(listed, 1)}


def _code(identifier: str) -> str:
    """The code of a shared text: the identifier as near as it can be."""
    name = identifiers.name_of(identifier) if identifier.startswith("_") else identifier
    if CODE.fullmatch(name):
        return name[:100]
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:100].strip("-") or "text"


class PackagePictures:
    """The pictures of a package by name; the file stays open until this is let go of."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._stack = ExitStack()
        self._package: Package | None = None
        self._members: dict[str, str] = {}

    def __call__(self, name: str) -> bytes | None:
        """The bytes of a picture, None where there is none. Raises BadFile."""
        if not self._source.is_zip:
            return None
        if self._package is None:
            self._package = self._stack.enter_context(opened(self._source))
            self._members = {called: member for member, called in reversed(list(self._package.pictures.items()))}
        return self._package.archive.read(self._members[name]) if name in self._members else None

    def __del__(self) -> None:
        self._stack.close()


def pictures(source: Source) -> Pictures:
    """The pictures that the texts of :func:`read` name."""
    return PackagePictures(source)
