"""The notes: the course, and one page of it. The same for everybody, so that a cache may keep them."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from reference import queries
from reference.views.shared import shared

Asked = Callable[[int], dict[str, set[int]]]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The course: modules, lessons, topics."""
    edition = queries.edition_digest()
    return shared(request, edition, lambda: _index(request, edition))


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
    return shared(request, edition, lambda: _topic(request, slug, edition))


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


def _call(path: str) -> object:
    return import_string(path)()
