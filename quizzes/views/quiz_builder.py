"""Instructors make quizzes: the list, a new one, its settings, its publication, and a look at it as a learner."""

import io
from random import Random
from typing import Any

import segno
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quizzes import clock
from quizzes.engine.assembly import CannotFill
from quizzes.forms_fields import differences
from quizzes.forms_quizzes import NewQuizForm, SettingsForm
from quizzes.models import Quiz
from quizzes.queries import quiz_builder as queries
from quizzes.queries import quiz_preview
from quizzes.queries.deliveries import availability_for, policy_at, terms_of
from quizzes.queries.rights import own_quizzes
from quizzes.services import quizzes as services
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors

A_PAGE = 30
WIDTHS = ("phone", "desktop")


def own_quiz(request: HttpRequest, slug: str) -> Quiz:
    """A quiz that this instructor may edit; for all others it is not there."""
    return get_object_or_404(own_quizzes(own_id(request)).select_related("owner"), slug=slug)


def page_context(quiz: Quiz, tab: str, **more: Any) -> dict[str, Any]:
    """What every page about one quiz needs."""
    return {"section": "teach", "here": "quizzes", "quiz": quiz, "tab": tab, **more}


@for_instructors
@require_safe
def quiz_list(request: HttpRequest) -> HttpResponse:
    """Their quizzes, those last changed first."""
    page = Paginator(queries.quiz_list(own_id(request)), A_PAGE).get_page(request.GET.get("page"))
    context = {"section": "teach", "here": "quizzes", "page_obj": page, "now": clock.read()}
    return render(request, "quizzes/teach_quiz_list.html", context)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_new(request: HttpRequest) -> HttpResponse:
    """A title and a mode; everything else has a default."""
    form = NewQuizForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        quiz = services.create_quiz(actor=actor(request), title=data["title"], mode=data["mode"], now=clock.read())
        return redirect("teach:quiz_edit", slug=quiz.slug)
    context = {"section": "teach", "here": "quizzes", "form": form}
    return render(request, "quizzes/teach_quiz_new.html", context, status=422 if form.errors else 200)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """All settings on one page. Two who save at once are told; nothing typed is lost."""
    quiz = own_quiz(request, slug)
    if request.method != "POST":
        return render(
            request, "quizzes/teach_quiz_settings.html", page_context(quiz, "settings", form=SettingsForm.of(quiz))
        )
    form, status, theirs = SettingsForm(request.POST), 422, None
    if form.is_valid():
        try:
            services.save_settings(
                actor=actor(request),
                slug=slug,
                settings=form.settings(),
                revision=form.cleaned_data["revision"],
                now=clock.read(),
            )
        except services.Stale as error:
            theirs, status = differences(form, SettingsForm.of(error.quiz), secret="access_code"), 409
            form = _with_revision(request.POST, error.quiz)
        except services.NotReady as error:
            for problem in error.problems:
                form.add_error(None, problem.text)
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("teach:quiz_settings", slug=slug)
    context = page_context(quiz, "settings", form=form, theirs=theirs)
    return render(request, "quizzes/teach_quiz_settings.html", context, status=status)


