"""A whole class in browsers: joined by code, given an exam on terms of their own, watched, graded, analysed, mended."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from quizzes.models import Attempt, Classroom, Question, QuestionFlag
from sapro.accounts.models import User
from tests import factories
from tests.browser.exam_room import NETWORK_IS_CUT, Room
from tests.browser.test_teach_quizzes import sign_in
from tests.browser.test_teaching_whole import publish, save, write
from tests.own_classes import make_learners
from tests.own_quizzes import make_own_quiz, sat

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEYED, TRUE = "b", "c"
"""Of the question that its author keyed wrongly: what the key says, and what the best know."""


@pytest.fixture
def ada(transactional_db: None) -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def opened(new_context: Callable[..., BrowserContext], live_server: Any) -> Callable[[User], Page]:
    """A browser in which this person is signed in."""
    return lambda person: sign_in(new_context(), person, live_server.url).new_page()


def test_a_class_from_its_code_to_a_mended_question(
    opened: Callable[[User], Page], ada: User, course: None, clock: Any, console: Any
) -> None:
    console.allow("409|" + NETWORK_IS_CUT)
    ann, ben = User.objects.create_user("ann"), User.objects.create_user("ben")
    desk, anns, bens = opened(ada), opened(ann), opened(ben)
    write(desk)
    question = Question.objects.get(author=ada)
    questions = [question, *factories.make_authored(ada, 4)]
    quiz = make_own_quiz(ada, questions, title="Zones", pass_mark=60)

    classroom = gather(desk, anns, bens)
    give(desk, classroom)
    grant(desk, ann)
    rooms = begin(anns, bens)
    watch_and_extend(desk, rooms)
    run_out(desk, rooms, clock)
    grades(desk, ann)

    sit_all(classroom, quiz, questions, clock.now)
    mend(desk, question)
    assert not QuestionFlag.objects.filter(question=question, flag="wrong_key").exists()


def gather(desk: Page, *learners: Page) -> Classroom:
    """A class is made, and these join it by its code."""
    desk.goto("/teach/classes/")
    desk.get_by_label("Name").fill("Cloud 2027")
    desk.get_by_role("button", name="Make the class").click()
    code = desk.locator(".joincode").inner_text()
    for learner in learners:
        learner.goto("/classes/join/")
        learner.get_by_label("Join code").fill(code)
        learner.get_by_role("button", name="Go on").click()
        learner.get_by_role("button", name="Join the class").click()
        expect(learner.get_by_text("You are in the class “Cloud 2027”.")).to_be_visible()
    return Classroom.objects.get()


def give(desk: Page, classroom: Classroom) -> None:
    """The class is given the quiz, once for each."""
    desk.goto(f"/teach/classes/{classroom.code}/assignments/")
    desk.get_by_role("link", name="Give a quiz").click()
    desk.get_by_label("Which quiz").select_option(label="Zones")
    desk.get_by_role("button", name="Next: the terms").click()
    desk.locator("#id_attempts_allowed").fill("1")
    desk.get_by_role("button", name="Give it").click()
    expect(desk.get_by_text("0 of 2")).to_be_visible()


def grant(desk: Page, person: User) -> None:
    """Half as much time again for one of them, from the live view."""
    desk.goto(f"/teach/assignments/{given()}/live/")
    desk.locator(f"#terms-{person.pk}").click()
    desk.get_by_label("Extra time").select_option("1.5")
    desk.get_by_role("button", name="Grant this").click()
    expect(desk.get_by_text("The learner is told")).to_be_visible()


def given() -> str:
    """The code of the one assignment."""
    return Classroom.objects.get().assignments.get().code


def begin(*learners: Page) -> list[Room]:
    """Each finds it at home, reads how long there is, and begins."""
    rooms = []
    for learner in learners:
        learner.goto("/")
        learner.get_by_role("link", name="Rules and start").click()
        learner.get_by_role("button", name="Start the exam").click()
        learner.wait_for_url("**/attempts/*/")
        rooms.append(Room(learner).ready())
    expect(rooms[0].clock).to_contain_text("1:")
    expect(rooms[1].clock).to_contain_text(re.compile("1:00:00|0:59:"))
    return rooms


def watch_and_extend(desk: Page, rooms: list[Room]) -> None:
    """What they answer is seen to grow; after an incident all who work get ten minutes more, and their pages tell."""
    ann, ben = rooms
    desk.goto(f"/teach/assignments/{given()}/live/")
    ann.choose(1)
    ann.expect_saved()
    expect(desk.get_by_role("row", name=re.compile("ann"))).to_contain_text("1 of 5")
    desk.get_by_role("link", name="More time for all at work").click()
    desk.get_by_label("Minutes more").fill("10")
    desk.get_by_role("button", name="Give all of them more time").click()
    expect(desk.get_by_text("2 learners got 10 minutes more.")).to_be_visible()
    ask_the_time(ben)
    expect(ben.announced).to_contain_text("You were given 10 more minutes.")


def ask_the_time(room: Room) -> None:
    """As the page does every half minute."""
    room.page.evaluate("window.dispatchEvent(new Event('online'))")


def run_out(desk: Page, rooms: list[Room], clock: Any) -> None:
    """After 71 minutes the time of one is up, and the other goes on and hands in."""
    ann, ben = rooms
    clock.move(minutes=71)
    ask_the_time(ben)
    expect(ben.page.get_by_role("heading", name="This exam is over")).to_be_visible()
    desk.goto(f"/teach/assignments/{given()}/live/")
    expect(desk.get_by_role("row", name=re.compile("ben"))).to_contain_text("time up")
    expect(desk.get_by_role("row", name=re.compile("ann"))).to_contain_text("working")
    ann.submit()
    ann.page.wait_for_url("**/report/")
    ben.page.reload()
    ben.page.wait_for_url("**/report/")
    states = dict(Attempt.objects.values_list("person__username", "state"))
    assert states == {"ann": "submitted", "ben": "expired"}


def grades(desk: Page, person: User) -> None:
    """The gradebook knows both, and leads to each."""
    desk.get_by_role("link", name="Cloud 2027").click()
    desk.get_by_role("link", name="Gradebook").click()
    expect(desk.get_by_role("row", name=re.compile("ben"))).to_contain_text("0 %")
    desk.get_by_role("link", name="ann", exact=True).click()
    expect(desk.get_by_role("heading", level=1)).to_have_text(person.username)
    desk.locator("#id_text").fill("Well begun.")
    desk.get_by_role("button", name="Send it").click()
    expect(desk.locator(".remarks")).to_contain_text("Well begun.")


def sit_all(classroom: Classroom, quiz: Any, questions: list[Question], now: Any) -> None:
    """Forty more sit it: the better half know what is true of the first question, the others believe its key."""
    assignment = classroom.assignments.get()
    for number, person in enumerate(make_learners(classroom, 40)):
        right = range(2, 6) if number < 20 else [2 + number % 4]
        choice = TRUE if number < 20 or number % 5 == 0 else KEYED
        sat(person, quiz, questions, now, right=right, choices={1: [choice]}, assignment=assignment)


def mend(desk: Page, question: Question) -> None:
    """The analysis warns; the key is corrected, the attempts are marked again, the warning is gone."""
    desk.goto(f"/teach/quizzes/{question.placed_in.get().section.quiz.slug}/analysis/")
    desk.locator("tr", has_text="key may be wrong").get_by_role("link").first.click()
    expect(desk.get_by_text("Check the key first.")).to_be_visible()
    desk.goto("/teach/")
    desk.get_by_role("link", name="that the answers warn of").click()
    desk.locator(".bank tbody th a", has_text="A company must keep serving").click()
    expect(desk.get_by_text("Probable wrong key")).to_be_visible()
    desk.locator("#options-2-key").check()
    save(desk)
    publish(desk)
    desk.goto(f"/teach/quizzes/{question.placed_in.get().section.quiz.slug}/results/")
    desk.get_by_role("link", name="See what marking again would change").click()
    desk.get_by_label("Why").fill("Ten balancers were right all along.")
    desk.get_by_role("button", name="Mark again and tell the learners").click()
    expect(desk.get_by_text(re.compile(r"\d+ attempts were marked again\."))).to_be_visible()
    desk.goto(f"/teach/questions/{question.code}/")
    expect(desk.get_by_text("Probable wrong key")).to_have_count(0)
