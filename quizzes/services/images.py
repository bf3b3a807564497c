"""What keeps the pictures of questions: a file in the data folder for each, and a row that says whose it is."""

import hashlib
import json
import os
import secrets
import string
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction

from quizzes.formats.pictures import Picture
from quizzes.models import Draft, Image, Question, QuestionVersion
from quizzes.services.audit import Actor
from reference.markup import picture_size

ALPHABET = string.ascii_lowercase + string.digits
LETTERS = 12
AT_MOST = 20
"""Pictures of one question."""

YOUNG = timedelta(days=1)
"""A file of this age may belong to an upload that is under way."""


class TooManyImages(Exception):
    """The question has as many pictures as it may."""


class ImageInUse(Exception):
    """A version or the draft shows this picture; versions are never changed."""


def add_image(question: Question, picture: Picture, alt: str, *, folder: Path, actor: Actor, now: datetime) -> Image:
    """Keep a picture of this question. Raises TooManyImages.

    The file comes first: a crash leaves a file without a row, which is swept, and never a row without its file.
    """
    if question.images.count() >= AT_MOST:
        raise TooManyImages
    code = _code(picture)
    keep_file(folder / code, picture.data)
    return Image.objects.create(
        code=code,
        question=question,
        alt=alt,
        content_type=picture.content_type,
        width=picture.width,
        height=picture.height,
        size=len(picture.data),
        sha256=hashlib.sha256(picture.data).hexdigest(),
        uploaded_by_id=actor.pk,
        created_at=now,
    )


def remove_image(image: Image, *, folder: Path) -> None:
    """Take a picture away that nothing shows. Raises ImageInUse."""
    with transaction.atomic():
        if is_shown(image):
            raise ImageInUse
        image.delete()
        # After the commit: a row without its file is what may never be.
        transaction.on_commit(lambda: (folder / image.code).unlink(missing_ok=True))


def is_shown(image: Image) -> bool:
    """Whether any version of its question, or the draft, names this picture."""
    bodies = QuestionVersion.objects.filter(question=image.question_id).values_list("body", flat=True)
    drafts = Draft.objects.filter(question=image.question_id).values_list("data", flat=True)
    return any(names(one, image.code) for one in (*bodies, *drafts))


def names(body: object, code: str) -> bool:
    """Whether a text somewhere in this plain data shows the picture."""
    return f"(image:{code})" in json.dumps(body)


def copy_images(
    source: Question, target: Question, text: str, *, folder: Path, now: datetime, codes: dict[str, str] | None = None
) -> str:
    """Give ``target`` its own copies of the pictures that ``text`` shows; the text with their new codes.

    Copies and not references: the one question may be taken away, or shown to others, without the other. ``codes``
    says what has been copied already, for several texts of one question.
    """
    known = {} if codes is None else codes
    for image in source.images.all():
        if f"(image:{image.code})" not in text:
            continue
        old = image.code
        if old not in known:
            known[old] = _code(image)
            keep_file(folder / known[old], (folder / old).read_bytes())
            image.pk, image.code, image.question, image.created_at = None, known[old], target, now
            image.save(force_insert=True)
        text = text.replace(f"(image:{old})", f"(image:{known[old]})")
    return text


def sweep_images(*, folder: Path, now: datetime) -> int:
    """Remove files that no row knows, and pictures whose question is gone; how many."""
    known = set(Image.objects.values_list("code", flat=True))
    old = [path for path in _files(folder) if path.name not in known and _is_old(path, now)]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _files(folder: Path) -> Iterable[Path]:
    return [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []


def _is_old(path: Path, now: datetime) -> bool:
    return now.timestamp() - path.stat().st_mtime > YOUNG.total_seconds()


def _code(picture: Picture | Image) -> str:
    """Not to be guessed; the size stands in it, so that a page keeps room for the picture."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) + f"-{picture.width}x{picture.height}"
    assert picture_size(code), code
    return code


def keep_file(target: Path, data: bytes) -> None:
    """Write a picture’s file: it is there whole, on the disk, or not at all."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, target)
