"""What was recorded of an attempt, as a document that can be checked later."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.core.signing import BadSignature, Signer

from quizzes.engine.showing import Shown
from quizzes.models import Attempt, QuestionVersion, Response
from quizzes.queries.deliveries import shown_of
from quizzes.queries.draws import held_questions
from quizzes.queries.keys import marking_keys

FORMAT = "sapro-receipt-1"
SALT = "quizzes.receipt"


class BadReceipt(ValueError):
    """A document that is no receipt of this site, or was changed. The message says which."""


def receipt(attempt: Attempt, *, now: datetime) -> dict[str, Any]:
    """The receipt of a finished attempt: ``record``, its ``sha256``, and this site's ``signature`` over that.

    Score and key stand in it as far as the learner's own review shows them: what the author of a quiz keeps back is not
    there, and of what stands in another exam that they have open, neither, and then no score at all.
    """
    record = _record(attempt, shown_of(attempt, now))
    digest = digest_of(record)
    return {"format": FORMAT, "record": record, "sha256": digest, "signature": Signer(salt=SALT).signature(digest)}


def digest_of(record: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, over the record as JSON with sorted keys, no spaces, and every letter as itself."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()


def verify_receipt(document: Any) -> Mapping[str, Any]:
    """The record of a receipt that this site signed and nobody changed. Raises BadReceipt."""
    if (
        not isinstance(document, dict)
        or document.get("format") != FORMAT
        or not isinstance(document.get("record"), dict)
    ):
        raise BadReceipt("This is no receipt of this site.")
    digest = digest_of(document["record"])
    if digest != document.get("sha256"):
        raise BadReceipt("The record was changed after it was written: its hash is another.")
    try:
        Signer(salt=SALT).unsign(f"{digest}:{document.get('signature')}")
    except BadSignature as error:
        raise BadReceipt("The signature is not this site’s, or the site’s secret key has changed since.") from error
    record: Mapping[str, Any] = document["record"]
    return record


def differences(record: Mapping[str, Any]) -> list[str]:
    """Where the record differs from what the site holds today; empty where nothing does, or nothing is held any more.

    A later re-mark or a review that is shown by now is no difference: only answers and times are compared.
    """
    attempt = Attempt.objects.filter(code=record.get("code")).first()
    if attempt is not None and attempt.rules.get("imported"):
        return ["The attempt of this code was brought by its learner as a file: nothing can be compared."]
    if attempt is None:
        return ["The site has no attempt of this code any more."]
    today = json.loads(json.dumps(_record(attempt, Shown(False, False, False)), cls=DjangoJSONEncoder))
    told = {one["position"]: one for one in record.get("responses", [])}
    found = [
        f"{name}: {record.get(name)} then, {today[name]} now"
        for name in ("started_at", "ended_at", "state")
        if record.get(name) != today[name]
    ]
    for one in today["responses"]:
        was = told.get(one["position"], {})
        changed = [name for name in ANSWER_FIELDS if was.get(name) != one[name]]
        found += [f"question {one['position']}, {name}: {was.get(name)} then, {one[name]} now" for name in changed]
    return found


ANSWER_FIELDS = ("question", "version", "shown", "choice", "given_at_ms", "saved_at", "flagged")


def _record(attempt: Attempt, told: Shown) -> dict[str, Any]:
    rows = list(attempt.responses.select_related("question", "version").order_by("position"))
    keys = marking_keys(rows)
    held = set(held_questions(attempt.person_id).values_list("question_id", flat=True))
    open_to_see = all(row.question_id not in held for row in rows)
    return {
        "code": attempt.code,
        "title": attempt.title,
        "quiz": attempt.quiz.slug if attempt.quiz else None,
        "state": attempt.state,
        "started_at": attempt.started_at,
        "deadline": attempt.deadline,
        "ended_at": attempt.ended_at,
        "seed": attempt.seed,
        "paused_ms": attempt.paused,
        "responses": [
            _response(row, told.key and row.question_id not in held, keys.get(row.version_id)) for row in rows
        ],
        "results": _results(attempt) if told.score and open_to_see else None,
    }


def _response(row: Response, shown: bool, corrected: QuestionVersion | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "position": row.position,
        "question": row.question.code,
        "version": row.version.number,
        "shown": row.shown_order,
        "choice": row.choice,
        "given_at_ms": row.choice_at,
        "saved_at": row.saved_at,
        "flagged": row.flagged,
    }
    if shown:
        # The hash is of the whole text with its key.
        told["text_sha256"] = row.version.digest
        key = row.version if corrected is None else corrected
        told |= {"key": key.key["correct"], "fraction": row.fraction, "scored": row.scored}
        if corrected is not None:
            told["key_of_version"] = corrected.number
    return told


def _results(attempt: Attempt) -> list[dict[str, Any]]:
    fields = ("number", "created_at", "reason", "marking", "raw", "maximum")
    return [{name: getattr(one, name) for name in fields} for one in attempt.results.order_by("number")]
