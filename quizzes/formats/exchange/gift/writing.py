"""A projected question -> the lines of GIFT. Every text stands on one line, so that no blank line parts it."""

from collections.abc import Iterator

from quizzes.engine.content import Content, Option
from quizzes.formats.exchange.gift.signs import escaped, escaped_part
from quizzes.formats.exchange.gift.weights import nth_part, written
from quizzes.formats.exchange.model import Exchanged
from quizzes.formats.exchange.plain import flat


def block_of(question: Exchanged) -> str:
    """The question as a block with the blank line behind it."""
    content = question.content
    name = f"::{escaped(question.title)}::" if question.title else ""
    answers = "\n".join(_answers(content))
    return f"{_comment(question)}{name}[markdown]{escaped(content.stem)}{{{answers}}}\n\n"


def _comment(question: Exchanged) -> str:
    parts = [f"[id:{_bracketed(question.code)}]"] if question.code else []
    parts += [f"[tag:{_bracketed(one)}]" for one in question.known.tags]
    return f"// {' '.join(parts)}\n" if parts else ""


def _bracketed(text: str) -> str:
    return text.replace("]", "\\]")


def _answers(content: Content) -> Iterator[str]:
    """The lines between the braces; the first stands beside the opening one."""
    if content.kind == "true_false":
        yield _truth(content)
    elif content.kind == "numeric":
        yield "#"
        yield f"\t=%100%{content.extra['answer']}:{content.extra.get('tolerance', '0')}"
        yield from _general(content.extra.get("rationale", ""))
    elif content.kind == "short_text":
        yield from _accepted(content)
        yield from _general(content.extra.get("rationale", ""))
    elif content.kind == "matching":
        yield ""
        yield from _pairs(content)
        yield from _general(content.options[0].rationale)
    else:
        yield ""
        yield from (f"\t{_sign(content, one)}{escaped_part(one.text)}{_feedback(one)}" for one in content.options)
        yield ""


def _general(text: str) -> Iterator[str]:
    if text:
        yield f"\t####{escaped_part(text)}"
    yield ""


def _feedback(option: Option) -> str:
    return f"#{escaped_part(option.rationale)}" if option.rationale else ""


def _sign(content: Content, option: Option) -> str:
    if content.kind == "multiple_choice":
        return "=" if option.correct else "~"
    share = nth_part(content.choose) or 0.0
    return f"~{written(share if option.correct else -100.0)}"


def _truth(content: Content) -> str:
    true, false = content.options
    right, wrong = (true, false) if true.correct else (false, true)
    said = f"#{escaped_part(wrong.rationale)}" if wrong.rationale or right.rationale else ""
    return f"{'TRUE' if true.correct else 'FALSE'}{said}{_feedback(right)}"


def _accepted(content: Content) -> Iterator[str]:
    texts = [escaped(one.replace("*", "\\*")) for one in content.extra["accepted"]]
    if "->" in texts[0]:
        # With a sign before it, this would be a pair.
        yield f"%100%{texts[0]}"
        return
    yield ""
    for text in texts:
        yield f"\t=%100%{text if text[0] != '[' else f'[plain]{text}'}"


def _pairs(content: Content) -> Iterator[str]:
    targets = {one["id"]: escaped(flat(one["text"])) for one in content.extra["targets"]}
    left = dict(targets)
    for one in content.options:
        target = content.extra["pairs"][one.id]
        left.pop(target, None)
        yield f"\t={escaped_part(one.text)} -> {targets[target]}"
    yield from (f"\t= -> {text}" for text in left.values())
