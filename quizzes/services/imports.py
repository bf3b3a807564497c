"""Taking in what a learner brings from another account or site: attempts, cards, plan and ledger.

It is the learner's own claim. So it is marked as such, belongs to no quiz but a mock exam of the course, speaks of no
question but the course's, and nothing is graded by it. First everything is looked up and counted, then written at once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quizzes.engine.kinds import KINDS, Shape
from quizzes.formats.checked import Faults
from quizzes.models import (
    Attempt,
    Card,
    Event,
    Exam,
    Exposure,
    Plan,
    Question,
    QuestionVersion,
    Quiz,
    Repetition,
    Response,
    Result,
)
from quizzes.services.attempts import make_code

KNOWN = (Question.Status.PUBLISHED, Question.Status.PILOT, Question.Status.RETIRED)


@dataclass(frozen=True, slots=True)
class _Version:
    pk: int
    question: int
    kind: str
    choose: int
    options: list[str]


@dataclass
class Bank:
    """The course's questions by code, and their versions by code, digest and number."""

    questions: dict[str, int]
    versions: dict[tuple[str, str], list[tuple[int, _Version]]]

    def version(self, code: str, digest: str, number: int) -> _Version | None:
        """The version of this text; of several (a key that came back) the one of this number, else the latest."""
        found = self.versions.get((code, digest), [])
        same = [one for n, one in found if n == number]
        return same[0] if same else found[-1][1] if found else None


def read_bank() -> Bank:
    """What of the bank a file may speak of: two statements."""
    rows = Question.objects.course().filter(status__in=KNOWN).values_list("code", "pk")
    bank = Bank(dict(rows), {})
    columns = ("question__code", "digest", "number", "pk", "question_id", "kind", "choose", "option_ids")
    versions = QuestionVersion.objects.filter(question__origin=Question.Origin.COURSE, question__status__in=KNOWN)
    for code, digest, number, *rest in versions.order_by("question", "number").values_list(*columns):
        bank.versions.setdefault((code, digest), []).append((number, _Version(*rest)))
    return bank


@dataclass
class Taken:
    """Rows that are not written yet, and how many of what kind are new, there already, or left out."""

    new: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    attempts: list[tuple[Attempt, list[Response], list[Event], list[Result]]] = field(default_factory=list)
    made_cards: list[Card] = field(default_factory=list)
    newer_cards: list[Card] = field(default_factory=list)
    recalls: list[Repetition] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    plan: Plan | None = None


def prepare(read: dict[str, Any], person_id: int, faults: Faults) -> Taken:
    """What a checked document would change for this person. Writes nothing; adds what contradicts the bank to faults.

    Raises Enough when there are too many faults to go on.
    """
    bank, taken = read_bank(), Taken()
    _prepare_attempts(read["attempts"], person_id, bank, taken, faults)
    _prepare_cards(read["cards"], person_id, bank, taken, faults)
    _prepare_exposures(read["exposures"], person_id, bank, taken)
    _prepare_plan(read["plan"], person_id, taken)
    return taken


# Attempts


def _prepare_attempts(rows: list[Any], person_id: int, bank: Bank, taken: Taken, faults: Faults) -> None:
    own = Attempt.objects.filter(person_id=person_id).values_list("code", "rules__imported_code")
    known = {code for pair in own for code in pair if code}
    codes = [row["code"] for row in rows if isinstance(row, dict)]
    in_use: set[str] = set()
    for start in range(0, len(codes), 500):
        in_use.update(Attempt.objects.filter(code__in=codes[start : start + 500]).values_list("code", flat=True))
    presets = {quiz.slug: quiz for quiz in Quiz.objects.filter(origin=Quiz.Origin.COURSE)}
    for number, row in enumerate(rows):
        if isinstance(row, str):
            taken.skipped[f"attempts_{row}"] += 1
        elif row["code"] in known:
            taken.there["attempts"] += 1
        elif (made := _attempt(row, f"attempts[{number}]", bank, faults)) is None:
            taken.skipped["attempts_unknown"] += 1
        else:
            known.add(row["code"])
            attempt = made[0]
            attempt.person_id = person_id
            attempt.code = make_code() if row["code"] in in_use else row["code"]
            quiz = presets.get(row["quiz"] or "")
            attempt.quiz = quiz if quiz is not None and quiz.mode == attempt.mode else None
            taken.attempts.append(made)
            taken.new["attempts"] += 1
            taken.new["responses"] += len(made[1])


