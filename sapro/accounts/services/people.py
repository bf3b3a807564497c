"""What a person may change about themselves, up to their going."""

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from quizzes.models import Attempt, Quiz
from sapro.accounts.models import User


class NameTaken(Exception):
    """Another account has this user name."""


class OwnsQuizzes(Exception):
    """The person owns quizzes that others sit. ``titles`` names them."""

    def __init__(self, titles: list[str]) -> None:
        super().__init__(", ".join(titles))
        self.titles = titles


def note_activity(*, person_id: int, today: date) -> bool:
    """Write down that the person came today: once a day, in one conditional UPDATE. Says whether it was the first."""
    due = Q(active_on=None) | Q(active_on__lt=today)
    return User.objects.filter(due, pk=person_id).update(active_on=today) == 1


def set_preferences(*, person_id: int, time_zone: str, shortcuts_off: bool) -> None:
    """Keep what a person prefers; a guest as well as a member."""
    User.objects.filter(pk=person_id).update(time_zone=time_zone, shortcuts_off=shortcuts_off)


def rename_member(*, person_id: int, username: str) -> None:
    """Give a member another user name. Raises NameTaken, also when two choose the same at once."""
    try:
        with transaction.atomic():
            User.objects.filter(pk=person_id, is_guest=False).update(username=username.lower())
    except IntegrityError as error:
        raise NameTaken from error


def delete_person(*, person_id: int, only_guests: bool = False) -> int:
    """Delete a person with all they did; 0 where there is none any more. Raises OwnsQuizzes.

    Their attempts go first, because nothing but this may delete an attempt. Questions they wrote stay, without
    a name. Their sessions end: a session whose person is gone signs nobody in.
    """
    with transaction.atomic():
        people = User.objects.select_for_update().filter(pk=person_id)
        person = (people.filter(is_guest=True) if only_guests else people).first()
        if person is None:
            return 0
        if titles := list(Quiz.objects.filter(owner=person).values_list("title", flat=True)):
            raise OwnsQuizzes(titles)
        Attempt.objects.filter(person=person).delete()
        person.delete()
    return 1
