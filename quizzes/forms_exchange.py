"""What instructors post to bring questions in and to take them out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes.formats.exchange.registry import FORMATS
from quizzes.formats.exchange.source import MOST_BYTES
from quizzes.forms_bank import TAG
from quizzes.models import ImportItem

FIND_OUT = ("", _("Find out from what is in it"))
MEGABYTE = 1024 * 1024


def _choices(*, read: bool) -> list[tuple[str, str]]:
    return [(one.name, one.title) for one in FORMATS.values() if (one.reads if read else one.writes)]


class UploadForm(forms.Form):
    """A file with questions, and what they say it is."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("At most 64 MB. You see what is in it first; nothing is added until you confirm."),
        max_length=500,
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The name of this file is too long. Give it a shorter one."),
            "invalid": _("No file came. Choose it again."),
        },
    )
    asked = forms.ChoiceField(
        label=_("Format"),
        required=False,
        error_messages={"invalid_choice": _("There is no such format. Choose one from the list.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["asked"]).choices = [FIND_OUT, *_choices(read=True)]

    def clean_file(self) -> UploadedFile[Any]:
        """The file, if it is not too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            most = {"n": MOST_BYTES // MEGABYTE}
            raise forms.ValidationError(_("This file is larger than %(n)d MB. Import it in parts."), params=most)
        return file


class AgainForm(forms.Form):
    """Another format for a file that was not read."""

    asked = forms.ChoiceField(label=_("Read it as"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["asked"]).choices = [FIND_OUT, *_choices(read=True)]


class TagForm(forms.Form):
    """A tag that all questions of an import get."""

    tag = forms.CharField(
        label=_("Tag for all of them"),
        help_text=_("It finds them again in the bank. May stay empty."),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_tag(self) -> str:
        """A tag as the bank has them, or nothing."""
        tag = str(self.cleaned_data["tag"]).strip().lower()
        if tag and not TAG.fullmatch(tag):
            raise forms.ValidationError(_("Letters, digits, spaces, and . + / - within it, at most 40."))
        return tag


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is to be done with one question of a file; ``target`` is the code of the question to replace."""

    position: int
    choice: str
    target: str


MOST_CHOICES = 100
"""In one post: a page of questions, and more."""


def chosen_in(post: Mapping[str, str], positions: list[str]) -> list[Chosen]:
    """The choices that were posted for these positions; what cannot be read is left out."""
    found = []
    for position in positions[:MOST_CHOICES]:
        choice = post.get(f"choice-{position}", "")
        if position.isascii() and position.isdigit() and len(position) < 7 and choice in ImportItem.Choice.values:
            target = post.get(f"target-{position}", "").replace("\0", "").strip()[:100]
            found.append(Chosen(int(position), choice, target))
    return found


class ExportForm(forms.Form):
    """The format that questions go out in."""

    format = forms.ChoiceField(
        label=_("Format"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose a format."),
            "invalid_choice": _("There is no such format. Choose one from the list."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["format"]).choices = _choices(read=False)
