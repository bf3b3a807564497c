"""All that is stored about one person, for them to take away: the parts of the document, read in bounded chunks.

What would tell right from wrong in an exam that they have open is withheld until its end, and so is what the author of
a quiz does not show. Who they are stands in the head; everything else is a part, a list with one entry a row.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from quizzes.models import (
    Attempt,
    Card,
    Classroom,
    Condition,
    Event,
    Exposure,
    Membership,
    Plan,
    Question,
    QuestionVersion,
    Quiz,
    Remark,
    Repetition,
    Response,
    Result,
)
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.notices import tellable
from reference.models import Bookmark, Highlight
from sapro.accounts.models import User

HELD = "withheld while an exam with this question is open, or while the author of the quiz does not show it"
CHUNK = 500
"""Rows that are fetched at once."""


def head(person: User, *, now: datetime) -> dict[str, Any]:
    """When it was written, who the person is, their preferences and their plan."""
    return {
        "written_at": now,
        "person": _person(person),
        "email_addresses": list(
            EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=person).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "preferences": {"time_zone": person.time_zone, "shortcuts_off": person.shortcuts_off},
        "plan": _plan(person),
    }


def parts(person: User, *, now: datetime) -> dict[str, Iterator[Any]]:
    """Everything else by its name, each read only when it is iterated."""
    held = set(held_questions(person.pk).values_list("question_id", flat=True))
    told = set(tellable(person.pk).values_list("pk", flat=True))
    challenges = person.challenges.order_by("created_at", "pk").values(*SAID)
    return {
        "attempts": attempts(person, held, now),
        "exposures": _exposures(person),
        "cards": cards(person, held),
        "readings": _placed(person.readings.order_by("read_at", "topic__slug"), "read_at"),
        "highlights": _placed(
            Highlight.objects.filter(person=person).order_by("created_at", "topic__slug", "offset"),
            *("quote", "before", "after", "offset", "note", "created_at", "changed_at"),
        ),
        "bookmarks": _placed(
            Bookmark.objects.filter(person=person).order_by("created_at", "topic__slug", "anchor"),
            *("anchor", "created_at"),
        ),
        "challenges": (_challenge(row, held) for row in challenges.iterator()),
        "notices": (_notice(row, told) for row in _notices(person).iterator()),
        "memberships": _named(Membership.objects.filter(person=person).order_by("created_at", "pk"), SEAT),
        "conditions": _named(Condition.objects.filter(person=person).order_by("granted_at", "pk"), CONDITION),
        "remarks": _named(Remark.objects.filter(person=person).order_by("created_at", "pk"), REMARK),
        "questions_written": Question.objects.filter(author=person).values_list("code", flat=True).iterator(),
        "quizzes_owned": Quiz.objects.filter(owner=person).values_list("slug", flat=True).iterator(),
        "classes_owned": Classroom.objects.filter(owner=person).values_list("name", flat=True).iterator(),
    }


def _person(person: User) -> dict[str, Any]:
    fields = ("username", "first_name", "last_name", "email", "is_guest", "date_joined", "last_login", "active_on")
    return {
        **{name: getattr(person, name) for name in fields},
        "operator": person.is_superuser,
        "instructor": person.is_instructor,
    }


def _plan(person: User) -> dict[str, Any] | None:
    rows: QuerySet[Any, Any] = Plan.objects.filter(person=person).values(
        "exam__code", "exam_on", "minutes", "started_on", "changed_at"
    )
    row = rows.first()
    return None if row is None else {"exam": row.pop("exam__code"), **row}


def _placed(rows: QuerySet[Any], *names: str) -> Iterator[dict[str, Any]]:
    for row in rows.values("topic__slug", *names).iterator():
        yield {"topic": row.pop("topic__slug"), **row}


def _exposures(person: User) -> Iterator[dict[str, Any]]:
    rows = Exposure.objects.filter(person=person).order_by("first_seen_at", "question__code")
    found: QuerySet[Any, Any] = rows.values("question__code", "first_seen_at", "last_seen_at", "revealed_at")
    for row in found.iterator():
        yield {"question": row.pop("question__code"), **row}


SAID = (
    "question__code", "topic__slug", "anchor", "flaw", "text", "evidence", "state", "created_at", "decided_at",
    "answer", "question_id",
)  # fmt: skip


def _challenge(row: dict[str, Any], held: set[int]) -> dict[str, Any]:
    if row.pop("question_id") in held and row["decided_at"]:
        row |= {"state": HELD, "answer": HELD}
    return {"question": row.pop("question__code"), "topic": row.pop("topic__slug"), **row}


def _notices(person: User) -> QuerySet[Any, Any]:
    rows = person.notices.order_by("created_at", "pk")
    found: QuerySet[Any, Any] = rows.values(
        "pk", "kind", "text", "attempt__code", "question__code", "created_at", "read_at"
    )
    return found


def _notice(row: dict[str, Any], told: set[int]) -> dict[str, Any]:
    row = {"attempt": row.pop("attempt__code"), "question": row.pop("question__code"), **row}
    return row if row.pop("pk") in told else {**row, "text": HELD}


# Classes

SEAT = {
    "class": "classroom__name",
    "group": "group__name",
    **{name: name for name in ("name", "email", "external_id", "created_at", "joined_at", "left_at")},
}
GIVEN = {"class": "assignment__classroom__name", "quiz": "assignment__quiz__title", "assignment": "assignment__code"}
CONDITION = {
    **GIVEN,
    **{
        name: name
        for name in (
            *("factor", "extra", "opens_at", "due_at", "closes_at", "extra_attempts", "quiet_clock", "breaks"),
            *("granted_at", "revoked_at"),
        )
    },
}
"""Why it was granted, and by whom, is what those who teach wrote for each other."""
REMARK = {**GIVEN, "text": "text", "created_at": "created_at"}


def _named(rows: QuerySet[Any], names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The rows with these fields, by the names that they have in the document."""
    for row in rows.values_list(*names.values()).iterator():
        yield dict(zip(names, row, strict=True))


