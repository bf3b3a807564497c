"""Searching: what a query becomes, what it finds, and that anything may be typed."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reference.models import SearchEntry
from reference.search import Found, found_pages, search
from reference.search.excerpt import excerpt
from reference.search.words import LONGEST_QUERY, Words, words_of

# Words


@pytest.mark.parametrize(
    ("text", "whole", "start"),
    [
        ("", (), ""),
        ("  –  ", (), ""),
        ("NAT gate", ("nat",), "gate"),
        ("nat gateway ", ("nat", "gateway"), ""),
        ("How do I use a NAT gateway?", ("nat", "gateway"), ""),
        ("the", (), "the"),
        ('"nat" AND (gateway) NOT* x', ("nat", "gateway", "not"), "x"),
        ("multi-az", ("multi",), "az"),
        ("S3 s3 S3", (), "s3"),
        ("Zürich café", ("zürich",), "café"),
        ("nat\0gate", ("nat",), "gate"),
        ("🙂 nat 🙂", ("nat",), ""),
    ],
)
def test_words_of_a_query(text: str, whole: tuple[str, ...], start: str) -> None:
    assert words_of(text) == Words(whole, start)


def test_a_long_query_is_cut() -> None:
    assert len(words_of(" ".join(f"word{n}" for n in range(5000))).whole) <= 10
    assert len(words_of("x" * 10_000).start) <= LONGEST_QUERY


@pytest.mark.parametrize(("start", "stem"), [("nat", "nat"), ("gatewa", "gatewa"), ("replicati", "repli")])
def test_an_unfinished_word_is_looked_for_by_less_than_its_stem(start: str, stem: str) -> None:
    assert Words((), start).start_stem == stem


# Results


@pytest.fixture
def entries(db: None) -> None:
    """Two pages and a term."""
    rows = [
        ("page", "nat", "", "NAT gateways", "NAT, Network Address Translation", "", "A way out for private subnets."),
        ("section", "nat", "zones", "NAT gateways", "", "One in each zone", "A zonal gateway dies with its zone."),
        ("section", "dns", "zones", "Hosted zones", "", "Private zones", "Names of a zone that only a VPC resolves."),
        ("page", "dns", "", "Hosted zones", "Route 53", "", "Names for machines."),
        ("term", "nat", "nat-gateway", "NAT gateway", "NATGW", "", "Translates addresses."),
        ("term", "", "bind", "BIND", "named", "", "A name server of the past."),
    ]
    columns = ("kind", "slug", "anchor", "title", "names", "heading", "body")
    SearchEntry.objects.bulk_create(
        SearchEntry(**dict(zip(columns, row, strict=True)), digest=f"{number:064}", live=True)
        for number, row in enumerate(rows)
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("nat gateway", "/notes/nat/"),
        ("NATGW", "/notes/nat/"),
        ("gateways", "/notes/nat/"),
        ("gatew", "/notes/nat/"),
        ("network address transl", "/notes/nat/"),
        ("route 53", "/notes/dns/"),
        ("resolving names", "/notes/dns/"),
        ("bind", "/notes/glossary/#bind"),
        ("dies with its zone", "/notes/nat/"),
        ("gateway elephant", "/notes/nat/"),
    ],
)
def test_the_right_page_stands_first(entries: None, text: str, first: str) -> None:
    assert [one.url for one in search(text)][:1] == [first]


def test_a_page_shows_its_sections_and_its_term(entries: None) -> None:
    (page,) = search("zonal gateway")[:1]
    assert [(one.url, one.heading) for one in page.sections] == [("/notes/nat/#zones", "One in each zone")]
    assert "<mark>zonal</mark> <mark>gateway</mark>" in page.excerpt
    (term,) = search("natgw")
    assert (term.title, term.term and term.term.url) == ("NAT gateway", "/notes/glossary/#nat-gateway")


def test_what_is_staged_is_not_found(entries: None) -> None:
    SearchEntry.objects.filter(slug="dns").update(live=False)
    assert [one.url for one in search("zones")] == ["/notes/nat/"]


def test_a_changed_entry_is_found_by_its_new_words_only(entries: None) -> None:
    SearchEntry.objects.filter(slug="dns", kind="section").update(body="Elephants remember.", heading="Memory")
    assert [one.url for one in search("elephants")] == ["/notes/dns/"]
    assert search("resolves") == []
    SearchEntry.objects.filter(slug="dns").delete()
    assert search("elephants") == []


def test_a_search_takes_one_statement_or_two(entries: None) -> None:
    for text, most in (("gateway", 1), ("", 0), ("gateway elephant", 2), ("elephant tiger", 2)):
        with CaptureQueriesContext(connection) as captured:
            search(text)
        assert len(captured) <= most, text


def test_a_page_counts_as_its_best_entry_and_a_little_more() -> None:
    def found(slug: str, score: float) -> Found:
        return Found("section", slug, "", slug, "", "", score)

    results = found_pages(
        [found("a", 4.0), found("b", 5.0), found("b", 1.0), found("a", 4.0), found("c", 5.1)], words_of("x")
    )
    assert [(one.slug, one.score) for one in results] == [("a", 7.2), ("b", 5.8), ("c", 5.1)]


def test_text_of_the_notes_is_never_html() -> None:
    assert excerpt("<b>zones & <i>", words_of("zone")) == "&lt;b&gt;<mark>zones</mark> &amp; &lt;i&gt;"


def test_the_passage_that_most_words_fit_is_shown() -> None:
    text = (
        "A zone. "
        + "Nothing here of any interest to anybody. " * 10
        + "The gateway of the zone dies with it. "
        + "x " * 200
    )
    shown = excerpt(text, words_of("zone gateway dies"))
    assert "<mark>gateway</mark> of the <mark>zone</mark> <mark>dies</mark>" in shown
    assert (shown[:2], shown[-2:]) == ("… ", " …")
    assert len(shown) < 300


def test_the_beginning_is_shown_where_no_word_stands() -> None:
    assert excerpt("Names for machines.", words_of("elephant")) == "Names for machines."
    assert excerpt("y " * 300, words_of("elephant")).startswith("y y y")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=80), st.text(alphabet="\"'*()&|!:^-+<>~ NEARandotx0\\%_\x02", max_size=60)))
def test_anything_may_be_typed(entries: None, text: str) -> None:
    assert all(one.url.startswith("/notes/") for one in search(text))


# Pages


class Text(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note it."""
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        """Note it."""
        self.text += data


