"""Text that would run is put wherever people and authors can put text, and every page that shows it is opened.

In a real browser with the site's policy switched off, so that what the policy hides would run; ``make fuzz`` looks
under the policy too, which would report a violation. Nothing runs, nothing leaves for another host, no markup of the
writer stays.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, Route

from quizzes.models import Attempt, Challenge, Event, Membership, Notice, Question, QuestionVersion, Quiz, Response
from quizzes.services.attempts import start_attempt
from quizzes.services.classes import create_class
from quizzes.services.practice import start_practice
from quizzes.services.results import append_result
from reference.markup import MarkupError, render_note, render_text
from reference.models import Section, Topic
from sapro.accounts.models import INSTRUCTORS, User
from tests.browser_fixtures import Console
from tests.factories import make_authored
from tests.own_classes import make_group
from tests.own_quizzes import correct_key, make_own_quiz, sat, wrong_choice
from tests.quizzes.practice.conftest import positions
from tests.security import corpus
from tests.security.profiles import PROOF
from tests.security.visitor import HOOKS, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("course", "clock"),
]

TEXTS = corpus.LARGE if PROOF else corpus.SMALL
AT_ONCE = 400
"""How many texts stand on one page."""
BATCHES = [TEXTS[start : start + AT_ONCE] for start in range(0, len(TEXTS), AT_ONCE)]
TYPED = corpus.SMALL if PROOF else [*corpus.ON_THEIR_OWN[::3], *corpus.WITH_HELP[::4]]
"""What is typed into fields that take one text at a time."""
SPELLS = [TYPED[start : start + 36] for start in range(0, len(TYPED), 36)]


@pytest.fixture(params=["policy", "no policy"] if PROOF else ["no policy"])
def visitor(
    request: pytest.FixtureRequest, new_context: Callable[..., BrowserContext], live_server: Any, console: Console,
    now: datetime, record_property: Callable[[str, object], None],
) -> Iterator[Visitor]:  # fmt: skip
    """An instructor's browser, with the site's policy and without."""
    console.allow(r"status of 4\d\d")
    context = new_context(bypass_csp=request.param == "no policy")
    context.add_init_script(HOOKS)
    user = User.objects.create_user("teacher", "teacher@example.org", "x" * 12)
    user.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    visitor = Visitor(context.new_page(), live_server.url, user)
    yield visitor
    record_property(f"pages {request.param}", visitor.looked)


def teacher() -> User:
    """The one who looks."""
    return User.objects.get(username="teacher")


# The control


def test_without_a_guard_these_texts_do_run(
    new_context: Callable[..., BrowserContext], console: Console, record_property: Callable[[str, object], None]
) -> None:
    """Each alone in a frame of a page that takes it for markup. A corpus that never runs would prove nothing."""
    console.allow(".")
    context = new_context()
    context.add_init_script(HOOKS)
    page = context.new_page()

    def raw(route: Route) -> None:
        number = route.request.url.rpartition("/")[2]
        text = corpus.ON_THEIR_OWN[int(number)] if number.isdigit() else _frames(len(corpus.ON_THEIR_OWN))
        route.fulfill(body=f"<!doctype html><title>x</title><body>{text}", content_type="text/html; charset=utf-8")

    page.route("**/raw/*", raw)
    page.goto("/raw/all")
    page.wait_for_load_state("networkidle")
    page.wait_for_function("document.querySelectorAll('iframe').length > 0")
    ran = {one.rpartition("/raw/")[2].split()[0] for one in console.complaints if "INJECTED" in one}
    record_property("ran", f"{len(ran)} of {len(corpus.ON_THEIR_OWN)}")
    record_property("browser", context.browser.version if context.browser else "")
    assert len(ran) >= 20, sorted(ran)


LEAVING = {text: corpus.CANARY for text in corpus.WITH_HELP if corpus.CANARY in text} | {
    "<img src=https://evil.example/beacon.png>": "evil.example",
    "<base href=//evil.example>x": "evil.example",
}


@pytest.mark.parametrize("text", LEAVING)
def test_what_leaves_a_page_that_takes_markup_is_noticed(visitor: Visitor, console: Console, text: str) -> None:
    console.allow(".")
    body = f"<!doctype html><script src=/static/django_htmx/htmx-2.min.js></script><body>{text}<img src=x>"
    visitor.page.route("**/raw/?*", lambda route: route.fulfill(body=body, content_type="text/html"))
    visitor.page.goto(f"/raw/?q={quote(text, safe='')}")
    visitor.page.wait_for_load_state("networkidle")
    assert [one for one in visitor.strays if LEAVING[text] in one]
    assert [one for one in visitor.strays if "/raw/" in one] == []


def _frames(count: int) -> str:
    return "".join(f'<iframe src="/raw/{number}"></iframe>' for number in range(count))


# What authors write


def written(texts: list[str]) -> Question:
    """One published question whose stem, options and rationales hold all of these texts, rendered as a load does."""
    question = Question.objects.published().filter(current__choose=1).first()
    assert question is not None
    version: QuestionVersion = question.current
    everything = "\n".join(render_text(one) for one in texts)
    version.shown = {
        "stem": everything,
        "options": {
            one: "\n".join(render_text(text, inline=True) for text in texts[place :: len(version.option_ids)])
            for place, one in enumerate(version.option_ids)
        },
    }
    version.key["rationales"] = dict.fromkeys(version.option_ids, everything)
    version.save()
    question.constraints = [{"id": "all", "text": " ".join(texts)}]
    question.flaws = {one: {"breaks": "all", "family": "scope"} for one in version.option_ids}
    question.sources = [{"title": one, "url": "https://example.org/"} for one in texts[:40]]
    question.save()
    return question


def only(question: Question, attempt: Attempt) -> Response:
    """The first position of a sitting, made to hold this question."""
    attempt.responses.filter(question=question).exclude(position=1).delete()
    attempt.responses.filter(position=1).update(
        question=question, version=question.current, shown_order=question.current.option_ids
    )
    return attempt.responses.select_related("version").get(position=1)


@pytest.mark.parametrize("texts", BATCHES, ids=range(len(BATCHES)))
def test_questions(visitor: Visitor, now: datetime, texts: list[str]) -> None:
    question, person = written(texts), teacher()
    sitting = {"person_id": person.pk, "now": now}
    practice = start_practice(title="T", topics=[], anchors=[], only="", count=5, **sitting)
    row = only(question, practice)
    url = f"/practice/sessions/{practice.code}/"
    visitor.open(f"{url}?q=1")
    page = visitor.page
    page.locator(f"#practice input[value='{positions(row, right=False)[0]}']").check()
    page.get_by_role("button", name="Check the answer").click()
    page.locator(".feedback").wait_for()
    visitor.look("feedback by htmx")
    visitor.open(f"{url}?q=1")
    visitor.open(f"/challenges/questions/{question.code}/")
    quiz = Quiz.objects.get(slug="short-mock")
    exam = start_attempt(quiz=quiz, time_option="standard", grace=2, **sitting)
    only(question, exam)
    visitor.open(f"/attempts/{exam.code}/")
    page.locator("#room[data-ready]").wait_for()
    # Nothing of the text lies over the room or has taken its names: it can be worked in to the end.
    page.locator("section[data-question='1'] input[name=choice]").first.check()
    page.locator("#saved[data-state=saved]:not([hidden])").wait_for()
    page.get_by_role("button", name="Review all").click()
    page.get_by_role("button", name="Submit the exam").click()
    page.locator("#confirm button[value=submit]").click()
    page.wait_for_url("**/report/")
    visitor.open(f"/attempts/{exam.code}/review/")


def notes_of(texts: list[str]) -> Iterator[str]:
    """The sections that these texts make; most are refused when they are loaded."""
    for text in texts:
        try:
            yield from (one.html for one in render_note(f"## T\n\n{text}\n", topic="nat", diagrams={}).sections)
        except MarkupError:
            continue


def test_notes(visitor: Visitor) -> None:
    """Whatever of all the texts gets through a load at all."""
    html = list(notes_of(TEXTS))
    assert len(html) >= len(corpus.SMALL) / 10
    topic = Topic.objects.get(slug="test-balancers")
    section = Section.objects.filter(body=topic.body).order_by("-position")[0]
    for start in range(0, len(html), AT_ONCE):
        section.html = "\n".join([*html[start : start + AT_ONCE], f"<p>The end of {start}.</p>"])
        section.save()
        cache.clear()
        visitor.open("/notes/test-balancers/")
        assert visitor.page.get_by_text(f"The end of {start}.").is_visible()


# What anybody types


@pytest.mark.parametrize("texts", BATCHES, ids=range(len(BATCHES)))
def test_challenges(visitor: Visitor, now: datetime, texts: list[str]) -> None:
    """On the list of those who look after the questions, with the names of those who object."""
    topic = Topic.objects.get(slug="test-balancers")
    stranger = User.objects.create_user("placeholder", password=None)
    User.objects.filter(pk=stranger.pk).update(username=corpus.ON_THEIR_OWN[1])
    common = {"person": stranger, "topic": topic, "flaw": "other", "created_at": now}
    Challenge.objects.create(text="\n\n".join(texts), **common)
    for text in texts[:28]:
        evidence = f"https://example.org/{text}"[:500]
        Challenge.objects.create(text=text, evidence=evidence, anchor=text[:80], **common)
    visitor.open("/teach/challenges/")
    answer = "\n\n".join(texts)
    decided = {"state": "declined", "answer": answer, "decided_by": stranger, "decided_at": now}
    mine = Challenge.objects.create(text=answer, **{**common, **decided, "person": teacher()})
    Notice.objects.create(person=teacher(), kind="challenge", text=answer, created_at=now)
    for address in (f"/teach/challenges/{mine.pk}/", "/challenges/", "/"):
        visitor.open(address)


def test_results(visitor: Visitor, now: datetime) -> None:
    """Titles of quizzes, names of learners, reasons in the log and of results: before instructor and learner."""
    questions = make_authored(teacher(), 1)
    for number, text in enumerate(TYPED[:6]):
        title, words = text[:200], {"reason": text, "seconds": 60}
        quiz = make_own_quiz(teacher(), questions, title=title)
        learner = User.objects.create_user(f"placeholder-{number}")
        User.objects.filter(pk=learner.pk).update(username=text[:150])
        attempt = sat(User.objects.get(pk=learner.pk), quiz, questions, now)
        Event.objects.create(attempt=attempt, kind="extended", received_at=now, data=words)
        correct_key(questions[0], wrong_choice(questions[0]), now)
        base = f"/teach/quizzes/{quiz.slug}"
        typed = quote(text, safe="")
        for address in ("results/", f"results/?person={typed}&sort={typed}", f"results/{attempt.code}/", "remark/"):
            visitor.open(f"{base}/{address}")
        append_result(attempt, list(attempt.responses.select_related("version")), reason=title, now=now)
        visitor.open(f"{base}/results/{attempt.code}/")


def test_classes(visitor: Visitor, now: datetime) -> None:
    """Names of classes, groups and seats, before those who teach them and in the log."""
    for text in TYPED[:2]:
        classroom = create_class(actor=teacher(), name=text[:100], now=now)
        group = make_group(classroom, text[:80])
        Membership.objects.create(
            classroom=classroom, name=text[:150], email=text[:254], external_id=text[:100], group=group, created_at=now
        )
        typed = quote(text, safe="")
        for address in (f"?shown=waiting&q={typed}", "settings/"):
            visitor.open(f"/teach/classes/{classroom.code}/{address}")
        visitor.open(f"/classes/join/{quote(text[:40], safe='')}/")
    for address in ("/teach/classes/", "/teach/log/", f"/classes/join/{classroom.join_code}/"):
        visitor.open(address)


@pytest.mark.parametrize("texts", SPELLS, ids=range(len(SPELLS)))
def test_what_is_typed_into_fields_comes_back_as_text(visitor: Visitor, texts: list[str]) -> None:
    page = visitor.page
    for text in texts:
        page.goto("/search/")
        field = page.locator("main input[name=q], #find").first
        field.fill(text)
        # Not its address: what is found while one types puts that there as well.
        with page.expect_event("load"):
            field.press("Enter")
        visitor.look(f"search for {text}")
    for address, name in (
        ("/accounts/", "username"),
        ("/accounts/", "time_zone"),
        ("/challenges/notes/test-balancers/", "evidence"),
    ):
        for text in texts[:6]:
            page.goto(address)
            form = page.locator(f"form:has([name={name}])").first
            form.evaluate("(form) => { form.noValidate = true; }")
            form.locator(f"[name={name}]").fill(text.replace("\n", " "))
            with page.expect_event("load"):
                form.locator("button").first.click()
            visitor.look(f"{name}: {text}")


@pytest.mark.parametrize("texts", SPELLS, ids=range(len(SPELLS)))
def test_what_stands_in_an_address_comes_back_as_text(visitor: Visitor, texts: list[str]) -> None:
    for text in texts:
        typed = quote(text, safe="")
        for address in (f"/nowhere/{typed}", f"/search/?q={typed}", f"/accounts/login/?next={typed}"):
            visitor.page.goto(address)
            visitor.look(address)
    for text in texts[:6]:
        typed = quote(text, safe="")
        for address in (
            f"/notes/glossary/?letter={typed}&status={typed}&kind={typed}&page={typed}",
            f"/notes/changes/?service={typed}&year={typed}",
            f"/practice/test-balancers/?section={typed}",
            f"/teach/challenges/?state={typed}&page={typed}",
        ):
            visitor.page.goto(address)
            visitor.look(address)


@pytest.mark.parametrize("texts", SPELLS, ids=range(len(SPELLS)))
def test_titles_and_names(visitor: Visitor, now: datetime, texts: list[str]) -> None:
    """What stands in headings and in the tab: names of people, titles of exams, sessions and pages."""
    person = teacher()
    for text in texts[:: 1 if PROOF else 4]:
        User.objects.filter(pk=person.pk).update(username=text[:150])
        Quiz.objects.filter(slug="short-mock").update(title=text[:200], summary=text)
        Topic.objects.filter(slug="test-balancers").update(title=text[:100])
        Attempt.objects.filter(person=person).delete()
        sitting = {"person_id": person.pk, "now": now}
        practice = start_practice(title=text[:200], topics=[], anchors=[], only="", count=5, **sitting)
        quiz = Quiz.objects.get(slug="short-mock")
        exam = start_attempt(quiz=quiz, time_option="standard", grace=2, **sitting)
        for address in (
            *("/", "/quizzes/", "/quizzes/short-mock/", "/accounts/", "/accounts/delete/", "/notes/", "/practice/"),
            *("/notes/test-balancers/", f"/practice/sessions/{practice.code}/", f"/attempts/{exam.code}/"),
        ):
            visitor.page.goto(address)
            visitor.look(address)


def test_the_admin(visitor: Visitor, now: datetime) -> None:
    """What the operator looks at: the lists and a row of each, where columns that take words are full of them."""
    person, topic, texts = teacher(), Topic.objects.get(slug="test-balancers"), corpus.ON_THEIR_OWN
    written(corpus.SMALL)
    said = {"text": "\n".join(corpus.SMALL), "evidence": f"https://example.org/{texts[1]}", "anchor": texts[2][:80]}
    Challenge.objects.create(person=person, topic=topic, flaw="other", created_at=now, **said)
    Quiz.objects.filter(slug="short-mock").update(title=texts[0], summary=said["text"])
    Topic.objects.filter(pk=topic.pk).update(title=texts[2][:100])
    start_practice(person_id=person.pk, title=texts[3], topics=[], anchors=[], only="", count=5, now=now)
    User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True, username=texts[1])
    for label, row in {
        "accounts/user": person,
        "quizzes/quiz": Quiz.objects.get(slug="short-mock"),
        "quizzes/challenge": Challenge.objects.get(),
        "quizzes/question": Question.objects.exclude(flaws={}).first(),
        "quizzes/questionversion": QuestionVersion.objects.order_by("pk").first(),
        "quizzes/attempt": Attempt.objects.get(),
        "reference/topic": topic,
    }.items():
        assert row is not None
        visitor.open(f"/admin/{label}/")
        assert visitor.page.title().endswith("SA Pro")
        visitor.open(f"/admin/{label}/{row.pk}/change/")
    visitor.open("/admin/")


# What a browser makes of it

READ_AGAIN = """(parts) => {
  const { body } = document.implementation.createHTMLDocument("");
  const read = (html) => { body.innerHTML = html; return body.innerHTML; };
  return parts.filter((one) => { const once = read(one); return read(once) !== once; });
}"""


def test_what_is_rendered_stays_the_same_when_it_is_read_again(page: Page) -> None:
    """Markup that changes when it is read a second time may become what was taken out. The control: these texts do."""
    page.goto("about:blank")
    assert page.evaluate(READ_AGAIN, corpus.SMALL) != []
    assert page.evaluate(READ_AGAIN, [render_text(one) for one in TEXTS] + list(notes_of(TEXTS))) == []


# Frames


@pytest.mark.parametrize("guarded", [True, False])
def test_no_page_lets_itself_be_framed(page: Page, live_server: Any, console: Console, guarded: bool) -> None:
    """By another site. The control: the same page without its two headers is shown."""
    console.allow(".")
    framed = f"{live_server.url}/quizzes/short-mock/"
    around = f'<title>x</title><iframe src="{framed}"></iframe>'
    page.route("http://other.example/", lambda route: route.fulfill(body=around, content_type="text/html"))
    if not guarded:
        page.route(framed, bare)
    page.goto("http://other.example/")
    page.wait_for_load_state("networkidle")
    shown = page.frames[1]
    assert (shown.url == framed, "Short mock" in shown.content()) == (not guarded, not guarded), shown.url
    assert guarded is (shown.url == "chrome-error://chromewebdata/")


def bare(route: Route) -> None:
    """A page of the site without the headers that forbid to frame it."""
    reply = route.fetch()
    kept = {n: v for n, v in reply.headers.items() if n not in ("x-frame-options", "content-security-policy")}
    route.fulfill(response=reply, headers=kept)
