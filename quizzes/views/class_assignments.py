"""Instructors give quizzes to their classes: the list, a new one, its terms, taking it back."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.forms_assignments import AssignmentForm
from quizzes.forms_fields import differences
from quizzes.models import Assignment, Classroom, Group, Quiz
from quizzes.queries import class_assignments as queries
from quizzes.queries.rights import own_assignments, own_classes, own_quizzes
from quizzes.services import assignments as services
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors


def _own_class(request: HttpRequest, code: str) -> Classroom:
    """A class that this instructor teaches; for all others it is not there."""
    return get_object_or_404(own_classes(own_id(request)), code=code)


def _context(classroom: Classroom, **more: Any) -> dict[str, Any]:
    """What every page of an assignment needs."""
    return {"section": "teach", "here": "classes", "classroom": classroom, "tab": "assignments", **more}


@for_instructors
@require_safe
def class_assignments(request: HttpRequest, code: str) -> HttpResponse:
    """What the class was given; what was withdrawn stands apart."""
    classroom, now = _own_class(request, code), clock.read()
    lines = queries.class_assignments(classroom, now)
    context = _context(
        classroom,
        lines=[one for one in lines if one.state != "withdrawn"],
        withdrawn=[one for one in lines if one.state == "withdrawn"],
    )
    return render(request, "quizzes/class_assignments.html", context)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def assignment_new(request: HttpRequest, code: str) -> HttpResponse:
    """First the quiz, then the terms: what the quiz says stands beside them."""
    if request.method == "POST":
        return _give(request, code)
    classroom, wanted = _own_class(request, code), request.GET.get("quiz", "")
    quizzes = list(queries.givable(own_id(request)))
    quiz = next((one for one in quizzes if one.slug == wanted), None)
    if classroom.archived_at is not None or quiz is None:
        return _choosing(request, classroom, quizzes, gone=bool(wanted))
    return _giving(request, classroom, _new_form(classroom, quiz))


def _give(request: HttpRequest, code: str) -> HttpResponse:
    classroom = _own_class(request, code)
    quiz = own_quizzes(own_id(request)).filter(slug=request.POST.get("quiz", "")).first()
    if quiz is None:
        return _choosing(request, classroom, list(queries.givable(own_id(request))), gone=True)
    form = _new_form(classroom, quiz, request.POST)
    if not form.is_valid():
        return _giving(request, classroom, form, status=422)
    try:
        services.create_assignment(
            actor=actor(request), class_code=code, quiz_slug=quiz.slug, given=form.given(), now=clock.read()
        )
    except (Classroom.DoesNotExist, Quiz.DoesNotExist) as error:
        raise Http404 from error
    except services.Refused as error:
        form.add_error(None, str(error))
        return _giving(request, classroom, form, status=409)
    messages.success(request, _("The class has it now."))
    return redirect("teach:class_assignments", code=code)


def _new_form(classroom: Classroom, quiz: Quiz, posted: QueryDict | None = None) -> AssignmentForm:
    return AssignmentForm(posted, quiz=quiz, groups=_groups(classroom), now=clock.read())


def _choosing(request: HttpRequest, classroom: Classroom, quizzes: list[Quiz], *, gone: bool) -> HttpResponse:
    """Which quiz. ``gone``: the one that was asked for cannot be given."""
    context = _context(classroom, quizzes=quizzes, gone=gone)
    return render(request, "quizzes/assignment_choose.html", context, status=422 if gone else 200)


def _giving(request: HttpRequest, classroom: Classroom, form: AssignmentForm, *, status: int = 200) -> HttpResponse:
    context = _context(classroom, quiz=form.quiz, form=form)
    return render(request, "quizzes/assignment_new.html", context, status=status)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def assignment(request: HttpRequest, code: str) -> HttpResponse:
    """The terms, to be read and changed; withdrawing and bringing back. Two who save at once are told."""
    if request.method != "POST":
        return _page(request, code)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _page(request, code, error=_("This action is not known. Use the buttons below."), status=422)
    try:
        return act(request, code)
    except Assignment.DoesNotExist as error:
        raise Http404 from error
    except services.Refused as error:
        return _page(request, code, error=str(error), status=409, typed=act is _save)


def _save(request: HttpRequest, code: str) -> HttpResponse:
    form = _form(request, _own_assignment(request, code), request.POST)
    if not form.is_valid():
        return _page(request, code, status=422, form=form)
    try:
        services.change_assignment(
            actor=actor(request),
            code=code,
            given=form.given(),
            revision=form.cleaned_data["revision"],
            now=clock.read(),
        )
    except services.Stale as error:
        # Saved again, what was typed replaces what the other saved: the form knows of it from now on.
        data = request.POST.copy()
        data["revision"] = str(error.assignment.revision)
        standing = _own_assignment(request, code)
        theirs = differences(form, _form(request, standing))
        return _page(request, code, status=409, form=_form(request, standing, data), theirs=theirs)
    messages.success(request, _("The terms are saved. They hold for attempts that begin from now on."))
    return redirect("teach:assignment", code=code)


def _withdraw(request: HttpRequest, code: str) -> HttpResponse:
    services.withdraw_assignment(actor=actor(request), code=code, now=clock.read())
    messages.success(request, _("It is withdrawn. Attempts that are running go on, and what was done stays."))
    return redirect("teach:assignment", code=code)


def _restore(request: HttpRequest, code: str) -> HttpResponse:
    services.restore_assignment(actor=actor(request), code=code, now=clock.read())
    messages.success(request, _("The class has it again."))
    return redirect("teach:assignment", code=code)


ACTIONS = {"save": _save, "withdraw": _withdraw, "restore": _restore}


def _own_assignment(request: HttpRequest, code: str) -> Assignment:
    """An assignment of a class that this instructor teaches, with its counts; for all others it is not there."""
    rows = queries.counted(own_assignments(own_id(request)), clock.read())
    return get_object_or_404(rows.select_related("classroom", "quiz", "group"), code=code)


def _form(request: HttpRequest, standing: Assignment, posted: QueryDict | None = None) -> AssignmentForm:
    return AssignmentForm(
        posted,
        quiz=standing.quiz,
        groups=_groups(standing.classroom),
        now=clock.read(),
        stored=standing,
        settled=standing.attempts.exists(),
    )


def _groups(classroom: Classroom) -> list[Group]:
    return list(classroom.groups.all())


def _page(
    request: HttpRequest,
    code: str,
    *,
    status: int = 200,
    error: str = "",
    typed: bool = False,
    form: AssignmentForm | None = None,
    theirs: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    """The page of one assignment. ``typed``: show what was posted, which was refused as a whole."""
    standing = _own_assignment(request, code)
    context = _context(
        standing.classroom,
        line=queries.class_assignment(standing, clock.read()),
        form=form or _form(request, standing, request.POST if typed else None),
        theirs=theirs,
        error=error,
        owns_quiz=own_quizzes(own_id(request)).filter(pk=standing.quiz_id).exists(),
    )
    return render(request, "quizzes/assignment_terms.html", context, status=status)
