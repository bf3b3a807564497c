"""What writes the register's rows, and finds which pages treat which entry."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from reference.files import NotesTree, Page
from reference.lifecycle import Entry, Register
from reference.models import RegisterEntry

TOPICS_SHOWN = 4
IN_TITLE, IN_SERVICES, IN_HEADING = 1000, 12, 6
"""What it weighs that a page bears a name in its title, names it first among its services, or in a heading.

Each mention in the text weighs 1, each further place among the services 2 less.
"""


def treating_topics(tree: NotesTree, register: Register) -> dict[str, list[str]]:
    """By an entry's name, the slugs of the pages that treat it, best first, at most TOPICS_SHOWN."""
    weights: dict[str, dict[str, int]] = defaultdict(dict)
    for page in tree.pages:
        for name, weight in _weights(page, register).items():
            weights[name][page.slug] = weight
    return {
        name: sorted(found, key=lambda slug: (-found[slug], slug))[:TOPICS_SHOWN] for name, found in weights.items()
    }


def _weights(page: Page, register: Register) -> dict[str, int]:
    weights = dict(register.mentions(page.rendered.text))
    for index, name in enumerate(page.services):
        entry = register.find(name)
        if entry:
            weights[entry.name] = weights.get(entry.name, 0) + max(IN_SERVICES - 2 * index, 2)
    for section in page.rendered.sections:
        for name in register.mentions(section.title):
            weights[name] = weights.get(name, 0) + IN_HEADING
    for name in register.mentions(page.title):
        weights[name] = weights.get(name, 0) + IN_TITLE
    return weights


def publish_register(register: Register, topics: Mapping[str, Sequence[str]], questions: Mapping[str, int]) -> None:
    """Bring the rows up to the register. To be called inside the transaction that makes the course visible.

    ``topics`` and ``questions`` are keyed by an entry's name: which pages treat it, how many questions name it.
    """
    rows = [RegisterEntry(name=entry.name, **_attributes(entry, topics, questions)) for entry in register.entries]
    RegisterEntry.objects.exclude(name__in=[entry.name for entry in register.entries]).delete()
    RegisterEntry.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=[one.name for one in RegisterEntry._meta.concrete_fields if one.name not in ("id", "name")],
    )


def _attributes(entry: Entry, topics: Mapping[str, Sequence[str]], questions: Mapping[str, int]) -> dict[str, Any]:
    return {
        "slug": entry.slug,
        "kind": entry.kind,
        "status": entry.status,
        "since": entry.since,
        "short": list(entry.short),
        "former": list(entry.former),
        "successors": list(entry.successors),
        "text": entry.text,
        "source_title": entry.source_title,
        "source_url": entry.source_url,
        "topics": list(topics.get(entry.name, ())),
        "questions": questions.get(entry.name, 0),
    }
