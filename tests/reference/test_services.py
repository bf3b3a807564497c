"""Notes as rows: what a load writes, and what it leaves alone."""

from dataclasses import replace

import pytest
from django.conf import settings as site

from reference.files import NotesTree, read_notes
from reference.models import Alias, Anchor, Change, Lesson, PageBody, Section, Topic
from reference.outline import Outline, read_outline
from reference.services import publish_notes, stage_notes, sweep_bodies
from tests.courses import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def outline() -> Outline:
    """The outline of the course."""
    return read_outline(site.COURSE_OUTLINE)


@pytest.fixture(scope="module")
def tree(outline: Outline) -> NotesTree:
    """The notes of the small course."""
    return read_notes(SMALL / "notes", SMALL / "diagrams", outline)


def test_rows_hold_what_the_pages_hold(tree: NotesTree, outline: Outline) -> None:
    publish_notes(tree, outline, stage_notes(tree))
    for page in tree.pages:
        topic = Topic.objects.select_related("lesson", "body").get(slug=page.slug)
        assert (topic.title, topic.lede, topic.order) == (page.title, page.lede, page.order)
        assert (topic.tasks, topic.domains, topic.services) == (
            list(page.tasks),
            list(page.domains),
            list(page.services),
        )
        assert topic.sources == [{"title": one.title, "url": one.url} for one in page.sources]
        assert (topic.lesson.slug, topic.verified_on, topic.retired) == (page.lesson, page.verified_on, False)
        body = topic.body
        assert body is not None
        assert (body.digest, body.words, body.plain) == (page.digest, page.rendered.words, page.rendered.text)
        assert [(one.anchor, one.level, one.html, tuple(one.anchors)) for one in body.sections.all()] == [
            (one.anchor, one.level, one.html, one.anchors) for one in page.rendered.sections
        ]
        assert dict(body.anchors.values_list("name", "html")) == {one.name: one.html for one in page.rendered.anchors}
        homes = {one.name: one.section.anchor for one in body.anchors.select_related("section")}
        assert homes == {one.name: one.section for one in page.rendered.anchors}
        changes = list(body.changes.values_list("anchor", "since", "then_text", "now_text"))
        assert changes == [(one.anchors[0], one.since, one.then_text, one.now_text) for one in page.rendered.changes]
    assert set(Alias.objects.values_list("slug", "anchor", "topic__slug", "present_anchor")) == {
        ("former-test-balancers", "", "test-balancers", ""),
        ("", "tb-former", "test-balancers", "tb-region"),
    }
    assert list(Lesson.objects.values_list("slug", flat=True)) == [lesson.slug for lesson in outline.lessons]


def test_a_second_time_the_same_rows_stand(tree: NotesTree, outline: Outline) -> None:
    bodies = stage_notes(tree)
    publish_notes(tree, outline, bodies)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Topic, Lesson, PageBody, Section, Anchor, Change)
    ]
    assert stage_notes(tree) == bodies
    publish_notes(tree, outline, bodies)
    after = [
        list(model.objects.order_by("pk").values()) for model in (Topic, Lesson, PageBody, Section, Anchor, Change)
    ]
    assert after == before
    assert sweep_bodies() == 0


def test_a_page_that_changed_points_at_a_new_body(tree: NotesTree, outline: Outline) -> None:
    publish_notes(tree, outline, stage_notes(tree))
    first, second = tree.pages
    changed = NotesTree((replace(first, digest="f" * 64, title="Another title", order=30), second))
    old = Topic.objects.get(slug=first.slug)
    bodies = stage_notes(changed)
    assert Topic.objects.get(slug=first.slug).body_id == old.body_id
    publish_notes(changed, outline, bodies)
    new = Topic.objects.get(slug=first.slug)
    assert (new.pk, new.title, new.order, new.body_id != old.body_id) == (old.pk, "Another title", 30, True)
    assert [one.slug for one in Topic.objects.live()] == [second.slug, first.slug]
    assert sweep_bodies() == 1
    assert set(PageBody.objects.values_list("pk", flat=True)) == set(bodies.values())


def test_a_page_that_vanished_is_retired_and_keeps_its_text(tree: NotesTree, outline: Outline) -> None:
    publish_notes(tree, outline, stage_notes(tree))
    rest = NotesTree(tree.pages[:1])
    publish_notes(rest, outline, stage_notes(rest))
    gone = Topic.objects.get(slug=tree.pages[1].slug)
    assert (gone.retired, gone.body_id is not None) == (True, True)
    assert sweep_bodies() == 0
    publish_notes(tree, outline, stage_notes(tree))
    assert Topic.objects.live().count() == 2


def test_pages_beyond_the_course_come_last(tree: NotesTree, outline: Outline) -> None:
    first, second = tree.pages
    moved = NotesTree((second, replace(first, lesson="beyond-networks")))
    publish_notes(moved, outline, stage_notes(moved))
    assert [(one.slug, one.lesson.title) for one in Topic.objects.live().select_related("lesson")] == [
        (second.slug, outline.lesson[second.lesson].title),
        (first.slug, "Networks"),
    ]
