"""Classes: who is in them, what they are given, under which conditions each sits it, what they are told of it."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quizzes.models.quizzes import Quiz

PERSON = settings.AUTH_USER_MODEL


class Classroom(models.Model):
    """A class. Without a ``join_code`` nobody can join by themselves. Archived: only to be read."""

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=100)
    owner = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="classrooms")
    teachers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="shared_classrooms", blank=True)
    join_code = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["join_code"], condition=~models.Q(join_code=""), name="classroom_joined_by_one_code"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page for those who teach it."""
        return reverse("teach:class", args=[self.code])


class Group(models.Model):
    """A part of a class that can be given assignments of its own."""

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="groups", db_index=False)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["classroom", "name"], name="group_once")]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A seat in a class. ``person`` None: the roster names somebody who has not come yet.

    Who has left keeps the row, and what they did stays in the gradebook; who comes back finds it again.
    """

    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="memberships", db_index=False)
    person = models.ForeignKey(PERSON, null=True, on_delete=models.CASCADE, related_name="memberships")
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL, related_name="memberships")
    name = models.CharField(max_length=150, blank=True, help_text="as the roster has it")
    email = models.CharField(max_length=254, blank=True, help_text="by which somebody who comes finds their seat")
    external_id = models.CharField(max_length=100, blank=True, help_text="their number in another system")
    created_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["classroom", "person"], name="membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.classroom_id} {self.person_id or self.name}"


class Assignment(models.Model):
    """A quiz given to a class or to one group of it.

    Dates, attempts and what is shown replace those of the quiz; where they are empty, the quiz’s hold. Its access code
    is not asked: who may sit it says the class. Withdrawn: nobody can begin any more, what was done stays.
    """

    class Counts(models.TextChoices):
        """Which of several attempts the gradebook takes."""

        FIRST = "first", _("the first attempt")
        LAST = "last", _("the last attempt")
        BEST = "best", _("the best attempt")
        AVERAGE = "average", _("the average of all attempts")

    code = models.CharField(max_length=24, unique=True)
    classroom = models.ForeignKey(Classroom, on_delete=models.CASCADE, related_name="assignments")
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT, related_name="assignments")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="assignments")
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True, help_text="later is late, and still counts")
    closes_at = models.DateTimeField(null=True)
    closing_cuts = models.BooleanField(default=True, help_text="closing ends attempts that are running")
    attempts_allowed = models.PositiveSmallIntegerField(null=True)
    counts = models.CharField(max_length=8, choices=Counts, default=Counts.BEST)
    show_score = models.CharField(max_length=10, choices=Quiz.Showing, blank=True)
    show_key = models.CharField(max_length=10, choices=Quiz.Showing, blank=True)
    show_rationale = models.CharField(max_length=10, choices=Quiz.Showing, blank=True)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0, help_text="counts the saves of its terms")

    class Meta:
        ordering = ["due_at", "pk"]

    def __str__(self) -> str:
        return f"{self.quiz_id} for {self.classroom_id}"

    def get_absolute_url(self) -> str:
        """Its page for those who sit it."""
        return reverse("assignments:detail", args=[self.code])


class Condition(models.Model):
    """Terms of one learner that differ from those of the others. ``assignment`` None: standing, they hold everywhere.

    Never changed: what is granted anew revokes the row before, so that the rows are the log. Dates and extra attempts
    belong to one assignment. Nobody but the learner and those who teach them sees it; ``reason`` only the latter.
    """

    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="conditions", db_index=False)
    assignment = models.ForeignKey(Assignment, null=True, on_delete=models.CASCADE, related_name="conditions")
    factor = models.FloatField(default=1.0, help_text="on the time limit")
    extra = models.PositiveIntegerField(default=0, help_text="seconds more, after the factor")
    opens_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    extra_attempts = models.PositiveSmallIntegerField(default=0)
    quiet_clock = models.BooleanField(default=False, help_text="the clock is hidden and announces nothing")
    breaks = models.BooleanField(default=False, help_text="may pause")
    reason = models.CharField(max_length=200, blank=True)
    granted_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "assignment"],
                condition=models.Q(revoked_at=None, assignment__isnull=False),
                name="condition_once",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None, assignment=None), name="condition_standing_once"
            ),
        ]
        indexes = [models.Index(fields=["person"], name="condition_holding", condition=models.Q(revoked_at=None))]

    def __str__(self) -> str:
        return f"{self.person_id} {self.assignment_id or 'everywhere'}"


class Remark(models.Model):
    """What somebody who teaches tells one learner about one assignment."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="remarks")
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="remarks")
    author = models.ForeignKey(PERSON, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.assignment_id} for {self.person_id}"
