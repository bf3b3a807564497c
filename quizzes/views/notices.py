"""Taking a notice off."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from quizzes import clock
from quizzes.models import Notice
from quizzes.services.notices import dismiss_notice
from quizzes.views.attempts import private
from quizzes.views.person import own_id


@private
@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it off, and back to where it stood: the home page, or the report of its sitting."""
    try:
        notice = dismiss_notice(person_id=own_id(request), pk=pk, now=clock.read())
    except Notice.DoesNotExist as error:
        raise Http404 from error
    if request.POST.get("back") == "report" and notice.attempt is not None:
        return redirect("attempts:report", code=notice.attempt.code)
    return redirect("home")
