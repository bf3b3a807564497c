"""What was chosen comes into the bank all at once; whatever happens on the way, nobody sees half of it."""

import base64
import io
import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image as Pillow

from quizzes.engine.content import Content
from quizzes.formats.drafts import read_draft
from quizzes.models import (
    AuditEntry,
    Draft,
    Image,
    Import,
    ImportItem,
    Question,
    QuestionText,
    QuestionVersion,
    Scenario,
)
from quizzes.queries.exchange import items_of
from quizzes.queries.likeness import candidates
from quizzes.queries.question_list import Wanted, listed_questions
from quizzes.queries.rights import own_scenarios
from quizzes.services import import_writing
from quizzes.services.exchange import CannotChoose, WrongState, choose, choose_all, confirm, discard, sweep_imports
from quizzes.services.lifecycle import propose, publish, retire
from tests.factories import make_authored, make_instructor
from tests.formats.exchange.lines import line_of
from tests.quizzes.exchange.conftest import Desk, question_of


def seen(desk: Desk) -> int:
    """How many questions the list of the bank shows."""
    return listed_questions(desk.person.pk, Wanted()).count()


def test_questions_come_in_as_drafts(desk: Desk) -> None:
    source = desk.brought(question_of(number) for number in range(60))
    choose(source, 2, "skip")
    source = desk.taken(source, tag="spring")
    assert (source.state, source.done, source.total) == ("done", 59, 59)
    assert seen(desk) == 59
    row = Question.objects.get(external_id="lines:f-0")
    assert (row.status, row.author_id, row.origin, row.task) == ("draft", desk.person.pk, "author", "1.1")
    assert row.tags == ["made", "spring"]
    read = read_draft(row.draft.data, {})
    assert read.content == question_of(0).content
    assert read.mistakes == ()
    assert row.words.stem.startswith("A company numbered 0")
    assert items_of(source).get(position=1).question == row
    assert not (desk.folder / source.code).exists()
    entry = AuditEntry.objects.get(verb="questions.imported")
    assert entry.data == {"file": "bank.lines", "format": "lines", "taken": 59, "replaced": 0, "skipped": 1}
    assert candidates("A company numbered 7 has", person_id=desk.person.pk)


def test_nothing_is_written_twice(desk: Desk) -> None:
    source = desk.taken(desk.brought(question_of(number) for number in range(3)))
    desk.write(source)
    with pytest.raises(WrongState):
        confirm(source, now=desk.clock())
    again = desk.brought(question_of(number) for number in range(3))
    with pytest.raises(CannotChoose):
        confirm(again, now=desk.clock())
    assert seen(desk) == 3


