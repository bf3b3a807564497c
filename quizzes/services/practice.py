"""The only writer of practice: each response is graded at once and locked."""

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from random import Random

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from quizzes.engine.kinds import KINDS
from quizzes.models import Attempt, Event, Exposure, Question, Response
from quizzes.models.quizzes import Quiz
from quizzes.queries.bank import is_held, practice_pool, practisable
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.keys import newest_keys
from quizzes.services.answers import MARKING, Withheld, read_choice, read_confidence
from quizzes.services.attempts import make_code
from quizzes.services.recalls import remember_practice
from quizzes.services.results import append_result, grade, record_exposures


class NothingToPractice(Exception):
    """No question fits what was chosen: the message says what to change."""


def check_newcomer(*, topics: Sequence[str], anchors: Sequence[str], only: str) -> None:
    """Raise NothingToPractice where somebody who has met nothing yet would find nothing: before a guest is made."""
    nobody = 0
    if not practice_pool(nobody, topics, anchors, only, 1, Random(0)):
        raise NothingToPractice(nothing_fits())


def nothing_fits() -> str:
    """What to change where no question fits."""
    return _("No question fits this choice. Choose more topics, or another filter.")


def start_practice(
    *, person_id: int, title: str, topics: Sequence[str], anchors: Sequence[str], only: str, count: int, now: datetime
) -> Attempt:
    """A practice session over the topics (all where empty), unseen questions first. Raises NothingToPractice.

    ``anchors`` narrows to questions that cite one of these statements, ``only`` is "", "unseen" or "missed".
    """
    seed = secrets.randbits(62)
    questions = practice_pool(person_id, topics, anchors, only, count, Random(seed))
    return _make_session(person_id, title, questions, seed, now)


def retry_missed(*, person_id: int, code: str, now: datetime) -> Attempt:
    """A new session over what was missed in one, held questions left out. Not of a quiz: its author decides.

    Raises Attempt.DoesNotExist and NothingToPractice.
    """
    old = Attempt.objects.get(code=code, person_id=person_id, mode=Quiz.Mode.PRACTICE, quiz=None)
    missed = old.responses.filter(locked_at__isnull=False, fraction__lt=1).values_list("question_id", flat=True)
    free = practisable().filter(pk__in=list(missed)).exclude(pk__in=held_questions(person_id))
    questions = list(free.select_related("current"))
    seed = secrets.randbits(62)
    Random(seed).shuffle(questions)
    return _make_session(person_id, old.title, questions, seed, now)


def _make_session(person_id: int, title: str, questions: Iterable[Question], seed: int, now: datetime) -> Attempt:
    rng = Random(seed + 1)
    drawn = list(questions)
    if not drawn:
        raise NothingToPractice(nothing_fits())
    with transaction.atomic():
        attempt = Attempt.objects.create(
            code=make_code(),
            person_id=person_id,
            mode=Quiz.Mode.PRACTICE,
            title=title,
            started_at=now,
            grace=0,
            rules={"marking": MARKING},
            seed=seed,
            size=len(drawn),
        )
        Response.objects.bulk_create(
            [_response(attempt, position, question, rng) for position, question in enumerate(drawn, 1)]
        )
        Event.objects.create(attempt=attempt, kind="started", received_at=now)
    return attempt


def _response(attempt: Attempt, position: int, question: Question, rng: Random) -> Response:
    version = question.current
    assert version is not None
    shown = KINDS[version.kind].shuffle(version.option_ids, version.order, rng)
    return Response(
        attempt=attempt,
        position=position,
        question=question,
        version=version,
        domain=question.domain,
        shown_order=list(shown),
    )


def answer_practice(
    *, person_id: int, code: str, position: int, sent: Sequence[str], confidence: str, now: datetime
) -> Response:
    """Grade one response and lock it; a second answer finds the first unchanged.

    Raises Response.DoesNotExist, WrongChoice, Incomplete, and Withheld (nothing is graded or written).
    After the end of a session, which only a quiz may have before the last answer, nothing is taken any more.
    """
    with transaction.atomic():
        row = (
            Response.objects.select_for_update(of=("self", "attempt"), no_key=True)
            .select_related("attempt__quiz", "version")
            .annotate(met=Exists(Exposure.objects.filter(person_id=person_id, question=OuterRef("question"))))
            .get(
                attempt__code=code,
                attempt__person_id=person_id,
                attempt__mode=Quiz.Mode.PRACTICE,
                position=position,
            )
        )
        if row.locked_at is not None or row.attempt.state != Attempt.State.IN_PROGRESS:
            return row
        if is_held(person_id, row.question_id):
            raise Withheld
        choice = read_choice(row.version.kind, row.version.choose, row.shown_order, sent)
        row.first_exposure = not row.met
        _lock(row, choice, read_confidence(confidence), now)
    return row


def _lock(row: Response, choice: tuple[str, ...], confidence: str, now: datetime) -> None:
    row.choice, row.confidence = list(choice), confidence
    key = newest_keys([row.question_id]).get(row.version_id, row.version)
    row.fraction = grade(row, key, row.attempt.rules["marking"])
    row.locked_at = row.saved_at = now
    row.choice_at = (now - row.attempt.started_at).total_seconds().__floor__() * 1000
    row.save(update_fields=["choice", "choice_at", "confidence", "first_exposure", "fraction", "locked_at", "saved_at"])
    Event.objects.create(
        attempt=row.attempt,
        kind="answered",
        received_at=now,
        position=row.position,
        data={"choice": list(choice), "confidence": confidence},
    )
    told = shown_of(row.attempt, now).key
    record_exposures(row.attempt.person_id, [row.question_id], now=now, revealed=told)
    remember_practice(row, told=told, now=now)
    if not row.attempt.responses.filter(locked_at=None).exists():
        _end(row.attempt, now)


def finish_practice(*, person_id: int, code: str, now: datetime) -> Attempt:
    """End a practice session of a quiz before its last answer: what is open counts as not answered.

    A second call finds the first. Raises Attempt.DoesNotExist where it is not theirs or of no quiz.
    """
    with transaction.atomic():
        sessions = Attempt.objects.select_for_update(no_key=True).filter(mode=Quiz.Mode.PRACTICE, quiz__isnull=False)
        attempt = sessions.get(code=code, person_id=person_id)
        if attempt.state == Attempt.State.IN_PROGRESS:
            _end(attempt, now)
    return attempt


def _end(attempt: Attempt, now: datetime) -> None:
    attempt.state, attempt.ended_at = Attempt.State.SUBMITTED, now
    attempt.save(update_fields=["state", "ended_at"])
    if attempt.quiz_id is None:
        return
    Event.objects.create(attempt=attempt, kind="submitted", received_at=now)
    rows = list(attempt.responses.select_related("version").defer("version__shown", "version__key"))
    append_result(attempt, rows, reason="first", now=now)
