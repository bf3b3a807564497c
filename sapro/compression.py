"""Documents as they go over the wire: with Brotli where the browser takes it, else as the framework compresses them.

English text gets a tenth smaller than with gzip, in less time.
"""

import re
import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

QUALITY = 5
SHORTEST = 200
_BROTLI = re.compile(r"(?:^|[\s,])br(?=\s*(?:,|;|$))(?!\s*;\s*q=0(?:\.0+)?\s*(?:,|$))")


class CompressionMiddleware(GZipMiddleware):
    """Compress documents with Brotli, everything else and for every other browser with gzip.

    Like the framework's own gzip, each reply gets a random number of bytes more, so that lengths tell nothing of what a
    document holds (https://ieeexplore.ieee.org/document/9754554): Brotli has no room for them beside the text, so they
    stand in a comment behind it, which is why only documents are compressed in this way.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed where that is worth it and understood."""
        takes_it = _BROTLI.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if not takes_it or not isinstance(response, HttpResponse) or not _is_document(response):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = brotli.compress(response.content + self._padding(), quality=QUALITY)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "br"
        etag = response.headers.get("ETag", "")
        if etag.startswith('"'):
            response.headers["ETag"] = f"W/{etag}"
        return response

    def _padding(self) -> bytes:
        return b"<!--%s-->" % secrets.token_hex(secrets.randbelow(self.max_random_bytes)).encode()


def _is_document(response: HttpResponse) -> bool:
    return (
        len(response.content) >= SHORTEST
        and not response.has_header("Content-Encoding")
        and response.headers.get("Content-Type", "").startswith("text/html")
    )
