"""What writes the entries of the search: staged in small pieces, made visible at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256

from django.db import transaction

from reference.files import NotesTree, Page
from reference.lifecycle import Register
from reference.models import SearchEntry

PIECE = 200
_TEXTS = ("kind", "slug", "anchor", "title", "names", "heading", "body")


def stage_search(tree: NotesTree, register: Register, topics: Mapping[str, Sequence[str]]) -> set[int]:
    """Write the entries that are not there yet; nobody finds them so far. Returns the ids of all that shall stand."""
    wanted = {entry.digest: entry for entry in _entries(tree, register, topics)}
    there = dict(SearchEntry.objects.values_list("digest", "pk"))
    missing = [entry for digest, entry in wanted.items() if digest not in there]
    for start in range(0, len(missing), PIECE):
        SearchEntry.objects.bulk_create(missing[start : start + PIECE])
    after = dict(SearchEntry.objects.values_list("digest", "pk"))
    return {after[digest] for digest in wanted}


def publish_search(staged: set[int]) -> None:
    """Let the staged entries be found, and nothing else. To be called in the transaction that publishes the course."""
    standing = set(SearchEntry.objects.filter(live=True).values_list("pk", flat=True))
    _set_live(sorted(staged - standing), live=True)
    _set_live(sorted(standing - staged), live=False)


def _set_live(ids: Sequence[int], *, live: bool) -> None:
    for start in range(0, len(ids), PIECE):
        SearchEntry.objects.filter(pk__in=ids[start : start + PIECE]).update(live=live)


def sweep_search() -> int:
    """Remove what is found no more, in small pieces. Returns how many."""
    gone = list(SearchEntry.objects.filter(live=False).values_list("pk", flat=True))
    for start in range(0, len(gone), PIECE):
        with transaction.atomic():
            SearchEntry.objects.filter(pk__in=gone[start : start + PIECE]).delete()
    return len(gone)


def _entries(tree: NotesTree, register: Register, topics: Mapping[str, Sequence[str]]) -> Iterator[SearchEntry]:
    for page in tree.pages:
        yield _entry(
            kind=SearchEntry.Kind.PAGE,
            slug=page.slug,
            title=page.title,
            names=", ".join(_other_names(page, register)),
            body=" ".join([page.lede, *(section.title for section in page.rendered.sections)]),
        )
        for section in page.rendered.sections:
            yield _entry(
                kind=SearchEntry.Kind.SECTION,
                slug=page.slug,
                anchor=section.anchor,
                title=page.title,
                heading=section.title,
                body=section.text,
            )
    for entry in register.entries:
        yield _entry(
            kind=SearchEntry.Kind.TERM,
            slug=next(iter(topics.get(entry.name, ())), ""),
            anchor=entry.slug,
            title=entry.name,
            names=", ".join(entry.spellings[1:]),
            body=entry.text,
        )


def _other_names(page: Page, register: Register) -> Iterable[str]:
    """What else somebody may call the subject of a page: its services by all their names, and what they replace."""
    services = [entry for name in page.services if (entry := register.find(name))]
    replaced = [one for one in register.entries if any(own.name in one.successors for own in services[:3])]
    names = [spelling for entry in [*services, *replaced] for spelling in entry.spellings]
    return dict.fromkeys([*names, *(alias.replace("-", " ") for alias in page.aliases)])


def _entry(**texts: str) -> SearchEntry:
    entry = SearchEntry(**texts)
    ordered = [str(getattr(entry, name)) for name in _TEXTS]
    entry.digest = sha256(json.dumps(ordered).encode()).hexdigest()
    return entry
