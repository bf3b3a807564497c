"""The site's settings, with what only a test wants. The environment of whoever runs the tests changes nothing."""

import atexit
import os
import shutil
import tempfile

import environ

from tests.tiers import DATABASE

OWN_FOLDER = "SAPRO_TEST_FOLDER"

for _name in [name for name in os.environ if name.startswith("SAPRO_") and not name.startswith("SAPRO_TEST_")]:
    del os.environ[_name]
for _name in ("DATABASE_URL", "CACHE_URL", "EMAIL_URL"):
    os.environ.pop(_name, None)
# A data folder of its own, shared with the workers that this process starts, removed when it ends.
if OWN_FOLDER not in os.environ:
    os.environ[OWN_FOLDER] = tempfile.mkdtemp(prefix="sapro-test-")
    atexit.register(shutil.rmtree, os.environ[OWN_FOLDER], ignore_errors=True)
os.environ["SAPRO_DATA"] = os.environ[OWN_FOLDER]

from sapro.settings import *  # noqa: E402, F403
from sapro.settings import DATA, SQLITE_OPTIONS  # noqa: E402

# One database for the whole run: a file of SQLite, or what SAPRO_TEST_DATABASE names.
DATABASES = {"default": environ.Env().db_url(DATABASE, default=f"sqlite:///{DATA / 'sapro.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # Threads of a test share no in-memory database: concurrency is tested on a file, as in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Background work is done before the page that asked for it answers.
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
# Static files straight from the source tree: nothing is collected before a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True

EXAM_GRACE_SECONDS = 2