SAME_IN_ATTEMPT = (
    "code", "title", "mode", "state", "started_at", "deadline", "ended_at", "grace", "time_option", "seed", "paused",
    "forward_only", "trace",
)  # fmt: skip
SAME_IN_RESPONSE = (
    "position", "domain", "scored", "first_exposure", "shown_order", "choice", "choice_at", "choice_tab", "flagged",
    "flagged_at", "flagged_tab", "saved_at", "confidence", "fraction", "locked_at",
)  # fmt: skip
Made = tuple[Attempt, list[Response], list[Event], list[Result]]


def _attempt(row: dict[str, Any], path: str, bank: Bank, faults: Faults) -> Made | None:
    """The attempt with what belongs to it; None where a version of it is not known here."""
    versions = [bank.version(one["question"], one["digest"], one["version"]) for one in row["responses"]]
    if None in versions:
        return None
    attempt = Attempt(
        **{name: row[name] for name in SAME_IN_ATTEMPT},
        size=len(row["responses"]),
        rules={**row["rules"], "imported": True, "imported_code": row["code"]},
    )
    responses = []
    for number, (one, version) in enumerate(zip(row["responses"], versions, strict=True)):
        assert version is not None
        check_given(one, version, f"{path}.responses[{number}]", faults)
        fields = {name: one[name] for name in SAME_IN_RESPONSE}
        responses.append(Response(attempt=attempt, question_id=version.question, version_id=version.pk, **fields))
    results = [_result(one, attempt, row["responses"], responses, bank) for one in row["results"]]
    if None in results:
        return None
    events = [Event(attempt=attempt, **one) for one in row["events"]]
    return attempt, responses, events, [one for one in results if one is not None]


def _result(
    row: dict[str, Any], attempt: Attempt, told: list[dict[str, Any]], responses: list[Response], bank: Bank
) -> Result | None:
    versions = []
    for key, one, response in zip(row["keys"], told, responses, strict=True):
        by = response.version_id if key is None else None
        if key is not None and (found := bank.version(one["question"], key["digest"], key["number"])) is not None:
            by = found.pk
        if by is None:
            return None
        versions.append(by)
    return Result(attempt=attempt, versions=versions, **{name: row[name] for name in row if name != "keys"})


def check_given(one: dict[str, Any], version: _Version, path: str, faults: Faults) -> None:
    """Whether order and choice fit the question; its kind has the word."""
    if sorted(one["shown_order"]) != sorted(version.options):
        faults.add(f"{path}.shown_order", "must name the options of the question, each once")
        return
    kind, shape = KINDS[version.kind], Shape(version.choose, tuple(one["shown_order"]))
    try:
        again = kind.read(shape, [str(value) for value in kind.show(shape, one["choice"])])
    except (ValueError, LookupError):
        again = ()
    if sorted(again) != sorted(one["choice"]):
        faults.add(f"{path}.choice", "is no answer that the question can be given")


# Cards

SAME_IN_CARD = (
    "phase", "step", "stability", "difficulty", "due_at", "last_review_at", "repetitions", "lapses", "suspended",
    "buried_until",
)  # fmt: skip
SAME_IN_RECALL = (
    "reviewed_at", "source", "rating", "choice", "shown_order", "fraction", "confidence", "seconds", "before",
)  # fmt: skip


