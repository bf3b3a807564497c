"""The question editor without a browser: what is posted, kept, refused and shown."""

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from quizzes.engine.kinds import KINDS
from quizzes.forms_question import new_data
from quizzes.models import Draft, Question, Scenario
from quizzes.services.drafts import NotReady, Overtaken, create_question, frozen, save_draft
from sapro.accounts.models import User
from tests import factories
from tests.security import corpus
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

STEM = "A company must keep serving when a zone fails. It has one team.\n\nWhich solution has the LEAST overhead?"


@pytest.fixture
def ada(client: Client) -> User:
    person = factories.make_instructor("ada")
    client.force_login(person, backend=BACKEND)
    return person


@pytest.fixture
def question(ada: User, now: datetime) -> Question:
    return create_question(person_id=ada.pk, data=new_data("multiple_choice"), now=now)


def filled(**more: Any) -> dict[str, Any]:
    fields = {
        "revision": "1",
        "kind": "multiple_choice",
        "stem": STEM,
        "order": "shuffle",
        "key": "1",
        "constraints-0-id": "zone",
        "constraints-0-text": "keep serving when a zone fails",
        "tags": "first, second",
        "enemies": "q-one q-two",
        "do": "save",
    }
    for number, (one, text) in enumerate(zip("abcd", ("Use one", "Use two", "Use ten", "Use it"), strict=True)):
        fields |= {
            f"options-{number}-id": one,
            f"options-{number}-text": f"{text} balancer in each zone of the network",
            f"options-{number}-rationale": f"Because {text} would keep serving when a zone fails, or it would not.",
        }
        if number != 1:
            fields |= {f"options-{number}-breaks": "zone", f"options-{number}-family": "scope"}
    return fields | more


def address(question: Question) -> str:
    return reverse("teach:question_edit", args=[question.code])


def test_a_question_is_begun_by_a_post_and_by_nothing_else(ada: User, client: Client) -> None:
    assert client.get("/teach/questions/new/").status_code == 200
    assert Question.objects.count() == 0
    reply = client.post("/teach/questions/new/", {"kind": "ordering"})
    question = Question.objects.get()
    assert (reply.status_code, reply.headers["Location"]) == (302, address(question))
    assert (question.author, question.origin, question.status) == (ada, "author", "draft")
    assert question.draft.data["kind"] == "ordering"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_its_page(ada: User, client: Client, now: datetime, kind: str) -> None:
    question = create_question(person_id=ada.pk, data=new_data(kind), now=now)
    reply = client.get(address(question))
    assert reply.status_code == 200
    assert f'<option value="{kind}" selected>' in reply.content.decode()


def test_what_is_posted_is_kept_and_can_be_frozen(question: Question, client: Client, ada: User, now: datetime) -> None:
    assert client.post(address(question), filled()).status_code == 303
    question.refresh_from_db()
    assert (question.draft.revision, question.tags) == (2, ["first", "second"])
    content, attributes = frozen(question, person_id=ada.pk, today=now.date())
    assert (content.stem, content.keys, content.choose) == (STEM, {"b"}, 1)
    assert attributes.flaws[0] == ("a", "zone", "scope")
    assert attributes.enemies == ("q-one", "q-two")
    assert attributes.constraints == (("zone", "keep serving when a zone fails"),)
    page = client.get(address(question)).content.decode()
    assert "keep serving when a zone fails" in page


@pytest.mark.parametrize(
    ("do", "ids"),
    [
        ("add-options", "abcde"),
        ("remove-options-1", "acd"),
        ("up-options-2", "acbd"),
        ("down-options-0", "bacd"),
        ("up-options-0", "abcd"),
        ("remove-options-9", "abcd"),
        ("nonsense", "abcd"),
    ],
)
def test_buttons_move_rows_and_keep_what_was_typed(question: Question, client: Client, do: str, ids: str) -> None:
    assert client.post(address(question), filled(do=do)).status_code == 303
    data = Draft.objects.get().data
    assert "".join(one["id"] for one in data["options"]) == ids
    assert data["stem"] == STEM
    assert [one["id"] for one in data["options"] if one["correct"]] == (["b"] if "b" in ids else [])


