"""Who asks: every request can say its person, and make a guest where there is none."""

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from quizzes import clock
from sapro.accounts.models import User
from sapro.accounts.services.guests import let_guest_in
from sapro.accounts.services.people import note_activity
from sapro.accounts.zones import activate_zone_of
from sapro.readiness import is_database_away

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]

# What a page sends by itself while it is open: no visit, and nothing may slow it down.
BACKGROUND = frozenset({"attempts:response", "attempts:clock"})


def is_guest(person: User | AnonymousUser) -> bool:
    """Somebody with a row but without an account."""
    return person.is_authenticated and person.is_guest


class PersonMiddleware:
    """Give the request ``ensure_person()``: the signed-in person, else a new guest (call it on a POST only).

    The person is loaded when first asked for, so that a page that is the same for everybody stays so; from then on
    times are shown in the person's zone, and their coming is written down once a day.
    For allauth's pages a guest is nobody yet: they may sign up or in; ``request.guest`` says whose work to keep.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        loaded: list[User] = []

        def load() -> User | AnonymousUser:
            person = get_user(request)
            if person.is_authenticated:
                loaded.append(person)
                activate_zone_of(person)
            return person

        def ensure_person() -> User:
            if request.user.is_authenticated:
                return request.user
            return let_guest_in(request, now=clock.read())

        request.user = SimpleLazyObject(load)  # type: ignore[assignment]
        request.ensure_person = ensure_person  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            timezone.deactivate()
        if loaded and response.status_code < 400:
            _note_visit(request, loaded[0])
        return response

    def process_view(self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """On allauth's own pages a guest stands aside."""
        if view.__module__.startswith("allauth.") and is_guest(request.user):
            request.guest = request.user  # type: ignore[attr-defined]
            request.user = AnonymousUser()


def _note_visit(request: HttpRequest, person: User) -> None:
    """Once a day: the date of the visit, and a session that lasts its full time from now on."""
    today = clock.read().date()
    if person.active_on is not None and person.active_on >= today:
        return
    if request.resolver_match is None or request.resolver_match.view_name in BACKGROUND:
        return
    try:
        noted = note_activity(person_id=person.pk, today=today)
    except DatabaseError as error:
        if not is_database_away(error):
            raise
        # The page itself is made: a database that only reads can show a booklet.
        logger.warning("a visit could not be written down: %s", error)
        return
    if noted:
        request.session.modified = True
