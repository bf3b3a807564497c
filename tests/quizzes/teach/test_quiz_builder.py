"""Making a quiz through its pages, as a browser without JavaScript does."""

from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, AuditEntry, Question, Quiz, Section
from sapro.accounts.models import User
from tests import factories
from tests.quizzes.teach.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def fields_of(quiz: Quiz, **changes: Any) -> dict[str, Any]:
    """The settings form of a quiz as it is sent when nothing but these fields is changed."""
    sent = {
        "revision": quiz.revision,
        "title": quiz.title,
        "summary": quiz.summary,
        "mode": quiz.mode,
        "time_limit": quiz.time_limit // 60 if quiz.time_limit else "",
        "order": quiz.order,
        "marking": quiz.marking,
        "show_score": quiz.show_score,
        "show_key": quiz.show_key,
        "show_rationale": quiz.show_rationale,
    }
    return {name: value for name, value in {**sent, **changes}.items() if value is not None}


def made(client: Client, **more: Any) -> Quiz:
    """A new quiz, by its page."""
    reply = client.post("/teach/quizzes/new/", {"title": "Networks, week 3", "mode": "exam", **more})
    assert reply.status_code == 302
    return Quiz.objects.authored().get(slug=reply["Location"].split("/")[3])


def test_a_whole_quiz_is_made_and_published(ada: User, bank: list[Question]) -> None:
    client = browser(ada)
    quiz = made(client)
    assert quiz.slug.startswith("networks-week-3-")
    assert len(quiz.slug) == len("networks-week-3-") + 8
    [section] = quiz.sections.all()
    edit, part = f"/teach/quizzes/{quiz.slug}/", f"/teach/quizzes/{quiz.slug}/sections/{section.pk}/"
    assert "It has no questions yet" in client.get(edit).content.decode()
    page = client.get(part, {"q": bank[2].code}).content.decode()
    assert bank[2].code in page
    assert bank[3].code not in page
    codes = [bank[2].code, bank[0].code, bank[1].code]
    reply = client.post(part, {"action": "add", "question": codes, "revision": 0})
    assert reply.status_code == 302
    client.post(part, {"action": "up", "code": bank[0].code, "revision": 1})
    client.post(part, {"action": "remove", "code": bank[1].code, "revision": 2})
    assert list(section.fixed.values_list("question__code", flat=True)) == [bank[0].code, bank[2].code]
    draw = {"title": "Drawn", "count": "3", "pool": "own", "tags": "made, other", "revision": 3}
    assert client.post(f"{edit}sections/draw/", draw).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.scored, quiz.revision) == (5, 4)
    publish = client.get(f"{edit}publish/").content.decode()
    assert "Publish with 5 questions" in publish
    assert client.post(f"{edit}publish/", {"action": "publish", "revision": 4}).status_code == 302
    page = client.get(f"{edit}publish/").content.decode()
    assert f"http://testserver/quizzes/{quiz.slug}/" in page
    assert 'class="qr"' in page
    assert 'style="' not in page
    assert Client().get(f"/quizzes/{quiz.slug}/").status_code == 200
    assert list(AuditEntry.objects.values_list("verb", "quiz")) == [("quiz.published", quiz.pk)]


def test_what_lacks_is_said_at_once(ada: User, bank: list[Question]) -> None:
    client = browser(ada)
    quiz = made(client)
    edit = f"/teach/quizzes/{quiz.slug}/"
    client.post(f"{edit}sections/draw/", {"count": "11", "pool": "own", "revision": 0})
    page = client.get(edit).content.decode()
    assert "3 lacking" in page
    assert "Section 2 lacks 3 questions" in page
    reply = client.post(f"{edit}publish/", {"action": "publish", "revision": 1})
    assert reply.status_code == 409
    assert Quiz.objects.get(pk=quiz.pk).published_at is None


def test_sections_that_want_the_same_are_counted_together(ada: User, bank: list[Question]) -> None:
    client = browser(ada)
    quiz = made(client)
    edit = f"/teach/quizzes/{quiz.slug}/"
    for revision in (0, 1):
        client.post(f"{edit}sections/draw/", {"count": "5", "pool": "own", "revision": revision})
    assert "2 lacking" in client.get(edit).content.decode()


