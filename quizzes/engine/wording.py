"""The words of a question, wherever they stand in it, for searching and comparing. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """What is asked, what is offered, and why."""

    stem: str
    options: str
    rationales: str


def wording_of(fields: Mapping[str, Any]) -> Wording:
    """The words of a version’s body or of a draft. A draft may hold anything: what is no text is passed over."""
    options = [one for one in _list(fields.get("options")) if isinstance(one, Mapping)]
    offered = [*(_text(one.get("text")) for one in options), *_texts(fields.get("extra"))]
    return Wording(
        stem=_joined([_text(fields.get("scenario_text") or fields.get("scenario")), _text(fields.get("stem"))]),
        options=_joined(offered),
        rationales=_joined(_text(one.get("rationale")) for one in options),
    )


def _joined(parts: Any) -> str:
    return "\n".join(part for part in parts if part)


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _texts(value: Any) -> Iterator[str]:
    """Every text within plain data; the names of fields are none."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one)
