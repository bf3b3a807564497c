"""A question as it stands in the editor: fields by name, whatever of them is there, read with every mistake named.

The fields are those of the bank’s files (docs/authoring.md); an author of the site needs fewer of them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS, Kind
from quizzes.engine.losses import FALSE_MECHANISM
from quizzes.engine.writing import Item, ItemOption, Source
from quizzes.formats.native import CODE, LEVELS, REFERENCE, TASKS

STEM_BYTES = 20_000
OPTION_BYTES = 5_000
MOST_OPTIONS = 12
Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that keeps a draft from becoming a version: the field it stands in, and what to do."""

    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Attributes:
    """What is known of a question beside its text."""

    task: str = ""
    domain: int | None = None
    level: str = ""
    difficulty: int | None = None
    topics: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    verified_on: date | None = None
    constraints: tuple[tuple[str, str], ...] = ()
    flaws: tuple[tuple[str, str, str], ...] = ()
    tags: tuple[str, ...] = ()
    enemies: tuple[str, ...] = ()
    contrast: tuple[str, ...] = ()
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class ReadDraft:
    """A draft with what is wrong with it; the content can be shown even then."""

    content: Content
    attributes: Attributes
    mistakes: tuple[Mistake, ...] = field(default_factory=tuple)


def read_draft(data: Data, scenarios: Mapping[str, str]) -> ReadDraft:
    """What the fields say. ``scenarios``: the texts that this author may use, by code. Never raises."""
    content = _content(data, scenarios)
    mistakes = [*_text_mistakes(data, content), *_attribute_mistakes(data, content, scenarios)]
    return ReadDraft(content, _attributes(data), tuple(mistakes))


def _content(data: Data, scenarios: Mapping[str, str]) -> Content:
    kind = _text(data, "kind") if _text(data, "kind") in KINDS else "multiple_choice"
    shape = KINDS[kind]
    rows = [] if shape.control == "typed" else _rows(data, "options")
    options = tuple(
        Option(_text(one, "id"), _text(one, "text"), shape.whole or bool(one.get("correct")), _text(one, "rationale"))
        for one in rows
    )
    order = _text(data, "order")
    return Content(
        kind=kind,
        stem=_text(data, "stem"),
        choose=shape.asked(options),
        order=order if order in shape.orders else shape.orders[0],
        options=options,
        extra=_extra(data, shape),
        scenario=scenarios.get(_text(data, "scenario"), "").strip(),
    )


def _extra(data: Data, kind: Kind) -> dict[str, Any]:
    """Only what this kind uses, and nothing that is empty."""
    given = data.get("extra")
    if not isinstance(given, Mapping):
        return {}
    return {name: given[name] for name in kind.extras if given.get(name) not in (None, "", [], {}, False)}


def _text_mistakes(data: Data, content: Content) -> Iterator[Mistake]:
    if not content.stem:
        yield Mistake("stem", "Write the question.")
    if (size := len(content.stem.encode())) > STEM_BYTES:
        yield Mistake("stem", f"The stem has {size:,} bytes; at most {STEM_BYTES:,} are taken. Shorten it.")
    for number, option in enumerate(content.options):
        if not option.text:
            yield Mistake(f"options-{number}-text", "Write this option, or remove it.")
        for name, text in (("text", option.text), ("rationale", option.rationale)):
            if (size := len(text.encode())) > OPTION_BYTES:
                advice = f"This text has {size:,} bytes; at most {OPTION_BYTES:,} are taken. Shorten it."
                yield Mistake(f"options-{number}-{name}", advice)
    place = "extra" if KINDS[content.kind].control == "typed" else "options"
    for flaw in KINDS[content.kind].flaws(content):
        yield Mistake(place, f"{flaw[:1].upper()}{flaw[1:]}.")
    if _text(data, "kind") not in KINDS:
        yield Mistake("kind", "Choose one of the kinds.")


