"""Which column of a note is what: by the names of the fields, else by what stands in them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

LETTERS = "abcdefghijkl"
LONGEST_KEY = 100
_STEM = re.compile(r"stem|question( text)?|frage|front|prompt|text|problem", re.I)
_SCENARIO = re.compile(r"scenario|context|case", re.I)
_KEY = re.compile(
    r"key|(correct|right)?[ _-]?(answer|option|choice)s?( key| letters?| index)?|correct|right|solution|antworten?",
    re.I,
)
_EXPLANATION = re.compile(
    r"explanations?|explain|rationale|why|feedback|comments?|extra([ _-]?\d)?|back extra|remarks?|erklärung", re.I
)
_OPTION = re.compile(r"(?:options?|choices?|answers?|opt|q|antwort)?[ _-]?\(?([a-l]|\d{1,2})\)?", re.I)
_RATIONALE = re.compile(
    r"(?:rationale|explanation|why|feedback|comment)[ _-]?(?:option|answer|choice)?[ _-]?([a-l]|\d{1,2})", re.I
)
_TITLE = re.compile(r"title|titel", re.I)
_KIND = re.compile(r"kind", re.I)
_LETTER = r"\(?[A-La-l][.)]{0,2}"
_BETWEEN = r"(?: ?[,;/&+|] ?| and | )"
_KEY_LETTERS = re.compile(rf"{_LETTER}(?:{_BETWEEN}{_LETTER})*|[A-L]{{1,6}}")
_KEY_NUMBERS = re.compile(rf"\d{{1,2}}(?:{_BETWEEN}\d{{1,2}})*")


class Unclear(ValueError):
    """A note that cannot be asked here: why, and what to do."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of what a question with options has. ``rationales``: by the place of the option."""

    stem: tuple[int, ...]
    options: tuple[int, ...]
    key: int
    explanations: tuple[int, ...] = ()
    rationales: Mapping[int, int] = field(default_factory=dict)
    title: int | None = None
    binary: bool = False
    ordered: bool = False
    fixed: bool = False
    guessed: bool = False


@dataclass(frozen=True, slots=True)
class Right:
    """The right options by their place among the columns of options, and what was assumed to find them."""

    places: tuple[int, ...]
    assumed: str = ""


def by_name(names: Sequence[str], values: Sequence[str]) -> Columns | None:
    """What the names of the fields say; None where they name no options. Raises Unclear."""
    known = [one.strip() for one in names[: len(values)]]
    options = _numbered(known, _OPTION)
    if len(options) < 2:
        return None
    taken = set(options.values())
    rationales = _numbered(known, _RATIONALE)
    stem = _first(known, _STEM, taken)
    key = _first(known, _KEY, taken)
    if stem is None or key is None:
        missing = "question" if stem is None else "key"
        raise Unclear(f"There are options and no field for the {missing}: name it “{missing.capitalize()}”.")
    kind = _kind(known, values)
    question_type = next((values[place] for place, one in enumerate(known) if one.lower().startswith("qtype")), "")
    if question_type == "0":
        words = "Each statement of this note is true or false on its own, which is no kind of this site"
        raise Unclear(f"{words}: make a note of each.")
    own = set(rationales.values())
    scenario = _first(known, _SCENARIO, taken)
    order = _first(known, re.compile("order", re.I), taken)
    return Columns(
        stem=(stem,) if scenario is None else (scenario, stem),
        options=tuple(place for _, place in sorted(options.items())),
        key=key,
        explanations=tuple(
            place
            for place, one in enumerate(known)
            if _EXPLANATION.fullmatch(one) and place not in own | taken | {stem, key}
        ),
        rationales={options[one]: place for one, place in rationales.items() if one in options},
        title=_first(known, _TITLE, taken),
        binary=question_type in ("1", "2") or _is_mask(values[key], len(options)),
        ordered=kind == "ordering",
        fixed=order is not None and values[order].strip().lower() == "fixed",
    )


