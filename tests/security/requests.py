"""Requests that no page of the site would send: fields, methods, sizes, encodings, ids, headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

STRANGE = (
    *("", " ", "0", "1", "2", "-1", "01", "+1", "1.5", "1e5", "٣", "²", "NaN", "Infinity", "null", "undefined", "None"),
    *("true", "True", "[]", "{}", "[1]", '{"a":1}', "0x10", "1_000", "9" * 19, "9" * 20, "9" * 5000, "1" * 4301),
    *("2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "\0", "a\0b", "\r\n"),
    *("\x1b[2J", "\u202e", "\ufeff", "\u200b", "e\u0301" * 40, "😀" * 50, "ﷺ" * 60, "İ", "ß", "\uffff", "\ud83d"),
    *("' OR 1=1 --", '";--', "<script>alert(1)</script>", "{{ 7*7 }}", "{% load x %}", "%s%n%x", "${jndi:ldap://x}"),
    *("../../etc/passwd", "..\\..", "//evil.example", "https://evil.example", "javascript:alert(1)", "a" * 300),
    *("a" * 5000, "a b", "a&b=c", "a;b", "#"),
)  # fmt: skip
TEXTS = st.one_of(st.sampled_from(STRANGE), st.text(max_size=40), st.integers().map(str))
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
TYPES = (
    *("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "text/plain", ""),
    *("application/x-www-form-urlencoded; charset=nonsense", "application/json", "multipart/form-data", "x/y"),
    *("multipart/form-data; boundary=x", "multipart/form-data; boundary=" + "é" * 80, "application/xml", ";;;"),
)
HEADERS: Mapping[str, Sequence[str]] = {
    "HX-Request": ("true", "false", "1", "\ud83d"),
    "HX-Target": ("practice", "finding", "results", "x" * 900),
    "HX-Boosted": ("true",),
    "HX-Current-URL": ("http://evil.example/", "http://[::1", "x"),
    "HX-Prompt": ("%E4%B8", "x"),
    "Accept": ("application/json", "*/*;q=x", ""),
    "Accept-Language": ("de", "x" * 600, "*;q=9", "en-US,en;q=0,5"),
    "Accept-Encoding": ("gzip", "identity;q=0", "br;q=1.0.0"),
    "Authorization": ("Bearer x", "Basic !!!", "Bearer é"),
    "Content-Length": ("", "-1", "1e3", "99999999999", "0", "abc"),
    "Cookie": ("sessionid=", "sessionid=" + "x" * 900, "csrftoken=\x01", "=;=;", "messages=x", "a=" + "b" * 4000),
    "If-Modified-Since": ("Mon, 99 Nov 2026 99:99:99 GMT", "x", "Mon, 23 Nov 9999999 12:00:00 GMT"),
    "If-None-Match": ("*", '"', 'W/"x"', "x" * 4000),
    "Origin": ("null", "https://evil.example", "x"),
    "Range": ("bytes=0-", "bytes=9-1", "x"),
    "Referer": ("http://[", "javascript:1", "x" * 900),
    "User-Agent": ("", "x" * 4000, "\x01"),
    "X-Forwarded-For": ("x", "1.1.1.1, , 999.999.999.999", "::ffff:0:0"),
    "X-Forwarded-Proto": ("https", "gopher"),
    "X-Request-ID": ("x", "a" * 65, "\x00"),
    "X-CSRFToken": ("x", "x" * 64),
    "X-Requested-With": ("XMLHttpRequest",),
    "Transfer-Encoding": ("chunked", "x"),
    "Content-Encoding": ("gzip", "x"),
    "Expect": ("100-continue",),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One address to be asked: ``/attempts/{code}/`` with good values for its words, and the names of its fields."""

    path: str
    words: Mapping[str, Sequence[str]]
    fields: Mapping[str, Sequence[str]]
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes to the site."""

    role: str
    method: str
    url: str
    body: bytes
    type: str
    headers: tuple[tuple[str, str], ...]


def requests(targets: Sequence[Target], roles: Sequence[str]) -> SearchStrategy[Request]:
    """Requests to these addresses by these people, most of them half right."""
    return st.sampled_from(targets).flatmap(lambda target: _request(target, roles))


@st.composite
def _request(draw: st.DrawFn, target: Target, roles: Sequence[str]) -> Request:
    words = {
        name: quote(draw(_mostly(good, TEXTS)), safe=draw(st.sampled_from(["", "/"])), errors="surrogatepass")
        for name, good in target.words.items()
    }
    query = draw(st.one_of(st.just([]), _fields(target.fields)))
    kind, body = draw(_body(target.fields))
    headers = draw(st.dictionaries(st.sampled_from(sorted(HEADERS)), st.integers(0, 5), max_size=3))
    return Request(
        role=draw(st.sampled_from(roles)),
        method=draw(_mostly([target.method], st.sampled_from(METHODS))),
        url=target.path.format(**words) + (f"?{_encoded(query)}" if query else ""),
        body=body,
        type=kind,
        headers=tuple((name, HEADERS[name][number % len(HEADERS[name])]) for name, number in sorted(headers.items())),
    )


def _mostly(good: Sequence[str], other: SearchStrategy[str]) -> SearchStrategy[str]:
    """Something good three times in four."""
    return st.integers(0, 3).flatmap(lambda number: st.sampled_from(list(good)) if number else other)


def _fields(known: Mapping[str, Sequence[str]]) -> SearchStrategy[list[tuple[str, str]]]:
    names = st.one_of(st.sampled_from(sorted(known)), TEXTS) if known else TEXTS

    def pair(name: str) -> SearchStrategy[tuple[str, str]]:
        return st.tuples(st.just(name), _mostly(known[name], TEXTS) if known.get(name) else TEXTS)

    return st.lists(names.flatmap(pair), max_size=8)


@st.composite
def _whole(draw: st.DrawFn, known: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """The form as its page sends it, with one field more, less, or other than it should be, or none."""
    fields = [(name, draw(st.sampled_from(list(good)))) for name, good in known.items()]
    change = draw(st.integers(0, 3))
    if fields and change in (1, 2):
        name, _ = fields.pop(draw(st.integers(0, len(fields) - 1)))
        fields += [(name, draw(TEXTS))] if change == 1 else []
    return fields + (draw(_fields(known)) if change == 3 else [])


def _encoded(fields: Sequence[tuple[str, str]]) -> str:
    return urlencode(fields, errors="surrogatepass")


def _body(known: Mapping[str, Sequence[str]]) -> SearchStrategy[tuple[str, bytes]]:
    """A form, mostly; else bytes of any kind, a body of the wrong kind, or one that is far too large."""
    form = st.one_of(_whole(known), _fields(known)).map(lambda fields: (TYPES[0], _encoded(fields).encode()))
    raw = st.tuples(
        st.sampled_from(TYPES),
        st.one_of(st.binary(max_size=200), _fields(known).map(lambda one: _encoded(one).encode())),
    )
    large = st.sampled_from(
        [b"choice=" + b"1" * 9000, b"a=1&" * 2000, b"text=" + b"%F0%9F%98%80" * 6000, b"&" * 70_000]
    )
    parts = st.binary(max_size=80).map(
        lambda one: (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="choice"; filename="a"\r\n\r\n' + one + b"\r\n--x--",
        )
    )
    return st.one_of(form, form, form, raw, parts, large.map(lambda one: (TYPES[0], one)))
