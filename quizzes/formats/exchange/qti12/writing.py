"""Questions -> a package that Canvas imports: manifest, one quiz, its settings, its pictures."""

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable
from html import escape
from typing import BinaryIO

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import Exchanged, Pictures
from quizzes.formats.exchange.qti12.carried import FOLDER, texts_in, writable
from quizzes.formats.exchange.qti12.item_written import ItemWriter

_IN_MEMORY = 4 * 1024 * 1024
_EPOCH = (1980, 1, 1, 0, 0, 0)
_NAMED = re.compile(r"\(image:([a-z0-9x-]{1,40})\)")
_SUFFIXES = ((b"\xff\xd8", ".jpg"), (b"RIFF", ".webp"), (b"GIF8", ".gif"))
_ITEMS_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://www.imsglobal.org/xsd/ims_qtiasiv1p2 http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd">
<assessment ident="{ident}" title="{title}">
<qtimetadata><qtimetadatafield><fieldlabel>cc_maxattempts</fieldlabel>\
<fieldentry>1</fieldentry></qtimetadatafield></qtimetadata>
<section ident="root_section">
"""
_ITEMS_END = "</section>\n</assessment>\n</questestinterop>\n"
_META = """<?xml version="1.0" encoding="UTF-8"?>
<quiz identifier="{ident}" xmlns="http://canvas.instructure.com/xsd/cccv1p0"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:schemaLocation="http://canvas.instructure.com/xsd/cccv1p0 https://canvas.instructure.com/xsd/cccv1p0.xsd">
<title>{title}</title>
<description></description>
<shuffle_answers>{shuffled}</shuffle_answers>
<scoring_policy>keep_highest</scoring_policy>
<quiz_type>assignment</quiz_type>
<points_possible>{count}.0</points_possible>
<allowed_attempts>1</allowed_attempts>
<available>false</available>
</quiz>
"""
_MANIFEST_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="manifest_{ident}" xmlns="http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"\
 xmlns:lom="http://ltsc.ieee.org/xsd/imsccv1p1/LOM/resource"\
 xmlns:imsmd="http://www.imsglobal.org/xsd/imsmd_v1p2">
<metadata><schema>IMS Content</schema><schemaversion>1.1.3</schemaversion>\
<imsmd:lom><imsmd:general><imsmd:title><imsmd:string>{title}</imsmd:string></imsmd:title></imsmd:general></imsmd:lom>\
</metadata>
<organizations/>
<resources>
<resource identifier="{ident}" type="imsqti_xmlv1p2">
<file href="{ident}/{ident}.xml"/>
<dependency identifierref="{ident}_meta"/>
</resource>
<resource identifier="{ident}_meta" type="associatedcontent/imscc_xmlv1p1/learning-application-resource"\
 href="{ident}/assessment_meta.xml">
<file href="{ident}/assessment_meta.xml"/>
</resource>
"""
_MANIFEST_PICTURE = '<resource identifier="{ident}" type="webcontent" href="{href}"><file href="{href}"/></resource>\n'
_MANIFEST_END = "</resources>\n</manifest>\n"


def write_package(questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
    """A package of questions that have been prepared. The same ones under the same title give the same bytes."""
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as items:
        suffixes: dict[str, str] = {}
        digest = hashlib.sha256(title.encode())
        count, shuffled = 0, True
        for one in questions:
            _find_pictures(one, pictures, suffixes)
            writer = ItemWriter(one, suffixes)
            items.write(writer.xml().encode())
            digest.update(f"\n{writer.ident}".encode())
            count += 1
            # Canvas knows one setting for all questions of a quiz.
            shuffled = shuffled and not (KINDS[one.content.kind].has_distractors and one.content.order == "fixed")
        items.seek(0)
        ident = "g" + digest.hexdigest()[:31]
        plain = escape(writable(title).strip() or "Questions")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
            _write_manifest(package, ident, plain, suffixes)
            with package.open(_entry(f"{ident}/{ident}.xml"), "w") as member:
                member.write(_ITEMS_HEAD.format(ident=ident, title=plain).encode())
                shutil.copyfileobj(items, member)
                member.write(_ITEMS_END.encode())
            meta = _META.format(ident=ident, title=plain, count=count, shuffled=str(shuffled).lower())
            package.writestr(_entry(f"{ident}/assessment_meta.xml"), meta)
            for name, suffix in suffixes.items():
                package.writestr(_entry(_path(name, suffix)), pictures(name) or b"")


def _find_pictures(question: Exchanged, pictures: Pictures, suffixes: dict[str, str]) -> None:
    """Notes the pictures that are there, each with what it is as the ending of its file."""
    for text in texts_in(question.content):
        for name in _NAMED.findall(text):
            data = pictures(name) if name not in suffixes else None
            if data:
                suffixes[name] = next((ending for magic, ending in _SUFFIXES if data.startswith(magic)), ".png")


def _write_manifest(package: zipfile.ZipFile, ident: str, title: str, suffixes: dict[str, str]) -> None:
    parts = [_MANIFEST_HEAD.format(ident=ident, title=title)]
    for name, suffix in suffixes.items():
        parts.append(_MANIFEST_PICTURE.format(ident=f"picture_{name}", href=_path(name, suffix)))
    package.writestr(_entry("imsmanifest.xml"), "".join([*parts, _MANIFEST_END]))


def _path(name: str, suffix: str) -> str:
    return f"{FOLDER}/{name}{suffix}"


def _entry(name: str) -> zipfile.ZipInfo:
    """A member without a date of its own."""
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
