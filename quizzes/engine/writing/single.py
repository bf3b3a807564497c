"""The checks on one item (docs/writing-checks.md)."""

import re
from collections.abc import Mapping
from datetime import date
from itertools import combinations
from statistics import fmean, stdev
from types import MappingProxyType
from typing import Final
from urllib.parse import urlsplit

from quizzes.engine.kinds import KINDS
from quizzes.engine.writing.currency import currency
from quizzes.engine.writing.likeness import cosine
from quizzes.engine.writing.model import Finding, Item, ItemOption, Severity
from quizzes.engine.writing.numbers import ordering, quantities
from quizzes.engine.writing.text import (
    content_words,
    lead_in,
    negatives,
    option_lengths,
    plain,
    qualifiers,
    reading_minutes,
    select_word,
    squash,
    word_count,
)

FALSE_MECHANISM: Final = "false_mechanism"
FEASIBLE_FAMILIES: Final = frozenset({"qualifier", "cost"})
LEVELS_WITH_CONSTRAINTS: Final = frozenset({"analyze", "evaluate"})

# The (options, keys) that the exam uses for a kind; a kind that is not named here may have any.
SHAPES: Final[Mapping[str, tuple[tuple[int, int], ...]]] = MappingProxyType(
    {"multiple_choice": ((4, 1),), "multiple_response": ((5, 2), (6, 3), (6, 2))}
)

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_NUMBER_WORDS: Final = {1: "ONE", 2: "TWO", 3: "THREE", 4: "FOUR"}

_OF_THE_ABOVE: Final = re.compile(
    r"(?:all|none|both|any|either|neither) of (?:(?:the )?above|these|(?:the )?(?:other |listed )?options)"
    r"(?: (?:is|are|apply|applies)\b.*)?|neither of\b.*|(?:all|none|both) (?:the )?above",
    re.IGNORECASE | re.DOTALL,
)
_LETTER_PAIR: Final = re.compile(
    r"(?:(?:[Bb]oth|[Ee]ither|[Nn]either|[Oo]nly|[Aa]ll of) )?(?:[Oo]ptions? )?"
    r"[A-F](?:(?:, | and | or | nor | & |, and |, or )[A-F])+(?: only)?"
)
_LETTER: Final = re.compile(
    r"\b[Oo]ptions? \(?[A-F]\b|\b(?:[Aa]nswers?|[Cc]hoices?) \(?[A-F]\b"
    r"|(?:^|[.;:,] )[A-F] (?:is|are|and [A-F]) (?:in)?(?:correct|wrong|right)\b"
    r"|\b(?i:first|second|third|fourth|fifth|sixth|last|previous|next|above|following) option\b"
)
_NEGATIVE_OPTION: Final = re.compile(r"\b(?:does not|do not|is not|are not|must not|without|cannot)\b", re.IGNORECASE)
_LOWER_QUALIFIER: Final = re.compile(
    r"\bmost (?:cost|secure|operational|resilient|scalable)[\w-]*"
    r"|(?<!at )\b(?:least|lowest|fewest|minimum|minimal|shortest)"
    r" (?:amount|operational|administrative|management|development|effort|overhead|costs?|latency|downtime|changes?)\b"
)
# S3, IPv4, us-east-1 and HTTP/2 are names, and so is Route 53: their digits do not age.
_NAME_WITH_NUMBER: Final = re.compile(r"\bRoute 53\b")
_NUMBER_OR_QUOTA: Final = re.compile(r"(?<![\w.\-/])\d|\bquotas?\b", re.IGNORECASE)


def _gate(check: str, item: Item, message: str, figure: float | None, threshold: str) -> Finding:
    return Finding(check, Severity.GATE, item.id, message, figure, threshold)


def _warn(check: str, item: Item, message: str, figure: float | None, threshold: str) -> Finding:
    return Finding(check, Severity.WARN, item.id, message, figure, threshold)


def _forbidden_options(item: Item) -> list[Finding]:
    """C3: options that speak of other options."""
    found = []
    for option in item.options:
        text = plain(option.text).strip(" .")
        if _OF_THE_ABOVE.fullmatch(text) or _LETTER_PAIR.fullmatch(text) or _LETTER.search(text):
            message = f"Option {option.id}: write what is done, not which other options hold (“{text}”)."
            found.append(_gate("C3", item, message, None, "0 hits"))
    return found


def length_spread(item: Item) -> float:
    """C5's coefficient of variation: sample standard deviation / mean of the options' words; 0.0 under two options."""
    lengths = option_lengths(item)
    mean = fmean(lengths) if lengths else 0.0
    return stdev(lengths) / mean if len(lengths) > 1 and mean > 0 else 0.0


