"""Questions of every kind as hypothesis makes them up: what authors write, with all that trips a format."""

import zlib
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from PIL import Image

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds import KINDS
from quizzes.engine.losses import FALSE_MECHANISM, FAMILIES
from quizzes.formats.drafts import Attributes
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.native import FLAGS, LEVELS, STATUSES, TASKS

PICTURE_NAMES = ("abcdefghijkl-40x30", "mnopqrstuvwx-8x8", "a1b2c3d4e5f6-3x200")

WORDS = (
    "The company runs",
    "an ARN such as arn:aws:s3:::logs/${aws:username}/*",
    "zone = eu-central-1: 99.9 %",
    "tags #prod ~ #test",
    "// no comment",
    "{curly} {=right ~wrong}",
    r"C:\new\{x}",
    "a->b => c <- d",
    "5 < 6 && 7 > 3 & more",
    "x | y",
    "“typographic” – and 'plain' \"quotes\"",
    "$CATEGORY and ::title::",
    "Größe 大きさ مرحبا 🙂",
    "it costs $5, or 50% less; a,b;c",
    "=1+1 and @home",
    "snake_case_name and 2 * 3 * 4",
    "**bold ${x}**",
    "*slanted*",
    "`code {a: [1, 2]} = #~`",
    "`s3:GetObject`",
    "[the guide](https://docs.aws.amazon.com/IAM/latest/UserGuide/x.html?a=b#c)",
    "&amp; &lt;b&gt;",
)
"""Pieces of lines. No line begins with one that Markdown takes for a block: :func:`lines` sees to it."""

POLICY = """```json
{
  "Version": "2012-10-17",
  "Statement": [{"Effect": "Deny", "Action": ["s3:*", "kms:Decrypt"],
    "Resource": "arn:aws:s3:::${bucket}/*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]
}
```"""
BLOCKS = (
    POLICY,
    "```\n// not a comment\n\n=~{}#:\\n  two spaces <b>&amp;</b>\n```",
    "- first `{x}`\n- second = **two**\n- third ~ 3",
    "1. Create a role.\n2. Attach `arn:aws:iam::123456789012:policy/x`.",
    "| Class | Price |\n|---|---|\n| `STANDARD` | $0.023 |\n| **IA** | {less} |",
    *(f"![A plan of it]({'image:' + name})" for name in PICTURE_NAMES),
)

CODES = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
LETTERS = st.characters(categories=("L", "N"), exclude_characters="\u2028\u2029")


def lines(words: Sequence[str] = WORDS) -> st.SearchStrategy[str]:
    """One line of some pieces; it begins with a letter and has no blanks at its ends."""
    piece = st.one_of(st.sampled_from(words), st.text(LETTERS, min_size=1, max_size=9))
    return st.lists(piece, min_size=1, max_size=4).map(lambda pieces: f"A {' '.join(pieces)}".strip())


def texts(*, blocks: int = 2) -> st.SearchStrategy[str]:
    """Markdown of the site’s dialect: paragraphs of one or two lines, and up to so many other blocks."""
    paragraph = st.lists(lines(), min_size=1, max_size=2).map("\n".join)
    rest = st.lists(st.one_of(st.sampled_from(BLOCKS), paragraph), max_size=blocks)
    return st.tuples(paragraph, rest).map(lambda parts: "\n\n".join([parts[0], *parts[1]]))


_TEXT = texts()
_SHORT = st.one_of(lines(), lines(), texts(blocks=1))
_RATIONALE = st.one_of(st.just(""), lines(), texts(blocks=1))
_PHRASES = ("keep costs low", "stay in eu-central-1", "lose no more than 5 minutes of data")


@st.composite
def contents(draw: st.DrawFn, kinds: Sequence[str] | None = None) -> Content:
    """The content of a question of one of these kinds; it has no flaws."""
    kind = draw(st.sampled_from(sorted(kinds or KINDS)))
    shape = KINDS[kind]
    options = draw(_options(kind))
    extra = draw(_EXTRAS[kind](options)) if kind in _EXTRAS else {}
    stem = draw(_TEXT) + draw(st.sampled_from(("", "\n\nIt must " + ", and ".join(_PHRASES) + ".")))
    scenario = draw(st.one_of(st.just(""), st.just(""), _TEXT))
    order = draw(st.sampled_from(shape.orders))
    return Content(kind, stem, shape.asked(options), order, options, extra, scenario)


@st.composite
def _options(draw: st.DrawFn, kind: str) -> tuple[Option, ...]:
    shape = KINDS[kind]
    if shape.control == "typed":
        return ()
    if shape.preset:
        right = draw(st.booleans())
        return tuple(
            Option(one, text, (place == 0) == right, draw(_RATIONALE)) for place, (one, text) in enumerate(shape.preset)
        )
    ids = draw(st.lists(CODES, min_size=3, max_size=6, unique=True))
    right = len(ids) if shape.whole else 1 if kind == "multiple_choice" else draw(st.integers(2, len(ids) - 1))
    keys = set(draw(st.permutations(ids))[:right])
    # A number before each text, so that no two options read the same.
    return tuple(
        Option(one, f"Option {place}: {draw(_SHORT)}", one in keys, draw(_RATIONALE))
        for place, one in enumerate(ids, 1)
    )


