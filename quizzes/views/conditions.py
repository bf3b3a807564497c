"""Fair conditions of one learner: at an assignment, and everywhere."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_conditions import AssignmentConditionForm, ConditionForm
from quizzes.models import Assignment, Membership
from quizzes.queries.classes import seat_name, seats
from quizzes.queries.condition_pages import ConditionPage, condition_page, outcome
from quizzes.queries.rights import own_assignments, own_classes
from quizzes.services.conditions import CannotGrant, Overtaken, grant_condition, revoke_condition
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def at_assignment(request: HttpRequest, code: str, person: int) -> HttpResponse:
    """What one learner was granted at one assignment."""
    found = own_assignments(own_id(request)).select_related("classroom", "quiz", "group")
    assignment = get_object_or_404(found, code=code)
    seat = get_object_or_404(seats(assignment.classroom), person_id=person)
    return _answer(request, seat, assignment)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """What one learner was granted everywhere."""
    classroom = get_object_or_404(own_classes(own_id(request)), code=code)
    taken = seats(classroom).filter(person__isnull=False)
    return _answer(request, get_object_or_404(taken, pk=seat), None)


def _answer(request: HttpRequest, seat: Membership, assignment: Assignment | None) -> HttpResponse:
    page = condition_page(seat, assignment)
    if request.method != "POST":
        return _show(request, page, _form(page))
    action = request.POST.get("action", "")
    form = _form(page, request.POST)
    if action == "look":
        return _show(request, page, form, looked=True)
    if action != "revoke" and not form.is_valid():
        return _show(request, page, form, status=422)
    try:
        _change(request, page, form, action)
    except CannotGrant as error:
        form.add_error(None, str(error))
        return _show(request, page, form, status=409)
    except Overtaken:
        # What was typed stays; saved once more it takes the place of what it now stands beside.
        return _show(request, condition_page(seat, assignment), form, status=409, overtaken=True)
    return redirect(request.path)


def _form(page: ConditionPage, posted: Any = None) -> ConditionForm:
    if page.assignment is None:
        return ConditionForm.of(page.current) if posted is None else ConditionForm(posted)
    held = page.current.closes_at if page.current else None
    more: dict[str, Any] = {"terms": page.plain, "due_at": page.assignment.due_at, "now": clock.read(), "held": held}
    if posted is None:
        return AssignmentConditionForm.of(page.current, **more)
    return AssignmentConditionForm(posted, **more)


def _change(request: HttpRequest, page: ConditionPage, form: ConditionForm, action: str) -> None:
    seen = request.POST.get("seen", "")
    where: dict[str, Any] = {
        "person_id": page.person_id,
        "classroom": page.seat.classroom,
        "assignment": page.assignment,
        "seen": int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None,
        "actor": actor(request),
        "now": clock.read(),
    }
    if action == "revoke":
        revoke_condition(**where)
        messages.success(request, _("Taken back. An exam under way keeps its time."))
        return
    grant_condition(grant=form.grant(), reason=form.cleaned_data["reason"], **where)
    messages.success(request, _("Granted. The learner is told, and an exam under way shows it within a minute."))


def _show(
    request: HttpRequest,
    page: ConditionPage,
    form: ConditionForm,
    *,
    status: int = 200,
    looked: bool = False,
    overtaken: bool = False,
) -> HttpResponse:
    now = clock.read()
    wanted = form.grant() if form.is_bound and form.is_valid() else None
    fresh = overtaken or not form.is_bound
    current = page.current.pk if page.current else ""
    context = {
        "section": "teach",
        "here": "classes",
        "page": page,
        "who": seat_name(page.seat),
        "classroom": page.seat.classroom,
        "assignment": page.assignment,
        "form": form,
        "seen": current if fresh else request.POST.get("seen", ""),
        "now_holds": outcome(page, None, now),
        "will_hold": outcome(page, wanted, now) if wanted is not None else None,
        "looked": looked,
        "overtaken": overtaken,
    }
    return render(request, "quizzes/teach_condition.html", context, status=status)
