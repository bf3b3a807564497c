"""Pages of the site as a whole."""

import sys

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import constant_time_compare
from django.views import defaults
from django.views.decorators.http import require_safe

from quizzes import clock
from quizzes.queries.attempts import open_attempts, resumable
from quizzes.queries.bank import practisable
from quizzes.queries.due import due_for
from quizzes.queries.next_steps import next_steps
from quizzes.queries.notices import unread
from quizzes.views.person import person_id
from reference import queries as notes
from sapro import metrics
from sapro.readiness import is_database_away, readiness

CHANGES_SHOWN = 6
COME_BACK_SECONDS = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The three doors; above them, what this person left open, is to be told, has due, and can do next."""
    person, now = person_id(request), clock.read()
    tree = notes.course_tree(notes.edition_digest())
    context = {
        "section": "home",
        "topic_count": sum(len(lesson.topics) for module in tree for lesson in module.lessons),
        "question_count": practisable().count(),
        "changes": notes.latest_changes(CHANGES_SHOWN),
        "notices": unread(person) if person else [],
        "due": due_for(person, now) if person else [],
        "now": now,
        "resume": resumable(person, now=now) if person else None,
        "steps": next_steps(person, now=now) if person else (),
    }
    return render(request, "pages/home.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What the site is, its licences, and that it is independent of the provider."""
    return render(request, "pages/about.html", {"section": "about"})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored and for how long."""
    return render(request, "pages/privacy.html", {"section": "privacy"})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: database, migrations. A cache that is gone is told, and stops nothing."""
    found = readiness()
    return JsonResponse(found.states, status=200 if found.ready else 503, headers={"Cache-Control": "no-store"})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """The figures for Prometheus, for whoever holds the token."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not constant_time_compare(given, token):
        raise Http404
    text = metrics.exposition(open_attempts(now=clock.read()))
    return HttpResponse(text, content_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer fits: say what to do."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for what cannot be understood. A session that could not be written is the database's fault, not that."""
    cause: BaseException | None = exception
    while cause is not None and not is_database_away(cause):
        cause = cause.__cause__ or cause.__context__
    return _come_back() if cause else defaults.bad_request(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page for what broke: 503, to be asked again, where the database was away, else 500.

    Django calls this while it handles the error.
    """
    return _come_back() if is_database_away(sys.exc_info()[1]) else defaults.server_error(request)


def _come_back() -> HttpResponse:
    headers = {"Retry-After": str(COME_BACK_SECONDS), "Cache-Control": "no-store"}
    return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
