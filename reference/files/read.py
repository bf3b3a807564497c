"""From the disk to pages."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path

from ..markup import RENDERER_VERSION, TOPIC_NAME, LinkFor, MarkupError, RenderedNote, note_address, render_note
from ..outline import Outline
from .checks import check_pages
from .front_matter import FrontMatter, Problems, parse_front_matter, split_front_matter
from .tree import BEYOND, ContentError, ContentErrors, NotesTree, Page

RESERVED = ("glossary", "changes", "tasks", "mine")

_FOLDER = re.compile(r"\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*")
_PICTURE = re.compile(r"(?m)^ +file: *[\"']?([a-z0-9-]+)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A note as it lies there. Equal digests mean equal pages: text, pictures and renderer are in it."""

    path: Path
    slug: str
    digest: str
    text: str


def scan(root: Path, diagrams_root: Path) -> list[SourceFile]:
    """The notes below `root`, sorted by path, unparsed: cheap enough to ask whether anything changed.

    Raises ContentErrors for files in the wrong place, with a refused name or not in UTF-8.
    """
    files, errors = _scan(root, diagrams_root)
    if errors:
        raise ContentErrors(errors)
    return files


def read_notes(root: Path, diagrams_root: Path, outline: Outline, *, link_for: LinkFor = note_address) -> NotesTree:
    """Read, render and cross-check every note below `root`, with pictures from `diagrams_root`.

    Raises ContentErrors with every mistake in every file.
    """
    files, errors = _scan(root, diagrams_root)
    diagrams = {path.stem: path.read_text("utf-8", "replace") for path in sorted(diagrams_root.glob("*.svg"))}
    pages, unreadable = [], set()
    for file in files:
        page, problems = _page(file, root, diagrams, link_for)
        errors += [ContentError(str(file.path), line, message) for line, message in problems]
        if page:
            pages.append(page)
        else:
            unreadable.add(file.slug)
    position = {slug: place for place, slug in enumerate([*outline.lesson, *BEYOND])}
    pages.sort(key=lambda page: (position.get(page.lesson, len(position)), page.order, page.slug))
    tree = NotesTree(tuple(pages))
    for page, line, message in check_pages(tree, outline, unreadable):
        errors.append(ContentError(str(root / page.path), line, message))
    if errors:
        raise ContentErrors(errors)
    return tree


def _scan(root: Path, diagrams_root: Path) -> tuple[list[SourceFile], list[ContentError]]:
    errors: list[ContentError] = []
    files: dict[str, SourceFile] = {}
    for path in sorted(root.rglob("*.md")):
        data = path.read_bytes()
        refusals = list(_refusals(path.relative_to(root)))
        if path.stem in files:
            refusals.append(f"{files[path.stem].path} has the same name: rename one")
        errors += [ContentError(str(path), 1, message) for message in refusals]
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            errors.append(ContentError(str(path), data.count(b"\n", 0, error.start) + 1, "save this file as UTF-8"))
            continue
        files.setdefault(path.stem, SourceFile(path, path.stem, _digest(data, text, diagrams_root), text))
    return list(files.values()), errors


def _refusals(path: Path) -> Iterator[str]:
    if len(path.parts) != 2 or not _FOLDER.fullmatch(path.parts[0]):
        yield "a note lies right in a folder such as 02-networking, below the folder of notes"
    if not TOPIC_NAME.fullmatch(path.stem):
        yield "a note’s name is lower-case letters, digits and single hyphens: rename the file"
    if path.stem in RESERVED:
        yield f"“{path.stem}” is taken by another page of the site: rename the file"


def _digest(data: bytes, text: str, diagrams_root: Path) -> str:
    parts = [str(RENDERER_VERSION).encode(), data]
    for name in sorted(set(_PICTURE.findall(text))):
        picture = diagrams_root / f"{name}.svg"
        parts.append(picture.read_bytes() if picture.is_file() else b"")
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def _page(file: SourceFile, root: Path, diagrams: Mapping[str, str], link_for: LinkFor) -> tuple[Page | None, Problems]:
    """The page, or None with what keeps it from being one."""
    parts = split_front_matter(file.text)
    if parts is None:
        return None, [(1, "a note starts with its front matter between two lines ---")]
    head, body, first_line = parts
    front, problems = parse_front_matter(head)
    rendered: RenderedNote | None = None
    try:
        rendered = render_note(
            body,
            topic=file.slug,
            diagrams=diagrams,
            link_for=link_for,
            first_line=first_line,
            anchor_aliases=front.anchor_aliases if front else None,
        )
    except MarkupError as error:
        problems += error.problems
    if front is None or rendered is None:
        return None, problems
    own = {field.name: getattr(front, field.name) for field in fields(FrontMatter)}
    path = file.path.relative_to(root).as_posix()
    return Page(**own, slug=file.slug, path=path, rendered=rendered, digest=file.digest), problems
