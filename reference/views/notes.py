"""The notes: the course, and one page of it. The same for everybody, so that a cache may keep them."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.module_loading import import_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from reference import queries

Asked = Callable[[int], dict[str, set[int]]]

PAGE_SECONDS = 3600


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The course: modules, lessons, topics."""
    edition = queries.edition_digest()
    return _shared(request, edition, lambda: _index(request, edition))


def _index(request: HttpRequest, edition: str) -> HttpResponse:
    context = {
        "section": "notes",
        "tree": queries.course_tree(edition),
        "counts": _call(settings.TOPIC_QUESTION_COUNTS),
    }
    return render(request, "reference/index.html", context)


@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """One reference page. A former name leads on to the present one."""
    edition = queries.edition_digest()
    return _shared(request, edition, lambda: _topic(request, slug, edition))


def _topic(request: HttpRequest, slug: str, edition: str) -> HttpResponse:
    page = queries.topic_page(slug, edition)
    if page is None:
        present = queries.present_slug(slug)
        if present is None:
            raise Http404
        return redirect("notes:topic", present, permanent=True)
    asked = cast(Asked, import_string(settings.SECTION_QUESTIONS))(page.topic.pk)
    groups = queries.grouped_anchors(page.sections)
    context = {
        "section": "notes",
        "page": page,
        "topic": page.topic,
        "tree": queries.course_tree(edition),
        "chapters": _chapters(page, groups, asked),
        "question_count": len(set().union(*asked.values())),
    }
    return render(request, "reference/topic.html", context)


def _chapters(
    page: queries.TopicPage, groups: dict[str, list[str]], asked: dict[str, set[int]]
) -> list[dict[str, object]]:
    """Second-level headings with what follows, and how many questions cite a statement there."""
    chapters: list[dict[str, object]] = []
    html: list[str] = []
    for section in page.sections:
        if section.level <= 2 or not chapters:
            html = []
            chapters.append({"anchor": section.anchor, "title": section.title, "html": html})
            here = [asked.get(anchor, set()) for anchor in groups.get(section.anchor, [])]
            chapters[-1]["count"] = len(set().union(*here))
        html.append(section.html)
    return chapters


def _shared(request: HttpRequest, edition: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer 304 where the reader's copy still holds; else make the page and let it be kept."""
    etag = quote_etag(f"{edition[:16]}-{settings.BUILD}")
    unchanged = get_conditional_response(request, etag=etag)
    response = unchanged or _kept(request.path, etag, make)
    if response.status_code in (200, 304):
        response.headers["ETag"] = etag
        patch_cache_control(response, public=True, max_age=0, must_revalidate=True)
    return response


def _kept(path: str, etag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as it was made last, for as long as its ETag stands: it is the same for everybody."""
    # No page of ours has so long an address; a cache takes no key of any length.
    key = f"page:{get_language()}:{etag}:{path[:150]}"
    content: bytes | None = cache.get(key)
    if content is not None:
        return HttpResponse(content)
    response = make()
    if response.status_code == 200:
        cache.set(key, response.content, PAGE_SECONDS)
    return response


def _call(path: str) -> object:
    return import_string(path)()
