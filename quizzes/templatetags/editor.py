"""Words of the question editor."""

from django import template
from django.utils.translation import gettext as _

from quizzes.queries.feedback import LETTERS

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    """The name of a kind."""
    return {
        "multiple_choice": _("Multiple choice"),
        "multiple_response": _("Multiple response"),
        "true_false": _("True or false"),
        "ordering": _("Ordering"),
        "matching": _("Matching"),
        "numeric": _("Number"),
        "short_text": _("Short text"),
    }.get(kind, kind)


@register.filter
def kind_use(kind: str) -> str:
    """What a kind is for, in a few words."""
    return {
        "multiple_choice": _("one option is right, as in most questions of the exam"),
        "multiple_response": _("a stated number of options is right"),
        "true_false": _("a statement holds or does not"),
        "ordering": _("steps are brought into the right order"),
        "matching": _("each item belongs to one of several targets"),
        "numeric": _("a number is typed, with a tolerance and a unit"),
        "short_text": _("a word or two are typed"),
    }.get(kind, "")


@register.filter
def family_name(family: str) -> str:
    """A sort of mistake in words."""
    return {
        "qualifier": _("works, but loses to the qualifier"),
        "scope": _("solves too little or too much"),
        "outdated": _("outdated"),
        "half_solution": _("half a solution"),
        "no_such_mechanism": _("no such mechanism"),
        "wrong_mode": _("right service, wrong mode"),
        "cost": _("works, but costs more"),
    }.get(family, family)


@register.filter
def option_letter(number: int) -> str:
    """The letter of an option, counted from 0."""
    return LETTERS[number] if number < len(LETTERS) else str(number + 1)


@register.filter
def field_name(name: str) -> str:
    """A field of the editor in words: “options-2-text” is the text of option C."""
    list_name, _dash, rest = name.partition("-")
    number, _dash, part = rest.partition("-")
    words = {
        "stem": _("Question"),
        "kind": _("Kind"),
        "options": _("Answer"),
        "extra": _("Answer"),
        "scenario": _("Shared text"),
        "references": _("Statements of the notes"),
        "sources": _("Sources"),
        "verified_on": _("Facts checked on"),
        "constraints": _("Requirement"),
        "targets": _("Target"),
        "tags": _("Tags"),
        "topics": _("Topics"),
        "enemies": _("Never on one form with"),
        "contrast": _("Contrast pair"),
    }
    if not number.isdigit():
        return words.get(list_name, name)
    parts = {"text": _("text"), "rationale": _("why"), "breaks": _("requirement it breaks"), "correct": _("right")}
    place = option_letter(int(number)) if list_name == "options" else str(int(number) + 1)
    what = _("Option") if list_name == "options" else words.get(list_name, list_name)
    return f"{what} {place}, {parts.get(part, part)}"
