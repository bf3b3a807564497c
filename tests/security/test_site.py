"""What holds for every address or for the site as a whole: caches, files, errors, hosts, cookies, logs."""

import logging
import re
import time
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from quizzes.models import QuestionVersion
from sapro.accounts.models import INSTRUCTORS, User
from tests.security import people
from tests.sources import APPS, ROOT, files

pytestmark = pytest.mark.usefixtures("course", "clock")

BROKEN = "canary-rationale-of-a-broken-page"


def broken(request: HttpRequest) -> HttpResponse:
    """A view that fails with something in its hands that nobody may see."""
    version = QuestionVersion.objects.first()
    assert version is not None
    raise RuntimeError(f"{BROKEN} {version.key}")


urlpatterns = [path("broken/", broken), path("", include("sapro.urls"))]


@pytest.fixture
def learner(now: datetime) -> people.Person:
    return people.gather(now, ["learner"])["learner"]


# S7: files that no site should give out

STEMS = ("backup", "db", "dump", "sapro", "site", "www", "config", "settings", "bank", "questions", "answers", "export")
NOT_THERE = [
    *(f"/{name}" for name in (".git/HEAD", ".git/config", ".env", ".ssh/id_rsa", ".DS_Store", ".ci/run", "Makefile")),
    *(f"/{name}" for name in ("manage.py", "requirements.txt", "pyproject.toml", "gunicorn.conf.py", "var/secret_key")),
    *(
        f"/{name}"
        for name in ("quizzes/bank/exams.yaml", "reference/outline.yaml", "reference/notes/", "sapro.sqlite3")
    ),
    *(f"/{stem}.{end}" for stem in STEMS for end in ("zip", "sql", "sqlite3", "json", "yaml", "tar.gz", "bak")),
    *(f"/{name}/" for name in ("media", "uploads", "backup", "api", "graphql", "debug", "__debug__", "server-status")),
    *("/static/", "/static/js/", "/static/../sapro/settings.py", "/static/%2e%2e/sapro/settings.py"),
    *("/static/..%2f..%2fquizzes/bank/exams.yaml", "/static/js/exam/main.js.map", "/static//etc/passwd"),
    *("/openapi.json", "/swagger.json", "/schema/", "/robots.txt.bak", "/phpinfo.php", "/wp-login.php"),
]


@pytest.mark.parametrize("address", NOT_THERE)
def test_no_file_lies_about(client: Client, address: str) -> None:
    assert client.get(address).status_code in (301, 404)
    assert client.get(address, follow=True).status_code == 404


def test_what_is_shipped_holds_no_source_maps_and_no_secrets() -> None:
    shipped = [one for one in (ROOT / "static").rglob("*") if one.is_file()]
    assert len(shipped) > 50
    ends = {".css", ".js", ".svg", ".woff2", ".md", ""}
    assert {one.suffix for one in shipped} <= ends
    text = "".join(one.read_text() for one in shipped if one.suffix in (".js", ".css"))
    assert "sourceMappingURL" not in text
    assert not re.search(r"rationale|difficulty", text)


# S5, S60: caches and their keys

SUFFIXES = ("x.css", ";.css", "%2e%2e/", "style.css?", "%00.css", "..;/", ".js", "%3f.css", "/index.html", "%0a.css")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_private_page_has_no_second_name_that_a_cache_might_keep(learner: people.Person, suffix: str) -> None:
    assert learner.exam is not None
    session = learner.practice[0].get_absolute_url()
    for url in (
        learner.exam.get_absolute_url(),
        f"{learner.exam.get_absolute_url()}clock/",
        session,
        "/accounts/data/json/",
    ):
        reply = learner.client.get(f"{url}{suffix}")
        assert reply.status_code == 404 or "no-store" in reply.headers["Cache-Control"], (url, suffix)


def test_nothing_private_has_an_etag(learner: people.Person) -> None:
    assert learner.exam is not None
    for url in (
        learner.exam.get_absolute_url(),
        learner.practice[0].get_absolute_url(),
        "/accounts/data/json/",
        "/accounts/",
    ):
        reply = learner.client.get(
            url, headers={"If-None-Match": "*", "If-Modified-Since": "Mon, 23 Nov 2099 12:00:00 GMT"}
        )
        assert (reply.status_code, "ETag" in reply.headers) == (200, False)


# S11: errors


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}, {"Accept": "application/json"}])
def test_an_error_tells_nothing(headers: dict[str, str]) -> None:
    reply = Client(raise_request_exception=False).get("/broken/", headers=headers)
    assert reply.status_code == 500
    everything = f"{reply.headers} {reply.content.decode()}"
    for word in (BROKEN, "rationale", "Traceback", "RuntimeError", "tests/security", "Django"):
        assert word not in everything


