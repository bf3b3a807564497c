"""Granting a learner conditions of their own, and what that does to an exam they have under way: it only ever gains."""

from contextlib import suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.engine import attempts as rules
from quizzes.engine.conditions import NOTHING, Grant
from quizzes.models import Assignment, Attempt, Classroom, Condition, Membership, Notice
from quizzes.queries.attempts import phase_of
from quizzes.queries.condition_words import granted_words
from quizzes.queries.conditions import grant_for, grant_of, holding
from quizzes.queries.under_way import deadline_with, under_way
from quizzes.services.attempts import extend_attempt, one_after_the_other
from quizzes.services.audit import Actor, record


class CannotGrant(Exception):
    """Nothing can be granted here: the message says why."""


class Overtaken(Exception):
    """The conditions are not those any more that whoever changes them has seen."""


def grant_condition(
    *,
    person_id: int,
    classroom: Classroom,
    assignment: Assignment | None,
    grant: Grant,
    reason: str,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Condition:
    """Grant this in place of what held, at an assignment of the class or (None) everywhere; exams under way gain by it.

    ``seen`` is the row that held when the form was opened, None where there was none. What holds already is left as it
    is. Raises CannotGrant and Overtaken.
    """
    if grant == NOTHING:
        raise CannotGrant(_("Nothing is granted yet."))
    with transaction.atomic():
        before = _current(person_id, classroom, assignment, seen)
        if before is not None and (grant_of(before), before.reason) == (grant, reason):
            return before
        if before is not None:
            _revoke(before, actor, now)
        row = Condition.objects.create(
            person_id=person_id,
            assignment=assignment,
            reason=reason,
            granted_by_id=actor.pk,
            granted_at=now,
            **_columns(grant),
        )
        for attempt in under_way(person_id, assignment, now):
            _apply(attempt.pk, now)
        # The reason is for those who teach the learner; the log has more readers.
        record(actor, "class.condition_granted", now=now, classroom=classroom, data=_logged(row))
        _tell(row, grant, now)
    return row


def revoke_condition(
    *,
    person_id: int,
    classroom: Classroom,
    assignment: Assignment | None,
    seen: int | None,
    actor: Actor,
    now: datetime,
) -> Condition | None:
    """Take back what holds at an assignment of the class or (None) everywhere; None where nothing did.

    An exam under way keeps its time, its breaks and its quiet clock. Raises CannotGrant and Overtaken.
    """
    with transaction.atomic():
        row = _current(person_id, classroom, assignment, seen)
        if row is not None:
            _revoke(row, actor, now)
            record(actor, "class.condition_revoked", now=now, classroom=classroom, data=_logged(row))
            _tell(row, NOTHING, now)
    return row


def _current(person_id: int, classroom: Classroom, assignment: Assignment | None, seen: int | None) -> Condition | None:
    """The row that holds, with every start and grant of this person held off until the transaction ends."""
    if assignment is not None and assignment.classroom_id != classroom.pk:
        raise CannotGrant(_("This assignment belongs to another class."))
    if not Membership.objects.filter(classroom=classroom, person_id=person_id, left_at=None).exists():
        raise CannotGrant(_("This learner has left the class."))
    if classroom.archived_at is not None:
        raise CannotGrant(_("The class is archived: nothing in it can be changed."))
    one_after_the_other(person_id)
    row = holding().filter(person_id=person_id, assignment=assignment).first()
    if (row.pk if row else None) != seen:
        raise Overtaken
    return row


def _columns(grant: Grant) -> dict[str, Any]:
    columns = asdict(grant)
    renamed = {"attempts": "extra_attempts", "quiet": "quiet_clock"}
    return {renamed.get(name, name): value for name, value in columns.items()}


def _revoke(row: Condition, actor: Actor, now: datetime) -> None:
    row.revoked_at, row.revoked_by_id = now, actor.pk
    row.save(update_fields=["revoked_at", "revoked_by"])


def _logged(row: Condition) -> dict[str, Any]:
    # Who the learner is stands in the row, which goes with its person; the log stays.
    return {"condition": row.pk, "where": row.assignment.code if row.assignment else ""}


def _apply(attempt_id: int, now: datetime) -> None:
    """Let an exam under way gain by what holds now. One that was submitted meanwhile, or is over, is left alone."""
    locked = Attempt.objects.select_for_update(no_key=True, of=("self",)).select_related("quiz", "assignment__quiz")
    attempt = locked.get(pk=attempt_id)
    if phase_of(attempt, now) is rules.Phase.OVER:
        return
    grant = grant_for(attempt.person_id, attempt.assignment_id)
    gained = {name: True for name, given in (("pause_allowed", grant.breaks), ("quiet_clock", grant.quiet)) if given}
    if any(not attempt.rules.get(name) for name in gained):
        attempt.rules |= gained
        attempt.save(update_fields=["rules"])
    ends = deadline_with(attempt, grant)
    if ends is not None and attempt.deadline is not None and ends > attempt.deadline:
        # To the full second upward: a broken one is never taken away.
        seconds = -((attempt.deadline - ends) // timedelta(seconds=1))
        extend_attempt(attempt_id=attempt.pk, seconds=seconds, reason="", now=now, by_condition=True)


def _tell(row: Condition, grant: Grant, now: datetime) -> None:
    """Tell the learner in plain words, in their own time zone."""
    person = get_user_model().objects.get(pk=row.person_id)
    words = "; ".join(granted_words(grant, _zone_of(person)))
    if row.assignment is not None:
        about = {"quiz": row.assignment.quiz.title, "words": words}
        granted = _("Your conditions for “%(quiz)s” are now: %(words)s.")
        revoked = _("Your own conditions for “%(quiz)s” no longer hold. An exam that you have open keeps its time.")
    else:
        about = {"words": words}
        granted = _("Your conditions in every exam are now: %(words)s.")
        revoked = _("Your own conditions for every exam no longer hold. An exam that you have open keeps its time.")
    text = (revoked if grant == NOTHING else granted) % about
    Notice.objects.create(
        person=person, kind=Notice.Kind.CONDITION, text=text, assignment=row.assignment, created_at=now
    )


def _zone_of(person: Any) -> ZoneInfo:
    with suppress(ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(getattr(person, "time_zone", "") or "UTC")
    return ZoneInfo("UTC")
