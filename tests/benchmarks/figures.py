"""The figures, in the order in which they are printed, with the targets of design/performance.md."""

import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from statistics import median

from django.conf import settings
from django.core.management import call_command

from reference.models import Topic
from tests.benchmarks import stage, starts, statements
from tests.benchmarks.analysis import analysis_figures
from tests.benchmarks.client import Visitor
from tests.benchmarks.databases import Databases, copy_small, using
from tests.benchmarks.exams import Sitting
from tests.benchmarks.exchange import exchange_figures
from tests.benchmarks.growth import STEPS, growth
from tests.benchmarks.history import ATTEMPTS_EACH, grow_history
from tests.benchmarks.load import measure_load
from tests.benchmarks.planner import plan_figures
from tests.benchmarks.rounds import Measured, Rounds, keep_pages, unchanged_share
from tests.benchmarks.scholar import RESPONSES, Scholar
from tests.benchmarks.server import Server, serving
from tests.benchmarks.shelf import shelf_ratios
from tests.benchmarks.table import Figure, over, table
from tests.benchmarks.weight import Weights
from tests.reference.test_search_queries import asked
from tests.sources import ROOT

SMALL_BANK = 500
SECTIONS = 10_000
SEARCHES = 40
FULL = {"large": 20_000, "rounds": 9, "sittings": 8, "reads": 8, "start_rounds": 15, "history": 100_000, "turns": 9}
QUICK = {"large": 5_000, "rounds": 3, "sittings": 3, "reads": 3, "start_rounds": 5, "history": 10_000, "turns": 5}
LOAD_SECONDS, QUICK_LOAD_SECONDS = 600.0, 60.0


def measure(databases: Databases, port: int, *, quick: bool) -> list[Figure]:
    """Everything, in one run."""
    size = QUICK if quick else FULL
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    loads = _load_seconds(), _load_seconds()
    stage.grow_bank(SMALL_BANK)
    stage.grow_search(SECTIONS)
    _say(f"A bank of {size['large']} questions is made")
    with using(databases.large):
        call_command("migrate", verbosity=0)
        call_command("load_course", stdout=StringIO())
        stage.grow_bank(size["large"])
    topics = list(Topic.objects.live().values_list("slug", flat=True))
    with serving(port, database=databases.is_postgres) as server:
        searches = [query for query, _ in asked()[:SEARCHES]]
        keep_pages(port, topics, searches)
        _say("Exams are sat, notes are read")
        rounds = Rounds(server, topics, searches, sittings=size["sittings"], reads=size["reads"])
        measured = rounds.run(size["rounds"])
        figures = [*_served(server, measured, topics, rounds.scholar)]
    topic = max(topics, key=lambda one: len((settings.YARDSTICK_PAGES / f"{one}.html").read_bytes()))
    _say("Exams are started with the small and the large bank")
    figures += _start_figures(databases, size["large"], size["start_rounds"])
    _say("An instructor works with the small and the large bank")
    figures += _shelf_figures(databases, size["large"], size["turns"])
    figures += _load_figures(*loads)
    _say("Learners are simulated by the plan and by plain FSRS")
    figures += plan_figures(quick=quick)
    _say("Questions go in and out")
    figures += exchange_figures(quick=quick)
    _say("Ten thousand attempts are analysed")
    figures += analysis_figures(quick=quick)
    figures += _growth_figures(databases, size["history"], topic, size["turns"])
    seconds = QUICK_LOAD_SECONDS if quick else LOAD_SECONDS
    _say(f"Five hundred learners start at once and answer for {seconds / 60:.0f} min")
    figures += measure_load(port, database=databases.is_postgres, seconds=seconds)
    return figures


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