class Crash(BaseException):
    """As if somebody had pulled the plug."""


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("after", [False, True])
def test_a_writer_that_was_stopped_is_gone_on_from(
    desk: Desk, at: int, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    questions = [question_of(one) for one in range(160)]
    for place in (0, 70):
        questions[place] = replace(
            questions[place], content=replace(questions[place].content, scenario="They share this.")
        )
    source = desk.brought(questions)
    confirm(source, now=desk.clock())
    calls, real = iter(range(100)), import_writing.beat

    def crash(*args: object, **more: object) -> None:
        here = next(calls) == at
        if after:
            real(*args, **more)  # type: ignore[arg-type]
        if here:
            raise Crash
        if not after:
            real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(import_writing, "beat", crash)
    with pytest.raises(Crash):
        desk.write(source)
    assert seen(desk) == 0
    assert not own_scenarios(desk.person.pk).exists()
    assert Question.objects.count() == min(at * 50, 160)
    source = desk.write(source)
    assert (source.state, source.done) == ("done", 160)
    assert seen(desk) == Question.objects.count() == Draft.objects.count() == QuestionText.objects.count() == 160
    assert own_scenarios(desk.person.pk).count() == 1
    assert AuditEntry.objects.filter(verb="questions.imported").count() == 1


def test_each_transaction_is_short(desk: Desk) -> None:
    source = desk.brought(question_of(number) for number in range(200))
    confirm(source, now=desk.clock())
    with CaptureQueriesContext(connection) as captured:
        desk.write(source)
    inserts = [one["sql"] for one in captured.captured_queries if one["sql"].startswith("INSERT")]
    assert len([one for one in inserts if "quizzes_question" in one.split("(")[0]]) >= 4
    per_chunk = len(captured.captured_queries) / 4
    assert per_chunk < 25, captured.captured_queries
    more = desk.brought(question_of(number + 500) for number in range(400))
    confirm(more, now=desk.clock())
    with CaptureQueriesContext(connection) as twice:
        desk.write(more)
    assert len(twice.captured_queries) - len(captured.captured_queries) <= 4 * per_chunk


def test_one_who_gave_it_up_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = make_authored(desk.person, 1)[0]
    questions = [question_of(one) for one in range(60)]
    questions[0] = replace(questions[0], code=mine.code, content=replace(question_of(0).content, scenario="Shared."))
    source = desk.brought(questions)
    choose(source, 1, "replace")
    confirm(source, now=desk.clock())
    calls, real = iter(range(100)), import_writing.beat

    def crash(*args: object, **more: object) -> None:
        if next(calls) == 1:
            raise Crash
        real(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(import_writing, "beat", crash)
    with pytest.raises(Crash):
        desk.write(source)
    assert Question.objects.count() == 50
    assert mine.versions.count() == 2
    discard(source, folder=desk.folder, images=desk.images, now=desk.clock())
    assert list(Question.objects.all()) == [mine]
    assert mine.versions.count() == 1
    assert not Scenario.objects.exists()
    assert not Draft.objects.exists()
    assert list(desk.folder.iterdir()) == []
    assert source.state == "discarded"
    assert desk.write(source).state == "discarded"


def test_a_file_that_is_gone_is_said(desk: Desk) -> None:
    source = desk.brought([question_of(1)])
    confirm(source, now=desk.clock())
    (desk.folder / source.code).unlink()
    source = desk.write(source)
    assert (source.state, seen(desk)) == ("failed", 0)
    assert "import it again" in source.problem


def test_two_at_once_write_it_once(desk: Desk) -> None:
    source = desk.brought(question_of(number) for number in range(60))
    confirm(source, now=desk.clock())
    real, other = desk.clock.__call__, []

    class Joined(type(desk.clock)):  # type: ignore[misc]
        def __call__(self):  # type: ignore[no-untyped-def]
            if not other and Question.objects.exists():
                other.append(None)
                desk.write(Import.objects.get(pk=source.pk))
            return real()

    first = import_writing.write_import(source.pk, folder=desk.folder, images=desk.images, clock=Joined(), seen=None)
    assert other
    assert first.state == "done"
    assert seen(desk) == Question.objects.count() == 60


def test_a_published_question_gets_a_new_version(desk: Desk) -> None:
    desk.taken(desk.brought([question_of(1), question_of(2)]))
    one, two = Question.objects.order_by("external_id")
    for each in (one, two):
        publish(each.pk, actor=desk.person, now=desk.clock())
    changed = replace(question_of(1).content, stem=f"{question_of(1).content.stem} And now?")
    bare = question_of(2).content
    bare = replace(bare, stem=f"{bare.stem} Then?", options=tuple(replace(o, rationale="") for o in bare.options))
    source = desk.brought([replace(question_of(1), content=changed), replace(question_of(2), content=bare)])
    assert choose_all(source, "replace_matched") == 2
    before = AuditEntry.objects.filter(verb="question.published").count()
    source = desk.taken(source)
    one.refresh_from_db()
    two.refresh_from_db()
    assert Content.from_body(one.current.body) == changed
    assert (one.current.number, one.status) == (2, "published")
    assert one.draft.data["stem"] == changed.stem
    assert one.words.stem.endswith("And now?")
    assert AuditEntry.objects.filter(verb="question.published").count() == before + 1
    assert (two.current.number, two.status) == (1, "published")
    assert two.draft.data["stem"] == bare.stem
    held = items_of(source).get(position=2)
    assert "Only the draft" in held.notes[-1]["words"]
    assert Question.objects.count() == 2
    assert AuditEntry.objects.get(verb="questions.imported", data__replaced=2).data["taken"] == 0


def test_another_key_is_a_correction(desk: Desk) -> None:
    desk.taken(desk.brought([question_of(1)]))
    one = Question.objects.get()
    publish(one.pk, actor=desk.person, now=desk.clock())
    content = question_of(1).content
    moved = replace(content, options=tuple(replace(o, correct=o.id == "b") for o in content.options))
    source = desk.brought([replace(question_of(1), content=moved)])
    choose(source, 1, "replace")
    desk.taken(source)
    one.refresh_from_db()
    assert one.current.corrects.number == 1
    assert AuditEntry.objects.filter(verb="question.key", question=one).count() == 1


def test_what_is_read_or_put_away_gets_a_draft_alone(desk: Desk) -> None:
    desk.taken(desk.brought([question_of(1), question_of(2), question_of(3)]))
    one, two, three = Question.objects.order_by("external_id")
    propose(one.pk, actor=desk.person, now=desk.clock())
    publish(two.pk, actor=desk.person, now=desk.clock())
    retire(two.pk, actor=desk.person, now=desk.clock())
    new = [question_of(number) for number in (1, 2, 3)]
    new = [replace(q, content=replace(q.content, stem=f"{q.content.stem} New?")) for q in new]
    source = desk.brought(new)
    choose_all(source, "replace_matched")
    desk.taken(source)
    for each, status in ((one, "review"), (two, "retired"), (three, "draft")):
        each.refresh_from_db()
        assert each.status == status
        assert each.draft.data["stem"].endswith("New?")
    assert QuestionVersion.objects.count() == 2
    assert "not in use" in items_of(source).get(position=2).notes[-1]["words"]


def test_only_own_questions_are_replaced(desk: Desk) -> None:
    other = make_authored(make_instructor("other"), 1)[0]
    source = desk.brought([replace(question_of(1), code=other.code), question_of(2)])
    assert items_of(source).get(position=1).target is None
    for target in (other.code, "", "none"):
        with pytest.raises(CannotChoose):
            choose(source, 1, "replace", target=target)
    mine = make_authored(desk.person, 1)[0]
    choose(source, 1, "replace", target=mine.code)
    with pytest.raises(CannotChoose, match="Question 1 of this file"):
        choose(source, 2, "replace", target=mine.code)
    confirm(source, now=desk.clock())
    Question.objects.filter(pk=mine.pk).update(author=other.author)
    desk.write(source)
    mine.refresh_from_db()
    assert mine.current.number == 1
    assert not Draft.objects.filter(question=mine).exists()
    assert Question.objects.filter(author=desk.person).count() == 2
    assert "not yours any more" in items_of(source).get(position=1).notes[-1]["words"]


def test_choices_for_all(desk: Desk) -> None:
    source = desk.read(desk.begin([line_of(question_of(1)), '{"problem": "None."}', line_of(question_of(1))]))
    assert choose_all(source, "skip_all") == 3
    assert choose_all(source, "take") == 2
    assert choose_all(source, "skip_alike") == 1
    with pytest.raises(CannotChoose):
        choose(source, 2, "take")
    with pytest.raises(CannotChoose):
        choose_all(source, "other")
    assert choose(source, 1, "skip").choice == "skip"


def png(color: str) -> bytes:
    """A small picture."""
    target = io.BytesIO()
    Pillow.new("RGB", (3, 2), color).save(target, "PNG")
    return target.getvalue()


def picture_line(name: str, data: bytes) -> str:
    """A line that holds a picture."""
    return json.dumps({"data": base64.b64encode(data).decode(), "name": name})


def test_pictures_come_along(desk: Desk) -> None:
    question = question_of(1)
    stem = f"![A plan](image:p1) {question.content.stem} ![gone](image:p2) ![bad](image:p3)"
    question = replace(question, content=replace(question.content, stem=stem))
    source = desk.read(desk.begin([line_of(question), picture_line("p1", png("red")), picture_line("p3", b"no")]))
    item = items_of(source).get()
    assert [one["aspect"] for one in item.notes] == ["pictures", "pictures"]
    assert not Image.objects.exists()
    assert not desk.images.exists()
    desk.taken(source)
    image = Image.objects.get()
    assert (image.alt, image.width, image.height, image.question.author) == ("A plan", 3, 2, desk.person)
    assert (desk.images / image.code).is_file()
    assert Draft.objects.get().data["stem"] == stem.replace("p1", image.code).replace(
        "![gone](image:p2) ![bad](image:p3)", "gone bad"
    )


def test_pictures_of_what_is_replaced(desk: Desk) -> None:
    mine = make_authored(desk.person, 1)[0]
    question = replace(question_of(1), code=mine.code)
    question = replace(question, content=replace(question.content, stem=f"![A plan](image:p1) {question.content.stem}"))
    source = desk.read(desk.begin([line_of(question), picture_line("p1", png("red"))]))
    choose(source, 1, "replace")
    desk.taken(source)
    assert Image.objects.get().question == mine


def test_codes_within_the_file_follow(desk: Desk) -> None:
    known = replace(question_of(1).known, enemies=("f-2", "elsewhere"))
    desk.taken(desk.brought([replace(question_of(1), known=known), question_of(2)]))
    second = Question.objects.get(external_id="lines:f-2")
    assert Question.objects.get(external_id="lines:f-1").draft.data["enemies"] == [second.code, "elsewhere"]


def test_old_imports_are_swept(desk: Desk) -> None:
    old, staged = desk.brought([question_of(1)]), desk.brought([question_of(2)])
    confirm(staged, now=desk.clock())
    Question.objects.create(code="orphan", origin="author", status="staged")
    assert sweep_imports(folder=desk.folder, images=desk.images, now=desk.clock()) == 0
    assert not Question.objects.exists()
    later = desk.clock().replace(year=2027)
    assert sweep_imports(folder=desk.folder, images=desk.images, now=later) == 2
    assert not Import.objects.exists()
    assert not ImportItem.objects.exists()
    assert list(desk.folder.iterdir()) == []
    assert old.pk
