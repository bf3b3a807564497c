"""The roster of a class as a file: looked through, then taken in on a word; and out again."""

from collections.abc import Iterator
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.formats import sheets
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.roster import COLUMNS, SAMPLE, Roster, read_roster
from quizzes.forms_roster import RosterForm, TakeForm
from quizzes.models import Classroom
from quizzes.queries.classes import seats
from quizzes.queries.rights import own_classes
from quizzes.queries.roster import Plan, plan_of, roster_rows
from quizzes.services import rosters, waiting
from quizzes.tasks import rosters_folder
from quizzes.templatetags.exchange import sentence
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors

UPLOAD = "roster_file"
"""The limit of files, by person: ACCOUNT_RATE_LIMITS."""
MOST_WAITING = 200
"""Files that wait for a word at one time, over all instructors: together at most 200 MB for an hour."""
SEPARATORS = {
    ",": gettext_lazy("commas"),
    ";": gettext_lazy("semicolons"),
    "\t": gettext_lazy("tabs"),
    "|": gettext_lazy("bars"),
}


def _own(request: HttpRequest, code: str) -> Classroom:
    return get_object_or_404(own_classes(own_id(request)), code=code)


def _owner(request: HttpRequest, classroom: Classroom) -> str:
    return f"{own_id(request)}-{classroom.pk}"


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def roster(request: HttpRequest, code: str) -> HttpResponse:
    """A form for the file. A file that is posted is looked through; the word to it takes it in."""
    classroom = _own(request, code)
    if request.method != "POST":
        return _page(request, classroom, RosterForm())
    if classroom.archived_at is not None:
        return _archived(request, classroom)
    if "kept" in request.POST:
        return _take(request, classroom)
    form = RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, classroom, form, status=422)
    if not ratelimit.consume(request, action=UPLOAD):
        form.add_error("file", _("You sent 60 files within an hour. Wait a while, then send this one again."))
        return _page(request, classroom, form, status=429)
    data = form.cleaned_data["file"]
    try:
        found = read_roster(data)
        plan = plan_of(classroom, found)
        kept = _keep(request, classroom, data) if not plan.is_idle else ""
    except BadFile as error:
        form.add_error("file", sentence(str(error)))
        return _page(request, classroom, form, status=422)
    except waiting.TooManyWait:
        form.add_error("file", _("Too many files are waiting at the moment. Try again in an hour."))
        return _page(request, classroom, form, status=422)
    return _preview(request, classroom, found, plan, kept)


def _keep(request: HttpRequest, classroom: Classroom, data: bytes) -> str:
    return waiting.keep(
        data,
        owner=_owner(request, classroom),
        suffix=rosters.SUFFIX,
        folder=rosters_folder(),
        most=MOST_WAITING,
        now=clock.read(),
    )


def _take(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    form, owner = TakeForm(request.POST), _owner(request, classroom)
    kept = form.cleaned_data.get("kept", "") if form.is_valid() else ""
    try:
        found = read_roster(waiting.kept(kept, owner=owner, suffix=rosters.SUFFIX, folder=rosters_folder()))
        plan = rosters.take_roster(
            classroom_id=classroom.pk,
            roster=found,
            seen=form.cleaned_data["seen"],
            actor=actor(request),
            now=clock.read(),
        )
    except waiting.Gone:
        words = _("This file is not kept any more: it was taken in, or waited for more than an hour. Choose it again.")
        messages.error(request, words)
        return _page(request, classroom, RosterForm(), status=422)
    except BadFile as error:
        messages.error(request, sentence(str(error)))
        return _page(request, classroom, RosterForm(), status=422)
    except Classroom.DoesNotExist as error:
        raise Http404 from error
    except rosters.Archived:
        return _archived(request, classroom)
    except rosters.OtherOutcome as other:
        words = _("The class has changed meanwhile. Nothing was written; look again at what the file would do.")
        messages.warning(request, words)
        return _preview(request, classroom, found, other.plan, kept, status=409)
    waiting.forget(owner=owner, suffix=rosters.SUFFIX, folder=rosters_folder())
    words = _("The roster is taken in: %(new)d new, %(changed)d changed.")
    messages.success(request, words % {"new": len(plan.new), "changed": len(plan.changed)})
    return redirect("teach:class_roster", code=classroom.code)


def _archived(request: HttpRequest, classroom: Classroom) -> HttpResponse:
    messages.warning(request, _("This class is archived: it can only be read. Nothing was written."))
    return _page(request, classroom, RosterForm(), status=409)


def _context(classroom: Classroom) -> dict[str, Any]:
    return {
        "section": "teach",
        "here": "classes",
        "tab": "learners",
        "classroom": classroom,
        "mail": settings.MAIL_IS_ON,
    }


def _page(request: HttpRequest, classroom: Classroom, form: RosterForm, *, status: int = 200) -> HttpResponse:
    count = seats(classroom, with_left=True).count()
    context = _context(classroom) | {"form": form, "count": count, "sample": SAMPLE}
    return render(request, "quizzes/class_roster.html", context, status=status)


def _preview(
    request: HttpRequest, classroom: Classroom, found: Roster, plan: Plan, kept: str, *, status: int = 200
) -> HttpResponse:
    context = _context(classroom) | {
        "roster": found,
        "plan": plan,
        "separator": SEPARATORS[found.separator],
        "take": TakeForm(initial={"kept": kept, "seen": plan.digest}),
    }
    return render(request, "quizzes/class_roster_preview.html", context, status=status)


@for_instructors  # type: ignore[arg-type]  # streamed, which the types keep apart
@require_safe
def as_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """The seats of the class as a file that can be brought in again."""
    classroom, now = _own(request, code), clock.read()
    lines = _encoded(sheets.as_csv(COLUMNS, roster_rows(classroom)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{classroom.code}-roster-{now:%Y-%m-%d}.csv"'
    return response


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode()