def _option_lengths(item: Item) -> list[Finding]:
    """C5: options of similar length."""
    lengths = option_lengths(item)
    if not lengths or min(lengths) == 0:
        return [_gate("C5", item, "Write the text of every option.", 0.0, "every option has words")]
    found = []
    spread, ratio = length_spread(item), max(lengths) / min(lengths)
    shown = "/".join(str(length) for length in lengths)
    if spread > 0.40:
        message = f"Bring the options closer in length ({shown} words): coefficient of variation {spread:.2f}."
        found.append(_gate("C5", item, message, spread, "CV <= 0.40"))
    if ratio > 2.0:
        message = f"Lengthen the shortest or cut the longest option ({shown} words): ratio {ratio:.2f}."
        found.append(_gate("C5", item, message, ratio, "max/min <= 2.0"))
    return found


def _stem_length(item: Item) -> list[Finding]:
    """C6: words of the stem, lead-in included, and reading time."""
    found = []
    words, minutes = word_count(item.stem), reading_minutes(item)
    if not 40 <= words <= 200:
        verb = "Cut" if words > 200 else "Complete"
        found.append(_gate("C6", item, f"{verb} the stem: it has {words} words.", words, "40 <= words <= 200"))
    if minutes > 3.0:
        message = f"Cut stem or options: they take {minutes:.1f} minutes to read."
        found.append(_gate("C6", item, message, minutes, "reading time <= 3.0 min"))
    return found


def _negative_stem(item: Item) -> list[Finding]:
    """C8: a negative lead-in is in capitals and has no negative options."""
    words = negatives(item)
    found = []
    for word in words:
        if word != word.upper():
            message = f"Ask positively, or write “{word}” of the lead-in in capitals; a limitation belongs above it."
            found.append(_gate("C8", item, message, None, "negatives in upper case"))
    negative = [option.id for option in item.options if _NEGATIVE_OPTION.search(plain(option.text))]
    if words and negative:
        message = f"Take the negation out of the lead-in or out of options {', '.join(negative)}: it is double."
        found.append(_gate("C8", item, message, len(negative), "0 double negatives"))
    return found


def _rationales(item: Item) -> list[Finding]:
    """C10: every option has a rationale of its own that names a requirement, and no letters."""
    found = []
    for option in item.options:
        words = word_count(option.rationale)
        if not 15 <= words <= 80:
            message = f"Option {option.id}: write a rationale of 15 to 80 words, it has {words}."
            found.append(_gate("C10", item, message, words, "15 <= words <= 80"))
        letter = _LETTER.search(plain(option.rationale))
        if letter:
            message = f"Option {option.id}: options are shuffled, replace “{letter.group().strip()}” by what it means."
            found.append(_gate("C10", item, message, None, "0 letters or places in rationales"))
        found += _rationale_target(item, option)
    counted = [(option, content_words(option.rationale)) for option in item.options]
    for (one, words_of_one), (other, words_of_other) in combinations(counted, 2):
        alike = cosine(words_of_one, words_of_other)
        if alike >= 0.80:
            message = f"Options {one.id} and {other.id}: give each its own reason, the rationales say the same."
            found.append(_gate("C10", item, message, alike, "cosine < 0.80"))
    return found


def _rationale_target(item: Item, option: ItemOption) -> list[Finding]:
    rationale = squash(option.rationale)
    if option.correct:
        found = []
        if not any(squash(text) in rationale for text in item.constraints.values() if text.strip()):
            message = f"Option {option.id} is right: quote the text of at least one constraint in its rationale."
            found.append(_gate("C10", item, message, 0, "key rationale quotes >= 1 constraint"))
        if option.breaks is not None:
            message = f"Option {option.id} is right: remove “breaks: {option.breaks}”."
            found.append(_gate("C10", item, message, None, "only wrong options break something"))
        return found
    if option.breaks == FALSE_MECHANISM or option.breaks in item.constraints:
        return []
    message = f"Option {option.id}: set breaks to the id of the constraint it fails, or to {FALSE_MECHANISM}."
    return [_gate("C10", item, message, None, "breaks is a constraint or false_mechanism")]


def _families(item: Item) -> list[Finding]:
    families = {option.family for option in item.distractors if option.family}
    if len(families) >= 2 or len(item.distractors) < 2:
        return []
    message = "Let the wrong options come from at least two families of mistakes."
    return [_warn("families", item, message, len(families), ">= 2 families")]


