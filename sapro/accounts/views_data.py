"""My data: take it away, bring it in, and the way to delete it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quizzes import clock
from quizzes.formats.personal import BadPersonal, write_personal
from quizzes.services.waiting import Gone, TooManyWait
from quizzes.views.person import ensure_person, person_id
from sapro.accounts.folders import imports_folder
from sapro.accounts.forms_data import ImportForm
from sapro.accounts.queries import my_data as queries
from sapro.accounts.services import my_data as services
from sapro.accounts.tables import as_zip
from sapro.accounts.views import person_of, to_sign_in

TAKEN = {
    "attempts": gettext_lazy("finished attempts"),
    "responses": gettext_lazy("answers in them"),
    "exposures": gettext_lazy("questions met"),
    "cards": gettext_lazy("repetition cards"),
    "recalls": gettext_lazy("repetitions"),
    "plan": gettext_lazy("study plan"),
    "readings": gettext_lazy("pages read"),
    "highlights": gettext_lazy("highlights and notes"),
    "bookmarks": gettext_lazy("bookmarks"),
}
SKIPPED = {
    "attempts_open": gettext_lazy("attempts that were not finished"),
    "attempts_withheld": gettext_lazy(
        "attempts that were withheld because an exam was open; export them after its end"
    ),
    "attempts_authored": gettext_lazy("attempts at quizzes of instructors: these stay where they were made"),
    "attempts_unknown": gettext_lazy("attempts with a question, or a version of one, that this site does not have"),
    "cards_withheld": gettext_lazy("cards that were withheld because an exam was open; export them after its end"),
    "cards_unknown": gettext_lazy("cards of questions that this site does not have"),
    "recalls_unknown": gettext_lazy("repetitions of a version that this site does not have"),
    "exposures_unknown": gettext_lazy("questions met that this site does not have"),
    "readings_unknown": gettext_lazy("pages read that this site does not have"),
    "highlights_unknown": gettext_lazy("highlights on pages that this site does not have"),
    "bookmarks_unknown": gettext_lazy("bookmarks of pages that this site does not have"),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What can be done with one's data; a file that is posted is looked through, and nothing is written."""
    if request.method != "POST":
        return _page(request, ImportForm())
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, status=422)
    data = form.cleaned_data["file"]
    try:
        account = services.look_through(data, person_id=person_id(request))
    except BadPersonal as error:
        form.add_error("file", _("This file cannot be taken as it is. What is wrong stands above."))
        return _page(request, form, status=422, faults=error.faults)
    digest = ""
    if not account.is_empty:
        try:
            digest = services.keep(data, person_id=ensure_person(request), folder=imports_folder(), now=clock.read())
        except TooManyWait:
            form.add_error("file", _("Too many files are waiting at the moment. Try again in an hour."))
            return _page(request, form, status=422)
    context = {"section": "account", "person": person_of(request), "digest": digest, **_counts(account)}
    return render(request, "accounts/data_import.html", context)


def _page(request: HttpRequest, form: ImportForm, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"section": "account", "person": person_of(request), "form": form, **more}
    return render(request, "accounts/data.html", context, status=status)


def _counts(account: services.Account) -> dict[str, Any]:
    return {
        "new": [(TAKEN[name], n) for name, n in account.new.items() if n],
        "there": [(TAKEN[name], n) for name, n in account.there.items() if n],
        "skipped": [(SKIPPED[name], n) for name, n in account.skipped.items() if n],
    }


@never_cache
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """The word to the file that was looked through: import it, all or nothing."""
    own = person_id(request)
    try:
        if own is None:
            raise Gone
        data = services.kept(request.POST.get("digest", ""), person_id=own, folder=imports_folder())
        account = services.take(data, person_id=own)
    except Gone:
        form = ImportForm()
        words = _("This file is not kept any more. Nothing was taken; choose it again.")
        return _page(request, form, status=422, faults=[words])
    except BadPersonal as error:
        return _page(request, ImportForm(), status=422, faults=error.faults)
    services.forget(person_id=own, folder=imports_folder())
    n = account.new.total()
    messages.success(request, ngettext("%(n)d entry was taken in.", "%(n)d entries were taken in.", n) % {"n": n})
    return redirect("my_data")


@never_cache
@require_GET
def as_json(request: HttpRequest) -> HttpResponseBase:
    """Everything that is stored about the person, as one JSON file."""
    person = person_of(request)
    if person is None:
        return to_sign_in(request)
    now = clock.read()
    pieces = write_personal(queries.head(person, now=now), queries.parts(person, now=now))
    return StreamingHttpResponse(
        pieces,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="sapro-{now:%Y-%m-%d}.json"'},
    )


@never_cache
@require_GET
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as tables, in one zip."""
    person = person_of(request)
    if person is None:
        return to_sign_in(request)
    now = clock.read()
    return StreamingHttpResponse(
        as_zip(queries.parts(person, now=now)),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="sapro-{now:%Y-%m-%d}.zip"'},
    )
