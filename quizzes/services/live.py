"""What somebody who teaches does to the sittings of a running assignment: more time, the end, once more, void.

Each is one transaction that begins at the class: who does not teach it finds nothing. Each has its entry in the log.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.engine.live import UNDER_WAY, Action, State, actions_on, state_of
from quizzes.models import Assignment, Attempt, AuditEntry, Classroom, Quiz
from quizzes.queries.attempts import clock_of
from quizzes.queries.rights import own_assignments
from quizzes.services import audit
from quizzes.services.attempts import CannotStart, extend_attempt
from quizzes.services.proctoring import reopen_attempt, void_attempt
from quizzes.services.results import IllegalMove, finish_attempt

AT_ONCE = 25
"""Attempts whose rows are locked together: one by one, 500 would wait for the disk 500 times."""
EXTENDED_ALL = "class.extended_all"


class NotDone(Exception):
    """What was asked for cannot be done as things stand now. The message says why; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked: by whom, when and why. ``seconds`` where it is about time; ``token`` names one press."""

    actor: audit.Actor
    now: datetime
    reason: str = ""
    seconds: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class Extended:
    """Who has more time now, and who has not because the clock had run out before, or because there is none."""

    given: tuple[int, ...]
    over: tuple[int, ...]
    untimed: tuple[int, ...]


def act(assignment: Assignment, code: str, action: Action, wish: Wish) -> Attempt:
    """Do this to one attempt at the assignment, wholly or not at all; an extension that comes twice is done once.

    Raises Assignment.DoesNotExist (not of a class of theirs), Attempt.DoesNotExist (not of this assignment) and
    NotDone.
    """
    with transaction.atomic():
        given = _own(assignment, wish)
        attempt = Attempt.objects.select_for_update(no_key=True).get(assignment=given, code=code)
        if wish.token and attempt.events.filter(kind="extended", data__token=wish.token).exists():
            return attempt
        _require(attempt, action, wish.now)
        try:
            done = _DO[action](attempt, wish)
        except (CannotStart, IllegalMove) as error:
            raise NotDone(_refusal(attempt, action, wish.now)) from error
        data = {"assignment": given.code, "reason": wish.reason}
        more = {"minutes": wish.seconds // 60} if wish.seconds else {}
        place = {"attempt": attempt, "classroom": given.classroom}
        audit.record(wish.actor, _VERBS[action], now=wish.now, data=data | more, **place)  # type: ignore[arg-type]
    return done


def extend_all(assignment: Assignment, wish: Wish) -> Extended:
    """Give everybody who is at it, in their grace too, so much more time, each by the lock of their own row.

    Pressed twice with one token it is done once; interrupted and pressed again it goes on. Raises
    Assignment.DoesNotExist and NotDone.
    """
    with transaction.atomic():
        given = _own(assignment, wish)
        _note_once(given, wish)
    found: dict[str, list[int]] = {"given": [], "over": [], "untimed": []}
    running = list(_at_it(given))
    for start in range(0, len(running), AT_ONCE):
        with transaction.atomic():
            for pk in running[start : start + AT_ONCE]:
                found[_extended(pk, wish)].append(pk)
    found["over"] += _out_of_time(given)
    return Extended(**{name: tuple(pks) for name, pks in found.items()})


def _own(assignment: Assignment, wish: Wish) -> Assignment:
    given = own_assignments(wish.actor.pk).select_related("classroom").get(pk=assignment.pk)
    if given.classroom.archived_at is not None:
        raise NotDone(_("The class is archived: nothing in it changes any more."))
    return given


def _note_once(assignment: Assignment, wish: Wish) -> None:
    """Write down what was asked, before it is done: once for each token, whoever presses at the same moment."""
    classroom = Classroom.objects.select_for_update(no_key=True).get(pk=assignment.classroom_id)
    if AuditEntry.objects.filter(classroom=classroom, verb=EXTENDED_ALL, data__token=wish.token).exists():
        return
    data = {"assignment": assignment.code, "minutes": wish.seconds // 60, "reason": wish.reason, "token": wish.token}
    audit.record(wish.actor, EXTENDED_ALL, now=wish.now, classroom=classroom, data=data)


def _at_it(assignment: Assignment) -> Iterable[int]:
    running = Attempt.objects.filter(assignment=assignment, state=Attempt.State.IN_PROGRESS, mode=Quiz.Mode.EXAM)
    return running.order_by("pk").values_list("pk", flat=True)


def _out_of_time(assignment: Assignment) -> Iterable[int]:
    """Attempts that the clock has ended, where they are the last of their learner."""
    last: dict[int, tuple[int, str]] = {}
    for pk, person, state in assignment.attempts.order_by("pk").values_list("pk", "person_id", "state"):
        last[person] = (pk, state)
    return [pk for pk, state in last.values() if state == Attempt.State.EXPIRED]


def _extended(attempt_id: int, wish: Wish) -> str:
    try:
        extend_attempt(attempt_id=attempt_id, seconds=wish.seconds, reason=wish.reason, now=wish.now, token=wish.token)
    except CannotStart:
        untimed = Attempt.objects.filter(pk=attempt_id, deadline=None, state=Attempt.State.IN_PROGRESS)
        return "untimed" if untimed.exists() else "over"
    return "given"


def _state(attempt: Attempt, now: datetime) -> State:
    return state_of(attempt.state, clock_of(attempt), now)


def _require(attempt: Attempt, action: Action, now: datetime) -> None:
    exam, timed = attempt.mode == Quiz.Mode.EXAM, attempt.deadline is not None
    if action not in actions_on(_state(attempt, now), exam=exam, timed=timed):
        raise NotDone(_refusal(attempt, action, now))


def _refusal(attempt: Attempt, action: Action, now: datetime) -> str:
    """Why this cannot be done to it now, and what can."""
    state = _state(attempt, now)
    if attempt.mode != Quiz.Mode.EXAM:
        return _("This is a practice session: it has no clock, and only the learner ends it.")
    if state is State.VOID:
        return _("The attempt is void. Nothing can be done to it any more.")
    if action is Action.REOPEN:
        if state in UNDER_WAY:
            return _("The attempt is under way already. Give it more time instead.")
        return _("This learner has another attempt at the same quiz open. End that one first.")
    if action is Action.EXTEND and state in UNDER_WAY:
        return _("The attempt has no time limit, so there is nothing to extend.")
    if state is State.SUBMITTED:
        return _("The attempt was handed in meanwhile. To let the learner go on, reopen it.")
    return _("Time ran out meanwhile, and the attempt is over. To let the learner go on, reopen it.")


def _extend(attempt: Attempt, wish: Wish) -> Attempt:
    return extend_attempt(
        attempt_id=attempt.pk, seconds=wish.seconds, reason=wish.reason, now=wish.now, token=wish.token
    )


def _end(attempt: Attempt, wish: Wish) -> Attempt:
    return finish_attempt(attempt_id=attempt.pk, now=wish.now, by_instructor=wish.reason)


def _reopen(attempt: Attempt, wish: Wish) -> Attempt:
    # Time may be up without anybody having written it down; only what has ended can be opened again.
    finish_attempt(attempt_id=attempt.pk, now=wish.now)
    return reopen_attempt(attempt_id=attempt.pk, seconds=max(1, wish.seconds), reason=wish.reason, now=wish.now)


def _void(attempt: Attempt, wish: Wish) -> Attempt:
    return void_attempt(attempt_id=attempt.pk, reason=wish.reason, now=wish.now)


_DO: dict[Action, Callable[[Attempt, Wish], Attempt]] = {
    Action.EXTEND: _extend,
    Action.END: _end,
    Action.REOPEN: _reopen,
    Action.VOID: _void,
}
_VERBS = {
    Action.EXTEND: "class.extended",
    Action.END: "class.ended",
    Action.REOPEN: "class.reopened",
    Action.VOID: "class.voided",
}
