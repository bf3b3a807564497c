"""Pictures of questions: kept, shown to those who may see the question, and swept when nobody has them."""

import os
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from quizzes.engine.content import Content
from quizzes.formats.pictures import read_picture
from quizzes.models import Attempt, Draft, Image, Question, Quiz, Response, Section, SectionQuestion
from quizzes.services.images import AT_MOST, TooManyImages, add_image, copy_images, sweep_images
from sapro.accounts.models import User
from tests import factories
from tests.formats.test_pictures import encoded
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    return tmp_path / "images"


@pytest.fixture
def ada() -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def question(ada: User) -> Question:
    return factories.make_authored(ada)[0]


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def upload(client: Client, question: Question, data: bytes, alt: str = "Two zones") -> Any:
    file = SimpleUploadedFile("../../etc/passwd.svg", data, content_type="text/html")
    return client.post(f"/teach/questions/{question.code}/images/", {"file": file, "alt": alt})


def add(question: Question, folder: Path, now: datetime) -> Image:
    assert question.author is not None
    picture = read_picture(encoded())
    return add_image(question, picture, "Two zones", folder=folder, actor=question.author, now=now)


def test_a_picture_is_uploaded_and_served(ada: User, question: Question, folder: Path) -> None:
    client = signed_in(ada)
    assert upload(client, question, encoded("JPEG")).status_code == 302
    image = Image.objects.get()
    assert [path.name for path in folder.iterdir()] == [image.code]
    assert oct(folder.stat().st_mode & 0o777) == "0o700"
    page = client.get(f"/teach/questions/{question.code}/images/")
    assert f"![Two zones](image:{image.code})" in page.content.decode()
    reply: Any = client.get(f"/images/{image.code}")
    assert (reply.status_code, len(reply.content)) == (200, image.size)
    assert reply["Content-Type"] == "image/jpeg"
    assert reply["X-Content-Type-Options"] == "nosniff"
    assert "private" in reply["Cache-Control"]
    assert "public" not in reply["Cache-Control"]


