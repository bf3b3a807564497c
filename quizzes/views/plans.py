"""The plan to the day of the exam."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_plan import PlanForm, initial_of
from quizzes.queries.plan_page import plan_page
from quizzes.queries.plans import planned, today_of
from quizzes.services.plans import clear_plan, set_plan
from quizzes.views.attempts import private
from quizzes.views.person import ensure_person, person_id


@private
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """The plan with what it says today; a POST sets the day and the minutes, or takes the plan away."""
    # Who asks comes first: the day is read in their zone.
    person, now = person_id(request), clock.read()
    if request.method == "POST" and "clear" in request.POST:
        if person is not None:
            clear_plan(person_id=person)
        return redirect("progress:plan")
    form = PlanForm(request.POST if request.method == "POST" else None, today=today_of(now))
    if request.method == "POST" and form.is_valid():
        set_plan(
            person_id=ensure_person(request),
            exam_on=form.cleaned_data["exam_on"],
            minutes=form.by_weekday(),
            today=today_of(now),
            now=now,
        )
        return redirect("progress:plan")
    found = planned(person, now=now)
    if found is not None and found.study is not None:
        form.initial = initial_of(found.plan.exam_on, found.plan.minutes)
    context = {
        "section": "progress",
        "form": form,
        "found": found,
        "page": plan_page(found) if found is not None and found.study is not None else None,
    }
    return render(request, "quizzes/plan.html", context, status=422 if form.errors else 200)
