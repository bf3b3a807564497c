"""The words of results as an instructor reads them: orders of a list, states, and what happened."""

import math
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.models import Attempt, Event
from quizzes.queries.sittings import DEFAULT_SORT, Wanted

register = template.Library()


@register.simple_tag
def sorted_by(wanted: Wanted, name: str) -> str:
    """The query that sorts by this column; a second time the other way round."""
    turned = wanted.sort == name or (wanted.sort != f"-{name}" and name in ("when", "score"))
    given = {"state": wanted.state, "person": wanted.person, "sort": f"-{name}" if turned else name}
    return "?" + urlencode({key: value for key, value in given.items() if value})


@register.simple_tag
def sort_state(wanted: Wanted, name: str) -> str:
    """What aria-sort says of this column."""
    return {name: "ascending", f"-{name}": "descending"}.get(wanted.sort, "none")


@register.simple_tag
def in_state(wanted: Wanted, state: str) -> str:
    """The query that leaves one state, or all where there is none."""
    sort = "" if wanted.sort == DEFAULT_SORT else wanted.sort
    given = {"state": state, "person": wanted.person, "sort": sort}
    return "?" + urlencode({key: value for key, value in given.items() if value})


@register.filter
def state_words(state: str) -> str:
    """A state of a sitting."""
    return str(Attempt.State(state).label)


@register.filter
def hundredths(share: float | None) -> str:
    """A share in whole percent. Halves go up, as in the learner's report."""
    return "" if share is None else _("%(n)d %%") % {"n": math.floor(share + 0.5 + 1e-9)}


@register.filter
def event_words(event: Event) -> str:
    """What happened, in a sentence."""
    words = _event_words(event)
    if reason := event.data.get("reason"):
        return f"{words}: {reason}"
    return words


def _event_words(event: Event) -> str:
    place: dict[str, Any] = {"n": event.position}
    if event.kind in ("saved", "answered", "overtaken"):
        return _saved_words(event, place)
    known = {
        "started": _("Started"),
        "submitted": _("Ended by an instructor") if event.data.get("by") == "instructor" else _("Handed in"),
        "expired": _("Ended by the clock"),
        "voided": _("Declared void"),
        "reopened": _("Opened again"),
        "extended": _("Given more time: %(time)s") % {"time": _seconds(event.data.get("seconds"))},
        "paused": _("Paused"),
        "resumed": _("Went on after a pause"),
        "trace": _("Looked at questions"),
        "too_late": _("Refused, too late: question %(n)s") % place,
        "finished": _("Refused, already over: question %(n)s") % place,
        "clock_ahead": _("Refused, the page’s clock was ahead: question %(n)s") % place,
    }
    return known.get(event.kind, event.kind.replace("_", " "))


def _saved_words(event: Event, place: dict[str, Any]) -> str:
    given = event.data
    if event.kind == "overtaken":
        return _("Question %(n)s: arrived late, a newer answer counts") % place
    parts = []
    if "choice" in given:
        parts.append(_("answered") if given["choice"] else _("cleared"))
    if "flagged" in given:
        parts.append(_("flagged") if given["flagged"] else _("flag taken off"))
    return _("Question %(n)s: %(what)s") % {**place, "what": ", ".join(parts) or _("saved")}


def _seconds(seconds: object) -> str:
    minutes = round(int(str(seconds or 0)) / 60)
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
