"""A person's own data, as they take it away."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client


def data_of(client: Client) -> Any:
    """The JSON document of whoever is signed in."""
    return json.loads(file_of(client))


def file_of(client: Client) -> bytes:
    """The same as the bytes of the file."""
    reply = client.get("/accounts/data/json/")
    assert reply.status_code == 200
    return b"".join(reply.streaming_content)  # type: ignore[attr-defined]


def whole(reply: Any) -> Any:
    """A reply that comes in pieces, put together, so that it is read like any other."""
    if not reply.streaming:
        return reply
    return HttpResponse(b"".join(reply.streaming_content), status=reply.status_code, headers=dict(reply.headers))
