"""One sitting: the attempt, what was given for each position, what happened, and what it was worth."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quizzes.models.bank import Question, QuestionVersion
from quizzes.models.quizzes import Quiz


class Attempt(models.Model):
    """One sitting of a quiz, or of ad-hoc practice (no quiz). Its rules were copied at the start.

    ``state`` is what has been written down; whether time is up is derived from ``deadline``.
    """

    class State(models.TextChoices):
        """Where the sitting is. CLOSING (the grace after the deadline) is derived, never stored."""

        IN_PROGRESS = "in_progress", _("in progress")
        SUBMITTED = "submitted", _("submitted")
        EXPIRED = "expired", _("time ran out")
        VOID = "void", _("void")

    code = models.CharField(max_length=24, unique=True)
    # Protected: only the service that deletes a person knows which attempts go with them.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, null=True, on_delete=models.PROTECT, related_name="attempts")
    assignment = models.ForeignKey(
        "quizzes.Assignment", null=True, on_delete=models.SET_NULL, related_name="attempts", db_index=False
    )
    mode = models.CharField(max_length=8, choices=Quiz.Mode)
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=State, default=State.IN_PROGRESS)
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True)
    grace = models.PositiveIntegerField(help_text="seconds")
    ended_at = models.DateTimeField(null=True, help_text="when it became true, not when it was noticed")
    time_option = models.CharField(max_length=12, default="standard")
    rules = models.JSONField(help_text="marking, cut, exam, domains: as they stood at the start")
    seed = models.BigIntegerField()
    size = models.PositiveSmallIntegerField()
    paused_at = models.DateTimeField(null=True, help_text="the exam clock stands still since then")
    paused = models.PositiveIntegerField(
        default=0, db_default=0, help_text="milliseconds that the exam clock stood still"
    )
    forward_only = models.BooleanField(
        default=False, db_default=False, help_text="what lies behind a question that was answered cannot be changed"
    )
    trace = models.JSONField(default=dict, help_text="gathered at the end: time and strikes by position")

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "quiz"],
                condition=models.Q(state="in_progress", mode="exam"),
                name="attempt_open_once",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-started_at"], name="attempt_of_person"),
            # The sweeper asks for what is past its deadline and still open.
            models.Index(fields=["deadline"], name="attempt_overdue", condition=models.Q(state="in_progress")),
            models.Index(
                fields=["assignment", "person"],
                name="attempt_of_assignment",
                condition=models.Q(assignment__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.code}"

    def get_absolute_url(self) -> str:
        """The booklet while it is open."""
        name = "attempts:booklet" if self.mode == Quiz.Mode.EXAM else "practice:session"
        return reverse(name, args=[self.code])


class Response(models.Model):
    """What was given for one position. Answer and flag are two registers, each stamped (at, tab)."""

    # The unique constraint's index begins with the attempt already.
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses", db_index=False)
    position = models.PositiveSmallIntegerField()
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="responses")
    domain = models.PositiveSmallIntegerField(null=True, help_text="the blueprint's domain it was drawn for")
    scored = models.BooleanField(default=True)
    first_exposure = models.BooleanField(null=True, help_text="decided at the end, by the ledger")
    shown_order = models.JSONField(help_text="option ids in the order this attempt shows them")
    choice = models.JSONField(default=list, help_text="option ids")
    choice_at = models.BigIntegerField(default=-1, help_text="milliseconds on the exam clock")
    choice_tab = models.BigIntegerField(default=0)
    flagged = models.BooleanField(default=False)
    flagged_at = models.BigIntegerField(default=-1)
    flagged_tab = models.BigIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    confidence = models.CharField(max_length=8, blank=True)
    fraction = models.FloatField(null=True, help_text="how right, 0-1: what the latest result says")
    locked_at = models.DateTimeField(null=True, help_text="practice: graded at once, from then on unchangeable")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["attempt", "position"], name="response_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.position}"


class Event(models.Model):
    """The log of an attempt, appended only: what came, when, and why something was refused."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=24)
    received_at = models.DateTimeField()
    position = models.PositiveSmallIntegerField(null=True)
    at = models.BigIntegerField(null=True)
    tab = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    objects: Any = models.Manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.kind}"


class Result(models.Model):
    """What an attempt was worth by a key and a rule. Appended, never overwritten."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="results", db_index=False)
    number = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    marking = models.CharField(max_length=16)
    raw = models.FloatField()
    maximum = models.FloatField()
    fractions = models.JSONField(help_text="how right each position is, 0-1, in order")
    versions = models.JSONField(help_text="the version whose key each position was marked by, in order")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["attempt", "number"], name="result_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id} result {self.number}"
