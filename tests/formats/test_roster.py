"""Rosters as spreadsheets and other systems write them, and whatever else somebody may choose by mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.formats.exchange.model import BadFile
from quizzes.formats.roster import COLUMNS, MOST_BYTES, MOST_ROWS, SAMPLE, Entry, Roster, as_row, read_roster
from quizzes.formats.sheets import as_csv

HEAD = "Name,E-Mail,Student ID,Group\n"
ANN = Entry(2, "Ann Ö.", "", "ann@example.org", "7", "Lab A")


def read(text: str) -> Roster:
    return read_roster(text.encode())


@pytest.mark.parametrize(
    ("encoding", "told"),
    [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_recognized(encoding: str, told: str, separator: str) -> None:
    text = f"{HEAD}Ann Ö.,Ann@Example.org,7,Lab A\r\n".replace(",", separator)
    found = read_roster(text.encode(encoding))
    assert (found.encoding, found.separator, found.entries, found.faults) == (told, separator, (ANN,), ())


@pytest.mark.parametrize(
    ("text", "entry", "ignored"),
    [
        (SAMPLE, Entry(2, "Ann Smith", "", "ann@example.org", "2026-001", "Monday"), ()),
        # Moodle: participants, and the file that it takes for new users
        (
            "First name,Last name,ID number,Email address,Groups\nAnn,Smith,7,ann@example.org,A\n",
            Entry(2, "Ann Smith", "", "ann@example.org", "7", "A"),
            (),
        ),
        (
            "username;firstname;lastname;email;idnumber;cohort1\nann;Ann;Smith;a@example.org;7;X\n",
            Entry(2, "Ann Smith", "ann", "a@example.org", "7", ""),
            ("cohort1",),
        ),
        # Canvas: the gradebook, and its own file of users
        (
            'Student,ID,SIS User ID,SIS Login ID,Section,Quiz 1\n"Smith, Ann",55,s7,ann,A,3\n',
            Entry(2, "Smith, Ann", "ann", "", "s7", "A"),
            ("ID", "Quiz 1"),
        ),
        (
            "user_id,login_id,full_name,email,status\ns7,ann,Ann Smith,a@example.org,active\n",
            Entry(2, "Ann Smith", "ann", "a@example.org", "s7", ""),
            ("status",),
        ),
        (
            "sep=;\n\n;;\nEMAIL;name;First name\na@example.org;'=Ann;x\n",
            Entry(5, "=Ann", "", "a@example.org"),
            ("First name",),
        ),
    ],
)  # fmt: skip
def test_columns_of_other_systems(text: str, entry: Entry, ignored: tuple[str, ...]) -> None:
    found = read(text)
    assert (found.entries[0], found.ignored, found.faults) == (entry, ignored, ())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"\xef\xbb\xbf", "line 1: the first row has to name the columns"),
        (b"Ann,ann@example.org\n", "line 1: the first row has to name the columns"),
        (b"\n\nname,group\nAnn,A\n", "line 3: the first row has to name the columns"),
        (b"email,E-Mail\n", "line 1: two columns are called “email”"),
        (b"email\n", "line 1: there is no row"),
        (b"PK\x03\x04....", "save it as CSV"),
        (b"\xd0\xcf\x11\xe0....", "save it as CSV"),
        (b"email\na@example.org\n\x00", "line 3: this is no text"),
        ("email\na@example.org".encode("utf-16-le"), "line 1: this is no text"),
        (b'email\na@example.org\n"b@example.org\n\nc@', "line 3: this row cannot be read"),
        (b"email\n" + b"x," * 300, "line 2: it has more than 200 cells"),
        (b"email\n" + b"a@example.org\n" * (MOST_ROWS + 1), "line 2002: it has more than 2,000 rows"),
        (b"email\n" + b"x" * MOST_BYTES, "more than 1 MB"),
    ],
)
def test_what_is_no_roster_is_refused_with_its_line(data: bytes, words: str) -> None:
    with pytest.raises(BadFile) as refused:
        read_roster(data)
    assert words in str(refused.value)


def test_rows_with_a_mistake_are_left_out_each_with_its_reason() -> None:
    rows = [
        '"Two\nlines",one@example.org,,',
        "Nobody,,,A",
        "Bad,ann at example,,",
        f"Long,{'x' * 250}@example.org,,",
        "Beyond,b@example.org,1,A,more",
        f"{'n' * 151},c@example.org,,",
        "Last,last@example.org,,",
    ]
    found = read(HEAD + "\n".join(rows))
    assert [one.name for one in found.entries] == ["Two lines", "Last"]
    expected = [(4, "nothing to know"), (5, "“ann at example” is no email"), (6, "more than 254"), (7, "more cells")]
    expected.append((8, "its name has more than 150"))
    assert len(found.faults) == len(expected)
    for fault, (line, words) in zip(found.faults, expected, strict=True):
        assert (fault.line, words in fault.words) == (line, True), fault


def test_doubled_rows_name_each_other() -> None:
    found = read(
        "email,external id,username,name\n"
        "ann@example.org,1,,Ann\nANN@example.org,2,,Anna\nben@example.org,3,,Ben\nben@example.org,3,,Ben\n"
        "cy@example.org,A4,,Cy\ndee@example.org,a4,,Dee\n,,eve,\n,,Eve,E\n"
    )
    assert [one.name for one in found.entries] == ["Ben"]
    told = {one.line: one.words for one in found.faults}
    assert told[2] == told[3] == "lines 2 and 3 have the same email address, “ann@example.org”: keep one"
    assert told[5] == "it says the same as line 4"
    assert told[6] == told[7] == "lines 6 and 7 have the same external id, “A4”: keep one"
    assert told[8] == told[9] == "lines 8 and 9 have the same user name, “eve”: keep one"


def test_one_group_however_it_is_written() -> None:
    found = read("email,group\na@example.org,Lab a\nb@example.org,LAB A\nc@example.org,\n")
    assert [one.group for one in found.entries] == ["Lab a", "Lab a", ""]


# Near the real thing more often than bytes alone are.
CELLS = st.sampled_from(
    ["email", "name", "group", "a@b.org", "é", "", '"', "\n", "\r", "sep=;", "\0", "'=1", "\ufeff", "1"]
)
TEXTS = st.lists(st.tuples(CELLS, st.sampled_from([",", ";", "\t", "\n"])), max_size=30).map(
    lambda pairs: "".join(cell + sign for cell, sign in pairs)
)
ENCODED = st.tuples(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])).map(
    lambda pair: pair[0].encode(pair[1], errors="replace")
)


@given(st.binary(max_size=300) | ENCODED | st.binary(max_size=40).map(b"email,name\n".__add__))
def test_whatever_it_is_nothing_but_the_one_refusal(data: bytes) -> None:
    try:
        found = read_roster(data)
    except BadFile:
        return
    known = [one.email or one.username or one.external_id for one in found.entries]
    assert all(known)
    assert len({one.line for one in (*found.entries, *found.faults)}) == len(found.entries) + len(found.faults)


WORD = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Z"], exclude_characters="\ufeff\ufffd"), max_size=12
)


@given(WORD, WORD, WORD, st.sampled_from(["", "'", "=", "'=", "''+", "@", "-"]))
def test_what_is_written_reads_back(name: str, username: str, group: str, sign: str) -> None:
    entry = Entry(2, f"{sign}{name}", f"{sign}{username}", "ann@example.org", f"{sign}7", f"{sign}{group}")
    text = "".join(as_csv(COLUMNS, [as_row(entry, "2026-11-01", "")]))
    assert read(text).entries == (entry,)
