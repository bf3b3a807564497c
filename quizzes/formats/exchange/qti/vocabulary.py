"""The two vocabularies of QTI: camelCase up to 2.2, kebab-case with “qti-” in 3.0. What they say is the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element

from quizzes.formats.exchange import xml

TOOL = "SA Pro"
"""How our own files are known: ids in them are the site’s, and come back as they were."""
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Vocabulary:
    """How one version names things. ``family`` is the first digit of its version, ``code`` what types end in."""

    family: int
    code: str
    namespace: str
    schema: str
    schema_version: str
    manifest: str
    templates: str

    def name(self, plain: str) -> str:
        """The name of an element."""
        return f"qti-{_kebab(plain)}" if self.family == 3 else plain

    def element(self, plain: str, attributes: Mapping[str, str], *inner: str) -> str:
        """An element with what is in it, which is XML already."""
        name = self.name(plain)
        named = {_kebab(one) if self.family == 3 else one: value for one, value in attributes.items()}
        return f"<{name}{written_attributes(named)}>{''.join(inner)}</{name}>"

    def resource_type(self, what: str) -> str:
        """The type of a resource in the manifest; ``what`` is “item”, “test” or “stimulus”."""
        return f"imsqti_{what}_xml{self.code}"


QTI_2_2 = Vocabulary(
    2,
    "v2p2",
    "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "QTIv2.2 Package",
    "1.0.0",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://www.imsglobal.org/question/qti_v2p2/rptemplates/",
)
QTI_3_0 = Vocabulary(
    3,
    "v3p0",
    "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
    "QTI Package",
    "3.0.0",
    "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1",
    "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/",
)


def plain(element: Element) -> str:
    """The name of an element as 2.x writes it, whichever version it is of."""
    name = xml.local(element)
    return _camel(name.removeprefix("qti-")) if name.startswith("qti-") else name


def attribute(element: Element, name: str) -> str:
    """The value of an attribute by its name in 2.x; empty where there is none."""
    value = element.get(name)
    return (value if value is not None else element.get(_kebab(name), "")).strip()


def children(element: Element, *names: str) -> list[Element]:
    """The children of these names, as 2.x writes them."""
    return [one for one in element if plain(one) in names]


def child(element: Element, name: str) -> Element | None:
    """The first child of a name."""
    return next(iter(children(element, name)), None)


def family_of(name: str, namespace: str) -> int:
    """2 or 3 for the outermost element of an item, a test or a stimulus; 0 for anything else."""
    if name in ("assessmentItem", "assessmentTest", "assessmentStimulus"):
        return 2 if not namespace or "imsqti" in namespace else 0
    return 3 if name in ("qti-assessment-item", "qti-assessment-test", "qti-assessment-stimulus") else 0


def legal(text: str) -> str:
    """The text without the characters that XML has no way to write."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def written(text: str) -> str:
    """Text as XML."""
    return escape(legal(text), quote=False)


def written_attributes(attributes: Mapping[str, str]) -> str:
    """Attributes as they stand in a tag. Line ends and tabs are named, or a reader would make spaces of them."""
    return "".join(f' {name}="{_attribute(value)}"' for name, value in attributes.items())


def _attribute(value: str) -> str:
    return escape(legal(value)).replace("\n", "&#10;").replace("\t", "&#9;")


def _kebab(name: str) -> str:
    return _HUMP.sub("-", name).lower() if ":" not in name else name


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(one[:1].upper() + one[1:] for one in rest)
