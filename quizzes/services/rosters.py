"""A roster comes into a class: what was looked at is written, all of it or nothing."""

from datetime import datetime

from django.db import transaction

from quizzes.formats.roster import Roster, flat
from quizzes.models import Classroom, Group, Membership
from quizzes.queries.rights import own_classes
from quizzes.queries.roster import Plan, plan_of
from quizzes.services.audit import Actor, record

FOLDER, SUFFIX = "rosters", ".csv"
"""Where files wait for a word, within the folder of what people bring; how they are called."""


class Archived(Exception):
    """The class is only to be read."""


class OtherOutcome(Exception):
    """The class has changed since: ``plan`` is what the file would do now. Nothing was written."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan.digest)
        self.plan = plan


def take_roster(*, classroom_id: int, roster: Roster, seen: str, actor: Actor, now: datetime) -> Plan:
    """Make the seats and groups that the file names, and change those that it knows better. Who is not in it stays.

    ``seen``: the digest of the plan that was looked at. Raises Classroom.DoesNotExist where the class is not theirs,
    Archived, OtherOutcome, and BadFile where the class would become too large.
    """
    with transaction.atomic():
        own = own_classes(actor.pk).values("pk")
        classroom = Classroom.objects.select_for_update(no_key=True).get(pk__in=own, pk=classroom_id)
        if classroom.archived_at is not None:
            raise Archived
        plan = plan_of(classroom, roster)
        if plan.digest != seen:
            raise OtherOutcome(plan)
        if not plan.is_idle:
            _write(classroom, plan, now)
            told = {"new": len(plan.new), "changed": len(plan.changed), "groups": list(plan.new_groups)}
            record(actor, "class.roster", now=now, classroom=classroom, data=told)
    return plan


def _write(classroom: Classroom, plan: Plan, now: datetime) -> None:
    Group.objects.bulk_create(Group(classroom=classroom, name=one) for one in plan.new_groups)
    groups = {one.name: one for one in Group.objects.filter(classroom=classroom)}
    by_key = {flat(name).casefold(): group for name, group in groups.items()}
    new = []
    for step in plan.new:
        one = step.entry
        seat = Membership(classroom=classroom, name=one.name, email=one.email, external_id=one.external_id)
        seat.group, seat.created_at = by_key.get(one.group.casefold()), now
        new.append(seat)
    changed = []
    for step in plan.changed:
        assert step.seat is not None
        for change in step.changes:
            value = groups[change.new] if change.field == "group" else change.new
            setattr(step.seat, change.field, value)
        changed.append(step.seat)
    Membership.objects.bulk_create(new, batch_size=500)
    Membership.objects.bulk_update(changed, ["name", "email", "external_id", "group"], batch_size=200)
