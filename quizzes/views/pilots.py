"""The pilots of the course, for whoever runs it: what the mocks say of each, and the word that makes one count."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quizzes import clock
from quizzes.queries.bank import is_held
from quizzes.queries.pilots import pilot_questions, pilot_rows, promoted_questions
from quizzes.services.pilots import NoPilot, NotYet, promote, report_of_pilots
from quizzes.tasks import begin_pilots_if_due
from quizzes.views.person import own_id
from quizzes.views.teach import View, actor, for_instructors, is_operator

LATEST = 20
"""Promoted questions that are listed."""


def for_operators(view: View) -> Callable[..., HttpResponse]:
    """Show the page to whoever runs the site; to everybody else there is none."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_operator(request):
            raise Http404
        return view(request, *args, **kwargs)

    return for_instructors(wrapped)


@for_operators
@require_safe
def pilot_list(request: HttpRequest) -> HttpResponse:
    """Each pilot with its figures, and what it lacks."""
    begin_pilots_if_due(now=clock.read())
    report = report_of_pilots()
    context = {
        "section": "teach",
        "here": "pilots",
        "report": report,
        "pilots": pilot_rows(report.figures if report else {}, own_id(request)),
        "promoted": promoted_questions()[:LATEST],
    }
    return render(request, "quizzes/teach_pilots.html", context)


@for_operators
@require_POST
def pilot_promote(request: HttpRequest, code: str) -> HttpResponse:
    """Make a pilot count, if its figures carry it at this moment."""
    question = get_object_or_404(pilot_questions(), code=code)
    if is_held(own_id(request), question.pk):
        messages.error(request, _("This question stands in an exam that you have open. Decide afterwards."))
        return redirect("teach:pilots")
    try:
        promote(question.pk, actor=actor(request), now=clock.read())
    except NoPilot:
        messages.error(request, _("“%(code)s” is no pilot any more.") % {"code": code})
    except NotYet:
        messages.error(request, _("“%(code)s” cannot count yet: see what it lacks below.") % {"code": code})
    else:
        text = _("“%(code)s” counts from now on. Its file may now say “status: published”.")
        messages.success(request, text % {"code": code})
    return redirect("teach:pilots")
