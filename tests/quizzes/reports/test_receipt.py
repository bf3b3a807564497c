"""The receipt: what was recorded, signed; nothing of a key that the review does not show."""

import json
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from quizzes.models import Attempt, Response
from quizzes.queries.receipts import BadReceipt, differences, digest_of, verify_receipt
from quizzes.services.results import finish_attempt
from tests.quizzes.practice.conftest import sit

pytestmark = pytest.mark.usefixtures("course", "clock")


@pytest.fixture
def sat(client: Client, person: Any, now: datetime) -> Attempt:
    """An exam with one answer, submitted after nine minutes, by the person who is signed in."""
    client.force_login(person)
    attempt = sit(person, now)
    url = f"/attempts/{attempt.code}/responses/1/"
    assert client.post(url, {"choice": "2", "at": "1000", "tab": "1"}).status_code in (200, 303)
    return finish_attempt(attempt_id=attempt.pk, now=now + timedelta(minutes=9), by_learner=True)


def fetched(client: Client, attempt: Attempt) -> dict[str, Any]:
    """The receipt as it is downloaded."""
    reply = client.get(f"/attempts/{attempt.code}/receipt/")
    assert reply.status_code == 200
    assert reply["Content-Disposition"] == f'attachment; filename="receipt-{attempt.code}.json"'
    assert "no-store" in reply["Cache-Control"]
    found: dict[str, Any] = json.loads(reply.content)
    return found


def test_it_holds_what_was_recorded(client: Client, sat: Attempt) -> None:
    document = fetched(client, sat)
    record = verify_receipt(document)
    assert (record["code"], record["state"], record["quiz"]) == (sat.code, "submitted", "short-mock")
    assert [one["position"] for one in record["responses"]] == list(range(1, sat.size + 1))
    first = sat.responses.get(position=1)
    told = record["responses"][0]
    assert (told["question"], told["version"]) == (first.question.code, first.version.number)
    assert (told["choice"], told["shown"], told["given_at_ms"]) == (first.choice, first.shown_order, 1000)
    assert told["choice"] == [first.shown_order[1]]
    assert (told["key"], told["fraction"]) == (first.version.key["correct"], first.fraction)
    assert record["results"][0]["raw"] == sat.results.get().raw
    assert differences(record) == []
    assert "Download the receipt" in client.get(f"/attempts/{sat.code}/report/").content.decode()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda one: one["record"]["responses"][0].update(choice=["z"]), "was changed"),
        (lambda one: one.update(sha256="0" * 64), "was changed"),
        (lambda one: one.update(signature="x"), "signature"),
        (lambda one: one.pop("signature"), "signature"),
        (lambda one: one.update(format="other"), "no receipt"),
        (lambda one: one.update(record=[]), "no receipt"),
    ],
)
def test_a_changed_one_is_found_out(client: Client, sat: Attempt, change: Any, word: str) -> None:
    document = fetched(client, sat)
    change(document)
    with pytest.raises(BadReceipt, match=word):
        verify_receipt(document)


def test_a_changed_record_with_its_own_hash_lacks_the_signature(client: Client, sat: Attempt) -> None:
    document = fetched(client, sat)
    document["record"]["results"][0]["raw"] = 20
    document["sha256"] = digest_of(document["record"])
    with pytest.raises(BadReceipt, match="signature"):
        verify_receipt(document)


@pytest.mark.parametrize("nonsense", [None, 3, "x", [], {}, {"format": "sapro-receipt-1"}])
def test_nonsense_is_no_receipt(nonsense: Any) -> None:
    with pytest.raises(BadReceipt):
        verify_receipt(nonsense)


def test_while_it_runs_there_is_none(client: Client, person: Any, now: datetime) -> None:
    client.force_login(person)
    attempt = sit(person, now)
    reply = client.get(f"/attempts/{attempt.code}/receipt/")
    assert (reply.status_code, reply["Location"]) == (302, f"/attempts/{attempt.code}/")


def test_it_is_the_learners_alone(client: Client, sat: Attempt, django_user_model: Any) -> None:
    client.force_login(django_user_model.objects.create_user("other"))
    assert client.get(f"/attempts/{sat.code}/receipt/").status_code == 404
    client.logout()
    assert client.get(f"/attempts/{sat.code}/receipt/").status_code == 302


def test_what_stands_in_an_open_exam_is_kept_back(client: Client, sat: Attempt, person: Any, now: datetime) -> None:
    other = sit(person, now + timedelta(hours=1))
    question = sat.responses.get(position=1).question
    row = other.responses.exclude(question__in=sat.responses.values("question")).first() or other.responses.first()
    assert row is not None
    Response.objects.filter(pk=row.pk).update(question=question, version=question.current)
    record = verify_receipt(fetched(client, sat))
    assert not {"key", "fraction", "scored"} & set(record["responses"][0])
    assert record["results"] is None
    assert record["responses"][0]["choice"]


def test_the_command_checks_a_file(client: Client, sat: Attempt, tmp_path: Path) -> None:
    path, out = tmp_path / "receipt.json", StringIO()
    path.write_text(json.dumps(fetched(client, sat)))
    call_command("verify_receipt", str(path), stdout=out)
    assert f"Genuine: Short mock, attempt {sat.code}, 1 answered." in out.getvalue()
    assert "It agrees with what the site holds." in out.getvalue()
    sat.responses.filter(position=1).update(choice=[])
    out = StringIO()
    call_command("verify_receipt", str(path), stdout=out)
    assert "question 1, choice:" in out.getvalue()
    Attempt.objects.filter(pk=sat.pk).update(code="other")
    out = StringIO()
    call_command("verify_receipt", str(path), stdout=out)
    assert "no attempt of this code any more" in out.getvalue()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_the_command_refuses_nonsense(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        call_command("verify_receipt", str(path))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_receipt", str(tmp_path / "nothing"))
