"""The answers of a GIFT question, by the rules of Moodle for telling its kind -> the content."""

import re
from dataclasses import dataclass, replace

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange.gift.entry import Entry, Refused
from quizzes.formats.exchange.gift.signs import as_typed, shown
from quizzes.formats.exchange.gift.typed import numeric, short_text
from quizzes.formats.exchange.gift.weights import WEIGHT, nearest, weight_of
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.plain import literal
from quizzes.formats.exchange.projection import plain_ids

MOST_ANSWERS = 50
_TRUTH = re.compile(r"(TRUE|T|FALSE|F)\s*(?:#(.*))?", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class _Choice:
    """One option as it stands: ``marked`` by “=”, or with a weight in percent."""

    text: str
    feedback: str
    marked: bool
    weight: float
    line: int


def content_of(entry: Entry) -> Content:
    """The question, its rationales from the feedback. Raises Refused."""
    answers = entry.answers
    if not answers:
        raise Refused("this is an essay, a kind that has no place here: add answers, or leave it out")
    if answers.startswith("#"):
        return numeric(entry)
    if "~" in answers:
        return _with_general(_choosing(entry), entry)
    if "=" in answers and "->" in answers:
        return _with_general(_matching(entry), entry)
    if truth := _TRUTH.fullmatch(answers):
        return _with_general(_true_false(entry, truth), entry)
    return short_text(entry)


def _with_general(content: Content, entry: Entry) -> Content:
    """The general feedback as a part of the rationale of the key."""
    if not entry.general:
        return content
    key = next((place for place, one in enumerate(content.options) if one.correct), 0)
    options = list(content.options)
    whole = f"{options[key].rationale}\n\n{entry.general}".strip()
    options[key] = replace(options[key], rationale=whole)
    entry.note("rationales", Severity.CHANGED, "The general feedback became a part of the rationale of the key.")
    return replace(content, options=tuple(options))


def _true_false(entry: Entry, truth: re.Match[str]) -> Content:
    if not truth[1].isupper():
        entry.note("kind", Severity.ASSUMED, f"“{truth[1]}” was taken for true or false; Moodle wants capital letters.")
    right = truth[1].upper().startswith("T")
    feedback = [entry.text(one) for one in (truth[2] or "").split("#", 1)] + [""]
    # The first is shown for the wrong response, the second for the right one.
    of_true, of_false = (feedback[1], feedback[0]) if right else (feedback[0], feedback[1])
    options = (Option("true", "True", right, of_true), Option("false", "False", not right, of_false))
    return Content("true_false", entry.stem, 1, "fixed", options)


def _choosing(entry: Entry) -> Content:
    choices = _choices(entry)
    marked = [one for one in choices if one.marked]
    if len(marked) > 1:
        raise Refused(
            f"line {marked[1].line}: {len(marked)} options are marked with “=”, so that any of them would do: write "
            "\\= where it belongs to the text; where several are right together, give each its share, such as ~%50%"
        )
    keys = marked or [one for one in choices if one.weight > 0]
    if not keys:
        raise Refused("no option is marked as right: put “=” before it, or shares such as ~%50% before several")
    if marked:
        _note_shares_beside_the_key(entry, choices)
    else:
        _note_weights(entry, choices, keys)
    texts = [(entry.text(one.text), entry.text(one.feedback)) for one in choices]
    options = tuple(
        Option(name, text, one in keys, feedback)
        for name, one, (text, feedback) in zip(plain_ids(), choices, texts, strict=False)
    )
    if any(not one.text for one in options):
        raise Refused("an option has no text: write it, or take its sign out")
    kind = "multiple_choice" if len(keys) == 1 else "multiple_response"
    return Content(kind, entry.stem, len(keys), "shuffle", options)


def _choices(entry: Entry) -> list[_Choice]:
    answers = entry.answers
    signs = [match.start() for match in re.finditer("[~=]", answers)]
    text_signs = _equals_that_are_text(entry, signs)
    starts = [one for one in signs if one not in text_signs]
    ends = [*starts[1:], len(answers)]
    pieces = [(answers[: starts[0]], 0)] if answers[: starts[0]].strip() else []
    pieces += [(answers[start:end], start) for start, end in zip(starts, ends, strict=True)]
    found = [_choice(piece, entry.line_of(start)) for piece, start in pieces if piece.strip(" \n\t~")]
    if not 2 <= len(found) <= 12:
        line = f"line {entry.line_of(starts[0])}: "
        raise Refused(f"{line}a question has 2 to 12 options, this one has {len(found)}: add or remove some")
    return found


def _choice(piece: str, line: int) -> _Choice:
    sign, rest = (piece[0], piece[1:].strip()) if piece[:1] in ("~", "=") else ("", piece.strip())
    weight, text = weight_of(rest)
    answer, _, feedback = text.partition("#")
    marked = sign == "=" and weight in (None, 100.0)
    return _Choice(answer.strip(), feedback.strip(), marked, 100.0 if marked else weight or 0.0, line)


def _equals_that_are_text(entry: Entry, signs: list[int]) -> set[int]:
    """Signs within a word, such as “a=b”: they mark no option where another one does, or where shares do."""
    answers = entry.answers
    equals = [one for one in signs if answers[one] == "="]
    inside = {one for one in equals if one and answers[one - 1] not in " \t\n~"}
    # A share that belongs to the sign is one of an option: “=%50%”.
    inside -= {one for one in inside if WEIGHT.match(answers, one + 1)}
    shares = [weight for one in signs if answers[one] == "~" and (weight := weight_of(answers[one + 1 :])[0])]
    by_shares = sum(one for one in shares if one > 0) > 99
    if not inside or (len(equals) - len(inside) != 1 and not (len(equals) == len(inside) and by_shares)):
        return set()
    where = ", ".join(dict.fromkeys(str(entry.line_of(one)) for one in sorted(inside)))
    entry.note(
        "text",
        Severity.ASSUMED,
        f"An “=” that is not escaped stands in an option in line {where}. Moodle would begin a new option there; "
        "here it was read as text.",
    )
    return inside


def _note_shares_beside_the_key(entry: Entry, choices: list[_Choice]) -> None:
    if any(not one.marked and one.weight > 0 for one in choices):
        words = "Some wrong options earned a part of the mark; here only the key does."
        entry.note("scoring", Severity.CHANGED, words)


def _note_weights(entry: Entry, choices: list[_Choice], keys: list[_Choice]) -> None:
    if len(keys) == 1:
        words = "Several options could be ticked though one is right; here it is a multiple choice question."
        entry.note("kind", Severity.ASSUMED, words)
    elif not any(one.weight < 0 for one in choices):
        words = (
            "No wrong option costs anything, so whoever ticked all had the full mark; here it is all or nothing "
            "unless the quiz says otherwise."
        )
        entry.note("scoring", Severity.CHANGED, words)
    else:
        words = "The shares of the options are not carried: a quiz here marks all or nothing, or by its own rule."
        entry.note("scoring", Severity.CHANGED, words)
    if len({round(one.weight, 2) for one in keys}) > 1 or abs(sum(one.weight for one in keys) - 100) > 1:
        words = "The right options had unequal shares, or shares that are not 100 % together; here all count the same."
        entry.note("scoring", Severity.CHANGED, words)
    odd = [one for one in choices if nearest(one.weight) != one.weight]
    if odd:
        words = (
            f"line {odd[0].line}: the share {odd[0].weight:g} % is none of Moodle’s, which would refuse it; the "
            f"nearest is {nearest(odd[0].weight):g} %."
        )
        entry.note("scoring", Severity.ASSUMED, f"In {words}")


def _matching(entry: Entry) -> Content:
    prompts: list[tuple[str, str]] = []
    texts: dict[str, str] = {}
    position = 0
    for piece in entry.answers.split("="):
        line = entry.line_of(min(position + len(piece) - len(piece.lstrip()), len(entry.answers)))
        position += len(piece) + 1
        if not piece.strip():
            continue
        prompt, arrow, target = piece.partition("->")
        if not arrow:
            said = as_typed(piece.strip())[:60]
            raise Refused(f"line {line}: “{said}” has no “->”: pair it, or write \\= where the sign is text")
        target = literal(shown(target))
        if not target:
            raise Refused(f"line {line}: nothing stands behind “->”: write what belongs to it")
        texts.setdefault(target, str(len(texts) + 1))
        if prompt.strip():
            prompts.append((entry.text(prompt), texts[target]))
        if len(prompts) > MOST_ANSWERS:
            raise Refused("there are more than 12 pairs: divide the question")
    options = tuple(Option(name, text, True, "") for name, (text, _) in zip(plain_ids(), prompts, strict=False))
    extra = {
        "targets": [{"id": name, "text": text} for text, name in texts.items()],
        "pairs": {one.id: target for one, (_, target) in zip(options, prompts, strict=False)},
    }
    entry.note("scoring", Severity.CHANGED, "Moodle gives a part of the mark for each pair; here the quiz decides.")
    return Content("matching", entry.stem, len(options), "shuffle", options, extra)
