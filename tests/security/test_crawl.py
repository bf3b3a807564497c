"""Whoever sits an exam may ask for whatever they like: nothing tells of the key, and nothing of anybody else.

Five visitors at once (a guest, two learners, an instructor, a stranger), each with an exam under way, a finished one,
a practice session answered and one begun. Each asks for every address of the site, with their own codes and with
those of a neighbor, follows every link, posts every form and fetches every static file. Words that stand nowhere
else are planted in keys, rationales, difficulties, requirements, sources and references beforehand.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.staticfiles.finders import get_finders
from django.http import HttpRequest, HttpResponse

from quizzes.models import Question, Response
from quizzes.queries.draws import held_questions
from tests.security import crawler, people
from tests.security.addresses import Route, routes, spelled
from tests.security.crawler import Asked, Crawler

pytestmark = [pytest.mark.usefixtures("course", "clock"), pytest.mark.once]


@pytest.fixture
def everybody(course: None, now: datetime) -> dict[str, people.Person]:
    people.plant()
    return people.gather(now)


def known_words(everybody: dict[str, people.Person], role: str) -> dict[str, list[Any]]:
    """What can stand in an address: their own codes and those of one other, every page, a few that are not there."""
    ring = [one for one in people.ROLES if everybody[one].attempts]
    another = ring[(ring.index(role) + 1) % len(ring)] if role in ring else ring[0]
    two = [everybody[one] for one in dict.fromkeys((role, another))]
    exams = [one.code for person in two for one in (person.earlier, person.exam) if one]
    sessions = [one.code for person in two for one in person.practice]
    topics = ["test-balancers", "test-health-checks", "nowhere"]
    held = Response.objects.filter(attempt__state="in_progress").values("question")
    asked = Question.objects.filter(pk__in=held), Question.objects.exclude(pk__in=held)
    questions = [rows.order_by("code")[0].code for rows in asked]
    return {
        "code": exams,
        "practice:session code": sessions,
        "practice:response code": sessions,
        "practice:retry code": sessions,
        "challenges:question code": questions,
        **{f"cards:{one} code": questions for one in ("card", "answer", "aside")},
        "slug": topics,
        "quizzes:detail slug": ["short-mock", "sap-c02", "sap-c03"],
        "quizzes:start slug": ["short-mock"],
        "topic": topics,
        "anchor": ["tb-sni", "canary-anchor-test-tb01"],
        "position": [1, 3, 99],
        "object_id": ["1"],
        "content_type_id": [1],
        "pk": [1],
        "app_label": ["quizzes", "accounts"],
    }


def starts(everybody: dict[str, people.Person], role: str) -> list[str]:
    """Every address of the configuration; for one role every static file, for the others those that pages name."""
    known = known_words(everybody, role)
    static = [f"/static/{path}" for finder in get_finders() for path, _ in finder.list([])] if role == "learner" else []
    return ["/", *(url for route in routes() for url in spelled(route, known)), *static]


def checks(everybody: dict[str, people.Person]) -> list[crawler.Check]:
    others = {role: person.words() for role, person in everybody.items()}
    return [crawler.tells_of_the_key, crawler.tells_of_others(others), crawler.is_kept_by_no_cache]


@pytest.mark.parametrize("role", people.ROLES)
def test_nothing_tells_of_the_key_or_of_anybody_else(everybody: dict[str, people.Person], role: str) -> None:
    person = everybody[role]
    held = person.held()
    walk = Crawler(person, checks(everybody)).walk(starts(everybody, role))
    assert sorted(set(walk.found)) == []
    # It went where it was sent, and the exam was under way until the end.
    assert person.held() >= held
    reached = {(asked.method, asked.url, status) for asked, status in walk.walked}
    assert ("GET", "/notes/test-balancers/", 200) in reached
    assert ("GET", "/static/css/base.css", 200) in reached
    if person.exam is None:
        assert held == set()
        return
    assert len(held) >= 5
    room, session = f"/attempts/{person.exam.code}/", f"/practice/sessions/{person.practice[1].code}/"
    assert {("GET", room, 200), ("GET", f"{room}clock/", 200), ("GET", session, 200)} <= reached
    assert ("POST", f"{room}responses/1/", 200) in reached
    posted = [url for method, url, status in reached if method == "POST" and url.startswith(session) and status < 400]
    assert posted, "practice was answered, so that rationales were to be seen"


def test_what_may_be_seen_is_seen(everybody: dict[str, people.Person], clock: Any) -> None:
    """The control: the planted words do stand on the pages that may show them, and are recognized there."""
    learner = everybody["learner"]
    assert learner.exam is not None
    clock.move(days=1)
    blind = crawler.Crawler(learner, [lambda person, asked, status, text: crawler.UNTIL_SHOWN.findall(text)])
    blind.visit(Asked("GET", f"/attempts/{learner.exam.code}/review/"))
    assert len(set(blind.found)) >= 5
    text = "canary-key-x 31007 canary-rationale-test-th01"
    told = crawler.tells_of_the_key(everybody["anonymous"], Asked("GET", "/"), 200, text)
    assert set(told) == {"tells canary-key-x", "tells 31007", "tells of test-th01"}


# What a leak looks like

View = Callable[[HttpRequest], HttpResponse]
Leak = tuple[bytes, dict[str, str]]


def _neighbor(row: Response) -> Leak:
    other = Response.objects.exclude(attempt__person=row.attempt.person).first()
    assert other is not None
    return other.attempt.get_absolute_url().encode(), {}


LEAKS: dict[str, Callable[[Response], Leak]] = {
    "comment": lambda row: (f"<!-- {row.version.key['rationales'][row.shown_order[0]]} -->".encode(), {}),
    "header": lambda row: (b"", {"X-Item": row.version.key["word"]}),
    "attribute": lambda row: (f'<i data-level="{row.question.difficulty}"></i>'.encode(), {}),
    "reference": lambda row: (f'<a href="#canary-anchor-{row.question.code}"></a>'.encode(), {}),
    "neighbor": _neighbor,
}


def leak(get_response: View) -> View:
    """Add what ``request.leak`` names to every page of a sitting."""

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match and "code" in match.kwargs and match.namespace in ("attempts", "practice") and not response.streaming:
            held = held_questions(request.user.pk)
            row = Response.objects.filter(attempt__code=match.kwargs["code"], question__in=held).last()
            body, headers = LEAKS[request.META["LEAK"]](row)
            response.content += body
            for name, value in headers.items():
                response[name] = value
        return response

    return handle


@pytest.mark.parametrize("name", LEAKS)
@pytest.mark.parametrize("where", ["exam", "clock", "practice"])
def test_a_leak_is_found(everybody: dict[str, people.Person], settings: Any, name: str, where: str) -> None:
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.security.test_crawl.leak"]
    learner = everybody["learner"]
    learner.client.defaults["LEAK"] = name
    assert learner.exam is not None
    addresses = {
        "exam": f"/attempts/{learner.exam.code}/",
        "clock": f"/attempts/{learner.exam.code}/clock/",
        "practice": f"/practice/sessions/{learner.practice[1].code}/",
    }
    walk = Crawler(learner, checks(everybody))
    walk.visit(Asked("GET", addresses[where]))
    assert walk.found != []


def test_the_configuration_is_read_whole() -> None:
    names = {route.name for route in routes()}
    assert names >= {"home", "attempts:response", "practice:retry", "account_reset_password_from_key"}
    assert {"admin:index", "admin:quizzes_attempt_change", "mfa_activate_totp"} <= names
    assert Route("attempts:response", ("code", "position")) in routes()
