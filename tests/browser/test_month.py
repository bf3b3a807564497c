"""A month of study in one browser: every number on the pages is computed here once more, by hand.

The clock of the tests is moved from day to day. The person is a guest at first and signs up on the second day.
"""

import re
from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from quizzes.models import Attempt, Card, Exam, Exposure, Question, Quiz, Response
from quizzes.queries.cards import shown_order
from sapro.accounts.models import User
from tests import factories
from tests.browser.exam_room import Room, key_of
from tests.clock import START, Clock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# FSRS-6 as published: the curve, and the stability after a first Again, Hard and Good.
DECAY = -0.1542
FACTOR = 0.9 ** (1 / DECAY) - 1
AGAIN, HARD, GOOD = 0.212, 1.2931, 2.3065


def recall(days: float, stability: float) -> float:
    return (1 + FACTOR * days / stability) ** DECAY


class Learner:
    """One browser, with the clock of its days."""

    def __init__(self, page: Page, clock: Clock) -> None:
        self.page, self.clock = page, clock

    def on(self, day: int) -> None:
        """Noon of a day: 0 is the first."""
        self.clock.now = START + timedelta(days=day)

    def practice(self, plan: list[tuple[bool, str]]) -> None:
        """One session on the balancers: right or not and how sure, question by question."""
        self.page.goto("/practice/test-balancers/")
        self.page.get_by_label("How many").select_option(str(len(plan)))
        self.page.get_by_role("button", name="Start practice").click()
        for right, sure in plan:
            action = self.page.locator("#practice form[hx-post]").first.get_attribute("action") or ""
            _, _, _, code, _, position, _ = action.split("/")
            self._answer(Response.objects.get(attempt__code=code, position=position), right, sure)
            self.page.locator("#practice .actions a").first.click()

    def _answer(self, row: Response, right: bool, sure: str) -> None:
        wanted = key_of(row)
        places = wanted if right else [one for one in range(1, len(row.shown_order) + 1) if one not in wanted]
        for place in places[: row.version.choose]:
            self.page.locator(f"#practice input[name=choice][value='{place}']").check()
        if sure:
            self.page.locator(f"#practice input[name=confidence][value={sure}]").check()
        self.page.get_by_role("button", name="Check the answer").click()
        expect(self.page.locator(f".feedback.{'right' if right else 'wrong'}")).to_be_visible()

    def queue(self) -> str:
        """What the page of repetition says of today."""
        self.page.goto("/cards/")
        return self.page.locator(".cards > .eyebrow").inner_text()

    def repeat_all(self) -> list[int]:
        """Answer every card of today rightly and surely; in how many days each comes back, as the page says."""
        back = []
        while self.page.locator("form[action$='/answer/']").count():
            code = (self.page.locator("form[action$='/answer/']").get_attribute("action") or "").split("/")[3]
            card = Card.objects.select_related("question__current").get(question__code=code)
            self._recall(card)
            said = self.page.locator(".feedback p").inner_text()
            assert said.startswith("Good")
            found = re.search(r"in (\d+) days", said)
            back.append(int(found[1]) if found else 1)
            self.page.locator("#practice .actions a").first.click()
            self.page.locator("#practice .feedback").wait_for(state="detached")
        return back

    def _recall(self, card: Card) -> None:
        version = card.question.current
        assert version is not None
        for place, option in enumerate(shown_order(card, version), 1):
            if option in version.key["correct"]:
                self.page.locator(f"#practice input[name=choice][value='{place}']").check()
        self.page.locator("#practice input[name=confidence][value=sure]").check()
        self.page.get_by_role("button", name="Check the answer").click()
        expect(self.page.locator(".feedback.right")).to_be_visible()

    def sit(self, wrong_in_each: int) -> Attempt:
        """The mock of ten, two of each domain: so many of the two wrong; the first question is flagged."""
        # The page has a clock of its own, which must not run ahead of the server's.
        self.clock.run()
        room = Room.start(self.page)
        missed: dict[int, int] = {}
        for row in list(room.attempt.responses.select_related("version")):
            room.go(row.position)
            assert row.domain is not None
            missed[row.domain] = missed.get(row.domain, 0) + 1
            key = key_of(row)
            is_wrong = missed[row.domain] <= wrong_in_each
            places = [one for one in range(1, len(row.shown_order) + 1) if (one in key) != is_wrong]
            room.choose(*places[: row.version.choose])
        room.go(1)
        self.page.locator("#flag").click()
        room.expect_saved()
        self.clock.move(minutes=12)
        room.submit()
        self.page.wait_for_url("**/report/")
        return Attempt.objects.get(code=self.page.url.split("/")[-3])

    def planned(self) -> int:
        """How many cards the plan has for today; with an hour a day all that are below 90 % must be among them."""
        self.page.goto("/progress/plan/")
        said = self.page.locator("[aria-labelledby=today]").inner_text()
        found = re.search(r"Repeat (\d+) card", said)
        count = int(found[1]) if found else 0
        assert below_nine_tenths(self.clock.now) <= count <= Card.objects.count()
        return count

    def set_plan(self, day: str, minutes: str, button: str) -> None:
        self.page.goto("/progress/plan/")
        self.page.get_by_label("Day of your exam").fill(day)
        self.page.get_by_label("Minutes a day").fill(minutes)
        self.page.get_by_role("button", name=button).click()


