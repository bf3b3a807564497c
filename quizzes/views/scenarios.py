"""Texts that several questions share: list, write, change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms import ScenarioForm
from quizzes.models import Scenario
from quizzes.queries import drafts, scenarios
from quizzes.services.scenarios import ScenarioOvertaken, create_scenario, save_scenario
from quizzes.views.person import own_id
from quizzes.views.teach import for_instructors
from reference.markup import render_text


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_list(request: HttpRequest) -> HttpResponse:
    """The texts of this instructor, and a form for a new one."""
    form = ScenarioForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_scenario(person_id=own_id(request), now=clock.read(), **form.written())
        messages.success(request, _("The text is kept. Choose it in the editor of each question that shares it."))
        return redirect("teach:scenario_edit", code=made.code)
    context = {"section": "teach", "here": "questions", "form": form, "rows": scenarios.listed(own_id(request))}
    return render(request, "quizzes/scenario_list.html", context, status=422 if form.errors else 200)


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def scenario_edit(request: HttpRequest, code: str) -> HttpResponse:
    """One text. What was typed stays on the page where it cannot be saved."""
    person = own_id(request)
    scenario = drafts.own_scenario(person, code)
    if scenario is None:
        raise Http404
    initial = {"title": scenario.title, "text": scenario.text, "revision": scenario.revision}
    form = ScenarioForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save_scenario(person_id=person, code=code, revision=form.begun_from(), now=clock.read(), **form.written())
        except ScenarioOvertaken as error:
            form = _overtaken(form, error.scenario)
            scenario = error.scenario
        except Scenario.DoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, _("Saved. Questions take the new text over with their next version."))
            return redirect("teach:scenario_edit", code=code)
    context = {
        "section": "teach",
        "here": "questions",
        "form": form,
        "scenario": scenario,
        "html": render_text(scenario.text),
        "behind": scenarios.behind(person, scenario),
    }
    return render(request, "quizzes/scenario_edit.html", context, status=422 if form.errors else 200)


def _overtaken(form: ScenarioForm, scenario: Scenario) -> ScenarioForm:
    """The same form on the revision that stands now: sent again it replaces what is shown beside it."""
    again = ScenarioForm({**form.written(), "revision": scenario.revision})
    again.is_valid()
    again.add_error(
        None, _("Somebody else has saved this text meanwhile; theirs is shown below. Save again to replace it.")
    )
    return again