@st.composite
def _matching(draw: st.DrawFn, options: tuple[Option, ...]) -> dict[str, Any]:
    ids = draw(st.lists(CODES, min_size=2, max_size=4, unique=True))
    targets = [{"id": one, "text": f"Target {place}: {draw(lines())}"} for place, one in enumerate(ids, 1)]
    return {"targets": targets, "pairs": {one.id: draw(st.sampled_from(ids)) for one in options}}


@st.composite
def _numeric(draw: st.DrawFn, options: tuple[Option, ...]) -> dict[str, Any]:
    number = st.decimals(min_value=0, max_value=10**6, places=2).map(str)
    extra: dict[str, Any] = {"answer": draw(st.one_of(number, number.map(lambda one: f"-{one}")))}
    if draw(st.booleans()):
        extra["tolerance"] = draw(number)
        extra |= draw(st.sampled_from(({}, {"percent": True})))
    return extra | draw(st.sampled_from(({}, {"unit": "GB"}, {"unit": "€/h"}))) | draw(_typed_rationale())


@st.composite
def _short_text(draw: st.DrawFn, options: tuple[Option, ...]) -> dict[str, Any]:
    words = st.sampled_from(
        ("route table", "Größe", "s3:GetObject", "arn:aws:s3:::${x}/*", "a = {b} ~ #c", "=1+1", r"\d \ //", "50%", "*")
    )
    extra: dict[str, Any] = {"accepted": draw(st.lists(words, min_size=1, max_size=3, unique=True))}
    extra |= draw(st.sampled_from(({}, {"case": True})))
    return extra | draw(st.sampled_from(({}, {"spaces": "ignore"}, {"spaces": "exact"}))) | draw(_typed_rationale())


@st.composite
def _typed_rationale(draw: st.DrawFn) -> dict[str, str]:
    text = draw(_RATIONALE)
    return {"rationale": text} if text else {}


_EXTRAS = {"matching": _matching, "numeric": _numeric, "short_text": _short_text}


@st.composite
def attributes(draw: st.DrawFn, content: Content) -> Attributes:
    """What may be known of a question with this content: nothing, or much."""
    scenario = f"case-{zlib.crc32(content.scenario.encode())}" if content.scenario else ""
    if draw(st.booleans()):
        return Attributes(scenario=scenario, tags=draw(_TAGS))
    constraints = tuple(
        (f"c{number}", phrase) for number, phrase in enumerate(_PHRASES, 1) if content.stem.count(phrase) == 1
    )
    breaks = st.sampled_from([*(one for one, _ in constraints), FALSE_MECHANISM])
    wrong = [one.id for one in content.options if not one.correct and KINDS[content.kind].has_distractors]
    others = draw(st.lists(CODES, max_size=4, unique=True))
    return Attributes(
        task=draw(st.sampled_from(["", *sorted(TASKS)])),
        domain=draw(st.one_of(st.none(), st.integers(1, 5))),
        level=draw(st.sampled_from(["", *LEVELS])),
        difficulty=draw(st.one_of(st.none(), st.integers(1, 5))),
        topics=tuple(draw(st.lists(CODES, max_size=3, unique=True))),
        references=tuple(draw(st.lists(st.tuples(CODES, CODES), max_size=3, unique=True))),
        sources=tuple((draw(_TITLES), f"https://docs.aws.amazon.com/{one}?a=1&b=2#c") for one in others[:2]),
        verified_on=draw(st.sampled_from((None, date(2026, 11, 23), date(2024, 2, 29)))),
        constraints=constraints,
        flaws=tuple((one, draw(breaks), draw(st.sampled_from(sorted(FAMILIES)))) for one in wrong),
        tags=draw(_TAGS),
        enemies=tuple(f"e-{one}" for one in others[:2]),
        contrast=tuple(f"c-{one}" for one in others[2:]),
        scenario=scenario,
    )


_TITLES = st.text(LETTERS, min_size=1, max_size=30).map(lambda text: f"About {text}")
_TAGS = st.lists(st.sampled_from(("s3", "two words", "Größe", "week 1", "a-b_c")), max_size=3, unique=True).map(tuple)


@st.composite
def exchanged_questions(draw: st.DrawFn, kinds: Sequence[str] | None = None) -> Exchanged:
    """A question of one of these kinds, or of any: its content has no flaws, its texts no blanks around them."""
    content = draw(contents(kinds))
    return Exchanged(
        code=draw(st.one_of(st.just(""), CODES.map(lambda code: f"q-{code}"))),
        content=content,
        title=draw(st.one_of(st.just(""), _TITLES)),
        known=draw(attributes(content)),
        status=draw(st.sampled_from(STATUSES)),
        flags=tuple(draw(st.lists(st.sampled_from(FLAGS), max_size=2, unique=True))),
        reviewed=draw(st.sampled_from(((), (("date", "2026-11-28"), ("readers", "2"), ("agree", "2"))))),
        licence=draw(st.sampled_from(("", "CC BY-SA 4.0"))),
    )


def tiny_picture(name: str) -> bytes:
    """A PNG of the size that the name says."""
    width, height = map(int, name.rpartition("-")[2].split("x"))
    target = BytesIO()
    Image.new("RGB", (width, height), (20, 90, 160)).save(target, "PNG")
    return target.getvalue()


def PICTURES(name: str) -> bytes | None:
    """A real picture for the names that the texts use; none for any other."""
    return tiny_picture(name) if name in PICTURE_NAMES else None
