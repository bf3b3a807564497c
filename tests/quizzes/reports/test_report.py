"""The report: every number recounted here from the responses, and the words beside it."""

import math
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, Exam, Question, Quiz, Reference, Response
from quizzes.queries.reports import report
from reference.models import Section, Topic
from tests import factories
from tests.quizzes.reports.conftest import BACKEND, finished, rows_of, sit


def thirds(row: Response) -> bool | None:
    """A third right, a third wrong, a third unanswered."""
    return {0: True, 1: False, 2: None}[row.position % 3]


def first(count: int) -> Any:
    """So many right, in order; the rest wrong."""
    return lambda row: row.position <= count


def is_right(row: Response) -> bool:
    """Judged here, from what was chosen and the key of the version."""
    return sorted(row.choice) == sorted(one["id"] for one in row.version.body["options"] if one["correct"])


def wilson(right: int, n: int) -> tuple[float, float]:
    """Both ends of the 95 % interval, by solving its quadratic equation (another way than the engine's)."""
    z2 = 1.96**2
    a, b, c = n + z2, -(2 * right + z2), right * right / n
    root = math.sqrt(b * b - 4 * a * c)
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def page_of(client: Client, attempt: Attempt) -> str:
    """The report's page."""
    reply = client.get(f"/attempts/{attempt.code}/report/")
    assert reply.status_code == 200
    return reply.content.decode()


# Numbers


def test_every_number_is_that_of_the_responses(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, thirds)
    rows = rows_of(attempt)
    scored = [row for row in rows if row.scored]
    assert (len(rows), len(scored)) == (20, 15)
    right = sum(map(is_right, scored))
    found = report(attempt)
    summary = found.summary
    assert (summary.n, summary.unscored, summary.raw) == (15, 5, right)
    assert summary.percent == pytest.approx(100 * right / 15)
    assert summary.answered == sum(bool(row.choice) for row in scored)
    assert (summary.first_exposure_n, summary.first_exposure_right, found.unseen) == (15, right, 15)
    assert summary.scale == pytest.approx(100 + 900 * right / 15)
    low, high = wilson(right, 15)
    assert summary.scale_interval is not None
    assert (summary.scale_interval.low, summary.scale_interval.high) == pytest.approx(
        (100 + 900 * low, 100 + 900 * high)
    )
    chances = [1 / math.comb(len(row.shown_order), len(row.version.key["correct"])) for row in scored]
    assert summary.guess_floor == pytest.approx(sum(chances) / 15)
    page = page_of(client, attempt)
    assert (
        f"You answered {right} of 15 scored questions right ({round(100 * right / 15)} %); 15 of the 15 were new"
        in page
    )
    assert f"On our practice scale that is {round(100 + 900 * right / 15)};" in page
    assert f"range is {round(100 + 900 * low)}–{round(100 + 900 * high)}, and the line is 750." in page
    assert "These are too few questions for more than a rough range." in page
    assert "This is not an AWS score" in page
    assert f"<dt>Answered</dt><dd>{summary.answered} of 15</dd>" in page


def test_domains_and_topics_count_scored_questions_only(
    client: Client, learner: Any, mixed: Quiz, now: datetime
) -> None:
    attempt = finished(learner, mixed, now, thirds)
    scored = [row for row in rows_of(attempt) if row.scored]
    by_domain, by_topic = defaultdict(list), defaultdict(list)
    for row in scored:
        by_domain[str(row.domain)].append(is_right(row))
        by_topic[row.question.topic.slug].append(is_right(row))
    found = report(attempt)
    for there, wanted in ((found.domains, by_domain), (found.topics, by_topic)):
        assert {one.slug: (one.tally.right, one.tally.n) for one in there} == {
            key: (sum(values), len(values)) for key, values in wanted.items()
        }
        for one in there:
            ends = (one.tally.interval.low, one.tally.interval.high)
            assert ends == pytest.approx(wilson(one.tally.right, one.tally.n))
    names = {str(entry["number"]): entry["short"] for entry in Exam.objects.get(code="SAP-C03").domains}
    assert [(one.slug, one.name) for one in found.domains] == sorted(names.items())
    page = page_of(client, attempt)
    for one in found.domains:
        assert f'<a href="/attempts/{attempt.code}/review/?domain={one.slug}">{one.name}</a>' in page
        assert f'<span class="n">{one.tally.right} of {one.tally.n}</span>' in page


