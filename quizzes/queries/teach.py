"""The home of an instructor."""

from dataclasses import dataclass

from django.db.models import Count

from quizzes.models import Challenge, Question
from quizzes.queries.challenges import inbox
from quizzes.queries.question_list import Wanted, listed_questions
from quizzes.queries.rights import own_classes, own_questions, own_quizzes


@dataclass(frozen=True, slots=True)
class Overview:
    """How many there are: questions by status, quizzes that are drafts and published, and what waits.

    ``reviews`` are proposed versions that somebody else has written, ``warned`` questions that the answers warn of.
    """

    questions: tuple[tuple[str, str, int], ...]
    drafts: int
    published: int
    challenges: int
    reviews: int
    warned: int
    classes: int

    @property
    def written(self) -> int:
        """All questions."""
        return sum(n for _, _, n in self.questions)


def overview(person_id: int, *, is_operator: bool = False) -> Overview:
    """The numbers of one instructor; six queries."""
    counted = own_questions(person_id).order_by().values_list("status")
    by_status = dict(counted.annotate(n=Count("pk")))
    shown = [one for one in Question.Status if one not in (Question.Status.STAGED, Question.Status.PILOT)]
    quizzes = own_quizzes(person_id).aggregate(all=Count("pk"), published=Count("published_at"))
    proposed = own_questions(person_id).filter(proposed__isnull=False).exclude(proposed__created_by=person_id)
    return Overview(
        questions=tuple((str(one), str(one.label), by_status.get(one, 0)) for one in shown),
        drafts=quizzes["all"] - quizzes["published"],
        published=quizzes["published"],
        challenges=inbox(person_id, is_operator=is_operator, state=Challenge.State.OPEN).count(),
        reviews=proposed.count(),
        warned=listed_questions(person_id, Wanted(needs="flags"), is_operator=is_operator).order_by().count(),
        classes=own_classes(person_id).filter(archived_at=None).count(),
    )
