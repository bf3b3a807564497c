"""Questions as Moodle XML, one after the other."""

import base64
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from quizzes.engine.content import Content
from quizzes.formats.exchange.model import Exchanged, Pictures
from quizzes.formats.exchange.moodle.dialect import as_plain, to_moodle
from quizzes.formats.exchange.moodle.files import kind_of
from quizzes.formats.exchange.moodle.grades import written
from quizzes.formats.exchange.moodle.names import name_of
from quizzes.formats.exchange.moodle.tags import EXPORTED, category_path
from quizzes.formats.exchange.moodle.texts import words

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
FOOT = "</quiz>\n"
TYPES: Mapping[str, str] = MappingProxyType(
    {
        "multiple_choice": "multichoice",
        "multiple_response": "multichoice",
        "true_false": "truefalse",
        "ordering": "ordering",
        "matching": "matching",
        "numeric": "numerical",
        "short_text": "shortanswer",
    }
)
_ESCAPED = re.compile("[&<>]")


def write_quiz(questions: Iterable[Exchanged], out: BinaryIO, pictures: Pictures, title: str) -> None:
    """Write these questions, each of which is the projection of itself."""
    out.write(HEAD.encode())
    if words(title, 200):
        out.write(_category(title).encode())
    for question in questions:
        for piece in _question(question, pictures):
            out.write(piece.encode())
    out.write(FOOT.encode())


def _category(title: str) -> str:
    return (
        f'  <question type="category">\n    <category>{_text(category_path(title))}</category>\n'
        f'    <info format="plain_text">{_text(EXPORTED)}</info>\n    <idnumber></idnumber>\n  </question>\n'
    )


def _question(question: Exchanged, pictures: Pictures) -> Iterator[str]:
    content = question.content
    yield f'  <question type="{TYPES[content.kind]}">\n'
    name = name_of(question.title, question.code, content.stem)
    yield f"    <name>{_text(name)}</name>\n"
    yield _holder("questiontext", content.stem, pictures)
    yield _holder("generalfeedback", _general(content), pictures)
    penalty = "1" if content.kind == "true_false" else "0.3333333"
    yield f"    <defaultgrade>1</defaultgrade>\n    <penalty>{penalty}</penalty>\n    <hidden>0</hidden>\n"
    yield f"    <idnumber>{_escaped(question.code)}</idnumber>\n"
    yield from _BODIES[content.kind](content, pictures)
    if question.known.tags:
        tags = "".join(f"<tag>{_text(one)}</tag>" for one in question.known.tags)
        yield f"    <tags>{tags}</tags>\n"
    yield "  </question>\n"


def _general(content: Content) -> str:
    """What is said to everybody: the rationales that have no place of their own."""
    if content.kind in ("matching", "ordering"):
        return content.options[0].rationale
    return str(content.extra.get("rationale", ""))


def _choices(content: Content, pictures: Pictures) -> Iterator[str]:
    right = len(content.keys)
    wrong = len(content.options) - right
    several = content.kind == "multiple_response"
    yield f"    <single>{_flag(not several)}</single>\n"
    yield f"    <shuffleanswers>{_flag(content.order == 'shuffle')}</shuffleanswers>\n"
    yield "    <answernumbering>abc</answernumbering>\n"
    for one in content.options:
        share = 100 / right if one.correct else -100 / wrong if several else 0
        yield _answer(written(share), one.text, pictures, feedback=one.rationale)


def _true_false(content: Content, pictures: Pictures) -> Iterator[str]:
    for one in content.options:
        yield f'    <answer fraction="{100 if one.correct else 0}" format="plain_text">{_text(one.id)}\n'
        yield _holder("feedback", one.rationale, pictures) + "    </answer>\n"


def _ordering(content: Content, pictures: Pictures) -> Iterator[str]:
    yield (
        "    <layouttype>VERTICAL</layouttype>\n    <selecttype>ALL</selecttype>\n    <selectcount>0</selectcount>\n"
        "    <gradingtype>ALL_OR_NOTHING</gradingtype>\n    <showgrading>SHOW</showgrading>\n"
        "    <numberingstyle>none</numberingstyle>\n    <shownumcorrect>1</shownumcorrect>\n"
    )
    for place, one in enumerate(content.options, 1):
        yield _answer(str(place), one.text, pictures)


def _matching(content: Content, pictures: Pictures) -> Iterator[str]:
    targets = {one["id"]: as_plain(one["text"]) for one in content.extra["targets"]}
    pairs: Mapping[str, str] = content.extra["pairs"]
    yield f"    <shuffleanswers>{_flag(content.order == 'shuffle')}</shuffleanswers>\n"
    for one in content.options:
        answer = f"      <answer>{_text(targets[pairs[one.id]])}</answer>\n"
        yield _holder("subquestion", one.text, pictures, answer)
    for id, text in targets.items():
        if id not in pairs.values():
            yield _holder("subquestion", "", pictures, f"      <answer>{_text(text)}</answer>\n")


def _numeric(content: Content, pictures: Pictures) -> Iterator[str]:
    extra = content.extra
    tolerance = f"      <tolerance>{extra.get('tolerance', '0')}</tolerance>\n"
    yield f'    <answer fraction="100" format="plain_text">{_text(extra["answer"])}\n{tolerance}    </answer>\n'
    if unit := extra.get("unit"):
        yield (
            f"    <units><unit><multiplier>1</multiplier><unit_name>{_escaped(unit)}</unit_name></unit></units>\n"
            "    <unitgradingtype>0</unitgradingtype>\n    <unitpenalty>0</unitpenalty>\n"
        )
    yield f"    <showunits>{0 if unit else 3}</showunits>\n    <unitsleft>0</unitsleft>\n"


def _short_text(content: Content, pictures: Pictures) -> Iterator[str]:
    yield f"    <usecase>{1 if content.extra.get('case') else 0}</usecase>\n"
    for one in content.extra["accepted"]:
        text = one.replace("*", "\\*")
        yield f'    <answer fraction="100" format="plain_text">{_text(text)}</answer>\n'


def _answer(share: str, text: str, pictures: Pictures, *, feedback: str = "") -> str:
    inner = _holder("feedback", feedback, pictures) if feedback else ""
    return _holder("answer", text, pictures, inner, f'fraction="{share}" ')


def _holder(name: str, text: str, pictures: Pictures, inner: str = "", attributes: str = "") -> str:
    """An element with a text in Markdown, the pictures that it shows, and what else is in it."""
    files: dict[str, str] = {}

    def address(code: str) -> str:
        data = pictures(code)
        file = f"{code}.{(data and kind_of(data)) or 'png'}"
        if data:
            files[file] = base64.b64encode(data).decode()
        return file

    body = _text(to_moodle(text, address))
    for file, data in files.items():
        body += f'\n<file name={quoteattr(file)} path="/" encoding="base64">{data}</file>'
    return f'    <{name} {attributes}format="markdown">{body}\n{inner}    </{name}>\n'


def _text(text: str) -> str:
    return f"<text>{_escaped(text)}</text>"


def _escaped(text: str) -> str:
    if not _ESCAPED.search(text):
        return text
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _flag(value: bool) -> str:
    return "true" if value else "false"


_BODIES: Mapping[str, Callable[[Content, Pictures], Iterator[str]]] = MappingProxyType(
    {
        "multiple_choice": _choices,
        "multiple_response": _choices,
        "true_false": _true_false,
        "ordering": _ordering,
        "matching": _matching,
        "numeric": _numeric,
        "short_text": _short_text,
    }
)
