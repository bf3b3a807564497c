"""The pages of the notes, one file a noun."""

from .notes import index, topic
from .register import changes, glossary
from .search import search

__all__ = ["changes", "glossary", "index", "search", "topic"]