def by_place(values: Sequence[str]) -> Columns | None:
    """Stem, options, key, and perhaps the rationale: where the last or the last but one is a key to the rest."""
    end = len(values)
    while end and not values[end - 1]:
        end -= 1
    for key in (end - 1, end - 2):
        options = tuple(range(1, key))
        filled = sum(bool(values[place]) for place in options)
        if filled < 2 or len(options) > len(LETTERS) or not _looks_like_key(values, key, options):
            continue
        explanations = (end - 1,) if key == end - 2 else ()
        return Columns((0,), options, key, explanations, guessed=True)
    return None


def right_of(key: str, options: Sequence[str], *, binary: bool = False) -> Right:
    """The options that a key names: by letters, by numbers from 1, by 1 and 0 for each, or by their text.

    Raises Unclear.
    """
    if binary and _is_mask(key, len(options)):
        return Right(tuple(place for place, one in enumerate(re.findall("[01]", key)) if one == "1"))
    texts = [place for place, one in enumerate(options) if one and one.casefold() == key.casefold()]
    if len(texts) == 1:
        return Right((texts[0],))
    if len(key) < LONGEST_KEY and _KEY_LETTERS.fullmatch(key):
        single = re.findall(r"(?i)[a-l](?![a-z])", key) if not re.fullmatch("[A-L]{2,6}", key) else list(key)
        return _within([LETTERS.index(one.lower()) for one in single], key, options)
    if len(key) < LONGEST_KEY and _KEY_NUMBERS.fullmatch(key):
        numbers = [int(one) for one in re.findall(r"\d+", key)]
        if 0 in numbers:
            right = _within(numbers, key, options)
            return Right(right.places, "The key counts the options from 0.")
        return _within([one - 1 for one in numbers], key, options)
    if not key:
        raise Unclear("The key is empty: write the letter of the right option.")
    raise Unclear(f"The key “{key[:40]}” names no option: write its letter, such as B, or letters, such as A, C.")


def _within(places: list[int], key: str, options: Sequence[str]) -> Right:
    found = tuple(dict.fromkeys(places))
    if not found or max(found) >= len(options):
        raise Unclear(f"The key “{key[:40]}” names an option that is not there: there are {len(options)}.")
    return Right(found)


def _looks_like_key(values: Sequence[str], key: int, options: tuple[int, ...]) -> bool:
    try:
        right = right_of(values[key], [values[place] for place in options])
    except Unclear:
        return False
    return all(values[options[one]] for one in right.places)


def _numbered(names: Sequence[str], pattern: re.Pattern[str]) -> dict[int, int]:
    """Number from 1 to the place of the field; the first of two that have the same."""
    found: dict[int, int] = {}
    for place, name in enumerate(names):
        if match := pattern.fullmatch(name):
            mark = match[1].lower()
            number = int(mark) if mark.isdigit() else LETTERS.index(mark) + 1
            found.setdefault(number, place)
    return found


def _first(names: Sequence[str], pattern: re.Pattern[str], taken: set[int]) -> int | None:
    return next((place for place, one in enumerate(names) if pattern.fullmatch(one) and place not in taken), None)


def _kind(names: Sequence[str], values: Sequence[str]) -> str:
    place = _first(names, _KIND, set())
    kind = values[place].strip() if place is not None else ""
    if kind in ("matching", "numeric", "short_text"):
        words = "this kind is read from the field “Data”, which is empty or damaged"
        raise Unclear(f"The note is of the kind {kind}, and {words}: export the question once more.")
    return kind


def _is_mask(key: str, options: int) -> bool:
    """1 and 0 for each option, with blanks between: at least one 0 and as many signs as there could be options."""
    marks = key.split()
    return len(marks) >= 2 and "0" in marks and "1" in marks and set(marks) <= {"0", "1"} and len(marks) <= options