def _load_seconds() -> float:
    begun = time.monotonic()
    subprocess.run([sys.executable, "manage.py", "load_course"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - begun


def _served(server: Server, measured: Measured, topics: list[str], scholar: Scholar) -> Iterator[Figure]:
    yield from _save_figures(server, measured)
    yield from _exam_figures(measured)
    yield from _booklet_figures(measured)
    yield from _notes_figures(server, measured, topics)
    yield from _search_figures(server, measured)
    yield from _desk_figures(measured)
    yield from _progress_figures(measured, scholar)
    yield from _weight_figures(server, topics)
    rss, pss = server.memory()
    yield Figure("memory of a worker", rss, "MB", 150, 110, f"RSS of the larger after this run; PSS {pss:.0f} MB")


def _save_figures(server: Server, measured: Measured) -> Iterator[Figure]:
    ratio, spread = over(measured.ratios("save", "bare save"))
    ours, bare = measured.milliseconds("save"), measured.milliseconds("bare save")
    count = statements.of_save(server.port)
    yield Figure("save, over the bare save", ratio, "×", 1.6, 1.2, f"{ours:.2f} over {bare:.2f} ms; {spread}")
    yield Figure("save: statements", count.statements, "", 5, 4)
    yield Figure("save: of which writes", count.writes, "", 2, 2, "answer and event row, one commit")
    yield Figure("save: reply", max(measured.replies), "B", 1000, 400)


def _exam_figures(measured: Measured) -> Iterator[Figure]:
    ratio, spread = over(measured.exam_ratios())
    note = f"{median(measured.exams):.3f} processor-seconds; {spread}"
    yield Figure("exam of 75 questions, in bare saves", ratio, "×", 165, 110, note)
    for step in ("start", "booklet", "submit", "report", "review"):
        ratio, spread = over(measured.ratios(step, "bare save"))
        yield Figure(f"– {step}, in bare saves", ratio, "×", note=f"{measured.milliseconds(step):.1f} ms; {spread}")


def _booklet_figures(measured: Measured) -> Iterator[Figure]:
    wire, raw = (max(sizes) / 1000 for sizes in zip(*measured.booklets, strict=True))
    yield Figure("booklet, compressed", wire, "kB", 90, None, f"{raw:.0f} kB before compression; largest of all")


def _notes_figures(server: Server, measured: Measured, topics: list[str]) -> Iterator[Figure]:
    ratio, spread = over(measured.ratios("notes page", "bare page"))
    ours, bare = measured.milliseconds("notes page"), measured.milliseconds("bare page")
    counts = [statements.of_note(topic) for topic in topics]
    most, again = (max(one.statements for one in column) for column in zip(*counts, strict=True))
    share = 100 * unchanged_share(server.port, topics)
    yield Figure("notes page, over the bare page", ratio, "×", 1.7, 1.2, f"{ours:.2f} over {bare:.2f} ms; {spread}")
    yield Figure("notes page: statements", most, "", 4, note=f"made for the first time; {again} from then on")
    yield Figure("notes page unchanged: answered 304", share, "%", 100, least=True)


def _search_figures(server: Server, measured: Measured) -> Iterator[Figure]:
    ratio, spread = over(measured.ratios("bare search", "search"))
    ours, bare = measured.milliseconds("search"), measured.milliseconds("bare search")
    name = f"search over {SECTIONS} sections: throughput of a bare view"
    yield Figure(name, ratio, "×", 0.3, least=True, note=f"{ours:.2f} over {bare:.2f} ms; {spread}")
    most = max(statements.of_search(query).statements for query, _ in asked())
    yield Figure("search: statements", most, "", 2, note="the most of all queries of the tests")


def _desk_figures(measured: Measured) -> Iterator[Figure]:
    ratio, spread = over(measured.ratios("preview", "bare save"))
    note = f"{measured.milliseconds('preview'):.1f} ms; {spread}"
    yield Figure("preview and checks of a question, in bare saves", ratio, "×", 20, None, note)


def _progress_figures(measured: Measured, scholar: Scholar) -> Iterator[Figure]:
    ratio, spread = over(measured.ratios("progress", "bare save"))
    note = f"{measured.milliseconds('progress'):.1f} ms; {spread}"
    yield Figure(f"progress of {RESPONSES} responses, in bare saves", ratio, "×", 40, None, note)
    count = statements.of_progress(scholar.learner)
    yield Figure("progress: statements", count.statements, "", 12, note="session and person among them")


def _start_figures(databases: Databases, large: int, rounds: int) -> Iterator[Figure]:
    counts = []
    for name in (databases.small, databases.large):
        with using(name):
            counts.append(statements.of_start().statements)
    ratios, milliseconds = starts.bank_ratios(databases, rounds=rounds, starts=5)
    ratio, spread = over(ratios)
    yield Figure("start: statements", max(counts), "", 12, note=f"by the size of the bank: {counts[0]}, {counts[1]}")
    note = f"{milliseconds:.1f} ms with {SMALL_BANK}; {spread}"
    yield Figure(f"start, bank of {large} over {SMALL_BANK}", ratio, "×", 1.5, 1.2, note)


def _shelf_figures(databases: Databases, large: int, rounds: int) -> Iterator[Figure]:
    found, counts = shelf_ratios(databases, rounds=rounds)
    for step, must in (("preview and checks", 3), ("a draft saved", None), ("bank list", 6)):
        ratio, spread = over(found[step])
        # Typing must not wait for the bank. A list and the search for near-duplicates look through it.
        limit, aim = (1.5, 1.2) if step == "preview and checks" else (None, None)
        yield Figure(f"{step}, bank of {large} over {SMALL_BANK}", ratio, "×", limit, aim, spread)
        note = "session and person among them" if must != 6 else "the most under five filters"
        yield Figure(f"{step}: statements", counts[step], "", must, note=note)


def _load_figures(first: float, second: float) -> Iterator[Figure]:
    yield Figure("load_course from nothing", first, "s", 20, note="the whole command")
    yield Figure("load_course again", second, "s", note="nothing to do")


def _growth_figures(databases: Databases, size: int, topic: str, turns: int) -> Iterator[Figure]:
    _say(f"A history of {size} attempts is made")
    copy_small(databases)
    with using(databases.history):
        people = grow_history(size)
    found = growth(databases, people, topic, rounds=turns)
    for step in STEPS:
        ratio, spread = over(found["newcomer"][step])
        own = median(found["regular"][step])
        note = f"{spread}; whoever has {ATTEMPTS_EACH} sittings behind them: {own:.2f} ×"
        yield Figure(f"{step}, history of {size} attempts over none", ratio, "×", 1.5, 1.2, note)


def _weight_figures(server: Server, topics: list[str]) -> Iterator[Figure]:
    sitting = Sitting(stage.enrol(1)[0], 1)
    visitor = Visitor(server.port)
    sitting.start(visitor)
    longest = max(topics, key=lambda topic: len(visitor.get(f"/notes/{topic}/").wire))
    pages = {"home": "/", "longest notes page": f"/notes/{longest}/", "booklet": sitting.path}
    for name, path in pages.items():
        first, _ = Weights(visitor).of(path, sitting.learner)
        yield Figure(f"first visit: {name}", first / 1000, "kB", 100)
    browser = Weights(visitor)
    browser.of("/")
    browser.of(pages["longest notes page"])
    further = [browser.of(f"/notes/{topic}/")[1] / 1000 for topic in topics if topic != longest]
    note = f"largest of {len(further)} notes pages after home and the longest; median {median(further):.1f} kB"
    yield Figure("further page", max(further), "kB", 15, note=note)
    visitor.close()


def print_figures(figures: list[Figure], heading: str) -> None:
    """The table, and how to read it."""
    print(f"\n{heading}\n\n{table(figures)}\n")
    print("Ratios of processor time (server, and database where it has processes of its own), medians of rounds in")
    print("this one run. Ratios below 1.3 are within the noise of a shared machine. docs/performance.md says more.")