# S24: a role that was taken away


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(client: Client, now: datetime) -> None:
    user = User.objects.create_user("teacher", password=None)
    user.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    client.force_login(user, backend=people.BACKEND)
    assert client.get("/teach/challenges/").status_code == 200
    user.groups.clear()
    assert client.get("/teach/challenges/").status_code == 404
    chief = User.objects.create_superuser("chief", password=None)
    client.force_login(chief, backend=people.BACKEND)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=chief.pk).update(is_superuser=False, is_staff=False)
    assert client.get("/admin/").status_code == 302


def test_whoever_is_deactivated_saves_nothing_more(learner: people.Person) -> None:
    assert learner.exam is not None
    url = f"{learner.exam.get_absolute_url()}responses/1/"
    assert learner.client.post(url, {"flagged": "1"}, headers={"HX-Request": "true"}).status_code == 200
    User.objects.filter(pk=learner.user.pk).update(is_active=False)
    assert learner.client.post(url, {"flagged": "0"}, headers={"HX-Request": "true"}).status_code == 401
    assert learner.exam.responses.get(position=1).flagged


# S33: words for a database

SQL = (
    *("' OR 1=1 --", '" OR ""="', "1; DROP TABLE quizzes_attempt", "') UNION SELECT password FROM accounts_user --"),
    *("-password", "?", "pk__in", "1e5", "%' ESCAPE '!", "\\", "id) FROM accounts_user", "NULL", "0x31", "/*!50000*/"),
)


@pytest.mark.parametrize("words", SQL)
def test_words_for_a_database_are_words(learner: people.Person, words: str) -> None:
    asked = dict.fromkeys(
        ("q", "status", "kind", "letter", "page", "service", "year", "show", "domain", "state"), words
    )
    asked |= {"o": words, "order_by": words, "sort": words, "section": words}
    before = User.objects.count()
    for url in ("/search/", "/notes/glossary/", "/notes/changes/", "/practice/test-balancers/", "/teach/challenges/"):
        reply = learner.client.get(url, asked)
        assert reply.status_code in (200, 404)
        assert learner.user.password not in reply.content.decode()
    assert learner.earlier is not None
    assert learner.client.get(f"/attempts/{learner.earlier.code}/review/", asked).status_code == 200
    assert User.objects.count() == before


def test_sql_is_written_in_few_places_and_takes_values_as_parameters() -> None:
    """What is written by hand is looked at here: a new place is a reason to look again."""
    by_hand = re.compile(r"\.(extra|raw)\(|RawSQL|\.execute\(|executemany\(|executescript\(")
    found = {one.relative_to(ROOT).as_posix() for one in files(".py", folders=APPS) if by_hand.search(one.read_text())}
    assert found == SQL_BY_HAND


SQL_BY_HAND = {
    "quizzes/formats/exchange/anki/collection.py",
    "quizzes/queries/attempts.py",
    "quizzes/queries/draws.py",
    "quizzes/queries/likeness.py",
    "quizzes/services/attempts.py",
    "reference/search/postgres.py",
    "reference/search/sqlite.py",
    "sapro/backups.py",
}

# S35: what is sent back in a header

BREAKS = (
    *("1\r\nX-Evil: 1", "1\nSet-Cookie: sessionid=1", "%0d%0aX-Evil: 1", "1\x0b2"),
    *("\u2028", "\u202e", 'a"; filename="x', "é" * 300),
)


@pytest.mark.parametrize("words", BREAKS)
def test_no_header_is_broken_open(learner: people.Person, words: str) -> None:
    assert learner.exam is not None
    room = learner.exam.get_absolute_url()
    replies = [
        learner.client.post(f"{room}responses/1/", {"flagged": "1", "go": words}),
        learner.client.get(room, headers={"X-Request-ID": words.encode("ascii", "replace").decode()}),
        Client().post("/accounts/login/", {"login": "canary-name-learner", "password": "x" * 12, "next": words}),
        Client().get("/accounts/delete/", {"next": words}),
    ]
    for reply in replies:
        assert reply.status_code in (200, 302, 303)
        assert "X-Evil" not in reply.headers
        assert all(ord(letter) >= 32 for name, value in reply.items() for letter in f"{name}{value}")
        assert urlsplit(reply.headers.get("Location", "/"))[:2] == ("", "")


# S48: whether a name is known


