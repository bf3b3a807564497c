"""Words of classes."""

from django import template

from quizzes.models import Membership
from quizzes.queries.classes import seat_name

register = template.Library()


@register.simple_tag
def seat_label(seat: Membership) -> str:
    """What a learner is called in their class."""
    return seat_name(seat)
