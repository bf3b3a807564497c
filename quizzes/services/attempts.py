"""The only writer of exam attempts: start, save, finish, extend. The rules are the engine's."""

import secrets
import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from quizzes.engine import attempts as rules
from quizzes.engine.assembly import CannotFill, Form, assemble, quotas
from quizzes.engine.conditions import Grant, lengthened
from quizzes.engine.kinds import KINDS, Shape
from quizzes.engine.traces import Trace
from quizzes.models import Attempt, Event, QuestionVersion, Quiz, Response
from quizzes.queries import draws
from quizzes.queries.attempts import clock_of, locked_response, phase_of
from quizzes.queries.conditions import grant_for
from quizzes.services.results import finish_attempt

CODE_ALPHABET = string.ascii_letters + string.digits
CODE_LENGTH = 16


class CannotStart(Exception):
    """The quiz cannot be started: the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Save:
    """What a page sends for one position. None: this register was not sent."""

    choice: tuple[str, ...] | None = None
    flagged: bool | None = None
    at: int | None = None
    tab: int = 0
    trace: Trace = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnreadSave:
    """A save as it was posted: ``sent`` are the values of the choice fields, or None when the page sent none."""

    sent: tuple[str, ...] | None
    flagged: bool | None
    at: int | None
    tab: int
    trace: Trace

    def read(self, shape: Shape, kind: str) -> Save:
        """The save with option ids in place of shown positions. Raises WrongChoice."""
        choice = None if self.sent is None else KINDS[kind].read(shape, self.sent)
        return Save(choice, self.flagged, self.at, self.tab, self.trace)


@dataclass(frozen=True, slots=True)
class Saved:
    """The state that now holds. ``choice`` is as the page posts it; times are milliseconds on the exam clock."""

    position: int
    choice: tuple[int | str, ...]
    flagged: bool
    saved_at: datetime
    at: int
    remaining: int | None
    forward_only: bool = False


class Refused(Exception):
    """A save that changed nothing, with the reason and the server's reading of the exam clock."""

    def __init__(self, reason: rules.Refusal, at: int, remaining: int | None) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.at = at
        self.remaining = remaining