def mastery_of(topic: str, now: datetime) -> int:
    """The mean recall over all questions of a topic in hundredths; what was met and has no card counts as one Good."""
    size = Question.objects.published().filter(topic__slug=topic).count()
    cards = Card.objects.filter(question__topic__slug=topic)
    met = Exposure.objects.filter(question__topic__slug=topic).exclude(question__in=cards.values("question"))
    whole = sum(recall((now - one.last_review_at) / timedelta(days=1), one.stability or 0) for one in cards)
    whole += sum(recall((now - one.last_seen_at) / timedelta(days=1), GOOD) for one in met)
    return int(100 * whole / size + 0.5)


def below_nine_tenths(now: datetime) -> int:
    """Cards that the plan repeats where there is time enough: those not recalled today, below 90 %."""
    cards = Card.objects.filter(last_review_at__lt=now.replace(hour=0))
    return sum(recall((now - one.last_review_at) / timedelta(days=1), one.stability or 0) < 0.9 for one in cards)


@pytest.fixture
def bank(course: None) -> None:
    """The small course, with twenty questions more: enough for two mocks of ten that share none."""
    factories.make_questions(Exam.objects.get(code="SAP-C03"), [1, 2, 3, 4, 5] * 4)
    Quiz.objects.filter(slug="short-mock").update(scored=10)


