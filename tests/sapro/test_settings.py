"""Settings are safe as they stand, and nonsense is refused with words."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path

from sapro import env
from tests.sources import ROOT

SHOWN = (
    "DEBUG SECRET_KEY ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS"
    " SESSION_COOKIE_NAME SECURE_PROXY_SSL_HEADER MAIL_IS_ON EXAM_GRACE_SECONDS DATABASES CACHES"
)
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
}


def broken(request: HttpRequest) -> HttpResponse:
    """A view that fails."""
    raise RuntimeError("broken on purpose")


urlpatterns = [path("broken/", broken), path("", include("sapro.urls"))]


def settings_with(data: Path, **environment: str) -> dict[str, Any]:
    """The site's settings in a process of their own, with exactly this environment."""
    script = f"import json, sapro.settings as s; print(json.dumps({{n: getattr(s, n) for n in {SHOWN.split()!r}}}))"
    environment = {"PATH": os.environ["PATH"], "SAPRO_DATA": str(data), **environment}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ImproperlyConfigured(done.stderr.splitlines()[-1])
    settings: dict[str, Any] = json.loads(done.stdout)
    return settings


# The secret key


def test_the_secret_key_is_made_once_and_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAPRO_SECRET_KEY", raising=False)
    key = env.secret_key(tmp_path)
    assert len(key) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert env.secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").read_text() == key


def test_two_sites_have_two_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAPRO_SECRET_KEY", raising=False)
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert env.secret_key(one) != env.secret_key(other)


def test_a_given_key_is_used_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPRO_SECRET_KEY", "given " * 10)
    assert env.secret_key(tmp_path) == "given " * 10
    assert list(tmp_path.iterdir()) == []


def test_an_emptied_key_file_is_refused_with_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAPRO_SECRET_KEY", raising=False)
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(ImproperlyConfigured, match="Remove the file, or set SAPRO_SECRET_KEY"):
        env.secret_key(tmp_path)


def test_the_data_folder_is_closed_to_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAPRO_DATA", str(tmp_path / "a" / "b"))
    assert stat.S_IMODE(env.data_folder().stat().st_mode) == 0o700


# What the environment says


def test_the_defaults_are_safe(tmp_path: Path) -> None:
    settings = settings_with(tmp_path)
    assert settings["DEBUG"] is False
    assert len(settings["SECRET_KEY"]) >= 50
    assert "*" not in settings["ALLOWED_HOSTS"]
    assert settings["SECURE_PROXY_SSL_HEADER"] is None
    assert settings["MAIL_IS_ON"] is False
    assert settings["EXAM_GRACE_SECONDS"] == 60


def test_an_answer_once_saved_is_on_the_disk(tmp_path: Path) -> None:
    options = settings_with(tmp_path)["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "synchronous=FULL" in options["init_command"]
    assert "ATOMIC_REQUESTS" not in settings_with(tmp_path)["DATABASES"]["default"]


@pytest.mark.parametrize(
    "url", ["study.example.org", "ftp://example.org", "https://", "https://example.org/sub", "http//x", "https:/x.org"]
)
def test_a_nonsense_address_is_refused_with_words(tmp_path: Path, url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"SAPRO_URL must look like https://study\.example\.org"):
        settings_with(tmp_path, SAPRO_URL=url)


def test_the_public_address_sets_host_and_origin(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, SAPRO_URL="http://study.example.org:8080/", SAPRO_HOSTS="a.example.org,b.test")
    assert {"study.example.org", "localhost", "a.example.org", "b.test"} <= set(settings["ALLOWED_HOSTS"])
    assert settings["CSRF_TRUSTED_ORIGINS"] == ["http://study.example.org:8080"]
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is False
    assert settings["SECURE_HSTS_SECONDS"] == 0


def test_https_makes_cookies_secure_and_turns_hsts_on(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, SAPRO_URL="https://study.example.org", SAPRO_BEHIND_PROXY="yes")
    assert settings["SESSION_COOKIE_SECURE"] is settings["CSRF_COOKIE_SECURE"] is True
    assert settings["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert settings["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert settings["SECURE_PROXY_SSL_HEADER"] == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_one_variable_moves_the_database_and_one_the_cache(tmp_path: Path) -> None:
    settings = settings_with(tmp_path, DATABASE_URL="postgres://u:p@db.test:5433/s", CACHE_URL="redis://c.test:6380/1")
    assert settings["DATABASES"]["default"]["ENGINE"] == "django.db.backends.postgresql"
    assert settings["DATABASES"]["default"]["PORT"] == 5433
    assert settings["CACHES"]["default"]["BACKEND"] == "sapro.caching.RedisOrMemory"


# What every answer carries


@pytest.mark.parametrize(("level", "heard"), [("ERROR", ["error"]), ("WARNING", ["warning", "error"])])
def test_the_level_of_the_log_holds_for_django_as_well(tmp_path: Path, level: str, heard: list[str]) -> None:
    script = """if True:
        import logging, django
        django.setup()
        for name in ("info", "warning", "error"):
            getattr(logging.getLogger("django.request"), name)(f"said {name}")
    """
    environment = {"PATH": os.environ["PATH"], "SAPRO_DATA": str(tmp_path), "SAPRO_LOG_LEVEL": level}
    environment["DJANGO_SETTINGS_MODULE"] = "sapro.settings"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert [line.rpartition("said ")[2] for line in done.stderr.splitlines()] == heard


def headers_of(client: Client, address: str, status: int, **extra: Any) -> dict[str, str]:
    """The headers of an answer that has this status."""
    response = client.get(address, **extra)
    assert response.status_code == status
    return dict(response.headers)


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize(("address", "status"), [("/healthz", 200), ("/nowhere/", 404), ("/broken/", 500)])
def test_every_answer_carries_the_security_headers(address: str, status: int) -> None:
    headers = headers_of(Client(raise_request_exception=False), address, status)
    assert {part.strip() for part in headers["Content-Security-Policy"].split(";")} == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_the_policy_is_enforced_and_allows_nothing_inline(client: Client) -> None:
    headers = headers_of(client, "/", 200)
    assert "Content-Security-Policy-Report-Only" not in headers
    assert "unsafe" not in headers["Content-Security-Policy"]


def test_hsts_is_sent_over_https_only(client: Client, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    assert "Strict-Transport-Security" in headers_of(client, "/healthz", 200, secure=True)
    assert "Strict-Transport-Security" not in headers_of(client, "/healthz", 200)


def test_a_foreign_host_is_refused(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["localhost"]
    headers_of(client, "/healthz", 400, headers={"host": "evil.example.org"})


def test_healthz_asks_nothing_of_the_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")
    assert not response.cookies
