"""What the answers say about the questions of a quiz: the quiz, one question, two wordings of it beside each other."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from quizzes import tasks
from quizzes.forms_analysis import AnalysisForm
from quizzes.models import Assignment, Classroom, Question, Quiz, Report
from quizzes.queries import analysis_pages as pages
from quizzes.queries import analysis_words as words
from quizzes.queries import remarks
from quizzes.queries.feedback import explain_version
from quizzes.queries.rights import own_assignments, own_classes, own_quizzes
from quizzes.services.analysis import BUSY, Figures, figures_of
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

CONTEXT = {"section": "teach", "here": "quizzes"}
ASKED = ("given_to", "since", "until", "every")
"""What the address says of which attempts; all pages and files of the analysis keep it."""


def own_quiz(request: HttpRequest, slug: str) -> Quiz:
    """A quiz of whoever asks; for all others it is not there."""
    return get_object_or_404(own_quizzes(own_id(request)), slug=slug)


def filter_form(request: HttpRequest, quiz: Quiz) -> AnalysisForm:
    """The filter as the address has it; nothing is asked for where it says nothing."""
    given = own_assignments(own_id(request)).filter(quiz=quiz).select_related("classroom", "group")
    assignments: list[Assignment] = list(given.order_by("classroom__name", "pk"))
    classes: Sequence[Classroom] = list(
        own_classes(own_id(request)).filter(pk__in={one.classroom_id for one in assignments})
    )
    return AnalysisForm(request.GET, classes=classes, assignments=assignments)


def kept(request: HttpRequest) -> dict[str, str]:
    """The filter of the address."""
    return {name: request.GET[name] for name in ASKED if request.GET.get(name)}


@for_instructors
@require_safe
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """The figures of a quiz and of each of its questions."""
    quiz = own_quiz(request, slug)
    form = filter_form(request, quiz)
    context: dict[str, Any] = {**CONTEXT, "quiz": quiz, "form": form, "kept": kept(request)}
    if not form.is_valid():
        return render(request, "quizzes/quiz_analysis.html", context, status=422)
    report = tasks.current_report(quiz, form.wanted())
    context |= _state(request, report)
    if request.headers.get("HX-Request"):
        return _progress(request, report, context)
    found = figures_of(report)
    if found is not None and found.analysis.summary.n:
        context |= _figures(request, quiz, found)
    context |= {"found": found}
    return render(request, "quizzes/quiz_analysis.html", context)


def _state(request: HttpRequest, report: Report) -> dict[str, Any]:
    """How far the computing is."""
    share = min(100, report.done * 100 // report.total) if report.total else 0
    query = urlencode(kept(request))
    return {"report": report, "busy": report.state in BUSY, "share": share, "query": f"?{query}" if query else ""}


def _progress(request: HttpRequest, report: Report, context: dict[str, Any]) -> HttpResponse:
    """The bar alone, for the page that asks again and again; where there is none any more, the whole page."""
    if report.state not in BUSY:
        return HttpResponseClientRedirect(request.get_full_path())
    response = render(request, "quizzes/quiz_analysis.html#progress", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _figures(request: HttpRequest, quiz: Quiz, found: Figures) -> dict[str, Any]:
    sort = request.GET.get("sort", "")
    sort = sort if sort.removeprefix("-") in pages.SORTS else ""
    older = request.GET.get("texts") == "all"
    summary, items = found.analysis.summary, found.analysis.items
    versions = remarks.corrected_versions(quiz)
    with_texts = {**kept(request), **({"texts": "all"} if older else {})}
    return {
        "said": list(words.of_quiz(summary, drawn=found.drawn)),
        "warning": words.trust_words(summary.n),
        "histogram": words.histogram(summary, quiz.pass_mark),
        "lines": pages.lines(items, found.texts, own_id(request), sort=sort, older=older),
        "sort": sort,
        "older": older,
        "has_older": any(not text.newest for text in found.texts),
        "with_texts": with_texts,
        "overtaken": remarks.overtaken(quiz, versions).count() if versions else 0,
    }


@for_instructors
@require_safe
def question(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One question with all its figures, and another wording of it beside it where that is asked for."""
    quiz = own_quiz(request, slug)
    form = filter_form(request, quiz)
    if not form.is_valid():
        return redirect(_address(quiz, request))
    found = figures_of(tasks.current_report(quiz, form.wanted()))
    if found is None:
        return redirect(_address(quiz, request))
    query = urlencode(kept(request))
    context: dict[str, Any] = {**CONTEXT, "quiz": quiz, "code": code, "kept": kept(request), "found": found}
    context |= {"query": f"?{query}" if query else "", "and_query": f"&{query}" if query else ""}
    texts = pages.shown(found.analysis.items, found.texts, code)
    if not texts:
        asked = Question.objects.filter(code=code, placed_in__section__quiz=quiz).first()
        if asked is None:
            raise Http404
        return render(request, "quizzes/quiz_analysis_question.html", context)
    return render(request, "quizzes/quiz_analysis_question.html", context | _shown(request, found, texts))


def _address(quiz: Quiz, request: HttpRequest) -> str:
    query = urlencode(kept(request))
    return reverse("teach:quiz_analysis", args=[quiz.slug]) + (f"?{query}" if query else "")


def _shown(request: HttpRequest, found: Figures, texts: list[pages.Shown]) -> dict[str, Any]:
    by_name = {one.text.name: one for one in texts}
    one = by_name.get(request.GET.get("text", ""), texts[0])
    beside = by_name.get(request.GET.get("beside", ""))
    beside = None if beside is one else beside
    usual = pages.usual_seconds(found.analysis.items)
    said = list(words.of_question(one.item, drawn=found.drawn, usual=usual))
    other = words.of_question(beside.item, drawn=found.drawn, usual=usual) if beside else ()
    values = {row.name: row.value for row in other}
    explained = explain_version(one.version.question, one.version, own_id(request))
    return {
        "one": one,
        "beside": beside,
        "texts": texts,
        "rows": [(row, values.get(row.name, "")) for row in said],
        "warning": words.trust_words(one.item.n),
        "question": explained,
        "plot": None if explained.withheld else words.option_plot(one),
        "versions": ngettext("version %(n)s", "versions %(n)s", len(one.text.numbers))
        % {"n": ", ".join(map(str, one.text.numbers))},
    }
