"""The settings of a public site, on the small course of the tests."""

from sapro.settings import *  # noqa: F403
from tests.courses import SMALL_SETTINGS

vars().update(SMALL_SETTINGS)
# Compressed copies of the static files take longer to make than the tests to run.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("css", "js", "svg", "json", "txt", "map", "md", "woff2", "png", "ico")
