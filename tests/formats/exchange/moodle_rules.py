"""A second reader of GIFT that judges what we write: Moodle’s rules, step by step, and nothing of ours.

It is strict where Moodle is, and raises Rejected where Moodle stops or would take another share of the mark.
"""

import re
from dataclasses import dataclass, field

SHARES = (100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5)
SHARES += (11.11111, 10, 5, 0)
BLANKS = " \t\n\r\0\x0b"
PLACEHOLDERS = {":": "&&058;", "#": "&&035;", "=": "&&061;", "{": "&&123;", "}": "&&125;", "~": "&&126;", "n": "&&010;"}
TEXT_FORMATS = ("moodle", "html", "plain", "markdown")


class Rejected(Exception):
    """Moodle would not import it, or not as it stands."""


@dataclass
class Answer:
    """Text, percent and feedback; ``tolerance`` of a number."""

    text: str
    percent: float
    feedback: str
    tolerance: str = ""


@dataclass
class MoodleQuestion:
    """What Moodle has after the import."""

    kind: str
    name: str
    text: str
    text_format: str
    general: str = ""
    single: bool = True
    answers: list[Answer] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)
    correct: bool | None = None
    feedback_true: str = ""
    feedback_false: str = ""
    idnumber: str = ""
    tags: list[str] = field(default_factory=list)


def import_gift(text: str) -> list[MoodleQuestion]:
    """All questions of a file; descriptions among them."""
    questions, lines = [], []
    for line in [*text.removeprefix("\ufeff").split("\n"), ""]:
        if line.strip(BLANKS):
            lines.append(line.strip(BLANKS))
        elif lines:
            question = _question(lines)
            if question is not None:
                questions.append(question)
            lines = []
    return questions


def _question(lines: list[str]) -> MoodleQuestion | None:
    comments = "\n".join(line for line in lines if line.startswith("//"))
    text = "\n".join(" " if line.startswith("//") else line for line in lines).strip(BLANKS)
    if not text:
        return None
    text = _hide(text)
    if text.startswith("$CATEGORY:"):
        return None
    name = ""
    if text.startswith("::"):
        end = text.find("::", 2)
        if end >= 0:
            name, text = _show(text[2:end]).strip(BLANKS), text[end + 2 :].strip(BLANKS)
    start, finish = text.find("{"), text.find("}")
    if start < 0 and finish < 0:
        body, text_format = _formatted(text, "moodle")
        return MoodleQuestion("description", name, body, text_format)
    if start < 0 or finish < 0 or finish < start:
        raise Rejected(f"braces: {text}")
    answers = text[start + 1 : finish].strip(BLANKS)
    stem = text[:start] + ("" if text.endswith("}") else "_____") + text[finish + 1 :]
    general = ""
    if "####" in answers:
        at = answers.rindex("####")
        answers, general = answers[:at].strip(BLANKS), answers[at + 4 :]
    body, text_format = _formatted(stem, "moodle")
    question = MoodleQuestion("", name, body, text_format, _formatted(general, text_format)[0])
    question.idnumber, question.tags = _of_comments(comments)
    question.kind = _kind(answers)
    _FILL[question.kind](question, answers)
    return question


def _kind(answers: str) -> str:
    if not answers:
        return "essay"
    if answers[0] == "#":
        return "numerical"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "match"
    before = answers.split("#", 1)[0].strip(BLANKS) if answers.find("#") > 0 else answers
    return "truefalse" if before in ("T", "TRUE", "F", "FALSE") else "shortanswer"


def _multichoice(question: MoodleQuestion, answers: str) -> None:
    question.single = "=" in answers
    for part in _parts(answers.replace("=", "~="), "~", 2):
        if part.startswith("="):
            percent, part = 100.0, part[1:]
        else:
            percent, part = _share(part, 0.0)
        text, feedback = _with_comment(part, question.text_format)
        if not text:
            raise Rejected("an empty option")
        question.answers.append(Answer(text, percent, feedback))
    total = sum(one.percent for one in question.answers if one.percent > 0)
    highest = max(one.percent for one in question.answers)
    if (question.single and highest != 100) or (not question.single and abs(total - 100) > 1):
        raise Rejected(f"shares: {[one.percent for one in question.answers]}")


