"""What GIFT leaves of a question."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.engine.kinds.numeric import number_in
from quizzes.formats.exchange.gift.entry import LONGEST_NAME
from quizzes.formats.exchange.gift.reading import MOST_TAGS
from quizzes.formats.exchange.gift.signs import tidy
from quizzes.formats.exchange.gift.typed import different, number_text, tolerance_of
from quizzes.formats.exchange.gift.weights import nth_part
from quizzes.formats.exchange.model import Exchanged, Fate, Note, Severity
from quizzes.formats.exchange.plain import PICTURE, flat, is_plain, literal, one_line, without_pictures
from quizzes.formats.exchange.projection import with_plain_ids, with_scenario_in_stem, without

_LOST = ("topics", "exam", "constraints", "references", "sources", "relations", "status", "scenario")
_NOT_IN_TAGS = re.compile(r"[<>`\\]")
Notes = list[Note]


def projected(question: Exchanged, fates: Mapping[str, Fate]) -> tuple[Exchanged | None, Notes]:
    """What reading gives after writing, and the account; None where GIFT has no place for the question."""
    kind = question.content.kind
    if kind not in _KINDS:
        words = f"GIFT has no place for this kind of question ({kind.replace('_', ' ')}), so it is left out."
        return None, [Note("kind", Severity.LOST, words)]
    notes: Notes = []
    if question.content.scenario:
        notes.append(Note("scenario", Severity.CHANGED, fates["scenario"].words))
    plain, lost = without(with_scenario_in_stem(question), _LOST, fates)
    notes += lost
    content = _KINDS[kind](_tidied(plain.content, notes, fates), notes)
    if content is None:
        return None, notes
    if content.order != _order(content.kind):
        notes.append(Note("order", Severity.LOST, fates["order"].words))
        content = replace(content, order=_order(content.kind))
    named = with_plain_ids(replace(plain, content=content))
    if named.content.option_ids != content.option_ids:
        notes.append(Note("ids", Severity.CHANGED, fates["ids"].words))
    if flaws := KINDS[kind].flaws(named.content):
        return None, [*notes, Note("kind", Severity.LOST, f"What GIFT would leave cannot be asked: {flaws[0]}.")]
    return _named(named, notes), notes


def _order(kind: str) -> str:
    return KINDS[kind].orders[0]


def _named(question: Exchanged, notes: Notes) -> Exchanged:
    """Code, title and tags as they fit into a line."""
    title = one_line(question.title)[:LONGEST_NAME].strip()
    code = one_line(question.code).rstrip("\\ ")
    tags = tuple(dict.fromkeys(filter(None, map(_tag, question.known.tags))))[:MOST_TAGS]
    for aspect, old, new in (
        ("title", question.title, title),
        ("id", question.code, code),
        ("tags", question.known.tags, tags),
    ):
        if old != new:
            notes.append(Note(aspect, Severity.CHANGED, f"The {aspect} was brought into the shape that GIFT can hold."))
    return replace(question, title=title, code=code, known=replace(question.known, tags=tags))


def _tag(text: str) -> str:
    return _NOT_IN_TAGS.sub("", one_line(text))[:40].strip()


def _tidied(content: Content, notes: Notes, fates: Mapping[str, Fate]) -> Content:
    """All texts without pictures, and as they come back."""
    extra = dict(content.extra)
    texts = [content.stem, extra.get("rationale", "")]
    texts += [text for one in content.options for text in (one.text, one.rationale)]
    texts += [one["text"] for one in extra.get("targets", ())]
    if any(PICTURE.search(text) for text in texts):
        notes.append(Note("pictures", Severity.LOST, fates["pictures"].words))
    if "rationale" in extra:
        extra["rationale"] = _clean(extra["rationale"])
        extra = {name: value for name, value in extra.items() if name != "rationale" or value}
    options = tuple(replace(one, text=_clean(one.text), rationale=_clean(one.rationale)) for one in content.options)
    return replace(content, stem=_clean(content.stem), options=options, extra=extra)


def _clean(text: str) -> str:
    return tidy(without_pictures(text))


def _choosing(content: Content, notes: Notes) -> Content | None:
    if any(not one.text for one in content.options):
        notes.append(Note("text", Severity.LOST, "An option has no text, so the question is left out."))
        return None
    if content.kind == "multiple_choice":
        return content
    share = nth_part(content.choose)
    if share is None:
        words = f"Moodle has no share that {content.choose} right options could have each, so the question is left out."
        notes.append(Note("choose", Severity.LOST, words))
        return None
    words = (
        "All or nothing cannot be said exactly: each right option earns its share and a wrong one costs the whole "
        "mark, so that Moodle gives part of it for a part of the right ones."
    )
    notes.append(Note("scoring", Severity.LOST, words))
    return content


def _true_false(content: Content, notes: Notes) -> Content:
    texts = tuple(text for _, text in KINDS["true_false"].preset)
    if tuple(one.text for one in content.options) != texts:
        notes.append(Note("text", Severity.LOST, "Moodle words the two options itself."))
    options = tuple(replace(one, text=text) for one, text in zip(content.options, texts, strict=True))
    return replace(content, options=options)


def _matching(content: Content, notes: Notes) -> Content | None:
    notes.append(Note("scoring", Severity.LOST, "Moodle gives a part of the mark for each pair, never all or nothing."))
    options = [replace(one, text=_without_arrow(one.text)) for one in content.options]
    if any("->" in one.text or not one.text for one in options):
        words = "A prompt is empty, or has “->” in code, which GIFT cannot tell from a pair: the question is left out."
        notes.append(Note("code", Severity.LOST, words))
        return None
    if any(one.text != old.text for one, old in zip(options, content.options, strict=True)):
        notes.append(Note("text", Severity.CHANGED, "“->” in a prompt is written with a backslash."))
    if not all(is_plain(one["text"]) for one in content.extra["targets"]):
        notes.append(Note("text", Severity.LOST, "The targets lose their formatting: Moodle lists them as plain text."))
    return replace(content, options=_one_rationale(options, notes), extra=_targets(content))


def _without_arrow(text: str) -> str:
    return text if "`" in text else text.replace("->", "-\\>")


def _one_rationale(options: list[Option], notes: Notes) -> tuple[Option, ...]:
    said = [one.rationale for one in options if one.rationale]
    if len(said) > 1 or (said and not options[0].rationale):
        words = "The rationales of the pairs are joined into the general feedback, and come back with the first pair."
        notes.append(Note("rationales", Severity.CHANGED, words))
    whole = "\n\n".join(said)
    return tuple(replace(one, rationale="" if place else whole) for place, one in enumerate(options))


def _targets(content: Content) -> dict[str, object]:
    """In the order in which the pairs name them, those that belong to no prompt last."""
    pairs = content.extra["pairs"]
    listed = {one["id"]: literal(flat(one["text"])) for one in content.extra["targets"]}
    order = list(dict.fromkeys([*(pairs[one] for one in content.option_ids), *listed]))
    return {"targets": [{"id": one, "text": listed[one]} for one in order], "pairs": dict(pairs)}


def _numeric(content: Content, notes: Notes) -> Content | None:
    extra = content.extra
    number = number_in(str(extra["answer"]))
    tolerance = tolerance_of(content)
    if number is None or number_in(number_text(tolerance)) is None:
        words = "The tolerance has more digits than can be written, so the question is left out."
        notes.append(Note("kind", Severity.LOST, words))
        return None
    if extra.get("percent") and tolerance:
        words = "The tolerance in percent became one in the unit of the answer."
        notes.append(Note("kind", Severity.CHANGED, words))
    if extra.get("unit"):
        words = f"The unit “{extra['unit']}” is not carried: name it in the stem if it matters."
        notes.append(Note("kind", Severity.LOST, words))
    left: dict[str, object] = {"answer": number_text(number)}
    left |= {"tolerance": number_text(tolerance)} if tolerance else {}
    left |= {"rationale": extra["rationale"]} if extra.get("rationale") else {}
    return replace(content, extra=left)


def _short_text(content: Content, notes: Notes) -> Content | None:
    extra = content.extra
    accepted = different([text for one in extra["accepted"] if (text := one_line(one))])
    if any("->" in one for one in accepted) and len(accepted) > 1:
        words = "One of several answers has “->” in it, which GIFT would take for a pair: the question is left out."
        notes.append(Note("kind", Severity.LOST, words))
        return None
    if extra.get("case") or extra.get("spaces", "one") != "one" or accepted != list(extra["accepted"]):
        words = "The rules for case and spaces are not carried: Moodle compares without regard to case."
        notes.append(Note("kind", Severity.CHANGED, words))
    left: dict[str, object] = {"accepted": accepted}
    return replace(content, extra=left | ({"rationale": extra["rationale"]} if extra.get("rationale") else {}))


_KINDS: Mapping[str, Callable[[Content, Notes], Content | None]] = {
    "multiple_choice": _choosing,
    "multiple_response": _choosing,
    "true_false": _true_false,
    "matching": _matching,
    "numeric": _numeric,
    "short_text": _short_text,
}
