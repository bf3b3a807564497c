"""Our own note type: one question, one note, one field for each of its parts.

What a person may change in Anki stands in fields of its own; the field “Data” has the whole question, and a digest of
every other field, so that reading tells what was edited there and takes just that.
"""

import hashlib
import html as entities
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from random import Random
from types import MappingProxyType
from typing import Any

from quizzes.engine.content import Content
from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.anki.data import Kept, packed
from quizzes.formats.exchange.html import escaped, to_html
from quizzes.formats.exchange.model import Exchanged

NOTE_TYPE = "SA Pro question"
MOST_OPTIONS = 12
OPTION, RATIONALE = "Option {}", "Rationale {}"
FIELDS: tuple[str, ...] = (
    *("Code", "Title", "Scenario", "Stem", "Kind", "Choose", "Order"),
    *(name.format(number) for number in range(1, MOST_OPTIONS + 1) for name in (OPTION, RATIONALE)),
    *("Choices", "Key", "Answer", "Rationale", "Sources", "Data"),
)
"""In their order; the first is what Anki tells duplicates by."""
SITE_TAGS = "sapro::"
"""Before the tags that a deck has for searching; they are written from the question, never read."""
_SPECIAL = re.compile(r"(<[^>]*>)|\\([(\[])|\[(?=sound:|latex\]|\$\$?\])")


def slots_of(content: Content) -> tuple[str, ...]:
    """The ids of the options in the order of the fields: for steps to be ordered one that tells nothing."""
    if KINDS[content.kind].control != "ordering":
        return content.option_ids
    return KINDS[content.kind].shuffle(sorted(content.option_ids), "shuffle", Random(content.digest))


def values_of(question: Exchanged, file_of: Callable[[str], str] = str) -> dict[str, str]:
    """The fields of the note. ``file_of``: the name of the file of a picture."""
    content = question.content
    slots = slots_of(content)

    def html(text: str) -> str:
        return _plain(to_html(text, file_of)) if text else ""

    found = dict.fromkeys(FIELDS, "") | {
        "Code": escaped(question.code or content.digest[:12]),
        "Title": escaped(question.title),
        "Scenario": html(content.scenario),
        "Stem": html(content.stem),
        "Kind": content.kind,
        "Choose": str(content.choose) if KINDS[content.kind].has_options else "",
        "Order": content.order,
        "Key": escaped(key_of(content, slots)),
        "Answer": _answer(content, html),
        "Rationale": html(str(content.extra.get("rationale", ""))),
        "Sources": _sources(question.known.sources),
        "Choices": _choices(content, html),
    }
    by_id = {one.id: one for one in content.options}
    for number, one in enumerate(slots, 1):
        found[OPTION.format(number)] = html(by_id[one].text)
        found[RATIONALE.format(number)] = html(by_id[one].rationale)
    digests = {name: digest(value) for name, value in found.items() if value}
    return found | {"Data": packed(Kept(question, slots, MappingProxyType(digests)))}


def key_of(content: Content, slots: Sequence[str]) -> str:
    """“2, 4”: the fields of the right options; of steps their order; of pairs “1 = 2”; of typed answers these."""
    number = {one: place for place, one in enumerate(slots, 1)}
    match KINDS[content.kind].control:
        case "options":
            return ", ".join(str(number[one.id]) for one in content.options if one.correct)
        case "ordering":
            return ", ".join(str(number[one.id]) for one in content.options)
        case "matching":
            targets = {one["id"]: place for place, one in enumerate(_targets(content), 1)}
            return ", ".join(f"{number[one]} = {targets[content.extra['pairs'][one]]}" for one in content.option_ids)
    return " | ".join(KINDS[content.kind].key(content, str)["correct"])


def digest(value: str) -> str:
    """Of what a field says, whatever way Anki writes its HTML."""
    text = unicodedata.normalize("NFC", entities.unescape(re.sub(r"\s*/>", ">", value)))
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:12]


def tags_of(question: Exchanged) -> list[str]:
    """The tags of the note: the question’s own, then those for searching in Anki."""
    known = question.known
    found = [
        *(anki_tag(one) for one in known.tags),
        *(f"{SITE_TAGS}topic::{anki_tag(one)}" for one in known.topics),
        *([f"{SITE_TAGS}domain::{known.domain}"] if known.domain else []),
        *([f"{SITE_TAGS}task::{anki_tag(known.task)}"] if known.task else []),
    ]
    return [one for one in dict.fromkeys(found) if one]


def anki_tag(tag: str) -> str:
    """A tag without blanks: Anki takes them for its end."""
    return "_".join(tag.split())


def _choices(content: Content, html: Callable[[str], str]) -> str:
    """The targets as a list, in an order that tells nothing."""
    targets = _targets(content)
    return _list("ol", [html(one["text"]) for one in targets]) if targets else ""


def _targets(content: Content) -> list[Mapping[str, Any]]:
    targets = list(content.extra.get("targets", ()))
    Random(content.digest).shuffle(targets)
    return targets


def _answer(content: Content, html: Callable[[str], str]) -> str:
    """What is right, to be read on the back without any script."""
    match KINDS[content.kind].control:
        case "options":
            return _list("ul", [html(one.text) for one in content.options if one.correct])
        case "ordering":
            return _list("ol", [html(one.text) for one in content.options])
        case "matching":
            texts = {one["id"]: one["text"] for one in _targets(content)}
            target_of = content.extra["pairs"]
            pairs = [(html(one.text), html(texts[target_of[one.id]])) for one in content.options]
            rows = "".join(f"<tr><td>{prompt}</td><td>{target}</td></tr>" for prompt, target in pairs)
            return f"<table>{rows}</table>"
    return _list("ul", [_plain(escaped(one)) for one in KINDS[content.kind].key(content, str)["correct"]])


def _list(tag: str, items: Sequence[str]) -> str:
    return f"<{tag}>{''.join(f'<li>{one}</li>' for one in items)}</{tag}>"


def _sources(sources: Sequence[tuple[str, str]]) -> str:
    links = [f'<a href="{entities.escape(url)}">{_plain(escaped(title))}</a>' for title, url in sources]
    return _list("ul", links) if links else ""


def _plain(html: str) -> str:
    """Without what Anki would take for a formula or a sound."""

    def other(match: re.Match[str]) -> str:
        if match[1]:
            return match[1]
        return f"\\<span>{match[2]}</span>" if match[2] else "&#91;"

    return _SPECIAL.sub(other, html)
