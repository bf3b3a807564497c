"""What is mine: preferences, my data, my name, and my going."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from quizzes.models import Attempt, Challenge, Event, Exposure, Question, Response, Result
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from sapro.accounts.queries.my_data import HELD
from sapro.accounts.services.people import NameTaken, OwnsQuizzes, delete_person, rename_member
from sapro.accounts.zones import find_zone, zone_names
from tests.accounts.conftest import answer, sign_in, sign_up_data, sit
from tests.my_data import data_of
from tests.own_quizzes import make_own_quiz

# The page


def test_the_page_for_each(client: Client, member: User) -> None:
    assert "You need none" in client.get("/accounts/").content.decode()
    sign_in(client, "alice")
    page = client.get("/accounts/").content.decode()
    assert "<h1>alice</h1>" in page


def test_a_guest_is_told_how_to_keep_it(client: Client, as_guest: User) -> None:
    page = client.get("/accounts/").content.decode()
    assert "Keep what you did" in page
    assert as_guest.username not in page


def test_nobody_else_may_keep_the_page(client: Client, as_guest: User) -> None:
    response = client.get("/accounts/")
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


# Preferences


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("america/sao paulo", "America/Sao_Paulo"),
        (" utc ", "UTC"),
        ("Berlin", None),
        ("", None),
    ],
)
def test_zones(typed: str, zone: str | None) -> None:
    assert find_zone(typed) == zone


def test_zones_are_in_order_and_without_abbreviations() -> None:
    assert zone_names()[0] == "UTC"
    assert list(zone_names()[1:]) == sorted(zone_names()[1:])
    assert [name for name in zone_names()[1:] if "/" not in name or name.startswith("Etc/")] == []


def test_preferences_of_a_guest(client: Client, as_guest: User) -> None:
    response = client.post("/accounts/preferences/", {"time_zone": "asia/tokyo", "shortcuts_off": "on"})
    assert response["Location"] == "/accounts/"
    as_guest.refresh_from_db()
    assert (as_guest.time_zone, as_guest.shortcuts_off, as_guest.is_guest) == ("Asia/Tokyo", True, True)


def test_a_wrong_zone_is_said_at_its_field(client: Client, as_guest: User) -> None:
    response = client.post("/accounts/preferences/", {"time_zone": "Mars/Olympus"})
    assert response.status_code == 422
    assert 'value="Mars/Olympus"' in response.content.decode()
    assert response.context["preferences"].errors["time_zone"] == [
        "There is no such time zone. Choose one from the list, such as Europe/Berlin."
    ]


def test_a_stranger_has_no_preferences(client: Client, db: None) -> None:
    assert client.post("/accounts/preferences/", {"time_zone": "UTC"}).status_code == 302
    assert User.objects.count() == 0


def test_times_are_in_the_zone_of_the_person_and_only_for_them(client: Client, as_guest: User, settings: Any) -> None:
    seen: list[str] = []
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, "tests.accounts.test_mine.zone_seen"]
    zone_seen.seen = seen  # type: ignore[attr-defined]
    User.objects.filter(pk=as_guest.pk).update(time_zone="Asia/Tokyo")
    client.get("/accounts/")
    Client().get("/accounts/")
    assert (seen, timezone.get_current_timezone_name()) == (["Asia/Tokyo", "UTC"], "UTC")


def zone_seen(get_response: Any) -> Any:
    """Middleware that writes down the zone in which the page was made."""

    def middleware(request: Any) -> Any:
        response = get_response(request)
        zone_seen.seen.append(timezone.get_current_timezone_name())  # type: ignore[attr-defined]
        return response

    return middleware


# Name


def test_another_name(client: Client, member: User) -> None:
    sign_in(client, "alice")
    assert client.post("/accounts/name/", {"username": "Alicia"})["Location"] == "/accounts/"
    assert User.objects.get().username == "alicia"


@pytest.mark.parametrize("name", ["chief", "Chief", "", "a b", "guest-1"])
def test_a_name_that_cannot_be(client: Client, member: User, operator: User, name: str) -> None:
    sign_in(client, "alice")
    assert client.post("/accounts/name/", {"username": name}).status_code == 422
    assert User.objects.get(pk=member.pk).username == "alice"


def test_of_two_who_choose_a_name_at_once_one_gets_it(member: User, operator: User) -> None:
    with pytest.raises(NameTaken):
        rename_member(person_id=member.pk, username="Chief")


# Coming once a day


def test_a_visit_is_written_down_once_a_day(client: Client, member: User, clock: Any) -> None:
    sign_in(client, "alice")
    client.get("/accounts/")
    assert User.objects.get().active_on == clock.now.date()
    with CaptureQueriesContext(
        connection,
    ) as same_day:
        client.get("/accounts/")
    clock.move(days=1)
    with CaptureQueriesContext(connection) as next_day:
        client.get("/accounts/")

    def writes(queries: CaptureQueriesContext) -> list[str]:
        return [query["sql"].split('"')[1] for query in queries.captured_queries if query["sql"].startswith("UPDATE")]

    assert (writes(same_day), writes(next_day)) == ([], ["accounts_user", "django_session"])
    selects = [sum(q["sql"].startswith("SELECT") for q in queries.captured_queries) for queries in (same_day, next_day)]
    assert selects[0] == selects[1]
    assert User.objects.get().active_on == clock.now.date()


def test_a_save_in_an_exam_is_no_visit(client: Client, as_guest: User, course: None, clock: Any) -> None:
    attempt = sit(as_guest, "short-mock", clock.now)
    User.objects.update(active_on=None)
    client.post(f"/attempts/{attempt.code}/responses/1/", {"has": "choice", "choice": "1"})
    client.get(f"/attempts/{attempt.code}/clock/")
    assert User.objects.get().active_on is None


def test_a_page_that_is_the_same_for_everybody_asks_for_nobody(client: Client, as_guest: User) -> None:
    User.objects.update(active_on=None)
    client.get("/about/")
    assert User.objects.get().active_on is None


# My data


def test_my_data_is_everything(client: Client, member: User, course: None, now: datetime) -> None:
    attempt = sit(member, "short-mock", now)
    answer(attempt, now, 1, 2)
    finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)
    sign_in(client, "alice")
    response = client.get("/accounts/data/json/")
    assert response["Content-Disposition"] == 'attachment; filename="sapro-2026-11-23.json"'
    data = json.loads(response.getvalue())
    assert set(data) == {
        "format", "version", "preferences", "plan", "cards", "readings", "highlights", "bookmarks",
        "written_at", "person", "email_addresses", "second_factors", "attempts", "exposures", "questions_written",
        "quizzes_owned",
        "challenges", "notices", "memberships", "conditions", "remarks", "classes_owned",
    }  # fmt: skip
    assert (data["person"]["username"], data["person"]["email"]) == ("alice", "alice@example.org")
    [mine] = data["attempts"]
    assert (mine["code"], mine["state"], mine["quiz"]) == (attempt.code, "submitted", "short-mock")
    stored = attempt.responses.order_by("position").values_list("position", "question__code", "choice", "fraction")
    given = [(one["position"], one["question"], one["choice"], one["fraction"]) for one in mine["responses"]]
    assert given == list(stored)
    assert [one["kind"] for one in mine["events"]] == list(attempt.events.values_list("kind", flat=True))
    result = attempt.results.get()
    assert [(one["raw"], one["maximum"]) for one in mine["results"]] == [(result.raw, result.maximum)]
    assert len(data["exposures"]) == Exposure.objects.filter(person=member).count() > 0


def test_my_data_is_only_mine(client: Client, member: User, as_guest: User, course: None, now: datetime) -> None:
    sit(member, "short-mock", now)
    assert data_of(client)["attempts"] == []


def test_my_data_tells_nothing_of_an_exam_that_is_open(
    client: Client, as_guest: User, course: None, now: datetime
) -> None:
    past = sit(as_guest, "short-mock", now)
    answer(past, now, 1)
    finish_attempt(attempt_id=past.pk, now=now, by_learner=True)
    running = sit(as_guest, "short-mock", now)
    held = set(running.responses.values_list("question__code", flat=True))
    known = set(past.responses.values_list("question__code", flat=True))
    data = data_of(client)
    for attempt in data["attempts"]:
        fractions = {one["question"]: one["fraction"] for one in attempt["responses"]}
        assert {code for code, fraction in fractions.items() if fraction == HELD} == held & set(fractions)
    [result] = [result for attempt in data["attempts"] for result in attempt["results"]]
    assert result["fractions"].count(HELD) == len(held & known)
    assert (result["raw"] == HELD) is bool(held & known)


def test_strangers_have_no_data(client: Client, db: None) -> None:
    assert client.get("/accounts/data/json/")["Location"] == "/accounts/login/?next=%2Faccounts%2Fdata%2Fjson%2F"


# Going


def test_deleting_leaves_nothing(client: Client, member: User, operator: User, course: None, now: datetime) -> None:
    done, running = sit(member, "short-mock", now), None
    answer(done, now, 1)
    finish_attempt(attempt_id=done.pk, now=now, by_learner=True)
    running = sit(member, "short-mock", now)
    answer(running, now, 2)
    question = Question.objects.create(code="of-alice", author=member)
    sign_in(client, "alice")
    elsewhere = Client()
    sign_in(elsewhere, "alice")
    client.get("/accounts/email/")
    assert client.get("/accounts/delete/").status_code == 200
    assert client.post("/accounts/delete/", {"confirm": "Alice "})["Location"] == "/"
    assert list(User.objects.values_list("username", flat=True)) == ["chief"]
    for model in (Attempt, Response, Event, Result, Exposure, EmailAddress):
        assert model._default_manager.count() == 0, model
    question.refresh_from_db()
    assert question.author is None
    assert "_auth_user_id" not in client.session
    assert elsewhere.get("/accounts/").context["person"] is None
    assert sign_in(Client(), "alice").status_code == 200


def test_after_deleting_no_table_holds_a_word(client: Client, as_guest: User, course: None, now: datetime) -> None:
    """What names somebody, looked for in every column of the database. An objection stays, without a name."""
    sit(as_guest, "short-mock", now)
    client.post("/accounts/signup/", sign_up_data("canary-name", email="canary-mail@example.org"))
    client.post("/accounts/preferences/", {"time_zone": "Pacific/Chatham"})
    said = {"flaw": "other", "text": "It is the canary-text.", "evidence": "https://example.org/canary-link"}
    client.post("/challenges/notes/test-balancers/", said)
    client.get("/accounts/email/")
    words = ("canary-name", "canary-mail", "Pacific/Chatham", "canary-text", "canary-link")
    assert set(found_in_database(words)) == set(words)
    assert client.post("/accounts/delete/", {"confirm": "canary-name"})["Location"] == "/"
    assert found_in_database(words) == dict.fromkeys(words[3:], "quizzes_challenge")
    assert Challenge.objects.get().person is None


def found_in_database(words: tuple[str, ...]) -> dict[str, str]:
    """The table in which each of these words stands."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            text = repr(cursor.fetchall())
            found |= {word: table for word in words if word in text}
    return found


@pytest.mark.parametrize("typed", ["", "alic", "chief"])
def test_another_word_deletes_nothing(client: Client, member: User, typed: str) -> None:
    sign_in(client, "alice")
    assert client.post("/accounts/delete/", {"confirm": typed}).status_code == 422
    assert User.objects.count() == 1


def test_who_owns_quizzes_is_told_so(client: Client, member: User, course: None, now: datetime) -> None:
    make_own_quiz(member, slug="mine-x", title="Networks")
    sign_in(client, "alice")
    response = client.post("/accounts/delete/", {"confirm": "alice"})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "You own quizzes that others may sit: Networks."
        " Share them with another instructor, who becomes the owner; then your account can go."
    ]
    with pytest.raises(OwnsQuizzes):
        delete_person(person_id=member.pk, now=now)
    assert User.objects.count() == 1


def test_a_guest_deletes_with_a_tick(client: Client, as_guest: User, course: None, now: datetime) -> None:
    sit(as_guest, "short-mock", now)
    assert client.post("/accounts/delete/", {}).status_code == 422
    assert client.post("/accounts/delete/", {"confirm": "on"})["Location"] == "/"
    assert (User.objects.count(), Attempt.objects.count()) == (0, 0)
