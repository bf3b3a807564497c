"""Files of QTI 1.2 for the tests: those of the corpus, packed, and such as are written."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.qti12 import QTI12
from quizzes.formats.exchange.source import Source
from tests.formats.exchange.generated import PICTURES, tiny_picture

CORPUS = Path(__file__).parent.parent / "corpus" / "qti12"
FILES = sorted(one.name for one in CORPUS.iterdir())
_PICTURES = ("web_resources/Uploaded Media/the plan.png", "web_resources/diagram-a.png", "images/b.png")


def source_of(name: str, folder: Path) -> Source:
    """A file of the corpus; a folder is packed first."""
    path = CORPUS / name
    if not path.is_dir():
        return Source(path, name)
    target = folder / f"{name}.zip"
    with zipfile.ZipFile(target, "w") as package:
        for member in sorted(path.rglob("*")):
            if member.is_file():
                package.write(member, member.relative_to(path).as_posix())
        for member_name in _PICTURES if name == "pictures" else ():
            package.writestr(member_name, tiny_picture(f"x-{9 if 'plan' in member_name else 8}x8"))
    return Source(target, f"{name}.zip")


def written(questions: Iterable[Exchanged], path: Path, title: str = "A quiz") -> Source:
    """Questions as a package on the disk."""
    with path.open("wb") as file:
        QTI12.write(questions, file, PICTURES, title)
    return Source(path, path.name)


def choice(code: str) -> Exchanged:
    """A question of which two options of three are right."""
    options = (Option("a", "One", True, ""), Option("b", "Two", True, "no"), Option("c", "Three", False, ""))
    return Exchanged(code, Content("multiple_response", "Which?", 2, "shuffle", options))
