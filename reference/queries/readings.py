"""What a person has read, for a screen."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from reference.models import Reading, Topic


@dataclass(frozen=True, slots=True)
class Read:
    """A page that was read, and when."""

    slug: str
    title: str
    read_at: datetime


def read_days(person_id: int) -> list[Read]:
    """The pages a person has read, the latest first."""
    rows = Reading.objects.filter(person_id=person_id, topic__retired=False).order_by("-read_at", "-pk")
    return [Read(*row) for row in rows.values_list("topic__slug", "topic__title", "read_at")]


def read_on(person_id: int | None, slug: str) -> datetime | None:
    """When the person read the page, or None. Raises Topic.DoesNotExist where there is no such page."""
    own = Reading.objects.filter(person_id=person_id, topic=OuterRef("pk")).values("read_at")
    found: datetime | None = Topic.objects.live().values_list(Subquery(own), flat=True).get(slug=slug)
    return found
