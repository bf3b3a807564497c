"""What instructors have and do, in the admin: to look at."""

from django.contrib import admin

from quizzes.models import (
    AuditEntry,
    Comment,
    Draft,
    Image,
    Import,
    ImportItem,
    Notice,
    QuestionText,
    Scenario,
    Section,
    SectionQuestion,
)
from reference.admin import ReadOnlyAdmin


@admin.register(Scenario)
class ScenarioAdmin(ReadOnlyAdmin):
    """Texts that questions share."""

    list_display = ("code", "title", "author", "updated_at")
    list_select_related = ("author",)
    search_fields = ("code", "title", "author__username")


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    """Working copies of questions."""

    list_display = ("question", "revision", "saved_by", "saved_at")
    list_select_related = ("question", "saved_by")
    search_fields = ("question__code", "saved_by__username")


@admin.register(QuestionText)
class QuestionTextAdmin(ReadOnlyAdmin):
    """The words of questions that the search looks in."""

    list_display = ("question",)
    list_select_related = ("question",)
    search_fields = ("question__code",)


@admin.register(Comment)
class CommentAdmin(ReadOnlyAdmin):
    """What was said in reviews."""

    list_display = ("version", "person", "created_at")
    list_select_related = ("version", "person")
    search_fields = ("text", "person__username")


@admin.register(Image)
class ImageAdmin(ReadOnlyAdmin):
    """Pictures of questions."""

    list_display = ("code", "question", "scenario", "content_type", "size", "uploaded_by", "created_at")
    list_select_related = ("question", "scenario", "uploaded_by")
    search_fields = ("code", "question__code", "uploaded_by__username")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what that others rely on."""

    list_display = ("created_at", "actor_name", "verb", "question", "quiz", "attempt")
    list_filter = ("verb", "created_at")
    list_select_related = ("question", "quiz", "attempt")
    search_fields = ("actor_name", "question__code", "quiz__slug", "=attempt__code")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people are told on their next visit."""

    list_display = ("person", "kind", "created_at", "read_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("person",)
    search_fields = ("person__username", "text")


@admin.register(Section)
class SectionAdmin(ReadOnlyAdmin):
    """Parts of instructors' quizzes."""

    list_display = ("quiz", "position", "title", "source", "count")
    list_filter = ("source",)
    list_select_related = ("quiz",)
    search_fields = ("quiz__slug", "title")


@admin.register(SectionQuestion)
class SectionQuestionAdmin(ReadOnlyAdmin):
    """Questions that stand in them."""

    list_display = ("section", "position", "question")
    list_select_related = ("section", "question")
    search_fields = ("section__quiz__slug", "question__code")


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """Files on their way into the bank."""

    list_display = ("code", "file_name", "person", "format", "state", "done", "total", "created_at")
    list_filter = ("state", "format")
    list_select_related = ("person",)
    search_fields = ("code", "file_name", "person__username")


@admin.register(ImportItem)
class ImportItemAdmin(ReadOnlyAdmin):
    """What was read in them."""

    list_display = ("source", "position", "place", "kind", "choice", "question")
    list_select_related = ("source", "question")
    search_fields = ("source__code", "code", "title")
