"""What somebody objects to: a question, or a statement of the notes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models.bank import Question, QuestionVersion
from reference.models import Topic


class Challenge(models.Model):
    """One objection, with what is wrong and where that stands. About a question, or about a page of the notes."""

    class State(models.TextChoices):
        """What became of it."""

        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    class Flaw(models.TextChoices):
        """What is wrong, in the challenger's own sorting."""

        KEY = "key", _("The answer marked right is wrong")
        AMBIGUOUS = "ambiguous", _("More than one answer is right")
        OUTDATED = "outdated", _("It is no longer true")
        UNCLEAR = "unclear", _("It cannot be understood")
        OTHER = "other", _("Something else")

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="challenges"
    )
    question = models.ForeignKey(Question, null=True, on_delete=models.PROTECT, related_name="challenges")
    version = models.ForeignKey(QuestionVersion, null=True, on_delete=models.PROTECT, related_name="challenges")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="challenges")
    anchor = models.CharField(max_length=80, blank=True)
    flaw = models.CharField(max_length=10, choices=Flaw)
    text = models.TextField()
    evidence = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    created_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True, default="", db_default="", help_text="what the challenger is told")

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "-created_at"], name="challenge_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(question__isnull=True) ^ models.Q(topic__isnull=True), name="challenge_about_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.flaw} {self.question_id or self.topic_id}"
