"""Where files of people lie in the data folder."""

from pathlib import Path

from django.conf import settings


def imports_folder() -> Path:
    """Where a file with somebody's data waits until they confirm that it is to be brought in."""
    return Path(settings.DATA) / "imports"
