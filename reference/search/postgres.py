"""The index of PostgreSQL: a generated text-search vector. https://www.postgresql.org/docs/current/textsearch.html"""

from collections.abc import Iterable
from typing import Any

from .words import Words

WEIGHTS = "{0.1, 0.3, 0.4, 0.8}"
"""Of body (D), heading (C), names (B) and title (A)."""

NORMALIZED = 32
"""Scale to between 0 and 1."""

_SQL = """
    SELECT kind, slug, anchor, title, heading,
           body, rank, names
    FROM (SELECT entry.*, query, ts_rank(%s, entry.vector, query, %s) AS rank
          FROM reference_searchentry AS entry, to_tsquery('english', %s) AS query
          WHERE entry.live AND entry.vector @@ query ORDER BY rank DESC, entry.id LIMIT %s) AS found
    ORDER BY rank DESC, id
"""


def rows(cursor: Any, words: Words, *, every: bool, limit: int) -> Iterable[tuple[Any, ...]]:
    """The entries that hold every word, or any, the best first.

    Each is kind, slug, anchor, title, heading, body, score, names.
    """
    cursor.execute(_SQL, [WEIGHTS, NORMALIZED, match(words, every=every), limit])
    return list(cursor.fetchall())


def match(words: Words, *, every: bool) -> str:
    """The words in the language of to_tsquery. They consist of letters and digits, and stand in quotes all the same."""
    parts = [f"'{word}'" for word in words.whole]
    if words.start:
        parts.append(f"('{words.start}' | '{words.start_stem}':*)")
    return (" & " if every else " | ").join(parts)
