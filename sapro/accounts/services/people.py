"""What a person may change about themselves, up to their going."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from quizzes.models import Assignment, Attempt, Classroom, Event, Quiz
from quizzes.queries.sittings import LEFT, at_quizzes_of_authors
from quizzes.services.audit import record
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from sapro.accounts.queries.people import class_heirs, heirs, without_heir


class NameTaken(Exception):
    """Another account has this user name."""


class OwnsQuizzes(Exception):
    """The person owns quizzes that others sit, and has no co-author there. ``titles`` names them."""

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


def delete_person(*, person_id: int, now: datetime, only_guests: bool = False) -> int:
    """Delete a person with all they did; 0 where there is none any more. Raises OwnsQuizzes.

    Their attempts go first, because nothing but this may delete an attempt. Those at quizzes of instructors stay
    there, without anything that names them. Questions they wrote stay, without a name; quizzes go to a co-author,
    classes to a co-teacher.
    Their sessions end: a session whose person is gone signs nobody in.
    """
    with transaction.atomic():
        people = User.objects.select_for_update().filter(pk=person_id).exclude(username=LEFT)
        person = (people.filter(is_guest=True) if only_guests else people).first()
        if person is None:
            return 0
        _hand_over(person, now)
        _leave_behind(at_quizzes_of_authors(person.pk), now)
        Attempt.objects.filter(person=person).delete()
        person.delete()
    return 1


def _hand_over(person: User, now: datetime) -> None:
    """Give each of the person's quizzes to whoever has been its co-author longest.

    A draft without one, which nobody else could ever see, goes with its owner.
    """
    if alone := list(without_heir([person.pk]).values_list("title", flat=True)):
        raise OwnsQuizzes(alone)
    _hand_over_classes(person, now)
    for quiz in Quiz.objects.select_for_update().filter(owner=person):
        shares = heirs().filter(quiz=quiz).exclude(user=person)
        if (share := shares.select_related("user").order_by("pk").first()) is None:
            quiz.delete()
            continue
        Quiz.objects.filter(pk=quiz.pk).update(owner=share.user)
        quiz.editors.remove(share.user)
        record(person, "quiz.handed_over", now=now, quiz=quiz, data={"to": share.user.get_username()})


def _hand_over_classes(person: User, now: datetime) -> None:
    """Give each of the person’s classes to whoever has been its co-teacher longest.

    One without goes with its owner: what its learners sat stays theirs and the quiz’s.
    """
    for classroom in Classroom.objects.select_for_update().filter(owner=person):
        shares = class_heirs().filter(classroom=classroom).exclude(user=person)
        if (share := shares.select_related("user").order_by("pk").first()) is None:
            # First of all: a group that was given an assignment cannot go before it.
            Assignment.objects.filter(classroom=classroom).delete()
            classroom.delete()
            continue
        Classroom.objects.filter(pk=classroom.pk).update(owner=share.user)
        classroom.teachers.remove(share.user)
        record(person, "class.handed_over", now=now, classroom=classroom, data={"to": share.user.get_username()})


def _leave_behind(attempts: QuerySet[Attempt], now: datetime) -> None:
    """Take the name off these attempts. One that is open ends here: nobody will come back to it."""
    ids = list(attempts.values_list("pk", flat=True))
    if not ids:
        return
    for pk in attempts.filter(state=Attempt.State.IN_PROGRESS, mode=Quiz.Mode.EXAM).values_list("pk", flat=True):
        finish_attempt(attempt_id=pk, now=now, by_learner=True)
    for event in Event.objects.filter(attempt__in=ids, data__has_key="reason"):
        # What an instructor wrote of somebody's illness is about that somebody.
        Event.objects.filter(pk=event.pk).update(data={**event.data, "reason": ""})
    Attempt.objects.filter(pk__in=ids).update(person=_nobody())


def _nobody() -> User:
    """The one row that all who have left share: it signs nobody in, and no sweep takes it."""
    nobody, made = User.objects.get_or_create(username=LEFT, defaults={"is_active": False})
    if made:
        nobody.set_unusable_password()
        nobody.save(update_fields=["password"])
    return nobody
