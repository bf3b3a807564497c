"""The gradebook of a class: what counts for whom, its orders and filters, its files, and what it costs."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client

from quizzes.models import Assignment, Attempt, Classroom, Membership, Question, Quiz
from quizzes.services.proctoring import reopen_attempt, void_attempt
from quizzes.services.results import finish_attempt
from sapro.accounts.models import User
from tests import factories
from tests.many_grades import make_grades
from tests.own_classes import assign, enroll, grant, make_class, make_group
from tests.own_quizzes import begin, make_own_quiz, sat
from tests.quizzes.attempts.test_costs import counting
from tests.quizzes.teach.conftest import browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ANN, BEN, CAT = "ann", "ben", "cat"


@pytest.fixture
def desk(teacher: User) -> Client:
    """The teacher's browser."""
    return browser(teacher)


@pytest.fixture
def given(classroom: Classroom, quiz: Quiz, now: datetime) -> Assignment:
    """The quiz for the whole class, due an hour ago, the best attempt counts."""
    return assign(classroom, quiz, due_at=now - timedelta(hours=1))


@pytest.fixture
def cat(classroom: Classroom, django_user_model: Any) -> User:
    """A learner who does nothing."""
    user = django_user_model.objects.create_user("cat")
    enroll(classroom, user)
    return user


@pytest.fixture
def sittings(
    ann: User, ben: User, cat: User, given: Assignment, quiz: Quiz, questions: list[Question], now: datetime
) -> list[Attempt]:
    """Ann: 2 and then 3 of 6, both in time. Ben: all right, too late. Cat: nothing."""
    before = now - timedelta(hours=5)
    return [
        sat(ann, quiz, questions, before, right={1, 2}, assignment=given),
        sat(ann, quiz, questions, before + timedelta(hours=1), right={1, 2, 3}, assignment=given),
        sat(ben, quiz, questions, now - timedelta(minutes=30), right={1, 2, 3, 4, 5, 6}, assignment=given),
    ]


def rows(desk: Client, classroom: Classroom, query: str = "") -> dict[str, list[str]]:
    """The words of each row by learner, from the top: the mean, then a cell for each assignment."""
    page = desk.get(f"/teach/classes/{classroom.code}/gradebook/{query}").content.decode()
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.S):
        [name] = re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', row)
        found[name] = [
            " ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td.*?</td>", row, re.S)
        ]
    return found


# What counts


@pytest.mark.parametrize(
    ("counts", "percent"), [("first", "33 %"), ("last", "50 %"), ("best", "50 %"), ("average", "42 %")]
)
def test_a_cell_says_what_counts(
    desk: Client, classroom: Classroom, given: Assignment, sittings: list[Attempt], counts: str, percent: str
) -> None:
    given.counts = counts
    given.save()
    assert rows(desk, classroom) == {
        ANN: [percent, percent],
        BEN: ["100 %", "100 % late"],
        CAT: ["– nothing counts yet", "missing"],
    }


def test_what_is_void_counts_nowhere_and_the_last_result_counts(
    desk: Client, classroom: Classroom, sittings: list[Attempt], questions: list[Question], now: datetime
) -> None:
    void_attempt(attempt_id=sittings[1].pk, reason="twice", now=now)
    assert rows(desk, classroom)[ANN][1] == "33 %"
    reopen_attempt(attempt_id=sittings[0].pk, seconds=60, reason="noise", now=now)
    assert rows(desk, classroom)[ANN] == ["– nothing counts yet", "working"]
    finish_attempt(attempt_id=sittings[0].pk, now=now, by_learner=True)
    assert rows(desk, classroom)[ANN][1] == "33 % late , marked again"


def test_conditions_move_the_due_date_of_one(
    desk: Client, classroom: Classroom, given: Assignment, sittings: list[Attempt], ben: User, cat: User, now: datetime
) -> None:
    grant(ben, given, due_at=now)
    grant(cat, given, due_at=now + timedelta(hours=1))
    grant(cat, factor=1.5)
    found = rows(desk, classroom)
    assert (found[BEN][1], found[CAT][1]) == ("100 %", "– not begun")


def test_who_is_working_and_whose_time_is_up(
    desk: Client, classroom: Classroom, given: Assignment, quiz: Quiz, questions: list[Question],
    ann: User, ben: User, now: datetime
) -> None:  # fmt: skip
    begin(ann, quiz, questions, now, assignment=given)
    begin(ben, quiz, questions, now - timedelta(hours=2), assignment=given)
    assert [row[1] for row in rows(desk, classroom).values()] == ["working", "not marked yet"]


def test_practice_counts_what_was_graded_one_by_one(
    desk: Client, classroom: Classroom, teacher: User, questions: list[Question], ann: User, now: datetime
) -> None:
    quiz = make_own_quiz(teacher, questions[:4], mode="practice", time_limit=None, pass_mark=50)
    given = assign(classroom, quiz)
    attempt = begin(ann, quiz, questions[:4], now, assignment=given)
    attempt.responses.filter(position=1).update(fraction=1.0, locked_at=now)
    Attempt.objects.filter(pk=attempt.pk).update(state="submitted", ended_at=now)
    assert rows(desk, classroom)[ANN][1] == "25 % not passed"


