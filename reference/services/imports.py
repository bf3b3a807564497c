"""Taking in what a person brings from another account or site: pages read, highlights, bookmarks."""

from collections import Counter
from typing import Any

from reference.models import Bookmark, Highlight, Reading, Topic

Rows = list[Reading | Highlight | Bookmark]


def prepare_marks(
    read: dict[str, Any], person_id: int, *, new: Counter[str], there: Counter[str], skipped: Counter[str]
) -> Rows:
    """Rows for what the person does not have yet, not written; the three counters say how many are what."""
    topics = dict(Topic.objects.values_list("slug", "pk"))
    rows: Rows = []
    for name, model, same in (
        ("readings", Reading, ("topic_id",)),
        ("highlights", Highlight, ("topic_id", "quote", "offset", "note", "created_at")),
        ("bookmarks", Bookmark, ("topic_id", "anchor")),
    ):
        own = set(model._base_manager.filter(person_id=person_id).values_list(*same))
        for one in read[name]:
            topic = topics.get(one["topic"])
            if topic is None:
                skipped[f"{name}_unknown"] += 1
                continue
            fields = {key: value for key, value in one.items() if key != "topic"}
            row = model(person_id=person_id, topic_id=topic, **fields)
            mark = tuple(getattr(row, key) for key in same)
            if mark in own:
                there[name] += 1
            else:
                own.add(mark)
                rows.append(row)
                new[name] += 1
    return rows


def write_marks(rows: Rows) -> None:
    """Write what was prepared. To be called inside a transaction."""
    models: tuple[Any, ...] = (Reading, Highlight, Bookmark)
    for model in models:
        model._base_manager.bulk_create([row for row in rows if isinstance(row, model)], batch_size=400)
