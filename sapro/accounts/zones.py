"""Time zones: which there are, and whose counts for a request."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone

from sapro.accounts.models import User

UTC = "UTC"


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Zones by region and city, in order, and UTC. Not the abbreviations that mean different things."""
    cities = {name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/"))}
    return UTC, *sorted(cities)


def find_zone(text: str) -> str | None:
    """The zone that was typed, whatever its case and with blanks for underscores; None where there is none."""
    wanted = "_".join(text.split()).casefold()
    return next((name for name in zone_names() if name.casefold() == wanted), None)


def activate_zone_of(person: User) -> None:
    """Show times in the person's zone from here on, in this request."""
    if person.time_zone in zone_names():
        timezone.activate(ZoneInfo(person.time_zone))
