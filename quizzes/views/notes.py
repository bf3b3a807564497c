"""The personal layer of a notes page: the page itself is the same for everybody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quizzes.queries.notes import personal_layer
from quizzes.views.attempts import private
from quizzes.views.person import person_id


@private
@require_safe
def topic_mine(request: HttpRequest, slug: str) -> HttpResponse:
    """How this person did on each section. Nothing for someone who has answered nothing here."""
    person = person_id(request)
    if person is None:
        return HttpResponse(status=204)
    return render(request, "quizzes/topic_mine.html", personal_layer(person, slug))
