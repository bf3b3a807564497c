"""The sittings of instructors' quizzes: whose they are, for those who made the quiz."""

from django.db.models import QuerySet

from quizzes.models import Attempt, Quiz

LEFT = "(left)"
"""The user name of the one row that owns the sittings of all who deleted their account.

Nobody can sign up by it: a user name has no parentheses.
"""


def at_quizzes_of_authors(person_id: int) -> QuerySet[Attempt]:
    """A person's sittings that stay when the person goes: the instructor relies on them."""
    return Attempt.objects.filter(person_id=person_id, quiz__origin=Quiz.Origin.AUTHOR)
