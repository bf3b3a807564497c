"""The one clock. Views and commands read it once and pass ``now`` on; nothing below them asks for the time."""

from datetime import datetime
from functools import lru_cache
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string


class _Clock(Protocol):
    def __call__(self) -> datetime: ...


@lru_cache
def _clock(path: str) -> _Clock:
    return cast(_Clock, import_string(path))


def read() -> datetime:
    """The present moment, aware, in UTC, from the provider that the setting CLOCK names."""
    return _clock(settings.CLOCK)()
