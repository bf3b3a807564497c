"""The glossary, then and now, and what the register writes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reference import queries
from reference.models import Change, RegisterEntry

pytestmark = pytest.mark.usefixtures("course")


def html_of(client: Client, url: str) -> str:
    """The page at an address."""
    reply = client.get(url)
    assert reply.status_code == 200
    return reply.content.decode()


def test_the_register_is_loaded_with_the_pages_that_treat_it() -> None:
    balancing = RegisterEntry.objects.get(name="Elastic Load Balancing")
    assert (balancing.short, balancing.status) == (["ELB"], "active")
    assert set(balancing.topics) == {"test-balancers", "test-health-checks"}
    classic = RegisterEntry.objects.get(name="Test Balancer Classic")
    assert (classic.status, classic.since, classic.successors) == ("closed", "2024-05", ["Elastic Load Balancing"])


def test_the_glossary_tells_state_names_and_pages(client: Client) -> None:
    page = html_of(client, "/notes/glossary/")
    assert 'id="test-balancer-classic"' in page
    assert "closed to new customers since 2024-05" in page
    assert "Formerly: Test Balancer" in page
    assert '<a href="/notes/test-balancers/">Test balancers</a>' in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["Elastic Load Balancing", "Test Balancer Classic"]),
        ({"status": "closed"}, ["Test Balancer Classic"]),
        ({"status": "ended"}, []),
        ({"status": "renamed"}, []),
        ({"kind": "service", "letter": "E"}, ["Elastic Load Balancing"]),
        ({"letter": "T"}, ["Test Balancer Classic"]),
    ],
)
def test_the_glossary_is_filtered(query: dict[str, str], names: list[str]) -> None:
    assert [row.entry.name for row in queries.glossary(**query).rows] == names


def test_renamed_is_what_is_in_use_under_another_name() -> None:
    RegisterEntry.objects.filter(name="Elastic Load Balancing").update(former=["Load Balancing"])
    assert [row.entry.name for row in queries.glossary(status="renamed").rows] == ["Elastic Load Balancing"]


@pytest.mark.parametrize(
    "query", ["?status=nonsense", "?page=0", "?page=99999999999", "?letter=%00", "?kind=🙂&page=x"]
)
def test_nonsense_shows_all(client: Client, query: str) -> None:
    assert "Elastic Load Balancing" in html_of(client, f"/notes/glossary/{query}") or "letter" in query
    assert client.get(f"/notes/changes/{query}").status_code == 200


def test_the_glossary_takes_few_statements(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        html_of(client, "/notes/glossary/?kind=service")
    assert len(captured) <= 9
    with CaptureQueriesContext(connection) as captured:
        html_of(client, "/notes/glossary/?kind=service")
    assert len(captured) == 1


def test_changes_are_shown_and_filtered(client: Client) -> None:
    change = Change.objects.first()
    assert change is not None
    page = html_of(client, "/notes/changes/")
    assert change.title in page
    assert change.title in html_of(client, f"/notes/changes/?service={change.service}")
    (service, count) = queries.changed_services()[0]
    assert len(queries.changes(service=service)) == count
    year = queries.change_years()[0]
    assert {one.year for one in queries.changes(year=year)} == {year}
    assert queries.changes(service=service, year=1999) == []


def test_an_empty_site_says_so(client: Client) -> None:
    RegisterEntry.objects.all().delete()
    Change.objects.all().delete()
    assert "No register is loaded yet" in html_of(client, "/notes/glossary/")
    assert "Nothing fits" in html_of(client, "/notes/changes/")
