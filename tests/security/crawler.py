"""Somebody who asks for everything: every address of the configuration, every link, every form, every static file."""

import re
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse

from quizzes.models import Question
from tests.security.people import DIFFICULTY, Person

HTMX = {"HX-Request": "true"}
QUERIES_A_PAGE = 12
"""How many different queries are asked of one address: filters can be combined without end."""
ENDS = ("/submit/", "/accounts/delete/", "/accounts/logout/")
"""What would end the exam or the session: never posted."""

COPIES = 2
"""How often a copy of something is made: each has pages of its own, with a button that copies it again."""

NEVER = re.compile(r"canary-(?:key|body|family|contrast|flag|review)-[\w-]+|\b31[01]\d\d\b(?!\.\d)")
"""The last is a difficulty; with a decimal point it is the mean of a form that has been handed in."""
UNTIL_SHOWN = re.compile(r"canary-(?:rationale|constraint|source|anchor)-(test-\w+)|rationale-(t[bh]\d\d)-[a-z]")
assert DIFFICULTY == 31_000


class Page(HTMLParser):
    """What a page leads to: addresses in its attributes, and its forms."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, list[tuple[str, str]]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the addresses; open a form, or note a field of the one that is open."""
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name in ("href", "src", "hx-get") or (name.startswith("data-") and value.startswith("/")):
                self.links.append(value)
        if tag == "form":
            self.forms.append((given.get("method", "get").lower(), given.get("action", ""), []))
        elif self.forms and "name" in given and tag in ("input", "textarea", "button", "select"):
            self.forms[-1][2].append((given["name"], given.get("value", "")))


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    method: str
    url: str
    fields: tuple[tuple[str, str], ...] = ()
    htmx: bool = False


Check = Callable[[Person, Asked, int, str], list[str]]


class Crawler:
    """One person's walk through all of it; ``found`` is what should not have been there."""

    def __init__(self, person: Person, checks: list[Check]) -> None:
        self.person, self.checks = person, checks
        self.waiting: deque[Asked] = deque()
        self.known: set[Asked] = set()
        self.queries: Counter[str] = Counter()
        self.copied = 0
        self.found: list[str] = []
        self.walked: list[tuple[Asked, int]] = []

    def walk(self, starts: list[str], most: int = 6000) -> "Crawler":
        """Ask until nothing new turns up. A site that never ends is a failure."""
        for url in starts:
            self.add(url, "/")
        while self.waiting:
            assert len(self.walked) < most, f"no end in sight: {self.waiting[0]}"
            asked = self.waiting.popleft()
            self.visit(asked)
        return self

    def add(self, link: str, base: str) -> None:
        """Ask for a link later, as a page and as a fragment; each once."""
        parts = urlsplit(urljoin(f"http://testserver{base}", link))
        if parts.netloc != "testserver" or parts.scheme != "http":
            return
        url = parts.path + (f"?{parts.query}" if parts.query else "")
        if parts.query and self._is_enough(parts.path, url):
            return
        static = parts.path.startswith("/static/")
        for htmx in (False,) if static else (False, True):
            self._queue(Asked("GET", url, (), htmx))

    def _is_enough(self, path: str, url: str) -> bool:
        if Asked("GET", url) in self.known:
            return False
        path = re.sub(r"\d+", "0", path)
        self.queries[path] += 1
        return self.queries[path] > QUERIES_A_PAGE

    def _queue(self, asked: Asked) -> None:
        # A form that counts the saves of what it changes is the same form after each of them.
        same = replace(asked, fields=tuple(one for one in asked.fields if one[0] != "revision"))
        if same not in self.known:
            self.known.add(same)
            self.waiting.append(asked)

    def visit(self, asked: Asked) -> HttpResponse:
        """Ask, look at every byte of the reply, and note where it leads."""
        headers = HTMX if asked.htmx else {}
        if asked.method == "GET":
            reply = self.person.client.get(asked.url, headers=headers)
        else:
            sent: dict[str, list[str]] = {}
            for name, value in asked.fields:
                sent.setdefault(name, []).append(value)
            reply = self.person.client.post(asked.url, sent, headers=headers)
        body = b"".join(reply.streaming_content) if reply.streaming else reply.content
        # A length may be any number, that of a difficulty as well.
        head = "\n".join(f"{name}: {value}" for name, value in reply.items() if name != "Content-Length")
        text = f"{head}\n\n{body.decode('utf-8', 'replace')}"
        self.walked.append((asked, reply.status_code))
        for check in self.checks:
            self._note(asked, check(self.person, asked, reply.status_code, text))
        if reply.status_code >= 500:
            self._note(asked, [f"answers {reply.status_code}"])
        if location := reply.headers.get("Location") or reply.headers.get("HX-Redirect"):
            self.add(location, asked.url)
        if "html" in reply.headers.get("Content-Type", ""):
            self._follow(asked, Page(body.decode()))
        return reply

    def _note(self, asked: Asked, found: list[str]) -> None:
        self.found += [f"{self.person.role} {asked.method} {asked.url}: {one}" for one in found]

    def _follow(self, asked: Asked, page: Page) -> None:
        for link in page.links:
            self.add(link, asked.url)
        for method, action, fields in page.forms:
            where = urlsplit(urljoin(f"http://testserver{asked.url}", action))
            if method != "post" or where.netloc != "testserver" or where.path.endswith(ENDS):
                continue
            chosen: dict[str, str] = {}
            for name, value in fields:
                chosen.setdefault(name, value or "1")
            chosen.pop("csrfmiddlewaretoken", None)
            if chosen.get("action") == "copy" or where.path.endswith(("/copy/", "/questions/new/")):
                self.copied += 1
                if self.copied > COPIES:
                    continue
            for htmx in (False, True):
                self._queue(Asked("POST", where.path, tuple(sorted(chosen.items())), htmx))


