"""A folder of notes -> pages: read, rendered, and checked against each other and the outline of the course."""

from .front_matter import FrontMatter, Source
from .read import RESERVED, SourceFile, read_notes, scan
from .tree import BEYOND, ContentError, ContentErrors, NotesTree, Page

__all__ = [
    "BEYOND",
    "RESERVED",
    "ContentError",
    "ContentErrors",
    "FrontMatter",
    "NotesTree",
    "Page",
    "Source",
    "SourceFile",
    "read_notes",
    "scan",
]
