"""One learner of a class, for those who teach it: how they stand, and what they are told."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quizzes import clock
from quizzes.forms_remarks import RemarkToLearnerForm
from quizzes.models import Classroom, Membership, Remark
from quizzes.queries.class_learner import LearnerPage, learner_page
from quizzes.queries.rights import own_classes
from quizzes.services import class_remarks as services
from quizzes.views.person import own_id
from quizzes.views.teach import actor, for_instructors


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def class_learner(request: HttpRequest, code: str, seat: int) -> HttpResponse:
    """Their attempts and remarks; what is posted writes a remark, or takes one back."""
    classroom = get_object_or_404(own_classes(own_id(request)), code=code)
    found = get_object_or_404(
        Membership.objects.filter(classroom=classroom).select_related("person", "group"), pk=min(seat, 2**62)
    )
    if request.method != "POST":
        return _page(request, classroom, found)
    if found.person_id is None:
        raise Http404
    if request.POST.get("action") == "delete":
        return _delete(request, classroom, found)
    page = learner_page(classroom, found, viewer_id=own_id(request), now=clock.read())
    form = RemarkToLearnerForm(request.POST, assignments=page.remarkable)
    if form.is_valid():
        try:
            services.write_remark(
                classroom=classroom,
                person_id=found.person_id,
                assignment_code=form.cleaned_data["assignment"],
                text=form.cleaned_data["text"],
                actor=actor(request),
                now=clock.read(),
            )
        except services.Refused as error:
            form.add_error("assignment", str(error))
        else:
            messages.success(request, _("The remark is written. The learner is told on their next visit."))
            return redirect("teach:class_learner", code=code, seat=seat)
    return _page(request, classroom, found, page, form)


def _delete(request: HttpRequest, classroom: Classroom, seat: Membership) -> HttpResponse:
    text = request.POST.get("remark", "")
    pk = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    try:
        services.delete_remark(
            classroom=classroom, person_id=seat.person_id or 0, pk=pk, actor=actor(request), now=clock.read()
        )
    except Remark.DoesNotExist:
        messages.warning(request, _("This remark is not there any more, or somebody else wrote it."))
    else:
        messages.success(request, _("The remark is deleted."))
    return redirect("teach:class_learner", code=classroom.code, seat=seat.pk)


def _page(
    request: HttpRequest,
    classroom: Classroom,
    seat: Membership,
    page: LearnerPage | None = None,
    form: RemarkToLearnerForm | None = None,
) -> HttpResponse:
    page = page or learner_page(classroom, seat, viewer_id=own_id(request), now=clock.read())
    about = {"assignment": request.GET.get("about", "")}
    context = {
        "section": "teach",
        "here": "classes",
        "tab": "gradebook",
        "classroom": classroom,
        "page": page,
        "form": form or RemarkToLearnerForm(initial=about, assignments=page.remarkable),
        "me": own_id(request),
    }
    return render(request, "quizzes/teach_class_learner.html", context, status=422 if form else 200)
