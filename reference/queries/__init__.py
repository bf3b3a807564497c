"""What reads on the side of the notes, one file a noun."""

from .changes import ListedChange, change_years, changed_services, changes, latest_changes
from .notes import (
    TopicPage,
    TreeLesson,
    TreeModule,
    TreeTopic,
    course_tree,
    edition_digest,
    grouped_anchors,
    present_slug,
    section_anchors,
    topic_page,
    topic_title,
    topics_by_task,
)
from .readings import Read, read_days, read_on
from .register import Glossary, glossary, services_register

__all__ = [
    "Glossary",
    "ListedChange",
    "Read",
    "TopicPage",
    "TreeLesson",
    "TreeModule",
    "TreeTopic",
    "change_years",
    "changed_services",
    "changes",
    "course_tree",
    "edition_digest",
    "glossary",
    "grouped_anchors",
    "latest_changes",
    "present_slug",
    "read_days",
    "read_on",
    "section_anchors",
    "services_register",
    "topic_page",
    "topic_title",
    "topics_by_task",
]
