"""Choosing among options: multiple choice, multiple response, true or false."""

from quizzes.engine.content import Content, Option
from quizzes.engine.kinds.true_false import FALSE, TRUE
from quizzes.formats.exchange.model import Severity
from quizzes.formats.exchange.moodle.answers import Answer, NotTaken, Question, answers_in, listed
from quizzes.formats.exchange.moodle.grades import NEAR, nearest
from quizzes.formats.exchange.moodle.texts import words_in
from quizzes.formats.exchange.projection import plain_ids

MOST = 12
TICK_ALL = (
    "Ticking everything would have scored full marks there: here exactly {count} are chosen, and marked all or nothing "
    "unless the quiz says otherwise."
)
PARTIAL = (
    "Each right option had its share of the point there: here exactly {count} are chosen, and marked all or nothing "
    "unless the quiz says otherwise."
)


def multichoice(question: Question) -> Content:
    """One of the options, or several, as ``single`` says."""
    return _single(question) if question.is_true("single", True) else _several(question)


def all_or_nothing(question: Question) -> Content:
    """The type of a plugin that marks as this site does."""
    return _several(question, said="")


def limited(question: Question) -> Content:
    """The type of a plugin that gives a share for each right option, of no more than are right."""
    return _several(question, said=PARTIAL)


def true_false(question: Question) -> Content:
    """A statement. The answers are “true” and “false”; in old files they are in another language, true first."""
    answers = answers_in(question, MOST)[:2]
    names = [words_in(one.element, 40).lower() for one in answers]
    if any(name not in (TRUE, FALSE) for name in names):
        names = [TRUE, FALSE][: len(names)] if names[0] != FALSE else [FALSE, TRUE][: len(names)]
        words = "Its answers are not called “true” and “false”: the first was taken for true, as Moodle does."
        question.say("kind", Severity.ASSUMED, words)
    by_name = dict(zip(names, answers, strict=True))
    right = {name for name, one in by_name.items() if one.is_right}
    if not right and len(by_name) == 1:
        right = {TRUE, FALSE} - set(by_name)
    options = tuple(
        Option(name, text, name in right, _rationale(question, by_name.get(name)))
        for name, text in ((TRUE, "True"), (FALSE, "False"))
    )
    return Content("true_false", question.stem(), 1, "fixed", options)


def _rationale(question: Question, answer: Answer | None) -> str:
    return question.texts.of(answer.feedback) if answer else ""


def _single(question: Question) -> Content:
    answers = answers_in(question, MOST)
    best = max(one.share for one in answers)
    right = [one for one in answers if one.is_right] or [one for one in answers if one.share == best and best > 0]
    if not right:
        raise NotTaken("no answer is worth anything: mark the right one, and export it again")
    if len(right) > 1:
        names = listed(one.line for one in right)
        raise NotTaken(f"{names} are each right there, and one can be right here: leave one of them, or allow several")
    if best < 100 - NEAR:
        words = f"No answer was worth all of the point there: the best one, with {best:g} %, was taken for the key."
        question.say("scoring", Severity.ASSUMED, words)
    partly = [one for one in answers if one.share > 0 and one not in right]
    if partly:
        shares = ", ".join(dict.fromkeys(f"{one.share:g} %" for one in partly))
        words = f"{listed(one.line for one in partly)} had {shares} of the point there: here it is wrong."
        question.say("scoring", Severity.CHANGED, words)
    if any(one.share < 0 for one in answers):
        words = "Wrong options cost points there: here the quiz says whether they do."
        question.say("scoring", Severity.CHANGED, words)
    return _content(question, "multiple_choice", answers, right)


def _several(question: Question, said: str | None = None) -> Content:
    answers = answers_in(question, MOST)
    right = [one for one in answers if one.share > 0]
    if len(right) == 1:
        words = "Several options could be ticked there, and one is right: here one is chosen."
        question.say("kind", Severity.CHANGED, words)
        return _content(question, "multiple_choice", answers, right)
    if said is None:
        said = PARTIAL if any(one.share < 0 for one in answers) else TICK_ALL
    if said:
        question.say("scoring", Severity.CHANGED, said.format(count=len(right)) + _uneven(right, said))
    return _content(question, "multiple_response", answers, right)


def _uneven(right: list[Answer], said: str) -> str:
    """What else is odd about the shares."""
    shares = {nearest(one.share) for one in right}
    return " The right ones were not worth the same." if len(shares) > 1 else ""


def _content(question: Question, kind: str, answers: list[Answer], right: list[Answer]) -> Content:
    options = tuple(
        Option(name, question.texts.of(one.element), one in right, question.texts.of(one.feedback))
        for name, one in zip(plain_ids(), answers, strict=False)
    )
    # Moodle keeps the order where nothing is said.
    shuffled = question.is_true("shuffleanswers", False)
    order = "shuffle" if shuffled else "fixed"
    if question.value("shuffleanswers") == "" and not shuffled:
        words = "Nothing is said of shuffling the options: their order is fixed, as Moodle takes it."
        question.say("order", Severity.ASSUMED, words)
    return Content(kind, question.stem(), max(1, len(right)), order, options)
