"""A question as one field of a note: all of it, so that an unedited note comes back without a difference.

Letters and digits only: nothing in it that Anki, or HTML, would take for something else. Whatever comes in that field
may have been made by anybody; it is checked shape by shape.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged

MOST = 2_000_000
"""Bytes of one question. The longest that the site takes has a quarter of a million."""
_TEXTS = ("topics", "tags", "enemies", "contrast")
_TUPLES = {"references": 2, "sources": 2, "constraints": 2, "flaws": 3}


class Damaged(ValueError):
    """The field does not hold a question."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the field holds: the question, the options in the order of the fields, and a digest of each field."""

    question: Exchanged
    slots: tuple[str, ...]
    digests: Mapping[str, str]


def packed(kept: Kept) -> str:
    """The text of the field."""
    one = kept.question
    known = asdict(one.known)
    empty = asdict(Attributes())
    if one.known.verified_on:
        known["verified_on"] = one.known.verified_on.isoformat()
    document = {
        "code": one.code,
        "title": one.title,
        "content": one.content.to_body(),
        "known": {name: value for name, value in known.items() if value != empty[name]},
        "slots": list(kept.slots),
        "digests": dict(kept.digests),
    }
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")


def unpacked(text: str) -> Kept:
    """What :func:`packed` was given. Raises Damaged, and nothing else."""
    try:
        reader = zlib.decompressobj()
        data = reader.decompress(base64.b64decode(text[: 2 * MOST].strip(), validate=True), MOST)
        if reader.unconsumed_tail or not reader.eof:
            raise Damaged
        document = json.loads(data.decode())
        # A lone half of a letter, written as an escape, could be stored nowhere.
        if "\\u0000" in json.dumps(document) or not json.dumps(document, ensure_ascii=False).encode():
            raise Damaged
        return _kept(document)
    except (ValueError, TypeError, KeyError, RecursionError, zlib.error, binascii.Error) as error:
        raise Damaged from error


def _kept(document: Any) -> Kept:
    _must(isinstance(document, dict))
    content = _content(document["content"])
    slots = _texts(document["slots"])
    _must(sorted(slots) == sorted(content.option_ids))
    digests = document["digests"]
    _must(isinstance(digests, dict) and all(isinstance(one, str) for one in digests.values()))
    question = Exchanged(
        code=_text(document["code"]),
        content=content,
        title=_text(document["title"]),
        known=_known(document["known"]),
    )
    return Kept(question, slots, digests)


def _content(body: Any) -> Content:
    _must(isinstance(body, dict) and body["kind"] in KINDS and isinstance(body["options"], list))
    _must(isinstance(body["choose"], int) and not isinstance(body["choose"], bool))
    extra = body.get("extra", {})
    _must(isinstance(extra, dict))
    content = Content(
        kind=_text(body["kind"]),
        stem=_text(body["stem"]),
        choose=body["choose"],
        order=_text(body["order"]),
        options=tuple(_option(one) for one in body["options"]),
        extra=extra,
        scenario=_text(body.get("scenario", "")),
    )
    _must(not KINDS[content.kind].flaws(content))
    return content


def _option(body: Any) -> Option:
    _must(isinstance(body, dict) and isinstance(body["correct"], bool))
    return Option(_text(body["id"]), _text(body["text"]), body["correct"], _text(body["rationale"]))


def _known(body: Any) -> Attributes:
    _must(isinstance(body, dict))
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name in ("task", "level", "scenario"):
            found[name] = _text(value)
        elif name in ("domain", "difficulty"):
            _must(isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 5)
            found[name] = value
        elif name == "verified_on":
            found[name] = date.fromisoformat(_text(value))
        elif name in _TEXTS:
            found[name] = _texts(value)
        else:
            rows = _list(value)
            _must(all(len(_list(row)) == _TUPLES[name] for row in rows))
            found[name] = tuple(_texts(row) for row in rows)
    return Attributes(**found)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_text(one) for one in _list(value))


def _list(value: Any) -> list[Any]:
    _must(isinstance(value, list))
    return list(value)


def _text(value: Any) -> str:
    _must(isinstance(value, str))
    return str(value)


def _must(holds: bool) -> None:
    if not holds:
        raise Damaged
