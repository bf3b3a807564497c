"""The quiz side in the admin: to look at. Every change of state has one door, and this is not it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from quizzes import admin_classes, admin_teach
from quizzes.models import (
    Attempt,
    Card,
    Challenge,
    Event,
    Exam,
    Exposure,
    Placement,
    Plan,
    Question,
    QuestionVersion,
    Quiz,
    Reference,
    Repetition,
    Response,
    Result,
)
from reference.admin import ReadOnlyAdmin

__all__ = ["admin_classes", "admin_teach"]

WHO = ("attempt__code", "attempt__person__username")


@admin.register(Exam)
class ExamAdmin(ReadOnlyAdmin):
    """Exams of the provider."""

    list_display = ("code", "title", "starts_on", "ends_on", "provisional")


@admin.register(Quiz)
class QuizAdmin(ReadOnlyAdmin):
    """What can be sat. Of an instructor's quiz the owner can be changed, so that it can be handed over."""

    list_display = ("title", "mode", "exam", "scored", "unscored", "time_limit", "origin", "owner", "retired")
    list_filter = ("origin", "mode", "exam", "retired")
    list_select_related = ("exam", "owner")
    search_fields = ("title", "slug", "owner__username")
    raw_id_fields = ("owner",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator, and never a quiz of the course."""
        return obj is not None and obj.origin == Quiz.Origin.AUTHOR and bool(request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Everything but the owner."""
        return [field.name for field in Quiz._meta.fields if field.name not in ("id", "owner")]


@admin.register(Question)
class QuestionAdmin(ReadOnlyAdmin):
    """Questions."""

    list_display = ("code", "status", "topic", "domain", "task", "level", "origin", "author", "verified_on")
    list_filter = ("status", "origin", "domain", "level", "topic__lesson")
    list_select_related = ("topic", "author")
    search_fields = ("code", "topic__slug", "author__username")


@admin.register(QuestionVersion)
class QuestionVersionAdmin(ReadOnlyAdmin):
    """Texts of questions."""

    list_display = ("question", "number", "kind", "choose", "corrects", "created_at")
    list_filter = ("kind", "created_at")
    list_select_related = ("question", "corrects")
    search_fields = ("question__code", "digest")
    ordering = ("question__code", "-number")


@admin.register(Reference)
class ReferenceAdmin(ReadOnlyAdmin):
    """What questions rest on."""

    list_display = ("question", "topic", "anchor", "position")
    list_select_related = ("question", "topic")
    search_fields = ("question__code", "topic__slug", "anchor")
    ordering = ("question__code", "position")


@admin.register(Placement)
class PlacementAdmin(ReadOnlyAdmin):
    """Where questions stand in the blueprints."""

    list_display = ("question", "exam", "domain", "status")
    list_filter = ("exam", "domain", "status")
    list_select_related = ("question", "exam")
    search_fields = ("question__code",)
    ordering = ("exam", "domain", "question__code")


@admin.register(Exposure)
class ExposureAdmin(ReadOnlyAdmin):
    """Who has met which question."""

    list_display = ("person", "question", "first_seen_at", "last_seen_at", "revealed_at")
    list_select_related = ("person", "question")
    search_fields = ("=person__username", "=question__code")
    ordering = ("-pk",)


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    """What people repeat."""

    list_display = ("person", "question", "phase", "due_at", "repetitions", "lapses", "suspended")
    list_select_related = ("person", "question")
    search_fields = ("=person__username", "=question__code")
    ordering = ("-pk",)


@admin.register(Repetition)
class RepetitionAdmin(ReadOnlyAdmin):
    """Single recalls."""

    list_display = ("card", "source", "rating", "reviewed_at")
    list_select_related = ("card",)
    search_fields = ("=card__person__username", "=card__question__code")
    ordering = ("-pk",)


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    """When people sit their exam."""

    list_display = ("person", "exam", "exam_on", "changed_at")
    list_select_related = ("person", "exam")
    search_fields = ("=person__username",)


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    """Sittings."""

    list_display = ("code", "title", "person", "mode", "state", "started_at", "deadline", "ended_at")
    list_filter = ("state", "mode", "started_at", "quiz")
    list_select_related = ("person",)
    search_fields = ("=code", "person__username", "title")


@admin.register(Response)
class ResponseAdmin(ReadOnlyAdmin):
    """What was given."""

    list_display = ("attempt", "position", "question", "choice", "flagged", "saved_at", "fraction")
    list_filter = ("flagged", "scored")
    list_select_related = ("attempt", "question")
    search_fields = ("=attempt__code", "=question__code")
    ordering = ("-attempt", "position")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Response]:
        """Without the rules that every attempt carries."""
        found: QuerySet[Response] = super().get_queryset(request)
        return found.defer("attempt__rules", "attempt__trace")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """The log of attempts."""

    list_display = ("attempt", "kind", "received_at", "position", "at")
    list_filter = ("kind", "received_at")
    list_select_related = ("attempt",)
    search_fields = ("=attempt__code",)
    ordering = ("-pk",)


@admin.register(Result)
class ResultAdmin(ReadOnlyAdmin):
    """What attempts were worth."""

    list_display = ("attempt", "number", "raw", "maximum", "marking", "reason", "created_at")
    list_filter = ("marking", "created_at")
    list_select_related = ("attempt",)
    search_fields = WHO
    ordering = ("-pk",)


@admin.register(Challenge)
class ChallengeAdmin(ReadOnlyAdmin):
    """What was objected to."""

    list_display = ("flaw", "question", "topic", "person", "state", "created_at")
    list_filter = ("state", "flaw")
    list_select_related = ("question", "topic", "person")
    search_fields = ("question__code", "topic__slug", "text")
