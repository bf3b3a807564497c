"""What somebody has read, and the index by exam task."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from reference import queries
from reference.models import Reading, Topic
from reference.services import mark_read, unmark_read
from reference.services.readings import move_readings

pytestmark = pytest.mark.usefixtures("course", "clock")

URL = "/notes/test-balancers/read/"


def test_the_first_day_stands(person: Any, now: datetime) -> None:
    assert mark_read(person_id=person.pk, slug="test-balancers", now=now)
    assert mark_read(person_id=person.pk, slug="test-balancers", now=now.replace(year=2027))
    assert queries.read_on(person.pk, "test-balancers") == now
    assert [(one.slug, one.read_at) for one in queries.read_days(person.pk)] == [("test-balancers", now)]
    unmark_read(person_id=person.pk, slug="test-balancers")
    assert queries.read_days(person.pk) == []
    assert not mark_read(person_id=person.pk, slug="nothing", now=now)


def test_a_stranger_becomes_a_guest_only_by_marking(client: Client, django_user_model: Any) -> None:
    assert "Mark this page as read?" in client.get(URL).content.decode()
    assert django_user_model.objects.count() == 0
    reply = client.post(URL, follow=True)
    assert reply.redirect_chain == [("/notes/mine/", 302)]
    assert "Test balancers" in reply.content.decode()
    assert "1 of 2 pages" in reply.content.decode()
    assert django_user_model.objects.get().is_guest
    client.post(URL, {"undo": "1"})
    assert Reading.objects.count() == 0


def test_htmx_gets_the_mark_alone(client: Client, person: Any) -> None:
    client.force_login(person)
    reply = client.post(URL, headers={"HX-Request": "true"})
    assert "Read on November 23, 2026" in reply.content.decode()
    assert "<html" not in reply.content.decode()
    assert "Read on November 23, 2026" in client.get("/notes/test-balancers/mine/").content.decode()
    marks = client.get("/notes/mine/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="read-test-balancers" hx-swap-oob="true"' in marks
    assert 'id="read-test-balancers"' in client.get("/notes/").content.decode()


def test_what_is_not_there_cannot_be_read(client: Client) -> None:
    assert client.get("/notes/nothing/read/").status_code == 404
    assert client.post("/notes/nothing/read/").status_code == 404
    Topic.objects.filter(slug="test-balancers").update(retired=True)
    assert client.post(URL).status_code == 404
    assert Reading.objects.count() == 0


def test_nobody_has_read_nothing(client: Client) -> None:
    page = client.get("/notes/mine/").content.decode()
    assert "No page is marked yet" in page


def test_marks_come_along(person: Any, guest: Any, now: datetime) -> None:
    for slug, who in (("test-balancers", guest), ("test-health-checks", guest), ("test-balancers", person)):
        mark_read(person_id=who.pk, slug=slug, now=now)
    move_readings(guest.pk, person.pk)
    assert {one.slug for one in queries.read_days(person.pk)} == {"test-balancers", "test-health-checks"}


def test_notes_stand_under_domains_and_tasks(client: Client) -> None:
    page = client.get("/notes/tasks/").content.decode()
    domain = page[page.index('id="domain-4"') : page.index('id="domain-5"')]
    assert domain.count("/notes/test-balancers/") == domain.count("/notes/test-health-checks/") == 1
    task = page[page.index('id="task-1.1"') : page.index('id="task-1.2"')]
    assert "/notes/test-balancers/" in task
    assert "/notes/test-health-checks/" not in task
    assert page.count('id="task-') == 20
    assert "20 %, provisional" in page
