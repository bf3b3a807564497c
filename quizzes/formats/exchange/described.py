"""What is to be said of a format, drawn from its fates and its reader: for the pages about formats and the docs."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from quizzes.formats.exchange.guides import GUIDES, Guide
from quizzes.formats.exchange.model import ASPECTS, Exchanged, Fate, Format
from quizzes.formats.exchange.samples import EXAMPLES, OF_EACH_KIND


@dataclass(frozen=True, slots=True)
class Row:
    """An aspect of a question in words, and what becomes of it."""

    aspect: str
    words: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Description:
    """One format. ``kinds`` are those it has a place for, ``unknown`` the others; both empty where it is only read."""

    format: Format
    guide: Guide
    carried: tuple[Row, ...]
    lost: tuple[Row, ...]
    kinds: tuple[str, ...]
    unknown: tuple[str, ...]


def described(one: Format) -> Description:
    """All that is said of a format."""
    rows = [Row(aspect, words, one.fates[aspect]) for aspect, words in ASPECTS.items()]
    asked = OF_EACH_KIND if one.writes else ()
    kinds = {content.kind: one.project(Exchanged("x", content))[0] is not None for content in asked}
    return Description(
        format=one,
        guide=GUIDES.get(one.name, Guide("")),
        carried=tuple(row for row in rows if row.fate.carried),
        lost=tuple(row for row in rows if not row.fate.carried),
        kinds=tuple(kind for kind, fits in kinds.items() if fits),
        unknown=tuple(kind for kind, fits in kinds.items() if not fits),
    )


def sample(one: Format) -> bytes:
    """A file of the example questions, by the format’s own writer. Those it has no place for are left out."""
    out = io.BytesIO()
    fitting = [question for question in EXAMPLES if one.project(question)[0] is not None]
    one.write(fitting, out, lambda name: None, "Examples")
    return out.getvalue()


def file_name(one: Format, stem: str) -> str:
    """The name under which a file of this format is saved."""
    return f"{stem}{one.suffixes[0]}"


def document(formats: Iterable[Format], kind_names: dict[str, str]) -> str:
    """docs/formats.md. ``kind_names``: the kinds in words."""
    all_of_them = [described(one) for one in formats]
    return "\n".join([*_head(all_of_them), *(line for one in all_of_them for line in _chapter(one, kind_names))])


def _head(all_of_them: list[Description]) -> Iterator[str]:
    yield "# Formats"
    yield ""
    yield "<!-- Written by `manage.py document_formats` from the code of the formats: change that, then run it. -->"
    yield ""
    yield "What each file format carries of a question, and what is lost. The site shows the same under"
    yield "`/teach/formats/`, with a sample file of each."
    yield ""
    yield "| format | files | in | out |"
    yield "|---|---|---|---|"
    for one in all_of_them:
        known = one.format
        signs = " | ".join("yes" if done else "–" for done in (known.reads, known.writes))
        yield f"| [{known.title}](#{known.name}) | {', '.join(known.suffixes)} | {signs} |"


def _chapter(one: Description, kind_names: dict[str, str]) -> Iterator[str]:
    yield ""
    yield f'## <a id="{one.format.name}"></a>{one.format.title}'
    yield ""
    yield one.guide.about
    yield ""
    if one.kinds:
        yield f"Kinds: {', '.join(kind_names[kind] for kind in one.kinds)}."
    if one.unknown:
        yield f"No place for: {', '.join(kind_names[kind] for kind in one.unknown)}."
    for title, steps in (("In", one.guide.bring), ("Out", one.guide.take)):
        if steps and (one.format.reads if title == "In" else one.format.writes):
            yield ""
            yield f"**{title}**"
            yield ""
            yield from (f"{number}. {step}" for number, step in enumerate(steps, 1))
    yield ""
    yield "| aspect | | what becomes of it |"
    yield "|---|---|---|"
    for rows, word in ((one.carried, "carried"), (one.lost, "lost")):
        yield from (f"| {row.words} | {word} | {_cell(row.fate.words)} |" for row in rows)


def _cell(words: str) -> str:
    return words.replace("|", r"\|")
