"""The only writer of who is in a class: joining and leaving, groups, and what those who teach do with both.

Everything is done with the class locked, so that two who join at once, or one who joins twice, make one seat.
"""

from collections.abc import Collection
from datetime import datetime

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quizzes.models import Classroom, Group, Membership
from quizzes.queries.classes import seat_name
from quizzes.queries.joining import normalized
from quizzes.services.audit import Actor, record
from quizzes.services.classes import Refused, changing

MOST_GROUPS = 100


class WrongCode(Exception):
    """No class can be joined by this code. Whether one ever could is not said."""


# What learners do


@transaction.atomic
def join_class(*, person_id: int, join_code: str, now: datetime) -> Membership:
    """The person’s seat: the one they have or had, else one that waits for their confirmed address, else a new one.

    Raises WrongCode, and Refused for a guest and for those who teach the class.
    """
    open_ones = Classroom.objects.select_for_update(no_key=True).filter(archived_at=None).exclude(join_code="")
    classroom = open_ones.filter(join_code=normalized(join_code)).first()
    if classroom is None:
        raise WrongCode
    if get_user_model().objects.filter(pk=person_id, is_guest=True).exists():
        raise Refused(_("Only somebody with an account can join a class."))
    if classroom.owner_id == person_id or classroom.teachers.filter(pk=person_id).exists():
        raise Refused(_("You teach this class, so you cannot sit in it as well."))
    seat = Membership.objects.filter(classroom=classroom, person_id=person_id).first()
    if seat is None:
        seat = _waiting_seat(classroom, person_id) or Membership(classroom=classroom, created_at=now)
        seat.person_id = person_id
    seat.joined_at = seat.joined_at or now
    seat.left_at = None
    seat.save()
    return seat


def _waiting_seat(classroom: Classroom, person_id: int) -> Membership | None:
    """The seat that the roster keeps for this person. An address that was only claimed opens nobody’s seat."""
    theirs = Q(pk__in=[])
    for email in EmailAddress.objects.filter(user_id=person_id, verified=True).values_list("email", flat=True):
        theirs |= Q(email__iexact=email)
    waiting = Membership.objects.filter(theirs, classroom=classroom, person=None, left_at=None)
    return waiting.order_by("pk").first()


@transaction.atomic
def leave_class(*, person_id: int, code: str, now: datetime) -> Classroom:
    """Leave; what was done stays. Raises Classroom.DoesNotExist where they are not in it, Refused where archived."""
    mine = Membership.objects.filter(person_id=person_id, left_at=None).values("classroom")
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk__in=mine, code=code)
    if classroom.archived_at is not None:
        raise Refused(_("The class is archived: nothing in it changes any more, and nothing in it is due."))
    Membership.objects.filter(classroom=classroom, person_id=person_id, left_at=None).update(left_at=now)
    return classroom


# What those who teach do with groups


def add_group(*, actor: Actor, code: str, name: str) -> Group:
    """A group that nobody is in. Raises as ``changing`` does, and Refused where the name is taken."""
    with changing(actor=actor, code=code) as classroom:
        _check_name(classroom, name)
        if classroom.groups.count() >= MOST_GROUPS:
            raise Refused(_("A class has at most %(n)d groups.") % {"n": MOST_GROUPS})
        return Group.objects.create(classroom=classroom, name=name)


def rename_group(*, actor: Actor, code: str, group_id: int, name: str) -> Group:
    """Another name. Raises Group.DoesNotExist, and as ``add_group`` does."""
    with changing(actor=actor, code=code) as classroom:
        group = Group.objects.get(classroom=classroom, pk=group_id)
        _check_name(classroom, name, but=group.pk)
        group.name = name
        group.save(update_fields=["name"])
    return group


def delete_group(*, actor: Actor, code: str, group_id: int) -> str:
    """Delete it; its learners are in no group then. Gives its name.

    Raises Group.DoesNotExist, as ``changing`` does, and Refused where it was given an assignment.
    """
    with changing(actor=actor, code=code) as classroom:
        group = Group.objects.select_for_update().get(classroom=classroom, pk=group_id)
        if n := group.assignments.count():
            words = ngettext(
                "“%(name)s” was given %(n)d assignment, so it stays. Give it another name instead.",
                "“%(name)s” was given %(n)d assignments, so it stays. Give it another name instead.",
                n,
            )
            raise Refused(words % {"name": group.name, "n": n})
        group.delete()
    return group.name


def _check_name(classroom: Classroom, name: str, *, but: int | None = None) -> None:
    taken = {one.name.casefold() for one in classroom.groups.all() if one.pk != but}
    if name.casefold() in taken:
        raise Refused(_("There is a group of this name already. Choose another one."))


# What those who teach do with seats


def place(*, actor: Actor, code: str, seats: Collection[int], group_id: int | None) -> int:
    """Put these seats into a group, or into none; how many. Raises Group.DoesNotExist, and as ``changing`` does."""
    with changing(actor=actor, code=code) as classroom:
        group = None if group_id is None else Group.objects.get(classroom=classroom, pk=group_id)
        return Membership.objects.filter(classroom=classroom, pk__in=seats, left_at=None).update(group=group)


def remove_seats(*, actor: Actor, code: str, seats: Collection[int], now: datetime) -> int:
    """Take these learners out, what they did stays; a seat that nobody has taken is deleted. How many.

    Raises as ``changing`` does.
    """
    with changing(actor=actor, code=code) as classroom:
        found = Membership.objects.filter(classroom=classroom, pk__in=seats, left_at=None)
        gone = found.filter(person__isnull=False).update(left_at=now)
        waiting, _kinds = found.filter(person=None).delete()
        if n := gone + waiting:
            # No names: the log is kept longer than an account that its owner deletes.
            record(actor, "class.learners_removed", now=now, classroom=classroom, data={"n": n, "waiting": waiting})
    return n


def unite_seats(*, actor: Actor, code: str, waiting_id: int, taken_id: int) -> Membership:
    """Say that the learner of one seat is whom another one waits for: theirs takes over what the roster says.

    For those who joined by another address than the roster’s. Raises Membership.DoesNotExist, Refused where the
    learner’s seat is on the roster itself, and as ``changing`` does.
    """
    with changing(actor=actor, code=code) as classroom:
        rows = Membership.objects.filter(classroom=classroom, left_at=None).select_related("person")
        waiting = rows.get(pk=waiting_id, person=None)
        seat = rows.get(pk=taken_id, person__isnull=False)
        if seat.name or seat.email or seat.external_id:
            words = _("%(name)s is on the roster by themselves. Choose somebody who is not.")
            raise Refused(words % {"name": seat_name(seat)})
        seat.name, seat.email, seat.external_id = waiting.name, waiting.email, waiting.external_id
        seat.group_id = seat.group_id or waiting.group_id
        waiting.delete()
        seat.save(update_fields=["name", "email", "external_id", "group"])
    return seat
