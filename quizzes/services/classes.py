"""The only writer of classes as a whole: make, rename, the join code, who teaches it, archive.

Who is in a class is written by ``services.seats``.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Classroom
from quizzes.queries.rights import own_classes
from quizzes.services.attempts import make_code
from quizzes.services.audit import Actor, record

JOIN_ALPHABET = "ACDEFGHJKLMNPQRTUVWXY34679"
"""No letter or digit that is taken for another one, on a blackboard or by ear: 0 O, 1 I, 2 Z, 5 S, 8 B."""
JOIN_LENGTH = 8
MOST_TEACHERS = 30


class Refused(Exception):
    """What was asked does not go; the message says why and what to do. Nothing was written."""


@contextmanager
def changing(*, actor: Actor, code: str, archived_too: bool = False) -> Iterator[Classroom]:
    """A class that they teach, locked, to be changed in one transaction: one change after the other.

    Raises Classroom.DoesNotExist where they do not teach it, and Refused where it is archived.
    """
    with transaction.atomic():
        # The rights are a subquery, so that only the class is locked.
        mine = own_classes(actor.pk).order_by().values("pk")
        classroom = Classroom.objects.select_for_update(no_key=True).get(pk__in=mine, code=code)
        if classroom.archived_at is not None and not archived_too:
            raise Refused(_("The class is archived, and nothing in it changes any more. Bring it back first."))
        yield classroom


def make_join_code() -> str:
    """A code that can be read out and not be guessed: 37 random bits."""
    return "".join(secrets.choice(JOIN_ALPHABET) for _number in range(JOIN_LENGTH))


def _free_join_code() -> str:
    while Classroom.objects.filter(join_code=(code := make_join_code())).exists():
        pass
    return code


def create_class(*, actor: Actor, name: str, now: datetime) -> Classroom:
    """A class that nobody is in, open to whoever has its join code."""
    with transaction.atomic():
        classroom = Classroom.objects.create(
            code=make_code(), name=name, owner_id=actor.pk, join_code=_free_join_code(), created_at=now
        )
        record(actor, "class.created", now=now, classroom=classroom, data={"name": name})
    return classroom


def rename_class(*, actor: Actor, code: str, name: str, now: datetime) -> Classroom:
    """Give it another name. Raises as ``changing`` does."""
    with changing(actor=actor, code=code) as classroom:
        if name != classroom.name:
            data = {"old": classroom.name, "new": name}
            classroom.name = name
            classroom.save(update_fields=["name"])
            record(actor, "class.renamed", now=now, classroom=classroom, data=data)
    return classroom


def renew_join_code(*, actor: Actor, code: str, now: datetime) -> Classroom:
    """A new code; the old one is dead at once. Opens a class that was closed. Raises as ``changing`` does."""
    with changing(actor=actor, code=code) as classroom:
        classroom.join_code = _free_join_code()
        classroom.save(update_fields=["join_code"])
        # The codes themselves are not written down: the log is no way into a class.
        record(actor, "class.code_renewed", now=now, classroom=classroom)
    return classroom


def close_joining(*, actor: Actor, code: str, now: datetime) -> Classroom:
    """No code: nobody can join any more. Raises as ``changing`` does."""
    with changing(actor=actor, code=code) as classroom:
        if classroom.join_code:
            classroom.join_code = ""
            classroom.save(update_fields=["join_code"])
            record(actor, "class.code_closed", now=now, classroom=classroom)
    return classroom


def archive_class(*, actor: Actor, code: str, now: datetime) -> Classroom:
    """Only to be read from now on. Raises Classroom.DoesNotExist, and Refused for all but its owner."""
    with changing(actor=actor, code=code, archived_too=True) as classroom:
        _owner_alone(actor, classroom)
        if classroom.archived_at is None:
            classroom.archived_at = now
            classroom.save(update_fields=["archived_at"])
            record(actor, "class.archived", now=now, classroom=classroom)
    return classroom


def restore_class(*, actor: Actor, code: str, now: datetime) -> Classroom:
    """Bring an archived class back, as it was; its join code holds again. Raises as ``archive_class`` does."""
    with changing(actor=actor, code=code, archived_too=True) as classroom:
        _owner_alone(actor, classroom)
        if classroom.archived_at is not None:
            classroom.archived_at = None
            classroom.save(update_fields=["archived_at"])
            record(actor, "class.restored", now=now, classroom=classroom)
    return classroom


def add_teacher(*, actor: Actor, code: str, username: str, now: datetime) -> str:
    """Let another instructor teach it as well; their name as it is written.

    Raises as ``changing`` does, and Refused where it does not go.
    """
    with changing(actor=actor, code=code) as classroom:
        _owner_alone(actor, classroom)
        other = get_user_model().objects.filter(username__iexact=username.strip(), is_active=True).first()
        if other is None or not getattr(other, "is_instructor", False):
            raise Refused(_("There is no instructor of this name. Ask them for the user name of their account."))
        if other.pk == classroom.owner_id:
            raise Refused(_("This is the owner of the class."))
        if classroom.teachers.filter(pk=other.pk).exists():
            raise Refused(_("“%(name)s” teaches this class already.") % {"name": other.get_username()})
        if classroom.memberships.filter(person_id=other.pk, left_at=None).exists():
            raise Refused(
                _("“%(name)s” is a learner of this class. Remove them there first.") % {"name": other.get_username()}
            )
        if classroom.teachers.count() >= MOST_TEACHERS:
            raise Refused(_("A class has at most %(n)d co-teachers.") % {"n": MOST_TEACHERS})
        classroom.teachers.add(other)
        record(actor, "class.teacher_added", now=now, classroom=classroom, data={"with": other.get_username()})
    return str(other.get_username())


def remove_teacher(*, actor: Actor, code: str, person_id: int, now: datetime) -> bool:
    """Take a co-teacher out, or go oneself; whether there was one. Goes for an archived class, too.

    Raises Classroom.DoesNotExist, and Refused where a co-teacher takes out another one.
    """
    with changing(actor=actor, code=code, archived_too=True) as classroom:
        leaves = person_id == actor.pk
        if not leaves:
            _owner_alone(actor, classroom)
        other = classroom.teachers.filter(pk=person_id).first()
        if other is None:
            return False
        classroom.teachers.remove(other)
        verb = "class.teacher_left" if leaves else "class.teacher_removed"
        record(actor, verb, now=now, classroom=classroom, data={"with": other.get_username()})
    return True


def _owner_alone(actor: Actor, classroom: Classroom) -> None:
    if classroom.owner_id != actor.pk:
        raise Refused(_("Only the owner of the class can do this."))
