"""The bank as an instructor sees it: what is found, what it costs, what is done to many at once, and copies."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from quizzes.formats.pictures import read_picture
from quizzes.models import AuditEntry, Challenge, Draft, Image, Question, Scenario
from quizzes.queries.question_list import NEEDS, SORTS, Wanted, listed_questions
from quizzes.services import lifecycle
from quizzes.services.drafts import save_draft
from quizzes.services.images import add_image
from quizzes.services.question_texts import index_draft, index_questions
from reference.models import Topic
from sapro.accounts.models import User
from tests import factories
from tests.formats.test_pictures import encoded
from tests.quizzes.teach.test_lifecycle import data, drafted
from tests.security.people import BACKEND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def ada() -> User:
    return factories.make_instructor("ada")


@pytest.fixture
def bob() -> User:
    return factories.make_instructor("bob")


@pytest.fixture
def client(ada: User) -> Client:
    found = Client()
    found.force_login(ada, backend=BACKEND)
    return found


def codes(person: User, **wanted: str) -> set[str]:
    return {one.code for one in listed_questions(person.pk, Wanted(**wanted))}


def test_each_filter_by_itself(course: None, ada: User, bob: User, now: datetime) -> None:
    mine, other = factories.make_authored(ada, 2)
    [shared] = factories.make_authored(bob)
    factories.make_authored(bob)
    shared.editors.add(ada)
    topic = Topic.objects.get(slug="test-balancers")
    mine.topics.add(topic)
    Question.objects.filter(pk=mine.pk).update(task="1.1", level="apply", tags=["vpc", "größe"], status="retired")
    Draft.objects.create(question=other, data={"kind": "numeric"}, saved_at=now)
    index_draft(other, {"stem": "zebras"}, blocking=1)
    index_draft(shared, {"stem": "giraffes"}, alike=1)
    own = {mine.code, other.code}
    assert codes(ada, whose="own") == own
    assert codes(ada, whose="shared") == {shared.code}
    assert {code[:4] for code in codes(ada, whose="course")} == {"test"}
    assert codes(ada, whose="own", topic="test-balancers") == {mine.code}
    assert codes(ada, topic="test-balancers") > {mine.code}
    assert codes(ada, whose="own", task="1.1") == codes(ada, whose="own", level="apply") == {mine.code}
    assert codes(ada, tag="vpc") == codes(ada, tag="größe") == {mine.code}
    assert codes(ada, tag="vp") == codes(ada, tag='"') == codes(ada, tag="%") == set()
    assert codes(ada, whose="own", status="retired") == {mine.code}
    assert codes(ada, author="BOB") == {shared.code}
    assert codes(ada, text="zebra") == {other.code}
    assert codes(ada, needs="blocking") == {other.code}
    assert codes(ada, needs="alike") == {shared.code}
    assert codes(ada, needs="any", whose="own") == {other.code}
    assert codes(ada, whose="own", kind="multiple_choice") | codes(ada, whose="own", kind="multiple_response") == own


def test_a_draft_has_the_kind_that_was_chosen(ada: User, now: datetime) -> None:
    drafted(ada, now)
    assert codes(ada, kind="multiple_choice") == {"mine"}
    assert codes(ada, kind="numeric") == set()


def test_a_draft_is_found_by_what_it_names_until_it_is_published(course: None, ada: User, now: datetime) -> None:
    draft = drafted(ada, now, "draft-placed")
    said = {**draft.draft.data, "topics": ["test-balancers", "nowhere"], "task": "1.2", "level": "analyze"}
    save_draft(question=draft, data=said, revision=draft.draft.revision, person_id=ada.pk, now=now)
    found = {draft.code}
    assert codes(ada, topic="test-balancers", whose="own") == codes(ada, task="1.2", whose="own") == found
    assert codes(ada, level="analyze", whose="own") == found
    lifecycle.publish(draft.pk, actor=ada, now=now)
    draft.refresh_from_db()
    said = {**said, "topics": [], "task": "2.1"}
    save_draft(question=draft, data=said, revision=draft.draft.revision, person_id=ada.pk, now=now)
    assert codes(ada, topic="test-balancers", whose="own") == codes(ada, task="1.2", whose="own") == found


def test_what_needs_attention(ada: User, bob: User, now: datetime, person: User) -> None:
    challenged, stale, proposed = factories.make_authored(ada, 3)
    for state in ("open", "declined"):
        Challenge.objects.create(question=challenged, flaw="key", text="x", state=state, created_at=now)
    Question.objects.filter(pk=stale.pk).update(stale=True)
    Draft.objects.create(question=proposed, data=data(), saved_at=now)
    lifecycle.propose(proposed.pk, actor=ada, now=now)
    proposed.editors.add(bob)
    assert codes(ada, needs="challenges") == {challenged.code}
    assert codes(ada, needs="stale") == {stale.code}
    assert codes(ada, needs="any") == {challenged.code, stale.code}
    assert (codes(ada, needs="review"), codes(bob, needs="review")) == (set(), {proposed.code})
    assert codes(ada, status="review") == {proposed.code}


ADDRESSES = [
    "",
    *(f"?sort={one}" for one in SORTS),
    *(f"?needs={one}" for one in NEEDS),
    "?q=stem+meant&whose=own&status=published&task=1.1&level=apply&kind=numeric&author=ada&tag=made&needs=any",
    "?topic=test-balancers&page=2",
    "?q=nothing-has-these-words",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_any_filter_takes_six_statements(course: None, ada: User, client: Client, address: str) -> None:
    made = factories.make_authored(ada, 60)
    index_questions([one.pk for one in made])
    client.get("/teach/")  # the first visit of a day writes itself down
    with CaptureQueriesContext(connection) as statements:
        assert client.get(f"/teach/questions/{address}").status_code == 200
    assert len(statements) <= 6, [one["sql"][-300:] for one in statements]


@pytest.mark.parametrize(
    "address", ["?sort=x", "?needs=x&page=zebra", "?page=-1", "?topic=%00", "?q=%00%22*", "?q=" + "x" * 3000]
)
def test_nonsense_in_an_address_asks_for_nothing(ada: User, client: Client, address: str) -> None:
    factories.make_authored(ada)
    reply = client.get(f"/teach/questions/{address}")
    assert reply.status_code == 200


def test_filters_stay_when_one_turns_the_page(ada: User, client: Client) -> None:
    index_questions([one.pk for one in factories.make_authored(ada, 60)])
    page = client.get("/teach/questions/?q=stem&whose=own&sort=code").content.decode()
    assert "?page=2&amp;q=stem&amp;whose=own&amp;sort=code" in page
    assert page.count('name="pick"') == 50


def post(client: Client, **fields: Any) -> Any:
    return client.post("/teach/questions/?whose=own&page=1", fields)


def test_many_are_tagged_at_once(ada: User, client: Client, now: datetime) -> None:
    one, two = drafted(ada, now, "one"), drafted(ada, now, "two")
    reply = post(client, pick=["one", "two"], action="tag", tag=" Networks ")
    assert "Done for 2 questions" in reply.content.decode()
    assert "?whose=own" in reply.content.decode()
    for question in (one, two):
        question.refresh_from_db()
        assert (question.tags, question.draft.data["tags"]) == (["networks"], ["networks"])
    assert codes(ada, text="networks") == {"one", "two"}
    post(client, pick=["one"], action="untag", tag="networks")
    assert codes(ada, tag="networks") == {"two"}


def test_what_cannot_be_published_says_why_and_the_rest_is(
    course: None, ada: User, bob: User, client: Client, now: datetime
) -> None:
    drafted(ada, now, "good")
    drafted(ada, now, "empty")
    Draft.objects.filter(question__code="empty").update(data=data() | {"stem": ""})
    [put_away] = factories.make_authored(ada, status="retired")
    [others] = factories.make_authored(bob)
    picked = ["good", "empty", put_away.code, others.code, "test-tb01", "nowhere"]
    page = post(client, pick=picked, action="publish").content.decode()
    assert "Done for 1 question." in page
    assert "5 were left as they are" in page
    assert "Write the question." in page
    assert "It is retired" in page
    assert page.count("This question is not yours") == 3
    assert Question.objects.get(code="good").status == "published"
    assert "Done for 1 question." in post(client, pick=["good"], action="retire").content.decode()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"action": "publish"}, "Tick the questions first"),
        ({"action": "tag", "pick": "mine", "tag": ""}, "Write a tag"),
        ({"action": "tag", "pick": "mine", "tag": "<b>"}, "Write a tag"),
        ({"action": "explode", "pick": "mine"}, "not one of the available choices"),
        ({"pick": "mine"}, "required"),
    ],
)
def test_what_is_wrong_keeps_what_was_ticked(
    ada: User, client: Client, now: datetime, fields: dict[str, str], words: str
) -> None:
    drafted(ada, now)
    reply = post(client, **fields)
    page = reply.content.decode()
    assert (reply.status_code, words in page) == (422, True)
    assert ('value="mine"' in page, "checked" in page) == (True, "pick" in fields)
    assert not AuditEntry.objects.exists()


def test_a_question_of_the_course_is_copied(course: None, ada: User, client: Client) -> None:
    source = Question.objects.get(code="test-tb01")
    reply = client.post("/teach/questions/test-tb01/copy/")
    copy = Question.objects.get(origin="author")
    assert reply["Location"] == f"/teach/questions/{copy.code}/versions/"
    assert (copy.author, copy.status, copy.current, copy.licence) == (ada, "draft", None, source.licence)
    assert copy.external_id == "copy of test-tb01"
    version = lifecycle.publish(copy.pk, actor=ada, now=copy.updated_at)
    copy.refresh_from_db()
    assert source.current is not None
    assert (version.digest, version.shown) == (source.current.digest, source.current.shown)
    assert [one.anchor for one in copy.references.all()] == [one.anchor for one in source.references.all()]
    for name in ("task", "domain", "level", "difficulty", "constraints", "flaws", "sources", "verified_on", "topic"):
        assert getattr(copy, name) == getattr(source, name), name


def test_a_copy_takes_pictures_and_shared_text_along(
    ada: User, client: Client, now: datetime, settings: Any, tmp_path: Path
) -> None:
    settings.DATA = tmp_path
    question = drafted(ada, now)
    Scenario.objects.create(code="shop", author=ada, title="Shop", text="A shop.", updated_at=now)
    image = add_image(question, read_picture(encoded()), "x", folder=tmp_path / "images", actor=ada, now=now)
    shows = f"See ![x](image:{image.code})"
    Draft.objects.update(data=data(stem=shows) | {"scenario": "shop", "extra": {"rationale": shows}})
    client.post("/teach/questions/mine/copy/")
    copy = Draft.objects.exclude(question=question).get()
    copied = Image.objects.exclude(pk=image.pk).get()
    assert copy.data["stem"] == copy.data["extra"]["rationale"] == f"See ![x](image:{copied.code})"
    scenario = Scenario.objects.get(code=copy.data["scenario"])
    assert (scenario.text, scenario.code != "shop", copied.question) == ("A shop.", True, copy.question)


def test_strangers_copy_nothing(ada: User, bob: User, now: datetime, person: User) -> None:
    drafted(ada, now)
    for one in (bob, person):
        other = Client()
        other.force_login(one, backend=BACKEND)
        assert other.post("/teach/questions/mine/copy/").status_code == 404
    assert Question.objects.count() == 1
