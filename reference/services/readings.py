"""That somebody has read a page."""

from datetime import datetime

from reference.models import Reading, Topic


def mark_read(*, person_id: int, slug: str, now: datetime) -> bool:
    """Write down that the person has read the page; the first day stands. Returns False where there is no such page."""
    topic = Topic.objects.live().filter(slug=slug).first()
    if topic is None:
        return False
    Reading.objects.get_or_create(person_id=person_id, topic=topic, defaults={"read_at": now})
    return True


def unmark_read(*, person_id: int, slug: str) -> None:
    """Take the mark back."""
    Reading.objects.filter(person_id=person_id, topic__slug=slug).delete()


def move_readings(source_id: int, target_id: int) -> None:
    """Give one person's marks to another, who keeps what they have. To be called inside a transaction."""
    kept = Reading.objects.filter(person_id=target_id).values("topic")
    Reading.objects.filter(person_id=source_id).exclude(topic__in=kept).update(person_id=target_id)
