"""Words and addresses of questions for the pages of instructors."""

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engine.differences import Difference
from quizzes.forms_bank import KIND_LABELS
from quizzes.models import AuditEntry, Question, QuestionVersion

register = template.Library()

PARTS = {
    "kind": gettext_lazy("Kind"),
    "scenario": gettext_lazy("Shared text"),
    "stem": gettext_lazy("Question"),
    "option": gettext_lazy("Option"),
    "key": gettext_lazy("Key"),
    "rationale": gettext_lazy("Reason of"),
    "extra": gettext_lazy("Of the kind:"),
    "choose": gettext_lazy("To choose"),
    "order": gettext_lazy("Order"),
}
MOVES = {
    "publish": gettext_lazy("Publish"),
    "propose": gettext_lazy("Propose for review"),
    "withdraw": gettext_lazy("Take the proposal back"),
    "retire": gettext_lazy("Retire"),
    "restore": gettext_lazy("Bring it back as a draft"),
}
VERBS = {
    "question.published": gettext_lazy("published version %(version)s"),
    "question.proposed": gettext_lazy("proposed version %(version)s"),
    "question.withdrawn": gettext_lazy("took the proposal back"),
    "question.sent_back": gettext_lazy("sent version %(version)s back"),
    "question.key": gettext_lazy("corrected the key from %(old)s to %(new)s (version %(version)s)"),
    "question.retired": gettext_lazy("retired it"),
    "question.restored": gettext_lazy("brought it back as a draft"),
    "questions.imported": gettext_lazy(
        "imported “%(file)s”: %(taken)s new, %(replaced)s replaced, %(skipped)s skipped"
    ),
    "question.copied": gettext_lazy("copied it from %(from)s"),
    "question.shared": gettext_lazy("shared it with %(with)s"),
    "question.unshared": gettext_lazy("took the share of %(with)s away"),
    "question.left": gettext_lazy("left the share"),
    "class.assigned": gettext_lazy("gave “%(quiz)s” to the class"),
    "class.assignment_changed": gettext_lazy("changed the terms of “%(quiz)s”: %(changed)s"),
    "class.assignment_withdrawn": gettext_lazy("withdrew “%(quiz)s”"),
    "class.roster": gettext_lazy("took a roster in: %(new)s new, %(changed)s changed"),
    "class.extended": gettext_lazy("gave an attempt %(minutes)s minutes more"),
    "class.extended_all": gettext_lazy("gave everybody who was working %(minutes)s minutes more"),
    "class.ended": gettext_lazy("ended an attempt: %(reason)s"),
    "class.reopened": gettext_lazy("reopened an attempt: %(reason)s"),
    "class.voided": gettext_lazy("declared an attempt void: %(reason)s"),
    "class.created": gettext_lazy("made the class “%(name)s”"),
    "class.renamed": gettext_lazy("renamed the class from “%(old)s” to “%(new)s”"),
    "class.code_renewed": gettext_lazy("renewed the join code"),
    "class.code_closed": gettext_lazy("closed the class to newcomers"),
    "class.teacher_added": gettext_lazy("made %(with)s a co-teacher"),
    "class.teacher_removed": gettext_lazy("took co-teacher %(with)s out"),
    "class.teacher_left": gettext_lazy("left the class as a co-teacher"),
    "class.learners_removed": gettext_lazy("removed %(n)s from the class, of whom %(waiting)s had not come yet"),
    "class.archived": gettext_lazy("archived the class"),
    "class.restored": gettext_lazy("brought the class back"),
    "class.handed_over": gettext_lazy("left, and %(to)s owns the class now"),
    "class.remark_written": gettext_lazy("wrote a remark to a learner"),
    "class.remark_deleted": gettext_lazy("deleted a remark to a learner"),
    "class.condition_granted": gettext_lazy("granted a learner conditions"),
    "class.condition_revoked": gettext_lazy("took a learner’s conditions back"),
    "question.promoted": gettext_lazy("made a pilot count, after %(n)s first meetings"),
}


@register.simple_tag
def kind_label(question: Question) -> str:
    """The kind in words: of what is asked, else of the draft."""
    kind = question.current.kind if question.current else getattr(question, "draft_kind", "")
    return str(KIND_LABELS.get(kind, kind or "–"))


@register.simple_tag
def question_address(code: str) -> str:
    """Where a question is edited; its versions where this site has no editor."""
    try:
        return reverse("teach:question_edit", args=[code])
    except NoReverseMatch:
        return reverse("teach:question_versions", args=[code])


@register.simple_tag
def part_label(row: Difference) -> str:
    """What a line of a comparison is about."""
    return f"{PARTS[row.part]} {row.about}".strip()


@register.simple_tag
def move_label(move: str) -> str:
    """What a button says."""
    return str(MOVES[move])


@register.simple_tag
def shown_option(version: QuestionVersion, option: str) -> SafeString:
    """The html of an option, rendered and cleaned when the version was made."""
    return mark_safe(str(version.shown.get("options", {}).get(option, "")))


@register.simple_tag
def rationale(version: QuestionVersion, option: str) -> SafeString:
    """The html of the reason of an option, likewise."""
    return mark_safe(str(version.key.get("rationales", {}).get(option, "")))


@register.simple_tag
def log_words(entry: AuditEntry) -> str:
    """An entry of the log in words; one of which nothing is known here as it was written down."""
    data = {name: _joined(value) for name, value in entry.data.items()}
    words = VERBS.get(entry.verb)
    try:
        if words is not None:
            return str(words) % data
    except KeyError:
        pass
    details = ", ".join(f"{name}: {value}" for name, value in data.items() if value)
    verb = entry.verb.partition(".")[2].replace("_", " ") or entry.verb
    return _("%(verb)s (%(details)s)") % {"verb": verb, "details": details} if details else verb


def _joined(value: object) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{name} {_joined(one)}" for name, one in value.items())
    return ", ".join(_joined(one) for one in value) if isinstance(value, list) else str(value)
