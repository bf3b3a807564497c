"""The file that brings a person's data from elsewhere."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from quizzes.formats.personal import MOST_BYTES


class ImportForm(forms.Form):
    """One file of JSON."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_("The JSON that you downloaded here or on another site of this kind, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/json,.json"}),
        error_messages={"required": _("Choose a file."), "empty": _("This file is empty. Choose another.")},
    )

    def clean_file(self) -> bytes:
        """What is in the file."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            raise ValidationError(_("The file is too large: at most 20 MB are taken."))
        return bytes(file.read(MOST_BYTES + 1))
