"""What writes the notes: bodies are staged in small pieces, one short step makes them visible."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from reference.files import BEYOND, NotesTree, Page
from reference.models import Alias, Anchor, Change, Edition, Lesson, PageBody, Section, Topic
from reference.outline import Outline

BEYOND_MODULE = ("beyond", "Beyond the course")


def stage_notes(tree: NotesTree) -> dict[str, int]:
    """Write the bodies that are not there yet, each in its own small transaction; nobody sees them so far.

    Returns the id of every page's body, by slug.
    """
    there = {(body.slug, body.digest): body.pk for body in PageBody.objects.only("slug", "digest")}
    return {page.slug: there.get((page.slug, page.digest)) or _stage_body(page) for page in tree.pages}


@transaction.atomic
def _stage_body(page: Page) -> int:
    note = page.rendered
    body = PageBody.objects.create(slug=page.slug, digest=page.digest, plain=note.text, words=note.words)
    Section.objects.bulk_create(
        Section(
            body=body,
            position=position,
            anchor=section.anchor,
            title=section.title,
            level=section.level,
            html=section.html,
            plain=section.text,
            anchors=list(section.anchors),
        )
        for position, section in enumerate(note.sections)
    )
    sections = {section.anchor: section for section in body.sections.all()}
    Anchor.objects.bulk_create(
        Anchor(body=body, section=sections[one.section], name=one.name, html=one.html) for one in note.anchors
    )
    Change.objects.bulk_create(
        Change(
            body=body,
            position=position,
            anchor=one.anchors[0] if one.anchors else one.section,
            title=one.title,
            since=one.since,
            service=one.service,
            then_text=one.then_text,
            now_text=one.now_text,
        )
        for position, one in enumerate(note.changes)
    )
    return int(body.pk)


def publish_notes(tree: NotesTree, outline: Outline, bodies: dict[str, int]) -> None:
    """Point the topics at their staged bodies. To be called inside the transaction that makes the course visible."""
    written = {page.lesson for page in tree.pages}
    lessons = _write_lessons(outline, beyond=[slug for slug in BEYOND if slug in written])
    rows = [
        Topic(slug=page.slug, lesson=lessons[page.lesson], body_id=bodies[page.slug], **_attributes(page))
        for page in tree.pages
    ]
    Topic.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[field.name for field in Topic._meta.concrete_fields if field.name not in ("id", "slug")],
    )
    live = [page.slug for page in tree.pages]
    Topic.objects.exclude(slug__in=live).exclude(retired=True).update(retired=True)
    _write_aliases(tree.pages)


def _attributes(page: Page) -> dict[str, Any]:
    return {
        "title": page.title,
        "lede": page.lede,
        "order": page.order,
        "tasks": list(page.tasks),
        "domains": list(page.domains),
        "services": list(page.services),
        "see_also": list(page.see_also),
        "sources": [{"title": source.title, "url": source.url} for source in page.sources],
        "verified_on": page.verified_on,
        "unverified": page.unverified,
        "retired": False,
    }


def _write_lessons(outline: Outline, *, beyond: Sequence[str]) -> dict[str, Lesson]:
    rows = [
        Lesson(
            slug=lesson.slug,
            title=lesson.title,
            module_slug=lesson.module_slug,
            module_title=lesson.module_title,
            position=lesson.position,
        )
        for lesson in outline.lessons
    ]
    module_slug, module_title = BEYOND_MODULE
    rows += [
        Lesson(slug=slug, title=BEYOND[slug], module_slug=module_slug, module_title=module_title, position=position)
        for position, slug in enumerate(beyond, start=len(rows) + 1)
    ]
    Lesson.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["title", "module_slug", "module_title", "position"],
    )
    return {lesson.slug: lesson for lesson in Lesson.objects.all()}


def _write_aliases(pages: Sequence[Page]) -> None:
    topics = {topic.slug: topic for topic in Topic.objects.only("slug")}
    Alias.objects.all().delete()
    Alias.objects.bulk_create(
        [Alias(slug=alias, topic=topics[page.slug]) for page in pages for alias in page.aliases]
        + [
            Alias(anchor=former, topic=topics[page.slug], present_anchor=present)
            for page in pages
            for former, present in page.anchor_aliases.items()
        ]
    )


def record_edition(digest: str, summary: dict[str, Any], *, now: datetime) -> None:
    """Name the state that was just made visible."""
    Edition.objects.update_or_create(pk=1, defaults={"digest": digest, "summary": summary, "loaded_at": now})


def sweep_bodies() -> int:
    """Remove bodies that no topic points at any more, one by one. Returns how many."""
    unused = PageBody.objects.filter(topics=None).values_list("pk", flat=True)
    count = 0
    for pk in list(unused):
        PageBody.objects.filter(pk=pk).delete()
        count += 1
    return count
