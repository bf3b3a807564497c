"""All that is stored about one person, for them to take away: the parts of the document, read in bounded chunks.

What would tell right from wrong in an exam that they have open is withheld until its end, and so is what the author of
a quiz does not show. Who they are stands in the head; everything else is a part, a list with one entry a row.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from quizzes.models import (
    Attempt,
    Card,
    Event,
    Exposure,
    Plan,
    Question,
    QuestionVersion,
    Quiz,
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
CHUNK = 200
CHUNKS = 4
"""Attempts are read in at most so many portions of at least CHUNK, so that the number of statements has a bound."""


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
        "questions_written": Question.objects.filter(author=person).values_list("code", flat=True).iterator(),
        "quizzes_owned": Quiz.objects.filter(owner=person).values_list("slug", flat=True).iterator(),
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


@dataclass
class _Rows:
    """What belongs to the attempts of one chunk, by attempt."""

    responses: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    events: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    results: dict[int, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    versions: dict[int, tuple[int, str]] = field(default_factory=dict)


def attempts(person: User, held: set[int], now: datetime) -> Iterator[dict[str, Any]]:
    """Every attempt with its responses, events and results, the oldest first."""
    ids = list(Attempt.objects.filter(person=person).order_by("started_at", "pk").values_list("pk", flat=True))
    size = max(CHUNK, -(-len(ids) // CHUNKS))
    for start in range(0, len(ids), size):
        chunk = ids[start : start + size]
        found = Attempt.objects.select_related("quiz").in_bulk(chunk)
        rows = _rows(chunk)
        yield from (_attempt(found[pk], rows, held, now) for pk in chunk if pk in found)


def _rows(ids: list[int]) -> _Rows:
    rows = _Rows()
    version = ("question_id", "question__code", "version_id", "version__number", "version__digest")
    for name, found, fields in (
        ("responses", Response.objects.order_by("attempt", "position"), (*version, *RESPONSE_FIELDS)),
        ("events", Event.objects.order_by("attempt", "pk"), EVENT_FIELDS),
        ("results", Result.objects.order_by("attempt", "number"), RESULT_FIELDS),
    ):
        into = getattr(rows, name)
        for row in found.filter(attempt__in=ids).values("attempt_id", *fields).iterator():
            into[row.pop("attempt_id")].append(row)
    _name_versions(rows)
    return rows


def _name_versions(rows: _Rows) -> None:
    """Number and digest of the versions by which results were marked, those sat included."""
    for responses in rows.responses.values():
        for row in responses:
            rows.versions[row["version_id"]] = (row["version__number"], row["version__digest"])
    named = {pk for results in rows.results.values() for one in results for pk in one["versions"]}
    if others := named - rows.versions.keys():
        for pk, number, digest in QuestionVersion.objects.filter(pk__in=others).values_list("pk", "number", "digest"):
            rows.versions[pk] = (number, digest)


def _attempt(attempt: Attempt, rows: _Rows, held: set[int], now: datetime) -> dict[str, Any]:
    responses = rows.responses[attempt.pk]
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
        "events": [_event(row, orders) for row in rows.events[attempt.pk]],
        "results": [_result(row, sat, rows.versions, hidden) for row in rows.results[attempt.pk]],
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
    if row["position"] in orders and "choice" in row["data"]:
        return {**row, "data": {**row["data"], "choice": _places(row["data"]["choice"], orders[row["position"]])}}
    return row


def _places(choice: list[str], order: list[str]) -> list[int]:
    """Options by the place where the page shows them: their authors' names for them may tell by habit."""
    return [place for place, option in enumerate(order, 1) if option in choice]


def _result(row: dict[str, Any], sat: list[int], names: dict[int, tuple[int, str]], hidden: set[int]) -> dict[str, Any]:
    versions = row.pop("versions")
    if hidden:
        fractions = [HELD if place in hidden else one for place, one in enumerate(row["fractions"], 1)]
        return {**row, "raw": HELD, "reason": HELD, "fractions": fractions}
    keys = [
        None if pk == own or pk not in names else dict(zip(("number", "digest"), names[pk], strict=True))
        for pk, own in zip(versions, sat, strict=True)
    ]
    return {**row, "keys": keys}
