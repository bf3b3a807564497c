"""Matching and ordering."""

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.pairs import MOST
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.moodle.answers import NotTaken, Question
from quizzes.formats.exchange.moodle.dialect import from_plain
from quizzes.formats.exchange.moodle.grades import percent
from quizzes.formats.exchange.moodle.texts import line_in, written_in
from quizzes.formats.exchange.moodle.tree import child, children
from quizzes.formats.exchange.projection import plain_ids

BY_PAIR = "Each pair had its share of the point there: here all must be right, unless the quiz says otherwise."
BY_PLACE = "Part of the order had part of the point there: here all must be right, unless the quiz says otherwise."
ALL_OR_NOTHING = ("ALL_OR_NOTHING", "-1")


def matching(question: Question) -> Content:
    """Prompts and targets. A subquestion without a text is a target that belongs to nothing."""
    parts = list(children(question.element, "subquestion"))
    if len(parts) > 2 * MOST:
        raise NotTaken(f"it has {len(parts)} pairs, and at most {MOST} are taken: split it")
    targets: dict[str, str] = {}
    pairs: dict[str, str] = {}
    options: list[Option] = []
    names = plain_ids()
    for part in parts:
        answer = line_in(child(part, "answer"))
        prompt = question.texts.of(part)
        if not answer and not prompt:
            continue
        if not answer:
            raise NotTaken("a prompt has no answer: write it, or remove the prompt")
        target = targets.setdefault(answer, str(len(targets) + 1))
        if prompt:
            options.append(Option(next(names), prompt, True, ""))
            pairs[options[-1].id] = target
    question.say("scoring", Severity.CHANGED, BY_PAIR)
    order = "shuffle" if question.is_true("shuffleanswers", True) else "fixed"
    extra = {"targets": [{"id": id, "text": from_plain(text)} for text, id in targets.items()], "pairs": pairs}
    return Content("matching", question.stem(), max(1, len(options)), order, tuple(options), extra)


def ordering(question: Question) -> Content:
    """Steps in the order of the file, whatever their shares are: Moodle numbers them anew."""
    answers = [one for one in children(question.element, "answer") if written_in(one) or child(one, "file") is not None]
    if len(answers) > MOST:
        raise NotTaken(f"it has {len(answers)} steps, and at most {MOST} are taken: split it")
    places = [percent(one.get("fraction", "0")) for one in answers]
    if len(set(places)) > 1 and places != sorted(places):
        words = (
            "Its steps are numbered in another order than they stand in: as in Moodle, the order of the file counts."
        )
        question.say("kind", Severity.ASSUMED, words)
    if question.value("gradingtype") not in ALL_OR_NOTHING:
        question.say("scoring", Severity.CHANGED, BY_PLACE)
    if question.value("selecttype", "ALL") not in ("ALL", "EXACT", "0"):
        words = "Only some of the steps were shown to each learner there: here all of them are."
        question.say("kind", Severity.CHANGED, words)
    options = tuple(
        Option(name, question.texts.of(one), True, question.texts.of(child(one, "feedback")))
        for name, one in zip(plain_ids(), answers, strict=False)
    )
    return Content("ordering", question.stem(), max(1, len(options)), "shuffle", options)
