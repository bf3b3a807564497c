"""With CACHE_URL on Redis, what one process counts the others see."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import environ
import pytest
from django.core.cache import cache

from tests import tiers
from tests.sources import ROOT

pytestmark = pytest.mark.redis

# Tries to sign in as often as told, and prints how often it was let through.
KNOCK = """
import sys, django
django.setup()
from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import caches
from django.test import RequestFactory
caches["default"].redis.key_prefix = sys.argv[1]
settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/1h/key"}
request = RequestFactory().post("/")
print(sum(ratelimit.consume(request, action="login_failed", key="learner") for _ in range(int(sys.argv[2]))))
"""


@pytest.fixture
def redis_cache(settings: Any) -> Iterator[str]:
    """The site's cache on the Redis of the tests, under a prefix of its own. Gives the prefix."""
    prefix = f"test-{uuid.uuid4().hex}"
    ours = {"BACKEND": "sapro.caching.RedisOrMemory", "KEY_PREFIX": prefix}
    settings.CACHES = {"default": {**environ.Env().cache_url(tiers.REDIS), **ours}}
    yield prefix
    store: Any = cache
    client = store.redis._cache.get_client(None, write=True)
    for key in client.scan_iter(f"{prefix}:*"):
        client.delete(key)


@pytest.fixture
def knock(redis_cache: str) -> Callable[[int], int]:
    """Try to sign in in another process; gives how many of the tries were let through."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "sapro.settings", "CACHE_URL": os.environ[tiers.REDIS]}

    def run(times: int) -> int:
        command = [sys.executable, "-c", KNOCK, redis_cache, str(times)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return int(done.stdout)

    return run


def test_a_value_comes_back_as_it_was(redis_cache: str) -> None:
    value = {"text": "“é” ✓", "numbers": [1, 2.5, None], "pair": (1, 2)}
    cache.set("key", value, timeout=60)
    assert cache.get("key") == value
    assert cache.add("key", "other") is False
    cache.delete("key")
    assert cache.get("key", "gone") == "gone"


def test_a_value_runs_out(redis_cache: str) -> None:
    cache.set("key", 1, timeout=0)
    assert cache.get("key") is None


def test_two_processes_share_one_limit(knock: Callable[[int], int]) -> None:
    assert knock(3) == 3
    assert knock(3) == 2
    assert knock(3) == 0


def test_processes_that_knock_at_once_are_let_through_once(knock: Callable[[int], int]) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(knock, [4, 4])) == 5
