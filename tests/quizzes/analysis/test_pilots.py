"""Pilots: what the mocks say of them, what they lack, and what makes them count. Until then they move no score."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from quizzes.models import Attempt, AuditEntry, Exam, Placement, Question, Quiz, Reference, Response
from quizzes.queries.pilots import items_of
from quizzes.queries.progress import overview
from quizzes.queries.readiness import readiness
from quizzes.queries.reports import report
from quizzes.services.pilots import NoPilot, NotYet, promote, refresh_pilots, report_of_pilots
from reference.models import Lesson, Topic
from sapro.accounts.models import User
from tests import factories
from tests.many_sittings import sat_by_many
from tests.own_quizzes import right_choice, wrong_choice
from tests.quizzes.teach.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SCORED = 6


@pytest.fixture
def chief(db: None) -> User:
    return User.objects.create_superuser("chief", "chief@example.org", "x" * 12)


@pytest.fixture
def exam(db: None) -> Exam:
    return factories.make_exam()


@pytest.fixture
def scored(exam: Exam) -> list[Question]:
    return factories.make_questions(exam, [1, 2, 3, 4, 5, 1])


@pytest.fixture
def pilot(exam: Exam) -> Question:
    return make_pilot(exam)


def make_pilot(exam: Exam) -> Question:
    """One with a single key of four options."""
    two_keys, one_key = factories.make_questions(exam, [1, 1], status="pilot")
    Question.objects.filter(pk=two_keys.pk).update(status="draft")
    return one_key


@pytest.fixture
def mock(exam: Exam) -> Quiz:
    return factories.make_quiz(exam, scored=SCORED, unscored=1)


def sit_mock(
    mock: Quiz,
    scored: Sequence[Question],
    pilot: Question,
    now: datetime,
    people: int,
    *,
    best: str = "",
    dead: str = "",
) -> list[Attempt]:
    """Learners from good to bad: the better half knows the pilot, or gives ``best``; nobody says ``dead``."""
    [key] = right_choice(pilot)
    options = [one for one in "abcd" if one not in (key, dead)]
    rows = []
    for number in range(people):
        can = SCORED - number * SCORED // people
        given = [right_choice(one) if place < can else wrong_choice(one) for place, one in enumerate(scored)]
        knows = number < people * 0.55 or number % 7 == 0
        rows.append([*given, [best or key] if knows else [options[number % len(options)]]])
    return sat_by_many(mock, [*scored, pilot], rows, now, unscored=1)


def test_one_that_proved_itself_counts_from_then_on(
    mock: Quiz, scored: list[Question], pilot: Question, chief: User, now: datetime
) -> None:
    sit_mock(mock, scored, pilot, now, 60)
    client = browser(chief)
    page = client.get("/teach/pilots/").content.decode()
    assert f"Promote {pilot.code}" in page
    page = client.post(f"/teach/pilots/{pilot.code}/promote/", follow=True).content.decode()
    assert "counts from now on" in page
    pilot.refresh_from_db()
    assert (pilot.status, pilot.promoted_at) == ("published", now)
    assert list(Placement.objects.filter(question=pilot).values_list("status", flat=True)) == ["published"]
    entry = AuditEntry.objects.get(verb="question.promoted")
    assert (entry.question, entry.actor_name, entry.data["n"]) == (pilot, "chief", 60)
    assert set(Response.objects.filter(question=pilot).values_list("scored", flat=True)) == {False}
    with pytest.raises(NoPilot):
        promote(pilot.pk, actor=chief, now=now)
    assert AuditEntry.objects.filter(verb="question.promoted").count() == 1


@pytest.mark.parametrize(
    ("people", "more", "lacking"),
    [
        (49, {}, {"n"}),
        (60, {"dead": "a"}, {"dead_distractor"}),
        (60, {"best": "a"}, {"facility", "r", "wrong_key"}),
        (0, {}, {"n"}),
    ],
)
def test_what_lacks_keeps_it_a_pilot(
    people: int, more: dict[str, str], lacking: set[str], mock: Quiz, scored: list[Question], pilot: Question,
    chief: User, now: datetime,
) -> None:  # fmt: skip
    other = wrong_choice(pilot)[0]
    sit_mock(mock, scored, pilot, now, people, **dict.fromkeys(more, other))
    with pytest.raises(NotYet) as caught:
        promote(pilot.pk, actor=chief, now=now)
    assert set(caught.value.lacking) == lacking
    page = browser(chief).get("/teach/pilots/").content.decode()
    assert "It lacks:" in page
    assert "/promote/" not in page
    pilot.refresh_from_db()
    assert (pilot.status, pilot.promoted_at) == ("pilot", None)


def test_what_is_stale_or_rests_on_a_page_that_is_not_verified_is_not_promoted(
    mock: Quiz, scored: list[Question], pilot: Question, chief: User, now: datetime
) -> None:
    sit_mock(mock, scored, pilot, now, 60)
    Question.objects.filter(pk=pilot.pk).update(stale=True)
    lesson = Lesson.objects.create(slug="lesson", title="Lesson", position=1)
    page = Topic.objects.create(
        slug="page", title="Page", lede="Page", lesson=lesson, order=1, verified_on=now.date(), unverified=True
    )
    Reference.objects.create(question=pilot, topic=page, anchor="one", position=1)
    with pytest.raises(NotYet) as caught:
        promote(pilot.pk, actor=chief, now=now)
    assert caught.value.lacking == ("stale", "unverified")


def test_only_first_meetings_of_the_present_text_under_exam_conditions_count(
    mock: Quiz, scored: list[Question], pilot: Question, now: datetime
) -> None:
    first, second, third, fourth, *_ = sit_mock(mock, scored, pilot, now, 8)
    Response.objects.filter(attempt=first).update(first_exposure=False)
    Attempt.objects.filter(pk=second.pk).update(state="void")
    Attempt.objects.filter(pk=third.pk).update(mode="practice")
    Attempt.objects.filter(pk=fourth.pk).update(rules={"imported": True})
    assert items_of([pilot])[pilot.pk].n == 4
    factories.edit(pilot)
    assert items_of([pilot])[pilot.pk].n == 0


def test_the_figures_are_those_of_plain_counting(
    mock: Quiz, scored: list[Question], pilot: Question, now: datetime
) -> None:
    attempts = sit_mock(mock, scored, pilot, now, 60)
    item = items_of([pilot])[pilot.pk]
    right = [one.responses.get(scored=False).fraction for one in attempts]
    percents = [100 * one.results.get().raw / SCORED for one in attempts]
    n, x, y = len(right), sum(right) / len(right), sum(percents) / len(percents)  # type: ignore[arg-type]
    both = sum((a - x) * (b - y) for a, b in zip(right, percents, strict=True))  # type: ignore[operator]
    spread = sum((a - x) ** 2 for a in right) * sum((b - y) ** 2 for b in percents)  # type: ignore[operator]
    assert (item.n, item.facility) == (n, pytest.approx(x))
    assert item.r == pytest.approx(both / spread**0.5)


def test_the_report_is_computed_again_only_when_mocks_were_sat(
    mock: Quiz, scored: list[Question], pilot: Question, now: datetime
) -> None:
    assert refresh_pilots(now=now)
    assert not refresh_pilots(now=now)
    sit_mock(mock, scored, pilot, now, 5)
    assert refresh_pilots(now=now)
    kept = report_of_pilots()
    assert kept is not None
    assert (kept.figures[pilot.code]["n"], kept.figures[pilot.code]["lacking"][0]) == (5, "n")


def test_a_pilot_moves_no_result_no_readiness_and_no_domain(
    mock: Quiz, scored: list[Question], pilot: Question, now: datetime
) -> None:
    given: list[Any] = [right_choice(one) for one in scored[:4]] + [wrong_choice(one) for one in scored[4:]]
    pair = [[*given, right_choice(pilot)], [*given, wrong_choice(pilot)]]
    one, other = sat_by_many(mock, [*scored, pilot], pair, now, unscored=1)

    def told(attempt: Attempt) -> tuple[Any, ...]:
        seen, ready = report(attempt), readiness(attempt.person_id, now, mock.exam)
        whole = overview(attempt.person_id, now=now, zone=UTC)
        return seen.summary, seen.domains, ready.domains, ready.estimate, whole.bank.domains

    assert told(one) == told(other)
    assert sum(domain.n for domain in readiness(one.person_id, now, mock.exam).domains) == SCORED
    assert [row.results.get().raw for row in (one, other)] == [4, 4]


def test_nobody_but_the_operator_finds_them(pilot: Question, db: None) -> None:
    client = browser(factories.make_instructor("ada"))
    assert client.get("/teach/pilots/").status_code == 404
    assert client.post(f"/teach/pilots/{pilot.code}/promote/").status_code == 404
    assert "/teach/pilots/" not in client.get("/teach/").content.decode()
