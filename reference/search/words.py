"""What somebody typed -> the words to look for. Pure."""

import re
from dataclasses import dataclass

LONGEST_QUERY = 200
MOST_WORDS = 10
SHORTEST_START = 5
"""Letters of an unfinished word that are always looked for: longer ones end where a stem may not go."""

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_STOP_TEXT = """
a about an and are as at be by can do does for from has have how i if in into is it its me my of on or should
than that the their them this to use using was what when where which who why with you your aws amazon
vs versus between difference best way
"""
_STOP = frozenset(_STOP_TEXT.split())


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a query: ``whole`` ones, and the ``start`` of the one that may still be typed."""

    whole: tuple[str, ...]
    start: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every word, the unfinished one last."""
        return (*self.whole, self.start) if self.start else self.whole

    def __bool__(self) -> bool:
        return bool(self.whole or self.start)

    @property
    def start_stem(self) -> str:
        """The letters a word must begin with to fit the unfinished one. A stem may be shorter than what is typed."""
        return self.start[:SHORTEST_START] if len(self.start) >= SHORTEST_START + 2 else self.start


def words_of(text: str) -> Words:
    """The words of a query, in small letters, each once, at most MOST_WORDS; quotes and operators mean nothing.

    Words that say nothing (“the”, “how”) are left out unless there is no other. The last word may be unfinished,
    unless something follows it.
    """
    cut = text.replace("\0", " ")[:LONGEST_QUERY]
    found = list(dict.fromkeys(word.casefold() for word in _WORD.findall(cut)))
    telling = [word for word in found if word not in _STOP] or found
    telling = telling[:MOST_WORDS]
    if telling and cut.casefold().endswith(telling[-1]):
        return Words(tuple(telling[:-1]), telling[-1])
    return Words(tuple(telling), "")
