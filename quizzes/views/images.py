"""Pictures of questions: their page for authors, and the pictures themselves."""

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quizzes import clock
from quizzes.forms_bank import ImageForm
from quizzes.models import Question
from quizzes.queries import images as queries
from quizzes.queries.rights import own_questions
from quizzes.services.images import AT_MOST, ImageInUse, TooManyImages, add_image, remove_image
from quizzes.views.person import own_id, person_id
from quizzes.views.teach import actor, for_instructors

KEPT = 24 * 60 * 60
"""Seconds for which a browser keeps a picture: as long as a sitting may last. Its address never shows another one."""


def folder() -> Path:
    """Where the files are."""
    return Path(settings.DATA) / "images"


@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """A picture, for those who may see the question."""
    person = person_id(request)
    image = queries.visible_image(person, code) if person is not None else None
    if image is None:
        raise Http404
    try:
        data = (folder() / image.code).read_bytes()
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(data, content_type=image.content_type)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    patch_cache_control(response, private=True, max_age=KEPT)
    return response


@for_instructors
@require_http_methods(["GET", "HEAD", "POST"])
def question_images(request: HttpRequest, code: str) -> HttpResponse:
    """The pictures of a question, and a form to add one."""
    question: Question = get_object_or_404(own_questions(own_id(request)), code=code)
    form = ImageForm(request.POST or None, request.FILES or None) if request.method == "POST" else ImageForm()
    if request.method == "POST" and form.is_valid():
        try:
            add_image(question, *form.picture(), folder=folder(), actor=actor(request), now=clock.read())
        except TooManyImages:
            form.add_error("file", _("A question has at most %(n)d pictures: take one away first.") % {"n": AT_MOST})
        else:
            messages.success(request, _("The picture is kept. Copy its line to where it is to stand."))
            return redirect("teach:question_images", code=code)
    context = {"section": "teach", "here": "questions", "question": question, "form": form}
    context |= {"images": queries.images_of(question.pk)}
    return render(request, "quizzes/teach_question_images.html", context, status=422 if form.errors else 200)


@for_instructors
@require_POST
def image_remove(request: HttpRequest, code: str, image: str) -> HttpResponse:
    """Take a picture away."""
    question: Question = get_object_or_404(own_questions(own_id(request)), code=code)
    found = get_object_or_404(queries.images_of(question.pk), code=image)
    try:
        remove_image(found, folder=folder())
    except ImageInUse:
        messages.error(
            request,
            _(
                "This picture stands in a version or in the draft. Take it out of the draft first;"
                " a version that was published keeps its pictures."
            ),
        )
    else:
        messages.success(request, _("The picture is gone."))
    return redirect("teach:question_images", code=code)
