"""Zip files that are made to harm, and those that were broken on the way: refused, with what to do."""

import contextlib
import io
import struct
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizzes.formats.exchange import archive
from quizzes.formats.exchange.archive import MOST_MEMBERS, MOST_OF_ONE, opened
from quizzes.formats.exchange.model import BadFile
from quizzes.formats.exchange.source import Source


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return target.getvalue()


def renamed(data: bytes, old: str, new: str) -> bytes:
    """The zip with another name of the same length, which the library would not write."""
    assert len(old) == len(new)
    return data.replace(old.encode(), new.encode())


@pytest.fixture
def source(tmp_path: Path) -> Source:
    return Source(tmp_path / "file.zip", "file.zip")


def read_all(source: Source, data: bytes) -> dict[str, bytes]:
    source.path.write_bytes(data)
    with opened(source) as file:
        return {name: file.read(name) for name in file.names}


def refusal(source: Source, data: bytes) -> str:
    with pytest.raises(BadFile) as error:
        read_all(source, data)
    return str(error.value)


def test_members_are_read(source: Source) -> None:
    members = {"a.txt": b"one", "dir/b.txt": b"two" * 100_000, "Größe.txt": b""}
    assert read_all(source, zipped(members)) == members


@pytest.mark.parametrize(
    "name",
    [
        "../x.txt",
        "a/../../x",
        "/etc/abc",
        "C:\\x.txt",
        "c:x.txtx",
        "\\\\host\\x",
        "a\\..\\xyz",
        "..",
        "a/..",
        "\\x/../y",
    ],
)
def test_a_name_that_leads_out_is_refused(source: Source, name: str) -> None:
    plain = "n" * len(name)
    assert "leads out of the zip" in refusal(source, renamed(zipped({plain: b"x"}), plain, name))


@pytest.mark.parametrize("name", ["a\0b.txt", "\0", "a\nb", "a\x1bb", "x\x7f"])
def test_a_name_with_signs_that_nobody_sees_is_refused(source: Source, name: str) -> None:
    plain = "n" * len(name)
    assert "pack the files anew" in refusal(source, renamed(zipped({plain: b"x"}), plain, name))


def test_a_member_without_a_name_is_refused(source: Source) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("a", "x")
        file.writestr("b", "y")
        file.filelist[1].filename = ""
    assert refusal(source, target.getvalue()) == "member 2: it has no name: pack the files anew"


def test_a_link_is_refused(source: Source) -> None:
    info = zipfile.ZipInfo("link")
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as file:
        file.writestr(info, "/etc/passwd")
    assert "link" in refusal(source, target.getvalue())


def test_doubled_names_are_refused(source: Source) -> None:
    data = zipped({"aa": b"1", "ab": b"2"})
    assert "two members have this name" in refusal(source, renamed(data, "ab", "aa"))


def test_names_that_differ_in_case_alone_are_two_members(source: Source) -> None:
    assert len(read_all(source, zipped({"a.PNG": b"1", "a.png": b"2"}))) == 2


def test_an_encrypted_member_is_refused(source: Source) -> None:
    data = bytearray(zipped({"secret": b"x"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert "encrypted" in refusal(source, bytes(data))


def test_too_many_members_are_refused(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_MEMBERS <= 20_000
    monkeypatch.setattr(archive, "MOST_MEMBERS", 10)
    assert "11 members" in refusal(source, zipped({f"{number}": b"" for number in range(11)}))


def test_a_bomb_by_ratio_is_refused(source: Source) -> None:
    assert "suspiciously large" in refusal(source, zipped({"bomb": b"0" * (3 << 20)}))


def test_many_small_bombs_are_refused_together(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_UNPACKED", 5 << 20)
    members = {str(number): b"ab" * (1 << 19) for number in range(8)}
    assert "unpacked, the zip has more than" in refusal(source, zipped(members))


def test_a_zip_in_a_zip_is_a_file_like_any_other(source: Source) -> None:
    inner = zipped({"bomb": b"0" * (3 << 20)})
    assert read_all(source, zipped({"inner.zip": inner})) == {"inner.zip": inner}


def claiming(data: bytes, size: int) -> bytes:
    """The zip whose directory says that the member is so large unpacked."""
    place = data.index(b"PK\x01\x02")
    return data[: place + 24] + struct.pack("<I", size) + data[place + 28 :]


def test_a_claim_of_two_gigabytes_is_refused(source: Source) -> None:
    assert f"more than {MOST_OF_ONE:,} bytes" in refusal(source, claiming(zipped({"a": b"x" * 99}), 1 << 31))


def test_a_directory_that_says_too_little_unpacks_to_no_more(source: Source) -> None:
    data = claiming(zipped({"a": b"x" * 100_000}), 10)
    source.path.write_bytes(data)
    with opened(source) as file, pytest.raises(BadFile):
        file.read("a")


def test_members_that_share_their_bytes_are_refused(source: Source) -> None:
    """A bomb without recursion: many entries of the directory point at the same bytes."""
    data = zipped({"aaaa": b"x" * 50_000, "bbbb": b"y"}, zipfile.ZIP_STORED)
    first = data.index(b"PK\x01\x02")
    entry = data[first : data.index(b"PK\x01\x02", first + 4)]
    end = data.index(b"PK\x05\x06")
    copies = b"".join(entry.replace(b"aaaa", f"c{number:03}".encode()) for number in range(20))
    directory = data[first:end] + copies
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 22, 22, len(directory), first, 0)
    assert refusal(source, data[:first] + directory + tail)


@pytest.mark.parametrize("cut", [1, 10, 25, 60, 150])
def test_a_zip_that_was_cut_short_is_refused(source: Source, cut: int) -> None:
    assert "zip" in refusal(source, zipped({"a.txt": b"some words " * 20, "b.txt": b"x"})[:-cut])


def test_a_method_that_is_not_known_is_refused(source: Source) -> None:
    data = bytearray(zipped({"a": b"x" * 50}))
    data[8] = data[data.index(b"PK\x01\x02") + 10] = 99
    assert "pack" in refusal(source, bytes(data))


def test_a_wrong_checksum_is_refused(source: Source) -> None:
    data = bytearray(zipped({"a": b"x" * 50}, zipfile.ZIP_STORED))
    data[31 + 10] ^= 1
    assert "cannot be unpacked" in refusal(source, bytes(data))


def test_what_is_not_in_it_is_named(source: Source) -> None:
    source.path.write_bytes(zipped({"a": b""}))
    with opened(source) as file, pytest.raises(BadFile, match=r"b\.xml: it is named, but is not in the zip"):
        file.read("b.xml")


def test_a_stream_is_bounded_however_it_is_read(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_OF_ONE", 1000)
    source.path.write_bytes(zipped({"a": b"abc" * 200, "b": b"d"}))
    with opened(source) as file:
        with file.open("a") as stream:
            assert stream.read(10) == b"abcabcabca"
            assert len(stream.read()) == 590
        with pytest.raises(BadFile, match="a: it has more than 99 bytes"):
            file.read("a", 99)


WHOLE = zipped({"a.txt": b"some words " * 50, "dir/b.txt": b"x" * 300, "c": b""})


@given(st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_mutilated_zip_raises_bad_file_or_nothing(source: Source, data: st.DataObject) -> None:
    whole = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(whole) - 1))
        whole[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    with contextlib.suppress(BadFile), warnings.catch_warnings():
        read_all(source, bytes(whole[:cut] if data.draw(st.booleans()) else whole))