def _attribute_mistakes(data: Data, content: Content, scenarios: Mapping[str, str]) -> Iterator[Mistake]:
    ids = {FALSE_MECHANISM, ""}
    for number, one in enumerate(_rows(data, "constraints")):
        text = _text(one, "text")
        ids.add(_text(one, "id"))
        count = content.stem.count(text) if text else 0
        if count != 1:
            words = "does not stand in the stem word for word" if count == 0 else f"stands {count} times in the stem"
            yield Mistake(f"constraints-{number}-text", f"This {words}: copy it from there, or make it longer.")
    for number, one in enumerate(_rows(data, "options")):
        if _text(one, "breaks") not in ids:
            yield Mistake(f"options-{number}-breaks", "This requirement is gone: choose another, or none.")
    if _text(data, "scenario") and _text(data, "scenario") not in scenarios:
        yield Mistake("scenario", "There is no such shared text of yours: choose one from the list, or none.")
    if _text(data, "verified_on") and _date(data) is None:
        yield Mistake("verified_on", "Write a date such as 2026-11-28.")
    for title, url in _pairs(data, "sources", "title", "url"):
        if not url.startswith("https://") or not title:
            yield Mistake(
                "sources", f"“{(title or url)[:40]}”: write a title, a bar and an address that begins with https://"
            )
    for field_name in ("enemies", "contrast"):
        for name in _texts(data, field_name):
            if not CODE.fullmatch(name):
                yield Mistake(field_name, f"“{name[:60]}” is no code of a question: copy it from the list.")
    for name in _texts(data, "references"):
        if not REFERENCE.fullmatch(name):
            yield Mistake("references", f"“{name[:60]}” is no statement: write topic^anchor, as the search gives it.")


def _attributes(data: Data) -> Attributes:
    found = [REFERENCE.fullmatch(name) for name in _texts(data, "references")]
    return Attributes(
        task=_text(data, "task") if _text(data, "task") in TASKS else "",
        domain=_number(data, "domain"),
        level=_text(data, "level") if _text(data, "level") in LEVELS else "",
        difficulty=_number(data, "difficulty"),
        topics=tuple(dict.fromkeys(one for one in _texts(data, "topics") if CODE.fullmatch(one))),
        references=tuple(dict.fromkeys((one[1], one[2]) for one in found if one)),
        sources=tuple(_pairs(data, "sources", "title", "url")),
        verified_on=_date(data),
        constraints=tuple((_text(one, "id"), _text(one, "text")) for one in _rows(data, "constraints")),
        flaws=tuple(
            (_text(one, "id"), _text(one, "breaks"), _text(one, "family"))
            for one in _rows(data, "options")
            if not one.get("correct") and (_text(one, "breaks") or _text(one, "family"))
        ),
        tags=tuple(dict.fromkeys(one[:40] for one in _texts(data, "tags")))[:20],
        enemies=tuple(dict.fromkeys(one for one in _texts(data, "enemies") if CODE.fullmatch(one))),
        contrast=tuple(dict.fromkeys(one for one in _texts(data, "contrast") if CODE.fullmatch(one))),
        scenario=_text(data, "scenario"),
    )


def item_of(code: str, draft: ReadDraft, today: date) -> Item:
    """The question as the checks see it; what an author of the site may leave out is taken for good."""
    known, content = draft.attributes, draft.content
    flaws = {option: (breaks or None, family or None) for option, breaks, family in known.flaws}
    return Item(
        id=code,
        kind=content.kind,
        stem=content.stem,
        options=tuple(
            ItemOption(one.id, one.text, one.correct, one.rationale, *flaws.get(one.id, (None, None)))
            for one in content.options
        ),
        choose=content.choose,
        level=known.level or "apply",
        task=known.task or "1.1",
        domain=known.domain or 1,
        verified_on=known.verified_on or today,
        order=content.order,
        difficulty=known.difficulty or 3,
        constraints=dict(known.constraints),
        topics=known.topics,
        references=tuple(f"{topic}^{anchor}" for topic, anchor in known.references),
        sources=tuple(Source(title, url) for title, url in known.sources),
    )


def _text(data: Data, name: str) -> str:
    value = data.get(name, "")
    return str(value).replace("\r\n", "\n").replace("\0", "").strip() if value is not None else ""


def _texts(data: Data, name: str) -> list[str]:
    value = data.get(name)
    return [str(one).strip() for one in value if str(one).strip()] if isinstance(value, list | tuple) else []


def _rows(data: Data, name: str) -> list[Data]:
    value = data.get(name)
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def _pairs(data: Data, name: str, first: str, second: str) -> list[tuple[str, str]]:
    return [(_text(one, first), _text(one, second)) for one in _rows(data, name)]


def _number(data: Data, name: str) -> int | None:
    text = _text(data, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) == 1 and 1 <= int(text) <= 5 else None


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def _date(data: Data) -> date | None:
    text = _text(data, "verified_on")
    try:
        return date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        return None
