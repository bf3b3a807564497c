"""The index of SQLite: FTS5, with Porter’s stems. https://www.sqlite.org/fts5.html"""

from collections.abc import Iterable
from typing import Any

from .words import Words

WEIGHTS = (4.0, 3.0, 3.0, 1.0)
"""Of title, names, heading and body in bm25."""

_SQL = """
    SELECT entry.kind, entry.slug, entry.anchor, entry.title, entry.heading,
           snippet(reference_searchindex, 3, %s, %s, '…', 28), -found.rank, entry.names
    FROM (SELECT rowid, bm25(reference_searchindex, {weights}) AS rank FROM reference_searchindex
          WHERE reference_searchindex MATCH %s ORDER BY rank LIMIT %s) AS found
    JOIN reference_searchindex ON reference_searchindex.rowid = found.rowid
    JOIN reference_searchentry AS entry ON entry.id = found.rowid
    WHERE reference_searchindex MATCH %s AND entry.live
    ORDER BY found.rank
""".format(weights=", ".join(map(str, WEIGHTS)))


def rows(cursor: Any, words: Words, *, every: bool, limit: int, marks: tuple[str, str]) -> Iterable[tuple[Any, ...]]:
    """The entries that hold every word, or any, the best first.

    Each is kind, slug, anchor, title, heading, excerpt, score, names.
    """
    query = match(words, every=every)
    cursor.execute(_SQL, [*marks, query, limit, query])
    return list(cursor.fetchall())


def match(words: Words, *, every: bool) -> str:
    """The words in the language of FTS5. They consist of letters and digits, and stand in quotes all the same."""
    parts = [f'"{word}"' for word in words.whole]
    if words.start:
        parts.append(f'("{words.start}" OR "{words.start_stem}"*)')
    return (" AND " if every else " OR ").join(parts)
