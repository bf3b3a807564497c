"""What a learner has done, knows, and can do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quizzes import clock
from quizzes.queries.next_steps import next_steps
from quizzes.queries.progress import overview
from quizzes.queries.readiness import readiness
from quizzes.services.results import close_attempts
from quizzes.views.attempts import private
from quizzes.views.person import person_id

ORDERS = ("weakest", "course")


@private
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The dashboard. Whoever has done nothing yet is told how it begins. What is overdue is written down on the way."""
    person, now = person_id(request), clock.read()
    context: dict[str, object] = {"section": "progress"}
    if person is not None:
        close_attempts(now=now, person_id=person)
        seen = overview(person, now=now, zone=timezone.get_current_timezone())
        order = request.GET.get("topics", "")
        context |= {
            "seen": seen,
            "steps": next_steps(person, now=now, seen=seen),
            "order": order if order in ORDERS else "",
            "readiness": readiness(person, now, seen.bank.blueprint),
        }
    return render(request, "quizzes/progress_overview.html", context)