@pytest.mark.parametrize(
    ("data", "alt", "words"),
    [
        (b"<svg onload=alert(1)>", "Two zones", "no picture that is taken"),
        (b"", "Two zones", "This file is empty"),
        (encoded("PNG"), "", "Say in words"),
        (encoded("PNG"), "a [b]", "square brackets"),
        (bytes(2 << 20), "Two zones", "larger than 1 MB"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    ada: User, question: Question, folder: Path, data: bytes, alt: str, words: str
) -> None:
    reply = upload(signed_in(ada), question, data, alt)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert alt in reply.content.decode()
    assert not Image.objects.exists()
    assert not folder.exists() or not list(folder.iterdir())


def test_only_a_file_far_beyond_is_refused_in_plain_words(ada: User, question: Question, folder: Path) -> None:
    assert upload(signed_in(ada), question, bytes(7 << 20)).status_code == 413


def test_strangers_learners_and_other_instructors_find_nothing(
    ada: User, question: Question, folder: Path, now: datetime, person: User
) -> None:
    image = add(question, folder, now)
    paths = [f"/teach/questions/{question.code}/images/", f"/images/{image.code}"]
    for client in (Client(), signed_in(person), signed_in(factories.make_instructor("bob"))):
        assert [client.get(path).status_code for path in paths] == [404, 404]
        assert upload(client, question, encoded()).status_code == 404
        assert client.post(f"{paths[0]}{image.code}/remove/").status_code == 404
    assert Image.objects.count() == 1
    bob = User.objects.get(username="bob")
    question.editors.add(bob)
    assert [signed_in(bob).get(path).status_code for path in paths] == [200, 200]


@pytest.mark.parametrize("code", ["../secret_key", "..%2fsecret_key", "secret_key", "k3b9x2m4q7ta-2x2", "%00"])
def test_no_path_leads_out_of_the_folder(ada: User, folder: Path, code: str) -> None:
    folder.mkdir(parents=True)
    (folder.parent / "secret_key").write_text("canary")
    reply = signed_in(ada).get(f"/images/{code}")
    assert reply.status_code == 404


def sit(question: Question, person: User, now: datetime) -> None:
    attempt = Attempt.objects.create(
        code=f"sat-{person.pk}",
        person=person,
        mode=Quiz.Mode.PRACTICE,
        title="x",
        started_at=now,
        grace=0,
        rules={},
        seed=1,
        size=1,
    )
    assert question.current is not None
    Response.objects.create(
        attempt=attempt, position=1, question=question, version=question.current, shown_order=["a", "b"]
    )


def show(question: Question, code: str) -> None:
    """Make the question's current version show the picture."""
    assert question.current is not None
    content = Content.from_body(question.current.body)
    question.current.body = {**content.to_body(), "stem": f"See ![x](image:{code})"}
    question.current.save()


def test_learners_see_it_who_sit_a_version_that_shows_it(
    question: Question, folder: Path, now: datetime, person: User, guest: User
) -> None:
    image, other = add(question, folder, now), add(question, folder, now)
    sit(question, person, now)
    assert signed_in(person).get(f"/images/{image.code}").status_code == 404
    show(question, image.code)
    assert signed_in(person).get(f"/images/{image.code}").status_code == 200
    assert signed_in(person).get(f"/images/{other.code}").status_code == 404
    assert signed_in(guest).get(f"/images/{image.code}").status_code == 404


def test_whoever_makes_a_quiz_of_it_sees_it(question: Question, folder: Path, now: datetime) -> None:
    image = add(question, folder, now)
    eve = factories.make_instructor("eve")
    quiz = Quiz.objects.create(slug="q", title="Q", origin=Quiz.Origin.AUTHOR, owner=eve, scored=1)
    section = Section.objects.create(quiz=quiz, position=1)
    assert signed_in(eve).get(f"/images/{image.code}").status_code == 404
    SectionQuestion.objects.create(section=section, question=question, position=1)
    assert signed_in(eve).get(f"/images/{image.code}").status_code == 200


def test_a_picture_that_is_shown_stays(ada: User, question: Question, folder: Path, now: datetime) -> None:
    image = add(question, folder, now)
    client = signed_in(ada)
    address = f"/teach/questions/{question.code}/images/{image.code}/remove/"
    draft = Draft.objects.create(question=question, data={"stem": f"![x](image:{image.code})"}, saved_at=now)
    assert "stands in a version" in client.post(address, follow=True).content.decode()
    draft.delete()
    show(question, image.code)
    client.post(address)
    assert Image.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_picture_that_is_not_shown_goes_with_its_file(
    ada: User, question: Question, folder: Path, now: datetime
) -> None:
    image = add(question, folder, now)
    signed_in(ada).post(f"/teach/questions/{question.code}/images/{image.code}/remove/")
    assert (Image.objects.count(), list(folder.iterdir())) == (0, [])


def test_a_question_has_so_many_pictures(question: Question, folder: Path, now: datetime) -> None:
    for _ in range(AT_MOST):
        add(question, folder, now)
    with pytest.raises(TooManyImages):
        add(question, folder, now)


def test_a_copy_has_pictures_of_its_own(ada: User, question: Question, folder: Path, now: datetime) -> None:
    image, _unused = add(question, folder, now), add(question, folder, now)
    [target] = factories.make_authored(ada)
    text = copy_images(question, target, f"See ![x](image:{image.code}) twice", folder=folder, now=now)
    copied = target.images.get()
    assert text == f"See ![x](image:{copied.code}) twice"
    assert copied.code != image.code
    assert (folder / copied.code).read_bytes() == (folder / image.code).read_bytes()
    assert question.images.count() == 2


def test_files_without_a_question_are_swept_once_they_are_old(question: Question, folder: Path, now: datetime) -> None:
    kept = add(question, folder, now)
    for name, age in (("old", 2), ("young", 0), (".new-half", 3)):
        (folder / name).write_bytes(b"x")
        moment = (now - timedelta(days=age)).timestamp()
        os.utime(folder / name, (moment, moment))
    out = StringIO()
    call_command("sweep_images", stdout=out)
    assert "2 picture files removed" in out.getvalue()
    assert {path.name for path in folder.iterdir()} == {kept.code, "young"}
    assert sweep_images(folder=folder / "nowhere", now=now) == 0