def test_a_blueprint_shares_out_by_weight(ada: User, course: None) -> None:
    client = browser(ada)
    quiz = made(client)
    edit = f"/teach/quizzes/{quiz.slug}/"
    weights = {"weight_1": "50", "weight_2": "50", "weight_3": "0", "weight_4": "", "weight_5": ""}
    data = {"count": "4", "pool": "course", "revision": 0, **weights}
    assert client.post(f"{edit}sections/blueprint/", data).status_code == 302
    section = quiz.sections.get(position=2)
    assert section.rule["weights"] == {"1": 50, "2": 50, "3": 0, "4": 0, "5": 0}
    page = client.get(edit).content.decode()
    assert "can be filled" in page
    empty = {**data, **dict.fromkeys(weights, "")}
    reply = client.post(f"{edit}sections/{section.pk}/", {**empty, "revision": 1})
    assert reply.status_code == 422
    assert "Give at least one domain a weight" in reply.content.decode()


def test_sections_move_and_go(ada: User, bank: list[Question]) -> None:
    client = browser(ada)
    quiz = made(client)
    edit = f"/teach/quizzes/{quiz.slug}/"
    for revision, title in enumerate(["Two", "Three"]):
        client.post(f"{edit}sections/draw/", {"title": title, "count": "1", "pool": "own", "revision": revision})
    third = quiz.sections.get(title="Three")
    client.post(edit, {"action": "up", "section": third.pk, "revision": 2})
    assert list(quiz.sections.values_list("title", flat=True)) == ["", "Three", "Two"]
    client.post(edit, {"action": "down", "section": third.pk, "revision": 3})
    client.post(edit, {"action": "remove", "section": quiz.sections.get(position=1).pk, "revision": 4})
    assert list(quiz.sections.values_list("position", "title")) == [(1, "Two"), (2, "Three")]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"time_limit": "0"}, "time_limit"),
        ({"time_limit": "ten"}, "time_limit"),
        ({"opens_at": "2026-11-24T10:00", "closes_at": "2026-11-24T09:00"}, "closes_at"),
        ({"closing_cuts": "on"}, "closing_cuts"),
        ({"closing_cuts": "on", "closes_at": "2026-11-24T09:00", "pause_allowed": "on"}, "pause_allowed"),
        ({"mode": "practice"}, "time_limit"),
        ({"show_key": "during"}, "show_key"),
        ({"show_score": "closed"}, "show_score"),
        ({"show_key": "never"}, "show_rationale"),
        ({"pass_mark": "101"}, "pass_mark"),
        ({"marking": "generous"}, "marking"),
        ({"time_options": "on", "time_limit": ""}, "time_options"),
        ({"closes_at": "soon"}, "closes_at"),
    ],
)
def test_a_wrong_setting_is_told_at_its_field_and_nothing_is_lost(
    ada: User, bank: list[Question], changes: dict[str, str], field: str
) -> None:
    quiz = factories.make_teachers_quiz(ada, bank, published=False)
    client = browser(ada)
    sent = fields_of(quiz, summary="Typed with care", **changes)
    reply = client.post(f"/teach/quizzes/{quiz.slug}/settings/", sent)
    page = reply.content.decode()
    assert reply.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "Typed with care" in page
    assert Quiz.objects.get(pk=quiz.pk).summary == ""


def test_moments_are_read_in_the_instructors_zone(ada: User, bank: list[Question]) -> None:
    ada.time_zone = "Europe/Berlin"
    ada.save()
    quiz = factories.make_teachers_quiz(ada, bank, published=False)
    client = browser(ada)
    page = f"/teach/quizzes/{quiz.slug}/settings/"
    assert "Europe/Berlin" in client.get(page).content.decode()
    client.post(page, fields_of(quiz, opens_at="2026-11-25T10:00", closes_at="2027-07-01T10:00:30"))
    quiz.refresh_from_db()
    assert [f"{one:%H:%M:%S}" for one in (quiz.opens_at, quiz.closes_at)] == ["09:00:00", "08:00:30"]
    shown = client.get(page).content.decode()
    assert 'value="2026-11-25T10:00:00"' in shown
    assert 'value="2027-07-01T10:00:30"' in shown
    twice = client.post(page, fields_of(quiz, opens_at="", closes_at="2027-10-31T02:30", revision=1))
    assert twice.status_code == 422  # that night the clocks show this minute twice
    assert "Europe/Berlin" in twice.content.decode()


