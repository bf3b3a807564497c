"""What each file format carries and what it loses, as pages, with a sample of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quizzes.formats.exchange.described import described, file_name, sample
from quizzes.formats.exchange.model import Format
from quizzes.formats.exchange.registry import FORMATS
from quizzes.views.teach import for_instructors

CONTEXT = {"section": "teach", "here": "imports"}


def format_of(name: str) -> Format:
    """The format of this name. Raises Http404."""
    try:
        return FORMATS[name]
    except KeyError as error:
        raise Http404 from error


def attachment(name: str) -> str:
    """The header that saves an answer under this name, of letters, digits, dots and hyphens."""
    return f'attachment; filename="{name}"'


@for_instructors
@require_safe
def format_list(request: HttpRequest) -> HttpResponse:
    """All formats, in and out."""
    return render(request, "quizzes/format_list.html", {**CONTEXT, "formats": [*map(described, FORMATS.values())]})


@for_instructors
@require_safe
def format_page(request: HttpRequest, name: str) -> HttpResponse:
    """One format: what it carries, what it loses, and the way in and out of the other system."""
    found = described(format_of(name))
    return render(request, "quizzes/format_page.html", {**CONTEXT, "one": found, "file": file_name(found.format, name)})


@for_instructors
@require_safe
def format_sample(request: HttpRequest, name: str) -> HttpResponse:
    """The example questions as a file of this format."""
    found = format_of(name)
    if not found.writes:
        raise Http404
    response = HttpResponse(sample(found), content_type=found.media_type)
    response.headers["Content-Disposition"] = attachment(file_name(found, f"example-{name}"))
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
