"""The glossary, and what has changed since 2016."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reference import queries
from reference.lifecycle import KINDS, STATUSES
from reference.queries.register import RENAMED
from reference.views.shared import shared

TERMS_A_PAGE = 80
CHANGES_A_PAGE = 40


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Every service and term with its present name; by status, kind and letter."""
    status = _one_of(request.GET.get("status"), (*STATUSES, RENAMED))
    kind = _one_of(request.GET.get("kind"), KINDS)
    letter = request.GET.get("letter", "")[:1].upper()
    number = _number(request.GET.get("page"))
    chosen = {"status": status, "kind": kind, "letter": letter}
    edition = queries.edition_digest()
    return shared(request, edition, lambda: _glossary(request, chosen, number), query=f"?{urlencode(chosen)}&{number}")


def _glossary(request: HttpRequest, chosen: dict[str, str], number: int) -> HttpResponse:
    found = queries.glossary(**chosen)
    context = {
        "section": "notes",
        "found": found,
        "page_obj": Paginator(found.rows, TERMS_A_PAGE).get_page(number),
        "chosen": chosen,
        "kept": _kept(chosen),
    }
    return render(request, "reference/glossary.html", context)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Then and now, statement by statement; by service and by year."""
    services = queries.changed_services()
    service = _one_of(request.GET.get("service"), [name for name, _ in services])
    years = queries.change_years()
    year = next((one for one in years if str(one) == request.GET.get("year")), None)
    number = _number(request.GET.get("page"))
    chosen = {"service": service, "year": str(year or "")}

    def make() -> HttpResponse:
        found = queries.changes(service=service, year=year)
        context = {
            "section": "notes",
            "page_obj": Paginator(found, CHANGES_A_PAGE).get_page(number),
            "services": services,
            "years": years,
            "chosen": chosen,
            "kept": _kept(chosen),
        }
        return render(request, "reference/changes.html", context)

    return shared(request, queries.edition_digest(), make, query=f"?{urlencode(chosen)}&{number}")


def _one_of(value: str | None, known: tuple[str, ...] | list[str]) -> str:
    return value if value and value in known else ""


def _number(value: str | None) -> int:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 5 else 1


def _kept(chosen: dict[str, str]) -> str:
    """The choices that a link to another page keeps."""
    query = urlencode({key: value for key, value in chosen.items() if value})
    return f"&{query}" if query else ""