def test_two_who_save_at_once_are_told_and_choose(ada: User, bob: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank, published=False)
    quiz.editors.add(bob)
    first, second = browser(ada), browser(bob)
    page = f"/teach/quizzes/{quiz.slug}/settings/"
    assert first.post(page, fields_of(quiz, title="Ada’s title")).status_code == 302
    reply = second.post(page, fields_of(quiz, title="Bob’s title", pass_mark="60"))
    text = reply.content.decode()
    assert reply.status_code == 409
    assert "Title: Ada’s title" in text
    assert "Bob’s title" in text
    assert Quiz.objects.get(pk=quiz.pk).title == "Ada’s title"
    assert 'name="revision" value="1"' in text
    assert second.post(page, fields_of(quiz, title="Bob’s title", pass_mark="60", revision=1)).status_code == 302
    stored = Quiz.objects.get(pk=quiz.pk)
    assert (stored.title, stored.pass_mark, stored.revision) == ("Bob’s title", 60, 2)
    stale = first.post(f"/teach/quizzes/{quiz.slug}/", {"action": "add", "revision": 0})
    assert stale.status_code == 409
    assert quiz.sections.count() == 1


def test_a_published_quiz_stays_fit_and_its_changes_are_logged(ada: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank)
    [section] = quiz.sections.all()
    client = browser(ada)
    reply = client.post(f"/teach/quizzes/{quiz.slug}/", {"action": "remove", "section": section.pk, "revision": 0})
    assert reply.status_code == 409
    assert "would no longer be fit" in reply.content.decode()
    assert section.fixed.count() == 8
    client.post(f"/teach/quizzes/{quiz.slug}/settings/", fields_of(quiz, pass_mark="70", access_code="secret-7"))
    entry = AuditEntry.objects.get()
    assert entry.verb == "quiz.rules"
    assert entry.data["changed"] == {"pass_mark": ["None", "70"], "access_code": ["", "set"]}


def test_publishing_wants_published_questions_that_are_no_enemies(ada: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3], published=False)
    Question.objects.filter(pk=bank[0].pk).update(status="draft")
    Question.objects.filter(pk=bank[1].pk).update(enemies=[bank[2].code])
    client = browser(ada)
    reply = client.post(f"/teach/quizzes/{quiz.slug}/publish/", {"action": "publish", "revision": 0})
    page = reply.content.decode()
    assert reply.status_code == 409
    assert f"“{bank[0].code}” is not published" in page
    assert "give each other away" in page
    assert Quiz.objects.get(pk=quiz.pk).published_at is None


def test_taking_back_a_draft_and_a_quiz_that_was_sat(ada: User, person: User, bank: list[Question]) -> None:
    unsat, sat = (factories.make_teachers_quiz(ada, bank[:2]) for _ in range(2))
    browser(person).post(f"/quizzes/{sat.slug}/start/")
    client = browser(ada)
    for quiz in (unsat, sat):
        client.post(f"/teach/quizzes/{quiz.slug}/publish/", {"action": "unpublish"})
        assert Client().get(f"/quizzes/{quiz.slug}/").status_code == 404
        quiz.refresh_from_db()
    assert (unsat.published_at, unsat.retired, sat.retired) == (None, False, True)
    assert Attempt.objects.get(quiz=sat).state == "in_progress"
    assert client.post(f"/teach/quizzes/{sat.slug}/publish/", {"action": "delete"}).status_code == 422
    assert client.post(f"/teach/quizzes/{unsat.slug}/publish/", {"action": "delete"}).status_code == 302
    assert not Quiz.objects.filter(pk=unsat.pk).exists()
    client.post(f"/teach/quizzes/{sat.slug}/publish/", {"action": "publish", "revision": 1})
    assert Client().get(f"/quizzes/{sat.slug}/").status_code == 200


