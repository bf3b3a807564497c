"""How documents are compressed: by what the browser takes, without a length that tells what they hold."""

import re

import brotli
import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory

from sapro.compression import CompressionMiddleware

TEXT = "<!doctype html><title>Long enough</title>" + "<p>the same again</p>" * 50


def compressed(response: HttpResponse, accepts: str = "gzip, deflate, br") -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepts})
    return CompressionMiddleware(lambda _: response)(request)


def test_a_document_comes_with_brotli_and_is_the_same_again() -> None:
    reply = compressed(HttpResponse(TEXT))
    assert reply["Content-Encoding"] == "br"
    assert reply["Vary"] == "Accept-Encoding"
    assert int(reply["Content-Length"]) == len(reply.content) < len(TEXT)
    plain = brotli.decompress(reply.content).decode()
    assert plain.startswith(TEXT)
    assert re.fullmatch("<!--[0-9a-f]*-->", plain[len(TEXT) :])


def test_lengths_differ_from_reply_to_reply() -> None:
    assert len({len(compressed(HttpResponse(TEXT)).content) for _ in range(40)}) > 5


@pytest.mark.parametrize(
    ("accepts", "encoding"),
    [("gzip", "gzip"), ("gzip, br;q=0", "gzip"), ("br;q=0.5, gzip", "br"), ("BR-like, gzip", "gzip"), ("", None)],
)
def test_who_does_not_take_it_gets_something_else(accepts: str, encoding: str | None) -> None:
    assert compressed(HttpResponse(TEXT), accepts).get("Content-Encoding") == encoding


@pytest.mark.parametrize("kind", ["application/json", "text/plain; charset=utf-8", "image/svg+xml"])
def test_what_takes_no_comment_is_left_to_gzip(kind: str) -> None:
    assert compressed(HttpResponse(TEXT, content_type=kind))["Content-Encoding"] == "gzip"


def test_short_streamed_and_compressed_replies_are_left_alone() -> None:
    assert "Content-Encoding" not in compressed(HttpResponse("short"))
    assert compressed(HttpResponse(TEXT, headers={"Content-Encoding": "br"})).content == TEXT.encode()
    assert compressed(StreamingHttpResponse([TEXT]))["Content-Encoding"] == "gzip"


def test_an_etag_becomes_a_weak_one_and_still_holds(db: None, course: None, client: Client) -> None:
    reply = client.get("/notes/", headers={"Accept-Encoding": "br"})
    assert reply["Content-Encoding"] == "br"
    assert reply["ETag"].startswith('W/"')
    again = client.get("/notes/", headers={"Accept-Encoding": "br", "If-None-Match": reply["ETag"]})
    assert again.status_code == 304