@pytest.fixture
def page(course: None, client: Client) -> Any:
    """What an address answers."""
    return lambda query, **headers: client.get("/search/", {"q": query}, headers=headers)


def test_the_page_shows_what_fits(page: Any) -> None:
    html = page("health").content.decode()
    assert '<h2><a href="/notes/test-health-checks/">Test health checks</a></h2>' in html
    assert 'value="health"' in html
    assert "<html" in html


def test_htmx_gets_the_results_or_the_short_list(page: Any) -> None:
    results = page("health", **{"HX-Request": "true", "HX-Target": "results"}).content.decode()
    assert "<html" not in results
    assert 'class="hits"' in results
    short = page("balancers", **{"HX-Request": "true", "HX-Target": "finding"}).content.decode()
    assert "<html" not in short
    assert '<a href="/notes/test-balancers/' in short
    assert 'href="/search/?q=balancers"' in short


def test_nothing_found_says_what_to_do(page: Any) -> None:
    assert "No page holds these words" in page("elephant").content.decode()
    empty = page("").content.decode()
    assert "No page holds these words" not in empty
    assert "Nothing found" not in empty


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "🙂" * 50, "x" * 10_000, '"', "' OR 1=1 --", "a AND", "NEAR(a b", "\0", "%"]
)
def test_the_page_takes_anything(page: Any, text: str) -> None:
    reply = page(text)
    assert reply.status_code == 200
    assert Text(reply.content.decode()).tags.count("script") == Text(page("x").content.decode()).tags.count("script")
