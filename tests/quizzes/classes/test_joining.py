"""Joining a class by its code, and leaving it: one seat for each person, and nothing told to whoever guesses."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client

from quizzes.models import Classroom, Membership
from quizzes.services.classes import Refused, archive_class, close_joining, renew_join_code
from quizzes.services.seats import WrongCode, join_class, leave_class
from sapro.accounts.models import User
from sapro.accounts.services.guests import make_guest
from tests.accounts.conftest import PASSWORD, sign_up_data
from tests.own_classes import enroll, make_class, make_group, make_learners
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.django_db

WRONG = "No class can be joined by this code."


@pytest.fixture(autouse=True)
def _stand_still(clock: Any) -> None:
    """Every view of these tests reads the clock of the tests."""


@pytest.fixture
def cleo(db: None) -> User:
    """Somebody with an account and a confirmed address, in no class."""
    user = User.objects.create_user("cleo", "Cleo@Example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email="Cleo@Example.org", verified=True, primary=True)
    return user


def wait_for(classroom: Classroom, email: str, now: datetime, **more: Any) -> Membership:
    """A seat of the roster that nobody has taken."""
    return Membership.objects.create(classroom=classroom, email=email, created_at=now, **more)


# The way in


def test_the_code_is_typed_any_way_and_the_button_joins(classroom: Classroom, cleo: User, now: datetime) -> None:
    client, code = browser(cleo), classroom.join_code
    typed = client.post("/classes/join/", {"join_code": f" {code[:4].lower()}-{code[4:]} "})
    assert typed["Location"] == f"/classes/join/{code}/"
    page = client.get(typed["Location"]).content.decode()
    assert (classroom.name in page, "Taught by teacher" in page) == (True, True)
    assert not Membership.objects.exists()
    assert client.post(typed["Location"])["Location"] == f"/classes/{classroom.code}/"
    seat = Membership.objects.get()
    assert (seat.person, seat.joined_at, seat.name, seat.email) == (cleo, now, "", "")
    page = client.get(f"/classes/{classroom.code}/").content.decode()
    assert (classroom.name in page, "Taught by teacher" in page) == (True, True)
    assert f'href="/classes/{classroom.code}/"' in client.get("/accounts/").content.decode()
    assert client.get(f"/classes/join/{code}/")["Location"] == f"/classes/{classroom.code}/"


def test_a_guest_comes_back_with_an_account(classroom: Classroom, now: datetime) -> None:
    client, link = Client(), f"/classes/join/{classroom.join_code}/"
    guest = make_guest(now=now)
    client.force_login(guest, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(link).content.decode()
    there = "/accounts/signup/?next=%2Fclasses%2Fjoin%2F" + classroom.join_code + "%2F"
    assert there in page
    assert client.post(link)["Location"] == there
    made = client.post("/accounts/signup/", {**sign_up_data("dora"), "next": link})
    assert made["Location"] == link
    client.post(link)
    assert Membership.objects.get().person == User.objects.get(username="dora")
    assert Client().post(link)["Location"] == there
    with pytest.raises(Refused):
        join_class(person_id=make_guest(now=now).pk, join_code=classroom.join_code, now=now)


def test_whoever_teaches_it_does_not_sit_in_it(classroom: Classroom, teacher: User, now: datetime) -> None:
    page = browser(teacher).get(f"/classes/join/{classroom.join_code}/")
    assert "You teach this class" in page.content.decode()
    with pytest.raises(Refused):
        join_class(person_id=teacher.pk, join_code=classroom.join_code, now=now)
    assert not Membership.objects.exists()


# Guesses


def test_a_wrong_code_says_the_same_of_all(classroom: Classroom, teacher: User, cleo: User, now: datetime) -> None:
    """One that never was, one that was renewed, of a class that was closed, of an archived one: the same page."""
    old = classroom.join_code
    renewed = renew_join_code(actor=teacher, code=classroom.code, now=now).join_code
    closed, archived = make_class(teacher, join_code="CLQSED34"), make_class(teacher, join_code="ARCHVD34")
    close_joining(actor=teacher, code=closed.code, now=now)
    archive_class(actor=teacher, code=archived.code, now=now)
    client = browser(cleo)
    pages = set()
    for code in ("AAAAAAAA", old, "CLQSED34", "ARCHVD34", "", "---", "’Ａ"):
        reply = client.get(f"/classes/join/{code or '%20'}/")
        assert (reply.status_code, WRONG in reply.content.decode() or not code) == (404, True)
        assert client.post("/classes/join/", {"join_code": code}).status_code == 422
        with pytest.raises(WrongCode):
            join_class(person_id=cleo.pk, join_code=code, now=now)
        pages.add(reply.content.decode().replace(code, "") if code.isalnum() and code.isascii() else "")
    shapes = {"".join(line for line in page.split("\n") if "csrf" not in line) for page in pages if page}
    assert len(shapes) == 1
    assert join_class(person_id=cleo.pk, join_code=renewed, now=now).person == cleo


def test_guesses_have_an_end(classroom: Classroom, cleo: User) -> None:
    client, link = browser(cleo), f"/classes/join/{classroom.join_code}/"
    for number in range(30):
        address = "/classes/join/WRQNG999/"
        reply = client.get(address) if number % 2 else client.post("/classes/join/", {"join_code": "WRQNG999"})
        assert reply.status_code == (404 if number % 2 else 422)
    for reply in (client.get(link), client.post(link), client.post("/classes/join/", {"join_code": "x"})):
        assert reply.status_code == 429
        assert classroom.name not in reply.content.decode()
    assert client.get(link, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert not Membership.objects.exists()


# Which seat


def test_a_waiting_seat_is_taken_by_a_confirmed_address_only(classroom: Classroom, cleo: User, now: datetime) -> None:
    group = make_group(classroom)
    other = make_class(classroom.owner)
    wait_for(other, "cleo@example.org", now)
    seat = wait_for(classroom, "cLEO@example.org", now, name="Cleo Roe", group=group)
    mallory = User.objects.create_user("mallory", "cleo@example.org")
    EmailAddress.objects.create(user=mallory, email="cleo@example.org", verified=False, primary=True)
    assert join_class(person_id=mallory.pk, join_code=classroom.join_code, now=now).pk != seat.pk
    taken = join_class(person_id=cleo.pk, join_code=classroom.join_code, now=now)
    assert (taken.pk, taken.name, taken.group, taken.joined_at) == (seat.pk, "Cleo Roe", group, now)


def test_who_comes_back_finds_the_old_seat(classroom: Classroom, cleo: User, now: datetime) -> None:
    client, group = browser(cleo), make_group(classroom)
    seat = enroll(classroom, cleo, group=group, joined_at=now)
    page = client.get(f"/classes/{classroom.code}/leave/").content.decode()
    assert "Leave “" in page
    assert client.post(f"/classes/{classroom.code}/leave/")["Location"] == "/accounts/"
    seat.refresh_from_db()
    assert seat.left_at == now
    for method in (client.get, client.post):
        assert method(f"/classes/{classroom.code}/leave/").status_code == 404
    assert client.get(f"/classes/{classroom.code}/").status_code == 404
    assert classroom.code not in client.get("/accounts/").content.decode()
    again = join_class(person_id=cleo.pk, join_code=classroom.join_code, now=now + timedelta(days=1))
    assert (again.pk, again.left_at, again.joined_at, again.group) == (seat.pk, None, now, group)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_join_at_once_each_gets_one_seat(classroom: Classroom, cleo: User, now: datetime) -> None:
    """Two people, each four times at the same moment; one of them is awaited."""
    wait_for(classroom, "cleo@example.org", now)
    [dora] = make_learners(make_class(classroom.owner), 1)

    def join(person: int) -> int:
        try:
            return join_class(person_id=person, join_code=classroom.join_code, now=now).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        seats = list(pool.map(join, [cleo.pk, dora.pk] * 4))
    assert len(set(seats)) == 2
    assert set(classroom.memberships.values_list("person", flat=True)) == {cleo.pk, dora.pk}


# What a learner sees


def test_classmates_are_not_shown(classroom: Classroom, ann: User, ben: User) -> None:
    classroom.memberships.update(name="Surname of the roster")
    page = browser(ann).get(f"/classes/{classroom.code}/").content.decode()
    assert ("ann" in page, "ben" in page, "Surname" in page) == (False, False, False)


def test_an_archived_class_is_read_and_not_left(classroom: Classroom, teacher: User, ann: User, now: datetime) -> None:
    archive_class(actor=teacher, code=classroom.code, now=now)
    client = browser(ann)
    assert "This class is over" in client.get(f"/classes/{classroom.code}/").content.decode()
    client.post(f"/classes/{classroom.code}/leave/")
    assert classroom.memberships.get().left_at is None
    with pytest.raises(Refused):
        leave_class(person_id=ann.pk, code=classroom.code, now=now)


def test_joining_costs_the_same_in_a_full_class(classroom: Classroom, now: datetime) -> None:
    [first, last] = make_learners(make_class(classroom.owner), 2)
    link = f"/classes/join/{classroom.join_code}/"
    clients = [browser(first), browser(last)]
    for client in clients:
        client.get("/accounts/")
    with counting() as alone:
        clients[0].post(link)
    make_learners(classroom, 500)
    with counting() as crowded:
        clients[1].post(link)
    assert crowded.all == alone.all <= 18
