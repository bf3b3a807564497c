"""Small words of repetition."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.engine.repetition import Memory, recall
from quizzes.models import Card

register = template.Library()


@register.filter
def returns(due_at: datetime, now: datetime) -> str:
    """When a card comes back, by the learner's calendar: today, tomorrow, in 4 days."""
    days = (timezone.localdate(due_at) - timezone.localdate(now)).days
    if days <= 0:
        return _("today")
    return _("tomorrow") if days == 1 else ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}


@register.filter
def rating_words(rating: int) -> str:
    """A rating, and why it was given."""
    words = {1: _("Again: it was not right."), 2: _("Hard: right, but guessed."), 3: _("Good: right.")}
    return words.get(rating, _("Easy."))


@register.filter
def recall_percent(card: Card, now: datetime) -> int:
    """The chance to recall the card now, in whole percent."""
    return round(100 * recall(Memory(stability=card.stability, last_review_at=card.last_review_at), now))
