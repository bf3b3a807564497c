"""The list of mock exams, and the page of each with its rules and its start."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from quizzes import clock
from quizzes.forms import StartForm
from quizzes.models import Quiz
from quizzes.queries import quizzes as queries
from quizzes.services.attempts import CannotStart, open_attempt, start_attempt
from quizzes.services.results import close_attempts
from quizzes.views import deliveries
from quizzes.views.deliveries import outlive
from quizzes.views.person import ensure_person, person_id


@require_safe
def quiz_list(request: HttpRequest) -> HttpResponse:
    """The mock exams, and this person's sittings of them. What is overdue is written down on the way."""
    now = clock.read()
    person = person_id(request)
    if person is not None:
        close_attempts(now=now, person_id=person)
    context = {"section": "quizzes", "quizzes": queries.quiz_list(person, now=now), "today": now.date()}
    return render(request, "quizzes/quiz_list.html", context)


@require_safe
def quiz_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One mock exam: rules, blueprint, time, past attempts, start."""
    quiz = _quiz(slug)
    if quiz.origin == Quiz.Origin.AUTHOR:
        return deliveries.detail(request, quiz)
    return _detail(request, quiz, StartForm(more_time=quiz.time_options))


@require_POST
def quiz_start(request: HttpRequest, slug: str) -> HttpResponse:
    """Start, or go on with the attempt that is open. 409 where the bank cannot fill the exam."""
    quiz = _quiz(slug)
    if quiz.origin == Quiz.Origin.AUTHOR:
        return deliveries.start(request, quiz)
    form = StartForm(request.POST, more_time=quiz.time_options)
    if not form.is_valid():
        return _detail(request, quiz, form, status=422)
    if person_id(request) is None and (reason := queries.reason_not_to_start(quiz)):
        return _detail(request, quiz, form, status=409, refusal=reason)
    now = clock.read()
    person = ensure_person(request)
    try:
        attempt = start_attempt(
            person_id=person,
            quiz=quiz,
            time_option=form.time_option(),
            grace=settings.EXAM_GRACE_SECONDS,
            now=now,
        )
    except CannotStart as error:
        return _detail(request, quiz, form, status=409, refusal=str(error))
    outlive(request, queries.session_seconds(attempt, now))
    return redirect(attempt)


def _quiz(slug: str) -> Quiz:
    """A mock exam of the course, or what an instructor has published."""
    return get_object_or_404(Quiz.objects.sittable().select_related("exam"), slug=slug)


def _detail(request: HttpRequest, quiz: Quiz, form: StartForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    now = clock.read()
    person = person_id(request)
    context = {
        "section": "quizzes",
        "quiz": quiz,
        "form": form,
        "stock": queries.stock_rows(quiz),
        "refusal": refusal or queries.reason_not_to_start(quiz),
        "standing": open_attempt(person_id=person, quiz=quiz, now=now) if person else None,
        "attempts": queries.past_attempts(quiz, person) if person else [],
        "now": now,
    }
    return render(request, "quizzes/quiz_detail.html", context, status=status)
