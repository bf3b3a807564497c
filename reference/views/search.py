"""Searching: a page, and what appears below the field while one types."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from reference.search import search as search_notes

SHOWN_AT_ONCE = 6
SHOWN = 15
LONGEST_ECHO = 300
"""Characters of what was typed that the page shows again."""


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What fits; as a page, as its results alone, or as a short list under the field in the header."""
    text = request.GET.get("q", "").replace("\0", "")
    htmx = cast(HtmxDetails, getattr(request, "htmx", None))
    if htmx and htmx.target == "finding":
        context = {"results": search_notes(text, limit=SHOWN_AT_ONCE), "text": text[:LONGEST_ECHO]}
        return render(request, "reference/search.html#finding", context)
    context = {"section": "search", "results": search_notes(text, limit=SHOWN), "text": text[:LONGEST_ECHO]}
    template = "reference/search.html#results" if htmx and htmx.target == "results" else "reference/search.html"
    return render(request, template, context)
