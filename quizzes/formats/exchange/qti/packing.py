"""Questions into a package, one by one: items, pictures and shared texts as they come, manifest and test at the end."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterable
from typing import BinaryIO

from quizzes.formats.exchange.model import Exchanged, Pictures
from quizzes.formats.exchange.qti import identifiers
from quizzes.formats.exchange.qti.itemwriting import HEAD, ItemWriter
from quizzes.formats.exchange.qti.vocabulary import Vocabulary, written, written_attributes

_SAME_DAY = (1980, 1, 1, 0, 0, 0)
"""Of every member, so that the same questions give the same bytes."""
_SPOOLED = 1 << 20
_LOM = "http://ltsc.ieee.org/xsd/LOM"
_ENDINGS = ((b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


class Packer:
    """Writes one package."""

    def __init__(self, vocabulary: Vocabulary, out: BinaryIO, pictures: Pictures) -> None:
        self._vocabulary = vocabulary
        self._zip = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
        self._pictures = pictures
        self._addresses: dict[str, str] = {}
        self._stored: set[str] = set()
        self._stimuli: dict[str, tuple[str, str]] = {}
        self._used: list[str] = []
        self._writer = ItemWriter(vocabulary, self._address)
        self._resources = tempfile.SpooledTemporaryFile(_SPOOLED, "w+", encoding="utf-8")  # noqa: SIM115
        self._listed = tempfile.SpooledTemporaryFile(_SPOOLED, "w+", encoding="utf-8")  # noqa: SIM115
        self._count = 0

    def pack(self, questions: Iterable[Exchanged], title: str) -> None:
        """All of it."""
        with self._zip, self._resources, self._listed:
            for one in questions:
                self._add(one)
            self._end(title)

    def _add(self, question: Exchanged) -> None:
        self._count += 1
        name = identifiers.identifier(question.code) if question.code else identifiers.numbered(self._count)
        href = f"items/q{self._count:05}.xml"
        self._used = []
        stimulus, needs = self._stimulus(question)
        self._store(href, self._writer.item(question, name, stimulus).encode())
        used = dict.fromkeys([*needs, *self._used])
        resource = {
            "identifier": f"item-{self._count:05}",
            "type": self._vocabulary.resource_type("item"),
            "href": href,
        }
        files = "".join(f"<file{written_attributes({'href': one})}/>" for one in [href, *self._files(used)])
        depends = "".join(f'<dependency identifierref="{one}"/>' for one in needs)
        metadata = _metadata(question)
        self._resources.write(f"<resource{written_attributes(resource)}>{metadata}{files}{depends}</resource>\n")
        reference = {"identifier": f"ref-{self._count:05}", "href": href}
        self._listed.write(self._vocabulary.element("assessmentItemRef", reference) + "\n")

    def _files(self, used: Iterable[str]) -> list[str]:
        return [one for one in used if one.startswith("images/")]

    def _stimulus(self, question: Exchanged) -> tuple[tuple[str, str] | None, list[str]]:
        """Identifier and address of the text that a question shares, and the resources that it needs."""
        text, code = question.content.scenario, question.known.scenario
        if not text:
            return None, []
        name = identifiers.identifier(code)
        if self._vocabulary.family == 2:
            return (name, ""), []
        digest = hashlib.sha256(f"{code}\n{text}".encode()).hexdigest()[:12]
        if digest not in self._stimuli:
            number = len(self._stimuli) + 1
            self._stimuli[digest] = f"text-{number:05}", f"stimuli/s{number:05}.xml"
            self._write_stimulus(name, text, *self._stimuli[digest])
        resource, href = self._stimuli[digest]
        return (name, f"../{href}"), [resource]

    def _write_stimulus(self, name: str, text: str, resource: str, href: str) -> None:
        self._used = []
        self._store(href, self._writer.stimulus(name, text).encode())
        listed = [href, *self._files(dict.fromkeys(self._used))]
        self._used = []
        attributes = {"identifier": resource, "type": self._vocabulary.resource_type("stimulus"), "href": href}
        files = "".join(f"<file{written_attributes({'href': one})}/>" for one in listed)
        self._resources.write(f"<resource{written_attributes(attributes)}>{files}</resource>\n")

    def _address(self, name: str) -> str:
        """Where a picture stands, seen from an item; it is stored when it is first asked for."""
        if name not in self._addresses:
            data = self._pictures(name)
            ending = next((one for head, one in _ENDINGS if data and data.startswith(head)), "png")
            self._addresses[name] = f"images/{name}.{ending}"
            if data is not None:
                self._store(self._addresses[name], data, zipfile.ZIP_STORED)
                self._stored.add(self._addresses[name])
        if self._addresses[name] in self._stored:
            self._used.append(self._addresses[name])
        return f"../{self._addresses[name]}"

    def _store(self, name: str, data: bytes, how: int = zipfile.ZIP_DEFLATED) -> None:
        info = zipfile.ZipInfo(name, _SAME_DAY)
        info.compress_type = how
        info.external_attr = 0o644 << 16
        self._zip.writestr(info, data)

    def _end(self, title: str) -> None:
        self._store("test.xml", self._test(title or "Questions").encode())
        resource = {"identifier": "test", "type": self._vocabulary.resource_type("test"), "href": "test.xml"}
        depends = "".join(f'<dependency identifierref="item-{one:05}"/>' for one in range(1, self._count + 1))
        self._resources.write(f'<resource{written_attributes(resource)}><file href="test.xml"/>{depends}</resource>\n')
        self._store("imsmanifest.xml", self._manifest(title or "Questions").encode())

    def _test(self, title: str) -> str:
        element = self._vocabulary.element
        self._listed.seek(0)
        shown = {"identifier": "section", "title": title, "visible": "true"}
        section = element("assessmentSection", shown, "\n", self._listed.read())
        modes = {"identifier": "part", "navigationMode": "nonlinear", "submissionMode": "simultaneous"}
        part = element("testPart", modes, section)
        attributes = {"xmlns": self._vocabulary.namespace, "identifier": "test", "title": title}
        return HEAD + element("assessmentTest", attributes, "\n", part, "\n") + "\n"

    def _manifest(self, title: str) -> str:
        self._resources.seek(0)
        words = self._vocabulary
        return (
            f'{HEAD}<manifest xmlns="{words.manifest}" xmlns:lom="{_LOM}" identifier="package">\n'
            f"<metadata><schema>{words.schema}</schema><schemaversion>{words.schema_version}</schemaversion>"
            f"<lom:lom><lom:general><lom:title><lom:string>{written(title)}</lom:string></lom:title></lom:general>"
            f"</lom:lom></metadata>\n<organizations/>\n<resources>\n{self._resources.read()}</resources>\n</manifest>\n"
        )


def _metadata(question: Exchanged) -> str:
    """Title and tags, as the metadata of a resource."""
    keywords = "".join(
        f"<lom:keyword><lom:string>{written(one)}</lom:string></lom:keyword>" for one in question.known.tags
    )
    if not (question.title or keywords):
        return ""
    title = f"<lom:title><lom:string>{written(question.title)}</lom:string></lom:title>" if question.title else ""
    return f"<metadata><lom:lom><lom:general>{title}{keywords}</lom:general></lom:lom></metadata>"
