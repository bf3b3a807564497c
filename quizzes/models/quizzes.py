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

    def authored(self) -> "QuizQuerySet":
        """What instructors have made."""
        return self.filter(origin=Quiz.Origin.AUTHOR)

    def presets(self) -> "QuizQuerySet":
        """The mock exams of the course."""
        return self.filter(origin=Quiz.Origin.COURSE, retired=False)

    def sittable(self) -> "QuizQuerySet":
        """The presets, and what instructors have published."""
        published = models.Q(origin=Quiz.Origin.AUTHOR, published_at__isnull=False)
        return self.filter(models.Q(origin=Quiz.Origin.COURSE) | published, retired=False)


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

    class Showing(models.TextChoices):
        """When a learner is shown something about an attempt. DURING: right after each response."""

        DURING = "during", _("after each answer")
        SUBMITTED = "submitted", _("after submitting")
        CLOSED = "closed", _("after the quiz has closed")
        NEVER = "never", _("never")

    class Order(models.TextChoices):
        """How the questions of a form follow each other."""

        FIXED = "fixed", _("as written")
        SHUFFLED = "shuffled", _("shuffled within each section")

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.COURSE)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="quizzes")
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_quizzes", blank=True)
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.EXAM)
    exam = models.ForeignKey(Exam, null=True, on_delete=models.PROTECT, related_name="quizzes")
    scored = models.PositiveSmallIntegerField()
    unscored = models.PositiveSmallIntegerField(default=0)
    time_limit = models.PositiveIntegerField(null=True, help_text="seconds; empty: untimed")
    time_options = models.BooleanField(default=True, help_text="the learner may choose more time before the start")
    marking = models.CharField(max_length=16, default="all_or_nothing")
    retired = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    # What follows is for quizzes of instructors; the presets keep the defaults.
    published_at = models.DateTimeField(null=True, help_text="empty: a draft, which only its authors see")
    opens_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    closing_cuts = models.BooleanField(
        default=False, db_default=False, help_text="closing ends attempts that are running"
    )
    attempts_allowed = models.PositiveSmallIntegerField(null=True, help_text="empty: as many as one likes")
    delay = models.PositiveIntegerField(
        default=0, db_default=0, help_text="seconds from the end of an attempt to the next start"
    )
    order = models.CharField(max_length=10, choices=Order, default=Order.SHUFFLED, db_default=Order.SHUFFLED)
    pass_mark = models.PositiveSmallIntegerField(null=True, help_text="hundredths of the maximum")
    show_score = models.CharField(
        max_length=10, choices=Showing, default=Showing.SUBMITTED, db_default=Showing.SUBMITTED
    )
    show_key = models.CharField(max_length=10, choices=Showing, default=Showing.SUBMITTED, db_default=Showing.SUBMITTED)
    show_rationale = models.CharField(
        max_length=10, choices=Showing, default=Showing.SUBMITTED, db_default=Showing.SUBMITTED
    )
    access_code = models.CharField(max_length=40, blank=True, default="", db_default="")
    forward_only = models.BooleanField(default=False, db_default=False)
    pause_allowed = models.BooleanField(default=False, db_default=False)
    revision = models.PositiveIntegerField(
        default=0, db_default=0, help_text="counts the saves of its settings and sections"
    )
    updated_at = models.DateTimeField(null=True)

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


class Section(models.Model):
    """A part of an instructor's quiz, and where its questions come from."""

    class Source(models.TextChoices):
        """FIXED: the questions listed. DRAW: a number from some topics or tags. BLUEPRINT: by an exam's weights."""

        FIXED = "fixed", _("these questions")
        DRAW = "draw", _("drawn at random")
        BLUEPRINT = "blueprint", _("by a blueprint")

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="sections", db_index=False)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=10, choices=Source, default=Source.FIXED)
    count = models.PositiveSmallIntegerField(default=0, help_text="how many are drawn; of a fixed section: all")
    rule = models.JSONField(
        default=dict, help_text="draw: {topics, tags, pool: own or course}; blueprint: {weights by domain, pool}"
    )

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["quiz", "position"], name="quiz_section_once")]

    def __str__(self) -> str:
        return f"{self.quiz_id}/{self.position}"


class SectionQuestion(models.Model):
    """One question of a fixed section."""

    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="fixed", db_index=False)
    question = models.ForeignKey("quizzes.Question", on_delete=models.PROTECT, related_name="placed_in")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["section", "question"], name="quiz_section_question_once")]

    def __str__(self) -> str:
        return f"{self.section_id}/{self.position}"
