"""The pages of an account: in the site's look, without inline code, usable without JavaScript but for passkeys."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page

from sapro.accounts.models import User
from sapro.accounts.services.roles import make_role_link
from tests.accounts.conftest import PASSWORD, sign_in
from tests.sources import inline_code

STRANGERS = ["", "login/", "signup/", "password/reset/", "password/reset/done/", "inactive/", "confirm-email/"]
MEMBERS = [
    "", "email/", "password/change/", "logout/", "delete/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/",
    "2fa/webauthn/add/", "reauthenticate/",
]  # fmt: skip
WITH_FACTOR = [
    "2fa/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/", "2fa/totp/deactivate/", "2fa/reauthenticate/",
]  # fmt: skip


def confirm(client: Client) -> None:
    """Type the password again, as pages about second factors want it."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/accounts/"})


def check(page: str) -> None:
    assert list(inline_code(page)) == []
    assert re.findall(r"<h1\b", page) == ["<h1"]
    assert re.search(r"<title>\s*\S[^<]* · SA Pro</title>", page) is not None
    assert 'src="data:' not in page
    labels = set(re.findall(r'<label for="([^"]+)"', page))
    fields = re.findall(r"<(?:input|select|textarea)\b[^>]*>", page)
    shown = [field for field in fields if 'type="hidden"' not in field and 'name="theme"' not in field]
    assert [field for field in shown if re.findall(r'\bid="([^"]+)"', field)[0] not in labels] == []


@pytest.mark.parametrize("path", STRANGERS)
def test_a_strangers_page(client: Client, db: None, path: str) -> None:
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    check(response.content.decode())


@pytest.mark.parametrize("path", MEMBERS)
def test_a_members_page(client: Client, member: User, path: str) -> None:
    sign_in(client, "alice")
    confirm(client)
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    check(response.content.decode())


@pytest.mark.parametrize("path", WITH_FACTOR)
def test_a_page_about_a_second_factor(client: Client, member: User, path: str) -> None:
    sign_in(client, "alice")
    confirm(client)
    TOTP.activate(member, generate_totp_secret())
    RecoveryCodes.activate(member)
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    check(response.content.decode())


def test_a_role_link(client: Client, db: None, now: Any) -> None:
    check(client.get(f"/accounts/role/{make_role_link(role='admin', hours=1, now=now)}/").content.decode())
    check(client.get("/accounts/role/none/").content.decode())


def test_errors_stand_at_their_fields(client: Client, db: None) -> None:
    wrong = {"username": "a b", "email": "nothing", "password1": "short", "password2": ""}
    page = client.post("/accounts/signup/", wrong).content.decode()
    for name in ("username", "email", "password1", "password2"):
        assert re.search(rf'<input[^>]*name="{name}"[^>]*aria-invalid="true"', page) is not None, name
        assert f'<div id="id_{name}_error"><p class="error">' in page, name
    check(page)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("login/", {"login": "username webauthn", "password": "current-password"}),
        (
            "signup/",
            {"username": "username", "email": "email", "password1": "new-password", "password2": "new-password"},
        ),
    ],
)
def test_a_password_manager_knows_the_fields(client: Client, db: None, path: str, expected: dict[str, str]) -> None:
    page = client.get(f"/accounts/{path}").content.decode()
    found = {}
    for field in re.findall(r"<input\b[^>]*>", page):
        name, hint = re.search(r'name="(\w+)"', field), re.search(r'autocomplete="([^"]+)"', field)
        if name and hint:
            found[name[1]] = hint[1]
    assert found == expected | {"q": "off"}


# In a browser


@pytest.fixture
def with_keys(page: Page) -> Iterator[Page]:
    """A page whose browser holds passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    session.detach()


@pytest.mark.browser
def test_a_passkey_is_made_and_signs_in(with_keys: Page, transactional_db: None, settings: Any) -> None:
    page = with_keys
    page.goto("/accounts/signup/")
    page.fill("#id_username", "bob")
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.click("main button[type=submit]")
    page.goto("/accounts/2fa/webauthn/add/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.check("#id_passwordless")
    with page.expect_navigation():
        page.click("#mfa_webauthn_add")
    assert page.locator("h1").inner_text() == "Recovery Codes"
    page.goto("/accounts/2fa/webauthn/")
    assert page.locator("tbody th").all_inner_texts() == ["Master key passkey"]
    page.goto("/accounts/logout/")
    page.click("main button[type=submit]")
    page.goto("/accounts/login/?next=/accounts/")
    with page.expect_navigation(url="**/accounts/"):
        page.click("#passkey_login")
    assert page.locator("h1").inner_text() == "bob"


@pytest.mark.browser
def test_everything_but_passkeys_works_without_javascript(plain_page: Page, transactional_db: None) -> None:
    page = plain_page
    page.goto("/accounts/signup/?next=/accounts/")
    page.fill("#id_username", "bob")
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.click("main button[type=submit]")
    assert page.locator("h1").inner_text() == "bob"
    page.fill("#id_time_zone", "Europe/Berlin")
    page.click("text=Save the preferences")
    assert User.objects.get().time_zone == "Europe/Berlin"
    page.goto("/accounts/delete/")
    page.fill("#id_confirm", "bob")
    page.click("text=Delete for good")
    assert User.objects.count() == 0


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(new_context: Any, transactional_db: None, scheme: str, width: int) -> None:
    page = new_context(color_scheme=scheme, viewport={"width": width, "height": 800}).new_page()
    axe = Axe()

    def look(path: str) -> None:
        page.goto(path)
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert [violation["id"] for violation in found.response["violations"]] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path

    for path in STRANGERS:
        look(f"/accounts/{path}")
    page.goto("/accounts/signup/")
    page.fill("#id_username", "bob")
    page.fill("#id_password1", PASSWORD)
    page.fill("#id_password2", PASSWORD)
    page.click("main button[type=submit]")
    page.goto("/accounts/2fa/totp/activate/")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    for path in MEMBERS:
        look(f"/accounts/{path}")


@pytest.mark.browser
def test_the_admin_keeps_the_policy(page: Page, transactional_db: None) -> None:
    User.objects.create_superuser("chief", password=PASSWORD)
    page.goto("/admin/")
    page.fill("#id_login", "chief")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    assert page.locator("#site-name").inner_text() == "SA Pro"
    for path in ("accounts/user/", "accounts/user/add/", "quizzes/attempt/", "quizzes/question/", "auth/group/add/"):
        page.goto(f"/admin/{path}")
        assert page.locator("#content h1").count() == 1
