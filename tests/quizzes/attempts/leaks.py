"""Deliberate leaks, the positive controls of test_secrecy: a site with one of them must be caught."""

from collections.abc import Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse

from quizzes.models import Response

TEMPLATES = Path(__file__).parent / "leaky_templates"
View = Callable[[HttpRequest], HttpResponse]


def _asked(request: HttpRequest) -> Response | None:
    match = request.resolver_match
    if match is None or match.view_name != "attempts:response":
        return None
    return Response.objects.filter(attempt__code=match.kwargs["code"], position=match.kwargs["position"]).first()


def oracle(get_response: View) -> View:
    """The reply to a right answer is one space longer."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        row = _asked(request)
        if row is not None and row.choice and row.choice[0] in row.version.key["correct"]:
            response.content += b" "
        return response

    return handle


def header(get_response: View) -> View:
    """The reply to any answer names the key in a header."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        row = _asked(request)
        if row is not None:
            response["X-Item"] = row.version.key["correct"][0]
        return response

    return handle


def refusal(get_response: View) -> View:
    """Only a refused answer tells: another status where the key begins with a."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        row = _asked(request)
        if row is not None and response.status_code == 422 and row.version.key["correct"][0] == "a":
            response.status_code = 400
        return response

    return handle
