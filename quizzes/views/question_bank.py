"""The bank of questions for instructors: the list, what is done to many at once, and copies."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quizzes import clock
from quizzes.forms_bank import KIND_LABELS, BulkForm, FilterForm
from quizzes.models import Question
from quizzes.queries import question_list as queries
from quizzes.queries.bank import is_held
from quizzes.queries.rights import readable_questions
from quizzes.services.bulk import AT_MOST, act
from quizzes.services.copying import copy_question
from quizzes.views.images import folder
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors, is_operator

A_PAGE = 50


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def question_list(request: HttpRequest) -> HttpResponse:
    """Questions that fit, page by page. A POST does the same to all that are ticked, and tells how that went."""
    picked = request.POST.getlist("pick")[:AT_MOST]
    form = BulkForm(request.POST, picked=picked) if request.method == "POST" else BulkForm(picked=())
    if form.is_bound and form.is_valid():
        done = act(
            form.cleaned_data["action"], picked, tag=form.cleaned_data["tag"], actor=actor(request), now=clock.read()
        )
        refused = [one for one in done if one.refusal]
        context = {"section": "teach", "here": "questions", "refused": refused, "n": len(done) - len(refused)}
        context |= {"action": dict(BulkForm.ACTIONS)[form.cleaned_data["action"]], "kept": request.GET.urlencode()}
        return render(request, "quizzes/teach_question_done.html", context)
    listed = _page(request, form)
    response = render(request, "quizzes/teach_question_list.html", listed, status=422 if form.errors else 200)
    if request.method == "GET" and getattr(request, "htmx", False):
        # The address to keep: without the fields that ask for nothing.
        response.headers["HX-Push-Url"] = f"{request.path}?page={listed['page_obj'].number}{listed['kept']}"
    return response


def _page(request: HttpRequest, form: BulkForm) -> dict[str, Any]:
    filters = FilterForm(request.GET, topics=queries.topic_choices())
    person, chosen = own_id(request), filters.chosen()
    listed = queries.listed_questions(person, filters.wanted(), is_operator=is_operator(request))
    page = Paginator(listed, A_PAGE).get_page(request.GET.get("page"))
    kept = f"&{urlencode(chosen)}" if chosen else ""
    return {
        "section": "teach",
        "here": "questions",
        "filters": filters,
        "bulk": form,
        "page_obj": page,
        "chosen": {name: value for name, value in chosen.items() if name != "sort"},
        "kept": kept,
        "kinds": KIND_LABELS,
        "me": person,
    }


@for_instructors
@require_POST
def question_copy(request: HttpRequest, code: str) -> HttpResponse:
    """A draft of one’s own that says the same."""
    readable = readable_questions(own_id(request)).select_related("current", "topic")
    source: Question = get_object_or_404(readable, code=code)
    if is_held(own_id(request), source.pk):
        messages.error(request, _("This question stands in an exam that you have open. Copy it afterwards."))
        return redirect("teach:question_list")
    copy = copy_question(source, folder=folder(), actor=actor(request), now=clock.read())
    text = _("“%(code)s” is a draft of yours now, with all that “%(source)s” says.")
    messages.success(request, text % {"code": copy.code, "source": source.code})
    return redirect("teach:question_versions", code=copy.code)
