"""What a save is answered: the table of exam.md, row by row. What is refused changes nothing."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.models import Attempt, Event
from tests.quizzes.attempts.conftest import BACKEND, GRACE, HTMX, Room, enter, everything, log

KILO = 1024


# 200, 303


def test_a_save_by_the_script_is_answered_with_the_state_that_holds(room: Room, single: int) -> None:
    room.clock.move(seconds=90)
    reply = room.save(single, choice="2", at=89_000, tab=5)
    assert (reply.status_code, reply["Content-Type"]) == (200, "application/json")
    assert len(reply.content) <= KILO
    assert json.loads(reply.content) == {
        "position": single,
        "choice": [2],
        "flagged": False,
        "saved_at": "2026-11-23T12:01:30.000+00:00",
        "at": 90_000,
        "remaining": 3_600_000 - 90_000,
    }
    row = room.row(single)
    assert (row.choice, row.choice_at, row.choice_tab) == ([row.shown_order[1]], 89_000, 5)
    assert (row.flagged, row.flagged_at) == (False, -1)


@pytest.mark.parametrize(
    ("go", "target"),
    [
        ("4", "4"),
        ("review", "review"),
        (None, "1"),
        ("//evil.example", "1"),
        ("99999999999", "99999999"),
        ("²", "1"),
        ("", "1"),
    ],
)
def test_the_plain_form_is_sent_on_to_a_page(room: Room, go: str | None, target: str) -> None:
    fields = {"choice": "1"} if go is None else {"choice": "1", "go": go}
    reply = room.save(1, htmx=False, **fields)
    assert (reply.status_code, reply["Location"]) == (303, f"{room.url}?q={target}")
    assert room.client.get(reply["Location"]).status_code == 200


def test_a_replay_and_an_overtaken_answer_get_the_same_reply(room: Room, single: int) -> None:
    room.clock.move(seconds=10)
    newest = room.save(single, choice="3", at=5000, tab=1)
    stored = everything(room.attempt)
    replies = [
        room.save(single, choice="3", at=5000, tab=1),
        room.save(single, choice="1", at=4999, tab=9),
        room.save(single, choice="1", at=5000, tab=0),
        room.save(single),
    ]
    assert [(reply.status_code, reply.content) for reply in replies] == [(200, newest.content)] * 4
    assert everything(room.attempt) == stored
    assert log(room.attempt)[1:] == [("saved", single), ("overtaken", single), ("overtaken", single)]


def test_a_missing_reading_means_now_and_no_tab_is_tab_nothing(room: Room, single: int) -> None:
    room.clock.move(seconds=7)
    room.save(single, choice="1")
    row = room.row(single)
    assert (row.choice_at, row.choice_tab) == (7000, 0)


def test_absent_is_untouched_and_empty_is_cleared(room: Room, single: int) -> None:
    """An unchecked box sends nothing: only ``has`` tells a cleared answer from one that was not sent."""
    shown = room.row(single).shown_order
    steps: list[tuple[dict[str, Any], list[str], bool]] = [
        ({"choice": "2"}, [shown[1]], False),
        ({"flagged": "1"}, [shown[1]], True),
        ({}, [shown[1]], True),
        ({"has": "choice"}, [], True),
        ({"has": "choice", "choice": "4"}, [shown[3]], True),
        ({"has": "flagged"}, [shown[3]], False),
        ({"flagged": "on"}, [shown[3]], True),
        ({"has": ["choice", "flagged"], "flagged": "0"}, [], False),
        ({"has": ["choice", "flagged"], "choice": "1", "flagged": "1"}, [shown[0]], True),
        ({"choice": ""}, [], True),
    ]
    for fields, choice, flagged in steps:
        room.clock.move(seconds=1)
        assert room.save(single, **fields).status_code == 200
        row = room.row(single)
        assert (row.choice, row.flagged) == (choice, flagged), fields


def test_fewer_than_asked_for_are_stored_and_listed_as_incomplete(room: Room, double: int) -> None:
    room.save(double, choice="2")
    assert room.row(double).choice == [room.row(double).shown_order[1]]
    page = room.client.get(room.url + "?q=review").context
    assert double in page["unanswered"]
    assert [one.state for one in page["questions"] if one.position == double] == ["incomplete"]
    room.clock.move(seconds=1)
    room.save(double, choice=["2", "4"])
    page = room.client.get(room.url + "?q=review").context
    assert double not in page["unanswered"]
    assert [one.state for one in page["questions"] if one.position == double] == ["answered"]


def test_fields_of_the_attempt_itself_are_nothing_that_can_be_posted(room: Room) -> None:
    names = [
        "score",
        "deadline",
        "state",
        "person",
        "person_id",
        "started_at",
        "extra_time",
        "attempt",
        "seed",
        "saved_at",
        "fraction",
        "grace",
    ]
    extra = dict.fromkeys(names, "1")
    before, _, _ = everything(room.attempt)
    assert room.save(1, choice="1", **extra).status_code == 200
    assert everything(room.attempt)[0] == before
    assert [row.choice for row in room.attempt.responses.all()][1:] == [[]] * 9
    assert room.submit(**extra).status_code == 302
    assert room.stored().deadline == room.attempt.deadline


# 401, 404


def test_signed_out_the_answer_says_where_to_sign_in(room: Room) -> None:
    before = everything(room.attempt)
    room.client.logout()
    sign_in = f"{reverse('account_login')}?next={room.url}"
    for url in (f"{room.url}responses/1/", f"{room.url}submit/"):
        reply = room.client.post(url, {"choice": "1"}, headers=HTMX)
        assert (reply.status_code, json.loads(reply.content)) == (401, {"reason": "signed_out", "sign_in": sign_in})
        page = room.client.post(url, {"choice": "1"})
        assert (page.status_code, f'href="{sign_in}"' in page.content.decode()) == (401, True)
    clock = room.client.get(f"{room.url}clock/")
    assert (clock.status_code, clock.json()) == (401, {"reason": "signed_out"})
    for name in ("", "report/", "review/"):
        reply = room.client.get(room.url + name)
        assert (reply.status_code, reply["Location"]) == (302, f"{reverse('account_login')}?next={room.url}{name}")
    assert everything(room.attempt) == before


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_somebody_elses_is_not_there(room: Room, method: str, quiz: Any, django_user_model: Any) -> None:
    """Nor do ids in the body help: the attempt is found by who asks."""
    stranger = django_user_model.objects.create(username="stranger")
    other = enter(Client(), stranger, quiz, room.clock)
    before = everything(room.attempt), everything(other.attempt)
    paths = {"get": ["", "clock/", "report/", "review/"], "post": ["responses/1/", "submit/"]}[method]
    body = {"choice": "1", "attempt": room.attempt.pk, "code": room.attempt.code, "person": room.attempt.person_id}
    for path in paths:
        assert getattr(other.client, method)(room.url + path, body, headers=HTMX).status_code == 404, path
        unknown = getattr(other.client, method)("/attempts/AAAAAAAAAAAAAAAA/" + path, body, headers=HTMX)
        assert unknown.status_code == 404, path
    assert (everything(room.attempt), everything(other.attempt)) == before


@pytest.mark.parametrize("position", ["0", "11", "-1", "1.0", "abc", "%00", "٣", "2147483648", "9" * 20, "9" * 5000])
def test_an_unknown_position_is_not_there(room: Room, position: str) -> None:
    before = everything(room.attempt)
    assert room.save(position, choice="1").status_code == 404
    assert everything(room.attempt) == before


@pytest.mark.parametrize(
    "code", ["x", "%00", "AAAA%00", "%F0%9F%A6%84", "%ED%A0%80", "a b", "AAAA%0a", "9" * 300, "..", "%2e%2e"]
)
def test_a_strange_code_is_not_there(room: Room, code: str) -> None:
    for path in ("", "clock/", "report/", "review/"):
        assert room.client.get(f"/attempts/{code}/{path}").status_code == 404
    for path in ("responses/1/", "submit/"):
        assert room.client.post(f"/attempts/{code}/{path}", {"choice": "1"}).status_code == 404


# 409


def test_a_clock_that_is_ahead_is_told_the_right_one(room: Room, single: int) -> None:
    room.clock.move(seconds=10)
    before = everything(room.attempt)
    assert room.save(single, choice="1", at=12_001, tab=1).status_code == 409
    reply = room.save(single, choice="1", at=2**62, tab=1)
    assert (reply.status_code, len(reply.content) <= KILO) == (409, True)
    body = json.loads(reply.content)
    assert {**body, "message": ""} == {"reason": "clock_ahead", "message": "", "at": 10_000, "remaining": 3_590_000}
    assert everything(room.attempt) == before
    assert log(room.attempt)[1:] == [("clock_ahead", single)] * 2
    assert room.save(single, choice="1", at=12_000, tab=1).status_code == 200


def test_in_the_grace_only_what_was_given_in_time_is_taken(room: Room, single: int) -> None:
    room.clock.move(hours=1, seconds=1)
    late = room.save(single, choice="1", at=3_600_000, tab=1)
    assert (late.status_code, late.json()["reason"], late.json()["remaining"]) == (409, "too_late", 0)
    assert room.save(single, choice="1").json()["reason"] == "too_late"
    assert room.row(single).choice == []
    assert room.save(single, choice="2", at=3_599_999, tab=1).status_code == 200
    assert room.row(single).choice == [room.row(single).shown_order[1]]
    assert log(room.attempt)[1:] == [("too_late", single)] * 2 + [("saved", single)]


def test_after_the_grace_it_is_too_late_for_everything_and_kept_in_the_log(room: Room, single: int) -> None:
    room.clock.move(hours=1, seconds=GRACE)
    before = everything(room.attempt)
    reply = room.save(single, choice="3", at=1000, tab=1)
    assert (reply.status_code, reply.json()["reason"]) == (409, "too_late")
    assert everything(room.attempt) == before
    event = Event.objects.filter(attempt=room.attempt).last()
    assert (event.kind, event.at, event.data) == ("too_late", 1000, {"choice": [room.row(single).shown_order[2]]})
    assert event.received_at == room.clock.now


def test_after_the_submission_it_is_finished_for_script_and_plain_form(room: Room, single: int) -> None:
    room.save(single, choice="1")
    room.submit()
    before = everything(room.attempt)
    reply = room.save(single, choice="2")
    assert (reply.status_code, reply.json()["reason"]) == (409, "finished")
    page = room.save(single, htmx=False, choice="2")
    assert (page.status_code, "This exam is over" in page.content.decode()) == (409, True)
    assert everything(room.attempt) == before
    assert log(room.attempt)[-2:] == [("finished", single)] * 2


# 413


def body_of(size: int) -> str:
    """A form body of exactly so many bytes, with a good choice in it."""
    return "choice=1&trace=" + "x" * (size - 15)


@pytest.mark.parametrize("path", ["responses/1/", "submit/"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_a_body_over_eight_kilobytes_is_refused_before_it_is_read(room: Room, path: str, signed_in: bool) -> None:
    if not signed_in:
        room.client.logout()
    before = everything(room.attempt)
    kind = "application/x-www-form-urlencoded"
    reply = room.client.post(room.url + path, body_of(8 * KILO + 1), content_type=kind)
    assert (reply.status_code, reply["Content-Type"]) == (413, "text/plain; charset=utf-8")
    assert (
        reply.content.decode()
        == "This is too much at once: at most 8 kB are taken here. Nothing was stored; send less."
    )
    assert reply["Cache-Control"] == "no-store"
    assert "Content-Security-Policy" in reply
    assert everything(room.attempt) == before
    assert log(room.attempt) == [("started", None)]
    assert room.client.post(room.url + path, body_of(8 * KILO), content_type=kind).status_code < 402


def test_elsewhere_sixty_four_kilobytes_are_taken(client: Client, db: None) -> None:
    kind = "application/x-www-form-urlencoded"
    assert client.post("/accounts/login/", "login=" + "x" * 64 * KILO, content_type=kind).status_code == 413
    assert client.post("/accounts/login/", "login=" + "x" * 63 * KILO, content_type=kind).status_code == 200


@pytest.mark.parametrize(("length", "status"), [("", 200), ("0", 200), ("-5", 200), ("abc", 400), ("1e9", 400)])
def test_a_length_that_is_none_is_an_empty_body_or_a_bad_request(room: Room, length: str, status: int) -> None:
    before = everything(room.attempt)
    kind = "application/x-www-form-urlencoded"
    url = f"{room.url}responses/1/"
    reply = room.client.post(url, "choice=1", content_type=kind, headers=HTMX, CONTENT_LENGTH=length)
    assert (reply.status_code, everything(room.attempt)) == (status, before)


def test_a_thousand_fields_and_broken_multipart_are_a_bad_request(room: Room) -> None:
    before = everything(room.attempt)
    url = f"{room.url}responses/1/"
    many = room.client.post(url, "a=&" * 1000, content_type="application/x-www-form-urlencoded")
    broken = room.client.post(url, "nonsense", content_type="multipart/form-data")
    other = room.client.post(url, "choice=1", content_type="application/x-www-form-urlencoded; charset=latin-1")
    assert [many.status_code, broken.status_code, other.status_code] == [400] * 3
    assert everything(room.attempt) == before


# 422

UNREADABLE = [
    {"choice": "0"},
    {"choice": "5"},
    {"choice": "a"},
    {"choice": "-1"},
    {"choice": "1\x00"},
    {"choice": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")},
    {"choice": "🦄" * 1000},
    {"choice": ["1", "2"]},
    {"choice": ["1"] * 25},
    {"choice": "1", "at": "x"},
    {"choice": "1", "at": "-1"},
    {"choice": "1", "at": "1.5"},
    {"choice": "1", "at": "1e3"},
    {"choice": "1", "at": "٣"},
    {"choice": "1", "at": "NaN"},
    {"choice": "1", "at": str(2**62 + 1)},
    {"choice": "1", "at": "9" * 5000},
    {"choice": "1", "at": ["1", "2"]},
    {"choice": "1", "tab": "x"},
    {"choice": "1", "tab": "-1"},
    {"choice": "1", "tab": str(2**53 + 1)},
    {"choice": "1", "flagged": "yes"},
    {"choice": "1", "flagged": "2"},
    {"choice": "1", "flagged": "\x00"},
    {"choice": "1", "has": "everything"},
    {"choice": "1", "has": ["choice", "score"]},
]


@pytest.mark.parametrize("fields", UNREADABLE, ids=range(len(UNREADABLE)))
def test_what_cannot_be_read_is_refused_with_words(room: Room, single: int, fields: dict[str, Any]) -> None:
    before = everything(room.attempt)
    reply = room.save(single, **fields)
    assert (reply.status_code, len(reply.content) <= KILO) == (422, True)
    assert set(reply.json()) == {"reason", "message"}
    assert reply.json()["reason"] == "unreadable"
    page = room.save(single, htmx=False, **fields)
    assert (page.status_code, f'href="{room.url}?q={single}"' in page.content.decode()) == (422, True)
    assert everything(room.attempt) == before
    assert log(room.attempt) == [("started", None)]


def test_three_of_two_are_refused(room: Room, double: int) -> None:
    reply = room.save(double, choice=["1", "2", "3"])
    assert (reply.status_code, reply.json()["message"]) == (422, "Choose at most 2; 3 were sent.")
    assert room.row(double).choice == []


def test_what_was_posted_comes_back_escaped(room: Room, single: int) -> None:
    page = room.save(single, htmx=False, choice="<script>x</script>").content.decode()
    assert "<script>x" not in page


@pytest.mark.parametrize("trace", ["[" * 7000, "nonsense", '{"1": {"ms": -1}}', '{"\x00": {}}', "null"])
def test_no_trace_however_broken_costs_an_answer(room: Room, single: int, trace: str) -> None:
    assert room.save(single, choice="1", trace=trace).status_code == 200
    assert room.row(single).choice == [room.row(single).shown_order[0]]


# 403, 405


def test_without_a_token_nothing_is_taken(room: Room) -> None:
    before = everything(room.attempt)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(room.attempt.person, backend=BACKEND)
    for path in ("responses/1/", "submit/"):
        assert strict.post(room.url + path, {"choice": "1"}, headers=HTMX).status_code == 403
    assert everything(room.attempt) == before
    strict.get(room.url)
    token = {**HTMX, "X-CSRFToken": strict.cookies["csrftoken"].value}
    assert strict.post(f"{room.url}responses/1/", {"choice": "1"}, headers=token).status_code == 200


WRONG = [
    *[("responses/1/", method) for method in ("get", "head", "put", "patch", "delete", "options")],
    *[("submit/", method) for method in ("get", "head", "put", "patch", "delete", "options")],
    *[(path, method) for path in ("", "clock/", "report/", "review/") for method in ("post", "put", "delete")],
]


@pytest.mark.parametrize(("path", "method"), WRONG)
def test_a_wrong_method_changes_nothing(room: Room, path: str, method: str) -> None:
    before = everything(room.attempt)
    assert getattr(room.client, method)(room.url + path, headers=HTMX).status_code == 405
    assert everything(room.attempt) == before
    assert Attempt.objects.count() == 1


def test_starting_is_a_post(client: Client, quiz: Any) -> None:
    assert client.get(f"/quizzes/{quiz.slug}/start/").status_code == 405
    assert Attempt.objects.count() == 0
