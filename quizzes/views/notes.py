"""What the notes and the quizzes have in common: a person's layer on a page, what was read, the index by task."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.queries.bank import counts_by_topic
from quizzes.queries.notes import exam_tasks
from quizzes.views.attempts import private
from quizzes.views.marks import personal_fragment
from quizzes.views.person import ensure_person, person_id
from reference import queries
from reference.services import mark_read, unmark_read
from reference.views.shared import shared


@private
@require_safe
def topic_mine(request: HttpRequest, slug: str) -> HttpResponse:
    """How this person did on each section, what they marked, whether they have read it. Nothing for a stranger."""
    person = person_id(request)
    if person is None:
        return HttpResponse(status=204)
    return personal_fragment(request, person, slug)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def topic_read(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark a page as read, or take the mark back. A GET asks first, for readers without scripts."""
    title = queries.topic_title(slug)
    if not title:
        raise Http404
    if request.method == "POST":
        if "undo" in request.POST:
            unmark_read(person_id=ensure_person(request), slug=slug)
        else:
            mark_read(person_id=ensure_person(request), slug=slug, now=clock.read())
        if not getattr(request, "htmx", False):
            return redirect("notes_mine")
    person = person_id(request)
    context = {
        "section": "notes",
        "slug": slug,
        "title": title,
        "read": queries.read_on(person, slug) if person else None,
    }
    template = "quizzes/topic_read.html#mark" if getattr(request, "htmx", False) else "quizzes/topic_read.html"
    return render(request, template, context)


@private
@require_safe
def notes_mine(request: HttpRequest) -> HttpResponse:
    """What this person has read: a page of its own, and the marks on the list of notes."""
    person = person_id(request)
    read = queries.read_days(person) if person else []
    tree = queries.course_tree(queries.edition_digest())
    total = sum(len(lesson.topics) for module in tree for lesson in module.lessons)
    context = {"section": "notes", "read": read, "total": total}
    template = "quizzes/notes_mine.html#marks" if getattr(request, "htmx", False) else "quizzes/notes_mine.html"
    return render(request, template, context)


@require_safe
def notes_by_task(request: HttpRequest) -> HttpResponse:
    """The notes by what the exams ask: domains of today's exam, tasks of the one before."""
    edition = queries.edition_digest()

    def make() -> HttpResponse:
        context = {"section": "notes", "exams": exam_tasks(), "counts": counts_by_topic()}
        return render(request, "quizzes/notes_tasks.html", context)

    return shared(request, edition, make)
