"""What the database holds, so that a test can see that nothing has changed."""

import hashlib
from collections.abc import Iterable

from django.apps import apps

APPS = ("accounts", "account", "mfa", "quizzes")
READINGS = "reference.Reading"


def everything() -> list[str]:
    """All that a request could wish to change, a new table too. Sessions are not here: every visit may renew one."""
    models = apps.get_models(include_auto_created=True)
    return [*(one._meta.label for one in models if one._meta.app_label in APPS), READINGS]


VISITS = {"accounts.User": {"active_on", "last_login"}}
"""What a visit as such writes down."""


def state(labels: Iterable[str] | None = None, *, without: Iterable[str] = ()) -> dict[str, tuple[int, str]]:
    """For each table how many rows it has, and a hash of them all."""
    left_out = set(without)
    return {label: _state(label) for label in labels or everything() if label not in left_out}


def _state(label: str) -> tuple[int, str]:
    model = apps.get_model(label)
    names = [one.attname for one in model._meta.concrete_fields if one.name not in VISITS.get(label, set())]
    digest, count = hashlib.sha256(), 0
    for row in model._base_manager.order_by("pk").values_list(*names).iterator():
        digest.update(repr(row).encode())
        count += 1
    return count, digest.hexdigest()[:16]
