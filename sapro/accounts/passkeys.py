"""Forms that take what a security key has answered. From allauth, which trips over answers that lack a part."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm, LoginWebAuthnForm, ReauthenticateWebAuthnForm

UNREADABLE = (KeyError, AttributeError, TypeError, ValueError)


class _Careful:
    def clean_credential(self) -> Any:
        """What no key would answer is a wrong answer."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except UNREADABLE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(_Careful, LoginWebAuthnForm):  # type: ignore[misc]
    """Signing in by a key alone."""


class AuthenticateForm(_Careful, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """The second step of signing in."""


class ReauthenticateForm(_Careful, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """Confirming that it is still you."""
