"""What holds for every request: how large it may be, and the headers that its answer carries."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

KILO = 1024
MAX_BODY = 64 * KILO
SMALLER_BODIES = {"/attempts/": 8 * KILO}
"""Paths by their beginning, and how many bytes may be sent there."""

FIXED_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeadersMiddleware:
    """Add the fixed security headers to every answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class BodyLimitMiddleware:
    """Answer 413 to a body larger than its address takes, before anything has read it.

    A body whose length is not announced is read by nobody: Django takes it for empty. An address with a NUL in it is
    nobody's: PostgreSQL would stumble over it where SQLite finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        limit = next((size for path, size in SMALLER_BODIES.items() if request.path_info.startswith(path)), MAX_BODY)
        if _announced(request) <= limit:
            return self.get_response(request)
        words = _("This is too much at once: at most %(kilo)d kB are taken here. Nothing was stored; send less.")
        return HttpResponse(
            words % {"kilo": limit // KILO},
            status=413,
            content_type="text/plain; charset=utf-8",
            headers={"Cache-Control": "no-store"},
        )


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise BadRequest("The length of the body is no number.") from error
