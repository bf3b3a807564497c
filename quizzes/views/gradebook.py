"""The gradebook of a class: a page of it, and all of it as a file."""

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from quizzes import clock
from quizzes.engine.grading import State
from quizzes.formats import sheets
from quizzes.formats.workbooks import as_workbook
from quizzes.models import Classroom
from quizzes.queries import gradebook as queries
from quizzes.queries.grades import Cell
from quizzes.queries.rights import own_classes
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors

ABOUT = ("learner", "user_name", "external_id", "group", "left", "mean")
"""The first columns of the files, as docs/results.md explains them; behind them stand two for each assignment."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _own(request: HttpRequest, code: str) -> Classroom:
    return get_object_or_404(own_classes(own_id(request)), code=code)


@for_instructors
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """Learners × assignments."""
    classroom, wanted = _own(request, code), _wanted(request)
    number = _number(request.GET.get("page", ""), most=99_999) or 1
    page = queries.gradebook_page(classroom, wanted, number, viewer_id=own_id(request), now=clock.read())
    context = {
        "section": "teach",
        "here": "classes",
        "tab": "gradebook",
        "classroom": classroom,
        "page": page,
        "kept": "".join(f"&{one}" for one in [urlencode(wanted.words())] if one),
    }
    return render(request, "quizzes/teach_gradebook.html", context)


def _wanted(request: HttpRequest) -> queries.Wanted:
    given = {name: request.GET.get(name, "").replace("\0", "").strip()[:150] for name in queries.Wanted.__slots__}
    group, below = given["group"], _number(given["below"], most=100)
    return queries.Wanted(
        sort=given["sort"] or queries.BY_NAME,
        name=given["name"],
        group=group if group == queries.NO_GROUP or _number(group) is not None else "",
        state=given["state"] if given["state"] in queries.STATES else "",
        at=given["at"],
        below=queries.HALF if below is None else below,
        left=given["left"] == "1",
    )


def _number(text: str, *, most: int = 2**62) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) <= most else None


@for_instructors  # type: ignore[arg-type]  # streamed, which the types keep apart
@require_safe
def as_csv(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """The whole gradebook for spreadsheets."""
    book = _book(request, code)
    lines = sheets.as_csv(_head(book), _lines(book))
    response = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = _attached(book, "csv")
    return response


@for_instructors
@require_safe
def as_xlsx(request: HttpRequest, code: str) -> HttpResponse:
    """The same as a workbook."""
    book = _book(request, code)
    response = HttpResponse(as_workbook(book.classroom.name, _head(book), _lines(book)), content_type=XLSX)
    response["Content-Disposition"] = _attached(book, "xlsx")
    return response


def _book(request: HttpRequest, code: str) -> queries.Gradebook:
    return queries.Gradebook(_own(request, code), own_id(request), clock.read())


def _attached(book: queries.Gradebook, suffix: str) -> str:
    return f'attachment; filename="gradebook-{book.classroom.code}-{book.now:%Y-%m-%d}.{suffix}"'


def _head(book: queries.Gradebook) -> list[str]:
    # Two assignments may have one title: the code tells them apart.
    titles = (f"{one.quiz.title} ({one.code})" for one in book.assignments)
    return [*ABOUT, *(f"{title} {part}" for title in titles for part in ("percent", "state"))]


def _lines(book: queries.Gradebook) -> Iterator[list[sheets.Cell]]:
    for row in book.all_rows():
        seat = row.seat
        about: list[sheets.Cell] = [
            row.name,
            seat.person.get_username() if seat.person else "",
            seat.external_id,
            seat.group.name if seat.group else "",
            "" if seat.left_at is None else "yes",
            _rounded(row.mean),
        ]
        yield about + [part for one in row.cells for part in (_percent(one), _state(one))]


def _percent(cell: Cell | None) -> float | None:
    return None if cell is None else _rounded(cell.standing.percent)


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 2)


def _state(cell: Cell | None) -> str:
    """The word for a cell: what counts, else how far it is; empty for what was not given to this learner."""
    if cell is None:
        return ""
    stands = cell.standing
    if stands.state is State.DONE:
        if stands.percent is None:
            return "not_marked"
        counted = cell.counted.state if cell.counted is not None else "average"
        return f"{counted}_late" if stands.late else counted
    return "missing" if stands.missing else "in_progress" if stands.state is State.WORKING else "not_begun"
