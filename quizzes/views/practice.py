"""Practice: choose, answer one at a time with feedback at once, retry what was missed."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quizzes import clock
from quizzes.engine.kinds import WrongChoice
from quizzes.forms import PracticeForm
from quizzes.models import Attempt, Response
from quizzes.queries import practice as queries
from quizzes.queries.assignments import way_back
from quizzes.queries.attempts import attempts_of
from quizzes.queries.deliveries import latest_score
from quizzes.services.answers import Incomplete, Withheld
from quizzes.services.practice import (
    NothingToPractice,
    answer_practice,
    check_newcomer,
    finish_practice,
    retry_missed,
    start_practice,
)
from quizzes.views.attempts import private
from quizzes.views.person import ensure_person, own_id, person_id
from reference.queries import section_anchors, topic_title


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, topic: str = "") -> HttpResponse:
    """Choose topics and number; a POST starts the session."""
    choices = queries.topic_choices()
    initial = {"topics": [topic] if topic else [], "section": request.GET.get("section", "") if topic else ""}
    form = PracticeForm(request.POST if request.method == "POST" else None, choices=choices, initial=initial)
    context = {"section": "practice", "form": form, "choices": choices, "topic": topic}
    if topic and all(choice.slug != topic for choice in choices):
        context["topic_title"] = topic_title(topic)
        if not context["topic_title"]:
            raise Http404
    if request.method != "POST":
        return render(request, "quizzes/practice_choose.html", context)
    if not form.is_valid():
        return render(request, "quizzes/practice_choose.html", context, status=422)
    return _start(request, form, context)


def _start(request: HttpRequest, form: PracticeForm, context: dict[str, object]) -> HttpResponse:
    chosen = form.cleaned_data
    topics, anchor = chosen["topics"], chosen["section"]
    title = topic_title(topics[0]) if len(topics) == 1 else _("Practice")
    anchors = section_anchors(topics[0], anchor) if anchor and len(topics) == 1 else []
    if anchor and len(topics) == 1 and not anchors:
        form.add_error(None, _("There are no questions on this section. Take the whole topic."))
        return render(request, "quizzes/practice_choose.html", context, status=422)
    try:
        if person_id(request) is None:
            check_newcomer(topics=topics, anchors=anchors, only=chosen["only"])
        attempt = start_practice(
            person_id=ensure_person(request),
            title=title,
            topics=topics,
            anchors=anchors,
            only=chosen["only"],
            count=chosen["count"],
            now=clock.read(),
        )
    except NothingToPractice as error:
        form.add_error(None, str(error))
        return render(request, "quizzes/practice_choose.html", context, status=409)
    return redirect(attempt)


@private
@require_GET
@login_required
def session(request: HttpRequest, code: str) -> HttpResponse:
    """One question of the session, or, with ``?q=end``, how it went."""
    attempt = _own_practice(request, code)
    now = clock.read()
    shown = request.GET.get("q", "")
    position = _position(shown, attempt.size)
    page = queries.session_page(attempt, position, now=now)
    if not shown and page.next_open:
        page = queries.session_page(attempt, page.next_open if page.marks[0] != "open" else 1, now=now)
    return _render(request, page, end=shown == "end" or (not shown and page.next_open is None))


@private
@require_POST
@login_required
def response(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Grade one response at once. The first answer stands."""
    person, now = own_id(request), clock.read()
    try:
        answer_practice(
            person_id=person,
            code=code,
            position=position,
            sent=request.POST.getlist("choice"),
            confidence=request.POST.get("confidence", ""),
            now=now,
        )
    except Response.DoesNotExist as error:
        raise Http404 from error
    except (WrongChoice, Incomplete) as error:
        page = queries.session_page(_own_practice(request, code), position, now=now)
        return _render(request, page, error=str(error), status=422)
    except Withheld:
        page = queries.session_page(_own_practice(request, code), position, now=now)
        message = _("This question stands in a mock exam that you have open. Finish the exam first.")
        return _render(request, page, error=message, status=409)
    if not request.headers.get("HX-Request"):
        location = f"{_own_practice(request, code).get_absolute_url()}?q={position}"
        return HttpResponse(status=303, headers={"Location": location})
    return _render(request, queries.session_page(_own_practice(request, code), position, now=now))


@require_POST
@login_required
def retry(request: HttpRequest, code: str) -> HttpResponse:
    """A new session over what was missed."""
    try:
        attempt = retry_missed(person_id=own_id(request), code=code, now=clock.read())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    except NothingToPractice:
        return redirect("practice:index")
    return redirect(attempt)


@require_POST
@login_required
def finish(request: HttpRequest, code: str) -> HttpResponse:
    """End a session of a quiz, whatever is still open in it."""
    try:
        attempt = finish_practice(person_id=own_id(request), code=code, now=clock.read())
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    return redirect(f"{attempt.get_absolute_url()}?q=end")


def _position(text: str, size: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 1
    return number if 1 <= number <= size else 1


def _own_practice(request: HttpRequest, code: str) -> Attempt:
    sessions = attempts_of(own_id(request)).filter(mode="practice").select_related("quiz")
    return get_object_or_404(sessions, code=code)


def _render(
    request: HttpRequest,
    page: queries.SessionPage,
    *,
    end: bool = False,
    error: str = "",
    status: int = 200,
) -> HttpResponse:
    template = "quizzes/practice_session.html"
    if request.headers.get("HX-Request"):
        template += "#practice"
    context = {
        "section": "practice",
        "page": page,
        "score": latest_score(page.attempt) if end and page.attempt.quiz_id and page.shown.score else None,
        "end": end,
        "back": way_back(page.attempt) if end else "",
        "error": error,
        "sent": request.POST.getlist("choice"),
        "confidence": request.POST.get("confidence", ""),
    }
    reply = render(request, template, context, status=status)
    reply.headers["Vary"] = "HX-Request, Cookie"
    return reply
