"""A folder of notes: front matter, cross-checks, references and digests."""

from datetime import date
from pathlib import Path

import pytest

from reference.files import ContentErrors, NotesTree, Source, read_notes, scan
from reference.outline import parse_outline

OUTLINE = parse_outline(
    """
course: {title: Course}
modules:
- slug: net
  title: Net
  lessons:
  - slug: nat
    title: NAT
    id_prefix: nat
    headings: []
    facts: [{id: nat-01, said: A., heading: H, status: current}]
    topics_implied: [{heading: A/B and C, why: picture, must_cover: All., status: current}]
  - {slug: dns, title: DNS, id_prefix: dns, headings: [], facts: [], topics_implied: []}
systems: []
"""
)
HEAD = {
    "title": "NAT gateways",
    "lesson": "nat",
    "order": "10",
    "tasks": '["1.1", "2.6"]',
    "domains": "[1, 5]",
    "verified_on": "2026-11-23",
    "lede": "A way out.",
    "sources": "[{title: NAT, url: https://docs.example/nat}]",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path id="a" d="M0 0"/></svg>'
PICTURE = "/// diagram | T\n    file: pic\n    alt: A picture.\n///\n"


def head(**changes: str | None) -> str:
    """Front matter: one line for each key; None leaves a key out. The body starts in line 11."""
    values = {**HEAD, **changes}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in values.items() if value is not None) + "---\n"


class Folder:
    """Notes and diagrams on disk."""

    def __init__(self, root: Path) -> None:
        self.notes, self.diagrams = root / "notes", root / "diagrams"
        self.notes.mkdir()
        self.diagrams.mkdir()

    def write(self, name: str, text: str | bytes) -> None:
        path = self.notes / f"{name}.md" if "/" in name else self.notes / "02-net" / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def read(self) -> NotesTree:
        return read_notes(self.notes, self.diagrams, OUTLINE)

    def errors(self) -> list[tuple[str, int, str]]:
        with pytest.raises(ContentErrors) as caught:
            self.read()
        return [
            (error.path.removeprefix(f"{self.notes}/").removeprefix("02-net/"), error.line, error.message)
            for error in caught.value.errors
        ]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_a_page_has_its_front_matter_and_its_text(folder: Folder) -> None:
    extra = {
        "services": "[NAT gateway]",
        "covers": "[nat/A/B and C]",
        "see_also": "[dns-basics]",
        "aliases": "[nat-old]",
        "anchor_aliases": "{nat-former: nat-out}",
    }
    folder.write("nat-gateways", head(**extra) + "## Why\n\nOut only. ^nat-out\n\n[x](^nat-former) ^nat-01\n")
    folder.write("03-more/dns-basics", head(lesson="beyond-networks") + "[x](nat-old^nat-former)\n")
    (page, other) = folder.read().pages
    assert (page.slug, page.path, other.path) == ("nat-gateways", "02-net/nat-gateways.md", "03-more/dns-basics.md")
    assert (page.title, page.lesson, page.order, page.lede) == ("NAT gateways", "nat", 10, "A way out.")
    assert (page.tasks, page.domains, page.verified_on) == (("1.1", "2.6"), (1, 5), date(2026, 11, 23))
    assert page.sources == (Source("NAT", "https://docs.example/nat"),)
    assert (page.services, page.covers) == (("NAT gateway",), (("nat", "A/B and C"),))
    assert (page.see_also, page.aliases, page.anchor_aliases) == (
        ("dns-basics",),
        ("nat-old",),
        {"nat-former": "nat-out"},
    )
    assert [(anchor.name, anchor.line) for anchor in page.rendered.anchors] == [("nat-out", 18), ("nat-01", 20)]
    assert '<span class="also" id="nat-former"></span>Out only.' in page.rendered.html


def test_pages_stand_in_reading_order(folder: Folder) -> None:
    for name, lesson, order in [
        ("b", "nat", 2),
        ("f", "beyond-security", 1),
        ("c", "beyond-networks", 2),
        ("d", "dns", 1),
        ("a", "nat", 2),
        ("e", "nat", 1),
    ]:
        folder.write(name, head(lesson=lesson, order=str(order)))
    assert [page.slug for page in folder.read().pages] == ["e", "a", "b", "d", "c", "f"]


