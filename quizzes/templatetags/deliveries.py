"""The words of instructors' quizzes: when they can be sat, how they are marked, what is shown when."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes.engine.availability import Availability, Reason, Terms
from quizzes.models import Attempt, Quiz

register = template.Library()

MARKINGS = {
    "all_or_nothing": gettext_lazy(
        "A question counts 1 when exactly the right options are chosen, else 0. A wrong answer costs nothing."
    ),
    "partial": gettext_lazy(
        "A question counts (right choices − wrong choices) ÷ right options, never below 0: what you are sure of counts."
    ),
    "negative": gettext_lazy(
        "A question counts 1 when it is right and 0 when it is not answered. A wrong answer costs"
        " 1 ÷ (possible answers − 1): with one right option of four, a third. Blind guessing gains nothing on average."
    ),
}


@register.filter
def moment(value: datetime) -> str:
    """A moment in the reader's zone, with the zone named, and the seconds where there are any."""
    local = timezone.localtime(value)
    pattern = "F j, Y, H:i:s" if local.second else "F j, Y, H:i"
    return _("%(moment)s (%(zone)s)") % {"moment": date_format(local, pattern), "zone": zone()}


@register.simple_tag
def zone() -> str:
    """The zone that times are shown in."""
    return timezone.get_current_timezone_name()


@register.filter
def lasting(seconds: int | None) -> str:
    """A length in words, to the minute: 42 minutes, 2 h 05 min, 3 days."""
    minutes = (seconds or 0) // 60
    if minutes >= 2 * 24 * 60 and not minutes % (24 * 60):
        return _("%(n)d days") % {"n": minutes // (24 * 60)}
    if minutes < 1:
        return _("less than a minute")
    if minutes < 120:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    return _("%(hours)d h %(minutes)02d min") % {"hours": minutes // 60, "minutes": minutes % 60}


@register.filter
def marking_words(marking: str) -> str:
    """How a question is marked, with the formula."""
    return str(MARKINGS[marking])


@register.filter
def refusal(availability: Availability) -> str:
    """Why the quiz cannot be begun now, and what to do; empty where it can."""
    at = moment(availability.at) if availability.at else ""
    words = {
        Reason.NOT_OPEN: _("It opens on %(at)s."),
        Reason.CLOSED: _("It has closed."),
        Reason.NO_MORE: _("You have no more attempts."),
        Reason.WAIT: _("You can start again on %(at)s."),
    }
    return words[availability.reason] % {"at": at} if availability.reason else ""


@register.simple_tag
def time_promise(terms: Terms, availability: Availability, granted: bool = False) -> str:
    """How long an attempt that begins now will last, and which limit binds. ``granted``: this person has more time."""
    if availability.limit is None:
        return _("There is no time limit.")
    said = {"time": lasting(availability.limit), "at": moment(terms.closes_at) if terms.closes_at else ""}
    if availability.cut and granted:
        words = _(
            "If you start now you will have %(time)s with the time that you were granted, because it closes on %(at)s."
        )
    elif availability.cut:
        words = _("If you start now you will have %(time)s, because it closes on %(at)s.")
    elif granted:
        words = _("If you start now you will have %(time)s, with the time that you were granted.")
    elif terms.closes_at is not None and not terms.closing_cuts:
        words = _("Whoever starts before it closes has the whole %(time)s.")
    else:
        words = _("If you start now you will have %(time)s.")
    return f"{words % said} {_latest_start(terms, availability)}".strip()


def _latest_start(terms: Terms, availability: Availability) -> str:
    """Until when the whole time can be had, where closing cuts it."""
    if availability.cut or availability.limit is None or terms.closes_at is None or not terms.closing_cuts:
        return ""
    latest = terms.closes_at - timedelta(seconds=availability.limit)
    return _("Who starts after %(latest)s has less, because it closes on %(at)s.") % {
        "latest": moment(latest),
        "at": moment(terms.closes_at),
    }


@register.filter
def showing_words(policy: Mapping[str, str]) -> list[tuple[str, str]]:
    """What is shown when, as pairs."""
    labels = dict(Quiz.Showing.choices)
    names = (("score", _("Score")), ("key", _("Right answers")), ("rationale", _("Reasons")))
    return [(str(words), str(labels[policy[name]])) for name, words in names]


@register.filter
def paused_words(attempt: Attempt) -> str:
    """How long the exam clock stood still; empty where it did not."""
    return lasting(attempt.paused // 1000) if attempt.paused else ""
