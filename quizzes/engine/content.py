"""What a question says: the value every format, kind and loader speaks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its stable id, its text and rationale (Markdown), and whether it is part of the key."""

    id: str
    text: str
    correct: bool
    rationale: str

    def to_body(self) -> dict[str, Any]:
        """The option as plain data."""
        return {"id": self.id, "text": self.text, "correct": self.correct, "rationale": self.rationale}


@dataclass(frozen=True, slots=True)
class Content:
    """The text of one question version.

    ``choose`` is how many options the key holds, ``order`` is ``shuffle`` or ``fixed``. ``extra`` is what only the
    kind knows: targets, accepted answers, a tolerance; plain data. ``scenario`` is the text that this question shares
    with others, a copy (Markdown).
    """

    kind: str
    stem: str
    choose: int
    order: str
    options: tuple[Option, ...]
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)
    scenario: str = ""

    @property
    def option_ids(self) -> tuple[str, ...]:
        """The ids in the author's order."""
        return tuple(option.id for option in self.options)

    @property
    def keys(self) -> frozenset[str]:
        """The ids of the correct options."""
        return frozenset(option.id for option in self.options if option.correct)

    @property
    def digest(self) -> str:
        """What makes a version: SHA-256 over kind, stem, choose, order and options, in hexadecimal."""
        source = json.dumps(self.to_body(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(source.encode()).hexdigest()

    def to_body(self) -> dict[str, Any]:
        """The content as plain data for a JSON column.

        A field that comes later is left out while it is empty, or every version's digest would change.
        """
        body = {
            "kind": self.kind,
            "stem": self.stem,
            "choose": self.choose,
            "order": self.order,
            "options": [option.to_body() for option in self.options],
        }
        later = {"extra": dict(self.extra), "scenario": self.scenario}
        return body | {name: value for name, value in later.items() if value}

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> Self:
        """The content that :meth:`to_body` gave."""
        options = tuple(Option(**option) for option in body["options"])
        later = {name: body[name] for name in ("extra", "scenario") if name in body}
        return cls(body["kind"], body["stem"], body["choose"], body["order"], options, **later)
