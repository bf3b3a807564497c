"""The question editor: begin, write, see what a learner would see and what the checks say, never lose a word."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import clock
from quizzes.engine.kinds import KINDS
from quizzes.formats.drafts import read_draft
from quizzes.forms_question import act, new_data, posted, with_kept
from quizzes.models import Question
from quizzes.queries import drafts as queries
from quizzes.queries.editor import Editor, editor_of, preview_of
from quizzes.queries.flags import flags_on
from quizzes.queries.rights import own_questions
from quizzes.services.drafts import Overtaken, advice_on, create_question, save_draft
from quizzes.views.attempts import private
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

UNSENT = "unsent-question:"


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def question_new(request: HttpRequest) -> HttpResponse:
    """Choose a kind; nothing is made before."""
    kind = request.POST.get("kind", "multiple_choice")
    if request.method == "POST" and kind in KINDS:
        question = create_question(person_id=own_id(request), data=new_data(kind), now=clock.read())
        return redirect("teach:question_edit", code=question.code)
    return render(request, "quizzes/question_new.html", {"section": "teach", "here": "questions", "kinds": list(KINDS)})


@private
@require_http_methods(["GET", "HEAD", "POST"])
def question_edit(request: HttpRequest, code: str) -> HttpResponse:
    """The question’s fields; every button saves what was typed."""
    if request.method == "POST" and not request.user.is_authenticated:
        return _keep_until_signed_in(request, code)
    return _edit(request, code)


@for_instructors
def _edit(request: HttpRequest, code: str) -> HttpResponse:
    question = _own(request, code)
    if request.method != "POST":
        kept = request.session.get(UNSENT + code)
        return _page(request, question, queries.data_of(question), kept=kept)
    if request.POST.get("do") == "discard-kept":
        request.session.pop(UNSENT + code, None)
        return redirect("teach:question_edit", code=code)
    if request.POST.get("do") == "restore-kept":
        data = request.session.get(UNSENT + code, {}).get("data") or queries.data_of(question)
        revision = _revision(request)
    else:
        data, revision = with_kept(posted(request.POST), queries.data_of(question)), _revision(request)
    focus = act(data, request.POST.get("do", ""))
    try:
        save_draft(question=question, data=data, revision=revision, person_id=own_id(request), now=clock.read())
    except Overtaken as error:
        return _conflict(request, question, data, error)
    request.session.pop(UNSENT + code, None)
    address = reverse("teach:question_edit", args=[code])
    return HttpResponse(status=303, headers={"Location": f"{address}#{focus}" if focus else f"{address}#saved"})


def _keep_until_signed_in(request: HttpRequest, code: str) -> HttpResponse:
    """Whoever was signed out while they wrote finds it again after signing in, on this browser."""
    request.session[UNSENT + code] = {"data": posted(request.POST), "at": clock.read().isoformat()}
    address = reverse("teach:question_edit", args=[code])
    return redirect(f"{reverse('account_login')}?next={address}")


def _page(request: HttpRequest, question: Question, data: dict[str, Any], *, kept: Any = None) -> HttpResponse:
    person, today = own_id(request), clock.read().date()
    read = read_draft(data, queries.scenario_texts(person))
    editor: Editor = editor_of(question, data, read, person)
    context = {
        "section": "teach",
        "here": "questions",
        "tab": "edit",
        "question": question,
        "editor": editor,
        "preview": preview_of(read),
        "advice": advice_on(question.code, read, today),
        "kept": kept,
        "flags": flags_on(question, person),
    }
    return render(request, "quizzes/question_edit.html", context)


def _conflict(request: HttpRequest, question: Question, data: dict[str, Any], error: Overtaken) -> HttpResponse:
    person = own_id(request)
    texts = queries.scenario_texts(person)
    mine = editor_of(question, data, read_draft(data, texts), person)
    theirs = editor_of(question, error.draft.data, read_draft(error.draft.data, texts), person)
    context = {
        "section": "teach",
        "here": "questions",
        "question": question,
        "draft": error.draft,
        "fields": mine.posted(),
        "differences": mine.differences(theirs),
    }
    return render(request, "quizzes/question_conflict.html", context, status=409)


@for_instructors
@require_POST
def question_autosave(request: HttpRequest, code: str) -> JsonResponse:
    """Keep what is typed, for the page’s own script: the new revision, or 409 where somebody else has saved."""
    question, now = _own(request, code), clock.read()
    try:
        saved = save_draft(
            question=question,
            data=with_kept(posted(request.POST), queries.data_of(question)),
            revision=_revision(request),
            person_id=own_id(request),
            now=now,
        )
    except Overtaken as error:
        who = str(error.draft.saved_by or _("somebody"))
        return JsonResponse({"reason": "overtaken", "who": who, "revision": error.draft.revision}, status=409)
    alike = [{"code": one, "share": round(share, 2)} for one, share in saved.alike]
    return JsonResponse({"revision": saved.draft.revision, "saved_at": now.isoformat(), "alike": alike})


@for_instructors
@require_POST
def question_preview(request: HttpRequest) -> HttpResponse:
    """What a learner would see, and what the checks say, of fields that need not be saved. At most one query."""
    data = posted(request.POST)
    texts = queries.scenario_texts(own_id(request)) if data["scenario"] else {}
    read = read_draft(data, texts)
    context = {
        "preview": preview_of(read),
        "advice": advice_on("preview", read, clock.read().date()),
        "mistakes": read.mistakes,
    }
    return render(request, "quizzes/question_edit.html#preview", context)


@for_instructors
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """Statements of the notes to cite, for a few words."""
    words = request.GET.get("words", "")
    is_part = bool(request.headers.get("HX-Request"))
    context = {"here": "questions", "found": queries.found_statements(words), "words": words, "cites": is_part}
    reply = render(request, "quizzes/question_statements.html" + ("#found" if is_part else ""), context)
    reply.headers["Vary"] = "HX-Request, Cookie"
    return reply


def _own(request: HttpRequest, code: str) -> Question:
    return get_object_or_404(own_questions(own_id(request)).select_related("current", "topic"), code=code)


def _revision(request: HttpRequest) -> int:
    text = request.POST.get("revision", "")
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Http404
    return int(text)
