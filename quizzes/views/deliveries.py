"""The page of an instructor's quiz for those who sit it, and its start."""

from allauth.core import ratelimit
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from quizzes import clock
from quizzes.forms_quizzes import DeliveryForm
from quizzes.models import Quiz
from quizzes.queries import deliveries as queries
from quizzes.queries.quizzes import session_seconds
from quizzes.services.attempts import CannotStart, open_attempt
from quizzes.services.delivery import NotNow, WrongCode, opens_with, start_quiz
from quizzes.views.person import ensure_person, person_id

GUESS = "access_code"
"""The limit of wrong access codes, by address: ACCOUNT_RATE_LIMITS."""


def detail(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Rules, times, past attempts, start."""
    return _page(request, quiz, _form(quiz))


def start(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    """Start, or go on with the attempt that is open. No guest is made for somebody who may not begin."""
    now, person = clock.read(), person_id(request)
    standing = open_attempt(person_id=person, quiz=quiz, now=now) if person else None
    if standing is not None:
        return redirect(standing)
    form = _form(quiz, request)
    if not form.is_valid():
        return _page(request, quiz, form, status=422)
    if refused := _refused_code(request, quiz, form):
        return refused
    if not queries.availability_for(quiz, person, now).allowed:
        return _page(request, quiz, form, status=409)
    try:
        attempt = start_quiz(
            person_id=ensure_person(request),
            quiz_id=quiz.pk,
            time_option=form.time_option(),
            access_code=form.cleaned_data["access_code"],
            grace=settings.EXAM_GRACE_SECONDS,
            now=now,
        )
    except Quiz.DoesNotExist as error:
        raise Http404 from error
    except (NotNow, WrongCode):
        return _page(request, quiz, form, status=409)
    except CannotStart as error:
        form.add_error(None, str(error))
        return _page(request, quiz, form, status=409)
    outlive(request, session_seconds(attempt, now))
    return redirect(attempt)


def _refused_code(request: HttpRequest, quiz: Quiz, form: DeliveryForm) -> HttpResponse | None:
    """The answer to a wrong access code, or to one more after too many; None where it is right."""
    if not quiz.access_code:
        return None
    if not ratelimit.consume(request, action=GUESS, dry_run=True):
        form.add_error(
            "access_code", _("Too many wrong codes came from your network. Wait ten minutes, then try again.")
        )
        return _page(request, quiz, form, status=429)
    if opens_with(quiz, form.cleaned_data["access_code"]):
        return None
    ratelimit.consume(request, action=GUESS)
    form.add_error("access_code", _("This is not the access code. Ask whoever gave you the quiz."))
    return _page(request, quiz, form, status=422)


def _form(quiz: Quiz, request: HttpRequest | None = None) -> DeliveryForm:
    more_time = quiz.time_options and quiz.time_limit is not None and quiz.mode == Quiz.Mode.EXAM
    return DeliveryForm(request.POST if request else None, more_time=more_time, with_code=bool(quiz.access_code))


def _page(request: HttpRequest, quiz: Quiz, form: DeliveryForm, *, status: int = 200) -> HttpResponse:
    now, person = clock.read(), person_id(request)
    terms = queries.terms_for(quiz, person)
    context = {
        "quiz": quiz,
        "form": form,
        "availability": queries.availability_for(quiz, person, now),
        "standing": open_attempt(person_id=person, quiz=quiz, now=now) if person else None,
        "sittings": queries.past_sittings(quiz, person, now) if person else [],
        "terms": terms,
        "granted": terms.limit != quiz.time_limit,
        "policy": queries.policy_at(quiz),
        "now": now,
    }
    return render(request, "quizzes/delivery_detail.html", context, status=status)


def outlive(request: HttpRequest, seconds: int) -> None:
    """Raise the session's life once, so that it ends after the exam whatever happens in between."""
    if request.session.get_expiry_age() < seconds:
        request.session.set_expiry(seconds)
    # Its full age counts from when it is written, and that may be long ago.
    request.session.modified = True
