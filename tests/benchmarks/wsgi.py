"""The site as it is served, and beside it in the same process the yardsticks behind their few middlewares."""

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.benchmarks.settings")

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def _behind(middleware: list[str]) -> Application:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


_site = get_wsgi_application()
_bare = {prefix: _behind(middleware) for prefix, middleware in settings.YARDSTICKS.items()}


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Yardsticks by the start of their address; everything else is the site."""
    return _bare.get(environ["PATH_INFO"][:11], _site)(environ, start_response)
