"""Pages that are the same for everybody: kept here, and asked for again by an ETag."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language

PAGE_SECONDS = 3600
LONGEST_KEY = 150
"""No page of ours has so long an address; a cache takes no key of any length."""


def shared(request: HttpRequest, edition: str, make: Callable[[], HttpResponse], *, query: str = "") -> HttpResponse:
    """Answer 304 where the reader's copy still holds; else make the page and let it be kept.

    ``query`` names which of several pages at one address it is, in words of this site and never as it was typed.
    """
    etag = quote_etag(f"{edition[:16]}-{settings.BUILD}")
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or _kept(request.path + query, etag, make)
    if response.status_code in (200, 304):
        response.headers["ETag"] = etag
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


def _kept(place: str, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it was made last, for as long as its ETag stands."""
    key = f"page:{get_language()}:{etag}:{place[:LONGEST_KEY]}"
    content: bytes | None = cache.get(key)
    if content is not None:
        return HttpResponse(content)
    response = make()
    if response.status_code == 200:
        cache.set(key, response.content, PAGE_SECONDS)
    return response
