"""The words of instructors' quizzes: when they can be sat, how they are marked, what is shown when."""

from datetime import datetime

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
def time_promise(terms: Terms, availability: Availability) -> str:
    """How long an attempt that begins now will last, with the reason where the closing time cuts it."""
    if availability.cut and terms.closes_at is not None:
        return _("If you start now you will have %(time)s, because it closes on %(at)s.") % {
            "time": lasting(availability.limit),
            "at": moment(terms.closes_at),
        }
    if availability.limit is None:
        return _("There is no time limit.")
    if terms.closes_at is not None:
        return _("Whoever starts before it closes has the whole %(time)s.") % {"time": lasting(availability.limit)}
    return ""


@register.filter
def showing_words(quiz: Quiz) -> list[tuple[str, str]]:
    """What is shown when, as pairs."""
    labels = dict(Quiz.Showing.choices)
    names = (("show_score", _("Score")), ("show_key", _("Right answers")), ("show_rationale", _("Reasons")))
    return [(str(name), str(labels[getattr(quiz, field)])) for field, name in names]


@register.filter
def paused_words(attempt: Attempt) -> str:
    """How long the exam clock stood still; empty where it did not."""
    return lasting(attempt.paused // 1000) if attempt.paused else ""
