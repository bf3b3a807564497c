"""The register, for a screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from reference.lifecycle import Entry, Register
from reference.models import RegisterEntry, Topic

RENAMED = "renamed"
"""A filter beside the statuses: entries that once had another name."""


@dataclass(frozen=True, slots=True)
class GlossaryRow:
    """An entry with the titles of the pages that treat it, and the anchors of what to use instead."""

    entry: RegisterEntry
    topics: tuple[tuple[str, str], ...]
    successors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Glossary:
    """What a glossary page shows: the rows that fit, and how many there are of each letter and status."""

    rows: tuple[GlossaryRow, ...]
    letters: tuple[str, ...]
    statuses: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    total: int


def glossary(*, status: str = "", kind: str = "", letter: str = "") -> Glossary:
    """The entries of a status (or RENAMED), of a kind and under a letter, where these are given; by name."""
    entries = RegisterEntry.objects.all()
    total = entries.count()
    statuses = (*_counted("status"), (RENAMED, entries.filter(_renamed()).count()))
    kinds = tuple(_counted("kind"))
    if status:
        entries = entries.filter(_renamed()) if status == RENAMED else entries.filter(status=status)
    if kind:
        entries = entries.filter(kind=kind)
    chosen = sorted(entries, key=lambda one: _key(one.name))
    letters = tuple(dict.fromkeys(_key(one.name)[:1].upper() for one in chosen))
    if letter:
        chosen = [one for one in chosen if _key(one.name)[:1].upper() == letter.upper()]
    return Glossary(tuple(_rows(chosen)), letters, statuses, kinds, total)


def _renamed() -> Q:
    return ~Q(former=[]) & Q(status="active")


def _counted(field: str) -> list[tuple[str, int]]:
    rows = RegisterEntry.objects.values(field).annotate(n=Count("pk")).order_by("-n", field)
    return [(row[field], row["n"]) for row in rows]


def _key(name: str) -> str:
    """How a name is sorted: without the maker’s name that half of them begin with."""
    return name.removeprefix("AWS ").removeprefix("Amazon ").casefold()


def _rows(entries: Sequence[RegisterEntry]) -> list[GlossaryRow]:
    titles = dict(Topic.objects.live().values_list("slug", "title"))
    slugs = dict(RegisterEntry.objects.values_list("name", "slug"))
    return [
        GlossaryRow(
            entry,
            tuple((slug, titles[slug]) for slug in entry.topics if slug in titles),
            tuple((name, slugs[name]) for name in entry.successors if name in slugs),
        )
        for entry in entries
    ]


def services_register() -> Register:
    """The services of the register with all their spellings, to find them in a text. One query."""
    rows = RegisterEntry.objects.filter(kind="service").values_list("name", "kind", "status", "short", "former")
    return Register(
        tuple(
            Entry(
                name=name,
                kind=kind,
                status=status,
                text="",
                source_title="",
                source_url="",
                short=tuple(short),
                former=tuple(former),
            )
            for name, kind, status, short, former in rows
        )
    )
