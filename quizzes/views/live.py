"""The live view of a running assignment, and what can be done from there."""

import secrets
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.engine.live import Action, State
from quizzes.forms_live import ExtendForm, ReasonForm, ReopenForm
from quizzes.models import Assignment
from quizzes.queries import live as queries
from quizzes.queries.rights import own_assignments
from quizzes.services import live as services
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors

USUAL_MINUTES = 10
NAMES_TOLD = 10
"""How many of those who got no more time are named."""
CONTEXT = {"section": "teach", "here": "classes"}


def _own(request: HttpRequest, code: str) -> Assignment:
    found = own_assignments(own_id(request)).select_related("quiz", "classroom", "group")
    return get_object_or_404(found, code=code)


@for_instructors
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Who is where. Asked for by htmx it is the moving part alone."""
    wanted = _wanted(request)
    page = queries.live_page(_own(request, code), wanted, _number(request), now=clock.read())
    kept = _kept(wanted)
    here = f"page={page.page_obj.number}{kept}" if page.page_obj.number > 1 else kept.removeprefix("&")
    context = {**CONTEXT, "page": page, "kept": kept, "here_query": here}
    is_part = request.headers.get("HX-Target") == "live"
    response = render(request, f"quizzes/assignment_live.html{'#live' if is_part else ''}", context)
    response.headers["Vary"] = "HX-Request, HX-Target, Cookie"
    return response


def _wanted(request: HttpRequest) -> queries.Wanted:
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    return queries.Wanted(
        state=state if state in set(State) else "",
        name=request.GET.get("name", "").replace("\0", "").strip()[:150],
        sort=sort if sort.removeprefix("-") in queries.SORTS else queries.DEFAULT_SORT,
    )


def _kept(wanted: queries.Wanted) -> str:
    """What the address keeps from page to page."""
    given = {"state": wanted.state, "name": wanted.name}
    if wanted.sort != queries.DEFAULT_SORT:
        given["sort"] = wanted.sort
    words = urlencode({name: value for name, value in given.items() if value})
    return f"&{words}" if words else ""


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, code: str, attempt: str, action: str) -> HttpResponse:
    """One attempt: what would be done, then, with a reason, the doing."""
    if action not in set(Action):
        raise Http404
    assignment, wanted = _own(request, code), Action(action)
    sitter = queries.sitter_of(assignment, attempt, now=clock.read())
    if sitter is None:
        raise Http404
    form = _form(request, wanted, sitter)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            services.act(assignment, attempt, wanted, _wish(request, form))
        except services.NotDone as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _done_words(wanted, sitter.name, form.cleaned_data.get("minutes") or 0))
            return redirect("teach:assignment_live", code=code)
    elif form.is_bound:
        status = 422
    context = {**CONTEXT, "assignment": assignment, "one": sitter, "action": wanted, "form": form}
    return render(request, "quizzes/assignment_live_act.html", context, status=status)


def _form(request: HttpRequest, action: Action, sitter: queries.Sitter) -> forms.Form:
    data = request.POST if request.method == "POST" else None
    if action is Action.EXTEND:
        return ExtendForm(data, initial={"token": _token()})
    if action is Action.REOPEN:
        return ReopenForm(data, timed=sitter.timed)
    return ReasonForm(data)


def _token() -> str:
    return secrets.token_urlsafe(12)


def _wish(request: HttpRequest, form: forms.Form) -> services.Wish:
    given: dict[str, Any] = form.cleaned_data
    return services.Wish(
        actor=actor(request),
        now=clock.read(),
        reason=given["reason"],
        seconds=60 * (given.get("minutes") or 0),
        token=given.get("token", ""),
    )


def _done_words(action: Action, name: str, minutes: int) -> str:
    words = {
        Action.EXTEND: ngettext("%(name)s has %(n)d minute more.", "%(name)s has %(n)d minutes more.", minutes),
        Action.END: _("The attempt of %(name)s has ended."),
        Action.REOPEN: _("The attempt of %(name)s is open again."),
        Action.VOID: _("The attempt of %(name)s is void."),
    }
    return words[action] % {"name": name, "n": minutes}


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def extend_all(request: HttpRequest, code: str) -> HttpResponse:
    """More time for everybody who is at it, after an incident."""
    assignment = _own(request, code)
    first = {"token": _token(), "minutes": USUAL_MINUTES}
    form = ExtendForm(request.POST if request.method == "POST" else None, initial=first)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            done = services.extend_all(assignment, _wish(request, form))
        except services.NotDone as error:
            form.add_error(None, str(error))
            status = 409
        else:
            _tell(request, assignment, done, form.cleaned_data["minutes"])
            return redirect("teach:assignment_live", code=code)
    page = queries.live_page(assignment, queries.Wanted(), 1, now=clock.read())
    context = {**CONTEXT, "assignment": assignment, "page": page, "form": form}
    return render(request, "quizzes/assignment_live_extend.html", context, status=status)


def _tell(request: HttpRequest, assignment: Assignment, done: services.Extended, minutes: int) -> None:
    if done.given:
        more = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
        words = ngettext("%(n)d learner got %(more)s more.", "%(n)d learners got %(more)s more.", len(done.given))
        messages.success(request, words % {"n": len(done.given), "more": more})
    else:
        messages.warning(request, _("Nobody got more time: nobody was at it."))
    for left_out, why in (
        (done.over, _("Their time was up already; reopen the attempt of whoever may go on: %(names)s.")),
        (done.untimed, _("They have no time limit: %(names)s.")),
    ):
        if left_out:
            messages.warning(request, why % {"names": _names(assignment, left_out)})


def _names(assignment: Assignment, attempts: tuple[int, ...]) -> str:
    names = queries.names_of(assignment, attempts)
    told, more = names[:NAMES_TOLD], len(names) - NAMES_TOLD
    words = ", ".join(told)
    return words if more <= 0 else ngettext("%(names)s and %(n)d more", "%(names)s and %(n)d more", more) % {
        "names": words, "n": more
    }  # fmt: skip
