"""What somebody who teaches tells a learner about an assignment."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Classroom, Notice, Remark
from quizzes.queries.remarks_to_learners import remarkable
from quizzes.services.audit import Actor, record

LONGEST = 2000
"""Characters."""


class Refused(Exception):
    """It was not written; the message says why and what to do."""


@transaction.atomic
def write_remark(
    *, classroom: Classroom, person_id: int, assignment_code: str, text: str, actor: Actor, now: datetime
) -> Remark:
    """Tell a learner something, and that they were told. The same words sent twice are one remark.

    Raises Refused where the learner would have no page to read it on: they have left, the class is archived, or the
    assignment is not theirs; and for a text that is empty or has more than 2000 characters.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise Refused(_("Write something, in at most %(n)d characters.") % {"n": LONGEST})
    assignment = remarkable(classroom, person_id).filter(code=assignment_code).first()
    if assignment is None:
        raise Refused(_("This learner has no page of this assignment any more. Choose another one."))
    before = Remark.objects.filter(assignment=assignment, person_id=person_id).last()
    if before is not None and before.author_id == actor.pk and before.text == text:
        return before
    remark = Remark.objects.create(
        assignment=assignment, person_id=person_id, author_id=actor.pk, text=text, created_at=now
    )
    words = _("Somebody who teaches you wrote to you about “%(title)s”.") % {"title": assignment.quiz.title}
    Notice.objects.create(
        person_id=person_id, kind=Notice.Kind.REMARK, text=words, assignment=assignment, created_at=now
    )
    record(actor, "class.remark_written", now=now, classroom=classroom, data=_about(remark))
    return remark


@transaction.atomic
def delete_remark(*, classroom: Classroom, person_id: int, pk: int, actor: Actor, now: datetime) -> None:
    """Take back what the actor wrote, and the notice of it unless it was read. Raises Remark.DoesNotExist."""
    remark = Remark.objects.select_related("assignment", "person").get(
        pk=pk, author_id=actor.pk, person_id=person_id, assignment__classroom=classroom
    )
    # Notices of one moment about one assignment are alike: it does not matter which of them goes.
    notice = Notice.objects.filter(
        person_id=person_id, kind=Notice.Kind.REMARK, assignment=remark.assignment, created_at=remark.created_at
    ).filter(read_at=None)
    Notice.objects.filter(pk__in=list(notice.values_list("pk", flat=True)[:1])).delete()
    record(actor, "class.remark_deleted", now=now, classroom=classroom, data=_about(remark))
    remark.delete()


def _about(remark: Remark) -> dict[str, str]:
    """What the log keeps: whom and what it was about, and not what it said."""
    return {"learner": remark.person.get_username(), "assignment": remark.assignment.code}
