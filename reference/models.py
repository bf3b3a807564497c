"""The notes as rows: a cache of the files, never the truth."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse


class Lesson(models.Model):
    """A lesson of the course, or the one that gathers what lies beyond it."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    module_slug = models.SlugField(max_length=120)
    module_title = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title


class PageBody(models.Model):
    """One rendered text of a page. Immutable: a changed file makes a new body, and a topic points at one."""

    slug = models.SlugField(max_length=80)
    digest = models.CharField(max_length=64)
    plain = models.TextField()
    words = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "digest"], name="body_once")]

    def __str__(self) -> str:
        return f"{self.slug} {self.digest[:8]}"


class Section(models.Model):
    """A heading of a page and what follows until the next."""

    body = models.ForeignKey(PageBody, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()
    html = models.TextField()
    plain = models.TextField()
    anchors = models.JSONField(default=list, help_text="names of the statements in it")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["body", "position"], name="section_once")]

    def __str__(self) -> str:
        return self.title


class Anchor(models.Model):
    """The address of one statement, with its sentence to quote beside a question."""

    body = models.ForeignKey(PageBody, on_delete=models.CASCADE, related_name="anchors")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80, db_index=True)
    html = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["body", "name"], name="anchor_once")]

    def __str__(self) -> str:
        return self.name


class Change(models.Model):
    """Then and now of one statement of the 2016 course, from a ``changed`` callout."""

    body = models.ForeignKey(PageBody, on_delete=models.CASCADE, related_name="changes")
    position = models.PositiveSmallIntegerField()
    anchor = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    since = models.CharField(max_length=40)
    service = models.CharField(max_length=120)
    then_text = models.TextField()
    now_text = models.TextField()

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.title} ({self.since})"


class TopicQuerySet(models.QuerySet["Topic"]):
    """Which topics may be read."""

    def live(self) -> "TopicQuerySet":
        """Topics whose file is there."""
        return self.filter(retired=False, body__isnull=False)


class Topic(models.Model):
    """One reference page and what is asked about it."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    lede = models.TextField()
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="topics")
    order = models.PositiveSmallIntegerField()
    tasks = models.JSONField(default=list)
    domains = models.JSONField(default=list)
    services = models.JSONField(default=list)
    see_also = models.JSONField(default=list)
    sources = models.JSONField(default=list)
    verified_on = models.DateField()
    unverified = models.BooleanField(default=False, help_text="written, but not every fact has been read in a source")
    body = models.ForeignKey(PageBody, null=True, on_delete=models.PROTECT, related_name="topics")
    retired = models.BooleanField(default=False)

    objects: Any = TopicQuerySet.as_manager()

    class Meta:
        ordering = ["lesson__position", "order", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page's address."""
        return reverse("notes:topic", args=[self.slug])


class Alias(models.Model):
    """A former name that still finds its page: of a topic (no anchor), or of a statement."""

    slug = models.CharField(max_length=80, blank=True)
    anchor = models.CharField(max_length=80, blank=True)
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="aliases")
    present_anchor = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slug", "anchor"], name="alias_once")]
        verbose_name_plural = "aliases"

    def __str__(self) -> str:
        return f"{self.slug}^{self.anchor}" if self.anchor else self.slug


class Edition(models.Model):
    """What was loaded last: one row, whose digest names the state that every page shares (tree, neighbors)."""

    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    summary = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.digest[:8]}, {self.loaded_at:%Y-%m-%d %H:%M}"


class RegisterEntry(models.Model):
    """A service or term of the lifecycle register, with the pages that treat it."""

    name = models.CharField(max_length=160, unique=True)
    slug = models.SlugField(max_length=160, unique=True)
    kind = models.CharField(max_length=20)
    status = models.CharField(max_length=10)
    since = models.CharField(max_length=10, blank=True)
    short = models.JSONField(default=list)
    former = models.JSONField(default=list)
    successors = models.JSONField(default=list, help_text="names of other entries")
    text = models.TextField()
    source_title = models.CharField(max_length=200)
    source_url = models.CharField(max_length=300)
    topics = models.JSONField(default=list, help_text="slugs of the pages that name it, the one that treats it first")
    questions = models.PositiveIntegerField(default=0, help_text="how many published questions name it")

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "register entries"

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """What a search can find: a page, a section of one, or a term of the register.

    The full-text index follows this table by triggers (SQLite) or a generated column (PostgreSQL), both made in
    migration 0003. A migration that rebuilds this table on SQLite must make the triggers again.
    """

    class Kind(models.TextChoices):
        """What it leads to."""

        PAGE = "page"
        SECTION = "section"
        TERM = "term"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    slug = models.CharField(max_length=80, blank=True, help_text="the page; empty for a term no page treats")
    anchor = models.CharField(max_length=160, blank=True)
    title = models.CharField(max_length=200)
    names = models.TextField(blank=True, help_text="other ways to say the title: former names, abbreviations")
    heading = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    digest = models.CharField(max_length=64, unique=True)
    live = models.BooleanField(default=False, help_text="staged entries are not found until the course is visible")

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"{self.title}: {self.heading}" if self.heading else self.title


class Reading(models.Model):
    """That a person has read a page."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="readings")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "topic"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.topic_id} by {self.person_id}"


class Highlight(models.Model):
    """A passage of a page that a person marked, with or without a private note in the margin.

    The passage is kept by its words, with a little of what stands around it and the offset where it stood: so it is
    found again after an edit of the page, or said to be lost.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="highlights")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="highlights")
    quote = models.TextField()
    before = models.CharField(max_length=64, blank=True, help_text="what stood in front of it")
    after = models.CharField(max_length=64, blank=True, help_text="what followed")
    offset = models.PositiveIntegerField(help_text="characters of the page's plain text before it")
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["offset", "pk"]

    def __str__(self) -> str:
        return self.quote[:40]


class Bookmark(models.Model):
    """A page, or a section of one, that a person wants to find again."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="bookmarks")
    anchor = models.CharField(max_length=160, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["person", "topic", "anchor"], name="bookmark_once")]

    def __str__(self) -> str:
        return f"{self.topic_id}#{self.anchor}"
