"""Repetition: one card after the other, each graded at once; what was said of it; and the list of all."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quizzes import clock
from quizzes.engine.kinds import WrongChoice
from quizzes.forms_cards import CardFilter, read_answer, read_number
from quizzes.models import Card
from quizzes.queries import cards as queries
from quizzes.queries.bank import is_held
from quizzes.queries.card_list import listed_cards
from quizzes.queries.feedback import explain_recall
from quizzes.queries.keys import newest_keys
from quizzes.queries.plans import plan_stamp, todays_cards
from quizzes.services import cards as services
from quizzes.services.answers import Incomplete, Withheld
from quizzes.views.attempts import private
from quizzes.views.person import own_id, person_id

A_PAGE = 50
KEPT = "set-of-the-day"


@private
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """The next card of today, or the one that ``?card=`` names; where there is none, why, and what to do."""
    person, now = person_id(request), clock.read()
    if person is None:
        return _render(request, {"counts": None})
    named = queries.card_of(person, request.GET.get("card", ""), now) if "card" in request.GET else None
    order = _set_of_the_day(request, person)
    found = named or next(iter(queries.queue(person, now, order)), None)
    progress = queries.progress(person, now, order)
    if found is None:
        return _render(request, {"counts": queries.counts(person, now), "progress": progress} | _undo(person))
    return _question(request, person, found, {"progress": progress})


def _set_of_the_day(request: HttpRequest, person: int) -> list[int] | None:
    """What the plan has for today, None without a plan. Made once a day and change of plan, and kept in the session.

    Planning anew after each card would take longer than answering it, and the set would move under one's hands.
    """
    now = clock.read()
    stamp = plan_stamp(person, now)
    if not stamp:
        request.session.pop(KEPT, None)
        return None
    kept = request.session.get(KEPT)
    if kept is None or kept["stamp"] != stamp:
        kept = request.session[KEPT] = {"stamp": stamp, "cards": todays_cards(person, now)}
    return list(kept["cards"])


def _kept_set(request: HttpRequest) -> list[int] | None:
    """The same as the queue's page has left it today, without asking."""
    kept, day = request.session.get(KEPT), queries.today(clock.read()).date.isoformat()
    return list(kept["cards"]) if kept is not None and kept["stamp"].startswith(day) else None


def _undo(person: int) -> dict[str, Any]:
    last = queries.last_recall(person)
    return {"undo": last if queries.is_undoable(last) else None}


def _question(request: HttpRequest, person: int, pk: int, more: dict[str, Any], status: int = 200) -> HttpResponse:
    now = clock.read()
    shown_at = read_number(request.POST.get("shown_at", "")) or int(now.timestamp())
    context: dict[str, Any] = {"page": queries.card_page(person, pk), "shown_at": shown_at}
    context |= {"progress": more.get("progress") or queries.progress(person, now, _kept_set(request))} | _undo(person)
    return _render(request, context | more, status)


