"""A hundred queries a learner would type: the right page stands first for at least 95 of them."""

from pathlib import Path

import pytest

from reference.models import Topic
from reference.search import search

QUERIES = Path(__file__).with_name("queries.txt")
LEAST = 0.95


def asked() -> list[tuple[str, list[str]]]:
    """The queries, each with the slugs that are right."""
    lines = [line for line in QUERIES.read_text().splitlines() if line and not line.startswith("#")]
    return [(query.strip(), slugs.split()) for query, _, slugs in (line.partition("=") for line in lines)]


@pytest.mark.usefixtures("real_course")
def test_the_right_page_stands_first() -> None:
    queries = asked()
    assert len(queries) >= 100
    there = set(Topic.objects.live().values_list("slug", flat=True))
    assert {slug for _, slugs in queries for slug in slugs} <= there
    wrong = {
        query: [one.slug for one in found[:3]]
        for query, slugs in queries
        if not (found := search(query)) or found[0].slug not in slugs
    }
    assert len(wrong) <= (1 - LEAST) * len(queries), wrong
