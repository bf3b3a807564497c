"""The page of an assignment for those who sit it, and its start."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from quizzes import clock
from quizzes.forms import StartForm
from quizzes.models import Assignment, Quiz
from quizzes.queries.assignments import assigned_to, deal_for, may_begin, policy_of
from quizzes.queries.deliveries import past_sittings
from quizzes.queries.quizzes import session_seconds
from quizzes.queries.remarks_to_learners import remarks_to
from quizzes.services.attempts import CannotStart, open_attempt
from quizzes.services.delivery import NotNow, start_assignment
from quizzes.views.attempts import private
from quizzes.views.deliveries import outlive
from quizzes.views.person import own_id, person_id


@private
@require_safe
@login_required
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Rules, times, past attempts, and before the start which limit binds."""
    given = _assigned(request, code)
    return _page(request, given, _form(given))


@private
@require_POST
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Start, or go on with the attempt that is open."""
    if person_id(request) is None:
        return redirect_to_login(reverse("assignments:detail", args=[code]))
    given, person, now = _assigned(request, code), own_id(request), clock.read()
    standing = open_attempt(person_id=person, quiz=given.quiz, now=now)
    if standing is not None and standing.assignment_id == given.pk:
        return redirect(standing)
    form = _form(given, request)
    if not form.is_valid():
        return _page(request, given, form, status=422)
    try:
        attempt = start_assignment(
            person_id=person,
            assignment_id=given.pk,
            time_option=form.time_option(),
            grace=settings.EXAM_GRACE_SECONDS,
            now=now,
        )
    except Assignment.DoesNotExist as error:
        raise Http404 from error
    except NotNow:
        return _page(request, given, form, status=409)
    except CannotStart as error:
        form.add_error(None, str(error))
        return _page(request, given, form, status=409)
    outlive(request, session_seconds(attempt, now))
    return redirect(attempt)


def _assigned(request: HttpRequest, code: str) -> Assignment:
    """What this person was given; for all others it is not there."""
    return get_object_or_404(assigned_to(own_id(request)), code=code)


def _chooses_time(quiz: Quiz) -> bool:
    return quiz.time_options and quiz.time_limit is not None and quiz.mode == Quiz.Mode.EXAM


def _form(given: Assignment, request: HttpRequest | None = None) -> StartForm:
    return StartForm(request.POST if request else None, more_time=_chooses_time(given.quiz))


def _page(request: HttpRequest, given: Assignment, form: StartForm, *, status: int = 200) -> HttpResponse:
    now, person = clock.read(), own_id(request)
    deal = deal_for(given, person, now)
    standing = open_attempt(person_id=person, quiz=given.quiz, now=now)
    here = standing is not None and standing.assignment_id == given.pk
    context = {
        "section": "classes",
        "assignment": given,
        "quiz": given.quiz,
        "form": form,
        "deal": deal,
        "terms": deal.terms,
        "policy": policy_of(given),
        "due_at": deal.due_at,
        "availability": deal.availability,
        "chooses_time": _chooses_time(given.quiz),
        "standing": standing,
        "elsewhere": standing is not None and not here,
        "withdrawn": not may_begin(given),
        "startable": standing is None and may_begin(given) and deal.availability.allowed,
        "sittings": past_sittings(given.quiz, person, now, assignment=given),
        "remarks": remarks_to(person, given),
        "now": now,
    }
    return render(request, "quizzes/assignment_detail.html", context, status=status)
