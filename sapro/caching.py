"""A cache on Redis that the site can do without: while Redis is away, each process keeps its values in memory.

What is kept is made again when it is missing, so a wrong answer costs time and no more. Rate limits are counted by
each process alone until Redis is back: weaker, but never off, and nobody is kept from signing in.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.retry import Retry

WAIT = 0.5
"""Seconds in which Redis answers, or counts as gone. It takes less than a thousandth of that."""
PAUSE = 5.0
"""Seconds in which a Redis that is gone is left alone, so that not every request waits for it."""

log = logging.getLogger("sapro.caching")


class Outage:
    """Whether one Redis is away, as this process has seen it; shared by its threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ask_again = 0.0
        self.under_way = False

    def is_left_alone(self) -> bool:
        """Whether to go without Redis. Once in every PAUSE one caller is told to try it."""
        with self._lock:
            if not self.under_way:
                return False
            if self._clock() < self._ask_again:
                return True
            self._ask_again = self._clock() + PAUSE
            return False

    def begin(self, error: Exception) -> None:
        """Redis did not answer. The log is told the first time."""
        with self._lock:
            begins, self.under_way = not self.under_way, True
            self._ask_again = self._clock() + PAUSE
        if begins:
            kind = type(error).__name__
            log.warning("Redis does not answer (%s: %s). Going on with the memory of this process.", kind, error)

    def end(self) -> None:
        """Redis has answered."""
        if not self.under_way:
            return
        with self._lock:
            ends, self.under_way = self.under_way, False
        if ends:
            log.warning("Redis answers again.")


class Client(RedisCacheClient):
    """Django's own, for which a value that another release of the site has written, and this one cannot read, is none.

    https://docs.djangoproject.com/en/5.2/topics/cache/#redis
    """

    def get(self, key: Any, default: Any) -> Any:
        """The value, or ``default``."""
        try:
            return super().get(key, default)
        except (RedisError, OSError):
            raise
        except Exception as error:  # whatever a pickle of unknown classes raises
            log.warning("Left a value unread in Redis (%s: %s): %s", type(error).__name__, error, key)
            return default


class Redis(RedisCache):
    """Django's own, with that client and short waits."""

    def __init__(self, server: str | list[str], params: Mapping[str, Any]) -> None:
        # One more try at once mends a connection that Redis has closed meanwhile; a second wait would not help.
        retry = Retry(NoBackoff(), 1, supported_errors=(RedisConnectionError,))
        waits = {"socket_timeout": WAIT, "socket_connect_timeout": WAIT, "retry": retry}
        super().__init__(server, {**params, "OPTIONS": waits | params.get("OPTIONS", {})})
        self._class = Client


def _either(name: str) -> Any:
    def ask(self: "RedisOrMemory", *args: Any, **kwargs: Any) -> Any:
        return self.ask(name, *args, **kwargs)

    ask.__name__ = name
    return ask


class RedisOrMemory(BaseCache):
    """The cache backend of a site with ``CACHE_URL=redis://…``. No method raises because of Redis.

    ``redis`` is the part that does, for whoever wants to know.
    """

    outages: dict[str, Outage] = {}

    def __init__(self, server: str | list[str], params: Mapping[str, Any]) -> None:
        super().__init__(dict(params))
        self.redis = Redis(server, params)
        self.memory = LocMemCache(f"instead of {server}", {**params, "OPTIONS": {"MAX_ENTRIES": 100_000}})
        self.outage = self.outages.setdefault(str(server), Outage())

    def ask(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of Redis, or of the memory instead."""
        if not self.outage.is_left_alone():
            try:
                answer = getattr(self.redis, name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self.outage.begin(error)
            else:
                self.outage.end()
                return answer
        return getattr(self.memory, name)(*args, **kwargs)

    def clear(self) -> None:
        """Forget everything, here and there."""
        self.memory.clear()
        self.ask("clear")

    add = _either("add")
    get = _either("get")
    set = _either("set")
    touch = _either("touch")
    delete = _either("delete")
    get_many = _either("get_many")
    set_many = _either("set_many")
    delete_many = _either("delete_many")
    has_key = _either("has_key")
    incr = _either("incr")
