"""What the answers warn of, for those who may mend it: the author reads all, others what their own quizzes say."""

from django.db.models import F, Q, QuerySet

from quizzes.models import Question, QuestionFlag
from quizzes.queries.rights import own_quizzes


def visible_flags(person_id: int, *, is_operator: bool = False) -> QuerySet[QuestionFlag]:
    """Flags of the text that is asked now: of own questions, and of own quizzes; the operator’s of the course.

    A correction of the key leaves the text as it is: until results are marked again, the flag holds.
    """
    now_asked = Q(version=F("question__current")) | Q(version=F("question__current__corrects"))
    theirs = Q(question__author_id=person_id) | Q(quiz__in=own_quizzes(person_id).order_by().values("pk"))
    if is_operator:
        theirs |= Q(question__origin=Question.Origin.COURSE)
    return QuestionFlag.objects.filter(now_asked, theirs).exclude(question__status=Question.Status.RETIRED)


def flags_on(question: Question, person_id: int, *, is_operator: bool = False) -> list[QuestionFlag]:
    """The flags of one question, quiz by quiz; ``named`` says whether the quiz is one of this person’s."""
    rows = visible_flags(person_id, is_operator=is_operator).filter(question=question).select_related("quiz")
    found = list(rows.order_by("quiz__title", "quiz_id", "pk"))
    own = set(own_quizzes(person_id).filter(pk__in={one.quiz_id for one in found}).values_list("pk", flat=True))
    for one in found:
        one.named = one.quiz_id in own  # type: ignore[attr-defined]
    return found
