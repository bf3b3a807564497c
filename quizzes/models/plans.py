"""When somebody sits the exam, and how much time they have until then."""

from django.conf import settings
from django.db import models

from quizzes.models.quizzes import Exam


class Plan(models.Model):
    """A person's way to their exam. Each day's set is derived from it and from their cards, never stored."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="plan")
    exam = models.ForeignKey(Exam, null=True, on_delete=models.SET_NULL, related_name="+")
    exam_on = models.DateField()
    minutes = models.JSONField(help_text="minutes for each weekday, Monday first")
    started_on = models.DateField()
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id} sits on {self.exam_on}"
