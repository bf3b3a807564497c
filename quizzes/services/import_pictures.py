"""The pictures of questions on their way in: looked at while the file is read, kept when the question is."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from quizzes.engine.content import Content
from quizzes.formats.exchange.model import Exchanged, Note, Pictures, Severity
from quizzes.formats.pictures import BadPicture, Picture, read_picture
from quizzes.models import Image
from quizzes.services.images import AT_MOST, LETTERS, keep_file

SHOWN = re.compile(r"!\[([^\[\]]*)\]\(image:([^()\s]{1,200})\)")
ALT = 500
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def with_codes(question: Exchanged, pictures: Pictures, seed: str) -> tuple[Exchanged, dict[str, str], list[Note]]:
    """The question with the codes that its pictures will have, those codes with the names in the file, and what is
    said of pictures that cannot be taken: they are left out, their words stay.

    ``seed``: of the question in its import; the same gives the same codes.
    """
    if not any("](image:" in text for text in _texts(question.content)):
        return question, {}, []
    codes: dict[str, str] = {}
    refused: dict[str, str] = {}
    for text in _texts(replace(question.content, scenario="")):
        for _alt, name in SHOWN.findall(text):
            if name not in codes and name not in refused:
                _look_at(name, pictures, seed, codes, refused)
    for _alt, name in SHOWN.findall(question.content.scenario):
        refused.setdefault(name, _("pictures in a text that questions share are not taken"))
    notes = [
        Note("pictures", Severity.LOST, _("The picture “%(name)s” is left out: %(why)s.") % {"name": one, "why": why})
        for one, why in refused.items()
    ]
    return replace(question, content=_renamed(question.content, codes)), {v: k for k, v in codes.items()}, notes


def kept_pictures(shown: dict[str, str], alts: dict[str, str], pictures: Pictures, folder: Path) -> Iterator[Image]:
    """Write the files of these pictures (code to name in the file); their rows, not written yet and nobody’s."""
    for code, name in shown.items():
        data = pictures(name)
        if data is None:
            continue
        picture = read_picture(data)
        keep_file(folder / code, picture.data)
        yield Image(
            code=code,
            alt=alts.get(code, "")[:ALT],
            content_type=picture.content_type,
            width=picture.width,
            height=picture.height,
            size=len(picture.data),
            sha256=hashlib.sha256(picture.data).hexdigest(),
        )


def alts_of(content: Content) -> dict[str, str]:
    """The words for each picture, by its code."""
    return {code: alt for text in _texts(content) for alt, code in SHOWN.findall(text)}


def _look_at(name: str, pictures: Pictures, seed: str, codes: dict[str, str], refused: dict[str, str]) -> None:
    data = pictures(name)
    if data is None:
        refused[name] = _("it is not in the file")
    elif len(codes) >= AT_MOST:
        refused[name] = _("a question has at most %(n)d pictures") % {"n": AT_MOST}
    else:
        try:
            codes[name] = _code(f"{seed}/{name}", read_picture(data))
        except BadPicture as error:
            refused[name] = _reasons()[error.why]


def _reasons() -> dict[str, str]:
    return {
        "large": _("it has more than a megabyte; make it smaller"),
        "kind": _("it is no PNG, JPEG or WebP"),
        "pixels": _("it has too many pixels; make it smaller"),
        "moving": _("it moves"),
        "broken": _("it is broken"),
    }


def _code(seed: str, picture: Picture) -> str:
    """As ``images`` makes them, but the same for the same seed; the seed holds a part that nobody can guess."""
    number, letters = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "replace")).digest(), "big"), ""
    for _letter in range(LETTERS):
        number, digit = divmod(number, len(DIGITS))
        letters += DIGITS[digit]
    return f"{letters}-{picture.width}x{picture.height}"


def _texts(content: Content) -> Iterator[str]:
    yield content.scenario
    yield content.stem
    for one in content.options:
        yield one.text
        yield one.rationale
    yield from _within(content.extra)


def _within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _within(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _within(one)


def _renamed(content: Content, codes: dict[str, str]) -> Content:
    def shown(found: re.Match[str]) -> str:
        alt, name = found.groups()
        return f"![{alt}](image:{codes[name]})" if name in codes else alt

    def changed(text: str) -> str:
        return SHOWN.sub(shown, text)

    options = tuple(replace(one, text=changed(one.text), rationale=changed(one.rationale)) for one in content.options)
    return replace(
        content,
        stem=changed(content.stem),
        scenario=SHOWN.sub(lambda found: found[1], content.scenario),
        options=options,
        extra=_mapped(content.extra, changed),
    )


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(one, change) for name, one in value.items()}
    return [_mapped(one, change) for one in value] if isinstance(value, list | tuple) else value
