"""What instructors write before it is a version, what they say about it, and what is noted of what they did."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quizzes.models.attempts import Attempt
from quizzes.models.bank import Question, QuestionVersion
from quizzes.models.quizzes import Quiz

PERSON = settings.AUTH_USER_MODEL


class Scenario(models.Model):
    """Text that several questions share. Each version of a question carries a copy of it."""

    code = models.SlugField(max_length=100, unique=True)
    author = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="scenarios")
    editors = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_scenarios", blank=True)
    title = models.CharField(max_length=200)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Draft(models.Model):
    """The working copy of a question, as it was typed: it may be incomplete, and wrong in any way.

    ``revision`` counts the saves. Whoever saves names the revision that they began from: two people who edit at once
    are told of each other, and neither overwrites the other unasked.
    """

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="draft")
    data = models.JSONField(default=dict, help_text="the fields of the editor by name")
    revision = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.question_id} r{self.revision}"


class Comment(models.Model):
    """What somebody says about a version while it is reviewed."""

    version = models.ForeignKey(QuestionVersion, on_delete=models.CASCADE, related_name="comments")
    person = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.version_id} {self.created_at:%Y-%m-%d}"


class Image(models.Model):
    """A picture of a question: decoded and written anew by the site, kept as a file in SAPRO_DATA."""

    code = models.CharField(max_length=24, unique=True)
    question = models.ForeignKey(Question, null=True, on_delete=models.CASCADE, related_name="images")
    scenario = models.ForeignKey(Scenario, null=True, on_delete=models.CASCADE, related_name="images")
    alt = models.CharField(max_length=500)
    content_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    size = models.PositiveIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.code


class AuditEntry(models.Model):
    """Who changed what that others rely on: publishing, keys, rules, rights, overrides. Appended only."""

    actor = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    actor_name = models.CharField(max_length=150, help_text="as it was then")
    verb = models.CharField(max_length=40)
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="audit")
    quiz = models.ForeignKey(Quiz, null=True, on_delete=models.SET_NULL, related_name="audit")
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.SET_NULL, related_name="audit")
    classroom = models.ForeignKey(
        "quizzes.Classroom", null=True, on_delete=models.SET_NULL, related_name="audit", db_index=False
    )
    data = models.JSONField(default=dict, help_text="what it was and what it became")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["classroom"], name="audit_of_classroom", condition=models.Q(classroom__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor_name}"


class Notice(models.Model):
    """Something that a person is to be told on their next visit: a re-marked attempt, a decided challenge."""

    class Kind(models.TextChoices):
        """What it is about."""

        REMARKED = "remarked", _("a result has changed")
        CHALLENGE = "challenge", _("a challenge was decided")
        REVIEW = "review", _("a question was reviewed")
        REMARK = "remark", _("somebody who teaches you wrote to you")
        CONDITION = "condition", _("your conditions have changed")

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.TextField()
    attempt = models.ForeignKey(Attempt, null=True, on_delete=models.CASCADE, related_name="notices")
    question = models.ForeignKey(Question, null=True, on_delete=models.CASCADE, related_name="+")
    assignment = models.ForeignKey(
        "quizzes.Assignment", null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["person"], name="notice_unread", condition=models.Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"

    def get_absolute_url(self) -> str:
        """Where more of it stands."""
        if self.attempt is not None and self.attempt.mode == Quiz.Mode.EXAM:
            return reverse("attempts:report", args=[self.attempt.code])
        if self.attempt is not None:
            return self.attempt.get_absolute_url()
        if self.kind == Notice.Kind.CONDITION:
            return f"{reverse('account_home')}#conditions"
        if self.assignment is not None:
            return self.assignment.get_absolute_url()
        return reverse("challenges:mine" if self.kind == Notice.Kind.CHALLENGE else "teach:home")


class QuestionText(models.Model):
    """The words of a question as plain text, for searching: of its draft where there is one, else of its version.

    A full-text index of the database hangs on this table (migration 0005, ``queries/likeness.py``). ``blocking`` and
    ``alike`` are what the checks found when the question was last saved.
    """

    question = models.OneToOneField(Question, primary_key=True, on_delete=models.CASCADE, related_name="words")
    stem = models.TextField(help_text="with the text that it shares with other questions")
    options = models.TextField()
    rest = models.TextField(help_text="rationales, tags, code")
    blocking = models.PositiveSmallIntegerField(default=0, help_text="findings that hold back publishing")
    alike = models.PositiveSmallIntegerField(default=0, help_text="questions that are nearly the same")

    class Meta:
        verbose_name_plural = "texts of questions"

    def __str__(self) -> str:
        return self.stem[:60]
