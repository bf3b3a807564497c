"""Guests: made on the first POST, converted at sign-up, merged at sign-in, swept when idle."""

import secrets
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.utils import user_email, user_username
from django.contrib.auth import login
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest

from quizzes.models import Attempt, Challenge, Exposure, Notice, Quiz
from quizzes.services.cards import move_cards
from quizzes.services.plans import move_plan
from quizzes.services.results import finish_attempt
from reference.services.marks import move_marks
from reference.services.readings import move_readings
from sapro.accounts.models import User
from sapro.accounts.services.people import delete_person

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"
GUEST_PREFIX = "guest-"


class NotAGuest(Exception):
    """The row is no guest any more: another request converted or merged it."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What came into the account: how many attempts, and the titles of exams that had to be ended for it."""

    attempts: int
    ended: tuple[str, ...]


def make_guest(*, now: datetime) -> User:
    """A guest: a person's row without a password, found again only by the session."""
    name = f"{GUEST_PREFIX}{secrets.token_hex(8)}"
    guest = User(username=name, is_guest=True, date_joined=now, active_on=now.date())
    guest.set_unusable_password()
    guest.save(force_insert=True)
    return guest


def let_guest_in(request: HttpRequest, *, now: datetime) -> User:
    """Make a guest and sign them in with this request's session."""
    guest = make_guest(now=now)
    login(request, guest, backend=MODEL_BACKEND)
    return guest


def convert_guest(*, guest_id: int, username: str, email: str, password: str, now: datetime) -> User:
    """Turn a guest into a member: the same row, so nothing that hangs on it moves. Raises NotAGuest."""
    with transaction.atomic():
        person = _lock_guest(guest_id)
        user_username(person, username)
        user_email(person, email)
        person.set_password(password)
        person.is_guest = False
        person.active_on = now.date()
        person.save(update_fields=["username", "email", "password", "is_guest", "active_on"])
    return person


def merge_guest(*, guest_id: int, member_id: int, now: datetime) -> Merged:
    """Bring all that a guest did into an account and remove the guest. Raises NotAGuest."""
    with transaction.atomic():
        _lock_guest(guest_id)
        ended = _end_older_of_two(guest_id, member_id, now)
        _unite_exposures(guest_id, member_id)
        move_cards(guest_id, member_id)
        move_readings(guest_id, member_id)
        move_marks(guest_id, member_id)
        move_plan(guest_id, member_id)
        Challenge.objects.filter(person_id=guest_id).update(person_id=member_id)
        Notice.objects.filter(person_id=guest_id).update(person_id=member_id)
        moved = Attempt.objects.filter(person_id=guest_id).update(person_id=member_id)
        User.objects.filter(pk=guest_id).delete()
    return Merged(moved, ended)


def _lock_guest(guest_id: int) -> User:
    """The guest's row, locked: of two requests that convert or merge it, the second finds no guest."""
    guest = User.objects.select_for_update().filter(pk=guest_id, is_guest=True).first()
    if guest is None:
        raise NotAGuest
    return guest


def _end_older_of_two(guest_id: int, member_id: int, now: datetime) -> tuple[str, ...]:
    """A person may have one exam open per quiz. What is overdue is written down; of two that run, the older ends."""
    running: dict[int | None, list[Attempt]] = defaultdict(list)
    for attempt in _open_exams(guest_id, member_id):
        after = finish_attempt(attempt_id=attempt.pk, now=now)
        if after.state == Attempt.State.IN_PROGRESS:
            running[after.quiz_id].append(after)
    older = [attempt for attempts in running.values() for attempt in attempts[:-1]]
    if any(attempt.person_id == guest_id for attempt in older):
        # What the guest meets for the first time is decided by what the person has met, not the guest alone.
        _unite_exposures(member_id, guest_id)
    for attempt in older:
        finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    return tuple(attempt.title for attempt in older)


def _open_exams(guest_id: int, member_id: int) -> list[Attempt]:
    """Open exams of both, oldest first, at quizzes that both have open."""
    both = Attempt.objects.filter(
        person_id__in=[guest_id, member_id], state=Attempt.State.IN_PROGRESS, mode=Quiz.Mode.EXAM
    )
    shared = both.filter(person_id=guest_id, quiz__in=both.filter(person_id=member_id).values("quiz"))
    return list(both.filter(quiz__in=shared.values("quiz")).order_by("started_at", "pk"))


def _unite_exposures(source_id: int, target_id: int) -> None:
    unite_exposures(list(Exposure.objects.filter(person_id=source_id)), target_id)


def unite_exposures(rows: list[Exposure], target_id: int) -> None:
    """Enter these rows in the target's ledger: first seen earliest, last seen latest, revealed earliest."""
    questions = [row.question_id for row in rows]
    known = {row.question_id: row for row in Exposure.objects.filter(person_id=target_id, question__in=questions)}
    Exposure.objects.bulk_create(
        [_united(row, known.get(row.question_id), target_id) for row in rows],
        batch_size=400,
        update_conflicts=True,
        unique_fields=["person", "question"],
        update_fields=["first_seen_at", "last_seen_at", "revealed_at"],
    )


def _united(one: Exposure, other: Exposure | None, person_id: int) -> Exposure:
    both = [one] if other is None else [one, other]
    revealed = [row.revealed_at for row in both if row.revealed_at is not None]
    return Exposure(
        person_id=person_id,
        question_id=one.question_id,
        first_seen_at=min(row.first_seen_at for row in both),
        last_seen_at=max(row.last_seen_at for row in both),
        revealed_at=min(revealed, default=None),
    )


def sweep_guests(*, days: int, now: datetime) -> int:
    """Delete guests who have not come for so many days, as ``delete_person`` does. Returns how many there were."""
    since = now - timedelta(days=days)
    idle = User.objects.filter(
        Q(active_on__lt=since.date()) | Q(active_on=None, date_joined__lt=since), is_guest=True
    ).values_list("pk", flat=True)
    swept = 0
    for pk in list(idle):
        swept += delete_person(person_id=pk, now=now, only_guests=True)
    return swept
