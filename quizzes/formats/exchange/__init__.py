"""Questions on their way between this site and other systems: one value, one account of losses, one file a format."""

from quizzes.formats.exchange.model import (
    ASPECTS,
    BadFile,
    Exchanged,
    Fate,
    Format,
    Note,
    Pictures,
    ReadItem,
    Severity,
)
from quizzes.formats.exchange.source import Source

__all__ = [
    "ASPECTS",
    "BadFile",
    "Exchanged",
    "Fate",
    "Format",
    "Note",
    "Pictures",
    "ReadItem",
    "Severity",
    "Source",
]
