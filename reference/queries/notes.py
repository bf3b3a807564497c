"""The notes for a screen."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.cache import cache

from reference.models import Alias, Edition, Section, Topic

WORDS_A_MINUTE = 200
TREE_SECONDS = 60 * 60


@dataclass(frozen=True, slots=True)
class TreeTopic:
    """A topic in the course tree."""

    slug: str
    title: str
    lede: str
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class TreeLesson:
    """A lesson with its topics; one without topics has nothing written yet."""

    slug: str
    title: str
    topics: tuple[TreeTopic, ...]


@dataclass(frozen=True, slots=True)
class TreeModule:
    """A module with its lessons."""

    slug: str
    title: str
    lessons: tuple[TreeLesson, ...]


@dataclass(frozen=True, slots=True)
class TopicPage:
    """Everything one page shows to everybody."""

    topic: Topic
    sections: tuple[Section, ...]
    minutes: int
    previous: TreeTopic | None
    next: TreeTopic | None
    see_also: tuple[TreeTopic, ...]


def edition_digest() -> str:
    """What names the present state of the course; empty before the first load."""
    return Edition.objects.values_list("digest", flat=True).first() or ""


def course_tree(edition: str) -> tuple[TreeModule, ...]:
    """Modules, lessons and topics in the order of the course. Kept for as long as the edition stands."""
    key = f"tree-2:{edition}"
    found: tuple[TreeModule, ...] | None = cache.get(key)
    if found is None:
        found = _read_tree()
        cache.set(key, found, TREE_SECONDS)
    return found


def _read_tree() -> tuple[TreeModule, ...]:
    modules: dict[str, tuple[str, dict[str, tuple[str, list[TreeTopic]]]]] = {}
    for topic in Topic.objects.live().select_related("lesson"):
        lesson = topic.lesson
        _, lessons = modules.setdefault(lesson.module_slug, (lesson.module_title, {}))
        _, topics = lessons.setdefault(lesson.slug, (lesson.title, []))
        topics.append(TreeTopic(topic.slug, topic.title, topic.lede, topic.unverified))
    return tuple(
        TreeModule(
            slug,
            title,
            tuple(TreeLesson(name, _short(text, title), tuple(topics)) for name, (text, topics) in lessons.items()),
        )
        for slug, (title, lessons) in modules.items()
    )


def _short(lesson: str, module: str) -> str:
    """A lesson's title without the module's, which stands above it."""
    return lesson.removeprefix(f"{module}: ")


def topic_page(slug: str, edition: str) -> TopicPage | None:
    """One page, or None where there is none of this name."""
    topic = Topic.objects.live().select_related("lesson", "body").defer("body__plain").filter(slug=slug).first()
    if topic is None or topic.body is None:
        return None
    order = [one for module in course_tree(edition) for lesson in module.lessons for one in lesson.topics]
    place = next((index for index, one in enumerate(order) if one.slug == slug), 0)
    by_slug = {one.slug: one for one in order}
    return TopicPage(
        topic=topic,
        sections=tuple(topic.body.sections.defer("plain")),
        minutes=max(1, round(topic.body.words / WORDS_A_MINUTE)),
        previous=order[place - 1] if place > 0 else None,
        next=order[place + 1] if place + 1 < len(order) else None,
        see_also=tuple(by_slug[other] for other in topic.see_also if other in by_slug),
    )


def present_slug(alias: str) -> str | None:
    """The topic that once had this name."""
    return Alias.objects.filter(slug=alias, anchor="").values_list("topic__slug", flat=True).first()


def topic_title(slug: str) -> str:
    """A live topic's title, or nothing."""
    return Topic.objects.live().filter(slug=slug).values_list("title", flat=True).first() or ""


def section_anchors(slug: str, heading: str) -> list[str]:
    """The statements of a section and of the smaller ones below it."""
    sections = Section.objects.filter(body__topics__slug=slug).defer("html", "plain")
    return grouped_anchors(list(sections)).get(heading, [])


def grouped_anchors(sections: Sequence[Section]) -> dict[str, list[str]]:
    """By each second-level heading, the statements below it; those before the first heading stand under ""."""
    groups: dict[str, list[str]] = {}
    heading = ""
    for section in sections:
        if section.level <= 2:
            heading = section.anchor
        groups.setdefault(heading, []).extend(section.anchors)
    return groups


def topics_by_task() -> dict[str, list[TreeTopic]]:
    """The topics that serve each SAP-C02 task, and under “domain 3” each SAP-C03 domain, in the order of the course."""
    found: dict[str, list[TreeTopic]] = {}
    for topic in Topic.objects.live().defer("sources"):
        listed = TreeTopic(topic.slug, topic.title, topic.lede, topic.unverified)
        for key in [*topic.tasks, *(f"domain {number}" for number in topic.domains)]:
            found.setdefault(key, []).append(listed)
    return found
