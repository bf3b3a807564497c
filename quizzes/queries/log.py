"""The log, as far as somebody may read it: what was done to what is theirs or shared with them."""

from django.db.models import Q, QuerySet

from quizzes.models import AuditEntry
from quizzes.queries.rights import own_questions, own_quizzes

KINDS = {
    "publishing": (
        "published",
        "retired",
        "deleted",
        "restored",
        "proposed",
        "withdrawn",
        "sent_back",
        "unpublished",
        "copied",
        "imported",
    ),
    "keys": ("key", "remarked"),
    "rules": ("rules", "sections", "changed", "condition_granted", "condition_revoked"),
    "rights": ("shared", "unshared", "left", "handed_over"),
    "overrides": ("override", "accepted", "declined", "granted", "reopened", "closed", "voided"),
}
"""What can be filtered by: the second words of the verbs that belong to it."""


def readable_log(person_id: int, *, kind: str = "", question: str = "", quiz: str = "") -> QuerySet[AuditEntry]:
    """Entries, the latest first."""
    theirs = Q(question__in=own_questions(person_id)) | Q(quiz__in=own_quizzes(person_id))
    theirs |= Q(verb="questions.imported", actor=person_id)
    rows = AuditEntry.objects.filter(theirs).select_related("question", "quiz", "attempt")
    if kind in KINDS:
        words = Q()
        for word in KINDS[kind]:
            words |= Q(verb__endswith=f".{word}")
        rows = rows.filter(words)
    if question:
        rows = rows.filter(question__code=question)
    return rows.filter(quiz__slug=quiz) if quiz else rows