def test_references_follow_former_names(folder: Folder) -> None:
    folder.write("one", head(aliases="[uno]", anchor_aliases="{old: x, moved: moved}") + "X. ^x\n")
    folder.write("two", head() + "Y. ^moved\n")
    tree = folder.read()
    assert [tree.locate(*reference) for reference in [("one", None), ("uno", None), ("one", "x"), ("uno", "old")]] == [
        ("one", None),
        ("one", None),
        ("one", "x"),
        ("one", "x"),
    ]
    assert tree.locate("one", "moved") == ("two", "moved")
    assert [tree.resolve(*reference) for reference in [("two", "x"), ("three", None), ("one", "y")]] == [False] * 3
    page = tree.topic("uno")
    assert (page.slug if page else None, tree.topic("three")) == ("one", None)


@pytest.mark.parametrize(
    ("changes", "line", "message"),
    [
        ({"title": None}, 1, "the front matter lacks “title”"),
        ({"sources": None}, 1, "the front matter lacks “sources”"),
        ({"title": "3"}, 2, "title: write text, in quotes if YAML takes it for something else"),
        ({"title": "a: b"}, 2, "the front matter is no YAML (mapping values are not allowed in this context): "
         "quote text that holds a colon"),
        ({"lesson": "Nat"}, 3, "lesson: “Nat” is no name: use lower-case letters, digits and single hyphens, "
         "as in nat-gateways"),
        ({"lesson": "nta"}, 3, "there is no lesson “nta”: take one of reference/outline.yaml, or "
         "beyond-cloud-native, beyond-data-and-ai, beyond-networks, beyond-security, beyond-cost, beyond-resilience "
         "or beyond-operations"),
        ({"order": "-1"}, 4, "order: write a whole number, 0 or more"),
        ({"order": "true"}, 4, "order: write a whole number, 0 or more"),
        ({"tasks": "[1.1]"}, 5, 'tasks: put task 1.1 in quotes: "1.1"'),
        ({"tasks": '["1.6"]'}, 5, "tasks: there is no task 1.6: SAP-C02 has 1.1-1.5, 2.1-2.6, 3.1-3.5 and 4.1-4.4"),
        ({"tasks": '["1.1", "1.1"]'}, 5, "tasks: “1.1” stands twice: remove one"),
        ({"tasks": '"1.1"'}, 5, "tasks: write a list"),
        ({"domains": "[6]"}, 6, "domains: there is no domain 6: SAP-C03 has 1 to 5, as numbers"),
        ({"domains": '["1"]'}, 6, "domains: there is no domain 1: SAP-C03 has 1 to 5, as numbers"),
        ({"verified_on": '"2026-11-23"'}, 7, "verified_on: write a date as 2026-11-23, without quotes"),
        ({"verified_on": "2026-13-01"}, 7, "verified_on: this cannot be read (month must be in 1..12)"),
        ({"lede": ""}, 8, "lede: write text, in quotes if YAML takes it for something else"),
        ({"sources": "[]"}, 9, "sources: give at least 1"),
        ({"sources": "\n- title: A\n  url: http://a.example"}, 10, "sources: “http://a.example” is no https address"),
        ({"sources": "\n- title: A"}, 10, "sources: write a title and a url, nothing else"),
        ({"titel": "A"}, 10, "there is no key “titel”: did you mean “title”?"),
        ({"covers": "[nat]"}, 10, "covers: write lesson/heading"),
        ({"covers": "[nat/A/B]"}, 10, "covers: nat implies no topic “A/B”: take a heading of its topics_implied"),
        ({"covers": "[net/A]"}, 10, "covers: there is no lesson “net”: take one of reference/outline.yaml"),
        ({"see_also": "[dns-basic]"}, 10, "see_also: there is no topic “dns-basic”: did you mean “dns-basics”?"),
        ({"see_also": "\n- dns-basics\n- page"}, 12, "see_also: a page does not point to itself: remove it"),
        ({"aliases": "[dns-basics]"}, 10, "“dns-basics” is already the name of 02-net/dns-basics.md: remove it"),
        ({"anchor_aliases": "[]"}, 10, "anchor_aliases: write former: present, or {}"),
        ({"anchor_aliases": "\n  a: dns-port\n  b: dns-prt"}, 12, "there is no anchor ^dns-prt: "
         "did you mean “dns-port”?"),
        ({"anchor_aliases": "{dns-port: dns-port, dns-other: dns-port}"}, 10, "^dns-other is in use in dns-basics: "
         "a former anchor must be free"),
        ({"lesson": "nat\nlesson: nat"}, 4, "“lesson” stands already in line 3: give it once"),
    ],
)  # fmt: skip
def test_front_matter_is_checked(folder: Folder, changes: dict[str, str | None], line: int, message: str) -> None:
    folder.write("dns-basics", head(lesson="dns") + "Port 53. ^dns-port\n\nAnd more. ^dns-other\n")
    folder.write("page", head(**changes))
    assert folder.errors() == [("page.md", line, message)]


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("x\n\nOne. ^dns-port", 13, "^dns-port stands already in 02-net/dns-basics.md:11: use another name"),
        ("[x](dns-basic)", 11, "there is no topic “dns-basic”: did you mean “dns-basics”?"),
        ("[x](zzz^a)", 11, "there is no topic “zzz”"),
        ("[x](dns-basics^dns-prt)", 11, "there is no ^dns-prt in dns-basics: did you mean “dns-port”?"),
        ("\n[x](^dns-port)", 12, "there is no ^dns-port in page: it stands in dns-basics"),
        ("One. ^nat-02", 11, "^nat-02 is no fact of the course: end an id of your own in a word"),
        ("# One", 11, "headings are ## or ###, a space and text; write \\# for a number sign"),
        ("/// diagram | T\n    file: pics\n    alt: A\n///", 11, "there is no diagram “pics”: did you mean “pic”?"),
    ],
)
def test_texts_are_checked_against_each_other(folder: Folder, body: str, line: int, message: str) -> None:
    (folder.diagrams / "pic.svg").write_text(SVG)
    folder.write("dns-basics", head(lesson="dns") + "Port 53. ^dns-port\n")
    folder.write("page", head() + body)
    assert folder.errors() == [("page.md", line, message)]


