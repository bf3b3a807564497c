"""People in the admin, and the admin's own door: the site's sign-in, with its rate limits and second factor."""

from typing import Any

import allauth.account.admin  # registers what is registered anew below
import allauth.mfa.admin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from quizzes import clock
from quizzes.queries.sittings import LEFT
from reference.admin import ReadOnlyAdmin
from sapro.accounts.models import RoleLink, User
from sapro.accounts.queries.people import count_attempts, without_heir
from sapro.accounts.services.people import delete_person


def admin_sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """Send a stranger or a guest to the site's own sign-in page; tell a member that this is not for them."""
    if request.user.is_authenticated and not request.user.is_guest:
        raise PermissionDenied
    there = request.GET.get("next") or reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': there})}")


admin.site.site_header = "SA Pro"
admin.site.site_title = "SA Pro"
admin.site.index_title = str(_("Administration"))
admin.site.login = admin_sign_in  # type: ignore[method-assign]

admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    """Members and guests. Deleting goes through the service, with all that the person did."""

    list_display = ("username", "email", "is_guest", "is_superuser", "is_active", "date_joined", "active_on")
    list_filter = ("is_guest", "is_superuser", "is_active", "groups", "active_on")
    search_fields = ("username", "email")
    ordering = ("is_guest", "username")
    list_per_page = 50
    show_full_result_count = False
    readonly_fields = ("is_guest", "active_on", "last_login", "date_joined")
    actions = None
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "is_guest")}),
        (_("Permissions"), {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        (_("Preferences"), {"fields": ("time_zone", "shortcuts_off")}),
        (_("Dates"), {"fields": ("date_joined", "last_login", "active_on")}),
    )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A guest has nothing that the operator could change."""
        return not (obj is not None and obj.is_guest) and super().has_change_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """User names are kept in small letters: so they are looked up."""
        obj.username = obj.username.lower()
        super().save_model(request, obj, form, change)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """What goes with a person, and what forbids it: quizzes that nobody could take over."""
        people = list(objs)
        going = [f"{person.get_username()}: {count_attempts(person.pk)} attempts" for person in people]
        owned = [str(quiz) for quiz in without_heir([person.pk for person in people])]
        kept = [LEFT] if any(person.get_username() == LEFT for person in people) else []
        return going, {str(User._meta.verbose_name_plural): len(people)}, set(), owned + kept

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete by the service."""
        delete_person(person_id=obj.pk, now=clock.read())


@admin.register(RoleLink)
class RoleLinkAdmin(ReadOnlyAdmin):
    """Links that gave or give a role. New ones come from ``manage.py make_role_link``."""

    list_display = ("role", "created_at", "expires_at", "used_at", "used_by")
    list_filter = ("role", "created_at")
    list_select_related = ("used_by",)
    exclude = ("token_hash",)
    ordering = ("-created_at",)


@admin.register(EmailAddress)
class EmailAddressAdmin(allauth.account.admin.EmailAddressAdmin):  # type: ignore[misc]
    """Email addresses."""

    list_select_related = ("user",)


@admin.register(Authenticator)
class AuthenticatorAdmin(ReadOnlyAdmin):
    """Second factors, without their secrets. One that was lost can be deleted; then the password alone signs in."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__username",)
    exclude = ("data",)
    ordering = ("-created_at",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The operator."""
        return bool(request.user.is_superuser)
