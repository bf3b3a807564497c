"""The result of an exam, and its review question by question."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from quizzes import clock
from quizzes.engine.attempts import Phase
from quizzes.models import Attempt
from quizzes.queries import deliveries
from quizzes.queries import reports as queries
from quizzes.queries.assignments import way_back
from quizzes.queries.attempts import exams_of, phase_of
from quizzes.queries.notices import unread_about
from quizzes.queries.quizzes import time_taken
from quizzes.queries.receipts import receipt as build_receipt
from quizzes.services.results import finish_attempt, reveal_questions
from quizzes.views.attempts import private
from quizzes.views.person import own_id


@private
@require_GET
@login_required
def report(request: HttpRequest, code: str) -> HttpResponse:
    """The result with its uncertainty. While the attempt is open there is none, only the way back.

    It waits, too, while questions of it stand in another exam that the learner has open.
    """
    attempt = _finished(request, code)
    if attempt is None:
        return redirect("attempts:booklet", code=code)
    if "show" in attempt.rules:
        return _result(request, attempt)
    if held := queries.count_held(attempt):
        context = {"section": "quizzes", "attempt": attempt, "held": held}
        return render(request, "quizzes/attempt_withheld.html", context)
    context = {
        "section": "quizzes",
        "report": queries.report(attempt),
        "taken": time_taken(attempt),
        "notices": unread_about(attempt),
    }
    return render(request, "quizzes/attempt_report.html", context)


def _result(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The result of an instructor's quiz: score and mark, as far as its author shows them. No scale, no line."""
    now = clock.read()
    context = {
        "attempt": attempt,
        "result": deliveries.result_page(attempt, now),
        "taken": time_taken(attempt),
        "notices": unread_about(attempt),
        "back": way_back(attempt),
        "now": now,
    }
    return render(request, "quizzes/delivery_result.html", context)


@private
@require_GET
@login_required
def review(request: HttpRequest, code: str) -> HttpResponse:
    """Every question with its key, ten a page."""
    attempt = _finished(request, code)
    if attempt is None:
        return redirect("attempts:booklet", code=code)
    told = deliveries.shown_of(attempt, clock.read())
    if not told.key:
        return redirect("attempts:report", code=code)
    chosen, domain = request.GET.get("show", "all"), request.GET.get("domain", "")
    page = queries.review_page(
        attempt,
        chosen=chosen if chosen in queries.FILTERS else "all",
        domain=int(domain) if domain.isascii() and domain.isdigit() and len(domain) < 3 else None,
        number=_number(request.GET.get("page", "")),
        reasons=told.rationale,
    )
    reveal_questions(
        person_id=own_id(request), codes=[one.code for one in page.questions if not one.withheld], now=clock.read()
    )
    return render(request, "quizzes/attempt_review.html", {"section": "quizzes", "page": page})


@private
@require_GET
@login_required
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """What was recorded, as a file with a hash and the site's signature."""
    attempt = _finished(request, code)
    if attempt is None:
        return redirect("attempts:booklet", code=code)
    if attempt.rules.get("imported"):
        # What a learner brought along is their word, not the site's.
        raise Http404
    return JsonResponse(
        build_receipt(attempt, now=clock.read()),
        json_dumps_params={"indent": 1, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="receipt-{attempt.code}.json"'},
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _finished(request: HttpRequest, code: str) -> Attempt | None:
    """The attempt, or None while it is open; one whose grace is over is written down on the way."""
    attempt = get_object_or_404(exams_of(own_id(request)).select_related("quiz"), code=code)
    if attempt.state != Attempt.State.IN_PROGRESS:
        return attempt
    now = clock.read()
    if phase_of(attempt, now) is not Phase.OVER:
        return None
    return finish_attempt(attempt_id=attempt.pk, now=now)
