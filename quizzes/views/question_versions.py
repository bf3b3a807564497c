"""One question: its versions side by side, its moves, and the reading by a second person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import clock
from quizzes.engine import lifecycle as table
from quizzes.engine.content import Content
from quizzes.engine.differences import Difference, differences
from quizzes.forms_bank import ReviewForm
from quizzes.models import Question, QuestionVersion
from quizzes.queries import versions as queries
from quizzes.queries.bank import is_held
from quizzes.queries.flags import flags_on
from quizzes.queries.rights import own_questions, readable_questions
from quizzes.services import lifecycle
from quizzes.services.lifecycle import Illegal, NotReady, OwnWork
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors, is_operator

QUIET = ("kind", "choose", "order")
"""Parts that are shown only where they differ."""

MOVES = {
    "publish": lifecycle.publish,
    "propose": lifecycle.propose,
    "withdraw": lifecycle.withdraw,
    "retire": lifecycle.retire,
    "restore": lifecycle.restore,
}


@for_instructors
@require_safe
def question_versions(request: HttpRequest, code: str) -> HttpResponse:
    """All versions with their use, and two of them beside each other: ``?old=1&new=2``."""
    person = own_id(request)
    question = _found(readable_questions(person), code)
    own = question.origin == Question.Origin.AUTHOR
    held = is_held(person, question.pk)
    rows = [] if held else queries.versions_of(question)
    named, others = queries.holding_quizzes(question, person)
    uses = queries.uses_of(question, person)
    context = {
        **_head(question, own, "versions"),
        "versions": [(one, uses.get(one.pk, [])) for one in rows],
        "moves": [one for one in table.moves(question.status, proposed=bool(question.proposed_id)) if one in MOVES],
        "quizzes": named,
        "others": others,
        "held": held,
        "flags": [] if held else flags_on(question, person, is_operator=is_operator(request)),
        **_compared(request, rows),
    }
    return render(request, "quizzes/teach_question_versions.html", context)


@for_instructors
@require_POST
def question_move(request: HttpRequest, code: str) -> HttpResponse:
    """Publish, propose, withdraw, retire, restore."""
    question = _found(own_questions(own_id(request)), code)
    move = MOVES.get(request.POST.get("move", ""))
    if move is None:
        raise Http404
    try:
        move(question.pk, actor=actor(request), now=clock.read())
    except NotReady as error:
        for finding in error.findings:
            messages.error(request, str(finding))
    except Illegal:
        messages.error(request, _("This cannot be done now: somebody has moved the question meanwhile."))
    else:
        messages.success(request, _("Done."))
    return redirect("teach:question_versions", code=code)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def question_review(request: HttpRequest, code: str) -> HttpResponse:
    """Read what was proposed; say something, approve it or send it back."""
    question = _found(own_questions(own_id(request)), code)
    version = question.proposed
    if version is None:
        if request.method == "POST":
            messages.error(request, _("Nothing is proposed any more: somebody was quicker, or it was taken back."))
        return redirect("teach:question_versions", code=code)
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"version": version.pk})
    if form.is_bound and form.is_valid() and _decided(request, question, version, form):
        return redirect("teach:question_review", code=code)
    content = Content.from_body(version.body)
    old = Content.from_body(question.current.body) if question.current else None
    context = {
        **_head(question, True, "review"),
        "version": version,
        "content": content,
        "changes": [one for one in differences(old, content) if one.changed] if old else [],
        "comments": queries.comments_on(version),
        "form": form,
        "mine": version.created_by_id == own_id(request),
    }
    return render(request, "quizzes/teach_question_review.html", context, status=422 if form.errors else 200)


def _decided(request: HttpRequest, question: Question, version: QuestionVersion, form: ReviewForm) -> bool:
    """Whether what was asked for was done; else the form says why not."""
    data, who, now = form.cleaned_data, actor(request), clock.read()
    try:
        if data["decision"] == "approve":
            lifecycle.approve(question.pk, data["version"], actor=who, now=now, text=data["text"])
            messages.success(request, _("The version is published."))
        elif data["decision"] == "send_back":
            lifecycle.send_back(question.pk, data["version"], data["text"], actor=who, now=now)
            messages.success(request, _("It is with its author again."))
        else:
            lifecycle.comment(version, data["text"], actor=who, now=now)
    except OwnWork:
        form.add_error(None, _("You wrote this version: somebody else reads it."))
    except Illegal:
        form.add_error(None, _("What you have read is not what is proposed now. Read it again below."))
    return not form.errors


def _found(rows: Any, code: str) -> Question:
    question: Question = get_object_or_404(rows.select_related("current", "proposed", "author"), code=code)
    return question


def _head(question: Question, own: bool, tab: str) -> dict[str, Any]:
    return {"section": "teach", "here": "questions", "question": question, "own": own, "tab": tab}


def _compared(request: HttpRequest, rows: list[QuestionVersion]) -> dict[str, Any]:
    """Two versions: those that were asked for, else the two newest."""
    by_number = {str(one.number): one for one in rows}
    new = by_number.get(request.GET.get("new", "")) or (rows[0] if rows else None)
    old = by_number.get(request.GET.get("old", "")) or (rows[1] if len(rows) > 1 else new)
    if old is None or new is None:
        return {}
    both: list[Difference] = [
        one
        for one in differences(Content.from_body(old.body), Content.from_body(new.body))
        if one.changed or one.part not in QUIET
    ]
    return {"old": old, "new": new, "rows": both, "same": not any(one.changed for one in both)}