def make_code() -> str:
    """An attempt's code: 95 random bits in letters and digits, so that no shell takes it for an option."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def start_attempt(*, person_id: int, quiz: Quiz, time_option: str, grace: int, now: datetime) -> Attempt:
    """The person's open attempt at this quiz, else a new one with its form. Raises CannotStart.

    An overdue attempt that nobody swept is closed first. Two starts at once make one attempt: the database decides.
    """
    standing = open_attempt(person_id=person_id, quiz=quiz, now=now)
    if standing is not None:
        return standing
    try:
        limit = rules.time_limit(quiz.time_limit, time_option)
    except KeyError as error:
        raise CannotStart(_("This choice of time is not offered. Choose one from the list.")) from error
    if time_option != "standard" and not quiz.time_options:
        raise CannotStart(_("This quiz does not let you choose more time."))
    seed = secrets.randbits(62)
    form = _draw_form(quiz, person_id, Random(seed))
    attempt = Attempt(
        code=make_code(),
        person_id=person_id,
        quiz=quiz,
        mode=quiz.mode,
        title=quiz.title,
        started_at=now,
        grace=grace,
        time_option=time_option,
        rules=_rules_of(quiz) | {"form": form.report()},
        seed=seed,
        size=len(form.drawn),
    )
    try:
        with transaction.atomic():
            one_after_the_other(person_id)
            _lay_over(attempt, grant_for(person_id), limit)
            write_form(attempt, form, Random(seed + 1), now)
    except IntegrityError:
        return Attempt.objects.get(person_id=person_id, quiz=quiz, state=Attempt.State.IN_PROGRESS, mode=quiz.mode)
    return attempt


def open_attempt(*, person_id: int, quiz: Quiz, now: datetime) -> Attempt | None:
    """The attempt that this person has open; one whose grace is over is written down as expired on the way."""
    standing = Attempt.objects.filter(
        person_id=person_id, quiz=quiz, state=Attempt.State.IN_PROGRESS, mode=quiz.mode
    ).first()
    if standing is None:
        return None
    if phase_of(standing, now) is rules.Phase.OVER:
        finish_attempt(attempt_id=standing.pk, now=now)
        return None
    return standing


def _draw_form(quiz: Quiz, person_id: int, rng: Random) -> Form:
    assert quiz.exam is not None
    wanted = quotas(quiz.scored, {entry["number"]: entry["weight"] for entry in quiz.exam.domains})
    pool = draws.sample_unseen(quiz.exam, person_id, wanted, quiz.unscored, rng)
    try:
        return assemble(pool, wanted, quiz.unscored, rng, difficulty=quiz.exam.difficulty)
    except CannotFill:
        pool += draws.sample_seen(quiz.exam, person_id, wanted, rng)
    try:
        return assemble(pool, wanted, quiz.unscored, rng, difficulty=quiz.exam.difficulty)
    except CannotFill:
        known = {one.question for one in pool}
        pool += [one for one in draws.sample_held(quiz.exam, person_id) if one.question not in known]
    try:
        return assemble(pool, wanted, quiz.unscored, rng, difficulty=quiz.exam.difficulty)
    except CannotFill as error:
        raise CannotStart(
            _("The question bank cannot fill this exam yet. Practice, or sit one that it can fill.")
        ) from error


def one_after_the_other(person_id: int) -> None:
    """One start or grant at a time for each person, until the transaction ends.

    What they have taken cannot change between counting and writing, and no attempt begins unseen beside a grant.
    """
    if not connection.features.has_select_for_update:
        # A transaction that writes is the only one there is.
        return
    get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=person_id)


def _lay_over(attempt: Attempt, grant: Grant, chosen: int | None) -> None:
    """What of a learner’s standing conditions the attempt keeps: the longer limit, breaks, a quiet clock."""
    granted = lengthened(attempt.rules["time_limit"], grant)
    if chosen is not None and granted is not None:
        attempt.deadline = attempt.started_at + timedelta(seconds=max(chosen, granted))
    if grant.breaks or grant.quiet:
        attempt.rules |= {"pause_allowed": grant.breaks, "quiet_clock": grant.quiet}


def _rules_of(quiz: Quiz) -> dict[str, Any]:
    """Everything that decides what the attempt is worth, as it stands now."""
    exam = quiz.exam
    return {
        "marking": quiz.marking,
        "time_limit": quiz.time_limit,
        "exam": exam.code if exam else "",
        "provisional": bool(exam and exam.provisional),
        "domains": exam.domains if exam else [],
        "placed_by": exam.placed_by if exam else "domain",
    }


def write_form(attempt: Attempt, form: Form, rng: Random, now: datetime) -> None:
    """Write an attempt with its responses, the options in an order of their own."""
    versions = {
        version.pk: version
        for version in QuestionVersion.objects.only("kind", "order", "option_ids").filter(
            pk__in=[one.version for one, _ in form.drawn]
        )
    }
    responses = []
    for position, (one, scored) in enumerate(form.drawn, 1):
        version = versions[one.version]
        shown = KINDS[version.kind].shuffle(version.option_ids, version.order, rng)
        responses.append(
            Response(
                attempt=attempt,
                position=position,
                question_id=one.question,
                version_id=one.version,
                domain=one.domain,
                scored=scored,
                shown_order=list(shown),
            )
        )
    with transaction.atomic():
        attempt.save(force_insert=True)
        Response.objects.bulk_create(responses)
        Event.objects.create(attempt=attempt, kind="started", received_at=now, data={"time": attempt.time_option})


def save_response(*, person_id: int, code: str, position: int, save: UnreadSave, now: datetime) -> Saved:
    """Store what was given last for one position, in one conditional UPDATE and one event row.

    Raises Response.DoesNotExist (not theirs, or no such position), WrongChoice, and Refused; a refusal is logged.
    """
    refusal = None
    with transaction.atomic():
        row, passed = locked_response(person_id, code, position)
        given = save.read(Shape(row.version.choose, tuple(row.shown_order)), row.version.kind)
        clock = clock_of(row.attempt)
        stamp = rules.stamp_save(clock, at=given.at, tab=given.tab, now=now)
        in_progress = row.attempt.state == Attempt.State.IN_PROGRESS
        refusal = rules.refuse_save(clock, stamp, in_progress=in_progress, now=now, passed=passed)
        kind = str(refusal) if refusal else _store(row, given, stamp, now)
        if kind:
            _log(row, kind, given, stamp, now)
    if refusal:
        raise Refused(refusal, clock.at(now), clock.remaining(now))
    return _saved(row, clock, now)


def _store(row: Response, given: Save, stamp: rules.Stamp, now: datetime) -> str:
    """Write the registers in which this save wins; the kind of event, or none for an exact repetition."""
    changes: dict[str, Any] = {}
    sent = repeated = False
    for register, value in (("choice", given.choice), ("flagged", given.flagged)):
        if value is None:
            continue
        sent = True
        stored = rules.Stamp(getattr(row, f"{register}_at"), getattr(row, f"{register}_tab"))
        repeated = repeated or stamp == stored
        if rules.wins(stamp, stored):
            plain = list(value) if isinstance(value, tuple) else value
            changes |= {register: plain, f"{register}_at": stamp.at, f"{register}_tab": stamp.tab}
    if not changes:
        return "" if repeated or (not sent and not given.trace) else ("overtaken" if sent else "trace")
    changes["saved_at"] = now
    written = _update(row, changes, now)
    assert written == 1, "the row is locked: nobody can have moved it"
    for name, value in changes.items():
        setattr(row, name, value)
    return "saved"


_STAMPS = ("choice_at", "choice_tab", "flagged_at", "flagged_tab")
_STILL_OPEN = f"""
    id = %s AND {" AND ".join(f"{name} = %s" for name in _STAMPS)} AND EXISTS (
        SELECT 1 FROM {Attempt._meta.db_table} a WHERE a.id = {Response._meta.db_table}.attempt_id
        AND a.person_id = %s AND a.state = 'in_progress'
        AND (a.deadline IS NULL OR a.deadline > %s OR a.paused_at IS NOT NULL))