def _match(question: MoodleQuestion, answers: str) -> None:
    for part in _parts(answers, "=", 2):
        if "->" not in part:
            raise Rejected(f"no pair: {part}")
        left, right = part.split("->", 1)
        question.pairs.append((_formatted(left, question.text_format)[0], _show(right).strip(BLANKS)))


def _truefalse(question: MoodleQuestion, answers: str) -> None:
    word, wrong, right = ([*answers.split("#", 2), "", ""])[:3]
    question.correct = word.strip(BLANKS) in ("T", "TRUE")
    said = [_formatted(one, question.text_format)[0] for one in (wrong, right)]
    question.feedback_false, question.feedback_true = said if question.correct else reversed(said)


def _shortanswer(question: MoodleQuestion, answers: str) -> None:
    for part in _parts(answers, "=", 1):
        percent, rest = _share(part, 100.0)
        text, feedback = _with_comment(rest, question.text_format)
        question.answers.append(Answer(text, percent, feedback))


def _numerical(question: MoodleQuestion, answers: str) -> None:
    text = answers[1:].split("~", 1)[0]
    for part in _parts(text, "=", 1):
        percent, rest = _share(part, 100.0)
        number, feedback = _with_comment(rest, question.text_format)
        value, _, tolerance = number.partition(":")
        float(value), float(tolerance or "0")
        question.answers.append(Answer(value.strip(), percent, feedback, (tolerance or "0").strip()))


def _nothing(question: MoodleQuestion, answers: str) -> None:
    assert not answers


_FILL = {
    "multichoice": _multichoice,
    "match": _match,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "essay": _nothing,
}


def _parts(answers: str, sign: str, least: int) -> list[str]:
    parts = answers.split(sign)
    # What counts as empty in PHP: nothing, and a zero.
    if parts[0].strip(BLANKS) in ("", "0"):
        parts = parts[1:]
    if len(parts) < least:
        raise Rejected(f"too few answers: {answers}")
    return [part.strip(BLANKS) for part in parts]


def _share(part: str, default: float) -> tuple[float, str]:
    match = re.match(r"%-*([0-9]{1,2})\.?([0-9]*)%", part)
    if match is None:
        return default, part
    percent = float(match[0].strip("%"))
    if not any(abs(abs(percent) - one) < 0.001 for one in SHARES):
        raise Rejected(f"share: {match[0]}")
    return percent, part[match.end() :]


def _with_comment(part: str, default: str) -> tuple[str, str]:
    text, _, feedback = part.partition("#")
    return _formatted(text, default)[0], _formatted(feedback, default)[0]


def _formatted(text: str, default: str) -> tuple[str, str]:
    text, text_format = text.strip(BLANKS), default
    if text.startswith("["):
        word = text[1 : text.find("]")]
        if word in TEXT_FORMATS:
            text, text_format = text[text.find("]") + 1 :], word
    return _show(text).strip(BLANKS), text_format


def _hide(text: str) -> str:
    text = text.replace("\\\\", "&&092;")
    for sign, placeholder in PLACEHOLDERS.items():
        text = text.replace(f"\\{sign}", placeholder)
    return text.replace("&&092;", "\\")


def _show(text: str) -> str:
    for sign, placeholder in PLACEHOLDERS.items():
        text = text.replace(placeholder, "\n" if sign == "n" else sign)
    return text


def _of_comments(comments: str) -> tuple[str, list[str]]:
    idnumber = re.search(r"\[id:((?:\\\]|[^\]\x00-\x1f])+)\]", comments)
    tags = re.findall(r"\[tag:((?:\\\]|[^\]<>`\x00-\x1f])+)\]", comments)
    return idnumber[1].strip().replace("\\]", "]") if idnumber else "", [
        one.strip().replace("\\]", "]") for one in tags
    ]
