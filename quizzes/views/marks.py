"""What a person marks in the notes: passages with private notes, and bookmarks; on the page, and all of them listed."""

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.forms_marks import MarkForm, NoteForm
from quizzes.queries.notes import personal_layer
from quizzes.views.attempts import private
from quizzes.views.person import ensure_person, own_id, person_id
from reference.models import Highlight
from reference.queries import marks as queries
from reference.queries import read_on
from reference.services import marks as services

FILTER_FROM = 20
"""With more marks than this, the list can be searched."""


def personal_fragment(request: HttpRequest, person: int, slug: str) -> HttpResponse:
    """All that a page shows of one person, each piece to be put in its place. Raises Http404 without such a page."""
    try:
        read = read_on(person, slug)
    except ObjectDoesNotExist as error:
        raise Http404 from error
    own = queries.page_marks(person, slug)
    spans = " ".join(f"{one.pk}:{one.start}-{one.end}" for one in own.standing) if own else ""
    context = {
        "slug": slug,
        "read": read,
        "own": own,
        "spans": spans,
        "bookmarked": {one.anchor for one in own.kept} if own else set(),
    }
    return render(request, "quizzes/topic_mine.html", context | personal_layer(person, slug))


@private
@require_http_methods(["GET", "HEAD", "POST"])
def topic_marks(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark a passage of a page. A GET asks for the note; without scripts, for the passage too."""
    text = queries.page_text(slug)
    if text is None:
        raise Http404
    in_place = bool(getattr(request, "htmx", False))
    given = request.POST if request.method == "POST" else request.GET if "passage" in request.GET else None
    form = MarkForm(given, text=text)
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        if in_place:
            return personal_fragment(request, own_id(request), slug)
        return redirect(f"{reverse('marks:mine')}?page={slug}")
    status = 422 if form.errors else 200  # asked first: judging the form finds the passage
    context = {"section": "notes", "slug": slug, "title": text.title, "form": form, "quote": form.quote, "text": text}
    if not in_place:
        wanted = request.GET.get("section", "")
        parts = queries.chapters(slug)
        context["chapters"] = [one for one in parts if one.anchor == wanted] or parts
    template = "quizzes/topic_marks.html#mark" if in_place else "quizzes/topic_marks.html"
    return render(request, template, context, status=status)


def _kept(request: HttpRequest, form: MarkForm) -> bool:
    assert form.quote is not None
    try:
        services.mark_passage(
            person_id=ensure_person(request),
            topic_id=form.text.topic_id,
            quote=form.quote,
            note=form.cleaned_data["note"],
            now=clock.read(),
        )
    except services.TooManyMarks:
        message = _("You have marked %(n)s passages, and no more are kept. Remove one first.")
        form.add_error(None, message % {"n": services.MOST_HIGHLIGHTS})
        return False
    return True


@private
@require_http_methods(["GET", "HEAD", "POST"])
def topic_bookmark(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a page or a section to find it again, or let it go. A GET asks first, for readers without scripts."""
    given = request.POST if request.method == "POST" else request.GET
    anchor = given.get("section", "")
    if len(anchor) > 80 or "\0" in anchor or not queries.has_section(slug, anchor):
        raise Http404
    if request.method == "POST":
        on, now = "undo" not in request.POST, clock.read()
        services.set_bookmark(person_id=ensure_person(request), slug=slug, anchor=anchor, on=on, now=now)
        if not getattr(request, "htmx", False):
            if "from" in request.POST:
                return redirect("marks:mine")
            return redirect(reverse("notes:topic", args=[slug]) + (f"#{anchor}" if anchor else ""))
    person = person_id(request)
    own = queries.page_marks(person, slug) if person else None
    context = {
        "section": "notes",
        "slug": slug,
        "anchor": anchor,
        "kept": own is not None and any(one.anchor == anchor for one in own.kept),
    }
    template = "quizzes/topic_bookmark.html#mark" if getattr(request, "htmx", False) else "quizzes/topic_bookmark.html"
    return render(request, template, context)


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """All that this person has marked, page by page, to search and to take away as a file."""
    person = person_id(request)
    everything = queries.all_marks(person) if person else []
    asked = request.GET.get("q", "").strip()[:200]
    wanted = request.GET.get("page", "")
    count = sum(len(one.marks) + len(one.kept) for one in everything)
    context = {
        "section": "progress",
        "everything": everything,
        "pages": queries.sifted(everything, words=asked, slug=wanted),
        "count": count,
        "filtered": bool(asked or wanted),
        "with_filter": count > FILTER_FROM or bool(asked or wanted),
        "asked": asked,
        "wanted": wanted,
    }
    return render(request, "quizzes/marks_mine.html", context)


@private
@require_safe
def as_file(request: HttpRequest) -> HttpResponse:
    """All of it as a Markdown file."""
    person = person_id(request)
    text = queries.as_markdown(queries.all_marks(person) if person else [], settings.SITE_ORIGIN)
    reply = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    reply.headers["Content-Disposition"] = 'attachment; filename="highlights.md"'
    return reply


@private
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """One marked passage: its note to write anew, or the mark to take away."""
    person = person_id(request)
    mark = queries.own_mark(person, pk) if person else None
    if person is None or mark is None:
        raise Http404
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"note": mark.note})
    if request.method == "POST":
        if "remove" in request.POST:
            services.remove_passage(person_id=person, pk=pk)
            return _after(request, person, mark)
        if form.is_valid():
            services.change_note(person_id=person, pk=pk, note=form.cleaned_data["note"], now=clock.read())
            return _after(request, person, mark)
    in_place = bool(getattr(request, "htmx", False))
    template = "quizzes/marks_one.html#note" if in_place else "quizzes/marks_one.html"
    context = {"section": "notes", "mark": mark, "form": form}
    return render(request, template, context, status=422 if form.errors else 200)


def _after(request: HttpRequest, person: int, mark: Highlight) -> HttpResponse:
    if getattr(request, "htmx", False):
        return personal_fragment(request, person, mark.topic.slug)
    return redirect("marks:mine")