def _evidence(item: Item, today: date) -> list[Finding]:
    """C11: an official page, read recently."""
    found = []
    hosts = [(urlsplit(source.url).hostname or "") for source in item.sources]
    if not any(host == "aws.amazon.com" or host.endswith(".aws.amazon.com") for host in hosts):
        message = "Add at least one source on aws.amazon.com or docs.aws.amazon.com."
        found.append(_gate("C11", item, message, 0, ">= 1 official page"))
    texts = [item.stem, *(text for option in item.options for text in (option.text, option.rationale))]
    dated = any(_NUMBER_OR_QUOTA.search(_NAME_WITH_NUMBER.sub("", plain(text))) for text in texts)
    limit = 180 if dated else 365
    age = (today - item.verified_on).days
    if age > limit:
        message = f"Read the sources again and set verified_on: the facts were checked {age} days ago."
        found.append(_gate("C11", item, message, age, f"age <= {limit} days"))
    if age < 0:
        message = f"Correct verified_on: {item.verified_on.isoformat()} is in the future."
        found.append(_gate("C11", item, message, age, "age >= 0 days"))
    return found


def _level(item: Item) -> list[Finding]:
    """C12: what is to be analyzed needs constraints to weigh."""
    if item.level not in LEVELS_WITH_CONSTRAINTS or len(item.constraints) >= 2:
        return []
    message = f"Give the item at least two constraints, or a lower level than {item.level}."
    return [_gate("C12", item, message, len(item.constraints), ">= 2 constraints")]


def _format(item: Item) -> list[Finding]:
    """C14: numbers of options and keys, as told to the reader."""
    options, keys = len(item.options), len(item.keys)
    found = []
    shapes = SHAPES.get(item.kind, ((options, keys),))
    if (options, keys) not in shapes:
        wanted = " or ".join(f"{k} options with {m} right" for k, m in shapes)
        message = f"Write {wanted}; there are {options} with {keys} right."
        found.append(_gate("C14", item, message, options, f"(options, keys) in {', '.join(map(str, shapes))}"))
    if item.choose != keys:
        message = f"Make choose ({item.choose}) equal to the number of right options ({keys})."
        found.append(_gate("C14", item, message, item.choose, "choose = keys"))
    told, expected = select_word(item), _NUMBER_WORDS.get(keys) if keys > 1 else None
    if told != expected:
        advice = f"End the stem in “(Select {expected}.)”" if expected else "Remove “(Select …)” from the stem"
        found.append(_gate("C14", item, f"{advice}; it says {told or 'nothing'}.", None, "number word = keys"))
    return found


def _qualifier(item: Item) -> list[Finding]:
    """C14: at most one capitalized qualifier, and only where at least two options would work."""
    found = []
    named = qualifiers(item)
    if len(named) > 1:
        message = f"Keep one capitalized qualifier; the lead-in has {len(named)}: {', '.join(named)}."
        found.append(_gate("C14", item, message, len(named), "qualifiers <= 1"))
    feasible = sum(option.correct or option.family in FEASIBLE_FAMILIES for option in item.options)
    if len(named) == 1 and len(item.keys) == 1 and feasible < 2:
        message = (
            f"Drop the qualifier ({named[0]}), or let a distractor work but lose to it (family qualifier or cost): "
            f"only {feasible} option would work."
        )
        found.append(_gate("C14", item, message, feasible, "feasible options >= 2"))
    lower = _LOWER_QUALIFIER.search(lead_in(item))
    if lower:
        message = f"Write the qualifier in capitals: “{lower.group()}”."
        found.append(_warn("C14", item, message, None, "qualifier in capitals"))
    return found


def _numeric_order(item: Item) -> list[Finding]:
    values = quantities([plain(option.text) for option in item.options])
    if values is None:
        return []
    if item.order != "fixed":
        return [_warn("numeric", item, "Options are numbers: sort them and set order to fixed.", None, "order: fixed")]
    if ordering(values):
        return []
    return [_warn("numeric", item, "Sort the options by their numbers.", None, "numeric options sorted")]


def check_item(item: Item, *, today: date, closed: Mapping[str, str] = _NOTHING) -> list[Finding]:
    """The findings on one item; empty if there are none. What is about wrong options is for kinds that have some.

    Covers C3, C5, C6, C8, C10, C11, C12, C14, C15 as far as they concern a single item, and the extra warnings
    `families` and `numeric`. Bounds: docs/writing-checks.md; C5's standard deviation is the sample's (n - 1).

    Args: today, the day the age of verified_on is counted to; closed, closed or renamed service -> what to say instead.
    """
    whole = [
        *_stem_length(item),
        *_negative_stem(item),
        *_evidence(item, today),
        *_level(item),
        *currency(item, closed),
    ]
    if not KINDS[item.kind].has_distractors:
        return whole
    return [
        *whole,
        *_forbidden_options(item),
        *_option_lengths(item),
        *_rationales(item),
        *_families(item),
        *_format(item),
        *_qualifier(item),
        *_numeric_order(item),
    ]
