"""The exam room as a learner handles it, and what the server knows of it."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from quizzes.engine.content import Content
from quizzes.models import Attempt, Placement, Quiz, Response

NETWORK_IS_CUT = r"ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_TIMED_OUT|htmx:(sendError|afterRequest|timeout|sendAbort)"


def small_quiz(**changes: Any) -> Quiz:
    """The short mock, cut to one question a domain, each with one right option."""
    Placement.objects.filter(question__current__choose__gt=1).delete()
    Quiz.objects.filter(slug="short-mock").update(**{"scored": 5, **changes})
    return Quiz.objects.get(slug="short-mock")


def key_of(response: Response) -> list[int]:
    """The shown places of the right options."""
    keys = Content.from_body(response.version.body).keys
    return [place for place, option in enumerate(response.shown_order, 1) if option in keys]


class Replies:
    """What becomes of the saves of a page. Make it before the page opens: a route takes hold only some time after."""

    def __init__(self, page: Page) -> None:
        self.lost = False
        self.status = 0
        page.route("**/responses/**", self._handle)

    def _handle(self, route: Route) -> None:
        if self.lost:
            route.abort()
        elif self.status:
            route.fulfill(status=self.status, json={})
        else:
            route.continue_()


class Room:
    """One page in the room."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.saved = page.locator("#saved")
        self.clock = page.locator("#clock")
        self.announced = page.locator("#announce")

    @classmethod
    def start(cls, page: Page, *, scripts: bool = True, slug: str = "short-mock") -> "Room":
        """Start a mock, the short one unless another is named, as whoever this browser is."""
        page.goto(f"/quizzes/{slug}/")
        page.get_by_role("button", name="Start the exam").click()
        page.wait_for_url("**/attempts/*/")
        return cls(page).ready() if scripts else cls(page)

    def ready(self) -> "Room":
        """Wait until the script has taken the page over."""
        self.page.locator("#room[data-ready]").wait_for()
        return self

    def reload(self) -> None:
        """Load the page anew."""
        self.page.reload()
        self.ready()

    @property
    def code(self) -> str:
        """The attempt's code."""
        found = re.search(r"/attempts/([^/]+)/", self.page.url)
        assert found
        return found[1]

    @property
    def attempt(self) -> Attempt:
        """The attempt as it is stored now."""
        return Attempt.objects.get(code=self.code)

    def stored(self, position: int) -> Response:
        """A response as it is stored now."""
        return Response.objects.select_related("version").get(attempt__code=self.code, position=position)

    def stored_places(self, position: int) -> list[int]:
        """The shown places that are stored as chosen."""
        response = self.stored(position)
        return [place for place, option in enumerate(response.shown_order, 1) if option in response.choice]

    def events(self, kind: str) -> int:
        """How many events of this kind the attempt's log has."""
        return self.attempt.events.filter(kind=kind).count()

    @property
    def sheet(self) -> Locator:
        """The question on the screen."""
        return self.page.locator("section[data-question]:visible")

    def option(self, place: int) -> Locator:
        """The box or button of an option on the screen."""
        return self.sheet.locator("input[name=choice]").nth(place - 1)

    def choose(self, *places: int) -> None:
        """Click options on the screen."""
        for place in places:
            self.sheet.locator(".opt label").nth(place - 1).click()

    def chosen(self) -> list[int]:
        """The places ticked on the screen."""
        boxes = self.sheet.locator("input[name=choice]")
        return [place for place in range(1, boxes.count() + 1) if boxes.nth(place - 1).is_checked()]

    def cell(self, position: int) -> Locator:
        """A cell of the navigator."""
        return self.page.locator(f"#navigator .cells [data-go='{position}']")

    def go(self, position: int | str) -> None:
        """Go by the navigator."""
        self.page.locator(f"#navigator [data-go='{position}']").click()

    def expect_saved(self) -> None:
        """Wait until everything is acknowledged."""
        expect(self.saved).to_have_attribute("data-state", "saved")
        expect(self.saved).to_have_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))

    def submit(self) -> None:
        """Submit through the review and its confirmation."""
        self.go("review")
        self.page.get_by_role("button", name="Submit the exam").click()
        self.page.locator("#confirm [value=submit]").click()

    def kept(self) -> list[str]:
        """Names of what this device keeps for exams."""
        script = "Object.keys(localStorage).filter((key) => key.startsWith('sapro:exam:') && key.includes(':queue:'))"
        return self.page.evaluate(script)
