"""What a learner has met before, and when they are to meet it again."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models.bank import Question, QuestionVersion


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


class Card(models.Model):
    """A question that a person repeats, with the state of their memory of it as FSRS keeps it.

    ``phase``, ``step``, ``stability`` (days) and ``difficulty`` (1-10) are the library's; nobody else computes them.
    """

    class Phase(models.IntegerChoices):
        """The library's states, by its own numbers."""

        LEARNING = 1, _("learning")
        REVIEW = 2, _("review")
        RELEARNING = 3, _("relearning")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards", db_index=False)
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="cards")
    phase = models.PositiveSmallIntegerField(choices=Phase, default=Phase.LEARNING)
    step = models.PositiveSmallIntegerField(null=True)
    stability = models.FloatField(null=True, help_text="days until recall falls to 90 %")
    difficulty = models.FloatField(null=True, help_text="1-10")
    due_at = models.DateTimeField()
    last_review_at = models.DateTimeField(null=True)
    repetitions = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    suspended = models.BooleanField(default=False, help_text="never shown until taken back")
    buried_until = models.DateTimeField(null=True, help_text="not shown before")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "question"], name="card_once")]
        indexes = [models.Index(fields=["person", "due_at"], name="card_due")]

    def __str__(self) -> str:
        return f"{self.person_id} repeats {self.question_id}"


class Repetition(models.Model):
    """One recall of a card, appended: what was given, how it was rated, and the state before, so it can be undone."""

    class Source(models.TextChoices):
        """Where it happened."""

        CARDS = "cards", _("repetition")
        PRACTICE = "practice", _("practice")
        MOCK = "mock", _("mock exam")

    class Rating(models.IntegerChoices):
        """The library's ratings, by its own numbers."""

        AGAIN = 1, _("again")
        HARD = 2, _("hard")
        GOOD = 3, _("good")
        EASY = 4, _("easy")

    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="recalls")
    version = models.ForeignKey(QuestionVersion, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source)
    rating = models.PositiveSmallIntegerField(choices=Rating)
    choice = models.JSONField(default=list, help_text="option ids")
    shown_order = models.JSONField(default=list, help_text="option ids in the order in which they were shown")
    fraction = models.FloatField(help_text="how right, 0-1")
    confidence = models.CharField(max_length=8, blank=True)
    seconds = models.PositiveIntegerField(null=True, help_text="from the question's showing to its answer")
    before = models.JSONField(default=dict, help_text="the card's state before this recall")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.card_id} rated {self.rating}"
