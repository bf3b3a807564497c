"""Passages, notes and bookmarks: marked on a page, found again after it was edited, listed, and nobody else’s."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reference.models import Bookmark, Highlight, PageBody, Topic
from reference.queries import marks as queries
from reference.quotes import Quote
from reference.services import marks as services
from sapro.accounts.services.guests import merge_guest
from sapro.accounts.services.people import delete_person

pytestmark = pytest.mark.usefixtures("course", "clock")

SLUG = "test-balancers"
URL = f"/notes/{SLUG}/marks/"
MARKED = f"/notes/{SLUG}/bookmark/"
SENTENCE = "It ends TLS connections on behalf of its targets."
HTMX = {"HX-Request": "true"}


def text_of(slug: str = SLUG) -> queries.Text:
    """The page."""
    found = queries.page_text(slug)
    assert found is not None
    return found


def posted(words: str = SENTENCE, note: str = "", slug: str = SLUG) -> dict[str, str]:
    """What a form sends to mark these words."""
    text = text_of(slug)
    start = text.page.text.index(words)
    first, end = text.page.letters_before(start), text.page.letters_before(start + len(words))
    return {"passage": f"{first}-{end}", "seen": text.digest, "note": note}


def edit(old: str, new: str) -> None:
    """Another text of the page, as a load of the course would make it visible."""
    topic = Topic.objects.get(slug=SLUG)
    body = topic.body
    assert body is not None
    assert body.plain.count(old) == 1
    fresh = PageBody.objects.create(slug=SLUG, digest="edited", plain=body.plain.replace(old, new), words=body.words)
    for section in body.sections.all():
        section.pk, section.body, section.plain = None, fresh, section.plain.replace(old, new)
        section.save()
    topic.body = fresh
    topic.save()


def mark(who: Any, now: datetime, words: str = SENTENCE, note: str = "") -> Highlight:
    """A passage, marked by the service."""
    text = text_of()
    start = text.page.text.index(words)
    quote = text.page.cut(start, start + len(words))
    return services.mark_passage(person_id=who.pk, topic_id=text.topic_id, quote=quote, note=note, now=now)


@pytest.fixture
def learner(client: Client, person: Any) -> Any:
    """Someone with an account, signed in."""
    client.force_login(person)
    return person


def test_a_stranger_becomes_a_guest_only_by_marking(client: Client, django_user_model: Any) -> None:
    page = client.get(URL).content.decode()
    assert SENTENCE in page
    assert page.count('name="passage"') > 10
    assert django_user_model.objects.count() == 0
    reply = client.post(URL, posted(note="Offload."), follow=True)
    assert reply.redirect_chain == [(f"/highlights/?page={SLUG}", 302)]
    shown = reply.content.decode()
    assert SENTENCE in shown
    assert "Offload." in shown
    assert django_user_model.objects.get().is_guest
    row = Highlight.objects.get()
    assert (row.quote, row.note) == (SENTENCE, "Offload.")
    assert row.before.endswith("of a network.\n")
    assert row.after.startswith("\nIt can send")


def test_every_line_of_the_page_can_be_marked(client: Client) -> None:
    lines = [one for chapter in queries.chapters(SLUG) for one in chapter.passages]
    text = text_of()
    assert "\n".join(one.text for one in lines) == text.page.text
    assert [text.quote(*one.span).text for one in lines] == [one.text for one in lines]
    only = client.get(f"{URL}?section={queries.chapters(SLUG)[1].anchor}").content.decode()
    assert SENTENCE not in only
    assert "Half a solution" in only


def test_the_script_asks_for_the_form_and_gets_the_layer(client: Client, learner: Any) -> None:
    asked = posted()
    form = client.get(URL, {"passage": asked["passage"], "seen": str(text_of().letters)}, headers=HTMX)
    assert SENTENCE in form.content.decode()
    assert "<html" not in form.content.decode()
    reply = client.post(URL, posted(note="<b>mine</b>"), headers=HTMX).content.decode()
    row = Highlight.objects.get()
    assert f'data-marks="{row.pk}:{asked["passage"]}"' in reply
    assert "&lt;b&gt;mine&lt;/b&gt;" in reply
    assert "<b>mine" not in reply


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"passage": ""}, "Choose a passage to mark."),
        ({"passage": "5-5"}, "There is no such passage on this page."),
        ({"passage": "0-999999"}, "There is no such passage on this page."),
        ({"passage": "٣-٩"}, "There is no such passage on this page."),
        ({"passage": "-3-9"}, "There is no such passage on this page."),
        ({"seen": "another"}, "This page has changed since you opened it."),
        ({"seen": ""}, "This field is required."),
        ({"note": "x" * 5001}, "The note has 5001 characters; up to 5000 are kept."),
        ({"note": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_bad_input_is_refused_and_kept(client: Client, learner: Any, changed: dict[str, str], message: str) -> None:
    for headers in ({}, HTMX):
        reply = client.post(URL, posted(note="what I typed") | changed, headers=headers)
        assert reply.status_code == 422
        assert message in reply.content.decode()
        if "note" not in changed:
            assert "what I typed" in reply.content.decode()
    assert Highlight.objects.count() == 0


def test_a_passage_has_a_longest(client: Client, learner: Any) -> None:
    edit(SENTENCE, "word " * 500 + "end.")
    text = text_of()
    whole = {"passage": f"0-{text.letters}", "seen": text.digest}
    reply = client.post(URL, whole)
    assert reply.status_code == 422
    assert "up to 2000 can be marked at once" in reply.content.decode()


def test_a_thousand_and_no_more(client: Client, learner: Any, now: datetime) -> None:
    row = mark(learner, now)
    Highlight.objects.bulk_create(
        Highlight(person=learner, topic=row.topic, quote="x", offset=number, created_at=now, changed_at=now)
        for number in range(services.MOST_HIGHLIGHTS - 1)
    )
    reply = client.post(URL, posted("Two kinds", note="kept words"))
    assert reply.status_code == 422
    assert "You have marked 1000 passages" in reply.content.decode()
    assert "kept words" in reply.content.decode()
    assert mark(learner, now).pk == row.pk


def test_the_same_passage_is_kept_once(person: Any, now: datetime) -> None:
    first = mark(person, now)
    assert mark(person, now, note="a first note").pk == first.pk
    assert mark(person, now, note="a first note").pk == first.pk
    assert mark(person, now).pk == first.pk
    assert mark(person, now, note="another").pk != first.pk
    assert sorted(Highlight.objects.values_list("note", flat=True)) == ["a first note", "another"]


def test_it_survives_an_edit_and_comes_back_after_a_loss(client: Client, learner: Any, now: datetime) -> None:
    row = mark(learner, now, note="TLS!")
    old = Topic.objects.get(slug=SLUG).body
    edit("A load balancer spreads", "Some new words. A load balancer spreads")
    [moved] = queries.all_marks(learner.pk)[0].standing
    assert (moved.now, moved.edited, moved.anchor) == (SENTENCE, False, "what-it-is-for")
    PageBody.objects.filter(digest="edited").update(digest="edited-once")
    edit("ends TLS connections on", "ends TLS and QUIC connections on")
    page = client.get("/highlights/").content.decode()
    assert "Today it reads: It ends TLS and QUIC connections on behalf of its targets." in page
    PageBody.objects.filter(digest="edited").update(digest="edited-twice")
    edit("It ends TLS and QUIC connections on behalf of its targets.", "Nothing of the kind.")
    page = client.get("/highlights/").content.decode()
    assert "lost in an edit" in page
    assert SENTENCE in page
    assert "TLS!" in page
    assert "1 of your highlights is no longer on this page." in client.get(f"/notes/{SLUG}/mine/").content.decode()
    Topic.objects.filter(slug=SLUG).update(body=old)
    [back] = queries.all_marks(learner.pk)[0].standing
    assert (back.pk, back.now, back.edited) == (row.pk, SENTENCE, False)


def test_a_note_is_changed_and_a_mark_removed(client: Client, learner: Any, now: datetime) -> None:
    url = f"/highlights/{mark(learner, now).pk}/"
    assert SENTENCE in client.get(url).content.decode()
    assert client.post(url, {"note": "first\r\nsecond"}).status_code == 302
    assert Highlight.objects.get().note == "first\nsecond"
    for headers in ({}, HTMX):
        reply = client.post(url, {"note": "y" * 5001}, headers=headers)
        assert reply.status_code == 422
        assert "y" * 5001 in reply.content.decode()
    assert 'id="marks"' in client.post(url, {"note": ""}, headers=HTMX).content.decode()
    client.post(url, {"remove": "1", "note": ""})
    assert Highlight.objects.count() == 0
    assert client.get(url).status_code == 404


def test_it_is_nobody_elses(client: Client, person: Any, guest: Any, now: datetime) -> None:
    url = f"/highlights/{mark(person, now, note='private').pk}/"
    for other in (None, guest):
        if other:
            client.force_login(other)
        assert client.get(url).status_code == 404
        assert client.post(url, {"remove": "1"}).status_code == 404
        assert "private" not in client.get("/highlights/").content.decode()
        assert "private" not in client.get("/highlights/highlights.md").content.decode()
    assert Highlight.objects.count() == 1
    assert "no-store" in client.get("/highlights/").headers["Cache-Control"]
    assert "private" not in client.get(f"/notes/{SLUG}/").content.decode()


def test_pages_and_sections_are_bookmarked(client: Client, learner: Any) -> None:
    assert "Keep this place?" in client.get(MARKED).content.decode()
    for section in ("", "which-one", "which-one"):
        reply = client.post(MARKED, {"section": section})
    assert (reply.status_code, reply.headers["Location"]) == (302, f"/notes/{SLUG}/#which-one")
    assert Bookmark.objects.count() == 2
    page = client.get("/highlights/").content.decode()
    assert "Bookmark: Which one" in page
    assert "Bookmark: the whole page" in page
    mine = client.get(f"/notes/{SLUG}/mine/").content.decode()
    assert mine.count("Remove bookmark") == 2
    button = client.post(MARKED, {"section": "which-one", "undo": "1"}, headers=HTMX).content.decode()
    assert "Remove bookmark" not in button
    assert "<html" not in button
    assert client.post(MARKED, {"undo": "1", "from": "list"}).headers["Location"] == "/highlights/"
    assert Bookmark.objects.count() == 0
    for section in ("nothing", "x" * 81, "a\0b"):
        assert client.post(MARKED, {"section": section}).status_code == 404
    assert (
        client.post("/notes/nothing/bookmark/").status_code == client.post("/notes/nothing/marks/").status_code == 404
    )


def test_many_can_be_searched(client: Client, learner: Any, now: datetime) -> None:
    assert "Nothing is marked yet" in client.get("/highlights/").content.decode()
    for number in range(20):
        mark(learner, now, note=f"note {number}")
    assert 'role="search" aria-label="My marks"' not in client.get("/highlights/").content.decode()
    mark(learner, now, "Two kinds")
    page = client.get("/highlights/").content.decode()
    assert 'role="search" aria-label="My marks"' in page
    found = client.get("/highlights/", {"q": "NOTE 13"}).content.decode()
    assert found.count("<blockquote") == 1
    assert "None of your marks fits." in client.get("/highlights/", {"page": "nothing"}).content.decode()


def test_the_file_holds_all_of_it(client: Client, learner: Any, now: datetime) -> None:
    mark(learner, now, note="In my words.")
    client.post(MARKED, {"section": "which-one"})
    reply = client.get("/highlights/highlights.md")
    assert reply.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert reply.content.decode() == (
        "# Highlights and bookmarks\n\n## Test balancers\n\n<http://localhost:8000/notes/test-balancers/>\n\n"
        f"- Bookmark: Which one\n\n> {SENTENCE}\n\nIn my words.\n"
    )


def test_marks_come_along_and_go(person: Any, guest: Any, now: datetime) -> None:
    for who in (person, guest):
        mark(who, now, note="of both")
        services.set_bookmark(person_id=who.pk, slug=SLUG, anchor="", on=True, now=now)
    mark(guest, now, "Two kinds", note="of the guest")
    services.set_bookmark(person_id=guest.pk, slug=SLUG, anchor="which-one", on=True, now=now)
    merge_guest(guest_id=guest.pk, member_id=person.pk, now=now)
    assert sorted(Highlight.objects.values_list("person_id", "note")) == [
        (person.pk, "of both"),
        (person.pk, "of the guest"),
    ]
    assert sorted(Bookmark.objects.values_list("person_id", "anchor")) == [(person.pk, ""), (person.pk, "which-one")]
    delete_person(person_id=person.pk, now=now + timedelta(days=1))
    assert Highlight.objects.count() == Bookmark.objects.count() == 0


def test_the_list_and_the_layer_ask_a_bounded_number_of_times(client: Client, learner: Any, now: datetime) -> None:
    for number in range(30):
        mark(learner, now, note=f"note {number}")
    client.post(MARKED, {"section": "which-one"})
    for url, most in (("/highlights/", 8), (f"/notes/{SLUG}/mine/", 12)):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        assert len(captured) <= most, [one["sql"][:90] for one in captured]


def test_a_page_that_was_taken_away_keeps_its_marks(client: Client, learner: Any, now: datetime) -> None:
    mark(learner, now, note="still mine")
    Topic.objects.filter(slug=SLUG).update(retired=True)
    page = client.get("/highlights/").content.decode()
    assert "page taken away" in page
    assert "still mine" in page
    assert client.get(URL).status_code == 404


def test_too_long_is_refused_by_the_service_too(person: Any, now: datetime) -> None:
    topic = text_of().topic_id
    for quote, note in ((Quote("x" * 2001), ""), (Quote("x"), "y" * 5001)):
        with pytest.raises(services.TooLong):
            services.mark_passage(person_id=person.pk, topic_id=topic, quote=quote, note=note, now=now)
    with pytest.raises(services.TooLong):
        services.change_note(person_id=person.pk, pk=1, note="y" * 5001, now=now)
