"""Who asks, as a view sees it."""

from typing import Protocol, cast

from django.http import Http404, HttpRequest


class _Person(Protocol):
    pk: int


class _PersonalRequest(Protocol):
    def ensure_person(self) -> _Person: ...


def ensure_person(request: HttpRequest) -> int:
    """The id of the signed-in person, else of a guest made for this request. For a POST only."""
    return cast(_PersonalRequest, request).ensure_person().pk


def person_id(request: HttpRequest) -> int | None:
    """The id of the signed-in person (account or guest), or None."""
    return request.user.pk if request.user.is_authenticated else None


def own_id(request: HttpRequest) -> int:
    """The id of the signed-in person. Raises Http404 where there is none."""
    found = person_id(request)
    if found is None:
        raise Http404
    return found
