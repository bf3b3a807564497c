"""Roles come by links that work once, and the first operator is told the way in."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from sapro.accounts.models import INSTRUCTORS, RoleLink, User
from sapro.accounts.services.roles import LinkSpent, hash_token, make_role_link, use_role_link
from tests.accounts.conftest import PASSWORD, sign_in, sign_up_data


@pytest.fixture
def link(db: None, now: datetime) -> Callable[..., str]:
    """Make a link and give its path."""

    def make(role: str = "instructor", hours: int = 24) -> str:
        return f"/accounts/role/{make_role_link(role=role, hours=hours, now=now)}/"

    return make


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def roles(name: str) -> tuple[bool, bool, bool, list[str]]:
    member = User.objects.get(username=name)
    groups = list(member.groups.values_list("name", flat=True))
    return member.is_superuser, member.is_staff, member.is_instructor, groups


def test_only_the_hash_is_kept(db: None, now: datetime) -> None:
    token = make_role_link(role="admin", hours=2, now=now)
    stored = RoleLink.objects.values("token_hash", "role", "created_at", "expires_at", "used_at", "used_by").get()
    assert stored == {
        "token_hash": hash_token(token),
        "role": "admin",
        "created_at": now,
        "expires_at": now + timedelta(hours=2),
        "used_at": None,
        "used_by": None,
    }
    assert token not in stored["token_hash"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [("instructor", (False, False, True, [INSTRUCTORS])), ("admin", (True, True, True, [INSTRUCTORS]))],
)
def test_a_member_accepts_with_the_button(
    client: Client, member: User, link: Any, role: str, expected: tuple[bool, bool, bool, list[str]]
) -> None:
    path = link(role)
    sign_in(client, "alice")
    for _ in range(2):
        assert client.get(path).status_code == 200
    assert roles("alice") == (False, False, False, [])
    assert client.post(path)["Location"] == "/accounts/"
    assert roles("alice") == expected


def test_it_works_once(client: Client, member: User, operator: User, link: Any, now: datetime) -> None:
    path = link()
    sign_in(client, "alice")
    client.post(path)
    other = Client()
    sign_in(other, "chief")
    assert (other.get(path).status_code, other.post(path).status_code) == (410, 410)
    used = RoleLink.objects.get()
    assert (used.used_by, used.used_at) == (member, now)
    assert roles("chief")[3] == []


def test_it_expires(client: Client, member: User, link: Any, clock: Any) -> None:
    path = link(hours=1)
    sign_in(client, "alice")
    clock.move(hours=1, seconds=-1)
    assert client.get(path).status_code == 200
    clock.move(seconds=1)
    assert (client.get(path).status_code, client.post(path).status_code) == (410, 410)
    assert roles("alice") == (False, False, False, [])


def test_a_wrong_token_is_no_link(client: Client, member: User, link: Any) -> None:
    path = link()
    sign_in(client, "alice")
    assert client.post(path[:-2] + ("A" if path[-2] != "A" else "B") + "/").status_code == 404
    assert roles("alice") == (False, False, False, [])


def test_a_guest_signs_up_first_and_comes_back(client: Client, as_guest: User, link: Any) -> None:
    path = link("admin")
    assert client.get(path).status_code == 200
    there = client.post(path)["Location"]
    assert there == f"/accounts/signup/?next={path.replace('/', '%2F')}"
    assert RoleLink.objects.get().used_at is None
    assert client.post("/accounts/signup/", sign_up_data("bob", next=path))["Location"] == path
    client.post(path)
    assert roles("bob") == (True, True, True, [INSTRUCTORS])


def test_a_stranger_gets_no_role_and_no_row(client: Client, link: Any) -> None:
    assert client.post(link()).status_code == 302
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(now: datetime) -> None:
    people = [User.objects.create_user(f"racer{number}", password=PASSWORD) for number in range(6)]
    token = make_role_link(role="instructor", hours=1, now=now)

    def use(person: User) -> bool:
        try:
            return use_role_link(token=token, member_id=person.pk, now=now) == "instructor"
        except LinkSpent:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(use, people)) == [False] * 5 + [True]
    assert User.objects.filter(groups__name=INSTRUCTORS).count() == 1


# Commands


def test_the_command_prints_a_link_that_works(client: Client, member: User) -> None:
    out = run("make_role_link", "--role", "instructor")
    assert re.fullmatch(r"http://localhost:8000/accounts/role/[\w-]{43}/\n", out) is not None
    sign_in(client, "alice")
    client.post(out.removeprefix("http://localhost:8000").strip())
    assert roles("alice") == (False, False, True, [INSTRUCTORS])


def test_a_role_that_does_not_exist_is_refused(db: None) -> None:
    with pytest.raises(CommandError):
        run("make_role_link", "--role", "king")
    with pytest.raises(CommandError):
        run("make_role_link", "--role", "admin", "--hours", "0")


def test_the_first_run_tells_the_way_in_and_later_ones_do_not(client: Client, member: User) -> None:
    first = run("first_run")
    [path] = re.findall(r"http://localhost:8000(/accounts/role/\S+/)", first)
    assert run("first_run") == "No operator yet. A new link: python manage.py make_role_link --role admin\n"
    assert RoleLink.objects.count() == 1
    sign_in(client, "alice")
    client.post(path)
    assert roles("alice") == (True, True, True, [INSTRUCTORS])
    assert run("first_run") == ""


def test_the_first_run_makes_no_account(db: None) -> None:
    run("first_run")
    assert User.objects.count() == 0


def test_the_password_link_sets_a_password_once(client: Client, member: User) -> None:
    path = run("password_link", "Alice").strip().removeprefix("http://localhost:8000")
    form = client.get(path)["Location"]
    new = {"password1": "another fine phrase", "password2": "another fine phrase"}
    assert client.post(form, new)["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(Client(), "alice", new["password1"]).status_code == 302
    assert Client().get(path).status_code == 200
    assert "Bad Token" in Client().get(path).content.decode()


@pytest.mark.parametrize("name", ["nobody", "guest"])
def test_there_is_no_password_link_for_others(as_guest: User, name: str) -> None:
    with pytest.raises(CommandError):
        run("password_link", as_guest.username if name == "guest" else name)
