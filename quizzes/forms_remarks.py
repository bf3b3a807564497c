"""What is written to a learner."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from quizzes.models import Assignment
from quizzes.services.class_remarks import LONGEST


class _Text(forms.CharField):
    """Several lines, whose ends count as one character however a browser sends them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


class RemarkToLearnerForm(forms.Form):
    """A remark, and the assignment that it is about."""

    assignment = forms.ChoiceField(
        label=_("About"),
        error_messages={"invalid_choice": _("This learner has no such assignment any more. Choose another one.")},
    )
    text = _Text(
        label=_("Remark"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "Plain text, at most 2000 characters. The learner is told on their next visit and reads it on the page"
            " of the assignment; nobody else of the class does."
        ),
        error_messages={
            "required": _("Write what you want to tell them."),
            "max_length": _("This has %(show_value)d characters. Shorten it to at most %(limit_value)d."),
        },
    )

    def __init__(self, *args: Any, assignments: Sequence[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["assignment"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.code, _named(one)) for one in assignments]


def _named(assignment: Assignment) -> str:
    """The title, and when it is due: the same quiz can be assigned twice."""
    title = assignment.quiz.title
    if assignment.due_at is None:
        return title
    day = date_format(timezone.localtime(assignment.due_at), "M j")
    return gettext("%(title)s (due %(day)s)") % {"title": title, "day": day}
