"""A PostgreSQL database of a test's own, and what is read there without the site's help."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.rows import dict_row

from tests import tiers

RESPONSES = """
    SELECT r.position, r.choice, r.choice_at, r.choice_tab, r.shown_order, v.key -> 'correct' AS correct
    FROM quizzes_response r JOIN quizzes_attempt a ON a.id = r.attempt_id
    JOIN quizzes_questionversion v ON v.id = r.version_id
    WHERE a.code = %s ORDER BY r.position
"""
EVENTS = """
    SELECT e.kind, e.position, e.at, e.tab FROM quizzes_event e
    JOIN quizzes_attempt a ON a.id = e.attempt_id WHERE a.code = %s ORDER BY e.id
"""
RESULTS = """
    SELECT a.state, s.raw, s.maximum FROM quizzes_attempt a
    LEFT JOIN quizzes_result s ON s.attempt_id = a.id WHERE a.code = %s
"""


@contextmanager
def made(name: str) -> Iterator[str]:
    """An empty database that is gone when the block ends; gives its address."""
    url = os.environ[tiers.POSTGRES]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    try:
        yield urlsplit(url)._replace(path=f"/{name}").geturl()
    finally:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def rows(url: str, statement: str, *values: object) -> list[dict[str, Any]]:
    """What a statement finds."""
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(statement, values).fetchall()