def test_an_unknown_name_costs_as_much_as_a_wrong_password(client: Client, now: datetime, monkeypatch: Any) -> None:
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counting(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    User.objects.create_user("alice", "alice@example.org", "correct horse")
    monkeypatch.setattr(MD5PasswordHasher, "encode", counting)
    counts = []
    for name in ("alice", "alice@example.org", "nobody", "nobody@example.org"):
        hashed.clear()
        assert client.post("/accounts/login/", {"login": name, "password": "wrong"}).status_code == 200
        counts.append(len(hashed))
    assert min(counts) >= 1
    assert max(counts) - min(counts) <= 1, "one more lookup by address and none"


# S54: cookies


def test_looking_about_sets_no_cookie_but_that_of_forms(client: Client) -> None:
    for url in (
        "/",
        "/notes/",
        "/notes/test-balancers/",
        "/about/",
        "/privacy/",
        "/quizzes/",
        "/healthz",
        "/search/?q=a",
    ):
        assert set(client.get(url).cookies) <= set(), url
    assert set(client.get("/quizzes/short-mock/").cookies) == {"csrftoken"}


def test_cookies_are_closed_to_scripts_and_to_other_sites(client: Client) -> None:
    reply = client.post("/practice/", {"count": "5"})
    session, token = reply.cookies["sessionid"], client.get("/practice/").cookies["csrftoken"]
    assert (session["httponly"], session["samesite"], session["domain"], session["path"]) == (True, "Lax", "", "/")
    assert (token["samesite"], token["domain"]) == ("Lax", "")


# S59: hosts


@pytest.mark.parametrize(
    "host", ["a b", "x:80:80", "", "h@evil", "evil.example", "localhost.evil", "[::1", "x" * 300, "ü"]
)
def test_a_strange_host_is_refused_in_few_words(client: Client, settings: Any, host: str) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    reply = Client(raise_request_exception=False).get("/accounts/login/", headers={"Host": host})
    assert reply.status_code == 400
    assert len(reply.content) < 6000
    assert "evil" not in reply.content.decode()


# S65: what costs much

COSTLY = (
    "%" * 200,
    "a" * 200,
    "a* " * 100,
    "NEAR(" * 40,
    '"' * 200,
    "- " * 100,
    "OR " * 60,
    "é" * 200,
    "s" * 5000,
    "(" * 200,
)


def test_no_search_costs_much_more_than_an_ordinary_one(client: Client, django_assert_max_num_queries: Any) -> None:
    client.get("/search/", {"q": "warm up"})

    def seconds(text: str) -> float:
        taken = []
        for _ in range(3):
            begun = time.perf_counter()
            with django_assert_max_num_queries(4):
                assert client.get("/search/", {"q": text}).status_code == 200
            taken.append(time.perf_counter() - begun)
        return min(taken)

    ordinary = seconds("balancer zone")
    assert {text: cost / ordinary for text in COSTLY if (cost := seconds(text)) > 20 * ordinary} == {}


@pytest.mark.parametrize("page", ["999999999999", "-1", "0", "1e9", "9999", "٣", "last", ""])
def test_a_huge_page_is_a_page(client: Client, page: str) -> None:
    for url in ("/notes/glossary/", "/notes/changes/"):
        assert client.get(url, {"page": page}).status_code == 200


# S66: who says where they come from


def test_a_made_up_address_dodges_no_limit(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/m/ip"}
    form = {"username": "x", "password1": "a", "password2": "b"}
    replies = [
        Client().post(
            "/accounts/signup/", form, headers={"X-Forwarded-For": f"10.0.0.{one}", "X-Real-IP": f"10.1.0.{one}"}
        )
        for one in range(4)
    ]
    assert [reply.status_code for reply in replies] == [200, 200, 429, 429]


def test_behind_a_proxy_the_address_that_it_added_counts(settings: Any) -> None:
    """What the client put before it is made up."""
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "2/m/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    form = {"username": "x", "password1": "a", "password2": "b"}

    def coming_from(*addresses: str) -> int:
        headers = {"X-Forwarded-For": ", ".join(addresses)}
        return Client().post("/accounts/signup/", form, headers=headers).status_code

    assert [coming_from(f"10.0.0.{one}", "192.0.2.1") for one in range(4)] == [200, 200, 429, 429]
    assert coming_from("10.0.0.1", "192.0.2.2") == 200


# S68: a name that comes twice


def test_a_doubled_name_has_one_meaning(learner: people.Person) -> None:
    assert learner.exam is not None
    url = f"{learner.exam.get_absolute_url()}responses/1/"
    for doubled in ({"at": ["1", "2"]}, {"tab": ["1", "2"]}, {"choice": ["1", "1", "1"], "at": "1"}):
        reply = learner.client.post(url, {"choice": "1", **doubled}, headers={"HX-Request": "true"})
        assert reply.status_code in (200, 422)
    row = learner.exam.responses.get(position=1)
    assert len(row.choice) == len(set(row.choice)) <= 1
    reply = learner.client.post(url, {"flagged": ["0", "1"]}, headers={"HX-Request": "true"})
    assert reply.json()["flagged"] is True, "the last one counts"


# S69: lines that were not logged


def test_no_line_of_the_log_is_forged(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="sapro.access")
    caplog.set_level(logging.INFO, logger="django.request")
    for address in (
        "/x%0a2026-11-23 ERROR forged/",
        "/notes/a%0d%0aforged/",
        "/x%1b[2Jforged/",
        "/attempts/a%0aforged/",
    ):
        client.get(address, headers={"User-Agent": "a\nforged", "X-Request-ID": "good-id-1\nforged"})
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) >= 7
    assert [one for one in lines if any(ord(letter) < 32 for letter in one)] == []
    assert {len(str(getattr(record, "request_id", ""))) for record in caplog.records} <= {0, 16}