def test_a_fact_stands_in_its_lesson(folder: Folder) -> None:
    folder.write("page", head(lesson="dns") + "One. ^nat-01\n")
    assert folder.errors() == [("page.md", 11, "^nat-01 is a fact of the lesson nat, not of dns")]


@pytest.mark.parametrize(
    ("name", "text", "line", "message"),
    [
        ("changes", head(), 1, "“changes” is taken by another page of the site: rename the file"),
        ("NAT", head(), 1, "a note’s name is lower-case letters, digits and single hyphens: rename the file"),
        ("net/page", head(), 1, "a note lies right in a folder such as 02-networking, below the folder of notes"),
        ("page", head().encode() + b"a\n\xff\n", 12, "save this file as UTF-8"),
        ("page", "Text.", 1, "a note starts with its front matter between two lines ---"),
        ("page", "---\ntitle: x\n", 1, "a note starts with its front matter between two lines ---"),
        ("page", "---\n- a\n---\n", 2, "the front matter cannot be read: it must hold keys and values"),
    ],
)
def test_files_are_checked(folder: Folder, name: str, text: str | bytes, line: int, message: str) -> None:
    folder.write(name, text)
    assert folder.errors() == [(f"{name}.md", line, message)]


def test_names_are_unique_in_all_folders(folder: Folder) -> None:
    folder.write("page", head())
    folder.write("03-more/page", head())
    first = folder.notes / "02-net" / "page.md"
    assert folder.errors() == [("03-more/page.md", 1, f"{first} has the same name: rename one")]


def test_all_mistakes_are_told_at_once_sorted_and_without_followers(folder: Folder) -> None:
    folder.write("two", head(title="") + "# One\n")
    folder.write("one", head(see_also="[two]") + "[x](two^gone)\n\n[y](three)\n")
    with pytest.raises(ContentErrors) as caught:
        folder.read()
    notes = folder.notes / "02-net"
    assert str(caught.value).split("\n") == [
        f"{notes}/one.md:14: there is no topic “three”",
        f"{notes}/two.md:2: title: write text, in quotes if YAML takes it for something else",
        f"{notes}/two.md:11: headings are ## or ###, a space and text; write \\# for a number sign",
    ]


def test_line_ends_and_byte_order_marks_do_not_matter(folder: Folder) -> None:
    folder.write("page", b"\xef\xbb\xbf" + (head() + "One. ^a\n").replace("\n", "\r\n").encode())
    assert [(anchor.name, anchor.text) for anchor in folder.read().pages[0].rendered.anchors] == [("a", "One.")]


def test_a_digest_covers_the_text_and_its_pictures(folder: Folder) -> None:
    def digest() -> str:
        (file,) = scan(folder.notes, folder.diagrams)
        assert folder.read().pages[0].digest == file.digest
        return file.digest

    (folder.diagrams / "pic.svg").write_text(SVG)
    folder.write("page", head() + PICTURE)
    first = digest()
    (folder.diagrams / "other.svg").write_text(SVG)
    assert digest() == first
    (folder.diagrams / "pic.svg").write_text(SVG.replace("M0 0", "M1 1"))
    second = digest()
    folder.write("page", head() + PICTURE + "\n")
    assert len({first, second, digest()}) == 3


def test_an_empty_folder_has_no_pages(folder: Folder) -> None:
    assert folder.read() == NotesTree(())
    assert scan(folder.notes / "nowhere", folder.diagrams) == []