@private
@require_POST
@login_required
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Grade one answer. The first one stands; without scripts its page is the next request."""
    person, now = own_id(request), clock.read()
    try:
        done = services.answer_card(person_id=person, code=code, sent=read_answer(request.POST), now=now)
    except Card.DoesNotExist as error:
        raise Http404 from error
    except (services.NotAsked, services.Changed, Withheld, WrongChoice, Incomplete) as error:
        return _refused(request, person, code, error)
    address = reverse("cards:card", args=[code])
    if not request.headers.get("HX-Request"):
        return HttpResponse(status=303, headers={"Location": address})
    explained = explain_recall(done.recall, done.card.question, done.key, withheld=False)
    context = {"answered": done, "explained": explained, "undo": done.recall}
    reply = _render(request, context | {"progress": queries.progress(person, now, _kept_set(request))})
    reply.headers["HX-Push-Url"] = address
    return reply


def _refused(request: HttpRequest, person: int, code: str, error: Exception) -> HttpResponse:
    pk = queries.card_of(person, code, clock.read())
    if isinstance(error, services.NotAsked) or (pk is None and not isinstance(error, Withheld)):
        return HttpResponse(status=303, headers={"Location": reverse("cards:today")})
    if pk is None:
        words = _("This question stands in a mock exam that you have open. Finish the exam first.")
        return _render(request, {"withheld": words}, 409)
    if isinstance(error, services.Changed):
        words = _("This question was shown in another form before. This is how it stands now: answer it once more.")
        return _question(request, person, pk, {"error": words}, 409)
    sent = {"sent": request.POST.getlist("choice"), "confidence": request.POST.get("confidence", "")}
    return _question(request, person, pk, {"error": str(error), **sent}, 422)


@private
@require_safe
@login_required
def card(request: HttpRequest, code: str) -> HttpResponse:
    """What was said of a card's last answer; before there is one in the queue, today's page."""
    person, now = own_id(request), clock.read()
    found = Card.objects.filter(person_id=person, question__code=code).select_related("question").first()
    if found is None:
        raise Http404
    last = found.recalls.select_related("version").order_by("-pk").first()
    if last is None or last.source != last.Source.CARDS:
        return redirect("cards:today")
    key = newest_keys([found.question_id]).get(last.version_id)
    explained = explain_recall(last, found.question, key, withheld=is_held(person, found.question_id))
    last.card = found
    context = {"answered": services.Answered(found, last, key), "explained": explained} | _undo(person)
    return _render(request, context | {"progress": queries.progress(person, now, _kept_set(request))})


@private
@require_POST
@login_required
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last answer, and ask the card again."""
    code = request.POST.get("code", "")
    repetitions = read_number(request.POST.get("repetitions", ""))
    try:
        services.undo_recall(person_id=own_id(request), code=code, repetitions=repetitions)
    except services.NothingToUndo:
        messages.info(request, _("There is nothing to undo: another answer came after this one."))
        return redirect("cards:today")
    return redirect(f"{reverse('cards:today')}?{urlencode({'card': code})}")


@private
@require_POST
@login_required
def aside(request: HttpRequest, code: str) -> HttpResponse:
    """Put a card aside, or take it back: ``do`` is bury, suspend or back. To the list, if it came from there."""
    person, do = own_id(request), request.POST.get("do")
    try:
        if do == "bury":
            services.bury_card(person_id=person, code=code, now=clock.read())
            messages.info(request, _("This card is not asked again today."))
        elif do == "suspend":
            services.suspend_card(person_id=person, code=code)
            messages.info(request, _("This card is suspended. Take it back in the list of all cards."))
        elif do == "back":
            services.take_back(person_id=person, code=code)
            messages.info(request, _("This card is asked again."))
        else:
            return HttpResponse(_("Send “bury”, “suspend” or “back”."), status=422, content_type="text/plain")
    except Card.DoesNotExist as error:
        raise Http404 from error
    return redirect("cards:all" if request.POST.get("from") == "all" else "cards:today")


@private
@require_safe
def all_cards(request: HttpRequest) -> HttpResponse:
    """Every card, page by page, by topic and by state."""
    person, now = person_id(request), clock.read()
    form = CardFilter(request.GET)
    wanted = form.wanted()
    rows = listed_cards(person or 0, now, text=wanted.get("q", ""), state=wanted.get("state", ""))
    context = {
        "section": "progress",
        "form": form,
        "chosen": bool(wanted),
        "kept": f"&{urlencode(wanted)}" if wanted else "",
        "page_obj": Paginator(rows, A_PAGE).get_page(request.GET.get("page")),
        "counts": queries.counts(person, now) if person else None,
        "now": now,
        "end_of_day": queries.today(now).end,
    }
    return render(request, "quizzes/card_list.html", context)


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    template = "quizzes/cards_today.html"
    if request.headers.get("HX-Request"):
        template += "#cards"
    reply = render(request, template, {"section": "progress", "now": clock.read(), **context}, status=status)
    reply.headers["Vary"] = "HX-Request, Cookie"
    return reply
