"""Which questions a session draws, and what the page of choices answers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.models import Attempt, Question, Reference
from quizzes.queries.bank import missed_questions, practisable
from quizzes.services.practice import NothingToPractice, retry_missed
from quizzes.services.results import finish_attempt, record_exposures
from reference.queries import section_anchors
from tests.quizzes.practice.conftest import answer, begin, codes, row_of, sit

HEALTH = "test-health-checks"
BALANCERS = "test-balancers"


def published() -> set[str]:
    """All questions that can be practised."""
    return set(practisable().values_list("code", flat=True))


def on(topic: str) -> set[str]:
    """Those of a topic."""
    return set(practisable().filter(topics__slug=topic).values_list("code", flat=True))


# The service


def test_drafts_and_pilots_are_never_practised(person: Any, now: datetime) -> None:
    drawn = codes(begin(person, now))
    assert len(drawn) == len(set(drawn)) == 24
    assert set(drawn) == published()
    assert not {"test-th13", "test-th14"} & set(drawn)


def test_only_the_chosen_topics_and_only_so_many(person: Any, now: datetime) -> None:
    assert set(codes(begin(person, now, topics=[HEALTH]))) == on(HEALTH)
    assert set(codes(begin(person, now, topics=[HEALTH, BALANCERS]))) == published()
    some = codes(begin(person, now, topics=[HEALTH], count=5))
    assert len(some) == 5
    assert set(some) <= on(HEALTH)


def test_unseen_questions_come_first_then_those_met_longest_ago(person: Any, now: datetime) -> None:
    first = begin(person, now, count=6)
    for position in range(1, 7):
        answer(first, position, now + timedelta(minutes=position), right=True)
    later = codes(begin(person, now + timedelta(hours=1)))
    assert set(later[:18]) == published() - set(codes(first))
    assert later[18:] == codes(first)


def test_never_revealed_ones_come_before_those_whose_reasons_were_read(person: Any, now: datetime) -> None:
    first, second, third = Question.objects.filter(code__in=published()).order_by("code")[:3]
    later = now + timedelta(hours=1)
    record_exposures(person.pk, [first.pk], now=now, revealed=True)
    record_exposures(person.pk, [second.pk], now=later, revealed=False)
    record_exposures(person.pk, [third.pk], now=now, revealed=False)
    drawn = codes(begin(person, later))
    assert drawn[-3:] == [third.code, second.code, first.code]
    assert set(drawn[:-3]) == published() - set(drawn[-3:])


def test_unseen_only(person: Any, now: datetime) -> None:
    first = begin(person, now, count=6)
    for position in range(1, 7):
        answer(first, position, now, right=position % 2 == 0)
    assert set(codes(begin(person, now, only="unseen"))) == published() - set(codes(first))
    rest = begin(person, now, only="unseen")
    for position in range(1, rest.size + 1):
        answer(rest, position, now, right=True)
    with pytest.raises(NothingToPractice, match="No question fits this choice"):
        begin(person, now, only="unseen")


def test_missed_only_goes_by_the_latest_answer(person: Any, now: datetime) -> None:
    with pytest.raises(NothingToPractice):
        begin(person, now, only="missed")
    first = begin(person, now, count=4)
    for position in (1, 2, 3):
        answer(first, position, now, right=position == 1)
    missed = set(codes(first)[1:3])
    again = begin(person, now, only="missed")
    assert set(codes(again)) == missed
    answer(again, 1, now + timedelta(minutes=1), right=True)
    assert codes(begin(person, now, only="missed")) == [codes(again)[1]]


def test_the_latest_answer_is_the_one_graded_last(person: Any, now: datetime) -> None:
    """A session that was begun before an exam and answered after it counts as the later of the two."""
    session = begin(person, now)
    exam = sit(person, now + timedelta(minutes=1))
    finish_attempt(attempt_id=exam.pk, now=now + timedelta(minutes=2), by_learner=True)
    question = exam.responses.get(position=1).question
    assert question.pk in set(missed_questions(person.pk).values_list("question_id", flat=True))
    position = session.responses.get(question=question).position
    answer(session, position, now + timedelta(minutes=3), right=True)
    assert question.pk not in set(missed_questions(person.pk).values_list("question_id", flat=True))


def test_a_section_takes_the_questions_that_cite_its_statements(person: Any, now: datetime) -> None:
    anchors = section_anchors(HEALTH, "what-follows")
    assert anchors == ["th-replace"]
    cited = Reference.objects.filter(anchor="th-replace", question__in=practisable())
    wanted = set(cited.values_list("question__code", flat=True))
    assert 0 < len(wanted) < len(on(HEALTH))
    assert set(codes(begin(person, now, topics=[HEALTH], anchors=anchors))) == wanted


def test_what_stands_in_an_open_exam_is_held_back(person: Any, now: datetime, django_user_model: Any) -> None:
    exam = sit(person, now)
    held = set(codes(exam))
    assert set(codes(begin(person, now))) == published() - held
    other = django_user_model.objects.create_user("other")
    assert set(codes(begin(other, now))) == published()
    finish_attempt(attempt_id=exam.pk, now=now, by_learner=True)
    assert set(codes(begin(person, now))) == published()


def test_a_retry_takes_what_was_missed_and_nothing_that_is_held(person: Any, now: datetime) -> None:
    first = begin(person, now)
    for position in range(1, first.size + 1):
        answer(first, position, now, right=position > 3)
    missed = codes(first)[:3]
    again = retry_missed(person_id=person.pk, code=first.code, now=now)
    assert (sorted(codes(again)), again.title) == (sorted(missed), first.title)
    exam = sit(person, now)
    free = set(missed) - set(codes(exam))
    if free:
        assert set(codes(retry_missed(person_id=person.pk, code=first.code, now=now))) == free
    else:
        with pytest.raises(NothingToPractice):
            retry_missed(person_id=person.pk, code=first.code, now=now)


def test_a_retired_question_is_not_retried(person: Any, now: datetime) -> None:
    first = begin(person, now, count=2)
    for position in (1, 2):
        answer(first, position, now, right=False)
    Question.objects.filter(code=codes(first)[0]).update(status="retired")
    assert codes(retry_missed(person_id=person.pk, code=first.code, now=now)) == codes(first)[1:]


def test_starting_asks_little_of_the_database(person: Any, now: datetime) -> None:
    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            begin(person, now, count=count)
        return len(captured)

    assert statements(5) == statements(20) <= 8


# The page


def test_the_page_lists_what_can_be_practised(client: Client) -> None:
    page = client.get("/practice/").content.decode()
    for topic in (BALANCERS, HEALTH):
        assert f'value="{topic}" id="topic-{topic}">' in page
        assert f'<span class="help">{len(on(topic))}</span>' in page
    chosen = client.get(f"/practice/{HEALTH}/").content.decode()
    assert f'value="{HEALTH}" id="topic-{HEALTH}" checked>' in chosen
    assert f'value="{BALANCERS}" id="topic-{BALANCERS}">' in chosen


def test_looking_makes_nobody_and_starting_makes_a_guest(client: Client, django_user_model: Any) -> None:
    client.get("/practice/")
    assert django_user_model.objects.count() == 0
    reply = client.post("/practice/", {"topics": [HEALTH], "count": "5"})
    attempt = Attempt.objects.get()
    assert (reply.status_code, reply.headers["Location"]) == (302, f"/practice/sessions/{attempt.code}/")
    assert (attempt.size, attempt.person.is_guest, attempt.title) == (5, True, "Test health checks")
    assert client.get(reply.headers["Location"]).status_code == 200


def test_an_empty_form_takes_all_topics(client: Client) -> None:
    assert client.post("/practice/", {}).status_code == 302
    assert Attempt.objects.get().size == 10
    assert client.post("/practice/", {"count": "40"}).status_code == 302
    assert Attempt.objects.order_by("pk").last().size == 24


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"topics": ["nonsense"]}, "“nonsense” is not a topic with questions. Choose from the list."),
        ({"topics": [HEALTH, "nonsense"]}, "“nonsense” is not a topic with questions."),
        ({"count": "7"}, "Select a valid choice"),
        ({"count": "many"}, "Select a valid choice"),
        ({"only": "easy"}, "Select a valid choice"),
        ({"topics": [HEALTH], "section": "no such"}, "Enter a valid"),
        ({"topics": [HEALTH], "section": "nowhere"}, "There are no questions on this section. Take the whole topic."),
    ],
)
def test_a_bad_choice_is_answered_in_words_and_makes_nothing(
    client: Client, fields: dict[str, Any], words: str, django_user_model: Any
) -> None:
    reply = client.post("/practice/", fields)
    assert (reply.status_code, words in reply.content.decode()) == (422, True)
    assert (Attempt.objects.count(), django_user_model.objects.count()) == (0, 0)
    if HEALTH in fields.get("topics", []):
        assert f'value="{HEALTH}" id="topic-{HEALTH}" checked>' in reply.content.decode()


def test_a_choice_that_nothing_fits_is_told(client: Client, learner: Any) -> None:
    reply = client.post("/practice/", {"only": "missed"})
    assert reply.status_code == 409
    assert "No question fits this choice. Choose more topics, or another filter." in reply.content.decode()


def test_nobody_is_made_for_a_choice_that_nothing_fits(client: Client, django_user_model: Any) -> None:
    assert client.post("/practice/", {"only": "missed"}).status_code == 409
    assert django_user_model.objects.count() == 0
    assert "sessionid" not in client.cookies


def test_a_section_is_carried_through_the_form(client: Client) -> None:
    page = client.get(f"/practice/{HEALTH}/?section=what-follows").content.decode()
    assert '<input type="hidden" name="section" value="what-follows"' in page
    assert "Only questions on the section you came from." in page
    client.post("/practice/", {"topics": [HEALTH], "section": "what-follows", "count": "40"})
    drawn = row_of(Attempt.objects.get(), 1)
    assert drawn.question.references.filter(anchor="th-replace").exists()
    assert "Only questions" not in client.get("/practice/?section=what-follows").content.decode()


def test_a_topic_that_is_none_is_not_found(client: Client) -> None:
    assert client.get("/practice/nonsense/").status_code == 404
    assert client.put("/practice/").status_code == 405
