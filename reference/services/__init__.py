"""What writes on the side of the notes, one file a noun."""

from .notes import publish_notes, record_edition, stage_notes, sweep_bodies
from .readings import mark_read, unmark_read
from .register import publish_register, treating_topics
from .search import publish_search, stage_search, sweep_search

__all__ = [
    "mark_read",
    "publish_notes",
    "publish_register",
    "publish_search",
    "record_edition",
    "stage_notes",
    "stage_search",
    "sweep_bodies",
    "sweep_search",
    "treating_topics",
    "unmark_read",
]
