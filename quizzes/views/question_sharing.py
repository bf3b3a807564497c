"""Who works on a question, and what was done to what is mine."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import clock
from quizzes.forms_bank import LogForm, ShareForm
from quizzes.models import Question
from quizzes.queries.log import readable_log
from quizzes.queries.rights import own_questions
from quizzes.services.sharing import NotShared, share_question, unshare_question
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors

A_PAGE = 50


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def question_sharing(request: HttpRequest, code: str) -> HttpResponse:
    """Who works on it. The author shares it."""
    question = _own(request, code)
    is_author = question.author_id == own_id(request)
    form = ShareForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not is_author:
        raise Http404
    if form.is_bound and form.is_valid():
        try:
            name = share_question(question, form.cleaned_data["name"], actor=actor(request), now=clock.read())
        except NotShared as error:
            form.add_error("name", str(error))
        else:
            messages.success(request, _("“%(name)s” can edit and review this question now.") % {"name": name})
            return redirect("teach:question_sharing", code=code)
    context = {"section": "teach", "here": "questions", "question": question, "own": True, "form": form}
    context |= {"editors": question.editors.order_by("username"), "is_author": is_author, "me": own_id(request)}
    return render(request, "quizzes/teach_question_sharing.html", context, status=422 if form.errors else 200)


@for_instructors
@require_POST
def question_unshare(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """The author takes a share away; whoever has one leaves it."""
    question = _own(request, code)
    leaves = pk == own_id(request)
    if not leaves and question.author_id != own_id(request):
        raise Http404
    if not unshare_question(question, pk, actor=actor(request), now=clock.read()):
        raise Http404
    if leaves:
        messages.success(request, _("“%(code)s” is not shared with you any more.") % {"code": code})
        return redirect("teach:question_list")
    messages.success(request, _("Done."))
    return redirect("teach:question_sharing", code=code)


@for_instructors
@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """What was done to what is mine or shared with me, the latest first."""
    form = LogForm(request.GET)
    wanted = form.wanted()
    page = Paginator(readable_log(own_id(request), **wanted), A_PAGE).get_page(request.GET.get("page"))
    chosen = {name: value for name, value in wanted.items() if value}
    kept = f"&{urlencode(chosen)}" if chosen else ""
    context = {"section": "teach", "here": "log", "page_obj": page, "form": form, "kept": kept, "chosen": chosen}
    return render(request, "quizzes/teach_log.html", context)


def _own(request: HttpRequest, code: str) -> Question:
    question: Question = get_object_or_404(own_questions(own_id(request)).select_related("author"), code=code)
    return question
