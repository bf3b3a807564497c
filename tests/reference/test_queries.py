"""The notes for a screen: the tree, one page, sections, changes."""

from datetime import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reference import queries
from reference.models import Change, Edition, Section, Topic

pytestmark = pytest.mark.usefixtures("course")


def test_the_tree_is_in_the_order_of_the_course_and_read_once() -> None:
    (module,) = queries.course_tree("one")
    (lesson,) = module.lessons
    assert (module.title, lesson.slug) == ("Designing AWS Networking Services", "elastic-load-balancing")
    assert [one.slug for one in lesson.topics] == ["test-balancers", "test-health-checks"]
    with CaptureQueriesContext(connection) as captured:
        assert queries.course_tree("one") == (module,)
    assert len(captured) == 0
    Topic.objects.filter(slug="test-balancers").update(order=99)
    assert [one.slug for one in queries.course_tree("two")[0].lessons[0].topics] == [
        "test-health-checks",
        "test-balancers",
    ]


def test_a_page_knows_its_neighbors() -> None:
    first, second = (queries.topic_page(slug, "one") for slug in ("test-balancers", "test-health-checks"))
    assert first is not None
    assert second is not None
    assert (first.previous, first.next, second.previous, second.next) == (
        None,
        queries.TreeTopic("test-health-checks", "Test health checks", second.topic.lede),
        queries.TreeTopic("test-balancers", "Test balancers", first.topic.lede),
        None,
    )
    assert [one.slug for one in first.see_also] == ["test-health-checks"]
    assert first.minutes == 1
    assert [one.position for one in first.sections] == list(range(len(first.sections)))
    assert queries.topic_page("nothing", "one") is None


def test_a_page_without_a_text_is_none() -> None:
    Topic.objects.filter(slug="test-balancers").update(body=None)
    assert queries.topic_page("test-balancers", "one") is None


def test_statements_are_grouped_by_second_level_heading() -> None:
    sections = list(Section.objects.filter(body__topics__slug="test-balancers"))
    groups = queries.grouped_anchors(sections)
    assert groups == {
        "what-it-is-for": ["elb-01", "tb-region", "elb-02", "elb-03", "elb-04", "tb-sni"],
        "which-one": ["tb-static", "tb-tip", "tb-trap"],
    }
    for heading, anchors in groups.items():
        assert queries.section_anchors("test-balancers", heading) == anchors
    assert queries.section_anchors("test-balancers", "health-checks") == []
    assert queries.section_anchors("nothing", "which-one") == []


def test_former_names_and_titles() -> None:
    assert queries.present_slug("former-test-balancers") == "test-balancers"
    assert queries.present_slug("tb-former") is None
    assert queries.topic_title("test-balancers") == "Test balancers"
    assert queries.topic_title("nothing") == ""


def test_the_newest_changes_come_first_one_a_topic() -> None:
    Change.objects.all().delete()
    bodies = {topic.slug: topic.body for topic in Topic.objects.all()}

    def add(slug: str, position: int, title: str, since: str) -> None:
        Change.objects.create(
            body=bodies[slug],
            position=position,
            anchor="x",
            title=title,
            since=since,
            service="S",
            then_text="then",
            now_text="now",
        )

    add("test-balancers", 50, "Older", "2017")
    add("test-balancers", 51, "Old", "October 2020")
    add("test-health-checks", 50, "Newest", "March 2026")
    assert [(one.topic_slug, one.title) for one in queries.latest_changes(6)] == [
        ("test-health-checks", "Newest"),
        ("test-balancers", "Old"),
    ]
    assert [one.title for one in queries.latest_changes(1)] == ["Newest"]
    Topic.objects.filter(slug="test-health-checks").update(retired=True)
    assert [one.title for one in queries.latest_changes(6)] == ["Old"]


def test_no_edition_before_the_first_load(now: datetime) -> None:
    assert len(queries.edition_digest()) == 64
    Edition.objects.all().delete()
    cache.clear()
    assert queries.edition_digest() == ""
