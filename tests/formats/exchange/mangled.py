"""Files that were cut, spliced and flipped, for fuzzing the readers of text formats."""

from pathlib import Path

from hypothesis import strategies as st

from quizzes.engine.kinds import KINDS
from quizzes.formats.exchange.model import BadFile, Format
from quizzes.formats.exchange.source import Source


def mangled(folder: Path) -> st.SearchStrategy[bytes]:
    """Bytes of anything, or of the files in the folder after some harm."""
    files = [path.read_bytes() for path in sorted(folder.iterdir())]
    return st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode), _harmed(files))


@st.composite
def _harmed(draw: st.DrawFn, files: list[bytes]) -> bytes:
    data = bytearray(draw(st.sampled_from(files)))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(data) - 1)))
        other = draw(st.sampled_from(files))
        start = draw(st.integers(0, max(0, len(other) - 1)))
        change = draw(st.sampled_from(("flip", "cut", "splice", "repeat")))
        if change == "flip" and data:
            data[place] ^= 1 << draw(st.integers(0, 7))
        elif change == "cut":
            del data[place : place + draw(st.integers(1, 40))]
        elif change == "splice":
            data[place:place] = other[start : start + draw(st.integers(1, 80))]
        else:
            data[place:place] = data[place : place + 10] * draw(st.integers(1, 20))
    return bytes(data)


def source_of(data: bytes, folder: Path, name: str = "mangled.txt") -> Source:
    """The bytes as a file."""
    path = folder / name
    path.write_bytes(data)
    return Source(path, name)


def read_to_the_end(form: Format, source: Source) -> int:
    """How many items came; each is a question without flaws, or says what is wrong. Only BadFile may be raised."""
    count = 0
    try:
        form.recognises(source)
        for item in form.read(source):
            count += 1
            assert item.place
            if item.question is None:
                assert item.problem
                assert item.raw
            else:
                assert KINDS[item.question.content.kind].flaws(item.question.content) == []
                assert item.question.content.stem
    except BadFile as error:
        if not error.words:
            raise
    return count
