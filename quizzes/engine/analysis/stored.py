"""Figures as plain data for a JSON column, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from quizzes.engine.analysis.model import Analysis, Item, OptionRow, Summary


def to_json(found: Analysis) -> dict[str, Any]:
    """The figures as plain data; nothing is rounded."""
    return {"summary": asdict(found.summary), "items": [asdict(item) for item in found.items]}


def from_json(stored: Mapping[str, Any]) -> Analysis:
    """What :func:`to_json` gave, after JSON had made lists of its tuples."""
    summary = {**stored["summary"], "histogram": tuple(stored["summary"]["histogram"])}
    return Analysis(Summary(**summary), tuple(_item(one) for one in stored["items"]))


def _item(stored: Mapping[str, Any]) -> Item:
    quartiles = stored["quartiles"]
    return Item(
        **{
            **stored,
            "quartiles": (quartiles[0], quartiles[1], quartiles[2]) if quartiles else None,
            "options": tuple(OptionRow(**one) for one in stored["options"]),
        }
    )
