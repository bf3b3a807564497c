"""Challenging a question or a statement, and the list of what was challenged."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.forms import ChallengeForm
from quizzes.models import Challenge
from quizzes.queries import challenges as queries
from quizzes.services.challenges import TooMany, challenge_question, challenge_statement
from quizzes.views.attempts import private
from quizzes.views.person import ensure_person, own_id, person_id
from quizzes.views.teach import for_instructors

A_PAGE = 30


@private
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, code: str) -> HttpResponse:
    """Say what is wrong with a question whose answer one has seen."""
    found = queries.challengeable_question(person_id(request), code)
    if found is None:
        raise Http404
    form = ChallengeForm(request.POST or None)
    context = {"form": form, "question": found, "version": found.current}
    if request.method == "POST" and form.is_valid():
        try:
            challenge_question(person_id=own_id(request), question_id=found.pk, said=form.objection(), now=clock.read())
        except TooMany:
            form.add_error(None, _too_many())
        else:
            return _thanks(request)
    return _form(request, form, context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HttpRequest, slug: str, anchor: str = "") -> HttpResponse:
    """Say what is wrong with a page of the notes, or with one statement of it."""
    found = queries.challengeable_statement(slug, anchor)
    if found is None:
        raise Http404
    form = ChallengeForm(request.POST or None, about_notes=True)
    context = {"form": form, "statement": found}
    if request.method == "POST" and form.is_valid():
        try:
            challenge_statement(
                person_id=ensure_person(request),
                topic_id=found.topic.pk,
                anchor=anchor,
                said=form.objection(),
                now=clock.read(),
            )
        except TooMany:
            form.add_error(None, _too_many())
        else:
            return _thanks(request, found.topic.get_absolute_url())
    return _form(request, form, context)


def _form(request: HttpRequest, form: ChallengeForm, context: dict[str, object]) -> HttpResponse:
    return render(request, "quizzes/challenge_form.html", context, status=422 if form.errors else 200)


def _too_many() -> str:
    return _("You have sent as many objections today as can be read. Keep this text and send it tomorrow.")


def _thanks(request: HttpRequest, back: str = "") -> HttpResponse:
    text = _("Thank you. What you wrote is on the list of those who look after the questions and notes.")
    messages.success(request, text)
    return redirect(back or "home")


@for_instructors
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What was challenged, for instructors."""
    state = request.GET.get("state", Challenge.State.OPEN)
    state = state if state in Challenge.State.values else ""
    page = Paginator(queries.challenges(state), A_PAGE).get_page(request.GET.get("page"))
    counts = queries.challenge_counts()
    states = [(value, label, counts.get(value, 0)) for value, label in Challenge.State.choices]
    context = {"here": "challenges", "page_obj": page, "state": state, "states": states, "kept": f"&state={state}"}
    return render(request, "quizzes/challenge_list.html", context)
