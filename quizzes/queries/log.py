"""The log, as far as somebody may read it: what was done to what is theirs or shared with them."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from quizzes.models import AuditEntry
from quizzes.queries.rights import own_classes, own_questions, own_quizzes

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
        "created",
        "archived",
    ),
    "keys": ("key", "remarked"),
    "rules": ("rules", "sections", "changed", "renamed", "assigned", "assignment_changed", "assignment_withdrawn"),
    "rights": (
        "shared",
        "unshared",
        "left",
        "handed_over",
        "code_renewed",
        "code_closed",
        "teacher_added",
        "teacher_removed",
        "teacher_left",
        "learners_removed",
    ),
    "overrides": (
        "override",
        "accepted",
        "declined",
        "granted",
        "reopened",
        "closed",
        "voided",
        "extended",
        "extended_all",
        "ended",
        "condition_granted",
        "condition_revoked",
    ),
}
"""What can be filtered by: the second words of the verbs that belong to it."""


def readable_log(person_id: int, *, kind: str = "", question: str = "", quiz: str = "") -> QuerySet[AuditEntry]:
    """Entries, the latest first; ``class_is_theirs`` where they teach the class: of others’ the name is not told."""
    theirs = Q(question__in=own_questions(person_id)) | Q(quiz__in=own_quizzes(person_id))
    theirs |= Q(classroom__in=own_classes(person_id).order_by().values("pk"))
    theirs |= Q(verb="questions.imported", actor=person_id)
    rows = AuditEntry.objects.filter(theirs).select_related("question", "quiz", "attempt", "classroom")
    rows = rows.annotate(class_is_theirs=Exists(own_classes(person_id).filter(pk=OuterRef("classroom"))))
    if kind in KINDS:
        words = Q()
        for word in KINDS[kind]:
            words |= Q(verb__endswith=f".{word}")
        rows = rows.filter(words)
    if question:
        rows = rows.filter(question__code=question)
    return rows.filter(quiz__slug=quiz) if quiz else rows