def test_an_unscored_miss_changes_nothing(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, lambda row: row.scored)
    found = report(attempt)
    assert (found.summary.raw, found.summary.percent, found.read_next) == (15, 100, ())
    page = page_of(client, attempt)
    assert "Nothing was missed." in page
    assert "Review all 20 questions" in page


def test_the_stored_result_says_the_same(learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, thirds)
    result = attempt.results.get()
    rows = rows_of(attempt)
    assert result.fractions == [float(is_right(row)) for row in rows] == [row.fraction for row in rows]
    assert (result.raw, result.maximum) == (report(attempt).summary.raw, 15)


# New and met before


@pytest.mark.parametrize(("met", "scale"), [(0, True), (6, True), (7, False), (20, False)])
def test_below_seventy_percent_new_there_is_no_scale(
    client: Client, learner: Any, now: datetime, met: int, scale: bool
) -> None:
    quiz = factories.make_bank(20, scored=20)
    seen = set(Question.objects.filter(code__startswith="made-").values_list("pk", flat=True)[:met])
    attempt = finished(learner, quiz, now, lambda row: row.position % 2 == 0, seen=seen)
    rows = rows_of(attempt)
    new = [row for row in rows if row.question_id not in seen]
    assert [row.first_exposure for row in rows] == [row.question_id not in seen for row in rows]
    summary = report(attempt).summary
    right = sum(map(is_right, new))
    assert (summary.raw, summary.first_exposure_n, summary.first_exposure_right) == (10, 20 - met, right)
    assert (summary.scale is not None, summary.band is not None, bool(summary.sensitivity)) == (scale,) * 3
    page = page_of(client, attempt)
    assert f"(50 %); {20 - met} of the 20 were new to you." in page
    assert ('<figure class="scale">' in page, "How firm is this?" in page) == (scale, scale)
    assert ("Fewer than 70 % of the questions were new to you" in page) is not scale
    assert ("On our practice scale the new ones give" in page) is (scale and met > 0)
    if scale:
        assert summary.scale == pytest.approx(100 + 900 * right / len(new))
    else:
        assert "<h1>10 of 20 right</h1>" in page
    for one in report(attempt).domains:
        domain = [row for row in new if str(row.domain) == one.slug]
        assert (one.tally.new_n, one.tally.new_right) == (len(domain), sum(map(is_right, domain)))


@pytest.mark.parametrize(
    ("right", "words"),
    [
        (20, "Above the practice line"),
        (18, "Above the practice line"),
        (15, "Too close to call"),
        (8, "Below the practice line"),
    ],
)
def test_the_band_in_words(client: Client, learner: Any, now: datetime, right: int, words: str) -> None:
    attempt = finished(learner, factories.make_bank(20, scored=20), now, first(right))
    assert f"<h1>{words}</h1>" in page_of(client, attempt)


def test_halves_go_up_wherever_they_stand(client: Client, learner: Any, now: datetime) -> None:
    page = page_of(client, finished(learner, factories.make_bank(40, scored=40), now, first(1)))
    assert "You answered 1 of 40 scored questions right (3 %);" in page
    assert "<dt>Percent</dt><dd>3 %</dd>" in page


def test_verdicts_on_domains_are_evidence_bound(client: Client, learner: Any, now: datetime) -> None:
    """All wrong in one domain of four questions, all right in another, three in the third."""
    quiz = factories.make_bank(20, scored=20)
    says = {1: lambda seen: False, 2: lambda seen: True, 3: lambda seen: seen < 4}
    counted: Counter[int] = Counter()

    def answer(row: Response) -> bool:
        counted[row.domain or 0] += 1
        return says.get(row.domain or 0, lambda seen: True)(counted[row.domain or 0])

    attempt = finished(learner, quiz, now, answer)
    verdicts = {one.slug: one.verdict for one in report(attempt).domains}
    assert verdicts == {"1": "needs_work", "2": "meets", "3": "not_enough", "4": "meets", "5": "meets"}
    page = page_of(client, attempt)
    assert page.count("<td>needs work</td>") == page.count("<td>not enough evidence</td>") == 1


# What to read next


