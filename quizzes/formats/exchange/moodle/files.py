"""Pictures within a Moodle file. Names are never trusted; what is not a picture by its first bytes is refused."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from quizzes.formats.exchange.moodle.dialect import PLUGIN_FILE
from quizzes.formats.exchange.moodle.tree import child, children
from quizzes.formats.exchange.xml import MOST_CHARACTERS, text_in
from reference.markup import picture_size

MOST_ENCODED = 12_000_000
"""Characters of one picture in base64."""
_SUFFIXES = ("png", "jpg", "jpeg", "webp", "gif")
_OWN = re.compile(rf"([a-z0-9x-]{{1,40}})\.(?:{'|'.join(_SUFFIXES)})")
_INLINE = re.compile(r"""data:image/[a-z.+-]{1,20};base64,([A-Za-z0-9+/=\s]{1,12000000})""")
_SPACE = re.compile(r"\s+")


@dataclass
class Embedded:
    """The pictures of a question: their names by the text they belong to and path, their bytes by name.

    Each text of a question has files of its own, so that two may have the same path. ``refused`` says why by path.
    """

    names: dict[tuple[int, str], str] = field(default_factory=dict)
    data: dict[str, bytes] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)

    def take(self, path: str, encoded: str, holder: Element | None = None) -> None:
        """Keep one file under its path, where it is a picture; the first of two with one path counts."""
        key = (id(holder) if holder is not None else 0, path)
        if key in self.names:
            return
        data = decoded(encoded)
        if data is None:
            self.refused[path] = "it is not whole"
        elif not kind_of(data):
            self.refused[path] = "it is an SVG, which could run scripts" if _is_svg(data) else "it is no picture"
        else:
            name = name_of(path, data)
            self.names[key] = name
            self.names.setdefault((0, path), name)
            self.data.setdefault(name, data)

    def name(self, address: str, holder: Element | None = None) -> str | None:
        """The name of the picture at an address in a text; None where the file has none there."""
        path = path_of(address)
        keys = [(id(holder), path), (0, path), (0, path.rpartition("/")[2])]
        return next((self.names[key] for key in keys if key in self.names), None) if path else None


def embedded(question: Element) -> Embedded:
    """All pictures of a question: files, the one of old versions, and those within addresses."""
    found = Embedded()
    for holder in question.iter():
        for file in children(holder, "file"):
            path = f"{file.get('path') or '/'}/{file.get('name') or ''}"
            found.take(_plain_path(path), "".join(file.itertext()), holder)
        if holder.tag == "text" and "data:image/" in (holder.text or ""):
            for match in _INLINE.finditer(holder.text or ""):
                found.take(inline_path(match[1]), match[1])
    old, data = old_picture(question), text_in(child(question, "image_base64"))
    if old and len(data) < MOST_CHARACTERS:
        found.take(old, data)
    return found


def old_picture(question: Element) -> str:
    """The path of the picture that questions of Moodle 1.9 have beside their text; empty where there is none."""
    path = text_in(child(question, "image"))
    return _plain_path(path.replace("/", "_")) if path and child(question, "image_base64") is not None else ""


def without_inline(html: str) -> str:
    """The text with pictures within addresses made files, so that nothing large is converted."""
    if "data:image/" not in html:
        return html
    return _INLINE.sub(lambda match: PLUGIN_FILE + inline_path(match[1]), html)


def inline_path(encoded: str) -> str:
    """The path that a picture without one gets."""
    return f"inline-{hashlib.sha256(_SPACE.sub('', encoded).encode()).hexdigest()[:16]}"


def path_of(address: str) -> str:
    """The path behind the address of a file; empty where it is an address of another kind."""
    for start in (PLUGIN_FILE, "@@pluginfile@@/", "%40%40PLUGINFILE%40%40/"):
        if address.startswith(start):
            return _plain_path(unquote(address.removeprefix(start).partition("?")[0]))
    return ""


def decoded(encoded: str) -> bytes | None:
    """The bytes of some base64; None where it is broken, cut short or too long."""
    if len(encoded) > MOST_ENCODED:
        return None
    try:
        return base64.b64decode(_SPACE.sub("", encoded), validate=True)
    except (binascii.Error, ValueError):
        return None


def kind_of(data: bytes) -> str:
    """“png”, “jpg”, “webp” or “gif” by the first bytes; empty for anything else."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else ""


def name_of(path: str, data: bytes) -> str:
    """The name of a picture in texts: the site’s code where it was written by it, else one made from its bytes."""
    own = _OWN.fullmatch(path.rpartition("/")[2])
    if own and picture_size(own[1]):
        return own[1]
    return f"p{hashlib.sha256(data).hexdigest()[:20]}"


def _plain_path(path: str) -> str:
    return "/".join(part for part in path.replace("\\", "/").split("/") if part)[:400]


def _is_svg(data: bytes) -> bool:
    return b"<svg" in data[:2000].lower()
