"""Signing in: who is let in how often, where they go, and what the session is afterwards."""

import re
import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client

from sapro import settings as site_settings
from sapro.accounts.models import User
from tests.accounts.conftest import PASSWORD, sign_in, sign_up_data
from tests.my_data import data_of

LOCKED = "Too many wrong passwords for this name."


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


# Names, addresses, sessions


@pytest.mark.parametrize("name", ["alice", "Alice", " alice ", "alice@example.org", "ALICE@example.org"])
def test_by_name_or_address(client: Client, member: User, name: str) -> None:
    sign_in(client, name)
    assert client.session["_auth_user_id"] == str(member.pk)


def test_the_session_id_changes_and_the_session_lasts(client: Client, member: User) -> None:
    session = client.session
    session["preset"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key
    response = sign_in(client, "alice")
    assert response.cookies["sessionid"].value != session.session_key
    assert int(response.cookies["sessionid"]["max-age"]) == 60 * 60 * 24 * 365
    assert response.cookies["sessionid"]["httponly"] is True


def test_signing_out_ends_the_session_for_whoever_copied_it(client: Client, member: User) -> None:
    sign_in(client, "alice")
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    client.post("/accounts/logout/")
    assert thief.get("/accounts/").context["person"] is None


def test_changing_the_password_ends_the_other_sessions(client: Client, member: User) -> None:
    other = Client()
    sign_in(client, "alice")
    sign_in(other, "alice")
    new = {"oldpassword": PASSWORD, "password1": "another fine phrase", "password2": "another fine phrase"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert client.get("/accounts/").context["person"] == member
    assert other.get("/accounts/").context["person"] is None


def test_passwords_are_kept_by_argon2_with_the_tuned_cost(settings: Any) -> None:
    settings.PASSWORD_HASHERS = site_settings.PASSWORD_HASHERS
    assert make_password("x" * 20).startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


def test_all_of_a_long_password_counts(client: Client, db: None) -> None:
    long = "p7-" * 40
    client.post("/accounts/signup/", sign_up_data("bob", password1=long, password2=long))
    assert sign_in(Client(), "bob", long + "x").status_code == 200
    assert sign_in(Client(), "bob", long).status_code == 302


def test_a_huge_password_is_refused_before_it_is_hashed(client: Client, member: User) -> None:
    assert sign_in(client, "alice", "p" * 1_000_000).status_code == 413


# How often


def test_a_classroom_behind_one_address_gets_in(db: None) -> None:
    """200 people sign up, and 200 sign in, three of ten mistyping first; all within the same minute, as it runs."""
    for number in range(200):
        assert Client().post("/accounts/signup/", sign_up_data(f"learner{number}")).status_code == 302
    for number in range(200):
        client = Client()
        if number % 10 < 3:
            assert sign_in(client, f"learner{number}", "mistyped").status_code == 200
        assert sign_in(client, f"learner{number}").status_code == 302
    assert User.objects.count() == 200


def test_guessing_one_name_is_locked_and_says_so(member: User, operator: User) -> None:
    inside = Client()
    sign_in(inside, "alice")
    for _ in range(10):
        assert LOCKED not in sign_in(Client(), "alice", "wrong").content.decode()
    right = Client()
    assert LOCKED in sign_in(right, "alice").content.decode()
    assert not signed_in(right)
    # Nobody else is concerned, and a session that runs goes on.
    assert sign_in(Client(), "chief").status_code == 302
    assert inside.get("/accounts/").context["person"] == member


def test_the_lock_opens_after_ten_minutes(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(10):
        sign_in(Client(), "alice", "wrong")
    begun = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: begun + 590)
    assert LOCKED in sign_in(Client(), "alice").content.decode()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: begun + 601)
    assert sign_in(Client(), "alice").status_code == 302


def test_right_passwords_do_not_lock(member: User) -> None:
    for _ in range(15):
        assert sign_in(Client(), "alice").status_code == 302


def test_the_limits_say_so(client: Client, db: None, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "signup": "1/m/ip"}
    client.post("/accounts/signup/", sign_up_data("bob"))
    response = Client().post("/accounts/signup/", sign_up_data("eve"))
    assert response.status_code == 429
    assert "Wait a minute, then try again." in response.content.decode()


@pytest.mark.parametrize("name", ["alice", "nobody", "nobody@example.org"])
def test_a_refusal_does_not_tell_who_has_an_account(client: Client, member: User, name: str) -> None:
    form = sign_in(client, name, "wrong").context["form"]
    assert form.non_field_errors() == [
        "The name or the password is not right. Check both; capitals count in the password."
    ]


# Where to


SAFE = ["/notes/", "/quizzes/?a=1", "http://testserver/notes/", "//testserver/notes/"]
EVIL = [
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "https://evil.example",
    "http://evil.example/notes/",
    "https:evil.example",
    "http:///evil.example",
    "HTTPS://EVIL.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "http://localhost/",
    "http://127.0.0.1/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "\thttps://evil.example",
    " https://evil.example",
    "/\t/evil.example",
    "\x00//evil.example",
    "ftp://testserver/",
    "mailto:a@evil.example",
]


@pytest.mark.parametrize("there", SAFE)
def test_next_is_honored(client: Client, member: User, there: str) -> None:
    assert sign_in(client, "alice", next=there)["Location"] == there


@pytest.mark.parametrize("there", EVIL)
def test_next_leads_nowhere_else(client: Client, member: User, there: str) -> None:
    location = sign_in(client, "alice", next=there)["Location"]
    assert location == ("/" if not re.match(r"/[^/\\]", location) else there)
    assert "evil" not in location or location.startswith("/%")


@pytest.mark.parametrize("there", EVIL)
def test_next_leads_nowhere_else_after_signing_up_or_out(client: Client, db: None, there: str) -> None:
    assert client.post("/accounts/signup/", sign_up_data("bob", next=there))["Location"] == "/"
    assert client.get("/accounts/login/", {"next": there})["Location"] == "/"
    assert client.post("/accounts/logout/", {"next": there})["Location"] == "/"


def test_the_way_from_signing_in_to_signing_up_keeps_next(client: Client, db: None) -> None:
    page = client.get("/accounts/login/", {"next": "/attempts/abc/"})
    assert page.context["signup_url"] == "/accounts/signup/?next=%2Fattempts%2Fabc%2F"


# The second factor


def test_half_signed_in_is_not_signed_in(client: Client, as_guest: User, member: User) -> None:
    secret = generate_totp_secret()
    TOTP.activate(member, secret)
    response = sign_in(client, "alice", next="/notes/")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    # Still the guest, with nothing of the member's; the page for the code is there for a guest, too.
    assert client.session["_auth_user_id"] == str(as_guest.pk)
    assert data_of(client)["person"]["username"] == as_guest.username
    assert client.get("/accounts/2fa/authenticate/").status_code == 200
    for _ in range(10):
        client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    locked = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert LOCKED in locked.content.decode()
    assert client.session["_auth_user_id"] == str(as_guest.pk)


def test_giving_up_at_the_second_factor_leaves_the_guest_in_peace(client: Client, as_guest: User, member: User) -> None:
    TOTP.activate(member, generate_totp_secret())
    sign_in(client, "alice")
    response = client.post("/accounts/logout/", {"next": "/accounts/login/"})
    assert response["Location"] == "/accounts/login/"
    assert client.session["_auth_user_id"] == str(as_guest.pk)
    assert client.get("/accounts/2fa/authenticate/")["Location"] == "/accounts/login/"


# Forgotten passwords


def test_without_mail_the_reset_page_says_so(client: Client, member: User) -> None:
    for response in (
        client.get("/accounts/password/reset/"),
        client.post("/accounts/password/reset/", {"email": "alice@example.org"}),
    ):
        assert response.status_code == 200
        assert "Mail is off" in response.content.decode()
    assert mail.outbox == []


@pytest.fixture
def with_mail(settings: Any) -> None:
    settings.MAIL_IS_ON = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "optional"


def test_with_mail_a_link_comes_and_works_once(client: Client, member: User, with_mail: None) -> None:
    response = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    assert response["Location"] == "/accounts/password/reset/done/"
    [letter] = mail.outbox
    assert (letter.to, letter.subject) == (["alice@example.org"], "SA Pro: Password Reset Email")
    path = re.search(r"http://testserver(/\S+)", str(letter.body))
    assert path is not None
    new = {"password1": "another fine phrase", "password2": "another fine phrase"}
    form = client.get(path[1])["Location"]
    assert client.post(form, new)["Location"] == "/accounts/password/reset/key/done/"
    assert sign_in(Client(), "alice").status_code == 200
    assert sign_in(Client(), "alice", new["password1"]).status_code == 302
    again = Client().get(path[1])
    assert "form" not in again.context or "Bad Token" in again.content.decode()


def test_a_forged_host_makes_no_link(client: Client, member: User, with_mail: None) -> None:
    response = client.post("/accounts/password/reset/", {"email": "alice@example.org"}, HTTP_HOST="evil.example")
    assert (response.status_code, mail.outbox) == (400, [])


def test_asking_for_an_unknown_address_looks_the_same(client: Client, member: User, with_mail: None) -> None:
    known = client.post("/accounts/password/reset/", {"email": "alice@example.org"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_sign_up_with_mail_asks_for_a_confirmation_and_lets_in(client: Client, db: None, with_mail: None) -> None:
    client.post("/accounts/signup/", sign_up_data("bob", email="bob@example.org"))
    assert signed_in(client)
    assert [letter.to for letter in mail.outbox] == [["bob@example.org"]]


def test_without_mail_nothing_is_sent_and_nothing_is_said_of_it(client: Client, member: User) -> None:
    sign_in(client, "alice")
    asked = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Femail%2F"
    page = client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/email/"}, follow=True)
    assert EmailAddress.objects.filter(user=member, email="new@example.org").count() == 1
    assert "Confirmation email sent" not in page.content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize(
    "answer",
    [
        *("null", "[]", "1", '"a"', "{}", '{"id":1}', '{"id":"x"}', '{"id":"x","rawId":1,"response":{}}', "[[[["),
        '{"id":"x","rawId":"x","type":"public-key","response":{"clientDataJSON":1}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA"}}',
    ],
)
def test_what_no_security_key_would_answer_is_a_wrong_answer(db: None, answer: str) -> None:
    client = Client(raise_request_exception=False)
    client.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    assert client.post("/accounts/2fa/webauthn/login/", {"credential": answer}).status_code in (200, 302)
    assert not signed_in(client)
