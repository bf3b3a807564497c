"""The columns of the template for spreadsheets, and a question as a row of them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.projection import with_plain_ids
from quizzes.formats.native import LEVELS, TASKS

MOST_OPTIONS = 12
PLAIN = ("id", "title", "type", "choose", "order", "stem", "scenario")
OPTION = ("", "_correct", "_why", "_match")
TYPED = ("answers", "why")
LATER = ("tags", "topics", "task", "domain", "level", "difficulty", "licence")
COLUMNS = (
    *PLAIN,
    *(f"opt{number}{part}" for number in range(1, MOST_OPTIONS + 1) for part in OPTION),
    *TYPED,
    "more",
    *LATER,
)
"""``optN_match`` is the target of a prompt; ``answers`` what may be typed, one a line, or the number; ``more`` the rest
of what a kind knows, as ``name=value`` lines: tolerance, percent, unit, case, spaces, and target for one that is right
for nothing."""
_YES = {"1", "x", "yes", "true", "y", "correct", "right", "✓"}
_NO = {"", "0", "no", "false", "n", "wrong", "incorrect"}
_FLAGS = ("percent", "case")
Row = Mapping[str, str]


class WrongRow(ValueError):
    """Why a row is no question, and what to do."""


def projected(question: Exchanged) -> Exchanged:
    """What a row can hold of a question."""
    plain = with_plain_ids(question)
    content, known = plain.content, plain.known
    return replace(
        plain,
        content=replace(content, extra=_ordered(content)),
        known=Attributes(
            task=known.task,
            domain=known.domain,
            level=known.level,
            difficulty=known.difficulty,
            topics=tuple(dict.fromkeys(one.replace(";", ",").strip() for one in known.topics)),
            tags=tuple(dict.fromkeys(one.replace(";", ",").strip() for one in known.tags)),
        ),
        status="draft",
        flags=(),
        reviewed=(),
    )


def _ordered(content: Content) -> Mapping[str, Any]:
    """Targets in the order of the prompts that they belong to, then those that belong to none."""
    extra = dict(content.extra)
    if "accepted" in extra:
        extra["accepted"] = [one.strip() for one in extra["accepted"]]
    if "targets" not in extra:
        return extra
    texts = {one["id"]: one["text"] for one in extra["targets"]}
    used = list(dict.fromkeys(extra["pairs"][one] for one in content.option_ids))
    order = [*used, *(one for one in texts if one not in used)]
    names = {one: str(number) for number, one in enumerate(order, 1)}
    targets = [{"id": names[one], "text": texts[one]} for one in order]
    pairs = {prompt: names[extra["pairs"][prompt]] for prompt in content.option_ids}
    return {"targets": targets, "pairs": pairs}


def row_of(question: Exchanged) -> dict[str, str]:
    """The cells of a projected question by column; those that are empty are left out."""
    content, known, extra = question.content, question.known, question.content.extra
    cells = {
        "id": question.code,
        "title": question.title,
        "type": content.kind,
        "choose": str(content.choose),
        "order": content.order,
        "stem": content.stem,
        "scenario": content.scenario,
        "answers": "\n".join(extra.get("accepted", ())) or str(extra.get("answer", "")),
        "why": str(extra.get("rationale", "")),
        "more": "\n".join(_more(content)),
        "tags": "; ".join(known.tags),
        "topics": "; ".join(known.topics),
        "task": known.task,
        "domain": str(known.domain or ""),
        "level": known.level,
        "difficulty": str(known.difficulty or ""),
        "licence": question.licence,
    }
    targets = {one["id"]: one["text"] for one in extra.get("targets", ())}
    for number, option in enumerate(content.options, 1):
        cells[f"opt{number}"] = option.text
        cells[f"opt{number}_correct"] = "yes" if option.correct else "no"
        cells[f"opt{number}_why"] = option.rationale
        cells[f"opt{number}_match"] = targets.get(extra.get("pairs", {}).get(option.id, ""), "")
    return {name: text for name, text in cells.items() if text}


def _more(content: Content) -> Iterator[str]:
    for name in ("tolerance", "percent", "unit", "case", "spaces"):
        if name in content.extra:
            value = content.extra[name]
            yield f"{name}={json.dumps(value) if isinstance(value, bool) else value}"
    used = set(content.extra.get("pairs", {}).values())
    for one in content.extra.get("targets", ()):
        if one["id"] not in used:
            yield f"target={json.dumps(one['text'], ensure_ascii=False)}"


def question_of(row: Row) -> Exchanged:
    """The question in a row. Raises WrongRow."""
    cells = {name: text.strip() for name, text in row.items()}
    options = tuple(_options(cells))
    kind = _kind(cells, options)
    shape = KINDS[kind]
    if shape.whole:
        options = tuple(replace(one, correct=True) for one in options)
    if shape.preset:
        options = _preset(options, shape.preset)
    if not cells.get("stem"):
        raise WrongRow("the cell “stem” is empty: write the question")
    content = Content(
        kind,
        cells["stem"],
        _number(cells, "choose", 12) or shape.asked(options),
        cells.get("order", "").casefold() or shape.orders[0],
        options,
        _extra(kind, cells, options),
        cells.get("scenario", ""),
    )
    if flaws := shape.flaws(content):
        raise WrongRow("; ".join(flaws))
    return Exchanged(
        cells.get("id", ""), content, cells.get("title", ""), _known(cells), licence=cells.get("licence", "")
    )


def _options(cells: Row) -> Iterator[Option]:
    ids = iter("abcdefghijkl")
    for number in range(1, MOST_OPTIONS + 1):
        name = f"opt{number}"
        mark = cells.get(f"{name}_correct", "").casefold()
        if mark not in _YES | _NO:
            raise WrongRow(f"the cell “{name}_correct” has “{mark[:40]}”: write yes or no")
        text, why = cells.get(name, ""), cells.get(f"{name}_why", "")
        if text:
            yield Option(next(ids), text, mark in _YES, why)
        elif why or mark in _YES:
            raise WrongRow(f"the cell “{name}” is empty, but what belongs to it is not: write the option")


def _kind(cells: Row, options: tuple[Option, ...]) -> str:
    given = re.sub(r"[\s/-]+", "_", cells.get("type", "").casefold())
    if given in KINDS:
        return given
    if given:
        raise WrongRow(f"the type “{given[:60]}” is not known: one of {', '.join(KINDS)}")
    return "multiple_response" if sum(one.correct for one in options) > 1 else "multiple_choice"


def _preset(options: tuple[Option, ...], preset: tuple[tuple[str, str], ...]) -> tuple[Option, ...]:
    if [one.text.casefold() for one in options] != [text.casefold() for _, text in preset]:
        raise WrongRow("a true_false question has the options True and False, in this order")
    return tuple(replace(one, id=code, text=text) for one, (code, text) in zip(options, preset, strict=True))


def _extra(kind: str, cells: Row, options: tuple[Option, ...]) -> dict[str, Any]:
    more = [tuple(line.partition("=")[::2]) for line in cells.get("more", "").splitlines() if line.strip()]
    extra: dict[str, Any] = {}
    answers = [line.strip() for line in cells.get("answers", "").splitlines() if line.strip()]
    if kind == "numeric":
        extra["answer"] = " ".join(answers)
    elif kind == "short_text":
        extra["accepted"] = answers
    elif kind == "matching":
        return _matching(cells, options, [_unquoted(value) for name, value in more if name.strip() == "target"])
    for name, value in more:
        key = name.strip()
        extra[key] = value.strip().casefold() in _YES if key in _FLAGS else value.strip()
    return extra | ({"rationale": cells["why"]} if cells.get("why") and kind in ("numeric", "short_text") else {})


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except (ValueError, RecursionError):
        return text.strip()


def _matching(cells: Row, options: tuple[Option, ...], others: list[str]) -> dict[str, Any]:
    numbers = [number for number in range(1, MOST_OPTIONS + 1) if cells.get(f"opt{number}")]
    texts = [cells.get(f"opt{number}_match", "") for number in numbers]
    if "" in texts:
        raise WrongRow(f"the cell “opt{numbers[texts.index('')]}_match” is empty: write the target of this prompt")
    ids = {text: str(number) for number, text in enumerate(dict.fromkeys([*texts, *others]), 1)}
    pairs = {one.id: ids[text] for one, text in zip(options, texts, strict=True)}
    return {"targets": [{"id": code, "text": text} for text, code in ids.items()], "pairs": pairs}


def _known(cells: Row) -> Attributes:
    return Attributes(
        task=_one_of(cells, "task", sorted(TASKS)),
        domain=_number(cells, "domain", 5),
        level=_one_of(cells, "level", LEVELS),
        difficulty=_number(cells, "difficulty", 5),
        topics=_listed(cells, "topics"),
        tags=_listed(cells, "tags"),
    )


def _listed(cells: Row, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in cells.get(name, "").split(";") if one.strip()))


def _one_of(cells: Row, name: str, values: tuple[str, ...] | list[str]) -> str:
    text = cells.get(name, "")
    if text and text not in values:
        raise WrongRow(f"the cell “{name}” has “{text[:40]}”: one of {', '.join(values)}")
    return text


def _number(cells: Row, name: str, most: int) -> int | None:
    text = cells.get(name, "").removesuffix(".0")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 3 and 1 <= int(text) <= most):
        raise WrongRow(f"the cell “{name}” has “{text[:40]}”: a whole number from 1 to {most}")
    return int(text)
