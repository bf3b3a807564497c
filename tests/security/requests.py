"""Requests that no page of the site would send: fields, methods, sizes, encodings, ids, headers. Drawn by dice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from urllib.parse import quote, urlencode

Fields = Mapping[str, Sequence[str]]
"""Names of fields, with good values for each."""
Pairs = list[tuple[str, str]]

STRANGE = (
    *("", " ", "0", "1", "2", "-1", "01", "+1", "1.5", "1e5", "٣", "²", "NaN", "Infinity", "null", "undefined", "None"),
    *("true", "True", "[]", "{}", "[1]", '{"a":1}', "0x10", "1_000", "9" * 19, "9" * 20, "9" * 5000, "1" * 4301),
    *("2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "\0", "a\0b", "\r\n"),
    *("\x1b[2J", "\u202e", "\ufeff", "\u200b", "e\u0301" * 40, "😀" * 50, "ﷺ" * 60, "İ", "ß", "\uffff", "\ud83d"),
    *("' OR 1=1 --", '";--', "<script>alert(1)</script>", "{{ 7*7 }}", "{% load x %}", "%s%n%x", "${jndi:ldap://x}"),
    *("../../etc/passwd", "..\\..", "//evil.example", "https://evil.example", "javascript:alert(1)", "a" * 300),
    *("a" * 5000, "a b", "a&b=c", "a;b", "#"),
)  # fmt: skip
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
    """One address to be asked: ``/attempts/{code}/`` with good values for its words, and the names of its fields.

    Where it is ``there``, the address itself is always a good one, and it comes down to the fields.
    """

    path: str
    words: Mapping[str, Sequence[str]]
    fields: Fields
    method: str = "GET"
    there: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes to the site."""

    role: str
    method: str
    url: str
    body: bytes
    type: str
    headers: tuple[tuple[str, str], ...]


def drawn(dice: Random, targets: Sequence[Target], roles: Sequence[str]) -> Request:
    """A request to one of these addresses by one of these people, half right more often than not."""
    target = dice.choice(targets)
    words = {
        name: quote(
            dice.choice(good) if target.there else _mostly(dice, good, text),
            safe=dice.choice(["", "/"]),
            errors="surrogatepass",
        )
        for name, good in target.words.items()
    }
    query = dice.choice([_none, _whole, _some])(dice, target.fields)
    kind, body = _body(dice, target.fields)
    return Request(
        role=dice.choice(roles),
        method=_mostly(dice, [target.method], lambda dice: dice.choice(METHODS)),
        url=target.path.format(**words) + (f"?{_encoded(query)}" if query else ""),
        body=body,
        type=kind,
        headers=tuple((name, dice.choice(HEADERS[name])) for name in dice.sample(sorted(HEADERS), dice.randrange(4))),
    )


def text(dice: Random) -> str:
    """Something strange, letters of any kind, or a number of any length."""
    kind = dice.randrange(3)
    if kind == 0:
        return dice.choice(STRANGE)
    if kind == 1:
        return "".join(chr(dice.randrange(dice.choice(ALPHABETS))) for _ in range(dice.randrange(40)))
    return str(dice.choice((1, -1)) * dice.getrandbits(dice.choice((3, 15, 33, 70))))


ALPHABETS = (0x20, 0x7F, 0x250, 0x10000, 0x110000)
"""Letters below these: control characters, ASCII, Latin, what fits into two bytes, everything."""


def _mostly(dice: Random, good: Sequence[str], other: Callable[[Random], str]) -> str:
    """Something good three times in four."""
    return dice.choice(good) if dice.randrange(4) else other(dice)


def _none(dice: Random, known: Fields) -> Pairs:
    return []


def _some(dice: Random, known: Fields) -> Pairs:
    """A handful of fields, known ones and others, some of them twice."""
    names = [_mostly(dice, sorted(known), text) if known else text(dice) for _ in range(dice.randrange(9))]
    return [(name, _mostly(dice, known[name], text) if known.get(name) else text(dice)) for name in names]


def _whole(dice: Random, known: Fields) -> Pairs:
    """The form as its page sends it, with one field more, less, or other than it should be, or none."""
    fields = [(name, dice.choice(good)) for name, good in known.items()]
    change = dice.randrange(4)
    if fields and change in (1, 2):
        name, _ = fields.pop(dice.randrange(len(fields)))
        fields += [(name, text(dice))] if change == 1 else []
    return fields + (_some(dice, known) if change == 3 else [])


def _encoded(fields: Pairs) -> str:
    return urlencode(fields, errors="surrogatepass")


LARGE = (b"choice=" + b"1" * 9000, b"a=1&" * 2000, b"text=" + b"%F0%9F%98%80" * 6000, b"&" * 70_000)


def _body(dice: Random, known: Fields) -> tuple[str, bytes]:
    """A form, mostly; else bytes of any kind, a body of the wrong kind, or one that is far too large."""
    kind = dice.randrange(6)
    if kind < 3:
        return TYPES[0], _encoded(dice.choice([_whole, _some])(dice, known)).encode()
    if kind == 3:
        any_bytes = dice.randbytes(dice.randrange(200))
        return dice.choice(TYPES), dice.choice([any_bytes, _encoded(_some(dice, known)).encode()])
    if kind == 4:
        part = b'--x\r\nContent-Disposition: form-data; name="choice"; filename="a"\r\n\r\n'
        return "multipart/form-data; boundary=x", part + dice.randbytes(dice.randrange(80)) + b"\r\n--x--"
    return TYPES[0], dice.choice(LARGE)
