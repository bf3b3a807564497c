"""One sitting as its learner saw it, for the instructor of the quiz. To look at, never to change."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q

from quizzes.models import Attempt, Event, Quiz, Response, Result
from quizzes.queries.feedback import Explained, explain
from quizzes.queries.rights import teaches
from quizzes.queries.sittings import Sitting, Wanted, sitting, sittings

A_PAGE = 10
EVENTS_A_PAGE = 50
FILTERS = ("all", "wrong", "flagged", "unanswered")


@dataclass(frozen=True, slots=True)
class SittingPage:
    """What was given and what happened, page by page.

    ``teaches``: whether the viewer teaches the learner, and so may see which conditions held.
    """

    quiz: Quiz
    sitting: Sitting
    chosen: str
    questions: tuple[Explained, ...]
    page_obj: Page[Response]
    events: Page[Event]
    results: tuple[Result, ...]
    teaches: bool

    @property
    def attempt(self) -> Attempt:
        """The sitting's row."""
        return self.sitting.attempt

    @property
    def is_marked(self) -> bool:
        """Whether right and wrong have been decided."""
        return self.sitting.raw is not None and self.attempt.state != Attempt.State.IN_PROGRESS


def sitting_page(
    quiz: Quiz, code: str, *, viewer_id: int, chosen: str, number: int, event_page: int, now: datetime
) -> SittingPage | None:
    """One sitting of the quiz; None where there is none of this code.

    Of what stands in an exam that the viewer has open, the key is withheld: instructors are candidates, too.
    """
    attempt = sittings(quiz, Wanted(), now=now).defer(None).filter(code=code).first()
    if attempt is None:
        return None
    chosen = chosen if chosen in FILTERS else FILTERS[0]
    rows = attempt.responses.filter(_shown(chosen)).select_related("version", "question").defer("version__body")
    page = Paginator(rows, A_PAGE).get_page(number)
    return SittingPage(
        quiz=quiz,
        sitting=sitting(attempt, now),
        chosen=chosen,
        questions=tuple(explain(list(page), viewer_id, attempt.trace)),
        page_obj=page,
        events=Paginator(attempt.events.all(), EVENTS_A_PAGE).get_page(event_page),
        results=tuple(attempt.results.defer("fractions", "versions")),
        teaches=teaches(viewer_id, attempt.person_id),
    )


def _shown(chosen: str) -> Q:
    return {
        "wrong": ~Q(fraction=1) | Q(fraction=None),
        "flagged": Q(flagged=True),
        "unanswered": Q(choice=[]),
    }.get(chosen, Q())
