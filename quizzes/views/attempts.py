"""The exam room: the booklet, the saves that come from it, its clock, and the end."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from quizzes import clock
from quizzes.engine.attempts import Phase, Refusal
from quizzes.engine.kinds import WrongChoice
from quizzes.forms import BadField, read_posted_trace, read_save
from quizzes.models import Attempt, Response
from quizzes.queries import attempts as queries
from quizzes.queries.attempts import MAX_POSITION
from quizzes.services.attempts import Refused, Saved, arrive, save_response, submit_attempt
from quizzes.services.pauses import CannotPause, pause_attempt, resume_attempt
from quizzes.services.results import finish_attempt
from quizzes.views.person import own_id, person_id

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Keep an attempt's pages out of every cache."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return wrapped


@private
@require_GET
@login_required
def booklet(request: HttpRequest, code: str) -> HttpResponse:
    """The whole form as one document. After the deadline it is not given out again."""
    attempt = _own_exam(request, code)
    now = clock.read()
    phase = queries.phase_of(attempt, now)
    if phase is Phase.OVER:
        finish_attempt(attempt_id=attempt.pk, now=now)
        return redirect("attempts:report", code=code)
    exam_clock = queries.clock_of(attempt)
    context = {
        "attempt": attempt,
        "at": exam_clock.at(now),
        "limit": exam_clock.limit,
        "remaining": exam_clock.remaining(now),
        "now": now,
    }
    if phase is Phase.CLOSING:
        return render(request, "quizzes/attempt_closing.html", context)
    if attempt.paused_at is not None:
        return render(request, "quizzes/attempt_paused.html", context)
    questions = queries.booklet(attempt)
    shown = request.GET.get("q", "")
    context["questions"] = questions
    context["review"] = shown == "review"
    context["first"] = first = queries.furthest(attempt) if attempt.forward_only else 1
    context["here"] = max(first, _position(shown, attempt.size))
    context["unanswered"] = unanswered = [one.position for one in questions if not one.complete]
    context["flagged"] = [one.position for one in questions if one.flagged]
    context["answered"] = attempt.size - len(unanswered)
    return render(request, "quizzes/attempt_booklet.html", context)


@private
@require_POST
def response(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Save one answer or flag; see the table of replies in docs/operating.md."""
    person = person_id(request)
    if person is None:
        return _signed_out(request, code)
    try:
        saved = save_response(
            person_id=person, code=code, position=position, save=read_save(request.POST), now=clock.read()
        )
    except Response.DoesNotExist as error:
        raise Http404 from error
    except (BadField, WrongChoice) as error:
        request.outcome = "unreadable"  # type: ignore[attr-defined]
        return _refuse(request, code, position, 422, {"reason": "unreadable", "message": str(error)})
    except Refused as error:
        request.outcome = str(error.reason)  # type: ignore[attr-defined]
        return _refuse(request, code, position, 409, _refusal(error))
    if not request.headers.get("HX-Request"):
        go = request.POST.get("go", str(position))
        if saved.forward_only:
            # The page is about to show a later question: from here on the earlier ones lie behind.
            arrive(person_id=person, code=code, position=_position(go, MAX_POSITION), now=clock.read())
        return _see_other(code, go)
    return JsonResponse(_state(saved))


@private
@require_GET
def exam_clock(request: HttpRequest, code: str) -> HttpResponse:
    """The server's reading of the exam clock, and what the attempt is now."""
    person = person_id(request)
    if person is None:
        return JsonResponse({"reason": "signed_out"}, status=401)
    attempt = get_object_or_404(queries.with_conditions(queries.exams_of(person)).defer("rules", "trace"), code=code)
    now = clock.read()
    exam = queries.clock_of(attempt)
    reading = {
        "at": exam.at(now),
        "limit": exam.limit,
        "remaining": exam.remaining(now),
        "phase": queries.phase_of(attempt, now),
    }
    return JsonResponse(reading | queries.told_by_clock(attempt))


@private
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    """End the attempt. A second submission finds the first."""
    if person_id(request) is None:
        return _signed_out(request, code)
    try:
        submit_attempt(person_id=own_id(request), code=code, trace=read_posted_trace(request.POST), now=clock.read())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    report = reverse("attempts:report", args=[code])
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": report})
    return redirect(report)


@private
@require_POST
@login_required
def pause(request: HttpRequest, code: str) -> HttpResponse:
    """Stop the exam clock, or (``go=on``) let it run again. Back to the booklet, which shows which it is."""
    move = resume_attempt if request.POST.get("go") == "on" else pause_attempt
    try:
        move(person_id=own_id(request), code=code, now=clock.read())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except CannotPause:
        message = _("This exam cannot be paused: its quiz does not allow it, or it is over.")
        return _refuse(request, code, 1, 409, {"reason": "no_pause", "message": str(message)})
    return redirect("attempts:booklet", code=code)


def _own_exam(request: HttpRequest, code: str) -> Attempt:
    return get_object_or_404(queries.exams_of(own_id(request)), code=code)


def _position(text: str, size: int) -> int:
    return min(max(1, int(text)), size) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _see_other(code: str, go: str) -> HttpResponse:
    where = go if go == "review" or (go.isascii() and go.isdigit()) else "1"
    return HttpResponse(status=303, headers={"Location": f"{reverse('attempts:booklet', args=[code])}?q={where[:8]}"})


def _state(saved: Saved) -> dict[str, Any]:
    return {
        "position": saved.position,
        "choice": saved.choice,
        "flagged": saved.flagged,
        "saved_at": saved.saved_at.isoformat(timespec="milliseconds"),
        "at": saved.at,
        "remaining": saved.remaining,
    }


REFUSALS = {
    Refusal.FINISHED: _("This exam is over. Nothing can be changed any more."),
    Refusal.TOO_LATE: _("The time was over when this answer came. It was kept in the log and does not count."),
    Refusal.CLOCK_AHEAD: _("The clock of this page runs ahead of the exam’s. It will be set right and sent again."),
    Refusal.PAUSED: _("This exam is paused. Go on with it, then answer."),
    Refusal.PASSED: _("This exam goes forward only: what lies behind cannot be changed. It was kept in the log."),
}


def _refusal(error: Refused) -> dict[str, Any]:
    return {
        "reason": error.reason,
        "message": str(REFUSALS[error.reason]),
        "at": error.at,
        "remaining": error.remaining,
    }


def _refuse(request: HttpRequest, code: str, position: int, status: int, body: dict[str, Any]) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return JsonResponse(body, status=status)
    context = {"code": code, "position": position, "message": body["message"]}
    return render(request, "quizzes/attempt_refused.html", context, status=status)


def _signed_out(request: HttpRequest, code: str) -> HttpResponse:
    booklet_url = reverse("attempts:booklet", args=[code])
    sign_in = f"{reverse('account_login')}?next={booklet_url}"
    if request.headers.get("HX-Request"):
        return JsonResponse({"reason": "signed_out", "sign_in": sign_in}, status=401)
    context = {"message": _("You are signed out. Sign in to go on; the clock keeps running."), "sign_in": sign_in}
    return render(request, "quizzes/attempt_refused.html", context, status=401)
