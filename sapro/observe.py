"""What an operator sees of requests: an id in every log line, one line a request, and figures for Prometheus."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from sapro import metrics

ID_HEADER = "X-Request-ID"
_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_now: ContextVar[HttpRequest | None] = ContextVar("request", default=None)

access = logging.getLogger("sapro.access")


class RequestFilter(logging.Filter):
    """Gives every log record the id of the request it belongs to, the attempt and the person; empty outside of one."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let everything pass."""
        request = _now.get()
        record.request_id = getattr(request, "request_id", "")
        record.attempt = _attempt(request)
        record.person = getattr(getattr(request, "user", None), "pk", None) if request else None
        return True


class ObserveMiddleware:
    """Number, time and count each request.

    A proxy's own id is kept if it is one, so that its log and ours can be laid side by side.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(ID_HEADER, "")
        request.request_id = given if _GOOD_ID.fullmatch(given) else secrets.token_hex(8)  # type: ignore[attr-defined]
        token = _now.set(request)
        begun = time.perf_counter()
        try:
            response = self.get_response(request)
            _record(request, response, time.perf_counter() - begun)
        finally:
            _now.reset(token)
        response.headers[ID_HEADER] = request.request_id  # type: ignore[attr-defined]
        return response


def _record(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    view = match.view_name if match else "none"
    metrics.count_request(view, request.method or "", response.status_code, seconds)
    if view == "attempts:response":
        metrics.count_save(outcome_of(request, response.status_code), seconds)
    if access.isEnabledFor(logging.INFO):
        # As it was asked for: decoded, a path may hold the end of a line and what looks like another.
        path = quote(request.path)
        extra = {"method": request.method, "path": path, "status": response.status_code, "view": view}
        access.info(
            "%s %s %d",
            request.method,
            path,
            response.status_code,
            extra=extra
            | {
                "milliseconds": round(1000 * seconds, 1),
            },
        )


def outcome_of(request: HttpRequest, status: int) -> str:
    """What became of a save: stored, or why it was not. A view may say more than its status does."""
    said = getattr(request, "outcome", "")
    names = {200: "stored", 303: "stored", 401: "signed_out", 403: "forbidden", 404: "unknown", 413: "too_large"}
    return str(said) or names.get(status, str(status))


def _attempt(request: HttpRequest | None) -> str:
    match = request.resolver_match if request is not None else None
    return str(match.kwargs.get("code", "")) if match else ""
