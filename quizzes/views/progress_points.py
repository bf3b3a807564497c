"""Where one's points go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quizzes import clock
from quizzes.queries.forensics import ANSWERS, EXAMS, SOURCES, points
from quizzes.views.attempts import private
from quizzes.views.person import person_id


@private
@require_safe
def where_points_go(request: HttpRequest) -> HttpResponse:
    """What was missed and overlooked, time, changes, pace and confidence; to somebody unknown, what will stand here."""
    asked = request.GET.get("from", "")
    source = asked if asked in SOURCES else SOURCES[0]
    person = person_id(request)
    context = {
        "section": "progress",
        "source": source,
        "points": points(person, source, clock.read()) if person else None,
        "answers_read": ANSWERS,
        "exams_read": EXAMS,
    }
    return render(request, "quizzes/progress_points.html", context)