def tells_of_the_key(person: Person, asked: Asked, status: int, text: str) -> list[str]:
    """What a candidate must never see, or not before it was shown to them and while no exam holds it."""
    if person.role == "instructor" and asked.url.startswith("/teach/"):
        return _tells_a_teacher(person, text)
    found = [f"tells {word}" for word in set(NEVER.findall(text))]
    codes = {one or f"test-{other}" for one, other in UNTIL_SHOWN.findall(text)}
    return found + ([f"tells of {code}" for code in sorted(codes - person.may_see())] if codes else [])


def _tells_a_teacher(person: Person, text: str) -> list[str]:
    """An instructor reads the bank, but for what stands in an exam that they have open themselves."""
    held = person.held()
    numbers = {str(one) for one in Question.objects.filter(code__in=held).values_list("difficulty", flat=True)}
    words = {word for word in NEVER.findall(text) if word in numbers or word.split("-", 2)[-1] in held}
    codes = {one or f"test-{other}" for one, other in UNTIL_SHOWN.findall(text)}
    return [*(f"tells {word}" for word in sorted(words)), *(f"tells of {code}" for code in sorted(codes & held))]


def tells_of_others(others: dict[str, set[str]]) -> Check:
    """What belongs to somebody else; what was asked with and comes back in the reply is not news."""

    def check(person: Person, asked: Asked, status: int, text: str) -> list[str]:
        foreign = set().union(*(words for role, words in others.items() if role != person.role))
        if person.role == "instructor" and asked.url.startswith("/teach/challenges/"):
            return []  # names and words of those who object are what this page is for
        given = f"{asked.url} {asked.fields}"
        return [f"tells {word} of somebody else" for word in sorted(foreign) if word in text and word not in given]

    return check


def is_kept_by_no_cache(person: Person, asked: Asked, status: int, text: str) -> list[str]:
    """Everything about a sitting is private and stored nowhere; a refusal holds nothing."""
    head = text.partition("\n\n")[0]
    if not asked.url.startswith(("/attempts/", "/practice/sessions/")):
        return []
    found = ["has an ETag"] if "ETag:" in head else []
    return found if status != 200 or "no-store" in head else [*found, "may be kept by a cache"]
