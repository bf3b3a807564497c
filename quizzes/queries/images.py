"""Pictures of questions, and who may see them."""

import json

from django.db.models import QuerySet

from quizzes.models import Image, QuestionVersion
from quizzes.queries.rights import own_questions, own_quizzes


def visible_image(person_id: int, code: str) -> Image | None:
    """The picture, if this person may see it: whoever works on the question or on a quiz that holds it, and whoever
    sits or sat a version that shows it."""
    image = Image.objects.filter(code=code, question__isnull=False).first()
    if image is None or image.question_id is None:
        return None
    if own_questions(person_id).filter(pk=image.question_id).exists() or _sat(person_id, image):
        return image
    holding = own_quizzes(person_id).filter(sections__fixed__question=image.question_id)
    return image if holding.exists() else None


def _sat(person_id: int, image: Image) -> bool:
    versions = QuestionVersion.objects.filter(
        question=image.question_id, responses__attempt__person_id=person_id
    ).distinct()
    return any(f"(image:{image.code})" in json.dumps(version.body) for version in versions.only("body"))


def images_of(question_id: int) -> QuerySet[Image]:
    """The pictures of a question, in the order in which they came."""
    return Image.objects.filter(question=question_id)
