"""Questions: an identity whose attributes change in place, and immutable versions of its text."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from reference.models import Topic


class QuestionQuerySet(models.QuerySet["Question"]):
    """Which questions may be drawn."""

    def course(self) -> "QuestionQuerySet":
        """The questions of the course bank."""
        return self.filter(origin=Question.Origin.COURSE)

    def authored(self) -> "QuestionQuerySet":
        """The questions that were written on this site."""
        return self.filter(origin=Question.Origin.AUTHOR)

    def published(self) -> "QuestionQuerySet":
        """Questions that count: published, and not stale."""
        return self.filter(status=Question.Status.PUBLISHED, current__isnull=False, stale=False)


class Question(models.Model):
    """A bank entry. What is asked stands in its versions; here is what is known about it."""

    class Status(models.TextChoices):
        """Where a question is in its life. STAGED rows belong to a load that has not been published yet."""

        STAGED = "staged", _("staged")
        DRAFT = "draft", _("draft")
        REVIEW = "review", _("in review")
        PILOT = "pilot", _("pilot")
        PUBLISHED = "published", _("published")
        RETIRED = "retired", _("retired")

    class Origin(models.TextChoices):
        """Where it comes from: the files of the course, or an author of this site."""

        COURSE = "course", _("course")
        AUTHOR = "author", _("author")

    code = models.SlugField(max_length=100, unique=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.COURSE)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="questions")
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_questions", blank=True)
    licence = models.CharField(max_length=40, default="CC BY-SA 4.0")
    external_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    current = models.ForeignKey("QuestionVersion", null=True, on_delete=models.PROTECT, related_name="+")
    proposed = models.ForeignKey(
        "QuestionVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="what a reviewer reads",
    )
    topic = models.ForeignKey(Topic, null=True, on_delete=models.PROTECT, related_name="home_questions")
    topics = models.ManyToManyField(Topic, related_name="questions")
    scenario = models.CharField(max_length=100, blank=True, default="", db_default="", help_text="what it shares")
    task = models.CharField(max_length=4, blank=True)
    domain = models.PositiveSmallIntegerField(null=True)
    level = models.CharField(max_length=10, blank=True)
    difficulty = models.PositiveSmallIntegerField(null=True)
    constraints = models.JSONField(default=list)
    flaws = models.JSONField(default=dict, help_text="option id: {breaks, family}")
    sources = models.JSONField(default=list)
    verified_on = models.DateField(null=True)
    enemies = models.JSONField(default=list)
    contrast = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    tags = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), help_text="words of its author"
    )
    updated_at = models.DateTimeField(null=True, help_text="when its author last changed anything")
    reviewed = models.JSONField(default=dict)
    stale = models.BooleanField(default=False, help_text="its key begins with what is closed by now: not drawn")
    attributes_digest = models.CharField(max_length=64, blank=True)
    promoted_at = models.DateTimeField(null=True, help_text="a pilot that counts since then, whatever its file says")

    objects: Any = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        indexes = [models.Index(fields=["topic", "status"], name="question_by_topic")]

    def __str__(self) -> str:
        return self.code


class QuestionVersion(models.Model):
    """One text of a question: stem, options, key and rationales. Never changed after it was written.

    ``shown`` is all that someone who sits the question may see; ``key`` is all that they may not.
    They are two columns so that a page under way cannot load what it must not tell.
    """

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    kind = models.CharField(max_length=24)
    choose = models.PositiveSmallIntegerField()
    order = models.CharField(max_length=8)
    option_ids = models.JSONField()
    body = models.JSONField(help_text="the source: stem, options with text, correct and rationale")
    shown = models.JSONField(help_text="html of the stem and of each option's text")
    key = models.JSONField(help_text="ids of the correct options, html of each rationale")
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="corrections")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["question", "digest"], condition=models.Q(corrects=None), name="version_text_once"
            ),
            # A correction may go back to a key that an earlier version had.
            models.UniqueConstraint(
                fields=["question", "digest", "corrects"],
                condition=models.Q(corrects__isnull=False),
                name="version_correction_once",
            ),
            models.UniqueConstraint(fields=["question", "number"], name="version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} v{self.number}"


class Reference(models.Model):
    """A statement of the notes that a question rests on."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="references", db_index=False)
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="references")
    anchor = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["question", "topic", "anchor"], name="reference_once")]

    def __str__(self) -> str:
        return f"{self.topic_id}^{self.anchor}"


class Placement(models.Model):
    """Where a question stands in an exam's blueprint. The draw walks this index, whatever the size of the bank."""

    exam = models.ForeignKey("quizzes.Exam", on_delete=models.CASCADE, related_name="placements", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="placements")
    domain = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10)
    draw_key = models.PositiveIntegerField(help_text="fixed and evenly spread: a draw starts at a seeded point")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["exam", "question"], name="placement_once")]
        indexes = [models.Index(fields=["exam", "status", "domain", "draw_key"], name="placement_draw")]

    def __str__(self) -> str:
        return f"{self.question_id} in domain {self.domain}"
