"""A form of a quiz as a learner would see it, made for a look and kept nowhere."""

from random import Random

from quizzes.engine.kinds import KINDS
from quizzes.models import Question, QuestionVersion, Quiz, Response
from quizzes.queries.attempts import ShownQuestion, shown_question
from quizzes.queries.quiz_builder import draw
from quizzes.queries.sections import NOBODY, sections_of


def preview(quiz: Quiz, rng: Random) -> list[ShownQuestion]:
    """The questions of one form, without their key. Raises CannotFill."""
    form = draw(quiz, sections_of(quiz), NOBODY, rng)
    ids = [one.version for one, _scored in form.drawn]
    versions = QuestionVersion.objects.defer("key", "body").in_bulk(ids)
    return [shown_question(_response(position, versions[version], rng)) for position, version in enumerate(ids, 1)]


def _response(position: int, version: QuestionVersion, rng: Random) -> Response:
    """A response that is never saved."""
    order = KINDS[version.kind].shuffle(version.option_ids, version.order, rng)
    return Response(
        position=position, question=Question(pk=version.question_id), version=version, shown_order=list(order)
    )
