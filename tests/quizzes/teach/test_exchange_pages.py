"""Files through the pages, from the form to the bank and out again."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quizzes.formats.exchange.described import sample
from quizzes.formats.exchange.registry import FORMATS
from quizzes.formats.exchange.samples import EXAMPLES
from quizzes.models import Import, Question
from sapro.accounts.models import User
from tests import factories
from tests.own_quizzes import make_own_quiz
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.usefixtures("clock")

MOODLE = "moodle_xml"


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def send(client: Client, data: bytes, *, asked: str = "", name: str = "bank.xml") -> Any:
    return client.post("/teach/imports/", {"file": SimpleUploadedFile(name, data), "asked": asked})


def text(reply: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", b"".join(reply).decode()).split())


def test_a_file_comes_in_and_goes_out_again(ada: User, bob: User) -> None:
    client = browser(ada)
    reply = send(client, sample(FORMATS[MOODLE]), asked="anki")
    [source] = Import.objects.all()
    assert reply.url == reverse("teach:import", args=[source.code])
    page = text(client.get(reply.url))
    assert "You said that this is Anki" in page
    assert "Take 3, skip 0, replace 0." in page
    assert EXAMPLES[1].content.options[0].rationale in page
    assert not Question.objects.exists()
    reply = client.post(reply.url, {"position": ["2"], "choice-2": "skip", "tag": "Week 3", "do": "confirm"})
    page = text(client.get(reply.url))
    assert "2 questions are in the bank now." in page
    assert Question.objects.filter(author=ada, status="draft").count() == 2
    codes = list(Question.objects.values_list("code", flat=True))
    listed = text(client.get("/teach/questions/?tag=week+3"))
    assert all(code in listed for code in codes)

    page = text(client.get("/teach/export/?tag=week+3&format=" + MOODLE))
    assert "Download 2 questions" in page
    file = client.get("/teach/export/file/?tag=week+3&format=" + MOODLE)
    assert (file["Content-Type"], file.filename) == ("application/xml", "week-3.xml")
    assert EXAMPLES[0].content.stem[:40] in b"".join(file).decode()
    picked = client.post("/teach/export/file/", {"pick": codes[:1], "format": MOODLE})
    assert b"".join(picked).count(b"<questiontext") == 1
    # Somebody else’s list has none of them, ticked or not.
    assert "No question to take out" in text(browser(bob).post("/teach/export/", {"pick": codes}))
    assert browser(bob).post("/teach/export/file/", {"pick": codes, "format": MOODLE}).status_code == 422


def test_nothing_ticked_is_not_everything(ada: User, bank: list[Question]) -> None:
    assert "No question to take out" in text(browser(ada).post("/teach/export/", {"tag": ""}))
    assert browser(ada).get("/teach/export/?whose=own&format=word").status_code == 422
    assert browser(ada).get("/teach/export/file/?whose=own").status_code == 404


def test_a_quiz_goes_out_as_it_stands(ada: User, bob: User, bank: list[Question]) -> None:
    quiz = make_own_quiz(ada, bank[2:5])
    page = text(browser(ada).get(f"/teach/export/?quiz={quiz.slug}&format={MOODLE}"))
    assert "Download 3 questions" in page
    assert "task, domain, level and difficulty" in page
    file = browser(ada).get(f"/teach/export/file/?quiz={quiz.slug}&format={MOODLE}")
    assert re.findall(r"The stem of ([\w-]+)", b"".join(file).decode())[::1] == [one.code for one in bank[2:5]]
    assert browser(bob).get(f"/teach/export/?quiz={quiz.slug}").status_code == 404


def test_a_file_that_is_none_can_be_read_as_another_format(ada: User) -> None:
    client = browser(ada)
    reply = send(client, b"\x00\x01 this is nothing that anybody reads")
    page = client.get(reply.url)
    assert "This file could not be read." in text(page)
    assert "Read it again" in text(page)
    again = client.post(reply.url + "again/", {"asked": MOODLE})
    assert again.url != reply.url
    assert "You said that it is Moodle XML." in text(client.get(again.url))
    assert "discarded" in text(client.get(reply.url))
    assert Import.objects.filter(state=Import.State.DISCARDED).count() == 1


def test_so_many_files_an_hour(ada: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"import_file": "2/h/user"}
    client = browser(ada)
    statuses = [send(client, b"x").status_code for _ in range(3)]
    assert statuses == [302, 302, 429]
    assert Import.objects.count() == 2
    other = browser(factories.make_instructor("carol"))
    assert send(other, b"x").status_code == 302


def test_a_name_is_never_a_path(ada: User) -> None:
    send(browser(ada), b"x", name="../../etc/passwd\u202e.xml")
    [source] = Import.objects.all()
    assert "/" not in source.file_name
