"""Questions come in: a file is sent, looked through, chosen from and taken."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from allauth.core import ratelimit
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from quizzes import clock, tasks
from quizzes.formats.exchange.model import ASPECTS, BadFile, Format
from quizzes.formats.exchange.registry import FORMATS
from quizzes.forms_exchange import AgainForm, TagForm, UploadForm, chosen_in
from quizzes.models import Import, ImportItem
from quizzes.queries import exchange as queries
from quizzes.queries import import_pages
from quizzes.services import exchange as services
from quizzes.templatetags.exchange import sentence
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

A_PAGE = 25
LIST_PAGE = 30
DONE_PAGE = 100
UPLOAD = "import_file"
"""The limit of files, by person: ACCOUNT_RATE_LIMITS."""
TABLES = ("csv", "tsv", "xlsx")
"""Formats that are tables: named as their files end."""
BUSY = (Import.State.READING, Import.State.WRITING)
CONTEXT = {"section": "teach", "here": "imports"}


def own_import(request: HttpRequest, code: str) -> Import:
    """An import of whoever asks; for all others it is not there."""
    return get_object_or_404(queries.own_imports(own_id(request)), code=code)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def import_list(request: HttpRequest) -> HttpResponse:
    """One’s imports, and a form to begin another."""
    if request.method != "POST":
        return _list(request, UploadForm(initial={"asked": request.GET.get("format", "")}))
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, form, status=422)
    if not ratelimit.consume(request, action=UPLOAD):
        form.add_error("file", _("You sent 30 files within an hour. Wait a while, then send this one again."))
        return _list(request, form, status=429)
    file = form.cleaned_data["file"]
    try:
        source = services.begin_import(
            file.chunks(),
            file.name or "",
            person_id=own_id(request),
            asked_format=form.cleaned_data["asked"],
            folder=tasks.imports_folder(),
            now=clock.read(),
        )
    except BadFile as error:
        form.add_error("file", sentence(str(error)))
        return _list(request, form, status=422)
    tasks.start(source)
    return redirect("teach:import", code=source.code)


def _list(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    page = Paginator(queries.own_imports(own_id(request)), LIST_PAGE).get_page(request.GET.get("page"))
    readable = [one for one in FORMATS.values() if one.reads]
    context = {**CONTEXT, "form": form, "page_obj": page, "formats": readable}
    return render(request, "quizzes/import_list.html", context, status=status)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: HttpRequest, code: str) -> HttpResponse:
    """An import as far as it is. A POST says what is to be done with its questions."""
    source = own_import(request, code)
    if request.method == "POST":
        return _chosen(request, source)
    if source.state in BUSY and _is_silent(source, now := clock.read()):
        tasks.resume_if_stalled(source, now=now)
        source.refresh_from_db()
    if request.headers.get("HX-Request"):
        return _progress(request, source)
    if source.state == Import.State.CHOOSING:
        return _choosing(request, source)
    if source.state == Import.State.DONE:
        return _done(request, source)
    context = _about(source) | {"form": AgainForm(initial={"asked": ""}), "kept": _is_kept(source)}
    context |= {"template": _template_for(source)}
    return render(request, "quizzes/import_page.html", context)


def _is_silent(source: Import, now: datetime) -> bool:
    """Whether nobody seems to work on it. Most looks end here, without a statement."""
    return now - (source.beat_at or source.created_at) > services.STALLED


def _about(source: Import) -> dict[str, Any]:
    """What every page of an import says of it."""
    found, asked = FORMATS.get(source.format), FORMATS.get(source.asked_format)
    share = min(100, source.done * 100 // source.total) if source.total else 0
    return {**CONTEXT, "source": source, "found": found, "asked": asked, "share": share, "quarter": share // 25 * 25}


def _progress(request: HttpRequest, source: Import) -> HttpResponse:
    """The bar alone, for the page that asks again and again; where there is none any more, the whole page."""
    if source.state not in BUSY:
        return HttpResponseClientRedirect(reverse("teach:import", args=[source.code]))
    context = _about(source) | {"news": request.GET.get("said", "") != str(_about(source)["quarter"])}
    response = render(request, "quizzes/import_page.html#progress", context)
    response.headers["Vary"] = "HX-Request, Cookie"
    return response


def _choosing(
    request: HttpRequest, source: Import, *, form: TagForm | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    show, about = _wanted(request)
    rows = import_pages.items_about(source, about) if about else queries.items_of(source, show)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    account = queries.account_of_import(source)
    context = _about(source) | {
        "account": account,
        "page_obj": page,
        "items": import_pages.page_items(list(page.object_list), () if about else account.common),
        "show": show,
        "about": about,
        "about_label": ASPECTS.get(about, ""),
        "address": _address(source, show, about, page.number),
        "form": form or TagForm(initial={"tag": source.tag}),
        "problem": problem,
        "choices": ImportItem.Choice,
    }
    return render(request, "quizzes/import_page.html", context, status=status)


def _wanted(request: HttpRequest) -> tuple[str, str]:
    """What the list is narrowed to: one of FILTERS, and one of ASPECTS or nothing."""
    show, about = request.GET.get("show", ""), request.GET.get("about", "")
    return (show if show in queries.FILTERS else "all"), (about if about in ASPECTS else "")


def _address(source: Import, show: str, about: str, page: int) -> str:
    given = {"show": show if show != "all" else "", "about": about, "page": str(page) if page > 1 else ""}
    words = urlencode({name: value for name, value in given.items() if value})
    return reverse("teach:import", args=[source.code]) + (f"?{words}" if words else "")


def _chosen(request: HttpRequest, source: Import) -> HttpResponse:
    """Keep the choices that came, then do what the button says."""
    try:
        problem = _keep_choices(request, source)
        if request.headers.get("HX-Request"):
            return _counts(request, source, problem)
        if problem:
            return _choosing(request, source, problem=problem, status=422)
        if everything := request.POST.get("all", ""):
            services.choose_all(source, everything)
        if request.POST.get("do") == "confirm":
            return _confirmed(request, source)
    except services.CannotChoose as error:
        return _choosing(request, source, problem=str(error), status=422)
    except services.WrongState:
        messages.warning(request, _("This import has gone on meanwhile. Here is where it stands."))
        return redirect("teach:import", code=source.code)
    show, about = _wanted(request)
    go = request.POST.get("go", "")
    now_on = request.GET.get("page", "")
    number = next((int(one) for one in (go, now_on) if one.isascii() and one.isdigit() and len(one) < 6), 1)
    return redirect(f"{_address(source, show, about, number)}#questions")


def _keep_choices(request: HttpRequest, source: Import) -> str:
    """Save what is different from before; what is wrong with the first that cannot be saved."""
    sent = {one.position: one for one in chosen_in(request.POST, request.POST.getlist("position"))}
    rows = ImportItem.objects.filter(source=source, position__in=sent).select_related("target").defer("raw", "body")
    for row in rows:
        one = sent[row.position]
        stands = row.target.code if row.target else ""
        if one.choice == row.choice and (one.choice != ImportItem.Choice.REPLACE or one.target == stands):
            continue
        if one.choice == ImportItem.Choice.REPLACE and not one.target and request.headers.get("HX-Request"):
            # Its code is still to be typed.
            continue
        try:
            services.choose(source, one.position, one.choice, target=one.target)
        except services.CannotChoose as error:
            return _("Question %(n)d: %(words)s") % {"n": one.position, "words": error}
    return ""


def _counts(request: HttpRequest, source: Import, problem: str) -> HttpResponse:
    context = {"account": queries.account_of_import(source), "problem": problem}
    return render(request, "quizzes/_import_choosing.html#counts", context)


def _confirmed(request: HttpRequest, source: Import) -> HttpResponse:
    form = TagForm(request.POST)
    if not form.is_valid():
        return _choosing(request, source, form=form, status=422)
    services.confirm(source, tag=form.cleaned_data["tag"], now=clock.read())
    tasks.start(source)
    return redirect("teach:import", code=source.code)


def _done(request: HttpRequest, source: Import) -> HttpResponse:
    rows = queries.items_of(source, "taken").filter(question__isnull=False)
    page = Paginator(rows, DONE_PAGE).get_page(request.GET.get("page"))
    context = _about(source) | {"account": queries.account_of_import(source), "page_obj": page}
    return render(request, "quizzes/import_page.html", context)


def _template_for(source: Import) -> Format | None:
    """The kind of table that a file seems to be by its name, where that is why it was not read."""
    end = source.file_name.lower().rpartition(".")[2]
    is_table = end in TABLES and source.format in ("", end) and source.asked_format in ("", *TABLES)
    return FORMATS[end] if source.state == Import.State.FAILED and is_table else None


def _is_kept(source: Import) -> bool:
    return (tasks.imports_folder() / source.code).is_file()


@for_instructors
@require_safe
def import_compare(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """A question of the file beside one of the bank, or beside another one of the file, word by word."""
    source = own_import(request, code)
    item = get_object_or_404(queries.items_of(source), position=position)
    other, place = request.GET.get("question", ""), request.GET.get("position", "")
    if other:
        rows = import_pages.compared_with_bank(item, other.replace("\0", ""), own_id(request))
    elif place.isascii() and place.isdigit() and len(place) < 7:
        rows = import_pages.compared_in_file(item, int(place))
    else:
        rows = None
    if rows is None:
        raise Http404
    context = {**CONTEXT, "source": source, "item": item, "other": other, "place": place, "rows": rows}
    return render(request, "quizzes/import_compare.html", context)


@for_instructors
@require_POST
def import_again(request: HttpRequest, code: str) -> HttpResponse:
    """Read the same file once more, as another format; the import that failed is given up."""
    source = own_import(request, code)
    form = AgainForm(request.POST)
    path = tasks.imports_folder() / source.code
    if source.state != Import.State.FAILED or not form.is_valid() or not path.is_file():
        messages.error(request, _("This file cannot be read again. Send it once more."))
        return redirect("teach:imports")
    if not ratelimit.consume(request, action=UPLOAD):
        messages.error(request, _("You sent 30 files within an hour. Wait a while, then try again."))
        return redirect("teach:import", code=code)
    with path.open("rb") as file:
        anew = services.begin_import(
            iter(lambda: file.read(1 << 20), b""),
            source.file_name,
            person_id=own_id(request),
            asked_format=form.cleaned_data["asked"],
            folder=tasks.imports_folder(),
            now=clock.read(),
        )
    _give_up(source)
    tasks.start(anew)
    return redirect("teach:import", code=anew.code)


@for_instructors
@require_POST
def import_discard(request: HttpRequest, code: str) -> HttpResponse:
    """Give an import up: nothing of it is kept."""
    source = own_import(request, code)
    try:
        _give_up(source)
    except services.WrongState:
        messages.error(request, _("This import is done: its questions are in the bank. Retire them there."))
        return redirect("teach:import", code=code)
    messages.success(request, _("The import is discarded. Nothing of it was taken."))
    return redirect("teach:imports")


def _give_up(source: Import) -> None:
    services.discard(source, folder=tasks.imports_folder(), images=tasks.images_folder(), now=clock.read())
