"""Forms of the account pages. The two that allauth asks for are its own with other words."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sapro.accounts.models import User
from sapro.accounts.services.guests import NotAGuest
from sapro.accounts.zones import find_zone


class LoginForm(AllauthLoginForm):  # type: ignore[misc]
    """Sign in by user name or email address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("User name or email address")
        self.fields["login"].max_length = 254
        self.fields["login"].widget.attrs.update(
            autocomplete="username webauthn", autocapitalize="none", spellcheck="false", maxlength="254"
        )


class SignupForm(AllauthSignupForm):  # type: ignore[misc]
    """Sign up: a name and a password are enough. The row and its email address are written together or not at all."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("User name")
        self.fields["username"].help_text = _("Instructors of your classes see it. Letters, digits and . + - _")
        self.fields["username"].widget.attrs.update(autocapitalize="none", spellcheck="false")
        self.fields["email"].label = _("Email address")
        self.fields["email"].help_text = _(
            "To reset a forgotten password. Once confirmed, it also finds your seat on the roster of a class you join."
        )
        self.fields["password2"].label = _("Password again")

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """The account; or, where another request was quicker, a way on."""
        try:
            with transaction.atomic():
                saved: tuple[User | None, HttpResponse | None] = super().try_save(request)
                return saved
        except IntegrityError:
            messages.error(request, _("Somebody else took this user name a moment ago. Choose another one."))
            return None, redirect("account_signup")
        except NotAGuest:
            messages.info(request, _("This account has just been made. Sign in with it."))
            return None, redirect("account_login")


class NameForm(forms.Form):
    """Another user name."""

    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)
        self.initial = {"username": person.username}

    def clean_username(self) -> str:
        """The name, checked as at sign-up; the present one is no mistake."""
        name = str(self.cleaned_data["username"])
        if name.lower() == self.person.username:
            return self.person.username
        return str(get_adapter().clean_username(name)).lower()


class PreferencesForm(forms.Form):
    """What a person prefers."""

    time_zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("Type a city, such as Berlin or Sao Paulo, and choose from the list."),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off", "spellcheck": "false"}),
    )
    shortcuts_off = forms.BooleanField(
        label=gettext_lazy("Switch keyboard shortcuts off"),
        help_text=gettext_lazy("Single keys then do nothing in exams and practice: speech input cannot hit them."),
        required=False,
    )

    def clean_time_zone(self) -> str:
        """The zone by its proper name."""
        zone = find_zone(self.cleaned_data["time_zone"])
        if zone is None:
            raise ValidationError(_("There is no such time zone. Choose one from the list, such as Europe/Berlin."))
        return zone


class DeleteForm(forms.Form):
    """The word that confirms a deletion: a member types the user name, a guest ticks a box."""

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.is_guest:
            self.fields["confirm"] = forms.BooleanField(label=_("Yes, delete what I did here"))
        else:
            attrs = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            self.fields["confirm"] = forms.CharField(
                label=_("Type your user name, %(name)s, to confirm") % {"name": person.username},
                max_length=150,
                widget=forms.TextInput(attrs=attrs),
            )

    def clean_confirm(self) -> str | bool:
        """The confirmation, if it is one."""
        given: str | bool = self.cleaned_data["confirm"]
        if isinstance(given, str) and given.strip().lower() != self.person.username:
            raise ValidationError(_("This is not your user name. Nothing was deleted."))
        return given
