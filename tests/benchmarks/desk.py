"""An instructor at their desk: previews of real questions, as the editor asks for them while one types."""

from django.contrib.auth.models import Group

from quizzes.formats.drafts import read_draft
from quizzes.models import Question
from quizzes.queries import drafts
from quizzes.queries.editor import editor_of
from sapro.accounts.models import INSTRUCTORS, User
from tests.benchmarks.client import Fields, Learner, Visitor
from tests.benchmarks.stage import enrol

QUESTIONS = 20
PREVIEW = "/teach/questions/preview/"


class Desk:
    """One instructor, and the fields of some questions of the course."""

    def __init__(self) -> None:
        [self.learner] = enrol(1)
        User.objects.get(pk=self.learner.pk).groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
        published = Question.objects.course().published().select_related("current").order_by("pk")
        self.forms = [_fields(one, self.learner) for one in published[:QUESTIONS]]

    def preview(self, visitor: Visitor, number: int) -> int:
        """Ask for one preview; how many bytes came."""
        fields = [("csrfmiddlewaretoken", self.learner.token), *self.forms[number % len(self.forms)]]
        return len(visitor.post(PREVIEW, self.learner, fields, expect=200).wire)


def _fields(question: Question, learner: Learner) -> Fields:
    data = drafts.published_data(question)
    return editor_of(question, data, read_draft(data, {}), learner.pk).posted()
