"""Imports for their pages: what was found in a file, page by page, and the account of it in few statements."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast

from quizzes.models import Import, ImportItem
from quizzes.queries.exchanged import (
    AspectCount,
    ExportAccount,
    ExportLine,
    Shared,
    account_of_export,
    aspect_counts,
    exchanged_questions,
    exportable_questions,
    pictures_of,
)

__all__ = [
    "FILTERS",
    "AspectCount",
    "ExportAccount",
    "ExportLine",
    "ImportAccount",
    "account_of_export",
    "account_of_import",
    "aspect_counts",
    "exchanged_questions",
    "exportable_questions",
    "items_of",
    "own_imports",
    "pictures_of",
]

FILTERS = ("all", "problems", "alike", "losses", "blocking", "taken")
"""What the list of an import can be narrowed to."""


@dataclass(frozen=True, slots=True)
class ImportAccount:
    """An import in numbers. ``total`` questions were found; of them ``problems`` can not be taken, ``alike`` are like
    another one, of ``losses`` something is lost, ``blocking`` are held back by the checks until they are mended.
    ``take``, ``skip``, ``replace``: what is chosen. ``matched``: those matched with an own question.
    ``common``: what is said of every question that can be taken."""

    total: int
    problems: int
    alike: int
    losses: int
    blocking: int
    matched: int
    take: int
    skip: int
    replace: int
    aspects: tuple[AspectCount, ...]
    common: tuple[Mapping[str, str], ...]


def own_imports(person_id: int) -> QuerySet[Import]:
    """The imports of this person, the newest first."""
    found: QuerySet[Import] = Import.objects.filter(person_id=person_id)
    return found


def items_of(source: Import, wanted: str = "all") -> QuerySet[ImportItem]:
    """What was found in a file, in its order, for a page of it. ``wanted``: one of FILTERS.

    ``notes``: [{aspect, severity, words}]; ``findings``: [{check, words, blocks}]; ``alike``: [{code, position, share,
    readable}] with ``code`` for a question of the bank and ``position`` for one of the file, and an empty other.
    """
    rows = ImportItem.objects.filter(source=source).select_related("target", "question").defer("raw")
    return _narrowed(rows, wanted).order_by("position")


def account_of_import(source: Import) -> ImportAccount:
    """The numbers of an import: two statements, however many questions it has."""
    rows = _texts(ImportItem.objects.filter(source=source))
    choices = ImportItem.Choice
    counts = rows.aggregate(
        total=Count("pk"),
        problems=Count("pk", filter=_FITS["problems"]),
        alike=Count("pk", filter=_FITS["alike"]),
        losses=Count("pk", filter=_FITS["losses"]),
        blocking=Count("pk", filter=_FITS["blocking"]),
        matched=Count("pk", filter=Q(target__isnull=False)),
        **{one.value: Count("pk", filter=Q(choice=one)) for one in choices},
    )
    told = ImportItem.objects.filter(source=source).exclude(notes=[]).order_by("position")
    notes, shared = told.values_list("problem", "notes"), Shared()
    of_problems = [each for problem, each in notes if problem]
    aspects = aspect_counts([*of_problems, *shared.through(each for problem, each in notes if not problem)])
    return ImportAccount(**counts, aspects=aspects, common=shared.of(counts["total"] - counts["problems"]))


# Lists in JSON columns, asked as text: words of people cannot hold these, their quotes are escaped.
_FITS = {
    "problems": ~Q(problem=""),
    "alike": ~Q(alike_text="[]"),
    "losses": Q(notes_text__contains='"severity": "lost"'),
    "blocking": Q(findings_text__contains='"blocks": true'),
    "taken": ~Q(choice=ImportItem.Choice.SKIP),
}


def _texts(rows: QuerySet[ImportItem]) -> QuerySet[ImportItem]:
    columns = {f"{name}_text": Cast(name, TextField()) for name in ("alike", "notes", "findings")}
    found: QuerySet[ImportItem] = rows.annotate(**columns)
    return found


def _narrowed(rows: QuerySet[ImportItem], wanted: str) -> QuerySet[ImportItem]:
    return _texts(rows).filter(_FITS[wanted]) if wanted in _FITS else rows
