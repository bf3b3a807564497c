"""Words, paragraphs, qualifiers: what the checks can see of a Markdown text."""

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from quizzes.engine.writing.model import Item

_LINK: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_EMPHASIS: Final = re.compile(r"\*+|`+|(?<!\w)_+|_+(?!\w)")
_LIST_MARKER: Final = re.compile(r"(?m)^[ \t]*(?:[-+*]|\d+[.)])[ \t]+")
_BEGINS_LIST: Final = frozenset(" \t-+*0123456789")
_STRAIGHT: Final = str.maketrans("‘’“”", "''\"\"")
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:[-./:'][a-z0-9]+)*")
_PARAGRAPH: Final = re.compile(r"\n[ \t]*\n")
_SELECT: Final = re.compile(r"\((?:Select|Choose)\s+(\w+)\s*\.?\)", re.IGNORECASE)
_ALONE: Final = re.compile(r"\(\w+\s+\w+\s*\.?\)\s*")
_NEGATIVE: Final = re.compile(r"\b(NOT|EXCEPT|LEAST likely|cannot)\b", re.IGNORECASE)
_SUPERLATIVES: Final = (
    "MOST|LEAST|FEWEST|LOWEST|HIGHEST|FASTEST|QUICKEST|SHORTEST|SMALLEST|LARGEST|GREATEST|CHEAPEST|SIMPLEST|EASIEST"
    "|BEST|MINIMUM|MINIMAL|MAXIMUM"
)
_QUALIFIER: Final = re.compile(rf"\b({_SUPERLATIVES})\b(?!\s+likely)(.*?)(?=\b(?:{_SUPERLATIVES})\b|[?.]|$)", re.DOTALL)

# Named by what a candidate would learn to reach for; the first pattern that matches names the type.
_QUALIFIER_TYPES: Final = (
    ("cost", r"cost|cheap|expens|spend"),
    ("operational overhead", r"overhead|operational effort|administrat|management|maintenance|operational burden"),
    ("operational efficiency", r"operational(?:ly)? efficien|operational excellence"),
    ("security", r"secur|privilege|permission"),
    ("downtime", r"downtime|disruption|interruption|outage"),
    ("recovery", r"recover|failover|\brto\b|\brpo\b|data loss"),
    ("change", r"chang|development|modif|rewrit|refactor|effort"),
    ("performance", r"latency|perform|throughput|respons|speed"),
    ("availability", r"availab|resilien|reliab|durab|fault"),
)

# Function words, and the words that stand in nearly every item and so tell nothing about one.
_STOP: Final = """
    a about after all also an and any are as at be because been before being between both but by can could do does
    during each either for from had has have how if in into is it its itself more most must neither no nor not of off
    on once only or other our out over own same should so some such than that the their them then there these they
    this those through to too under until up was were what when where which while who whose will with within without
    would you your amazon aws solution solutions use used uses using
"""
STOP_WORDS: Final = frozenset(_STOP.split())


@lru_cache(maxsize=512)
def plain(markdown: str) -> str:
    """The words of a Markdown text on one line, without marks of emphasis, code, lists or links; straight quotes."""
    # Kept for a while: the checks ask for the same few texts of a question dozens of times. And most texts have no
    # marks at all, which is seen much faster than each is looked for.
    text = _LIST_MARKER.sub("", markdown) if "\n" in markdown or markdown[:1] in _BEGINS_LIST else markdown
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    if "*" in text or "`" in text or "_" in text:
        text = _EMPHASIS.sub("", text)
    if not text.isascii():
        text = text.translate(_STRAIGHT)
    return " ".join(text.split())


@lru_cache(maxsize=512)
def word_count(markdown: str) -> int:
    """Words of a Markdown text: runs without white space that hold a letter or a digit."""
    return sum(word[0].isalnum() or any(char.isalnum() for char in word) for word in plain(markdown).split())


def tokens(markdown: str) -> list[str]:
    """All words in lower case and in order, hyphenated ones whole, without the possessive 's."""
    return list(_tokens(markdown))


@lru_cache(maxsize=512)
def _tokens(markdown: str) -> tuple[str, ...]:
    text = plain(markdown).lower()
    found = _TOKEN.findall(text)
    return tuple(token.removesuffix("'s") for token in found) if "'s" in text else tuple(found)


def content_words(markdown: str) -> Counter[str]:
    """The words that carry meaning, in lower case, with how often each occurs. No stemming."""
    return Counter(token for token in tokens(markdown) if token not in STOP_WORDS)


def shingles(texts: Iterable[str], size: int = 5) -> frozenset[tuple[str, ...]]:
    """All runs of `size` words; none reaches from one text into the next."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        run = tokens(text)
        found.update(tuple(run[start : start + size]) for start in range(len(run) - size + 1))
    return frozenset(found)


def squash(markdown: str) -> str:
    """For comparing quotations: plain, without regard to case, quotation marks' form or white space."""
    return plain(markdown).casefold()


def lead_in(item: Item) -> str:
    """The last paragraph of the stem, plain; a «(Select TWO.)» that stands alone belongs to the one before."""
    paragraphs = [text for text in (plain(part) for part in _PARAGRAPH.split(item.stem)) if text]
    if len(paragraphs) > 1 and _ALONE.fullmatch(paragraphs[-1]):
        return " ".join(paragraphs[-2:])
    return paragraphs[-1] if paragraphs else ""


def item_text(item: Item) -> str:
    """Stem and options, a paragraph each."""
    return "\n\n".join([item.stem, *(option.text for option in item.options)])


def option_lengths(item: Item) -> list[int]:
    """Words of each option, in the author's order."""
    return [word_count(option.text) for option in item.options]


def reading_minutes(item: Item) -> float:
    """Minutes to read and decide: (words of stem and options)/230 + 0.75 (C6)."""
    return (word_count(item.stem) + sum(option_lengths(item))) / 230 + 0.75


def select_word(item: Item) -> str | None:
    """The number word of «(Select TWO.)» in the stem, as written; None without one."""
    found = _SELECT.search(plain(item.stem))
    return found.group(1) if found else None


def negatives(item: Item) -> list[str]:
    """The negating words of the lead-in, as written."""
    return [found.group(1) for found in _NEGATIVE.finditer(lead_in(item))]


def qualifiers(item: Item) -> list[str]:
    """The type of each capitalized qualifier of the lead-in, such as «cost»; unknown ones by their own first words."""
    return [_qualifier_type(*found.groups()) for found in _QUALIFIER.finditer(lead_in(item))]


def _qualifier_type(superlative: str, rest: str) -> str:
    # Only the words next to the superlative say what it is about: «LEAST downtime at a cost below …».
    near = " ".join([superlative, *rest.split()[:3]]).lower()
    for name, pattern in _QUALIFIER_TYPES:
        if re.search(pattern, near):
            return name
    return " ".join(near.split()[:2])
