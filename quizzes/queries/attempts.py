"""Attempts for a screen. A private read starts from its owner."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, JSONField, Max, Model, Q, QuerySet
from django.db.models.fields.json import KeyTransform

from quizzes.engine import attempts as rules
from quizzes.engine.kinds import KINDS, Shape
from quizzes.models import Attempt, QuestionVersion, Response
from quizzes.models.quizzes import Quiz


def attempts_of(person_id: int) -> QuerySet[Attempt]:
    """All sittings of one person."""
    return Attempt.objects.filter(person_id=person_id)


def exams_of(person_id: int) -> QuerySet[Attempt]:
    """The exam attempts of one person."""
    return attempts_of(person_id).filter(mode=Quiz.Mode.EXAM)


def clock_of(attempt: Attempt) -> rules.Clock:
    """The attempt's exam clock."""
    return rules.Clock(attempt.started_at, attempt.deadline, attempt.grace, attempt.paused, attempt.paused_at)


def phase_of(attempt: Attempt, now: datetime) -> rules.Phase:
    """What the attempt is at this moment, whatever has been written down."""
    return clock_of(attempt).phase(in_progress=attempt.state == Attempt.State.IN_PROGRESS, now=now)


def with_conditions(found: QuerySet[Attempt]) -> QuerySet[Attempt]:
    """The attempts with what a condition may change while they run, without the rest of their rules."""
    return found.annotate(may_pause=KeyTransform("pause_allowed", "rules"), quiet=KeyTransform("quiet_clock", "rules"))


def told_by_clock(attempt: Attempt) -> dict[str, bool]:
    """What the open page is to know beside the time, of an attempt of :func:`with_conditions`: only what is so."""
    row: Any = attempt
    if attempt.paused_at is not None:
        return {"paused": True}
    return {name: True for name, holds in (("may_pause", row.may_pause), ("quiet", row.quiet)) if holds}


# What one save reads. By SQL, because this is what pages ask for most often: the ORM takes longer to compile the
# statement than everything else about a save takes.
_RESPONSE = (
    *("id", "attempt_id", "position", "shown_order", "choice", "choice_at", "choice_tab"),
    *("flagged", "flagged_at", "flagged_tab", "saved_at"),
)
_ATTEMPT = ("id", "person_id", "state", "started_at", "deadline", "grace", "paused_at", "paused", "forward_only")
_VERSION = ("id", "kind", "choose")
_COLUMNS = (("r", _RESPONSE), ("a", _ATTEMPT), ("v", _VERSION))
_PASSED = f"""
    CASE WHEN a.forward_only THEN EXISTS (
        SELECT 1 FROM {Response._meta.db_table} l
        WHERE l.attempt_id = a.id AND l."position" > r."position" AND (l.choice_at >= 0 OR l.flagged_at >= 0))
    ELSE FALSE END
"""
_ONE_RESPONSE = f"""
    SELECT {", ".join(f'{table}."{name}"' for table, names in _COLUMNS for name in names)}, {_PASSED}
    FROM {Response._meta.db_table} r
    JOIN {Attempt._meta.db_table} a ON a.id = r.attempt_id
    JOIN {QuestionVersion._meta.db_table} v ON v.id = r.version_id
    WHERE a.code = %s AND a.person_id = %s AND a.mode = 'exam' AND r."position" = %s
"""

MAX_POSITION = 32_767
"""What the column holds; a database takes no greater number, not even to compare."""


def locked_response(person_id: int, code: str, position: int) -> tuple[Response, bool]:
    """The response of an exam with its attempt, both locked: against a submission and against another save of it.

    Beside it: whether the exam goes forward only and something behind this position was given already.

    The attempt comes first, as everywhere, or a submission could wait for the response and this for the attempt.
    Raises Response.DoesNotExist. Key and text of the question are not loaded.
    """
    if position > MAX_POSITION:
        raise Response.DoesNotExist
    lock = " FOR NO KEY UPDATE OF a, r" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_RESPONSE + lock, [code, person_id, position])
        found = cursor.fetchone()
    if found is None:
        raise Response.DoesNotExist
    *found, passed = found
    first, second = len(_RESPONSE), len(_RESPONSE) + len(_ATTEMPT)
    row: Response = _instance(Response, _RESPONSE, found[:first])
    row.attempt = _instance(Attempt, _ATTEMPT, found[first:second])
    row.version = _instance(QuestionVersion, _VERSION, found[second:])
    return row, bool(passed)


