"""What is posted about classes: by those who teach them, and by those who join."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from quizzes.queries.class_pages import HERE, IN_NO_GROUP, SHOWN, Wanted

PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


def one_line(value: Any) -> str:
    """A name without blanks around it and without several in a row."""
    return " ".join(str(value).split())


class ClassForm(forms.Form):
    """A class has a name; all else has a default."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("Learners see it, such as “Cloud 2027, Tuesday evening”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a name for the class.")},
    )

    def clean_name(self) -> str:
        """The name in one line."""
        return one_line(self.cleaned_data["name"])


class GroupForm(forms.Form):
    """The name of a group; where it is renamed, the page has a label of its own."""

    name = forms.CharField(
        label=_("New group"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Write a name for the group.")},
    )

    def clean_name(self) -> str:
        """The name in one line."""
        return one_line(self.cleaned_data["name"])


class TeacherForm(forms.Form):
    """Who teaches the class as well."""

    username = forms.CharField(
        label=_("User name of another instructor"),
        max_length=150,
        help_text=_(
            "They can do all that you can but archive the class and name co-teachers. They see every learner’s results."
        ),
        widget=forms.TextInput(attrs=PLAIN),
        error_messages={"required": _("Write a user name.")},
    )


class JoinForm(forms.Form):
    """The code of a class."""

    join_code = forms.CharField(
        label=_("Join code"),
        max_length=40,
        help_text=_("Eight letters and digits. Capitals and blanks make no difference."),
        widget=forms.TextInput(attrs={**PLAIN, "autocapitalize": "characters"}),
        error_messages={"required": _("Type the code that you were given.")},
    )


def read_wanted(data: Mapping[str, str]) -> Wanted:
    """Which seats the address of the page asks for."""
    shown, group = data.get("shown", ""), data.get("group", "")
    known = group == IN_NO_GROUP or read_number(group) is not None
    return Wanted(shown if shown in SHOWN else HERE, group if known else "", data.get("q", "").strip()[:100])


def read_number(text: str) -> int | None:
    """The number of a row, if it is one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def read_numbers(texts: list[str]) -> list[int]:
    """The numbers of the rows that were ticked, without what is none."""
    return [number for text in texts[:1000] if (number := read_number(text)) is not None]
