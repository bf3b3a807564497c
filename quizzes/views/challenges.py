"""Challenging a question or a statement, and the list of what was challenged."""

from dataclasses import replace

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.forms import ChallengeForm, DecisionForm
from quizzes.models import Challenge
from quizzes.queries import challenges as queries
from quizzes.services.challenges import (
    AlreadyDecided,
    TooMany,
    challenge_question,
    challenge_statement,
    decide_challenge,
)
from quizzes.views.attempts import private
from quizzes.views.person import ensure_person, own_id, person_id
from quizzes.views.teach import actor, for_instructors


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
    text = _(
        "Thank you. What you wrote is on the list of those who look after the questions and notes."
        " Their answer will stand on your home page and under “My challenges” in your account."
    )
    messages.success(request, text)
    return redirect(back or "home")


@private
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What this person has objected to, and what became of it."""
    person, text = person_id(request), request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    page, own = queries.own_challenges(person or 0, number)
    return render(request, "quizzes/challenges_mine.html", {"page_obj": page, "own": own})


@for_instructors
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What was challenged, for instructors: on their own questions, and on the course."""
    state = request.GET.get("state", Challenge.State.OPEN)
    state = state if state in Challenge.State.values else ""
    who, chief = own_id(request), _is_operator(request)
    page = Paginator(queries.inbox(who, is_operator=chief, state=state), queries.A_PAGE)
    counts = queries.inbox_counts(who, is_operator=chief)
    context = {
        "here": "challenges",
        "page_obj": page.get_page(request.GET.get("page")),
        "state": state,
        "states": [(value, label, counts.get(value, 0)) for value, label in Challenge.State.choices],
        "kept": f"&state={state}",
    }
    return render(request, "quizzes/challenge_list.html", context)


def _is_operator(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One challenge, and, for those whose question it is, the decision."""
    page = queries.challenge_page(own_id(request), pk, is_operator=_is_operator(request))
    if page is None or (request.method == "POST" and not page.may_decide):
        raise Http404
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_challenge(
                challenge_id=pk,
                actor=actor(request),
                accepted=form.is_accepted(),
                answer=form.cleaned_data["answer"],
                now=clock.read(),
            )
        except AlreadyDecided as error:
            # What was written stays in the form, to be sent elsewhere; the page shows what holds.
            context = {
                "here": "challenges",
                "page": replace(page, challenge=error.challenge),
                "form": form,
                "late": True,
            }
            return render(request, "quizzes/challenge_detail.html", context, status=409)
        messages.success(request, _("Decided. Whoever objected is told on their next visit."))
        return redirect("teach:challenges")
    context = {"here": "challenges", "page": page, "form": form}
    return render(request, "quizzes/challenge_detail.html", context, status=422 if form.errors else 200)
