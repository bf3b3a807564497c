"""The site's settings as they are served; only the address list grows by the yardsticks."""

from sapro.settings import *  # noqa: F403
from sapro.settings import DATA

ROOT_URLCONF = "tests.benchmarks.urls"
YARDSTICK_PAGES = DATA / "pages"
# All that stands before each yardstick, by the start of its address: session and user, and before a page the site's
# own compression.
YARDSTICKS = {
    "/bare/save/": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    "/bare/page/": [
        "sapro.compression.CompressionMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
}
