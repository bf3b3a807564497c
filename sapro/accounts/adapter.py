"""Where django-allauth meets guests, mail that may be off, and a policy without inline images."""

import re
import unicodedata
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from quizzes import clock
from sapro.accounts.models import User
from sapro.accounts.services.guests import GUEST_PREFIX, Merged, NotAGuest, convert_guest, merge_guest

WRONG = gettext_lazy("The name or the password is not right. Check both; capitals count in the password.")
LOCKED = gettext_lazy(
    "Too many wrong passwords for this name. Wait ten minutes, then try again, or have the password reset."
)
NAME = re.compile(r"[\w.+-]+")
CONFIRMATION_SENT = "account/messages/email_confirmation_sent.txt"


def guest_of(request: HttpRequest) -> User | None:
    """The guest who stands aside on this page, if any."""
    return getattr(request, "guest", None)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of this site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": WRONG,
        "username_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "too_many_login_attempts": LOCKED,
    }

    def clean_username(self, username: str, shallow: bool = False) -> str:
        """A user name: one form of each letter, no email address, and not what a guest is called."""
        name = unicodedata.normalize("NFKC", username)
        if NAME.fullmatch(name) is None:
            raise ValidationError(_("Only letters, digits and . + - _ can stand in a user name, and no blanks."))
        if name.lower().startswith(GUEST_PREFIX):
            raise ValidationError(_("Names that begin with “guest-” are taken. Choose another one."))
        return str(super().clean_username(name, shallow=shallow))

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        """Sign up: a guest's own row becomes the account; without one a new row is made."""
        guest = guest_of(request)
        if guest is None:
            return super().save_user(request, user, form, commit=commit)
        data = form.cleaned_data
        return convert_guest(
            guest_id=guest.pk,
            username=data["username"],
            email=data.get("email") or "",
            password=data["password1"],
            now=clock.read(),
        )

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; what was done as a guest comes along. The session is kept and gets a new id."""
        guest = guest_of(request)
        if guest is not None:
            if guest.pk != user.pk:
                self._merge(request, guest, user)
            for key in (SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY):
                request.session.pop(key, None)
        super().login(request, user)

    def _merge(self, request: HttpRequest, guest: User, user: User) -> None:
        try:
            merged = merge_guest(guest_id=guest.pk, member_id=user.pk, now=clock.read())
        except NotAGuest:
            return
        for text in _words(merged):
            messages.info(request, text)

    def is_safe_url(self, url: str | None) -> bool:
        """Whether to go there after signing in: only on the very host that was asked."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Without a mail server nothing is sent."""
        if settings.MAIL_IS_ON:
            super().send_mail(template_prefix, email, context)

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """Say nothing of mail that was not sent."""
        if message_template == CONFIRMATION_SENT and not settings.MAIL_IS_ON:
            return
        super().add_message(request, level, message_template, *args, **kwargs)


def _words(merged: Merged) -> list[str]:
    words = []
    if merged.attempts:
        text = ngettext(
            "What you did as a guest is in your account now: %(count)d attempt.",
            "What you did as a guest is in your account now: %(count)d attempts.",
            merged.attempts,
        )
        words.append(text % {"count": merged.attempts})
    for title in merged.ended:
        words.append(_("“%(title)s” was open twice. The older attempt has been handed in.") % {"title": title})
    return words


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors of this site."""

    def build_totp_svg(self, url: str) -> str:
        """The QR code as an element that stands in the page: a data address would need a wider policy."""
        # Slow to import, and rarely needed.
        import qrcode  # type: ignore[import-untyped]
        from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

        image = qrcode.make(url, image_factory=SvgPathFillImage)
        return str(image.to_string(encoding="unicode"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's name as a browser shows it when it asks for a passkey."""
        return {**super().get_public_key_credential_rp_entity(), "name": "SA Pro"}
