"""Instructors' classes: the list and a new one, who is in a class, and its groups."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_classes import ClassForm, GroupForm, read_number, read_numbers, read_wanted
from quizzes.models import Classroom, Group, Membership
from quizzes.queries import class_pages as queries
from quizzes.queries.classes import seats
from quizzes.queries.rights import own_classes
from quizzes.services import seats as services
from quizzes.services.classes import Refused, create_class
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors


def own_class(request: HttpRequest, code: str) -> Classroom:
    """A class that this instructor teaches; for all others it is not there."""
    return get_object_or_404(own_classes(own_id(request)).select_related("owner"), code=code)


def class_context(classroom: Classroom, tab: str, **more: Any) -> dict[str, Any]:
    """What every page about one class needs."""
    return {"section": "teach", "here": "classes", "classroom": classroom, "tab": tab, **more}


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def class_list(request: HttpRequest) -> HttpResponse:
    """Their classes, archived ones apart, and a new one by its name."""
    form = ClassForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        made = create_class(actor=actor(request), name=form.cleaned_data["name"], now=clock.read())
        messages.success(request, _("The class is made. Give its join code to your learners."))
        return redirect("teach:class_settings", code=made.code)
    found = list(queries.class_list(own_id(request)))
    context = {
        "section": "teach",
        "here": "classes",
        "form": form,
        "me": own_id(request),
        "classes": [one for one in found if one.archived_at is None],
        "archived": [one for one in found if one.archived_at is not None],
    }
    return render(request, "quizzes/teach_class_list.html", context, status=422 if form.errors else 200)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def class_page(request: HttpRequest, code: str) -> HttpResponse:
    """Who is in it, who is awaited, who has left; groups, and who is in which."""
    classroom = own_class(request, code)
    if request.method != "POST":
        return _page(request, classroom)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _page(request, classroom, error=_("This action is not known. Use the buttons below."), status=422)
    try:
        return act(request, classroom)
    except (Classroom.DoesNotExist, Group.DoesNotExist, Membership.DoesNotExist) as error:
        raise Http404 from error
    except Refused as error:
        return _page(request, own_class(request, code), error=str(error), status=422)


def _page(request: HttpRequest, classroom: Classroom, *, status: int = 200, **more: Any) -> HttpResponse:
    wanted = read_wanted(request.GET)
    page = queries.class_page(classroom, wanted, request.GET.get("page"))
    waits = wanted.shown == queries.WAITING and page.waiting and classroom.archived_at is None
    kept = {"shown": wanted.shown, "group": wanted.group, "q": wanted.q}
    context = class_context(
        classroom,
        "learners",
        page=page,
        kept="".join(f"&{urlencode({name: value})}" for name, value in kept.items() if value),
        ticked=set(read_numbers(request.POST.getlist("seat"))),
        chips=_chips(page),
        unknown=list(queries.off_the_roster(classroom)) if waits else [],
        new_group=more.pop("new_group", None) or GroupForm(auto_id="id_new_%s"),
        renamed=more.pop("renamed", None),
        **more,
    )
    return render(request, "quizzes/teach_class.html", context, status=status)


def _chips(page: queries.ClassPage) -> list[tuple[str, str]]:
    words = [
        (queries.HERE, ngettext("%(n)d learner", "%(n)d learners", page.here) % {"n": page.here}),
        (queries.WAITING, _("%(n)d awaited") % {"n": page.waiting}),
        (queries.LEFT, _("%(n)d left") % {"n": page.left}),
    ]
    numbers = {queries.HERE: page.here, queries.WAITING: page.waiting, queries.LEFT: page.left}
    return [one for one in words if one[0] in (queries.HERE, page.wanted.shown) or numbers[one[0]]]


def _back(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    """To the same part of the list."""
    query = urlencode({name: request.GET[name] for name in ("shown", "group", "q") if request.GET.get(name)})
    return redirect(f"{reverse('teach:class', args=[classroom.code])}{'?' if query else ''}{query}")


# Groups


def _add_group(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    form = GroupForm(request.POST, auto_id="id_new_%s")
    if form.is_valid():
        try:
            group = services.add_group(actor=actor(request), code=classroom.code, name=form.cleaned_data["name"])
        except Refused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The group “%(name)s” is made.") % {"name": group.name})
            return _back(request, classroom)
    return _page(request, classroom, new_group=form, status=422)


def _rename_group(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    number, form = _group_number(request), GroupForm(request.POST)
    if form.is_valid():
        try:
            services.rename_group(
                actor=actor(request), code=classroom.code, group_id=number, name=form.cleaned_data["name"]
            )
        except Refused as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("The group has its new name."))
            return _back(request, classroom)
    return _page(request, classroom, renamed={"pk": number, "form": form}, status=422)


def _delete_group(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    name = services.delete_group(actor=actor(request), code=classroom.code, group_id=_group_number(request))
    messages.success(request, _("The group “%(name)s” is deleted.") % {"name": name})
    # The list may have been narrowed to this very group.
    return redirect("teach:class", code=classroom.code)


def _group_number(request: HttpRequest) -> int:
    number = read_number(request.POST.get("group", ""))
    if number is None:
        raise Http404
    return number


# Seats


def _place(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    chosen, to = read_numbers(request.POST.getlist("seat")), request.POST.get("to", "")
    if not chosen:
        return _page(request, classroom, untold=_("Tick at least one line first."), status=422)
    if not to:
        return _page(request, classroom, untold=_("Choose a group first."), status=422)
    number = None if to == queries.IN_NO_GROUP else read_number(to) or 0
    n = services.place(actor=actor(request), code=classroom.code, seats=chosen, group_id=number)
    messages.success(request, ngettext("%(n)d line is moved.", "%(n)d lines are moved.", n) % {"n": n})
    return _back(request, classroom)


def _remove(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    """Asked first, then done."""
    chosen = read_numbers(request.POST.getlist("seat"))
    if not chosen:
        return _page(request, classroom, untold=_("Tick at least one line first."), status=422)
    if request.POST.get("sure") != "yes":
        found = list(seats(classroom).filter(pk__in=chosen))
        back = reverse("teach:class", args=[classroom.code])
        context = class_context(classroom, "learners", seats=found, back=f"{back}?{request.GET.urlencode()}")
        return render(request, "quizzes/teach_class_remove.html", context)
    n = services.remove_seats(actor=actor(request), code=classroom.code, seats=chosen, now=clock.read())
    messages.success(request, ngettext("%(n)d is removed.", "%(n)d are removed.", n) % {"n": n})
    return _back(request, classroom)


def _unite(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    chosen, who = read_numbers(request.POST.getlist("seat")), read_number(request.POST.get("who", ""))
    if len(chosen) != 1:
        return _page(request, classroom, untold=_("Tick the one line whose learner you know."), status=422)
    if who is None:
        return _page(request, classroom, untold=_("Choose who it is."), status=422)
    services.unite_seats(actor=actor(request), code=classroom.code, waiting_id=chosen[0], taken_id=who)
    messages.success(request, _("Done. The learner has the name of the roster now."))
    return _back(request, classroom)


ACTIONS = {
    "group_new": _add_group,
    "group_rename": _rename_group,
    "group_delete": _delete_group,
    "place": _place,
    "remove": _remove,
    "unite": _unite,
}