def test_a_group_has_its_own_assignments_and_what_was_withdrawn_stays_where_it_was_sat(
    desk: Client, classroom: Classroom, given: Assignment, sittings: list[Attempt], quiz: Quiz, ben: User, now: datetime
) -> None:
    group = make_group(classroom, "Evening")
    Membership.objects.filter(person=ben).update(group=group)
    assign(classroom, quiz, group=group, due_at=now)
    assign(classroom, quiz, withdrawn_at=now)
    given.withdrawn_at = now
    given.save()
    assert rows(desk, classroom) == {
        ANN: ["50 %", "50 %", "not given to them"],
        BEN: ["100 %", "100 % late", "– not begun"],
        CAT: ["– nothing counts yet", "– not begun", "not given to them"],
    }


def test_heads_say_when_it_is_due_and_the_mean_of_those_who_are_there(
    desk: Client, classroom: Classroom, sittings: list[Attempt], ben: User, now: datetime
) -> None:
    def head() -> str:
        return desk.get(f"/teach/classes/{classroom.code}/gradebook/").content.decode().partition("<tbody>")[0]

    assert "mean 75 % of 2" in head()
    assert "Nov 23, 11:00" in head()
    Membership.objects.filter(person=ben).update(left_at=now)
    assert "mean 50 % of 1" in head()
    assert list(rows(desk, classroom)) == [ANN, CAT]
    assert list(rows(desk, classroom, "?left=1")) == [ANN, BEN, CAT]


def test_a_cell_leads_to_the_sitting_where_the_quiz_is_the_instructors(
    desk: Client, classroom: Classroom, given: Assignment, sittings: list[Attempt]
) -> None:
    def links() -> set[str]:
        page = desk.get(f"/teach/classes/{classroom.code}/gradebook/").content.decode()
        return set(re.findall(r'<td class="num"><a href="([^"]+)"', page))

    results = f"/teach/quizzes/{given.quiz.slug}/results/"
    assert links() == {f"{results}{sittings[1].code}/", f"{results}{sittings[2].code}/"}
    Assignment.objects.update(counts="average")
    assert all(one.endswith(f"#{given.code}") for one in links())
    Assignment.objects.update(counts="best")
    Quiz.objects.update(owner=factories.make_instructor("somebody-else"))
    assert links() == set()


# Order, filters, pages


@pytest.mark.parametrize(
    ("query", "order"),
    [
        ("", [ANN, BEN, CAT]),
        ("?sort=-name", [CAT, BEN, ANN]),
        ("?sort=mean", [ANN, BEN, CAT]),
        ("?sort=-mean", [BEN, ANN, CAT]),
        ("?sort=CODE", [ANN, BEN, CAT]),
        ("?sort=-CODE", [BEN, ANN, CAT]),
        ("?sort=-nonsense", [CAT, BEN, ANN]),
        ("?state=missing", [CAT]),
        ("?state=late", [BEN]),
        ("?state=late&at=CODE", [BEN]),
        ("?state=late&at=OTHER", []),
        ("?state=below", []),
        ("?state=below&below=51", [ANN]),
        ("?state=below&below=x", []),
        ("?state=nonsense&at=nonsense", [ANN, BEN, CAT]),
        ("?group=GROUP", [ANN]),
        ("?group=none", [BEN, CAT]),
        ("?group=0", []),
        ("?group=%00", [ANN, BEN, CAT]),
        ("?name=A&sort=-name", [CAT, ANN]),
        ("?name=number-7", [BEN]),
        ("?page=99&name=%00", [ANN, BEN, CAT]),
    ],
)
def test_it_sorts_and_filters(
    desk: Client, classroom: Classroom, quiz: Quiz, given: Assignment, sittings: list[Attempt], ann: User, ben: User,
    query: str, order: list[str]
) -> None:  # fmt: skip
    other = assign(classroom, quiz)
    group = make_group(classroom)
    Membership.objects.filter(person=ann).update(group=group)
    Membership.objects.filter(person=ben).update(external_id="Number-7")
    for word, value in (("CODE", given.code), ("OTHER", other.code), ("GROUP", str(group.pk))):
        query = query.replace(word, value)
    assert list(rows(desk, classroom, query)) == order


def test_pages_of_fifty_keep_order_and_filter(desk: Client, teacher: User, now: datetime) -> None:
    classroom = make_grades(teacher, 53, 1, now)
    page = desk.get(f"/teach/classes/{classroom.code}/gradebook/?sort=-mean&state=below&below=100").content.decode()
    assert "page=2&amp;sort=-mean&amp;state=below&amp;below=100" not in page, "those with everything right are out"
    assert (
        "page=2&amp;sort=-mean&amp;name=pupil"
        in desk.get(f"/teach/classes/{classroom.code}/gradebook/?sort=-mean&name=pupil").content.decode()
    )
    assert len(rows(desk, classroom)) == 50
    assert len(rows(desk, classroom, "?page=2")) == 3


