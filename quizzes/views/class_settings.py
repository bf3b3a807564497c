"""The settings of a class: its name, how one joins, who teaches it, its end."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_classes import ClassForm, TeacherForm, read_number
from quizzes.models import Classroom
from quizzes.services import classes as services
from quizzes.views.classes import class_context, own_class
from quizzes.views.person import own_id
from quizzes.views.quiz_builder import qr_code
from quizzes.views.teach import actor, for_instructors


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def class_settings(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about the class but its learners."""
    classroom = own_class(request, code)
    if request.method != "POST":
        return _page(request, classroom)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _page(request, classroom, error=_("This action is not known. Use the buttons below."), status=422)
    try:
        return act(request, classroom)
    except Classroom.DoesNotExist as error:
        raise Http404 from error
    except services.Refused as error:
        return _page(request, own_class(request, code), error=str(error), status=422)


def _page(request: HttpRequest, classroom: Classroom, *, status: int = 200, **more: Any) -> HttpResponse:
    address = ""
    if classroom.join_code and classroom.archived_at is None:
        address = request.build_absolute_uri(reverse("classes:join_link", args=[classroom.join_code]))
    context = class_context(
        classroom,
        "settings",
        form=more.pop("form", None) or ClassForm(initial={"name": classroom.name}),
        teacher_form=more.pop("teacher_form", None) or TeacherForm(),
        teachers=classroom.teachers.order_by("username"),
        is_owner=classroom.owner_id == own_id(request),
        me=own_id(request),
        address=address,
        join_address=request.build_absolute_uri(reverse("classes:join")).partition("//")[2],
        code=qr_code(address) if address else "",
        spaced=f"{classroom.join_code[:4]} {classroom.join_code[4:]}",
        **more,
    )
    return render(request, "quizzes/teach_class_settings.html", context, status=status)


def _rename(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    form = ClassForm(request.POST)
    if not form.is_valid():
        return _page(request, classroom, form=form, status=422)
    services.rename_class(actor=actor(request), code=classroom.code, name=form.cleaned_data["name"], now=clock.read())
    messages.success(request, _("The name is saved."))
    return _settings(classroom)


def _renew(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    services.renew_join_code(actor=actor(request), code=classroom.code, now=clock.read())
    messages.success(request, _("There is a new join code. The old one and its link are dead."))
    return _settings(classroom)


def _close(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    services.close_joining(actor=actor(request), code=classroom.code, now=clock.read())
    messages.success(request, _("The class is closed: nobody can join any more. Who is in it stays."))
    return _settings(classroom)


def _add_teacher(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    form = TeacherForm(request.POST)
    if form.is_valid():
        try:
            name = services.add_teacher(
                actor=actor(request), code=classroom.code, username=form.cleaned_data["username"], now=clock.read()
            )
        except services.Refused as error:
            form.add_error("username", str(error))
        else:
            messages.success(request, _("“%(name)s” teaches this class with you now.") % {"name": name})
            return _settings(classroom)
    return _page(request, classroom, teacher_form=form, status=422)


def _remove_teacher(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    number = read_number(request.POST.get("person", ""))
    if number is not None:
        services.remove_teacher(actor=actor(request), code=classroom.code, person_id=number, now=clock.read())
    if number == own_id(request):
        messages.success(request, _("You do not teach “%(name)s” any more.") % {"name": classroom.name})
        return redirect("teach:classes")
    messages.success(request, _("Done."))
    return _settings(classroom)


def _archive(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    services.archive_class(actor=actor(request), code=classroom.code, now=clock.read())
    messages.success(request, _("The class is archived. You find it at the end of your list."))
    return _settings(classroom)


def _restore(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    services.restore_class(actor=actor(request), code=classroom.code, now=clock.read())
    messages.success(request, _("The class is back."))
    return _settings(classroom)


def _settings(classroom: Classroom) -> HttpResponse:
    return redirect("teach:class_settings", code=classroom.code)


ACTIONS = {
    "rename": _rename,
    "renew": _renew,
    "close": _close,
    "add_teacher": _add_teacher,
    "remove_teacher": _remove_teacher,
    "archive": _archive,
    "restore": _restore,
}
