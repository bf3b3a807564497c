"""What every page for instructors has in common, and their home."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quizzes import clock
from quizzes.queries import teach as queries
from quizzes.services.audit import Actor
from quizzes.tasks import begin_flags_if_due
from quizzes.views.attempts import private
from quizzes.views.person import own_id

View = Callable[..., HttpResponse]


def for_instructors(view: View) -> View:
    """Show the page to instructors alone; to everybody else there is no such page. No cache keeps it."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_instructor", False):
            raise Http404
        return view(request, *args, **kwargs)

    return private(wrapped)


def actor(request: HttpRequest) -> Actor:
    """Whoever asks, for the log."""
    return cast(Actor, request.user)


def is_operator(request: HttpRequest) -> bool:
    """Whether whoever asks runs the site, and with it the course."""
    return bool(getattr(request.user, "is_superuser", False))


@for_instructors
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this instructor has, and what waits for them."""
    begin_flags_if_due(own_id(request), now=clock.read())
    overview = queries.overview(own_id(request), is_operator=is_operator(request))
    context = {"section": "teach", "here": "home", "overview": overview}
    return render(request, "quizzes/teach_home.html", context)
