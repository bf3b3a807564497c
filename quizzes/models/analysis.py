"""What the answers say about the questions: computed reports, and the flags that came of them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models.bank import Question, QuestionVersion
from quizzes.models.quizzes import Quiz


class Report(models.Model):
    """The figures of a quiz over the attempts that ``wanted`` chooses, as they were computed last.

    ``quiz`` None: the pilots of the course. ``scope`` is what ``wanted`` comes to as a short text; ``mark`` tells
    whether attempts, results or keys have changed since. ``beat_at`` is the last sign of life of whoever computes.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", _("waiting")
        WORKING = "working", _("being computed")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    quiz = models.ForeignKey(Quiz, null=True, on_delete=models.CASCADE, related_name="reports")
    scope = models.CharField(max_length=64)
    wanted = models.JSONField(default=dict)
    mark = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "scope"], name="report_once"),
            models.UniqueConstraint(fields=["scope"], condition=models.Q(quiz=None), name="report_of_pilots_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_id or 'pilots'} {self.scope} ({self.state})"


class QuestionFlag(models.Model):
    """What the figures of one quiz warn the author of one question of. Goes when they no longer say so."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="warnings")
    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="warnings")
    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="+")
    flag = models.CharField(max_length=20)
    evidence = models.JSONField(default=dict, help_text="options, figures and n, as the report had them")
    raised_at = models.DateTimeField()

    class Meta:
        ordering = ["question", "flag"]
        constraints = [models.UniqueConstraint(fields=["question", "quiz", "flag"], name="warning_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.flag}"