def test_read_next_ranks_sections_by_misses(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, thirds)
    missed = {row.question_id for row in rows_of(attempt) if row.scored and not is_right(row)}
    behind: dict[tuple[str, int, str], set[int]] = defaultdict(set)
    chapter = {}
    for topic in Topic.objects.live():
        heading: Section | None = None
        for section in Section.objects.filter(body=topic.body).order_by("position"):
            heading = section if section.level == 2 else heading
            assert heading is not None
            chapter.update(dict.fromkeys(((topic.pk, one) for one in section.anchors), heading))
    for one in Reference.objects.filter(question_id__in=missed).select_related("topic"):
        heading = chapter[one.topic_id, one.anchor]
        behind[one.topic.slug, heading.position, heading.anchor].add(one.question_id)
    order = sorted(behind, key=lambda key: (-len(behind[key]), key[0], key[1]))
    found = report(attempt).read_next
    assert [(one.topic_slug, one.anchor, one.misses) for one in found] == [
        (slug, anchor, len(behind[slug, place, anchor])) for slug, place, anchor in order
    ]
    page = page_of(client, attempt)
    places = [page.index(f'href="/notes/{one.topic_slug}/#{one.anchor}"') for one in found]
    assert places == sorted(places)
    for one in found:
        assert f'id="{one.anchor}"' in client.get(f"/notes/{one.topic_slug}/").content.decode()
        offer = f'<a class="btn" href="/practice/{one.topic_slug}/?section={one.anchor}">Practice {one.questions}</a>'
        assert offer in page
        client.post("/practice/", {"topics": [one.topic_slug], "section": one.anchor, "count": "40"})
        assert Attempt.objects.filter(mode="practice").order_by("pk").last().size == one.questions


def test_a_retired_page_is_named_and_not_linked(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, lambda row: False)
    Topic.objects.filter(slug="test-health-checks").update(retired=True)
    found = report(attempt)
    assert {one.slug: one.linked for one in found.topics} == {"test-balancers": True, "test-health-checks": False}
    assert {one.topic_slug for one in found.read_next} == {"test-balancers"}
    page = page_of(client, attempt)
    assert 'href="/notes/test-health-checks/' not in page
    assert "Test health checks" in page
    review = client.get(f"/attempts/{attempt.code}/review/").content.decode()
    assert 'href="/notes/test-health-checks/' not in review


# Who may see it, and when


def test_an_open_exam_has_no_report(client: Client, learner: Any, mixed: Quiz, now: datetime, clock: Any) -> None:
    attempt = sit(learner, mixed, now)
    for page in ("report", "review"):
        reply = client.get(f"/attempts/{attempt.code}/{page}/")
        assert (reply.status_code, reply.headers["Location"]) == (302, f"/attempts/{attempt.code}/")
    clock.move(minutes=60, seconds=1)
    assert client.get(f"/attempts/{attempt.code}/report/").status_code == 302
    clock.move(seconds=2)
    assert "ended by the clock" in page_of(client, attempt)
    assert Attempt.objects.get(pk=attempt.pk).state == "expired"


def test_strangers_find_nothing(learner: Any, mixed: Quiz, now: datetime, django_user_model: Any) -> None:
    attempt = finished(learner, mixed, now, thirds)
    stranger = Client()
    stranger.force_login(django_user_model.objects.create_user("stranger"), backend=BACKEND)
    for page in ("report", "review"):
        assert stranger.get(f"/attempts/{attempt.code}/{page}/").status_code == 404
        assert Client().get(f"/attempts/{attempt.code}/{page}/").status_code == 302


def test_no_cache_keeps_it(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, thirds)
    for page in ("report", "review"):
        headers = client.get(f"/attempts/{attempt.code}/{page}/").headers
        assert {"private", "no-store"} <= set(headers["Cache-Control"].split(", "))


def test_conditions_and_time_are_named(client: Client, learner: Any, mixed: Quiz, now: datetime) -> None:
    attempt = finished(learner, mixed, now, thirds)
    assert re.search(r"November 23, 2026, 20 min, official conditions", page_of(client, attempt))
    Attempt.objects.filter(pk=attempt.pk).update(time_option="x150")
    assert "time and a half" in page_of(client, attempt)
    assert "are provisional until its guide has been read." in page_of(client, attempt)


def test_the_number_of_statements_does_not_grow(client: Client, learner: Any, now: datetime) -> None:
    exam = Exam.objects.get(code="SAP-C03")
    small = finished(learner, factories.make_quiz(exam, scored=10), now, lambda row: False)
    large = finished(learner, factories.make_quiz(exam, scored=20), now + timedelta(hours=1), lambda row: False)
    page_of(client, small)

    def statements(attempt: Attempt) -> int:
        with CaptureQueriesContext(connection) as captured:
            page_of(client, attempt)
        return len(captured)

    assert statements(small) == statements(large) <= 14
