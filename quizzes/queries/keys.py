"""Which key counts. A correction is a version with the text of another and a new key; who sat the one keeps its text.

All versions of one text are a family: what was corrected, and what corrects it. The latest of a family has the key.
"""

from collections.abc import Collection, Iterable, Sequence

from quizzes.models import Attempt, QuestionVersion, Quiz, Response, Result


def newest_keys(questions: Collection[int]) -> dict[int, QuestionVersion]:
    """Of these questions, each version whose key was corrected, by id, with the version that has the key now.

    One query; empty as long as nobody has corrected anything.
    """
    corrections = QuestionVersion.objects.filter(question_id__in=questions, corrects__isnull=False)
    return _newest(corrections.defer("shown").order_by("question_id", "number"))


def families(questions: Collection[int]) -> dict[int, int]:
    """Of these questions, each correcting version by id, with the version whose text it has. One query.

    What is not in it has a text of its own.
    """
    corrections = QuestionVersion.objects.filter(question_id__in=questions, corrects__isnull=False)
    return _roots(corrections.order_by("question_id", "number").values_list("pk", "corrects_id"))


def _roots(corrections: Iterable[tuple[int, int | None]]) -> dict[int, int]:
    root: dict[int, int] = {}
    for pk, corrected in corrections:
        assert corrected is not None
        root[pk] = root.get(corrected, corrected)
    return root


def _newest(corrections: Iterable[QuestionVersion]) -> dict[int, QuestionVersion]:
    """``corrections`` in the order of their numbers: the last of a family wins, and all before it point to it."""
    rows = list(corrections)
    root = _roots((one.pk, one.corrects_id) for one in rows)
    latest = {root[one.pk]: one for one in rows}
    members = {**root, **{first: first for first in latest}}
    return {pk: latest[first] for pk, first in members.items() if latest[first].pk != pk}


def marking_keys(responses: Sequence[Response]) -> dict[int, QuestionVersion]:
    """The versions by whose keys these responses of one attempt were marked, where that is not the version sat.

    By the id of the version sat. The latest result says so. A practice session that has none goes by the newest keys:
    whoever corrects a key has its locked responses graded again.
    """
    if not responses:
        return {}
    attempt = responses[0].attempt
    marked = latest_versions(attempt)
    if not marked and attempt.mode == Quiz.Mode.PRACTICE:
        return newest_keys([row.question_id for row in responses])
    others = {
        row.version_id: marked[row.position - 1]
        for row in responses
        if row.position <= len(marked) and marked[row.position - 1] != row.version_id
    }
    versions = QuestionVersion.objects.defer("shown", "body").in_bulk(others.values()) if others else {}
    return {sat: versions[by] for sat, by in others.items()}


def latest_versions(attempt: Attempt) -> list[int]:
    """The versions of the attempt's latest result, by position; empty where it has none."""
    results = Result.objects.filter(attempt=attempt).order_by("-number")
    return results.values_list("versions", flat=True).first() or []
