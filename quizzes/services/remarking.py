"""Marking again what a corrected key has overtaken: results are appended, learners are told, nobody has to wait."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from quizzes.models import Attempt, AuditEntry, Notice, Question, QuestionVersion, Quiz, Response, Result
from quizzes.queries.remarks import Fresh, corrected_versions, fresh_results, overtaken, regraded, token_of
from quizzes.queries.sittings import LEFT, MARKED
from quizzes.services.audit import Actor, record
from quizzes.services.flags import is_small, refresh_flags

CHUNK = 10
"""Attempts in one transaction, which only writes: it is over within the time of a few saves, and between two of them
there is room for exams under way."""
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
    attempt is taken only while its latest result names a version whose key was corrected. Flags of a small quiz follow
    at once; those of a large one are the caller’s to bring up to date, in the background.
    """
    versions = corrected_versions(quiz)
    if token_of(versions) != token:
        raise OtherKeys
    ids = list(overtaken(quiz, versions).values_list("pk", flat=True)[:at_most])
    practice = list(regraded(quiz, versions).items())
    if ids or practice:
        _note(actor, quiz, versions, reason, now)
    done = sum(_remark(ids[start : start + CHUNK], versions, reason, now) for start in range(0, len(ids), CHUNK))
    for start in range(0, len(practice), CHUNK):
        _regrade(dict(practice[start : start + CHUNK]), now)
    left = overtaken(quiz, versions).count()
    if left == 0 and is_small(quiz):
        refresh_flags(quiz, now=now)
    return Progress(done, left)


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


def _remark(ids: Sequence[int], versions: Mapping[int, QuestionVersion], reason: str, now: datetime) -> int:
    """Mark these again. All that can be read and graded beforehand is, so that the transaction only writes."""
    # What somebody else marked again since the list was read names the newest keys by now.
    fresh = [one for one in fresh_results(ids, versions) if one.versions != one.after.versions]
    with transaction.atomic():
        locked = Attempt.objects.select_for_update(no_key=True).filter(pk__in=ids, state__in=MARKED).order_by("pk")
        standing = set(locked.values_list("pk", flat=True))
        numbers = dict(
            Result.objects.filter(attempt_id__in=ids).values_list("attempt_id").annotate(last=Max("number")).order_by()
        )
        # Whoever got another result since it was read is left: it is looked at anew with the next ones.
        still = [one for one in fresh if one.attempt.pk in standing and numbers[one.attempt.pk] == one.after.number]
        Result.objects.bulk_create(_result(one, reason, now) for one in still)
        _project(still)
        _tell([one.attempt for one in still], now)
    return len(still)


def _result(fresh: Fresh, reason: str, now: datetime) -> Result:
    return Result(
        attempt=fresh.attempt,
        number=fresh.after.number + 1,
        created_at=now,
        reason=reason,
        marking=fresh.attempt.rules["marking"],
        raw=fresh.raw,
        maximum=fresh.after.maximum,
        fractions=fresh.fractions,
        versions=fresh.versions,
    )


def _project(fresh: Sequence[Fresh]) -> None:
    """Copy what has changed to the rows, for lists and statistics: one UPDATE for each position and value."""
    by_place: dict[tuple[int, float], list[int]] = {}
    for one in fresh:
        for place, fraction in one.changed.items():
            by_place.setdefault((place, fraction), []).append(one.attempt.pk)
    for (place, fraction), attempts in by_place.items():
        Response.objects.filter(attempt_id__in=attempts, position=place).update(fraction=fraction)


def _regrade(fractions: Mapping[int, float], now: datetime) -> None:
    """Practice has no results: the responses themselves are graded again. A locked one changes in no other way."""
    with transaction.atomic():
        for pk, fraction in fractions.items():
            Response.objects.filter(pk=pk).update(fraction=fraction)
        attempts = Attempt.objects.filter(responses__in=list(fractions)).select_related("person")
        _tell(list(attempts.distinct()), now)


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
        for one in attempts
        if one.person.get_username() != LEFT
    )
