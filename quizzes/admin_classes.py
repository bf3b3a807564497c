"""Classes, and what the answers say about the questions, in the admin: to look at."""

from django.contrib import admin

from quizzes.models import Assignment, Classroom, Condition, Group, Membership, QuestionFlag, Remark, Report
from reference.admin import ReadOnlyAdmin


@admin.register(Classroom)
class ClassroomAdmin(ReadOnlyAdmin):
    """Classes."""

    list_display = ("name", "code", "owner", "created_at", "archived_at")
    list_select_related = ("owner",)
    search_fields = ("name", "code", "owner__username")


@admin.register(Group)
class GroupAdmin(ReadOnlyAdmin):
    """Parts of classes."""

    list_display = ("name", "classroom")
    list_select_related = ("classroom",)
    search_fields = ("name", "classroom__name")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """Who is in which class."""

    list_display = ("classroom", "person", "name", "group", "joined_at", "left_at")
    list_select_related = ("classroom", "person", "group")
    search_fields = ("classroom__name", "person__username", "name")


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    """What was given to classes."""

    list_display = ("code", "quiz", "classroom", "group", "opens_at", "due_at", "closes_at", "withdrawn_at")
    list_select_related = ("quiz", "classroom", "group")
    search_fields = ("code", "quiz__slug", "classroom__name")


@admin.register(Condition)
class ConditionAdmin(ReadOnlyAdmin):
    """What learners were granted. The reason stays with those who teach them."""

    list_display = ("person", "assignment", "factor", "extra", "granted_at", "revoked_at")
    list_select_related = ("person", "assignment")
    search_fields = ("person__username",)
    exclude = ("reason",)


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    """What learners were told about an assignment."""

    list_display = ("assignment", "person", "author", "created_at")
    list_select_related = ("assignment", "person", "author")
    search_fields = ("person__username",)


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """Computed statistics."""

    list_display = ("quiz", "scope", "state", "created_at", "finished_at")
    list_select_related = ("quiz",)
    search_fields = ("quiz__slug", "scope")


@admin.register(QuestionFlag)
class QuestionFlagAdmin(ReadOnlyAdmin):
    """What statistics warn of."""

    list_display = ("question", "quiz", "flag", "raised_at")
    list_select_related = ("question", "quiz")
    search_fields = ("question__code", "quiz__slug")