# Cards

CARD_FIELDS = (
    "phase", "step", "stability", "difficulty", "due_at", "last_review_at", "repetitions", "lapses", "suspended",
    "buried_until", "created_at",
)  # fmt: skip
RECALL_FIELDS = (
    "reviewed_at", "source", "rating", "choice", "shown_order", "fraction", "confidence", "seconds", "before",
)  # fmt: skip


def cards(person: User, held: set[int]) -> Iterator[dict[str, Any]]:
    """Each card with its recalls. One whose question an open exam holds is named only: its state tells of its key."""
    recalls = defaultdict(list)
    rows = Repetition.objects.filter(card__person=person).order_by("card", "reviewed_at", "pk")
    for row in rows.values("card_id", "version__number", "version__digest", *RECALL_FIELDS).iterator():
        version = {"version": row.pop("version__number"), "digest": row.pop("version__digest")}
        recalls[row.pop("card_id")].append({**version, **row})
    found = Card.objects.filter(person=person).order_by("created_at", "question__code")
    for row in found.values("pk", "question_id", "question__code", *CARD_FIELDS).iterator():
        pk, question, code = row.pop("pk"), row.pop("question_id"), row.pop("question__code")
        if question in held:
            yield {"question": code, "withheld": True}
        else:
            yield {"question": code, **row, "recalls": recalls.pop(pk, [])}


# Attempts

ATTEMPT_FIELDS = (
    "title", "mode", "state", "started_at", "deadline", "ended_at", "grace", "time_option", "size", "paused",
    "forward_only", "trace",
)  # fmt: skip
RESPONSE_FIELDS = (
    "position", "domain", "scored", "first_exposure", "shown_order", "choice", "choice_at", "choice_tab", "flagged",
    "flagged_at", "flagged_tab", "saved_at", "confidence", "fraction", "locked_at",
)  # fmt: skip
EVENT_FIELDS = ("kind", "received_at", "position", "at", "tab", "data")
RESULT_FIELDS = ("number", "created_at", "reason", "marking", "raw", "maximum", "fractions", "versions")
IMPORTED = ("imported", "imported_code")
"""Marks among the rules of an attempt that was brought from elsewhere; they are the site’s, not the learner’s."""


class _Along:
    """Rows in the order of their attempts, handed out attempt by attempt: one statement, never all of them at once."""

    def __init__(self, rows: QuerySet[Any], person: User, *names: str) -> None:
        found = rows.filter(attempt__person=person).values("attempt_id", "attempt__started_at", *names)
        self._rows: Iterator[dict[str, Any]] = found.iterator(chunk_size=CHUNK)
        self._next = next(self._rows, None)

    def of(self, attempt: Attempt) -> list[dict[str, Any]]:
        """The rows of this attempt. Those of attempts before it, begun since the list was read, are passed over."""
        found, place = [], (attempt.started_at, attempt.pk)
        while (row := self._next) is not None and (row["attempt__started_at"], row["attempt_id"]) <= place:
            if row["attempt_id"] == attempt.pk:
                found.append(row)
            self._next = next(self._rows, None)
        return found


IN_ORDER = ("attempt__started_at", "attempt_id")
VERSION = ("question_id", "question__code", "version_id", "version__number", "version__digest")


