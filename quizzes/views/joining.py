"""Learners join a class by its code, look at it, and leave it."""

from typing import Any
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.forms_classes import JoinForm
from quizzes.models import Classroom, Membership
from quizzes.queries.assignments import assigned_to
from quizzes.queries.due import due_for
from quizzes.queries.joining import open_class, seats_of, teacher_names, teaches
from quizzes.services.classes import Refused
from quizzes.services.seats import WrongCode, join_class, leave_class
from quizzes.views.attempts import private
from quizzes.views.person import own_id, person_id

GUESS = "join_code"
"""The limit of wrong join codes, by address: ACCOUNT_RATE_LIMITS."""


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Ask for the code. The right one leads to the page that says which class it is."""
    form = JoinForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _ask(request, form, status=422 if form.errors else 200)
    found = _looked_up(request, form)
    if isinstance(found, Classroom):
        return redirect("classes:join_link", join_code=found.join_code)
    return found


@private
@require_http_methods(["GET", "HEAD", "POST"])
def join_link(request: HttpRequest, join_code: str) -> HttpResponse:
    """The class of a code, and the button that joins it. Who has no account is led to one, and comes back here."""
    form = JoinForm({"join_code": join_code[:40]})
    form.is_valid()
    classroom = _looked_up(request, form, status=404)
    if not isinstance(classroom, Classroom):
        return classroom
    own, has_account = person_id(request), _has_account(request)
    if request.method == "POST":
        if own is None or not has_account:
            return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
        return _join(request, classroom, own)
    if own is not None and seats_of(own).filter(classroom=classroom).exists():
        return redirect("classes:detail", code=classroom.code)
    context = {
        "section": "account",
        "classroom": classroom,
        "teachers": teacher_names(classroom),
        "has_account": has_account,
        "teaches": own is not None and teaches(own, classroom),
        "back": urlencode({"next": request.path}),
    }
    return render(request, "quizzes/class_join.html", context)


def _join(request: HttpRequest, classroom: Classroom, own: int) -> HttpResponse:
    try:
        seat = join_class(person_id=own, join_code=classroom.join_code, now=clock.read())
    except WrongCode:
        form = JoinForm({"join_code": classroom.join_code})
        form.add_error("join_code", _wrong_words())
        return _ask(request, form, status=404)
    except Refused as error:
        messages.error(request, str(error))
        return redirect("classes:join_link", join_code=classroom.join_code)
    messages.success(request, _("You are in the class “%(name)s”.") % {"name": classroom.name})
    return redirect("classes:detail", code=seat.classroom.code)


def _looked_up(request: HttpRequest, form: JoinForm, *, status: int = 422) -> Classroom | HttpResponse:
    """The class of the code in the form; else the answer to a wrong code, or to one more after too many."""
    if not _may_guess(request, dry_run=True):
        form.add_error("join_code", _("Too many wrong codes came from your network. Wait ten minutes, then try again."))
        return _ask(request, form, status=429)
    classroom = open_class(form.cleaned_data.get("join_code", ""))
    if classroom is None:
        _may_guess(request)
        form.add_error("join_code", _wrong_words())
        return _ask(request, form, status=status)
    return classroom


def _may_guess(request: HttpRequest, *, dry_run: bool = False) -> bool:
    """Whether one more wrong code is borne with. Unless it is a ``dry_run``, it is counted."""
    # The public function lets every GET through, and a link with a code is a guess as much as a form.
    used = ratelimit.consume(request, app="allauth.account", action=GUESS, dry_run=dry_run, limit_get=True)
    return used is not None


def _wrong_words() -> str:
    """What a wrong code is told, whether or not it once was one."""
    return _("No class can be joined by this code. Compare it with what you were given, or ask for the present one.")


def _ask(request: HttpRequest, form: JoinForm, *, status: int) -> HttpResponse:
    context = {"section": "account", "form": form, "has_account": _has_account(request)}
    return render(request, "quizzes/class_code.html", context, status=status)


def _has_account(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not getattr(request.user, "is_guest", False)


@private
@require_safe
@login_required
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """A class for those who are in it. Who else is in it is not shown."""
    seat, now, own = _own_seat(request, code), clock.read(), own_id(request)
    due = due_for(own, now, classroom_id=seat.classroom_id)
    listed = {one.assignment.pk for one in due}
    others = [one for one in assigned_to(own).filter(classroom=seat.classroom_id) if one.pk not in listed]
    return render(request, "quizzes/class_detail.html", {**_context(seat), "due": due, "others": others, "now": now})


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def leave(request: HttpRequest, code: str) -> HttpResponse:
    """Asked first, then done."""
    seat = _own_seat(request, code)
    if request.method != "POST":
        return render(request, "quizzes/class_leave.html", _context(seat))
    try:
        classroom = leave_class(person_id=own_id(request), code=code, now=clock.read())
    except Classroom.DoesNotExist as error:
        raise Http404 from error
    except Refused as error:
        messages.error(request, str(error))
        return redirect("classes:detail", code=code)
    messages.success(request, _("You have left the class “%(name)s”.") % {"name": classroom.name})
    return redirect("account_home")


def _own_seat(request: HttpRequest, code: str) -> Membership:
    return get_object_or_404(seats_of(own_id(request)), classroom__code=code)


def _context(seat: Membership) -> dict[str, Any]:
    classroom = seat.classroom
    return {"section": "account", "seat": seat, "classroom": classroom, "teachers": teacher_names(classroom)}