@pytest.mark.parametrize("learners", [0, 1])
def test_a_class_of_nobody_and_one_without_assignments(desk: Client, teacher: User, learners: int) -> None:
    classroom = make_class(teacher)
    if learners:
        Membership.objects.create(classroom=classroom, name="Roster Name", created_at=factories.MADE)
    page = desk.get(f"/teach/classes/{classroom.code}/gradebook/").content.decode()
    assert ("Nothing was assigned to this class yet" if learners else "Nobody is in this class yet") in page


def test_a_seat_that_nobody_has_taken_is_missing_what_is_due(
    desk: Client, classroom: Classroom, given: Assignment
) -> None:
    Membership.objects.create(classroom=classroom, name="<b>Roster</b>", created_at=factories.MADE)
    assert rows(desk, classroom) == {"&lt;b&gt;Roster&lt;/b&gt;": ["– nothing counts yet", "missing"]}


def test_it_is_there_for_those_alone_who_teach_the_class(classroom: Classroom, ann: User, given: Assignment) -> None:
    other = factories.make_instructor("other")
    seat = classroom.memberships.get()
    base = f"/teach/classes/{classroom.code}/"
    addresses = [f"{base}gradebook/", f"{base}gradebook.csv", f"{base}gradebook.xlsx", f"{base}learners/{seat.pk}/"]
    for stranger in (browser(other), browser(ann), Client()):
        assert {stranger.get(one).status_code for one in addresses} == {404}
    classroom.teachers.add(other)
    assert {browser(other).get(one).status_code for one in addresses} == {200}


# What it costs


def test_it_takes_as_many_statements_for_500_learners_and_40_assignments_as_for_5_and_2(
    desk: Client, teacher: User, quiz: Quiz, now: datetime
) -> None:
    few, some, many = (make_grades(teacher, *size, now, quiz=quiz) for size in ((5, 2), (60, 6), (500, 40)))
    desk.get(f"/teach/classes/{few.code}/gradebook/")

    def cost(classroom: Classroom, query: str) -> Sequence[str]:
        with counting() as counted:
            assert desk.get(f"/teach/classes/{classroom.code}/gradebook/{query}").status_code == 200
        assert not any('"fractions"' in one or '"trace"' in one for one in counted.statements)
        return counted.statements

    assert len(cost(many, "")) == len(cost(few, "")) <= 10
    assert len(cost(some, "?state=late&sort=-mean&page=2")) == len(cost(few, "?state=late&sort=-mean")) <= 10


# Files


def files(desk: Client, classroom: Classroom) -> tuple[list[list[str]], list[list[Any]]]:
    """The rows of the CSV and those of the workbook."""
    reply = desk.get(f"/teach/classes/{classroom.code}/gradebook.csv")
    assert (reply.streaming, reply["Cache-Control"]) == (True, "private, no-store")
    text = b"".join(reply.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"/teach/classes/{classroom.code}/gradebook.xlsx").content))
    return list(csv.reader(io.StringIO(text))), [list(row) for row in book.worksheets[0].iter_rows()]


def test_the_files_hold_the_whole_class(
    desk: Client, classroom: Classroom, given: Assignment, sittings: list[Attempt], cat: User, now: datetime,
    monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("quizzes.queries.gradebook.IN_A_CHUNK", 2)
    Membership.objects.filter(person=cat).update(left_at=now, group=make_group(classroom, "Evening"), external_id="7")
    table, cells = files(desk, classroom)
    title = f"{given.quiz.title} ({given.code})"
    about = ["learner", "user_name", "external_id", "group", "left", "mean"]
    assert table == [
        [*about, f"{title} percent", f"{title} state"],
        [ANN, ANN, "", "", "", "50.0", "50.0", "submitted"],
        [BEN, BEN, "", "", "", "100.0", "100.0", "submitted_late"],
        [CAT, CAT, "7", "Evening", "yes", "", "", "missing"],
    ]
    assert [[str("" if cell.value is None else cell.value) for cell in row] for row in cells] == [
        [one.removesuffix(".0") for one in row] for row in table
    ]


def test_no_name_in_a_file_is_a_formula(
    desk: Client, classroom: Classroom, quiz: Quiz, now: datetime, django_user_model: Any
) -> None:
    quiz.title = "+cmd|' /C calc'!A0"
    quiz.save()
    assign(classroom, quiz)
    enroll(classroom, django_user_model.objects.create_user("eve"), name="=1+1\x07", external_id="#N/A")
    table, cells = files(desk, classroom)
    assert table[1][0].startswith("'=1+1")
    assert table[0][6].startswith("'+cmd")
    assert [one.value for one in cells[1][:3]] == ["=1+1", "eve", "#N/A"]
    assert {one.data_type for row in cells for one in row if one.value is not None} == {"s"}
    assert cells[0][6].value.startswith("+cmd")


def test_the_titles_of_sheets_take_any_class_name(desk: Client, teacher: User) -> None:
    for name in ("[]:*?/\\", "'" * 40, "Größe " * 15):
        classroom = make_class(teacher, name=name)
        assert desk.get(f"/teach/classes/{classroom.code}/gradebook.xlsx").status_code == 200