def test_two_people_are_told_of_each_other(question: Question, client: Client, now: datetime) -> None:
    bob = factories.make_instructor("bob")
    question.editors.add(bob)
    other = Client()
    other.force_login(bob, backend=BACKEND)
    assert other.post(address(question), filled(stem=f"Bob: {STEM}")).status_code == 303
    reply = client.post(address(question), filled(stem=f"Ada: {STEM}"))
    page = reply.content.decode()
    assert reply.status_code == 409
    assert "bob saved it on" in page
    assert "Ada: A company" in page
    assert "Bob: A company" in page
    assert Draft.objects.get().data["stem"].startswith("Bob")
    again = dict(filled(stem=f"Ada: {STEM}"), revision="2")
    assert client.post(address(question), again).status_code == 303
    assert Draft.objects.get().data["stem"].startswith("Ada")


def test_the_service_refuses_an_old_revision_and_writes_nothing(question: Question, ada: User, now: datetime) -> None:
    data = question.draft.data | {"stem": "One"}
    save_draft(question=question, data=data, revision=1, person_id=ada.pk, now=now)
    with pytest.raises(Overtaken):
        save_draft(question=question, data=data | {"stem": "Two"}, revision=1, person_id=ada.pk, now=now)
    assert Draft.objects.get().data["stem"] == "One"


def test_the_same_again_is_no_new_revision(question: Question, client: Client) -> None:
    client.post(address(question), filled())
    assert client.post(address(question), filled()).status_code == 303
    assert Draft.objects.get().revision == 2


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("stem", "", "Write the question."),
        ("stem", "x" * 20_001, "at most 20,000"),
        ("options-0-text", "y" * 5_001, "at most 5,000"),
        ("options-0-text", "", "Write this option, or remove it."),
        ("key", "", "the key is missing"),
        ("constraints-0-text", "not there", "does not stand in the stem"),
        ("verified_on", "yesterday", "Write a date such as"),
        ("sources", "http://example.org", "begins with https://"),
        ("references", "somewhere", "is no statement"),
        ("enemies", "one two!", "is no code of a question"),
        ("options-0-breaks", "gone", "This requirement is gone"),
    ],
)
def test_a_mistake_stands_at_its_field_and_is_kept(
    question: Question, client: Client, ada: User, now: datetime, field: str, value: str, said: str
) -> None:
    assert client.post(address(question), filled(**{field: value})).status_code == 303
    page = client.get(address(question)).content.decode()
    assert said in page
    question.refresh_from_db()
    with pytest.raises(NotReady):
        frozen(question, person_id=ada.pk, today=now.date())


def test_another_kind_keeps_the_options(question: Question, client: Client) -> None:
    client.post(address(question), filled())
    client.post(address(question), filled(kind="true_false", do="kind", revision="2"))
    assert [one["id"] for one in Draft.objects.get().data["options"]] == ["true", "false"]
    posted = {
        "revision": "3", "kind": "multiple_choice", "stem": STEM, "order": "shuffle", "do": "kind",
        "options-0-id": "true", "options-0-text": "True", "options-1-id": "false", "options-1-text": "False",
    }  # fmt: skip
    client.post(address(question), posted)
    assert [one["id"] for one in Draft.objects.get().data["options"]] == list("abcd")


def test_whoever_is_signed_out_finds_it_again(question: Question, client: Client, ada: User) -> None:
    client.logout()
    reply = client.post(address(question), filled())
    assert (reply.status_code, "/accounts/login/?next=" in reply.headers["Location"]) == (302, True)
    client.force_login(ada, backend=BACKEND)
    page = client.get(address(question)).content.decode()
    assert "What you had typed is here" in page
    assert client.post(address(question), {"do": "restore-kept", "revision": "1"}).status_code == 303
    assert Draft.objects.get().data["stem"] == STEM
    assert "What you had typed is here" not in client.get(address(question)).content.decode()


