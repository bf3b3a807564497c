"""The passage of a text that fits a query best, what fits marked. Pure."""

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from .words import Words

LENGTH = 190
"""Characters of an excerpt."""

BEFORE = 50
"""Characters of context before the first word that fits."""

LOOKED_AT = 12
"""Places at which a passage may begin that are weighed against each other."""

SHORTEST_STEM = 4


def excerpt(text: str, words: Words) -> SafeString:
    """At most LENGTH characters of ``text`` as html, with a mark around what fits; its beginning where nothing does.

    Of the first LOOKED_AT places where a word fits, the passage begins at the one that most different words follow.
    """
    pattern = _pattern(words)
    found = [match for match, _ in zip(pattern.finditer(text), range(LOOKED_AT), strict=False)]
    if not found:
        return mark_safe(escape(_cut(text, 0)))
    following = [
        len({other.group(1).casefold() for other in found[place:] if other.end() - one.start() <= LENGTH - BEFORE})
        for place, one in enumerate(found)
    ]
    best = found[following.index(max(following))].start()
    return marked(_cut(text, max(0, best - BEFORE)), words)


def marked(text: str, words: Words) -> SafeString:
    """All of ``text`` as html, with a mark around what fits."""
    pieces, at = [], 0
    for match in _pattern(words).finditer(text):
        pieces += [escape(text[at : match.start()]), f"<mark>{escape(match.group())}</mark>"]
        at = match.end()
    return mark_safe("".join([*pieces, escape(text[at:])]))


def _cut(text: str, start: int) -> str:
    """A passage from a start on, whole words only."""
    if start:
        start = text.find(" ", start) + 1 or start
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    return ("… " if start else "") + text[start:end] + (" …" if end < len(text) else "")


@lru_cache(maxsize=256)
def _pattern(words: Words) -> re.Pattern[str]:
    """Words that begin as a word of the query does: up to three letters of its ending may differ, as stems do."""
    stems = [re.escape(word[: max(SHORTEST_STEM, len(word) - 3)]) for word in words.all]
    return re.compile(rf"(?<![^\W_])({'|'.join(stems) or '(?!)'})[^\W_]*", re.IGNORECASE)
