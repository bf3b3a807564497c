"""Then and now, for a screen."""

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from reference.models import Change


@dataclass(frozen=True, slots=True)
class ListedChange:
    """Then and now of one statement, with its address."""

    topic_slug: str
    topic_title: str
    anchor: str
    title: str
    since: str
    then_text: str
    now_text: str
    service: str = ""

    @property
    def year(self) -> int:
        """The year in which it changed, 0 if none is told."""
        return max((int(word) for word in self.since.split() if word.isdigit()), default=0)


def latest_changes(count: int) -> list[ListedChange]:
    """Statements that have changed, of verified pages only, the most recent years first, at most one a topic."""
    newest: dict[str, ListedChange] = {}
    for change in changes(verified_only=True):
        newest.setdefault(change.topic_slug, change)
    return list(newest.values())[:count]


def changes(*, service: str = "", year: int | None = None, verified_only: bool = False) -> list[ListedChange]:
    """What has changed, the most recent first; of one service, or since one year, where these are given."""
    rows = _rows()
    if service:
        rows = rows.filter(service=service)
    if verified_only:
        rows = rows.filter(body__topics__unverified=False)
    listed = [
        ListedChange(*row)
        for row in rows.values_list(
            "body__topics__slug", "body__topics__title", "anchor", "title", "since", "then_text", "now_text", "service"
        )
    ]
    found = [one for one in listed if year is None or one.year == year]
    return sorted(found, key=lambda one: (-one.year, one.topic_slug))


def changed_services() -> list[tuple[str, int]]:
    """The services that something is told of, with how much, by name."""
    counted = _rows().values("service").annotate(n=Count("pk")).order_by("service")
    return [(row["service"], row["n"]) for row in counted]


def change_years() -> list[int]:
    """The years in which something changed, the latest first."""
    return sorted({one.year for one in changes() if one.year}, reverse=True)


def _rows() -> "QuerySet[Change]":
    return Change.objects.filter(body__topics__retired=False)
