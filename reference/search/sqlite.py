"""The index of SQLite: FTS5, with Porter’s stems. https://www.sqlite.org/fts5.html"""

from collections.abc import Iterable
from typing import Any

from .words import Words

WEIGHTS = (4.0, 3.0, 3.0, 1.0)
"""Of title, names, heading and body in bm25."""

# Sorted by its own rank, FTS5 reads those entries alone that are asked for.
_SQL = """
    SELECT entry.kind, entry.slug, entry.anchor, entry.title, entry.heading,
           entry.body, -rank, entry.names
    FROM reference_searchindex JOIN reference_searchentry AS entry ON entry.id = reference_searchindex.rowid
    WHERE reference_searchindex MATCH %s AND rank MATCH %s AND entry.live
    ORDER BY rank LIMIT %s
"""


def rows(cursor: Any, words: Words, *, every: bool, limit: int) -> Iterable[tuple[Any, ...]]:
    """The entries that hold every word, or any, the best first.

    Each is kind, slug, anchor, title, heading, body, score, names.
    """
    cursor.execute(_SQL, [match(words, every=every), f"bm25({', '.join(map(str, WEIGHTS))})", limit])
    return list(cursor.fetchall())


def match(words: Words, *, every: bool) -> str:
    """The words in the language of FTS5. They consist of letters and digits, and stand in quotes all the same."""
    parts = [f'"{word}"' for word in words.whole]
    if words.start:
        parts.append(f'("{words.start}" OR "{words.start_stem}"*)')
    return (" AND " if every else " OR ").join(parts)
