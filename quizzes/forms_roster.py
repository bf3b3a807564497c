"""What instructors post to bring a roster in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes.formats.roster import MOST_BYTES

WHOLE = "yes"


class RosterForm(forms.Form):
    """A table of text. ``whole`` stands behind the file: of a form that was cut on its way it is missing."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, at most 1 MB and 2,000 rows. You see first what it would do."),
        max_length=500,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another."),
            "max_length": _("The name of this file is too long. Give it a shorter one."),
            "invalid": _("No file came. Choose it again."),
        },
    )
    whole = forms.CharField(required=False, max_length=3, initial=WHOLE, widget=forms.HiddenInput)

    def clean_file(self) -> bytes:
        """What is in the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("This file is larger than 1 MB. Send it in parts."))
        return bytes(file.read(MOST_BYTES + 1))

    def clean(self) -> dict[str, Any]:
        """Refuse the half of a file."""
        found = super().clean() or {}
        if "file" in found and found.get("whole") != WHOLE:
            self.add_error("file", _("The file did not come whole. Send it again."))
        return found


class TakeForm(forms.Form):
    """The word to what was looked at: the file, and what it would do."""

    kept = forms.RegexField("^[0-9a-f]{64}$", widget=forms.HiddenInput)
    seen = forms.RegexField("^[0-9a-f]{64}$", widget=forms.HiddenInput)