def attempts(person: User, held: set[int], now: datetime) -> Iterator[dict[str, Any]]:
    """Every attempt with its responses, events and results, the oldest first: five statements, however many."""
    responses = _Along(Response.objects.order_by(*IN_ORDER, "position"), person, *VERSION, *RESPONSE_FIELDS)
    events = _Along(Event.objects.order_by(*IN_ORDER, "pk"), person, *EVENT_FIELDS)
    results = _Along(Result.objects.order_by(*IN_ORDER, "number"), person, *RESULT_FIELDS)
    # A result names another version than the one that was sat only where a key was corrected.
    corrected = QuestionVersion.objects.filter(question__responses__attempt__person=person, corrects__isnull=False)
    names = {pk: (number, digest) for pk, number, digest in corrected.values_list("pk", "number", "digest").distinct()}
    found = Attempt.objects.filter(person=person).select_related("quiz").order_by("started_at", "pk")
    for attempt in found.iterator(chunk_size=CHUNK):
        rows = _Rows(responses.of(attempt), events.of(attempt), results.of(attempt), names)
        yield _attempt(attempt, rows, held, now)


@dataclass(frozen=True, slots=True)
class _Rows:
    """What belongs to one attempt, and number and digest of the versions whose keys are corrections."""

    responses: list[dict[str, Any]]
    events: list[dict[str, Any]]
    results: list[dict[str, Any]]
    corrected: dict[int, tuple[int, str]]


def _attempt(attempt: Attempt, rows: _Rows, held: set[int], now: datetime) -> dict[str, Any]:
    responses = rows.responses
    # What the author of a quiz does not show (yet) is not told here either.
    told = shown_of(attempt, now)
    open_to_see = told.key and told.score
    hidden = {row["position"] for row in responses if row["question_id"] in held or not open_to_see}
    orders = {row["position"]: row["shown_order"] for row in responses if row["position"] in hidden}
    # How hard the form is, and how many of the scored questions were new.
    kept_back = (*IMPORTED, "form") if hidden else IMPORTED
    authored = attempt.quiz is not None and attempt.quiz.origin == Quiz.Origin.AUTHOR
    sat = [row["version_id"] for row in responses]
    return {
        "code": attempt.rules.get("imported_code", attempt.code),
        **{name: getattr(attempt, name) for name in ATTEMPT_FIELDS},
        "rules": {name: value for name, value in attempt.rules.items() if name not in kept_back},
        "quiz": attempt.quiz.slug if attempt.quiz else None,
        **({"authored": True} if authored else {}),
        # From the seed of a form its order could be computed again.
        **({"withheld": True} if hidden else {"seed": attempt.seed}),
        "responses": [_response(row, row["position"] in hidden) for row in responses],
        "events": [_event(row, orders) for row in rows.events],
        "results": [_result(row, sat, rows.corrected, hidden) for row in rows.results],
    }


def _response(row: dict[str, Any], hidden: bool) -> dict[str, Any]:
    told = {name: row[name] for name in RESPONSE_FIELDS}
    if hidden:
        told["fraction"] = told["scored"] = told["shown_order"] = HELD
        told["choice"] = _places(row["choice"], row["shown_order"])
    # The digest is of the whole text with its key: whoever has no answer graded has no use for it.
    digest = {} if hidden or row["fraction"] is None else {"digest": row["version__digest"]}
    return {"question": row["question__code"], "version": row["version__number"], **digest, **told}


def _event(row: dict[str, Any], orders: dict[int, list[str]]) -> dict[str, Any]:
    row = {name: row[name] for name in EVENT_FIELDS}
    if row["position"] in orders and "choice" in row["data"]:
        return {**row, "data": {**row["data"], "choice": _places(row["data"]["choice"], orders[row["position"]])}}
    return row


def _places(choice: list[str], order: list[str]) -> list[int]:
    """Options by the place where the page shows them: their authors' names for them may tell by habit."""
    return [place for place, option in enumerate(order, 1) if option in choice]


def _result(row: dict[str, Any], sat: list[int], names: dict[int, tuple[int, str]], hidden: set[int]) -> dict[str, Any]:
    row = {name: row[name] for name in RESULT_FIELDS}
    versions = row.pop("versions")
    if hidden:
        fractions = [HELD if place in hidden else one for place, one in enumerate(row["fractions"], 1)]
        return {**row, "raw": HELD, "reason": HELD, "fractions": fractions}
    keys = [
        None if pk == own or pk not in names else dict(zip(("number", "digest"), names[pk], strict=True))
        for pk, own in zip(versions, sat, strict=True)
    ]
    return {**row, "keys": keys}
