"""What was granted, in words: for notices, and for the pages of the learner and of those who teach them."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.conditions import Grant


def granted_words(grant: Grant, zone: tzinfo | None = None) -> list[str]:
    """Every part of a grant as a short phrase; moments in this zone, else in the reader’s."""
    return [*time_words(grant), *_date_words(grant, zone), *room_words(grant)]


def time_words(grant: Grant) -> list[str]:
    """The time that is given more: by the factor, then in minutes."""
    words = []
    if grant.factor > 1:
        words.append(_("%(factor)s × the time limit") % {"factor": factor_words(grant.factor)})
    if grant.extra:
        minutes = grant.extra // 60
        words.append(ngettext("%(n)d minute more", "%(n)d minutes more", minutes) % {"n": minutes})
    return words


def room_words(grant: Grant) -> list[str]:
    """What is otherwise in the exam room."""
    words = []
    if grant.breaks:
        words.append(_("breaks, in which the clock stands still"))
    if grant.quiet:
        words.append(_("a quiet clock, hidden until it is asked for, that announces nothing"))
    return words


def factor_words(factor: float) -> str:
    """A factor as people write it: 1.5, 2."""
    return f"{factor:.2f}".rstrip("0").rstrip(".")


def _date_words(grant: Grant, zone: tzinfo | None) -> list[str]:
    words = []
    if grant.opens_at:
        words.append(_("opens on %(at)s") % {"at": _moment(grant.opens_at, zone)})
    if grant.due_at:
        words.append(_("due on %(at)s") % {"at": _moment(grant.due_at, zone)})
    if grant.closes_at:
        words.append(_("closes on %(at)s") % {"at": _moment(grant.closes_at, zone)})
    if grant.attempts:
        n = grant.attempts
        words.append(ngettext("%(n)d attempt more", "%(n)d attempts more", n) % {"n": n})
    return words


def _moment(value: datetime, zone: tzinfo | None) -> str:
    local = timezone.localtime(value, zone)
    named = zone.key if isinstance(zone, ZoneInfo) else timezone.get_current_timezone_name()
    return _("%(moment)s (%(zone)s)") % {"moment": date_format(local, "F j, Y, H:i"), "zone": named}
