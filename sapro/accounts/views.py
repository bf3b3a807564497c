"""The account page and what one can do there."""

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from quizzes import clock
from quizzes.queries.condition_pages import own_conditions
from quizzes.queries.joining import seats_of
from sapro.accounts.folders import imports_folder
from sapro.accounts.forms import DeleteForm, NameForm, PreferencesForm
from sapro.accounts.models import RoleLink, User
from sapro.accounts.queries.people import count_attempts, count_left_behind
from sapro.accounts.services.my_data import forget
from sapro.accounts.services.people import NameTaken, OwnsQuizzes, delete_person, rename_member, set_preferences
from sapro.accounts.services.roles import LinkSpent, hash_token, use_role_link
from sapro.accounts.zones import zone_names


def person_of(request: HttpRequest) -> User | None:
    """Who is signed in, a member or a guest."""
    return request.user if request.user.is_authenticated else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back."""
    return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What an account gives; for guests how to keep their work; for members everything about their account."""
    return _home(request)


def _home(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    person = person_of(request)
    context: dict[str, Any] = {"section": "account", "person": person}
    if person is not None:
        context |= {
            "preferences": PreferencesForm(
                initial={"time_zone": person.time_zone, "shortcuts_off": person.shortcuts_off}
            ),
            "zones": zone_names(),
            "conditions": own_conditions(person.pk),
            "attempts": count_attempts(person.pk) + count_left_behind(person.pk),
        }
    if person is not None and not person.is_guest:
        context |= {
            "name": NameForm(person=person),
            "email": EmailAddress.objects.filter(user=person).order_by("-primary").first(),
            "factors": set(Authenticator.objects.filter(user=person).values_list("type", flat=True)),
            "mail_is_on": settings.MAIL_IS_ON,
            "seats": list(seats_of(person.pk)),
        }
    return render(request, "accounts/home.html", context | forms, status=status)


@never_cache
@require_POST
def name(request: HttpRequest) -> HttpResponse:
    """Change the user name."""
    person = person_of(request)
    if person is None or person.is_guest:
        return to_sign_in(request)
    form = NameForm(request.POST, person=person)
    if form.is_valid():
        try:
            rename_member(person_id=person.pk, username=form.cleaned_data["username"])
        except NameTaken:
            form.add_error("username", _("Somebody else took this user name a moment ago. Choose another one."))
    if form.errors:
        return _home(request, status=422, name=form)
    messages.success(request, _("Your user name is %(name)s.") % {"name": form.cleaned_data["username"]})
    return redirect("account_home")


@never_cache
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the preferences, of a guest as well."""
    person = person_of(request)
    if person is None:
        return to_sign_in(request)
    form = PreferencesForm(request.POST)
    if not form.is_valid():
        return _home(request, status=422, preferences=form)
    set_preferences(person_id=person.pk, **form.cleaned_data)
    messages.success(request, _("Your preferences are saved."))
    return redirect("account_home")


@never_cache
def delete(request: HttpRequest) -> HttpResponse:
    """Delete the account, or what a guest did, after a confirmation that cannot be given by accident."""
    person = person_of(request)
    if person is None:
        return to_sign_in(request)
    form, number = DeleteForm(request.POST if request.method == "POST" else None, person=person), person.pk
    if form.is_valid():
        try:
            delete_person(person_id=person.pk, now=clock.read())
            forget(person_id=number, folder=imports_folder())
        except OwnsQuizzes as error:
            words = _(
                "You own quizzes that others may sit: %(titles)s."
                " Share them with another instructor, who becomes the owner; then your account can go."
            )
            form.add_error(None, words % {"titles": ", ".join(error.titles)})
        else:
            logout(request)
            messages.success(request, _("Deleted. Nothing that names you is kept."))
            return redirect("home")
    context = {
        "section": "account",
        "person": person,
        "form": form,
        "attempts": count_attempts(person.pk),
        "kept": count_left_behind(person.pk),
    }
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@never_cache
def role_link(request: HttpRequest, token: str) -> HttpResponse:
    """A link that gives a role: looking changes nothing, the button does."""
    person = person_of(request)
    link = RoleLink.objects.filter(token_hash=hash_token(token)).first()
    context: dict[str, Any] = {"section": "account", "link": link, "person": person, "back": request.path}
    if link is None:
        return render(request, "accounts/role_link.html", context, status=404)
    if link.used_at or link.expires_at <= clock.read():
        return render(request, "accounts/role_link.html", context | {"spent": True}, status=410)
    if request.method != "POST":
        return render(request, "accounts/role_link.html", context)
    if person is None or person.is_guest:
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
    try:
        use_role_link(token=token, member_id=person.pk, now=clock.read())
    except LinkSpent:
        return render(request, "accounts/role_link.html", context | {"spent": True}, status=410)
    messages.success(request, _("Done. You are %(role)s now.") % {"role": link.get_role_display()})
    return redirect("account_home")


@never_cache
def password_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail; without a mail server say so, and what to do instead."""
    if not settings.MAIL_IS_ON:
        return render(request, "accounts/password_reset_off.html", {"section": "account"})
    response: HttpResponse = allauth_views.password_reset(request)
    return response
