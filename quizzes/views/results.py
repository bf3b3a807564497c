"""After a quiz was used: its results, one sitting, the file, and marking again after a key was corrected."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from quizzes import clock
from quizzes.formats import sheets
from quizzes.forms import RemarkForm
from quizzes.models import Attempt, Quiz
from quizzes.queries import remarks, watching
from quizzes.queries import sittings as queries
from quizzes.queries.rights import own_quizzes
from quizzes.services.flags import is_small
from quizzes.services.remarking import OtherKeys, Progress, remark_quiz
from quizzes.tasks import begin_flags
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors

COLUMNS = (
    *("attempt", "person", "state", "started_at", "ended_at", "seconds", "score", "maximum", "percent"),
    *("pass_mark", "passed", "times_marked", "unseen"),
)
"""The file's columns, as docs/results.md explains them."""
CHANGES_A_PAGE = 50


def _own(request: HttpRequest, slug: str) -> Quiz:
    return get_object_or_404(own_quizzes(own_id(request)), slug=slug)


@for_instructors
@require_safe
def listed(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sat the quiz, and what it was worth."""
    quiz = _own(request, slug)
    now = clock.read()
    wanted = _wanted(request)
    versions = remarks.corrected_versions(quiz)
    context = {
        "section": "teach",
        "here": "quizzes",
        "page": queries.sittings_page(quiz, wanted, _number(request, "page"), now=now),
        "kept": _kept(wanted),
        "overtaken": remarks.overtaken(quiz, versions).count() if versions else 0,
        "states": list(Attempt.State.choices),
    }
    return render(request, "quizzes/quiz_results.html", context)


def _wanted(request: HttpRequest) -> queries.Wanted:
    sort = request.GET.get("sort", "")
    state = request.GET.get("state", "")
    return queries.Wanted(
        state=state if state in Attempt.State.values else "",
        person=request.GET.get("person", "").replace("\0", "").strip()[:150],
        sort=sort if sort.removeprefix("-") in queries.SORTS else queries.DEFAULT_SORT,
    )


def _kept(wanted: queries.Wanted) -> str:
    """What the address keeps from page to page."""
    given = {"state": wanted.state, "person": wanted.person}
    if wanted.sort != queries.DEFAULT_SORT:
        given["sort"] = wanted.sort
    words = urlencode({name: value for name, value in given.items() if value})
    return f"&{words}" if words else ""


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@for_instructors
@require_safe
def one(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One sitting as the learner saw it."""
    page = watching.sitting_page(
        _own(request, slug),
        code,
        viewer_id=own_id(request),
        chosen=request.GET.get("show", ""),
        number=_number(request, "page"),
        event_page=_number(request, "log"),
        now=clock.read(),
    )
    if page is None:
        raise Http404
    context = {"section": "teach", "here": "quizzes", "page": page, "kept": f"&show={page.chosen}"}
    return render(request, "quizzes/quiz_result.html", context)


@for_instructors  # type: ignore[arg-type]  # streamed, which the types keep apart
@require_safe
def as_csv(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All results as a file for spreadsheets."""
    quiz, now = _own(request, slug), clock.read()
    rows = (_cells(one) for one in queries.all_sittings(quiz, now=now))
    response = StreamingHttpResponse(_encoded(sheets.as_csv(COLUMNS, rows)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{quiz.slug}-results-{now:%Y-%m-%d}.csv"'
    return response


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode()


def _cells(one: queries.Sitting) -> list[sheets.Cell]:
    attempt, share = one.attempt, one.share
    seconds = None if one.milliseconds is None else one.milliseconds // 1000
    return [
        attempt.code,
        attempt.person.get_username(),
        one.state,
        attempt.started_at.isoformat(timespec="seconds"),
        attempt.ended_at.isoformat(timespec="seconds") if attempt.ended_at else None,
        seconds,
        one.raw,
        one.maximum,
        None if share is None else round(share, 2),
        queries.pass_mark_of(attempt),
        {True: "yes", False: "no", None: ""}[one.passed],
        one.marked,
        one.unseen if one.asked else None,
    ]


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def remark(request: HttpRequest, slug: str) -> HttpResponse:
    """What marking again would change; then, on a word, the marking itself, a part a request."""
    quiz = _own(request, slug)
    if request.method != "POST":
        return _preview(request, quiz)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return _preview(request, quiz, form, status=422)
    given = form.cleaned_data
    try:
        progress = remark_quiz(
            quiz=quiz, actor=actor(request), token=given["token"], reason=given["reason"], now=clock.read()
        )
    except OtherKeys:
        messages.warning(request, _("A key was corrected meanwhile. Look again at what would change, then confirm."))
        return _preview(request, quiz, status=409)
    if progress.left:
        return _progress(request, quiz, given, progress)
    if not is_small(quiz):
        begin_flags(quiz)
    total = max(given["total"] or 0, progress.done)
    words = ngettext("%(n)d attempt was marked again.", "%(n)d attempts were marked again.", total) % {"n": total}
    messages.success(request, words + " " + _("Its learners are told on their next visit."))
    where = reverse("teach:quiz_results", args=[quiz.slug])
    return HttpResponseClientRedirect(where) if getattr(request, "htmx", False) else redirect(where)


def _progress(request: HttpRequest, quiz: Quiz, given: dict[str, object], progress: Progress) -> HttpResponse:
    total = max(int(str(given["total"] or 0)), progress.done + progress.left)
    context = {
        "section": "teach",
        "here": "quizzes",
        "quiz": quiz,
        "form": RemarkForm(initial={**given, "total": total}),
        "given": {**given, "total": total},
        "done": total - progress.left,
        "left": progress.left,
        "total": total,
    }
    return render(request, "quizzes/quiz_remark.html", context)


def _preview(request: HttpRequest, quiz: Quiz, form: RemarkForm | None = None, *, status: int = 200) -> HttpResponse:
    preview = remarks.preview(quiz, viewer_id=own_id(request))
    codes = ", ".join(key.code for key in preview.keys)
    reason = ngettext("The key of %(codes)s was corrected", "The keys of %(codes)s were corrected", len(preview.keys))
    first = {"token": preview.token, "total": len(preview.changes), "reason": (reason % {"codes": codes})[:200]}
    context = {
        "section": "teach",
        "here": "quizzes",
        "quiz": quiz,
        "preview": preview,
        "page_obj": Paginator(preview.changes, CHANGES_A_PAGE).get_page(request.GET.get("page")),
        "form": form or RemarkForm(initial=first),
    }
    return render(request, "quizzes/quiz_remark.html", context, status=status)
