"""What can be sat: exams with their blueprints, and quizzes with their rules."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Exam(models.Model):
    """An exam of the provider: dates, domains and weights. All of it comes from ``bank/exams.yaml``."""

    code = models.SlugField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    provisional = models.BooleanField(help_text="weights have not been read in the provider's guide")
    note = models.TextField(blank=True)
    placed_by = models.CharField(max_length=8, choices=[("domain", "domain"), ("task", "task")])
    domains = models.JSONField(help_text="number, name, weight")
    sources = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    difficulty = models.FloatField(null=True, help_text="mean of the authors' guesses over what may be drawn")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.code


class QuizQuerySet(models.QuerySet["Quiz"]):
    """Which quizzes may be seen."""

    def presets(self) -> "QuizQuerySet":
        """The mock exams of the course."""
        return self.filter(origin=Quiz.Origin.COURSE, retired=False)


class Quiz(models.Model):
    """Something that can be sat: where its questions come from, and under which rules."""

    class Mode(models.TextChoices):
        """How feedback is given: after the end, or after each response."""

        EXAM = "exam", _("exam")
        PRACTICE = "practice", _("practice")

    class Origin(models.TextChoices):
        """Where it comes from."""

        COURSE = "course", _("course")
        AUTHOR = "author", _("author")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.COURSE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="quizzes")
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.EXAM)
    exam = models.ForeignKey(Exam, null=True, on_delete=models.PROTECT, related_name="quizzes")
    scored = models.PositiveSmallIntegerField()
    unscored = models.PositiveSmallIntegerField(default=0)
    time_limit = models.PositiveIntegerField(null=True, help_text="seconds; empty: untimed")
    time_options = models.BooleanField(default=True, help_text="the learner may choose more time before the start")
    marking = models.CharField(max_length=16, default="all_or_nothing")
    retired = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    objects: Any = QuizQuerySet.as_manager()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name_plural = "quizzes"

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page with its rules and the start."""
        return reverse("quizzes:detail", args=[self.slug])

    @property
    def size(self) -> int:
        """Questions delivered."""
        return self.scored + self.unscored
