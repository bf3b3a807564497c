"""Classes for those who teach them: the list, and one class with its seats and groups."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from quizzes.models import Classroom, Group, Membership
from quizzes.queries.classes import seats
from quizzes.queries.rights import own_classes

A_PAGE = 100
HERE, WAITING, LEFT = "here", "waiting", "left"
IN_NO_GROUP = "none"

HAS_LEFT = Q(left_at__isnull=False)
WAITS = Q(left_at=None, person=None)
IS_HERE = Q(left_at=None, person__isnull=False)
SHOWN = {HERE: IS_HERE, WAITING: WAITS, LEFT: HAS_LEFT}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address of the page asks for: nothing of it can be wrong, what is unknown is the default.

    ``group`` is the number of a group, “none”, or empty for all.
    """

    shown: str = HERE
    group: str = ""
    q: str = ""


@dataclass(frozen=True, slots=True)
class ClassPage:
    """One page of the seats of a class, its groups with how many are in each, and how many seats there are."""

    classroom: Classroom
    wanted: Wanted
    page_obj: Page[Membership]
    groups: tuple[Group, ...]
    here: int
    waiting: int
    left: int


def class_list(person_id: int) -> QuerySet[Classroom]:
    """The classes that they teach with their owners, each with ``learners`` and ``waiting``, counted."""
    found: QuerySet[Any] = own_classes(person_id).select_related("owner")
    counted: QuerySet[Classroom] = found.annotate(
        learners=Count("memberships", filter=Q(memberships__left_at=None, memberships__person__isnull=False)),
        waiting=Count("memberships", filter=Q(memberships__left_at=None, memberships__person=None)),
    )
    return counted


def class_page(classroom: Classroom, wanted: Wanted, number: str | None) -> ClassPage:
    """A hundred seats; four queries."""
    counts = Membership.objects.filter(classroom=classroom).aggregate(
        here=Count("pk", filter=IS_HERE), waiting=Count("pk", filter=WAITS), left=Count("pk", filter=HAS_LEFT)
    )
    found = seats(classroom, with_left=True).filter(SHOWN.get(wanted.shown, IS_HERE), _in_group(wanted.group))
    if wanted.q:
        named = Q(name__icontains=wanted.q) | Q(person__username__icontains=wanted.q)
        found = found.filter(named | Q(email__icontains=wanted.q))
    page = Paginator(found, A_PAGE).get_page(number)
    return ClassPage(classroom, wanted, page, tuple(groups_of(classroom)), **counts)


def _in_group(group: str) -> Q:
    if group == IN_NO_GROUP:
        return Q(group=None)
    return Q(group_id=int(group)) if group else Q()


def groups_of(classroom: Classroom) -> QuerySet[Group]:
    """The groups by name, each with how many seats are in it."""
    held = Count("memberships", filter=Q(memberships__left_at=None))
    found: QuerySet[Any] = Group.objects.filter(classroom=classroom)
    counted: QuerySet[Group] = found.annotate(held=held).order_by("name", "pk")
    return counted


def off_the_roster(classroom: Classroom) -> QuerySet[Membership]:
    """Seats of learners of whom the roster knows nothing: they may be somebody whom it waits for."""
    return seats(classroom).filter(IS_HERE, name="", email="", external_id="")
