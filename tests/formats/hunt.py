"""``python -m tests.formats.hunt [--runs N] [--seed N]``: bytes that break a reader, looked for by what they reach.

The corpora are the beginning. The first byte of an input says which reader gets the rest. Ends with 0 where nothing but
BadFile was raised; else the input is left in the present folder, and its name is printed. Needs atheris.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import atheris

from tests.sources import ROOT

with atheris.instrument_imports(include=["quizzes.formats.exchange"]):
    from quizzes.formats.exchange import BadFile, Format, Source, registry

CORPUS = ROOT / "tests" / "formats" / "corpus"
LONGEST = 16_384
SECONDS = 20
"""After so long on one input libFuzzer says that it hangs."""
READERS: tuple[Format, ...] = tuple(one for one in registry.FORMATS.values() if one.reads)


def seeds() -> Iterator[bytes]:
    """Every file of the corpora that is short enough, for its reader."""
    for number, form in enumerate(READERS):
        for path in sorted((CORPUS / form.name).rglob("*")):
            if path.is_file() and path.stat().st_size < LONGEST:
                yield bytes([number]) + path.read_bytes()


def read(data: bytes, path: Path) -> None:
    """One input, by the reader that it names."""
    if not data:
        return
    path.write_bytes(data[1:])
    source = Source(path, "input")
    form = READERS[data[0] % len(READERS)]
    try:
        if form.recognises(source):
            pictures = form.pictures(source)
            for _item in form.read(source):
                pass
            pictures("none")
    except BadFile:
        return


def main(arguments: list[str]) -> None:
    """Hunt. Does not return: libFuzzer ends the process."""
    parser = argparse.ArgumentParser(prog="python -m tests.formats.hunt", description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args(arguments)
    # Not removed by us: the process ends inside the library.
    folder = Path(tempfile.mkdtemp(prefix="hunt-"))
    corpus, path = folder / "corpus", folder / "input"
    corpus.mkdir()
    for number, data in enumerate(seeds()):
        (corpus / str(number)).write_bytes(data)
    options = [f"-runs={chosen.runs}", f"-seed={chosen.seed}", f"-max_len={LONGEST}", f"-timeout={SECONDS}"]
    atheris.Setup([sys.argv[0], *options, str(corpus)], lambda data: read(data, path))
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
