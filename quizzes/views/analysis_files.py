"""Answers and figures of a quiz as files, from which every figure can be recomputed."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, fields
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from quizzes import tasks
from quizzes.engine.analysis import Item, to_json
from quizzes.formats import sheets
from quizzes.models import Quiz, Report
from quizzes.queries.analysis_pages import held_among
from quizzes.queries.answer_rows import AnswerRow, answer_rows
from quizzes.queries.answer_sheets import Text
from quizzes.queries.finished_attempts import Wanted
from quizzes.services.analysis import Figures, figures_of
from quizzes.views.analysis import filter_form, kept, own_quiz
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

ANSWERS = tuple(one.name for one in fields(AnswerRow))
FIGURES = ("about", "question", "text", "versions", "option", "key", "figure", "value")
"""The columns of both tables."""
OF_OPTION = ("n", "share", "upper", "lower", "r")

Make = Callable[[HttpRequest, Quiz, Wanted, Figures], HttpResponseBase]


def _file(make: Make) -> Callable[..., HttpResponse]:
    """A file of the analysis that stands in the address; the page instead, where there are no figures as yet."""

    @wraps(make)
    def view(request: HttpRequest, slug: str) -> HttpResponseBase:
        quiz = own_quiz(request, slug)
        form = filter_form(request, quiz)
        page = reverse("teach:quiz_analysis", args=[quiz.slug])
        if not form.is_valid():
            return redirect(page)
        report = tasks.current_report(quiz, form.wanted())
        found = figures_of(report) if report.state == Report.State.DONE else None
        if found is None:
            messages.info(request, _("The figures are being computed. The files are there as soon as they are."))
            return redirect(page)
        return make(request, quiz, form.wanted(), found)

    return for_instructors(require_safe(view))  # type: ignore[arg-type]  # streamed, which the types keep apart


def _streamed(lines: Iterator[str], quiz: Quiz, name: str, content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse((line.encode() for line in lines), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{quiz.slug}-{name}"'
    return response


def _rows(request: HttpRequest, quiz: Quiz, wanted: Wanted, found: Figures) -> Iterator[AnswerRow]:
    return answer_rows(quiz, wanted, found.texts, held_among(own_id(request), found.texts))


@_file
def responses_csv(request: HttpRequest, quiz: Quiz, wanted: Wanted, found: Figures) -> HttpResponseBase:
    """Every answer that the figures rest on, as a table."""
    cells = ([_cell(getattr(row, name)) for name in ANSWERS] for row in _rows(request, quiz, wanted, found))
    return _streamed(sheets.as_csv(ANSWERS, cells), quiz, "responses.csv", "text/csv; charset=utf-8")


def _cell(value: str | float | bool | None) -> sheets.Cell:
    return int(value) if isinstance(value, bool) else value


@_file
def responses_json(request: HttpRequest, quiz: Quiz, wanted: Wanted, found: Figures) -> HttpResponseBase:
    """The same as JSON: a list of objects, one a line."""

    def lines() -> Iterator[str]:
        yield json.dumps(_about(request, quiz, found))[:-1] + ', "responses": [\n'
        before = ""
        for row in _rows(request, quiz, wanted, found):
            yield before + json.dumps(asdict(row), ensure_ascii=False)
            before = ",\n"
        yield "\n]}\n"

    return _streamed(lines(), quiz, "responses.json", "application/json")


def _about(request: HttpRequest, quiz: Quiz, found: Figures) -> dict[str, Any]:
    """What a file rests on."""
    return {
        "quiz": quiz.slug,
        "title": quiz.title,
        "filter": kept(request),
        "as_of": found.as_of.isoformat(),
        "attempts": found.analysis.summary.n,
        "later_attempts_left_out": found.later,
        "attempts_with_times": found.traced,
        "different_questions": found.drawn,
    }


@_file
def statistics_csv(request: HttpRequest, quiz: Quiz, wanted: Wanted, found: Figures) -> HttpResponseBase:
    """Every figure in a line of its own: of the quiz, of each question, of each option."""
    rows = _figure_rows(found, held_among(own_id(request), found.texts))
    return _streamed(sheets.as_csv(FIGURES, rows), quiz, "statistics.csv", "text/csv; charset=utf-8")


def _figure_rows(found: Figures, withheld: set[int]) -> Iterator[list[sheets.Cell]]:
    for name, value in asdict(found.analysis.summary).items():
        if name == "histogram":
            yield from (["quiz", "", "", "", "", "", f"histogram_{place}0", count] for place, count in enumerate(value))
        else:
            yield ["quiz", "", "", "", "", "", name, _cell(value)]
    for item, text in zip(found.analysis.items, found.texts, strict=True):
        if text.question not in withheld:
            yield from _question_rows(item, text)


def _question_rows(item: Item, text: Text) -> Iterator[list[sheets.Cell]]:
    about: list[sheets.Cell] = [text.code, text.name, " ".join(map(str, text.numbers))]
    plain = {name: value for name, value in asdict(item).items() if name not in ("code", "options", "quartiles")}
    times = item.quartiles or (None, None, None)
    plain |= {"seconds_q1": times[0], "seconds_median": times[1], "seconds_q3": times[2]}
    for name, value in plain.items():
        yield ["question", *about, "", "", name, _cell(value)]
    for option in item.options:
        for name in OF_OPTION:
            yield ["option", *about, option.name, int(option.right), name, _cell(getattr(option, name))]


@_file
def statistics_json(request: HttpRequest, quiz: Quiz, wanted: Wanted, found: Figures) -> HttpResponseBase:
    """The figures as JSON: the summary, and the questions with their options."""
    withheld = held_among(own_id(request), found.texts)
    plain = to_json(found.analysis)
    items = [
        {"question": text.code, "versions": list(text.numbers), **item, "text": item["code"]}
        for item, text in zip(plain["items"], found.texts, strict=True)
        if text.question not in withheld
    ]
    for item in items:
        del item["code"]
    response = JsonResponse({**_about(request, quiz, found), "summary": plain["summary"], "questions": items})
    response["Content-Disposition"] = f'attachment; filename="{quiz.slug}-statistics.json"'
    return response
