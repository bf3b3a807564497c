"""What questions cost on their way in and out: ``python -m tests.benchmarks.exchange [--quick] [--json]``.

In a process of its own, so that the peak of its memory is that of the import alone.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Any

from tests.benchmarks.table import Figure, table
from tests.sources import ROOT

MANY, FEW = 10_000, 1_000
EACH, QUICK_EACH = 500, 100
"""Questions by which the speed of a format is measured."""
LARGE = "moodle_xml"


def exchange_figures(*, quick: bool) -> Iterator[Figure]:
    """The figures, measured in another process."""
    command = [sys.executable, "-m", "tests.benchmarks.exchange", "--json", *(["--quick"] if quick else [])]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    for one in json.loads(done.stdout.splitlines()[-1]):
        yield Figure(**one)


def main(arguments: list[str]) -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{FEW} questions, not {MANY}")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        set_up(folder)
        figures = list(_measured(Path(folder), FEW if options.quick else MANY, QUICK_EACH if options.quick else EACH))
    if options.json:
        print(json.dumps([asdict(one) for one in figures]))
    else:
        print(f"Load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores\n\n{table(figures)}")
    return 0


def set_up(folder: str) -> None:
    """An empty database in this folder, whatever the environment says, and Django upon it."""
    for name in [name for name in os.environ if name.startswith("SAPRO_") or name == "DATABASE_URL"]:
        del os.environ[name]
    os.environ |= {"SAPRO_DATA": folder, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    # Models can be imported only once the environment is set and Django is set up.
    import django

    django.setup()
    # See above.
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _formats() -> Mapping[str, Any]:
    """All that there are; where none is, the one of the tests."""
    # Django is set up by now.
    from quizzes.formats.exchange import registry
    from tests.formats.exchange.lines import LINES  # see above

    if not registry.FORMATS:
        registry.FORMATS = MappingProxyType({LINES.name: LINES})
    return registry.FORMATS


def _questions(count: int) -> Iterator[Any]:
    """Questions of the length of real ones, no two alike, with code spans and emphasis."""
    # Django is set up by now.
    from tests.quizzes.exchange.conftest import WORDS, question_of

    vocabulary = [f"{one}{end}" for one in WORDS for end in ("", "s", "ing", "ed")]
    for number in range(count):
        rng, base = Random(number), question_of(number)
        told = " ".join(rng.choices(vocabulary, k=60))
        options = tuple(
            replace(one, text=_sentence(rng, vocabulary, 16), rationale=_sentence(rng, vocabulary, 28))
            for one in base.content.options
        )
        stem = f"A company {told}. It calls `s3:GetObject` from **EC2**.\n\n{base.content.stem}"
        yield replace(base, content=replace(base.content, stem=stem, options=options))


def _sentence(rng: Random, vocabulary: list[str], words: int) -> str:
    return f"{' '.join(rng.choices(vocabulary, k=words)).capitalize()}."


def _measured(folder: Path, count: int, each: int) -> Iterator[Figure]:
    formats = _formats()
    for form in formats.values():
        yield from _speed(form, folder, each)
    large = formats.get(LARGE) or next(one for one in formats.values() if one.reads and one.writes)
    path = folder / "large"
    with path.open("wb") as file:
        large.write(_questions(count), file, lambda _name: None, "Large")
    yield from _import(path, folder, large.title, count)


def _speed(form: Any, folder: Path, count: int) -> Iterator[Figure]:
    """Questions per second of a format alone."""
    # Django is set up by now.
    from quizzes.formats.exchange.source import Source

    questions, path = list(_questions(count)), folder / f"{form.name}{form.suffixes[0]}"
    if form.writes:
        with path.open("wb") as file:
            seconds = _timed(lambda: form.write(questions, file, lambda _name: None, "Speed"))
        yield Figure(f"{form.title}, out", count / seconds, "questions/s")
    if form.writes and form.reads:
        seconds = _timed(lambda: sum(1 for _item in form.read(Source(path, path.name))))
        yield Figure(f"{form.title}, in", count / seconds, "questions/s")


def _timed(act: Callable[[], object]) -> float:
    """Processor-seconds: those of the clock on the wall tell what else the machine does."""
    begun = time.process_time()
    act()
    return max(1e-6, time.process_time() - begun)


def _import(path: Path, folder: Path, title: str, count: int) -> Iterator[Figure]:
    # Django is set up by now.
    from quizzes import clock
    from quizzes.models import Question  # see above
    from quizzes.services.exchange import begin_import, confirm  # see above
    from quizzes.services.import_reading import read_file  # see above
    from quizzes.services.import_writing import write_import  # see above
    from tests.factories import make_instructor  # see above

    files, images, person = folder / "imports", folder / "images", make_instructor()
    source = begin_import(_pieces(path), path.name, person_id=person.pk, folder=files, now=clock.read())
    seconds = _timed(lambda: read_file(source.pk, folder=files, clock=clock.read))
    source.refresh_from_db()
    assert (source.state, source.total) == ("choosing", count), (source.state, source.problem, source.total)
    scale, size = MANY / count, path.stat().st_size / 1e6
    note = f"processor-seconds; {title}, {count} questions of {size:.0f} MB" + (
        "" if scale == 1 else f", times {scale:.0f}"
    )
    yield Figure(f"preview of {MANY} questions", seconds * scale, "s", 30, note=note)
    confirm(source, now=clock.read())
    seconds = _timed(lambda: write_import(source.pk, folder=files, images=images, clock=clock.read))
    assert Question.objects.filter(author=person).count() == count
    yield Figure(f"import of {MANY} questions", seconds * scale, "s", 60, note=note)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("memory while importing", peak, "MB", 300, note="the most of the process")


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
