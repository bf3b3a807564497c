"""What a package holds: the files with questions, the banks they draw from, and the pictures."""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.archive import Archive
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.xml import children, elements, root_of

MANIFEST = "imsmanifest.xml"
_QUIZ = re.compile(r"imsqti_xmlv1p[12]\b", re.I)
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|webp|svg|bmp)$", re.I)
_NAME = re.compile(r"[a-z0-9x-]{1,40}")
_BASE = re.compile(r"^(?:\$IMS[-_]CC[-_]FILEBASE\$|\$CANVAS_\w+\$/file_contents/course files)/*", re.I)
_CANVAS_FOLDER = "non_cc_assessments/"
_CANVAS_SUFFIX = ".xml.qti"
MOST_RESOURCES = 20_000


@dataclass(frozen=True)
class Document:
    """A file with questions: its name in the package, and its identifier in the manifest."""

    member: str
    identifier: str
    is_bank: bool = False


@dataclass(frozen=True)
class Package:
    """What is in a package. ``pictures``: name in texts → member. ``has_more``: it holds other things than quizzes.

    ``missing``: quizzes that the manifest names and that are not there.
    """

    documents: tuple[Document, ...] = ()
    pictures: Mapping[str, str] = field(default_factory=dict)
    has_more: bool = False
    missing: tuple[str, ...] = ()

    @property
    def identifiers(self) -> set[str]:
        """The names by which quizzes refer to banks of the package."""
        return {one.identifier for one in self.documents}


@dataclass(frozen=True)
class Place:
    """Where a text stands: addresses of pictures are meant from there."""

    member: str
    names: Mapping[str, str]
    """Member → name of a picture in texts."""

    def picture(self, address: str) -> str | None:
        """The name of a picture by its address in HTML; None where it is not in the package."""
        path = unquote(address.partition("?")[0].partition("#")[0])
        if not self.names or "://" in path or path.startswith("data:"):
            return None
        based = _BASE.sub("", path)
        near = posixpath.join(posixpath.dirname(self.member), path)
        candidates = [based, f"web_resources/{based}", near] if based != path else [near, path, f"web_resources/{path}"]
        for one in candidates:
            name = self.names.get(posixpath.normpath(one).lstrip("./"))
            if name is not None:
                return name
        return None


def package_of(archive: Archive) -> Package:
    """What the manifest says, or what the files are where there is none. Raises BadFile."""
    pictures = _pictures(archive)
    manifest = next((one for one in archive.names if posixpath.basename(one) == MANIFEST), None)
    if manifest is None:
        found = tuple(Document(one, _identifier(one)) for one in archive.names if _is_quiz(archive, one))
        return Package(found, pictures)
    return _from_manifest(archive, manifest, pictures)


def _from_manifest(archive: Archive, manifest: str, pictures: Mapping[str, str]) -> Package:
    folder = posixpath.dirname(manifest)
    documents: dict[str, Document] = {}
    missing: list[str] = []
    more = False
    for resource, number in _resources(archive, manifest):
        if number > MOST_RESOURCES:
            raise BadFile(f"it names more than {MOST_RESOURCES:,} resources: export the quizzes alone", manifest)
        kind, hrefs = resource.get("type", ""), _hrefs(resource, folder)
        if not _QUIZ.match(kind):
            more = more or not _belongs_to_a_quiz(hrefs)
            continue
        identifier = resource.get("identifier", "")
        member = _fullest(archive, identifier, [one for one in hrefs if one in archive])
        if member is None:
            missing.append(identifier)
            continue
        documents[member] = Document(member, identifier, kind.casefold().endswith("question-bank"))
    for name in archive.names:
        if _CANVAS_FOLDER in name and name.endswith(_CANVAS_SUFFIX) and name not in documents:
            documents[name] = Document(name, _identifier(name), is_bank=True)
    return Package(tuple(documents.values()), pictures, more, tuple(missing))


def _resources(archive: Archive, manifest: str) -> Iterator[tuple[Element, int]]:
    with archive.open(manifest) as stream:
        yield from elements(stream, frozenset({"resource"}), manifest)


def _hrefs(resource: Element, folder: str) -> list[str]:
    """The files of a resource, from the root of the package."""
    base = resource.get("{http://www.w3.org/XML/1998/namespace}base", "")
    named = [resource.get("href"), *(one.get("href") for one in children(resource, "file"))]
    # A resource with files without end is none of a quiz.
    del named[MOST_RESOURCES:]
    return [posixpath.normpath(posixpath.join(folder, base, unquote(one))) for one in named if one]


def _fullest(archive: Archive, identifier: str, members: list[str]) -> str | None:
    """Canvas writes each quiz twice in a course: as the cartridge allows it, and whole."""
    whole = f"{_CANVAS_FOLDER}{identifier}{_CANVAS_SUFFIX}"
    if whole in archive:
        return whole
    likely = [one for one in members if one.endswith((".xml", ".qti")) and not one.endswith("assessment_meta.xml")]
    return next(iter(likely or members), None)


def _belongs_to_a_quiz(hrefs: list[str]) -> bool:
    return all(
        one.endswith(("assessment_meta.xml", _CANVAS_SUFFIX)) or _PICTURE.search(one) is not None for one in hrefs
    )


def _is_quiz(archive: Archive, name: str) -> bool:
    if not name.endswith((".xml", ".qti")):
        return False
    with archive.open(name) as stream:
        return root_of(stream)[0] == "questestinterop"


def _identifier(member: str) -> str:
    return posixpath.basename(member).removesuffix(".qti").removesuffix(".xml")


def _pictures(archive: Archive) -> Mapping[str, str]:
    """Names for the pictures: their own where texts can use it, else p1, p2 …"""
    found: dict[str, str] = {}
    number = 0
    members = [one for one in archive.names if _PICTURE.search(one)]
    own = [_PICTURE.sub("", posixpath.basename(one)) for one in members]
    taken = set(own)
    for member, name in zip(members, own, strict=True):
        if not _NAME.fullmatch(name) or name in found:
            number += 1
            while f"p{number}" in taken:
                number += 1
            name = f"p{number}"
        found[name] = member
    return found
