"""What a learner has met before."""

from django.conf import settings
from django.db import models

from quizzes.models.bank import Question


class Exposure(models.Model):
    """The ledger: a question that a person has seen, and whether its rationale was served to them."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exposures", db_index=False
    )
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="exposures")
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    revealed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "question"], name="exposure_once")]

    def __str__(self) -> str:
        return f"{self.person_id} saw {self.question_id}"
