"""The admin: for the operator, in good order, and read-only where a service or a loader writes."""

from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib import admin
from django.db import models
from django.test import Client

from quizzes.models import Attempt, Quiz
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests.accounts.conftest import BACKEND, PASSWORD, answer, sign_in, sit
from tests.own_quizzes import make_own_quiz

pytestmark = pytest.mark.once

WRITABLE = {"accounts.User", "account.EmailAddress", "auth.Group"}
DELETABLE = WRITABLE | {"mfa.Authenticator"}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def address(model: type[models.Model], page: str = "changelist", *arguments: Any) -> str:
    tail = {"changelist": "", "add": "add/", "change": "{}/change/", "delete": "{}/delete/"}[page].format(*arguments)
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/{tail}"


@pytest.fixture
def inside(client: Client, operator: User) -> Client:
    """The operator, signed in."""
    client.force_login(operator, backend=BACKEND)
    return client


@pytest.fixture
def busy(course: None, member: User, now: datetime) -> Attempt:
    """An exam that was sat, and one row of everything else."""
    attempt = sit(member, "short-mock", now)
    answer(attempt, now, 1)
    finish_attempt(attempt_id=attempt.pk, now=now, by_learner=True)
    TOTP.activate(member, generate_totp_secret())
    return attempt


def test_every_table_is_there() -> None:
    registered = {model._meta.label for model in MODELS}
    from django.apps import apps  # the registry is full only once the tests run

    ours = {
        model._meta.label
        for label in ("accounts", "quizzes", "reference")
        for model in apps.get_app_config(label).get_models()
    }
    assert ours - registered == set()


def test_every_list_opens_with_few_queries(inside: Client, busy: Attempt, django_assert_max_num_queries: Any) -> None:
    for model in MODELS:
        with django_assert_max_num_queries(14):
            assert inside.get(address(model)).status_code == 200, model
        assert inside.get(address(model), {"q": "a"}).status_code == 200, model


def test_every_row_opens(inside: Client, busy: Attempt) -> None:
    for model in MODELS:
        row = model._default_manager.first()
        if row is not None:
            assert inside.get(address(model, "change", row.pk)).status_code == 200, model


def test_what_is_written_elsewhere_cannot_be_written_here(inside: Client, busy: Attempt) -> None:
    for model in MODELS:
        label, row = model._meta.label, model._default_manager.first()
        if label in WRITABLE or row is None:
            continue
        before = model._default_manager.values().get(pk=row.pk)
        assert inside.post(address(model, "add"), {}).status_code == 403, label
        assert inside.post(address(model, "change", row.pk), {"title": "x"}).status_code == 403, label
        if label not in DELETABLE:
            assert inside.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403, label
        inside.post(address(model), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"})
        if label not in DELETABLE:
            assert model._default_manager.values().get(pk=row.pk) == before, label


def test_others_are_kept_out(client: Client, member: User, now: datetime) -> None:
    assert client.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    sign_in(client, "alice")
    assert client.get("/admin/", follow=True).status_code == 403
    assert client.get("/admin/accounts/user/", follow=True).status_code == 403
    assert client.post("/admin/login/", {"username": "alice", "password": PASSWORD}).status_code == 403


def test_a_guest_is_led_to_the_sign_in_page(client: Client, as_guest: User, operator: User) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1] == ("/accounts/login/?next=%2Fadmin%2F", 302)
    assert sign_in(client, "chief", next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_second_factor_cannot_be_walked_around(client: Client, operator: User) -> None:
    TOTP.activate(operator, generate_totp_secret())
    client.post("/admin/login/", {"username": "chief", "password": PASSWORD})
    assert client.get("/admin/").status_code == 302


def test_secrets_are_not_shown(inside: Client, busy: Attempt, member: User) -> None:
    [factor] = member.authenticator_set.filter(type="totp")
    page = inside.get(address(type(factor), "change", factor.pk)).content.decode()
    assert factor.data["secret"] not in page
    assert inside.post(address(type(factor), "delete", factor.pk), {"post": "yes"}).status_code == 302
    assert member.authenticator_set.filter(type="totp").count() == 0


def test_the_operator_deletes_a_person_with_all_they_did(inside: Client, busy: Attempt, member: User) -> None:
    assert "alice: 1 attempts" in inside.get(address(User, "delete", member.pk)).content.decode()
    assert inside.post(address(User, "delete", member.pk), {"post": "yes"}).status_code == 302
    assert (User.objects.filter(pk=member.pk).count(), Attempt.objects.count()) == (0, 0)


def test_who_owns_quizzes_cannot_be_deleted_until_they_are_handed_over(
    inside: Client, course: None, member: User, operator: User
) -> None:
    quiz = make_own_quiz(member, slug="mine-x", title="Networks")
    inside.post(address(User, "delete", member.pk), {"post": "yes"})
    assert User.objects.filter(pk=member.pk).count() == 1
    posted = {"owner": operator.pk, "title": "Changed", "scored": 99}
    assert inside.post(address(Quiz, "change", quiz.pk), posted).status_code == 302
    quiz.refresh_from_db()
    assert (quiz.owner, quiz.title, quiz.scored) == (operator, "Networks", 1)
    inside.post(address(User, "delete", member.pk), {"post": "yes"})
    assert User.objects.filter(pk=member.pk).count() == 0


def test_a_person_made_in_the_admin_can_sign_in(inside: Client) -> None:
    new = {"username": "Dora", "password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert inside.post(address(User, "add"), new).status_code == 302
    assert sign_in(Client(), "dora").status_code == 302


def test_guests_are_only_looked_at(inside: Client, guest: User) -> None:
    assert inside.get(address(User, "change", guest.pk)).status_code == 200
    assert inside.post(address(User, "change", guest.pk), {"is_superuser": "on", "username": "x"}).status_code == 403
    assert User.objects.filter(is_guest=True, is_superuser=False).count() == 1
