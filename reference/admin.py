"""The notes in the admin: to look at. The files are the truth, so nothing here can be changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from reference.models import (
    Alias,
    Anchor,
    Bookmark,
    Change,
    Edition,
    Highlight,
    Lesson,
    PageBody,
    Reading,
    RegisterEntry,
    SearchEntry,
    Section,
    Topic,
)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows to look at: they are written by a service or a loader, and by nothing else."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody."""
        return False


@admin.register(Lesson)
class LessonAdmin(ReadOnlyAdmin):
    """Lessons."""

    list_display = ("title", "module_title", "position")
    list_filter = ("module_title",)
    search_fields = ("title", "slug")


@admin.register(Topic)
class TopicAdmin(ReadOnlyAdmin):
    """Pages of the notes."""

    list_display = ("title", "slug", "lesson", "verified_on", "retired")
    list_filter = ("retired", "lesson__module_title", "verified_on")
    list_select_related = ("lesson",)
    search_fields = ("title", "slug")


@admin.register(PageBody)
class PageBodyAdmin(ReadOnlyAdmin):
    """Rendered texts."""

    list_display = ("slug", "digest", "words")
    search_fields = ("slug", "digest")
    ordering = ("slug", "-pk")


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    """Sections of a text."""

    list_display = ("title", "body", "level", "position")
    list_select_related = ("body",)
    search_fields = ("title", "body__slug")


@admin.register(Anchor)
class AnchorAdmin(ReadOnlyAdmin):
    """Addresses of statements."""

    list_display = ("name", "body", "section")
    list_select_related = ("body", "section")
    search_fields = ("name", "body__slug")


@admin.register(Change)
class ChangeAdmin(ReadOnlyAdmin):
    """What is no longer as it was in 2016."""

    list_display = ("title", "service", "since", "body")
    list_filter = ("service",)
    list_select_related = ("body",)
    search_fields = ("title", "service", "then_text", "now_text")


@admin.register(Alias)
class AliasAdmin(ReadOnlyAdmin):
    """Former names."""

    list_display = ("slug", "anchor", "topic", "present_anchor")
    list_select_related = ("topic",)
    search_fields = ("slug", "anchor", "topic__slug")


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    """What was loaded last."""

    list_display = ("digest", "loaded_at")


@admin.register(RegisterEntry)
class RegisterEntryAdmin(ReadOnlyAdmin):
    """Services and terms with their state."""

    list_display = ("name", "kind", "status", "since")
    list_filter = ("status", "kind")
    search_fields = ("name", "text")


@admin.register(SearchEntry)
class SearchEntryAdmin(ReadOnlyAdmin):
    """What a search can find."""

    list_display = ("title", "heading", "kind", "slug", "live")
    list_filter = ("kind", "live")
    search_fields = ("title", "heading", "slug")


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    """Who has read what."""

    list_display = ("person", "topic", "read_at")
    list_select_related = ("person", "topic")
    search_fields = ("person__username", "topic__slug")


@admin.register(Highlight)
class HighlightAdmin(ReadOnlyAdmin):
    """That somebody marked something. What, and what they wrote beside it, is theirs alone."""

    fields = ("person", "topic", "created_at", "changed_at")
    list_display = ("person", "topic", "changed_at")
    list_select_related = ("person", "topic")
    search_fields = ("=person__username", "=topic__slug")
    ordering = ("-pk",)


@admin.register(Bookmark)
class BookmarkAdmin(ReadOnlyAdmin):
    """Pages that people want to find again."""

    list_display = ("person", "topic", "anchor", "created_at")
    list_select_related = ("person", "topic")
    search_fields = ("=person__username", "=topic__slug")
    ordering = ("-pk",)
