"""Which questions a text is like, and which hold some words: the full-text index of the database.

SQLite: FTS5 with Porter’s stems. PostgreSQL: a generated text-search vector. Both are made by migration 0005 and hang
on the table of QuestionText.
"""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from quizzes.models import QuestionText
from quizzes.queries.rights import readable_questions
from reference.search import postgres, sqlite
from reference.search.words import Words, words_of

TELLING = 12
"""Words of a text that are looked for: the longest, which are on the whole the rarest."""

FURTHER = 10
"""How many times as many are asked for as are wanted: others’ questions are among them, and are not told of."""

_WORD = re.compile(r"[^\W\d_]{4,40}", re.UNICODE)
_HOLDING = {
    "sqlite": "SELECT rowid FROM quizzes_questionindex WHERE quizzes_questionindex MATCH %s",
    "postgresql": "SELECT question_id FROM quizzes_questiontext WHERE vector @@ to_tsquery('english', %s)",
}
_LIKEST = {
    "sqlite": f"{_HOLDING['sqlite']} ORDER BY rank LIMIT %s",
    "postgresql": """
        SELECT question_id FROM quizzes_questiontext, to_tsquery('english', %s) AS query
        WHERE vector @@ query ORDER BY ts_rank(vector, query) DESC, question_id LIMIT %s
    """,
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that may be nearly the same as another one."""

    question_id: int
    code: str
    stem: str
    options: str


def candidates(text: str, exclude: int | None = None, limit: int = 20, *, person_id: int) -> list[Candidate]:
    """The questions most like a text, the likest first, of those that this person may read.

    Two statements: one of full text, one that asks which of what it found may be told of.
    """
    words = telling(text)
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LIKEST[connection.vendor], [_match(Words(words, ""), every=False), limit * FURTHER])
        found = [row[0] for row in cursor.fetchall() if row[0] != exclude]
    rows = QuestionText.objects.filter(pk__in=found, question__in=readable_questions(person_id))
    by_id = {row[0]: Candidate(*row) for row in rows.values_list("pk", "question__code", "stem", "options")}
    return [by_id[pk] for pk in found if pk in by_id][:limit]


def telling(text: str) -> tuple[str, ...]:
    """The words of a text that tell it from others: the longest ones, each once."""
    found = dict.fromkeys(word.casefold() for word in _WORD.findall(text[:20_000]))
    return tuple(sorted(found, key=lambda word: (-len(word), word))[:TELLING])


def holding(text: str) -> RawSQL | None:
    """A subquery: the ids of questions that hold every word typed. None where nothing was typed."""
    words = words_of(text)
    return RawSQL(_HOLDING[connection.vendor], [_match(words, every=True)]) if words else None


def _match(words: Words, *, every: bool) -> str:
    backend = postgres.match if connection.vendor == "postgresql" else sqlite.match
    return backend(words, every=every)
