"""All that is stored about one person, for them to take away."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Q, QuerySet

from quizzes.models import Attempt, Exposure, Question, Quiz, Response
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.notices import tellable
from quizzes.queries.sittings import at_quizzes_of_authors
from sapro.accounts.models import User

HELD = "withheld while an exam with this question is open, or while the author of the quiz does not show it"


def count_attempts(person_id: int) -> int:
    """How many sittings of a person go with them."""
    return Attempt.objects.filter(person_id=person_id).count() - count_left_behind(person_id)


def count_left_behind(person_id: int) -> int:
    """How many stay without a name, because they are an instructor's results."""
    return at_quizzes_of_authors(person_id).count()


def heirs() -> QuerySet[Any]:
    """The shares of quizzes by which one may become the owner."""
    found: QuerySet[Any] = Quiz.editors.through.objects.filter(user__is_active=True)
    return found


def without_heir(people: Sequence[int]) -> QuerySet[Quiz]:
    """Quizzes of these people that others sit or have sat, and that nobody could take over."""
    others = heirs().filter(quiz=OuterRef("pk")).exclude(user=OuterRef("owner"))
    used = Q(published_at__isnull=False) | Exists(Attempt.objects.filter(quiz=OuterRef("pk")))
    found: QuerySet[Quiz] = Quiz.objects.filter(used, owner__in=people).exclude(Exists(others))
    return found


def my_data(person: User, *, now: datetime) -> dict[str, Any]:
    """Everything that is stored about a person, as plain data.

    What would tell right from wrong in an exam that they have open is withheld until its end.
    """
    held = set(held_questions(person.pk).values_list("question_id", flat=True))
    told = set(tellable(person.pk).values_list("pk", flat=True))
    return {
        "written_at": now,
        "person": _person(person),
        "email_addresses": list(
            EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified", "primary")
        ),
        "second_factors": list(
            Authenticator.objects.filter(user=person).order_by("pk").values("type", "created_at", "last_used_at")
        ),
        "attempts": [_attempt(attempt, held, now) for attempt in _attempts(person)],
        "exposures": list(
            Exposure.objects.filter(person=person)
            .order_by("first_seen_at", "question__code")
            .values("question__code", "first_seen_at", "last_seen_at", "revealed_at")
        ),
        "pages_read": list(person.readings.order_by("read_at").values("topic__slug", "read_at")),
        "challenges": [_challenge(row, held) for row in person.challenges.order_by("created_at", "pk").values(*SAID)],
        "notices": [_notice(row, told) for row in _notices(person)],
        "questions_written": list(Question.objects.filter(author=person).values_list("code", flat=True)),
        "quizzes_owned": list(Quiz.objects.filter(owner=person).values_list("slug", flat=True)),
    }


def _person(person: User) -> dict[str, Any]:
    fields = ("username", "first_name", "last_name", "email", "is_guest", "date_joined", "last_login", "active_on")
    preferences = ("time_zone", "shortcuts_off")
    return {
        **{name: getattr(person, name) for name in fields + preferences},
        "operator": person.is_superuser,
        "instructor": person.is_instructor,
    }


SAID = (
    "question__code", "topic__slug", "anchor", "flaw", "text", "evidence", "state", "created_at", "decided_at",
    "answer", "question_id",
)  # fmt: skip


def _challenge(row: dict[str, Any], held: set[int]) -> dict[str, Any]:
    if row.pop("question_id") in held and row["decided_at"]:
        row |= {"state": HELD, "answer": HELD}
    return row


def _notices(person: User) -> Iterable[Any]:
    rows = person.notices.order_by("created_at", "pk")
    return rows.values("pk", "kind", "text", "attempt__code", "question__code", "created_at", "read_at")


def _notice(row: dict[str, Any], told: set[int]) -> dict[str, Any]:
    return row if row.pop("pk") in told else {**row, "text": HELD}


def _attempts(person: User) -> Iterable[Attempt]:
    return (
        Attempt.objects.filter(person=person)
        .select_related("quiz")
        .prefetch_related("responses__question", "responses__version", "events", "results")
        .order_by("started_at", "pk")
    )


ATTEMPT_FIELDS = (
    "code", "title", "mode", "state", "started_at", "deadline", "ended_at", "time_option", "rules", "size", "trace",
)  # fmt: skip
RESPONSE_FIELDS = (
    "position", "domain", "scored", "first_exposure", "shown_order", "choice", "choice_at", "flagged", "flagged_at",
    "saved_at", "confidence", "fraction", "locked_at",
)  # fmt: skip
EVENT_FIELDS = ("kind", "received_at", "position", "at", "data")
RESULT_FIELDS = ("number", "created_at", "reason", "marking", "raw", "maximum", "fractions")


def _attempt(attempt: Attempt, held: set[int], now: datetime) -> dict[str, Any]:
    responses = list(attempt.responses.all())
    # What the author of a quiz does not show (yet) is not told here either.
    told = shown_of(attempt, now)
    open_to_see = told.key and told.score
    hidden = {row.position for row in responses if row.question_id in held or not open_to_see}
    orders = {row.position: row.shown_order for row in responses if row.position in hidden}
    data = {name: getattr(attempt, name) for name in ATTEMPT_FIELDS}
    if hidden:
        # How hard the form is, and how many of the scored questions were new.
        data["rules"] = {name: value for name, value in attempt.rules.items() if name != "form"}
    return {
        **data,
        "quiz": attempt.quiz.slug if attempt.quiz else None,
        "responses": [_response(row, row.position in hidden) for row in responses],
        "events": [_event(row, orders) for row in attempt.events.all()],
        "results": [_result(row, responses, hidden) for row in attempt.results.all()],
    }


def _response(row: Response, hidden: bool) -> dict[str, Any]:
    data = {name: getattr(row, name) for name in RESPONSE_FIELDS}
    if hidden:
        data["fraction"] = data["scored"] = data["shown_order"] = HELD
        data["choice"] = _places(row.choice, row.shown_order)
    return {"question": row.question.code, "version": row.version.number, **data}


def _event(row: Any, orders: dict[int, list[str]]) -> dict[str, Any]:
    data = {name: getattr(row, name) for name in EVENT_FIELDS}
    if row.position in orders and "choice" in row.data:
        data["data"] = {**row.data, "choice": _places(row.data["choice"], orders[row.position])}
    return data


def _places(choice: list[str], order: list[str]) -> list[int]:
    """Options by the place where the page shows them: their authors' names for them may tell by habit."""
    return [place for place, option in enumerate(order, 1) if option in choice]


def _result(row: Any, responses: list[Response], hidden: set[int]) -> dict[str, Any]:
    data = {name: getattr(row, name) for name in RESULT_FIELDS}
    if hidden:
        data["raw"] = data["reason"] = HELD
        data["fractions"] = [
            HELD if response.position in hidden else fraction
            for response, fraction in zip(responses, row.fractions, strict=True)
        ]
    return data
