"""The words of the ledger: how much of a score was unseen, and where a question was met before."""

from django import template
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.queries import ledger
from quizzes.queries.ledger import Apart, Meeting, Met

register = template.Library()

TOLD = 3
"""How many meetings are told one by one: the last of them."""


@register.filter
def unseen_words(unseen: int, asked: int) -> str:
    """How many of the questions were new; nothing where it is not known of any."""
    return _("%(unseen)d of %(asked)d unseen") % {"unseen": unseen, "asked": asked} if asked else ""


@register.filter
def apart_words(parts: Apart | None) -> str:
    """How many were new, and where some were not, the score of each kind."""
    if parts is None:
        return ""
    known = unseen_words(parts.new_n, parts.n)
    if not (parts.seen_n and parts.new_n):
        return known
    scores = _("unseen: %(new_right)d of %(new)d right; seen before: %(seen_right)d of %(seen)d right") % {
        "new_right": parts.new_right,
        "new": parts.new_n,
        "seen_right": parts.seen_right,
        "seen": parts.seen_n,
    }
    return f"{known} ({scores})"


@register.filter
def met_words(met: Met) -> str:
    """Where a question was met before, and whether its key was shown."""
    parts = [_meeting(one) for one in met.meetings[-TOLD:]]
    if more := len(met.meetings) - len(parts):
        parts.insert(0, ngettext("%(n)d earlier time", "%(n)d earlier times", more) % {"n": more})
    parts.append(_("key shown") if met.revealed_at else _("key not shown"))
    return _("Met before: %(where)s") % {"where": "; ".join(parts)}


def _meeting(meeting: Meeting) -> str:
    where = {
        ledger.PRACTICE: _("practice"),
        ledger.CARDS: _("repetition"),
        ledger.REVIEW: _("in a review"),
    }.get(meeting.source, meeting.title)
    return f"{where}, {date_format(localtime(meeting.met_at), 'M j, Y')}"
