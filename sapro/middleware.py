"""What holds for every request: how large it may be, that all of it came, and the headers that its answer carries."""

import re
from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

KILO = 1024
MAX_BODY = 64 * KILO
SMALLER_BODIES = {"/attempts/": 8 * KILO}
"""Paths by their beginning, and how many bytes may be sent there."""

MEGA = KILO * KILO
UPLOADS = {
    re.compile(r"/teach/questions/[-\w]+/images/"): (1, 6 * MEGA),
    re.compile(r"/accounts/data/"): (20, 22 * MEGA),
    re.compile(r"/teach/imports/"): (64, 66 * MEGA),
    re.compile(r"/teach/classes/[-\w]+/roster/"): (1, 2 * MEGA),
}
"""Where files are sent: how many MB a file may have, and how many bytes are taken. These are more, so that one that is
a little too large is told so at its field."""

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
    """Answer 413 to a body larger than its address takes, before anything has read it, and 408 to the half of one.

    Neither the server nor Django compares what came with what was announced. Of a save that was cut on its way the
    beginning would pass for a whole one: without its choice it clears the answer, without its stamp it is given now.

    A body whose length is not announced is read by nobody: Django takes it for empty. An address with a NUL in it is
    nobody's: PostgreSQL would stumble over it where SQLite finds nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        # The half of a file needs no care: no decoder takes it.
        most, upload = next((one for path, one in UPLOADS.items() if path.fullmatch(request.path_info)), (0, None))
        limit = next((size for path, size in SMALLER_BODIES.items() if request.path_info.startswith(path)), MAX_BODY)
        limit = upload or limit
        announced = _announced(request)
        if announced > limit and upload is not None:
            # Somebody chose a file in a form: they get a page.
            page = render_to_string("413.html", {"mega": most})
            return HttpResponse(page, status=413, headers={"Cache-Control": "no-store"})
        if announced > limit:
            words = _("This is too much at once: at most %(kilo)d kB are taken here. Nothing was stored; send less.")
            return _refused(413, words % {"kilo": limit // KILO})
        if announced and upload is None and not _is_whole(request, announced):
            return _refused(408, _("This was cut off on its way. Nothing was stored; send it again."))
        return self.get_response(request)


def _refused(status: int, words: str) -> HttpResponse:
    plain = "text/plain; charset=utf-8"
    return HttpResponse(words, status=status, content_type=plain, headers={"Cache-Control": "no-store"})


def _announced(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError as error:
        raise BadRequest("The length of the body is no number.") from error


def _is_whole(request: HttpRequest, announced: int) -> bool:
    try:
        return len(request.body) >= announced
    except UnreadablePostError:
        return False