def test_a_copy_is_a_draft_of_its_own(ada: User, bob: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:3], access_code="abc", pass_mark=50)
    Section.objects.create(quiz=quiz, position=2, source="draw", count=2, rule={"pool": "own"})
    quiz.editors.add(bob)
    browser(bob).post(f"/teach/quizzes/{quiz.slug}/publish/", {"action": "copy"})
    copy = Quiz.objects.get(owner=bob)
    assert copy.slug != quiz.slug
    assert (copy.published_at, copy.access_code, copy.pass_mark, copy.editors.count()) == (None, "", 50, 0)
    assert [one.fixed.count() for one in copy.sections.all()] == [3, 0]
    assert [one.fixed.count() for one in quiz.sections.all()] == [3, 0]


def test_sharing_by_user_name(ada: User, bob: User, person: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:2])
    page = f"/teach/quizzes/{quiz.slug}/publish/"
    client, other = browser(ada), browser(bob)
    assert other.get(page).status_code == 404
    reply = client.post(page, {"action": "share", "username": person.username})
    assert (reply.status_code, person.username in reply.content.decode()) == (422, True)
    assert client.post(page, {"action": "share", "username": " BOB "}).status_code == 302
    assert other.get(page).status_code == 200
    assert other.post(page, {"action": "delete"}).status_code == 422
    assert client.post(page, {"action": "unshare", "person": bob.pk}).status_code == 302
    assert other.get(page).status_code == 404
    assert list(AuditEntry.objects.values_list("verb", flat=True)) == ["quiz.unshared", "quiz.shared"]


def test_an_instructor_finds_no_question_of_another(ada: User, bob: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(bob, [], published=False)
    [section] = quiz.sections.all()
    client, part = browser(bob), f"/teach/quizzes/{quiz.slug}/sections/{section.pk}/"
    assert bank[0].code not in client.get(part).content.decode()
    client.post(part, {"action": "add", "question": bank[0].code, "revision": 0})
    assert section.fixed.count() == 0


def test_five_hundred_questions_are_the_limit(ada: User) -> None:
    quiz = factories.make_teachers_quiz(ada, factories.make_authored(ada, 2), published=False)
    client = browser(ada)
    reply = client.post(f"/teach/quizzes/{quiz.slug}/sections/draw/", {"count": "499", "pool": "own", "revision": 0})
    assert reply.status_code == 422
    assert "at most 500 questions; this would be 501" in reply.content.decode()
    assert quiz.sections.count() == 1


def test_a_preview_leaves_no_trace(ada: User, bank: list[Question], django_assert_max_num_queries: Any) -> None:
    quiz = factories.make_teachers_quiz(ada, bank, published=False, order=Quiz.Order.SHUFFLED)
    client = browser(ada)
    client.get("/teach/")
    before = Quiz.objects.values().get(pk=quiz.pk)
    with django_assert_max_num_queries(10):
        page = client.get(f"/teach/quizzes/{quiz.slug}/preview/?width=phone").content.decode()
    assert page.count('name="choice"') > 30
    assert "canary" not in page
    assert "Nothing is kept" in page
    assert Attempt.objects.count() == 0
    assert Quiz.objects.values().get(pk=quiz.pk) == before
    other = client.get(f"/teach/quizzes/{quiz.slug}/preview/?form=2").content.decode()
    assert other != page


def test_the_results_are_a_step_away(ada: User, person: User, bank: list[Question]) -> None:
    quiz = factories.make_teachers_quiz(ada, bank[:2])
    browser(person).post(f"/quizzes/{quiz.slug}/start/")
    client = browser(ada)
    for page in ("/teach/quizzes/", f"/teach/quizzes/{quiz.slug}/"):
        assert f"/teach/quizzes/{quiz.slug}/results/" in client.get(page).content.decode()
    results = client.get(f"/teach/quizzes/{quiz.slug}/results/").content.decode()
    assert f'href="/teach/quizzes/{quiz.slug}/"' in results
