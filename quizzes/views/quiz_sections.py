"""Instructors put a quiz together: its sections, and the questions that are fixed in them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_quizzes import PickForm, SectionForm
from quizzes.models import Quiz, Section
from quizzes.queries import quiz_builder as queries
from quizzes.services.quiz_sections import Desk, SectionSettings
from quizzes.services.quizzes import NotReady, Refused, Stale
from quizzes.views.person import own_id
from quizzes.views.quiz_builder import own_quiz, page_context
from quizzes.views.teach import actor, for_instructors
from reference.models import Topic

STEPS = {"up": -1, "down": 1}


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The sections of a quiz with what fills them. Every button is a form of its own and works without script."""
    quiz = own_quiz(request, slug)
    if request.method == "POST":
        return _change(request, quiz, lambda desk: _act_on_section(desk, request.POST), _edit_page)
    return _edit_page(request, quiz)


def _act_on_section(desk: Desk, posted: QueryDict) -> None:
    action, pk = posted.get("action", ""), _number(posted.get("section", ""))
    if action in STEPS:
        desk.move_section(pk, STEPS[action])
    elif action == "remove":
        desk.remove_section(pk)
    elif action == "add":
        desk.add_section(Section.Source.FIXED, SectionSettings(title=""))
    else:
        raise Refused(_("This action is not known. Use the buttons below."))


def _edit_page(request: HttpRequest, quiz: Quiz, *, error: str = "", status: int = 200) -> HttpResponse:
    context = page_context(quiz, "questions", outline=queries.outline(quiz, now=clock.read()), error=error)
    return render(request, "quizzes/teach_quiz_edit.html", context, status=status)


Page = Callable[..., HttpResponse]


def _change(request: HttpRequest, quiz: Quiz, act: Callable[[Desk], object], page: Page) -> HttpResponse:
    """Do one thing to a quiz and come back; or say why not, on the page as it stands now."""
    try:
        act(_desk(request, quiz))
    except (Quiz.DoesNotExist, Section.DoesNotExist) as error:
        raise Http404 from error
    except Stale as error:
        words = _(
            "Somebody else has changed the quiz since you opened this page. This is how it stands now: do it again."
        )
        return page(request, error.quiz, error=words, status=409)
    except Refused as error:
        return page(request, quiz, error=str(error), status=422)
    except NotReady as error:
        return page(request, quiz, error=_unfit(error), status=409)
    return redirect(request.get_full_path())


def _unfit(error: NotReady) -> str:
    words = _("The quiz is published and would no longer be fit for it. Take it back first, or change something else.")
    return " ".join([words, *(one.text for one in error.problems)])


def _desk(request: HttpRequest, quiz: Quiz) -> Desk:
    revision = _number(request.POST.get("revision", ""))
    return Desk(actor(request), quiz.slug, revision, clock.read())


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_section_new(request: HttpRequest, slug: str, source: str) -> HttpResponse:
    """A new section that draws its questions, at random or by a blueprint."""
    if source not in (Section.Source.DRAW, Section.Source.BLUEPRINT):
        raise Http404
    quiz = own_quiz(request, slug)
    return _section_form(request, quiz, Section(quiz=quiz, source=source))


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_section(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """One section: what it draws; or its fixed questions, with a search for more."""
    quiz = own_quiz(request, slug)
    section = get_object_or_404(quiz.sections, pk=pk)
    if request.method == "POST" and request.POST.get("action"):
        return _change(request, quiz, lambda desk: _act_on_question(request, desk, section), _section_page(section))
    return _section_form(request, quiz, section)


def _act_on_question(request: HttpRequest, desk: Desk, section: Section) -> None:
    action, code = request.POST.get("action", ""), request.POST.get("code", "")[:100]
    if action in STEPS:
        desk.move_question(section.pk, code, STEPS[action])
    elif action == "remove":
        desk.remove_question(section.pk, code)
    elif action == "add":
        codes = request.POST.getlist("question")[:100]
        if not codes:
            raise Refused(_("Choose questions from the list first."))
        added = desk.add_questions(section.pk, codes)
        words = ngettext("%(n)d question added.", "%(n)d questions added.", added) % {"n": added}
        messages.success(request, words)
    else:
        raise Refused(_("This action is not known. Use the buttons below."))


def _section_page(section: Section) -> Page:
    def page(request: HttpRequest, quiz: Quiz, *, error: str = "", status: int = 200) -> HttpResponse:
        return _render(request, quiz, section, _form_of(quiz, section), error=error, status=status)

    return page


def _section_form(request: HttpRequest, quiz: Quiz, section: Section) -> HttpResponse:
    if request.method != "POST":
        return _render(request, quiz, section, _form_of(quiz, section))
    form = _form_of(quiz, section, request.POST)
    if not form.is_valid():
        return _render(request, quiz, section, form, status=422)
    desk = Desk(actor(request), quiz.slug, form.cleaned_data["revision"], clock.read())
    try:
        if section.pk is None:
            desk.add_section(section.source, form.settings())
        else:
            desk.save_section(section.pk, form.settings())
    except (Quiz.DoesNotExist, Section.DoesNotExist) as error:
        raise Http404 from error
    except Stale as error:
        data = request.POST.copy()
        data["revision"] = str(error.quiz.revision)
        words = _("Somebody else has changed the quiz since. What you typed is below: save again to keep it.")
        return _render(request, error.quiz, section, _form_of(quiz, section, data), error=words, status=409)
    except Refused as error:
        form.add_error("count" if "count" in form.fields else None, str(error))
        return _render(request, quiz, section, form, status=422)
    except NotReady as error:
        form.add_error(None, _unfit(error))
        return _render(request, quiz, section, form, status=409)
    messages.success(request, _("The section is saved."))
    return redirect("teach:quiz_edit", slug=quiz.slug)


def _form_of(quiz: Quiz, section: Section, posted: QueryDict | None = None) -> SectionForm:
    rule = section.rule
    weights = rule.get("weights") or {str(n): weight for n, weight in queries.domain_weights().items()}
    initial: dict[str, Any] = {
        "revision": quiz.revision,
        "title": section.title,
        "count": section.count or 10,
        "pool": rule.get("pool"),
        "topics": rule.get("topics", []),
        "tags": ", ".join(rule.get("tags", [])),
        **{f"weight_{n}": round(float(weight)) for n, weight in weights.items()},
    }
    domains = sorted(queries.domain_names().items()) if section.source == Section.Source.BLUEPRINT else []
    return SectionForm(posted, initial=initial, source=section.source, topics=_topics(), domains=domains)


def _topics() -> list[Topic]:
    return list(Topic.objects.live().only("slug", "title"))


def _render(
    request: HttpRequest, quiz: Quiz, section: Section, form: SectionForm, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = page_context(quiz, "questions", part=section, form=form, error=error, shown_error=error)
    if section.pk is not None:
        outline = queries.outline(quiz, now=clock.read())
        context["row"] = next((one for one in outline.rows if one.section.pk == section.pk), None)
        context["outline"] = outline
    if section.source == Section.Source.FIXED and section.pk is not None:
        picking = PickForm(request.GET, topics=_topics())
        found = queries.search_questions(own_id(request), quiz, picking.pick())
        page = Paginator(found, queries.FOUND).get_page(request.GET.get("page"))
        kept = request.GET.copy()
        kept.pop("page", None)
        context |= {
            "picking": picking,
            "page_obj": page,
            "found": [(one, queries.stem_of(one)) for one in page],
            "kept": f"&{kept.urlencode()}" if kept else "",
        }
    return render(request, "quizzes/teach_quiz_section.html", context, status=status)
