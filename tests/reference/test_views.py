"""The notes pages: the same bytes for everybody, kept by caches, and every link on them leads somewhere."""

import re
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Question, Reference
from reference.models import Edition, Section, Topic
from sapro.accounts.services.guests import make_guest

PAGES = ("/notes/", "/notes/test-balancers/", "/notes/test-health-checks/")
BACKEND = "django.contrib.auth.backends.ModelBackend"


def text_of(reply: HttpResponse) -> str:
    """The body of a good answer."""
    assert reply.status_code == 200
    return reply.content.decode()


def statements(client: Client, url: str, **headers: str) -> int:
    """How many statements an answer takes."""
    with CaptureQueriesContext(connection) as captured:
        client.get(url, headers=headers)
    return len(captured)


class Page(HTMLParser):
    """The ids, links and sources of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.asked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what matters of a tag."""
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "hx-get", "action", "xlink:href"):
                (self.asked if name == "hx-get" else self.links).append(value or "")


# Caching


@pytest.mark.parametrize("url", PAGES)
def test_a_page_is_kept_and_asked_for_again(course: None, client: Client, url: str) -> None:
    reply = client.get(url)
    etag = reply.headers["ETag"]
    assert {"public", "max-age=0", "must-revalidate"} == set(reply.headers["Cache-Control"].split(", "))
    again = client.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert client.get(url, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(url, headers={"If-None-Match": f'"other", W/{etag}'}).status_code == 304
    assert statements(client, url, **{"If-None-Match": etag}) == 1
    assert statements(client, url) == 1
    cache.delete_many([key for key in (f"page:en-us:{etag}:{url}",) if cache.get(key)])
    assert 1 < statements(client, url) <= 4


def test_another_edition_is_another_page(course: None, client: Client) -> None:
    etag = client.get(PAGES[1]).headers["ETag"]
    Edition.objects.update(digest="f" * 64)
    assert client.get(PAGES[1], headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("url", PAGES)
def test_it_is_the_same_for_everybody(course: None, client: Client, url: str, person: Any, now: datetime) -> None:
    guest = make_guest(now=now)
    replies = [client.get(url)]
    for one in (guest, person):
        their = Client()
        their.force_login(one, backend=BACKEND)
        replies.append(their.get(url))
    assert {reply.content for reply in replies} == {replies[0].content}
    for reply in replies:
        assert reply.status_code == 200
        assert "Set-Cookie" not in reply.headers
        assert reply.cookies.output() == ""
        assert "Cookie" not in reply.headers.get("Vary", "")


def test_it_is_public_though_it_is_asked_by_head_only_or_get(course: None, client: Client) -> None:
    assert client.head(PAGES[1]).status_code == 200
    assert client.post(PAGES[1]).status_code == 405


# Addresses


def test_a_former_name_leads_on(course: None, client: Client) -> None:
    reply = client.get("/notes/former-test-balancers/")
    assert (reply.status_code, reply.headers["Location"]) == (301, "/notes/test-balancers/")


@pytest.mark.parametrize("name", ["nothing", "tb-former", "mine-all", "x" * 200])
def test_an_unknown_name_is_not_found(course: None, client: Client, name: str) -> None:
    assert client.get(f"/notes/{name}/").status_code == 404


def test_a_retired_page_is_not_found(course: None, client: Client) -> None:
    client.get("/notes/")
    Topic.objects.filter(slug="test-health-checks").update(retired=True)
    Edition.objects.update(digest="f" * 64)
    assert client.get("/notes/test-health-checks/").status_code == 404
    assert "test-health-checks" not in text_of(client.get("/notes/"))


def test_before_the_first_load(db: None, client: Client) -> None:
    assert "No notes are loaded yet" in text_of(client.get("/notes/"))
    assert client.get("/notes/anything/").status_code == 404


# Content


def test_a_page_says_what_its_file_says(course: None, client: Client) -> None:
    page = text_of(client.get("/notes/test-balancers/"))
    assert "<h1>Test balancers</h1>" in page
    assert 'datetime="2026-11-23">November 23, 2026</time>' in page
    assert re.findall(r'href="/notes/tasks/#([\w.-]+)">([\d.]+)<', page) == [
        ("domain-1", "1"),
        ("domain-4", "4"),
        ("task-1.1", "1.1"),
        ("task-2.4", "2.4"),
    ]
    assert "1 source</a>" in page
    assert 'rel="next"><small>Next</small>Test health checks</a>' in page
    assert 'rel="prev"' not in page
    assert '<a href="/notes/test-balancers/" aria-current="page">Test balancers</a>' in page
    for html in Section.objects.filter(body__topics__slug="test-balancers").values_list("html", flat=True):
        assert html in page
    assert 'id="tb-former"' in page


def test_sections_count_each_question_once(course: None, client: Client) -> None:
    """test-tb01 cites two statements of one section, test-tb03 two of another: each is one question."""
    cited: dict[str, set[str]] = {}
    rows = Reference.objects.filter(topic__slug="test-balancers", question__status="published")
    for anchor, code in rows.values_list("anchor", "question__code"):
        cited.setdefault(anchor, set()).add(code)
    chapters: dict[str, set[str]] = {}
    heading = ""
    for section in Section.objects.filter(body__topics__slug="test-balancers").order_by("position"):
        heading = section.anchor if section.level == 2 else heading
        chapters.setdefault(heading, set()).update(*(cited.get(one, ()) for one in section.anchors))
    assert sum(map(len, cited.values())) > len(set().union(*cited.values()))
    page = text_of(client.get("/notes/test-balancers/"))
    found = re.findall(
        r'href="/practice/test-balancers/\?section=([\w-]+)">Practice this section</a> <span>(\d+) q', page
    )
    assert {name: int(count) for name, count in found} == {
        name: len(codes) for name, codes in chapters.items() if codes
    }
    total = re.search(r'<a href="/practice/test-balancers/">(\d+) questions</a>', page)
    assert total
    assert int(total[1]) == len(set().union(*cited.values()))


def test_only_questions_that_can_be_practised_are_counted(course: None, client: Client) -> None:
    def counts() -> tuple[list[str], list[str]]:
        page = text_of(client.get("/notes/test-health-checks/"))
        return re.findall(r"<span>(\d+) question", page), re.findall(
            r">(\d+) questions?</span>", text_of(client.get("/notes/"))
        )

    def edition(name: str) -> None:
        Edition.objects.update(digest=name * 64)

    before = counts()
    one = Question.objects.get(code="test-th13")
    assert one.status == "pilot"
    Question.objects.filter(code="test-th14").update(status="published", origin="author")
    edition("a")
    assert counts() == before
    Question.objects.filter(code="test-th13").update(status="published")
    edition("b")
    assert counts() != before


def test_the_number_of_statements_does_not_hang_on_the_page(real_course: None, client: Client) -> None:
    client.get("/notes/")
    slugs = list(Topic.objects.live().values_list("slug", flat=True))
    assert {statements(client, f"/notes/{slug}/") for slug in slugs} == {4}
    assert {statements(client, f"/notes/{slug}/") for slug in slugs} == {1}


# Links


@pytest.mark.once
def test_every_link_on_every_page_leads_somewhere(real_course: None, client: Client) -> None:
    urls = ["/", "/notes/", *(f"/notes/{slug}/" for slug in Topic.objects.live().values_list("slug", flat=True))]
    pages = {url: Page(text_of(client.get(url))) for url in urls}
    status: dict[str, int] = {}
    broken = []
    for url, page in pages.items():
        assert len(set(page.ids)) == len(page.ids), (url, sorted({one for one in page.ids if page.ids.count(one) > 1}))
        for link in [*page.links, *page.asked]:
            parts = urlsplit(link)
            if parts.scheme or link.startswith("/static/"):
                assert parts.scheme in ("", "https"), (url, link)
                continue
            target = parts.path or url
            if target in pages:
                if parts.fragment and unquote(parts.fragment) not in pages[target].ids:
                    broken.append((url, link))
            elif target not in status:
                status[target] = client.get(target).status_code
    assert broken == []
    assert {target: code for target, code in status.items() if code not in (200, 204, 302)} == {}
    assert len(pages) > 10


def test_every_statement_that_a_question_cites_is_on_its_page(real_course: None, client: Client) -> None:
    cited = Reference.objects.values_list("topic__slug", "anchor").distinct()
    pages = {slug: set(Page(text_of(client.get(f"/notes/{slug}/"))).ids) for slug in {slug for slug, _ in cited}}
    assert len(cited) > 100
    assert [(slug, anchor) for slug, anchor in cited if anchor not in pages[slug]] == []


def test_the_personal_layer_finds_its_places(real_course: None, client: Client) -> None:
    offered = 0
    for slug in Topic.objects.live().values_list("slug", flat=True):
        page = Page(text_of(client.get(f"/notes/{slug}/")))
        assert page.asked == ["/search/", f"/notes/{slug}/mine/"]
        links = " ".join(page.links)
        sections = re.findall(r"/practice/[\w-]+/\?section=([\w-]+)", links)
        places = {"mine-topic", "marks", "bookmarked"}
        places |= {f"{name}-{one}" for name in ("mine", "mastery") for one in sections}
        places |= {f"bookmark-{one}" for one in re.findall(r"/bookmark/\?section=([\w-]+)", links)}
        assert places <= set(page.ids)
        offered += len(sections)
    assert offered > 0
