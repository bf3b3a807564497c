"""What the answers say about the questions: classical item analysis over finished attempts."""

from quizzes.engine.analysis.flags import Flag, Thresholds, flags_of
from quizzes.engine.analysis.items import analyse
from quizzes.engine.analysis.model import (
    FEW,
    TOO_FEW,
    Analysis,
    Column,
    Item,
    OptionRow,
    Sheet,
    Summary,
    Trust,
    trust,
)
from quizzes.engine.analysis.stored import from_json, to_json

__all__ = [
    "FEW",
    "TOO_FEW",
    "Analysis",
    "Column",
    "Flag",
    "Item",
    "OptionRow",
    "Sheet",
    "Summary",
    "Thresholds",
    "Trust",
    "analyse",
    "flags_of",
    "from_json",
    "to_json",
    "trust",
]