def test_the_preview_needs_no_question_and_at_most_one_query(
    ada: User, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.post("/teach/questions/preview/", filled())
    with django_assert_max_num_queries(4):
        reply = client.post("/teach/questions/preview/", filled())
    page = reply.content.decode()
    assert reply.status_code == 200
    assert '<div class="stem"><p>A company' in page
    assert "<html" not in page


def test_a_warning_comes_and_goes(ada: User, client: Client) -> None:
    longest = "Use two balancers " + "and then some more of the same " * 4
    page = client.post("/teach/questions/preview/", filled(**{"options-1-text": longest})).content.decode()
    assert "The right option is the longest" in page
    assert "learns to choose the longest option" in page
    assert "longest" not in client.post("/teach/questions/preview/", filled()).content.decode()


def test_what_holds_back_is_said(ada: User, client: Client) -> None:
    page = client.post("/teach/questions/preview/", filled(**{"options-0-rationale": ""})).content.decode()
    assert "holds back publishing" in page
    assert "missing: a" in page
    letters = filled(**{"options-0-rationale": "Option B is better because the requirement says so, and it holds."})
    assert "options are shuffled" in client.post("/teach/questions/preview/", letters).content.decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("broken", ["nothing", "everything"])
def test_a_preview_of_anything_is_a_page(ada: User, client: Client, kind: str, broken: str) -> None:
    fields = (
        {"kind": kind}
        if broken == "nothing"
        else filled(kind=kind)
        | {f"options-{number}-text": "x" for number in range(20)}
        | {"extra-answer": "x", "extra-tolerance": "-", "extra-accepted": "a\nA", "targets-0-text": "t", "order": "?"}
    )
    assert client.post("/teach/questions/preview/", fields).status_code == 200


def test_a_question_that_is_nearly_the_same_is_named(
    question: Question, client: Client, ada: User, now: datetime
) -> None:
    client.post(address(question), filled())
    other = create_question(person_id=ada.pk, data=new_data("multiple_choice"), now=now)
    url = reverse("teach:question_autosave", args=[other.code])
    alike = client.post(url, filled()).json()["alike"]
    assert [one["code"] for one in alike] == [question.code]
    assert alike[0]["share"] > 0.9
    assert client.post(url, filled(revision="2", contrast=question.code)).json()["alike"] == []


class Markup(HTMLParser):
    """The tags of a piece of html, with the names of their attributes, and where they lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what is there."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]


HARMLESS = {"p", "a", "em", "strong", "code", "pre", "ul", "ol", "li", "table", "tr", "th", "td", "br"}


def test_nothing_that_is_written_runs(ada: User, client: Client) -> None:
    for text in corpus.SMALL[:120]:
        page = client.post("/teach/questions/preview/", filled(stem=text)).content.decode()
        found = Markup(page.partition('<div class="stem">')[2].partition("</div>")[0])
        assert found.tags <= HARMLESS | {"thead", "tbody", "blockquote", "hr", "img", "span", "div"}, text
        assert found.attributes <= {"href", "rel", "class", "title", "start", "scope", "style"} - {"style"}, text
        assert all(one.startswith("https://") for one in found.links), text


def test_a_shared_text_is_copied_into_the_version(question: Question, client: Client, ada: User, now: datetime) -> None:
    client.post("/teach/scenarios/", {"title": "A retailer", "text": "A retailer has **two** Regions."})
    scenario = Scenario.objects.get()
    client.post(address(question), filled(scenario=scenario.code))
    content, attributes = frozen(question, person_id=ada.pk, today=now.date())
    assert (content.scenario, attributes.scenario) == ("A retailer has **two** Regions.", scenario.code)
    edit = reverse("teach:scenario_edit", args=[scenario.code])
    assert client.post(edit, {"title": "T", "text": "New", "revision": "0"}).status_code == 302
    assert client.post(edit, {"title": "T", "text": "Mine", "revision": "0"}).status_code == 422
    assert Scenario.objects.get().text == "New"
    stranger = Client()
    stranger.force_login(factories.make_instructor("bob"), backend=BACKEND)
    assert stranger.get(edit).status_code == 404


def test_statements_are_found_by_their_words(ada: User, client: Client, course: None) -> None:
    htmx = {"HX-Request": "true"}
    part = client.get("/teach/questions/statements/", {"words": "zone"}, headers=htmx).content.decode()
    assert ("data-cite=" in part, "<html" in part) == (True, False)
    page = client.get("/teach/questions/statements/", {"words": "zone"}).content.decode()
    assert ("data-cite=" in page, "<html" in page, "<code>test-" in page) == (False, True, True)
    assert "<code>" not in client.get("/teach/questions/statements/", {"words": "zzzz"}).content.decode()


def test_what_is_somebody_elses_is_not_there(question: Question) -> None:
    stranger = Client()
    stranger.force_login(factories.make_instructor("bob"), backend=BACKEND)
    assert stranger.get(address(question)).status_code == 404
    assert stranger.post(address(question), filled()).status_code == 404
    assert stranger.post(reverse("teach:question_autosave", args=[question.code]), filled()).status_code == 404
