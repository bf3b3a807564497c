"""What writes notices."""

from datetime import datetime

from quizzes.models import Notice


def dismiss_notice(*, person_id: int, pk: int, now: datetime) -> Notice:
    """Take a notice off the person's pages. A second time changes nothing. Raises Notice.DoesNotExist."""
    notice = Notice.objects.select_related("attempt").get(pk=pk, person_id=person_id)
    Notice.objects.filter(pk=pk, read_at=None).update(read_at=now)
    return notice