def _with_revision(posted: QueryDict, quiz: Quiz) -> SettingsForm:
    """The form as it was typed, which from now on knows of the other’s changes: saved again, it replaces them."""
    data = posted.copy()
    data["revision"] = str(quiz.revision)
    return SettingsForm(data)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in the way, the address, who else may edit; and copying and deleting."""
    quiz = own_quiz(request, slug)
    if request.method != "POST":
        return _publish_page(request, quiz)
    act = ACTIONS.get(request.POST.get("action", ""))
    if act is None:
        return _publish_page(request, quiz, error=_("This action is not known. Use the buttons below."), status=422)
    try:
        return act(request, quiz)
    except Quiz.DoesNotExist as error:
        raise Http404 from error
    except services.Refused as error:
        return _publish_page(request, quiz, error=str(error), status=422)
    except services.NotReady:
        return _publish_page(request, own_quiz(request, slug), status=409)
    except services.Stale:
        words = _("Somebody else has changed the quiz since you opened this page. Look at it again, then publish.")
        return _publish_page(request, own_quiz(request, slug), error=words, status=409)


def _publish(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    text = request.POST.get("revision", "")
    revision = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    services.publish_quiz(actor=actor(request), slug=quiz.slug, revision=revision, now=clock.read())
    messages.success(request, _("The quiz is published. Give its address to your learners."))
    return redirect("teach:quiz_publish", slug=quiz.slug)


def _unpublish(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    services.unpublish_quiz(actor=actor(request), slug=quiz.slug, now=clock.read())
    messages.success(request, _("The quiz is taken back. Attempts that are running go on."))
    return redirect("teach:quiz_publish", slug=quiz.slug)


def _copy(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    title = _("Copy of %(title)s") % {"title": quiz.title}
    made = services.copy_quiz(actor=actor(request), slug=quiz.slug, title=title[:200], now=clock.read())
    messages.success(request, _("This is the copy: a draft of yours."))
    return redirect("teach:quiz_edit", slug=made.slug)


def _share(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    name = request.POST.get("username", "")[:150]
    services.share_quiz(actor=actor(request), slug=quiz.slug, username=name, now=clock.read())
    messages.success(request, _("They can edit this quiz now."))
    return redirect("teach:quiz_publish", slug=quiz.slug)


def _unshare(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    person = request.POST.get("person", "")
    if person.isascii() and person.isdigit() and len(person) < 10:
        services.unshare_quiz(actor=actor(request), slug=quiz.slug, person_id=int(person), now=clock.read())
    if not own_quizzes(own_id(request)).filter(pk=quiz.pk).exists():
        return redirect("teach:quiz_list")
    return redirect("teach:quiz_publish", slug=quiz.slug)


def _delete(request: HttpRequest, quiz: Quiz) -> HttpResponse:
    services.delete_quiz(actor=actor(request), slug=quiz.slug, now=clock.read())
    messages.success(request, _("The draft is deleted. Its questions are still in the bank."))
    return redirect("teach:quiz_list")


ACTIONS = {
    "publish": _publish,
    "unpublish": _unpublish,
    "copy": _copy,
    "share": _share,
    "unshare": _unshare,
    "delete": _delete,
}


def _publish_page(request: HttpRequest, quiz: Quiz, *, error: str = "", status: int = 200) -> HttpResponse:
    address = request.build_absolute_uri(quiz.get_absolute_url())
    outline = queries.outline(quiz, now=clock.read())
    context = page_context(
        quiz,
        "publish",
        outline=outline,
        address=address,
        code=qr_code(address) if quiz.published_at and not quiz.retired else "",
        editors=quiz.editors.order_by("username"),
        is_owner=quiz.owner_id == own_id(request),
        sittings=quiz.attempts.count(),
        error=error,
        sent=request.POST.get("username", "")[:150] if error else "",
    )
    return render(request, "quizzes/teach_quiz_publish.html", context, status=status)


def qr_code(address: str) -> SafeString:
    """The address as a QR code: inline SVG without styles, dark on white in every theme, or no camera reads it."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        light="#fff",
        border=4,
    )
    return SafeString(out.getvalue().decode())


@for_instructors
@require_safe
def quiz_preview_page(request: HttpRequest, slug: str) -> HttpResponse:
    """One form of the quiz as a learner would see it. Nothing is written: no attempt, nothing met, nothing counted."""
    quiz = own_quiz(request, slug)
    text = request.GET.get("form", "")
    number = int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 4 else 1
    width = request.GET.get("width", "")
    now = clock.read()
    context = page_context(
        quiz,
        "preview",
        number=max(1, number),
        width=width if width in WIDTHS else "desktop",
        availability=availability_for(quiz, None, now),
        terms=terms_of(quiz),
        policy=policy_at(quiz),
        now=now,
    )
    try:
        context["questions"] = quiz_preview.preview(quiz, Random(number))
    except CannotFill:
        context["problems"] = queries.outline(quiz, now=now).problems
    return render(request, "quizzes/teach_quiz_preview.html", context)
