"""What the site's own pages are measured against. design/performance.md defines both; keep them as they are."""

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from quizzes.models import Response


def bare_save(request: HttpRequest, code: str, position: int) -> HttpResponse:
    """Session, user, one row read, one committed ORM UPDATE, JSON reply; no CSRF, no checks, no event row."""
    row = Response.objects.get(attempt__code=code, attempt__person_id=request.user.pk, position=position)
    row.choice = request.POST.getlist("choice")
    row.saved_at = timezone.now()
    row.save(update_fields=["choice", "saved_at"])
    return JsonResponse({"position": position, "choice": row.choice, "saved_at": row.saved_at.isoformat()})


def bare_page(request: HttpRequest, name: str) -> HttpResponse:
    """Session, user, and the same bytes that the site answers with under this name."""
    return HttpResponse(_bytes(name), headers={"X-Person": str(request.user.pk)})


@lru_cache
def _bytes(name: str) -> bytes:
    content: bytes = (settings.YARDSTICK_PAGES / f"{name}.html").read_bytes()
    return content
