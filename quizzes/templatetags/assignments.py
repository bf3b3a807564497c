"""The words of assignments: where they stand, what is due when, what begins too late."""

from datetime import datetime, timedelta

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.queries.assignments import Deal
from quizzes.templatetags.deliveries import moment

register = template.Library()

STATES = {
    "withdrawn": gettext_lazy("withdrawn"),
    "held": gettext_lazy("quiz taken back"),
    "closed": gettext_lazy("closed"),
    "waits": gettext_lazy("not open yet"),
    "open": gettext_lazy("open"),
}


@register.filter
def given_state(state: str) -> str:
    """Where an assignment stands."""
    return str(STATES[state])


@register.simple_tag
def due_promise(deal: Deal, now: datetime) -> str:
    """What the due moment means for an attempt that begins now; empty where there is none."""
    due, limit = deal.due_at, deal.availability.limit
    if due is None:
        return ""
    said = {"at": moment(due)}
    if due < now:
        return _("It was due on %(at)s: what you hand in now counts as late.") % said
    if limit is not None and now + timedelta(seconds=limit) > due:
        return _("It is due on %(at)s, before your time would be over: later counts as late.") % said
    return _("It is due on %(at)s: later counts as late.") % said


@register.filter
def is_tight(deal: Deal, now: datetime) -> bool:
    """Whether an attempt that begins now and takes all its time is late."""
    due, limit = deal.due_at, deal.availability.limit
    return due is not None and (due < now or (limit is not None and now + timedelta(seconds=limit) > due))


@register.filter
def from_now(value: datetime, now: datetime) -> str:
    """How far away a moment is, in words: in 3 days, in 5 hours, 20 minutes ago."""
    gone = value < now
    minutes = abs(value - now) // timedelta(minutes=1)
    if minutes < 1:
        return _("just now") if gone else _("in less than a minute")
    if minutes < 90:
        length = ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    elif minutes < 36 * 60:
        length = ngettext("%(n)d hour", "%(n)d hours", minutes // 60) % {"n": minutes // 60}
    else:
        length = ngettext("%(n)d day", "%(n)d days", minutes // 1440) % {"n": minutes // 1440}
    return (_("%(length)s ago") if gone else _("in %(length)s")) % {"length": length}
