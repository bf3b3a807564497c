"""Who works on a question beside its author."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Question
from quizzes.services.audit import Actor, record

AT_MOST = 30


class NotShared(Exception):
    """It was not shared; the message says why."""


@transaction.atomic
def share_question(question: Question, name: str, *, actor: Actor, now: datetime) -> str:
    """Let this person edit and review the question; their name as it is written. Raises NotShared."""
    person = get_user_model().objects.filter(username__iexact=name.strip()).first()
    if person is None or person.is_guest or not person.is_active:
        raise NotShared(_("There is nobody of this name. Ask for the user name with which they sign in."))
    if not person.is_instructor:
        raise NotShared(_("“%(name)s” is no instructor: a learner would see the key.") % {"name": person.username})
    if person.pk == question.author_id:
        raise NotShared(_("This is the author."))
    if question.editors.filter(pk=person.pk).exists():
        raise NotShared(_("It is shared with “%(name)s” already.") % {"name": person.username})
    if question.editors.count() >= AT_MOST:
        raise NotShared(_("A question is shared with at most %(n)d people.") % {"n": AT_MOST})
    question.editors.add(person)
    record(actor, "question.shared", now=now, question=question, data={"with": person.username})
    return str(person.username)


@transaction.atomic
def unshare_question(question: Question, person_id: int, *, actor: Actor, now: datetime) -> bool:
    """Take somebody’s share away, or leave it oneself; whether there was one."""
    person = question.editors.filter(pk=person_id).first()
    if person is None:
        return False
    question.editors.remove(person)
    verb = "question.left" if person_id == actor.pk else "question.unshared"
    record(actor, verb, now=now, question=question, data={"with": person.get_username()})
    return True
