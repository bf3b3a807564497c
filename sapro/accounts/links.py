"""Whole addresses for commands, which have no request to build them from."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from sapro.accounts.models import User


def role_url(token: str) -> str:
    """Where a role link is opened."""
    return f"{settings.SITE_ORIGIN}{reverse('account_role_link', args=[token])}"


def password_url(member: User) -> str:
    """Where a member sets a new password, once."""
    key = {"uidb36": user_pk_to_url_str(member), "key": default_token_generator.make_token(member)}
    return f"{settings.SITE_ORIGIN}{reverse('account_reset_password_from_key', kwargs=key)}"