"""


def _update(row: Response, changes: dict[str, Any], now: datetime) -> int:
    """Change the row on the conditions under which it was read: owner, state, time, and the stamps that lost.

    By SQL: the ORM would take longer to compile this than the whole save takes.
    """
    columns = ", ".join(f"{name} = %s" for name in changes)
    values = _prepared(Response, changes)
    stamps = [getattr(row, name) for name in _STAMPS]
    latest = connection.ops.adapt_datetimefield_value(now - timedelta(seconds=row.attempt.grace))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {Response._meta.db_table} SET {columns} WHERE {_STILL_OPEN}",
            [*values, row.pk, *stamps, row.attempt.person_id, latest],
        )
        return int(cursor.rowcount)


def _prepared(model: type[Model], values: dict[str, Any]) -> list[Any]:
    """The values as the database takes them, by the names of the model's columns."""
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    return [fields[name].get_db_prep_save(value, connection) for name, value in values.items()]


def _log(row: Response, kind: str, given: Save, stamp: rules.Stamp, now: datetime) -> None:
    """Append to the log of the attempt. By SQL, for the reason of ``_update``."""
    data: dict[str, Any] = {}
    if given.choice is not None:
        data["choice"] = list(given.choice)
    if given.flagged is not None:
        data["flagged"] = given.flagged
    if given.trace:
        data["trace"] = given.trace
    written = {"attempt_id": row.attempt_id, "kind": kind, "received_at": now, "position": row.position}
    written |= {"at": stamp.at, "tab": stamp.tab, "data": data}
    columns, places = ", ".join(f'"{name}"' for name in written), ", ".join(["%s"] * len(written))
    with connection.cursor() as cursor:
        sql = f"INSERT INTO {Event._meta.db_table} ({columns}) VALUES ({places})"
        cursor.execute(sql, _prepared(Event, written))


def _saved(row: Response, clock: rules.Clock, now: datetime) -> Saved:
    shape = Shape(row.version.choose, tuple(row.shown_order))
    return Saved(
        position=row.position,
        choice=KINDS[row.version.kind].show(shape, row.choice),
        flagged=row.flagged,
        saved_at=row.saved_at or now,
        at=clock.at(now),
        remaining=clock.remaining(now),
        forward_only=row.attempt.forward_only,
    )


def arrive(*, person_id: int, code: str, position: int, now: datetime) -> None:
    """In an exam that goes forward only: this question is shown from now on, so the ones before lie behind.

    It is saved as it is, empty. What was given for it, and what cannot be saved, is let be.
    """
    rows = Response.objects.filter(attempt__code=code, attempt__person_id=person_id, position=position)
    if not rows.filter(choice_at__lt=0, flagged_at__lt=0).exists():
        return
    try:
        save = UnreadSave(sent=(), flagged=None, at=None, tab=0, trace={})
        save_response(person_id=person_id, code=code, position=position, save=save, now=now)
    except (Refused, Response.DoesNotExist):
        return


def submit_attempt(*, person_id: int, code: str, trace: Trace, now: datetime) -> Attempt:
    """End the attempt on the learner's word. Idempotent: a second submission finds the first.

    Raises Attempt.DoesNotExist when it is not theirs.
    """
    attempt = Attempt.objects.get(code=code, person_id=person_id, mode="exam")
    return finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True, trace=trace)


def extend_attempt(
    *, attempt_id: int, seconds: int, reason: str, now: datetime, token: str = "", by_condition: bool = False
) -> Attempt:
    """Give a running attempt more time; its deadline moves at once. Raises CannotStart when it is over or untimed.

    ``token`` names the wish: what comes a second time with the same one changes nothing. ``by_condition``: it comes of
    what the learner was granted, and is no time beside that.
    """
    with transaction.atomic():
        attempt = Attempt.objects.select_for_update(no_key=True).get(pk=attempt_id)
        if token and attempt.events.filter(kind="extended", data__token=token).exists():
            return attempt
        if phase_of(attempt, now) is rules.Phase.OVER or attempt.deadline is None or seconds <= 0:
            raise CannotStart(_("Only a timed attempt whose time and grace are not over can be given more time."))
        attempt.deadline += timedelta(seconds=seconds)
        attempt.save(update_fields=["deadline"])
        data: dict[str, Any] = {"seconds": seconds, "reason": reason} | ({"token": token} if token else {})
        if by_condition:
            data["by_condition"] = True
        Event.objects.create(attempt=attempt, kind="extended", received_at=now, data=data)
    return attempt
