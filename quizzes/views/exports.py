"""Questions go out: what a format makes of them is told first, then the file is written."""

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes import clock, tasks
from quizzes.formats.exchange.model import ASPECTS
from quizzes.formats.exchange.registry import FORMATS
from quizzes.forms_bank import FilterForm
from quizzes.forms_exchange import ExportForm
from quizzes.models import Section, SectionQuestion
from quizzes.queries import exchange as queries
from quizzes.queries.question_list import listed_questions, topic_choices
from quizzes.queries.rights import own_quizzes
from quizzes.services.bulk import AT_MOST
from quizzes.services.exporting import NothingToWrite, account_for, write_export
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

CONTEXT = {"section": "teach", "here": "imports"}
SHOWN_LINES = 200
"""Of the account, question by question; the sums hold for all."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions go out. ``fields`` are what asks for them again; ``drawn`` counts sections without a list."""

    ids: list[int]
    title: str
    fields: list[tuple[str, str]]
    ticked: bool
    drawn: int = 0


def _selection(request: HttpRequest) -> Selection:
    """The questions of a quiz, those that were ticked, or all that fit the filter. Raises Http404 for no quiz."""
    asked = request.POST if request.method == "POST" else request.GET
    if quiz := asked.get("quiz", ""):
        return _of_quiz(request, quiz.replace("\0", ""))
    person = own_id(request)
    picked = [one.replace("\0", "") for one in asked.getlist("pick")][:AT_MOST]
    if picked or request.method == "POST":
        rows = queries.exportable_questions(person).filter(code__in=picked).values_list("code", "pk")
        by_code = dict(rows)
        ids = [by_code[one] for one in dict.fromkeys(picked) if one in by_code]
        return Selection(ids, _("Questions"), [("pick", one) for one in picked], ticked=True)
    filters = FilterForm(asked, topics=topic_choices())
    chosen = filters.chosen()
    ids = list(listed_questions(person, filters.wanted()).values_list("pk", flat=True))
    return Selection(ids, chosen.get("tag") or _("Questions"), list(chosen.items()), ticked=False)


def _of_quiz(request: HttpRequest, slug: str) -> Selection:
    quiz = get_object_or_404(own_quizzes(own_id(request)), slug=slug)
    places = SectionQuestion.objects.filter(section__quiz=quiz).order_by("section__position", "position")
    placed = list(places.values_list("question", flat=True))
    free = set(queries.exportable_questions(own_id(request)).filter(pk__in=placed).values_list("pk", flat=True))
    drawn = Section.objects.filter(quiz=quiz).exclude(source=Section.Source.FIXED).count()
    ids = [one for one in dict.fromkeys(placed) if one in free]
    return Selection(ids, quiz.title, [("quiz", quiz.slug)], ticked=False, drawn=drawn)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Choose a format; then what it carries of these questions, and what not, before anything is written."""
    chosen, asked = _selection(request), request.POST if request.method == "POST" else request.GET
    form = ExportForm(asked) if "format" in asked else ExportForm()
    context: dict[str, Any] = {**CONTEXT, "chosen": chosen, "form": form, "formats": _writing()}
    if form.is_bound and form.is_valid() and chosen.ids:
        found = FORMATS[form.cleaned_data["format"]]
        account = account_for(found.name, chosen.ids, person_id=own_id(request))
        refused = [line for line in account.lines if not line.written]
        about = asked.get("about", "")
        rest = [one for one in account.lines if one.written and (not about or _tells(one, about))]
        lines = rest if about else _without(account.common, rest)
        context |= {"found": found, "account": account, "refused": refused, "lines": lines[:SHOWN_LINES]}
        context |= {"unfinished": len(chosen.ids) - account.total}
        context |= {"more": max(0, len(lines) - SHOWN_LINES), "about": about, "about_label": ASPECTS.get(about, "")}
    return render(request, "quizzes/export.html", context, status=422 if form.errors else 200)


def _without(common: Iterable[Mapping[str, str]], lines: Iterable[queries.ExportLine]) -> list[queries.ExportLine]:
    """The lines without what is said once for all, and none that would be empty."""
    said = {(one["severity"], one["words"]) for one in common}
    short = (
        replace(line, notes=tuple(note for note in line.notes if (note.severity.value, note.words) not in said))
        for line in lines
    )
    return [line for line in short if line.notes]


def _tells(line: queries.ExportLine, aspect: str) -> bool:
    return any(note.aspect == aspect for note in line.notes)


def _writing() -> list[Any]:
    return [one for one in FORMATS.values() if one.writes]


@for_instructors  # type: ignore[arg-type]  # streamed, which the types keep apart
@require_http_methods(["GET", "HEAD", "POST"])
def export_file(request: HttpRequest) -> HttpResponseBase:
    """The file itself."""
    chosen, form = _selection(request), ExportForm(request.POST if request.method == "POST" else request.GET)
    if not form.is_valid():
        raise Http404
    out = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    try:
        written = write_export(
            form.cleaned_data["format"],
            chosen.ids,
            out,
            person_id=own_id(request),
            title=chosen.title,
            images=tasks.images_folder(),
            now=clock.read(),
        )
    except NothingToWrite as error:
        out.close()
        context = {**CONTEXT, "chosen": chosen, "form": form, "formats": _writing(), "problem": str(error)}
        return render(request, "quizzes/export.html", context, status=422)
    out.seek(0)
    response = FileResponse(out, as_attachment=True, filename=written.file_name, content_type=written.media_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
