"""Who is who."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Accounts, guests and roles."""

    name = "sapro.accounts"
    label = "accounts"
    verbose_name = _("People")
