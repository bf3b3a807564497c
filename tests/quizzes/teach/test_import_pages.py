"""Imports on their pages: what was found is shown, choices are kept, and nobody else’s import is there."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quizzes.formats.exchange.samples import OF_EACH_KIND
from quizzes.models import Import, ImportItem, Question
from sapro.accounts.models import User
from tests.own_imports import ASSUMED, BLOCKS, CHANGED, LOST, REMARK, add_problem, make_import, tell
from tests.quizzes.teach.conftest import browser

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


def address(source: Import, *, name: str = "import", **query: Any) -> str:
    words = "&".join(f"{key}={value}" for key, value in query.items())
    return reverse(f"teach:{name}", args=[source.code]) + (f"?{words}" if words else "")


def choices(source: Import) -> list[str]:
    return list(source.items.order_by("position").values_list("choice", flat=True))


def test_an_import_is_there_for_its_owner_alone(ada: User, bob: User, now: datetime) -> None:
    source = make_import(ada, now)
    assert browser(ada).get(address(source)).status_code == 200
    for name in ("import", "import_discard", "import_again"):
        assert browser(bob).post(address(source, name=name)).status_code == 404
    assert browser(bob).get(address(source)).status_code == 404
    assert browser(bob).get("/teach/imports/").content.count(b"questions.xml") == 0
    source.refresh_from_db()
    assert source.state == Import.State.CHOOSING


def test_the_preview_says_what_was_found(ada: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(ada, now, encoding="utf-16", notes=[ASSUMED])
    tell(source, 1, notes=[LOST, CHANGED], findings=[BLOCKS, REMARK])
    tell(source, 2, notes=[LOST], alike=[{"code": bank[0].code, "share": 0.93, "readable": True}])
    add_problem(source)
    page = browser(ada).get(address(source)).content.decode()
    for words in (
        ASSUMED["words"],
        "UTF-16",
        "all-or-nothing scoring",
        "gets half of it",
        "The key is twice as long",
        "93 % of the wording",
        "Cloze questions",
        "line 812",
        "&lt;question type=&#x27;cloze&#x27;&gt;",
        "Take 7, skip 1, replace 0.",
    ):
        assert words in page, words
    for content in OF_EACH_KIND:
        assert content.stem.split("**")[0][:40] in page


def test_the_account_narrows_the_list(ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    tell(source, 3, notes=[LOST])
    tell(source, 4, notes=[CHANGED])
    add_problem(source)
    shown = {
        "about=scoring": ["3"],
        "about=rationales": ["4"],
        "show=problems": ["8"],
        "show=losses": ["3"],
        "about=nonsense": [str(n) for n in range(1, 9)],
    }
    for query, positions in shown.items():
        page = browser(ada).get(f"{address(source)}?{query}").content.decode()
        found = [str(n) for n in range(1, 9) if f'id="q{n}"' in page]
        assert found == positions, query


def test_choices_are_kept_as_the_pages_are_turned(ada: User, now: datetime) -> None:
    source = make_import(ada, now, contents=[OF_EACH_KIND[0]] * 60)
    client = browser(ada)
    answer = client.post(address(source), {"position": ["1", "2"], "choice-1": "skip", "choice-2": "take", "go": "3"})
    assert answer.url == f"{address(source)}?page=3#questions"
    client.post(f"{address(source)}?page=3", {"position": ["60"], "choice-60": "skip", "do": "save"})
    assert choices(source) == ["skip", *["take"] * 58, "skip"]
    assert "Take 58, skip 2, replace 0." in client.get(address(source)).content.decode()


def test_all_can_be_chosen_at_once(ada: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(ada, now)
    tell(source, 2, alike=[{"code": bank[0].code, "share": 0.93, "readable": True}])
    tell(source, 5, findings=[BLOCKS])
    client = browser(ada)
    client.post(address(source), {"all": "skip_alike"})
    assert choices(source).index("skip") == 1
    client.post(address(source), {"all": "skip_blocking"})
    assert [n for n, one in enumerate(choices(source), 1) if one == "skip"] == [2, 5]
    client.post(address(source), {"all": "skip_all"})
    assert set(choices(source)) == {"skip"}
    client.post(address(source), {"all": "take"})
    assert set(choices(source)) == {"take"}
    assert client.post(address(source), {"all": "burn"}).status_code == 422


def test_only_an_own_question_is_replaced(ada: User, bob: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(bob, now)
    client = browser(bob)
    sent = {"position": ["1"], "choice-1": "replace", "target-1": bank[0].code}
    answer = client.post(address(source), sent)
    assert answer.status_code == 422
    assert "Only a question of yours can be replaced" in answer.content.decode()
    own = make_import(ada, now)
    client = browser(ada)
    assert client.post(address(own), sent).status_code == 302
    item = own.items.get(position=1)
    assert (item.choice, item.target) == (ImportItem.Choice.REPLACE, bank[0])
    answer = client.post(address(own), {"position": ["2"], "choice-2": "replace", "target-2": bank[0].code})
    assert "only one can" in answer.content.decode()


def test_a_change_is_kept_as_it_is_made(ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    client, htmx = browser(ada), {"HX-Request": "true"}
    answer = client.post(address(source), {"position": ["1"], "choice-1": "skip"}, headers=htmx)
    assert "Take 6, skip 1, replace 0." in answer.content.decode()
    assert "<html" not in answer.content.decode()
    # A replacement is not asked for before its code is typed.
    answer = client.post(address(source), {"position": ["2"], "choice-2": "replace", "target-2": ""}, headers=htmx)
    assert "Not kept" not in answer.content.decode()
    answer = client.post(address(source), {"position": ["2"], "choice-2": "replace", "target-2": "x"}, headers=htmx)
    assert "Question 2: Only a question of yours" in answer.content.decode()


def test_a_tag_that_is_none_is_told_and_nothing_is_taken(ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    answer = browser(ada).post(address(source), {"do": "confirm", "tag": "/no/"})
    assert answer.status_code == 422
    assert "Letters, digits, spaces" in answer.content.decode()
    source.refresh_from_db()
    assert source.state == Import.State.CHOOSING


def test_an_import_is_discarded_once(ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    client = browser(ada)
    assert client.post(address(source, name="import_discard")).url == "/teach/imports/"
    assert "Nothing of it was taken." in client.get(address(source)).content.decode()
    answer = client.post(address(source), {"position": ["1"], "choice-1": "skip"})
    assert answer.status_code == 302
    assert "has gone on meanwhile" in client.get(address(source)).content.decode()


def test_while_it_is_read_only_the_bar_is_asked_for(
    ada: User, now: datetime, django_assert_max_num_queries: Any
) -> None:
    source = make_import(ada, now, state=Import.State.READING, contents=(), beat_at=now, done=400, total=1000)
    client = browser(ada)
    page = client.get(address(source)).content.decode()
    assert '<progress value="40" max="100"' in page
    assert "http-equiv" in page
    with django_assert_max_num_queries(4):  # the session, the person, whether they teach, and the import
        part = client.get(address(source, said=25), headers={"HX-Request": "true"}).content.decode()
    assert "<progress" in part
    assert 'id="said"' not in part
    assert "25 percent" in client.get(address(source, said=0), headers={"HX-Request": "true"}).content.decode()
    Import.objects.update(state=Import.State.CHOOSING)
    assert client.get(address(source), headers={"HX-Request": "true"})["HX-Redirect"] == address(source)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({}, "Choose a file."),
        ({"file": SimpleUploadedFile("a.xml", b"")}, "This file is empty."),
        ({"file": "a.xml"}, "Choose a file."),
        ({"file": SimpleUploadedFile("a.xml", b"x"), "asked": "word"}, "There is no such format."),
    ],
    ids=["nothing", "an empty file", "a name alone", "a format that is none"],
)
def test_what_is_no_file_is_told_at_its_field(ada: User, sent: dict[str, Any], words: str) -> None:
    answer = browser(ada).post("/teach/imports/", sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_that_is_too_large_is_refused_before_it_is_read(ada: User) -> None:
    answer = browser(ada).post("/teach/imports/", b"x", content_type="text/plain", CONTENT_LENGTH=str(80 << 20))
    assert answer.status_code == 413
    assert "64 MB" in answer.content.decode()


def test_the_questions_of_a_done_import_are_listed(ada: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(ada, now, state=Import.State.DONE, tag="week 3")
    tell(source, 1, question=bank[0])
    tell(source, 2, question=bank[1], target=bank[1], choice=ImportItem.Choice.REPLACE, findings=[BLOCKS])
    ImportItem.objects.filter(source=source, position__gt=2).update(choice=ImportItem.Choice.SKIP)
    page = browser(ada).get(address(source)).content.decode()
    for words in ("2 questions are in the bank now.", "?tag=week%203", bank[0].code, "replaced", BLOCKS["words"]):
        assert words in page, words


def test_two_questions_are_compared_word_by_word(ada: User, bob: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(ada, now)
    compare = reverse("teach:import_compare", args=[source.code, 1])
    client = browser(ada)
    assert "<del>" in client.get(compare, {"question": bank[0].code}).content.decode()
    assert "<ins>" in client.get(compare, {"position": "2"}).content.decode()
    for query in ({}, {"question": "nothing"}, {"position": "99"}, {"position": "x"}):
        assert client.get(compare, query).status_code == 404
    assert browser(bob).get(compare, {"position": "2"}).status_code == 404
    other = make_import(bob, now)
    theirs = reverse("teach:import_compare", args=[other.code, 1])
    assert browser(bob).get(theirs, {"question": bank[0].code}).status_code == 404


def test_what_is_true_of_every_question_is_said_once(ada: User, now: datetime) -> None:
    source = make_import(ada, now)
    source.items.update(notes=[CHANGED])
    tell(source, 2, notes=[CHANGED, LOST])
    add_problem(source)
    page = browser(ada).get(address(source)).content.decode()
    assert "True of every question" in page
    assert page.count(CHANGED["words"]) == 1
    assert page.count(LOST["words"]) == 1
    narrowed = browser(ada).get(address(source, about="rationales")).content.decode()
    assert narrowed.count(CHANGED["words"]) == 1 + len(OF_EACH_KIND)
    tell(source, 3, notes=[])
    page = browser(ada).get(address(source)).content.decode()
    assert "True of every question" not in page
    assert page.count(CHANGED["words"]) == len(OF_EACH_KIND) - 1


def test_a_preview_asks_no_more_for_a_long_file(ada: User, now: datetime, django_assert_max_num_queries: Any) -> None:
    client = browser(ada)
    counts = []
    for times in (5, 40):
        source = make_import(ada, now, contents=[*OF_EACH_KIND] * times)
        client.get(address(source))
        with django_assert_max_num_queries(25) as asked:
            client.get(address(source))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx", "list.txt"])
def test_a_table_that_is_not_read_leads_to_the_template(ada: User, now: datetime, name: str) -> None:
    problem = "this is none of the formats"
    source = make_import(ada, now, contents=(), state=Import.State.FAILED, format="", file_name=name, problem=problem)
    page = browser(ada).get(address(source)).content.decode()
    assert "This is none of the formats.</p>" in page
    end = name.partition(".")[2]
    assert (f"/teach/formats/{end}/sample/" in page) == (end != "txt")


def test_what_is_held_back_is_not_ticked(ada: User, now: datetime, bank: list[Question]) -> None:
    source = make_import(ada, now, state=Import.State.DONE)
    tell(source, 1, question=bank[0])
    tell(source, 2, question=bank[1], findings=[BLOCKS])
    page = browser(ada).get(address(source)).content.decode()
    assert page.count('name="pick"') == 2
    assert page.count(" checked>") == 1