def _prepare_cards(rows: list[Any], person_id: int, bank: Bank, taken: Taken, faults: Faults) -> None:
    own = {card.question_id: card for card in Card.objects.filter(person_id=person_id)}
    recalled = set(Repetition.objects.filter(card__person_id=person_id).values_list("card__question", "reviewed_at"))
    for number, row in enumerate(rows):
        if isinstance(row, str):
            taken.skipped[f"cards_{row}"] += 1
        elif (question := bank.questions.get(row["question"])) is None:
            taken.skipped["cards_unknown"] += 1
        else:
            card = _card(row, question, person_id, own, taken)
            for place, one in enumerate(row["recalls"]):
                path = f"cards[{number}].recalls[{place}]"
                version = bank.version(row["question"], one["digest"], one["version"])
                if version is None:
                    taken.skipped["recalls_unknown"] += 1
                elif (question, one["reviewed_at"]) in recalled:
                    taken.there["recalls"] += 1
                else:
                    if one["shown_order"]:
                        check_given(one, version, path, faults)
                    recalled.add((question, one["reviewed_at"]))
                    fields = {name: one[name] for name in SAME_IN_RECALL}
                    taken.recalls.append(Repetition(card=card, version_id=version.pk, **fields))
                    taken.new["recalls"] += 1


def _card(row: dict[str, Any], question: int, person_id: int, own: dict[int, Card], taken: Taken) -> Card:
    """The person's card for this question: theirs, or the file's where that was repeated later."""
    fields = {name: row[name] for name in SAME_IN_CARD}
    card = own.get(question)
    if card is None:
        card = own[question] = Card(person_id=person_id, question_id=question, created_at=row["created_at"], **fields)
        taken.made_cards.append(card)
        taken.new["cards"] += 1
    elif row["last_review_at"] and (card.last_review_at is None or card.last_review_at < row["last_review_at"]):
        for name, value in fields.items():
            setattr(card, name, value)
        card.created_at = min(card.created_at, row["created_at"])
        if card.pk is not None:
            taken.newer_cards.append(card)
            taken.new["cards"] += 1
    else:
        taken.there["cards"] += 1
    return card


# Ledger and plan


def _prepare_exposures(rows: list[dict[str, Any]], person_id: int, bank: Bank, taken: Taken) -> None:
    columns = ("question_id", "first_seen_at", "last_seen_at", "revealed_at")
    own = {row[0]: row[1:] for row in Exposure.objects.filter(person_id=person_id).values_list(*columns)}
    found: dict[int, Exposure] = {}
    for row in rows:
        question = bank.questions.get(row["question"])
        if question is None:
            taken.skipped["exposures_unknown"] += 1
            continue
        first, last, revealed = own.get(question, (None, None, None))
        told = row["revealed_at"]
        is_news = first is None or row["first_seen_at"] < first or row["last_seen_at"] > last
        if is_news or (told and (revealed is None or told < revealed)):
            found[question] = Exposure(
                person_id=person_id, question_id=question, **{name: row[name] for name in columns[1:]}
            )
        else:
            taken.there["exposures"] += 1
    taken.exposures = list(found.values())
    taken.new["exposures"] = len(found)


def _prepare_plan(row: dict[str, Any] | None, person_id: int, taken: Taken) -> None:
    if row is None:
        return
    if Plan.objects.filter(person_id=person_id).exists():
        taken.there["plan"] += 1
        return
    exam = Exam.objects.filter(code=row["exam"]).first() if row["exam"] else None
    taken.plan = Plan(person_id=person_id, exam=exam, **{name: row[name] for name in row if name != "exam"})
    taken.new["plan"] += 1


# Writing


def write(taken: Taken, *, unite: Callable[[list[Exposure], int], None], person_id: int) -> None:
    """Write what was prepared. To be called inside a transaction; ``unite`` enters exposures in the ledger."""
    Attempt.objects.bulk_create((attempt for attempt, *_ in taken.attempts), batch_size=200)
    Response.objects.bulk_create((row for made in taken.attempts for row in made[1]), batch_size=400)
    Event.objects.bulk_create((row for made in taken.attempts for row in made[2]), batch_size=400)
    Result.objects.bulk_create((row for made in taken.attempts for row in made[3]), batch_size=400)
    Card.objects.bulk_create(taken.made_cards, batch_size=400)
    Card.objects.bulk_update(taken.newer_cards, [*SAME_IN_CARD, "created_at"], batch_size=100)
    Repetition.objects.bulk_create(taken.recalls, batch_size=400)
    unite(taken.exposures, person_id)
    if taken.plan is not None:
        taken.plan.save(force_insert=True)
