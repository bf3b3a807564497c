"""A file on its way into the bank: what was read in it, what is to be done with each question, how far it is."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from quizzes.models.bank import Question

PERSON = settings.AUTH_USER_MODEL


class Import(models.Model):
    """One file that somebody brought. Nothing of it is in the bank before its state is DONE.

    READING, CHOOSING, WRITING, DONE; FAILED says why in ``problem``, DISCARDED was given up. The file itself is kept
    under ``code`` in SAPRO_DATA until then. ``beat_at``: the last sign of life of whoever works on it; another one may
    go on where it is old.
    """

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", _("being read")
        CHOOSING = "choosing", _("waiting for you")
        WRITING = "writing", _("being taken in")
        DONE = "done", _("done")
        FAILED = "failed", _("not read")
        DISCARDED = "discarded", _("discarded")

    code = models.CharField(max_length=24, unique=True)
    person = models.ForeignKey(PERSON, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField(help_text="bytes")
    asked_format = models.CharField(max_length=20, blank=True, help_text="what they said it is; empty: to be found out")
    format = models.CharField(max_length=20, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.READING)
    problem = models.TextField(blank=True)
    notes = models.JSONField(default=list, help_text="what is said of the file as a whole")
    tag = models.CharField(max_length=40, blank=True, help_text="a tag that all its questions get")
    done = models.PositiveIntegerField(default=0, help_text="steps of the present state: questions, or bytes")
    total = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class ImportItem(models.Model):
    """One question of a file. ``choice`` is what will be done with it.

    ``body`` and ``known`` are the question (``services/exchange``); empty where ``problem`` says why it is none.
    ``target`` is the question that REPLACE writes a new version of; ``question`` is what came of it.
    """

    class Choice(models.TextChoices):
        """What is to be done."""

        TAKE = "take", _("take")
        SKIP = "skip", _("skip")
        REPLACE = "replace", _("replace as a new version")

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="items", db_index=False)
    position = models.PositiveIntegerField(help_text="in the file, from 1")
    place = models.CharField(max_length=200)
    code = models.CharField(max_length=200, blank=True, help_text="its id in the file")
    title = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=24, blank=True)
    stem = models.CharField(max_length=200, blank=True, help_text="its beginning as plain text")
    body = models.JSONField(default=dict)
    known = models.JSONField(default=dict)
    notes = models.JSONField(default=list, help_text="the account: aspect, severity, words")
    findings = models.JSONField(default=list, help_text="of the writing checks: words, whether it blocks")
    alike = models.JSONField(default=list, help_text="codes of questions that are nearly the same, with the share")
    problem = models.TextField(blank=True)
    raw = models.TextField(blank=True)
    choice = models.CharField(max_length=8, choices=Choice, default=Choice.TAKE)
    target = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    question = models.ForeignKey(Question, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["source", "position"], name="import_item_once")]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.position}"
