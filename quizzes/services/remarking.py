"""Marking again what a corrected key has overtaken: results are appended, learners are told, nobody has to wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Attempt, AuditEntry, Notice, Question, QuestionVersion, Quiz, Response
from quizzes.queries.remarks import corrected_versions, overtaken, regraded, token_of
from quizzes.queries.sittings import LEFT
from quizzes.services.audit import Actor, record
from quizzes.services.results import append_result

CHUNK = 10
"""Attempts in one transaction: it is over within the time of a few saves, and exams under way come in between."""
AT_MOST = 200
"""Attempts in one request: the page goes on with the rest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many attempts were marked again now, and how many are left."""

    done: int
    left: int


class OtherKeys(Exception):
    """A key was corrected since the preview: look again before anything is marked."""


def remark_quiz(
    *, quiz: Quiz, actor: Actor, token: str, reason: str, now: datetime, at_most: int = AT_MOST
) -> Progress:
    """Mark at most so many attempts of the quiz again, by the newest keys. Raises OtherKeys.

    Called until nothing is left. What was done before a crash stays done, and what is done is not done again: an
    attempt is taken only while its latest result names a version whose key was corrected.
    """
    versions = corrected_versions(quiz)
    if token_of(versions) != token:
        raise OtherKeys
    ids = list(overtaken(quiz, versions).values_list("pk", flat=True)[:at_most])
    practice = list(regraded(quiz, versions).items())
    if ids or practice:
        _note(actor, quiz, versions, reason, now)
    done = sum(_remark(quiz, ids[start : start + CHUNK], versions, reason, now) for start in range(0, len(ids), CHUNK))
    for start in range(0, len(practice), CHUNK):
        _regrade(dict(practice[start : start + CHUNK]), now)
    return Progress(done, overtaken(quiz, versions).count())


def _note(actor: Actor, quiz: Quiz, versions: Mapping[int, QuestionVersion], reason: str, now: datetime) -> None:
    """One entry in the log for each person and set of keys, before anything changes: a crash leaves no gap."""
    newest = sorted({version.pk for version in versions.values()})
    same = AuditEntry.objects.filter(verb="quiz.remarked", quiz=quiz, actor_id=actor.pk, data__keys=newest)
    if not same.exists():
        questions = Question.objects.filter(versions__in=newest).order_by("code").distinct()
        codes = list(questions.values_list("code", flat=True))
        attempts = overtaken(quiz, versions).count()
        data = {"keys": newest, "questions": codes, "reason": reason, "attempts": attempts}
        record(actor, "quiz.remarked", now=now, quiz=quiz, data=data)


def _remark(quiz: Quiz, ids: Sequence[int], versions: Mapping[int, QuestionVersion], reason: str, now: datetime) -> int:
    """One short transaction: results and the notices that tell of them."""
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
        # Locked first, asked then: somebody else may have marked them meanwhile.
        attempts = {one.pk: one for one in locked}
        still = list(overtaken(quiz, versions, among=list(attempts)).values_list("pk", flat=True))
        for pk in still:
            rows = attempts[pk].responses.select_related("version").defer("version__shown", "version__key")
            append_result(attempts[pk], list(rows), reason=reason, now=now)
        _tell([attempts[pk] for pk in still], now)
    return len(still)


def _regrade(fractions: Mapping[int, float], now: datetime) -> None:
    """Practice has no results: the responses themselves are graded again. A locked one changes in no other way."""
    with transaction.atomic():
        for pk, fraction in fractions.items():
            Response.objects.filter(pk=pk).update(fraction=fraction)
        _tell(list(Attempt.objects.filter(responses__in=list(fractions)).distinct()), now)


def _tell(attempts: Sequence[Attempt], now: datetime) -> None:
    """No figures: whether a learner may see a score is the report's affair, which the notice leads to."""
    Notice.objects.bulk_create(
        Notice(
            person_id=one.person_id,
            kind=Notice.Kind.REMARKED,
            text=_("“%(title)s” was marked again, because the key of a question was corrected.") % {"title": one.title},
            attempt=one,
            created_at=now,
        )
        for one in Attempt.objects.filter(pk__in=[one.pk for one in attempts]).exclude(person__username=LEFT)
    )