def test_a_month(page: Page, bank: None, clock: Clock) -> None:
    learner = Learner(page, clock)

    # The first day, as a guest: read, practice.
    page.goto("/notes/test-balancers/")
    page.get_by_role("link", name="Mark as read").click()
    page.get_by_role("button", name="Mark as read").click()
    expect(page.get_by_text("1 of 2 pages.")).to_be_visible()
    learner.practice([(True, "sure"), (True, "fairly"), (True, "guess"), (False, "sure"), (True, "")])
    assert [one.stability for one in Card.objects.order_by("stability")] == [AGAIN, HARD, GOOD, GOOD, GOOD]
    page.goto("/cards/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to repeat today")
    page.goto("/progress/")
    row = page.locator("#topics tbody tr", has_text="Test balancers").first
    page.locator("#topics summary").click()
    assert mastery_of("test-balancers", clock.now) in (25, 33, 42), "what was just recalled counts 1, of 12 questions"
    expect(row).to_contain_text(f"{mastery_of('test-balancers', clock.now)} %")
    expect(page.locator(".readiness")).to_contain_text("Nothing to go by yet")

    # The second: what was wrong or guessed is back. Then an account.
    learner.on(1)
    assert learner.queue() == "0 of 2 today"
    back = learner.repeat_all()
    assert len(back) == 2
    expect(page.get_by_role("heading", level=1)).to_have_text("Done for today")
    guest = User.objects.get(is_guest=True)
    page.goto("/accounts/signup/")
    page.locator("input[name=username]").fill("ann")
    for name in ("password1", "password2"):
        page.locator(f"input[name={name}]").fill("a long walk in November")
    page.get_by_role("button", name="Make the account").click()
    page.wait_for_url(re.compile(r"^(?!.*signup).*$"))
    assert User.objects.get(username="ann").pk == guest.pk
    page.goto("/cards/")
    expect(page.locator(".lede")).to_contain_text("2 cards repeated.")

    # The third: the three good ones are due, and of the others those of which it was said yesterday.
    learner.on(2)
    due = 3 + sum(days == 1 for days in back)
    assert learner.queue() == f"0 of {due} today"
    page.goto("/progress/")
    page.locator("#topics summary").click()
    expect(row).to_contain_text(f"{mastery_of('test-balancers', clock.now)} %")
    expect(page.locator(".step")).to_contain_text(f"{due} questions are due")

    # A plan: from now on repetition goes by it.
    learner.set_plan("2026-12-23", "60", "Make the plan")
    expect(page.get_by_text("28 days until Wednesday, December 23, 2026.")).to_be_visible()
    today = learner.planned()
    assert learner.queue() == f"0 of {today} today"
    learner.repeat_all()
    expect(page.locator(".lede")).to_contain_text(f"{today} cards repeated.")

    # The first mock: all right, one flagged.
    learner.on(3)
    first = learner.sit(wrong_in_each=0)
    expect(page.get_by_text("10 of 10 unseen").first).to_be_visible()
    assert Card.objects.count() == 6
    page.goto("/progress/")
    expect(page.locator(".readiness")).to_contain_text("10 unseen questions under exam conditions so far.")

    # The second, nine days later: one of two wrong in each domain. 15 of 20 right, 3 of 4 in each domain.
    learner.on(12)
    second = learner.sit(wrong_in_each=1)
    assert not set(first.responses.values_list("question")) & set(second.responses.values_list("question"))
    assert Card.objects.filter(stability=AGAIN, last_review_at__date=date(2026, 12, 5)).count() == 5
    page.goto("/progress/")
    # Agresti and Coull by domain: z² = 3.8416, n = 4 + z²/5, p = (3 + z²/10) / n, v = Σ (1/5)² p (1 - p) / n.
    n = 4 + 3.8416 / 5
    p = (3 + 3.8416 / 10) / n
    half = 1.96 * (5 * 0.04 * p * (1 - p) / n) ** 0.5
    assert (int(100 * (p - half)), int(100 * (p + half)) + 1) == (52, 90)
    expect(page.locator(".readiness")).to_contain_text("Between 52 and 90 %")
    expect(page.locator(".readiness")).to_contain_text("It rests on 20 unseen questions in 2 mock exams.")
    for attempt in (first, second):
        expect(page.locator(f".mocks a[href='/attempts/{attempt.code}/report/']")).to_be_visible()
    expect(page.locator(".calendar")).to_have_attribute("aria-label", re.compile("on 5 days of the last 26 weeks"))

    # The day after, what was missed is asked; the exam is moved, and the plan with it.
    learner.on(13)
    assert below_nine_tenths(clock.now) >= 5, "the five that were missed yesterday"
    today = learner.planned()
    assert learner.queue() == f"0 of {today} today"
    learner.set_plan("2026-12-10", "60", "Plan anew")
    expect(page.get_by_text("4 days until Thursday, December 10, 2026.")).to_be_visible()
    today = learner.planned()
    assert learner.queue() == f"0 of {today} today"
    assert len(learner.repeat_all()) == today

    # A month after the first day the exam is over.
    learner.on(30)
    page.goto("/progress/plan/")
    expect(page.locator(".lede")).to_contain_text("Your exam day was Thursday, December 10, 2026.")
    page.goto("/progress/")
    expect(page.locator(".readiness")).to_contain_text("Between 52 and 90 %")
    page.locator("#topics summary").click()
    expect(row).to_contain_text(f"{mastery_of('test-balancers', clock.now)} %")