def _instance(model: type[Model], names: Sequence[str], values: Sequence[Any]) -> Any:
    """A model from these columns, the others deferred, with the values as the fields give them."""
    read = []
    for name, value in zip(names, values, strict=True):
        field = model._meta.get_field(name)
        if isinstance(field, JSONField):
            value = json.loads(value)
        elif isinstance(field, DateTimeField) and value is not None and value.tzinfo is None:
            value = value.replace(tzinfo=UTC)
        read.append(value)
    return model.from_db(connection.alias, names, read)


@dataclass(frozen=True, slots=True)
class ShownOption:
    """One option as it stands on the page: its position is all that the page knows of it."""

    position: int
    html: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """One question of a booklet, without anything that could tell right from wrong."""

    position: int
    stem: str
    options: tuple[ShownOption, ...]
    choose: int
    control: str
    widget: str
    given: tuple[int | str, ...]
    scenario: str
    unit: str
    flagged: bool
    complete: bool
    answered: bool

    @property
    def prompts(self) -> tuple[ShownOption, ...]:
        """The parts that are given a place."""
        return self.options[: self.choose]

    @property
    def targets(self) -> tuple[ShownOption, ...]:
        """What stands behind them, numbered anew: the places of a matching question."""
        behind = self.options[self.choose :]
        return tuple(ShownOption(number, one.html, False) for number, one in enumerate(behind, 1))

    @property
    def state(self) -> str:
        """The word of the navigator: answered, incomplete or open."""
        if self.complete:
            return "answered"
        return "incomplete" if self.answered else "open"


def booklet(attempt: Attempt) -> list[ShownQuestion]:
    """The whole form. Loads what is shown and nothing of the key."""
    version = ("version__kind", "version__choose", "version__shown")
    return [
        _shown(*row) for row in attempt.responses.values_list("position", "shown_order", "choice", "flagged", *version)
    ]


def furthest(attempt: Attempt) -> int:
    """The last position for which something was given; the first where nothing was."""
    given = attempt.responses.filter(Q(choice_at__gte=0) | Q(flagged_at__gte=0)).order_by()
    return given.aggregate(last=Max("position"))["last"] or 1


def shown_question(row: Response) -> ShownQuestion:
    """One response's question as its page shows it."""
    version = row.version
    return _shown(row.position, row.shown_order, row.choice, row.flagged, version.kind, version.choose, version.shown)


def _shown(
    position: int,
    order: list[str],
    choice: list[str],
    flagged: bool,
    kind_name: str,
    choose: int,
    shown: dict[str, Any],
) -> ShownQuestion:
    kind = KINDS[kind_name]
    shape = Shape(choose, tuple(order))
    chosen = kind.show(shape, choice)
    html: dict[str, Any] = shown["options"]
    return ShownQuestion(
        position=position,
        stem=shown["stem"],
        options=tuple(ShownOption(place, html[option], place in chosen) for place, option in enumerate(shape.shown, 1)),
        choose=shape.choose,
        control=kind.control,
        widget=kind.widget,
        given=chosen,
        scenario=shown.get("scenario", ""),
        unit=shown.get("unit", ""),
        flagged=flagged,
        complete=kind.is_complete(shape, choice),
        answered=bool(choice),
    )


@dataclass(frozen=True, slots=True)
class Resumable:
    """An exam under way, for the home page."""

    title: str
    url: str
    remaining: int | None


def resumable(person_id: int, *, now: datetime) -> Resumable | None:
    """The exam that this person can go on with, the latest one."""
    for attempt in exams_of(person_id).filter(state=Attempt.State.IN_PROGRESS).order_by("-started_at"):
        if phase_of(attempt, now) is rules.Phase.OPEN:
            return Resumable(attempt.title, attempt.get_absolute_url(), clock_of(attempt).remaining(now))
    return None


def open_attempts(*, now: datetime) -> int:
    """How many exams are under way: begun, and not past the end of their grace."""
    running = Attempt.objects.filter(state=Attempt.State.IN_PROGRESS, mode=Quiz.Mode.EXAM)
    return int(running.filter(Q(deadline=None) | Q(deadline__gt=now - timedelta(hours=1))).count())
