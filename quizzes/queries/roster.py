"""What a roster would do to a class, and the class as a roster.

Nothing here looks at accounts outside the class: whoever reads the plan learns nothing of who has one.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from allauth.account.models import EmailAddress

from quizzes.formats.exchange.model import BadFile
from quizzes.formats.roster import KNOWN_BY, WORDS, Entry, Fault, Roster, as_row, flat, lines, shown
from quizzes.formats.sheets import Cell
from quizzes.models import Classroom, Group, Membership
from quizzes.queries.classes import seat_name, seats

MOST_SEATS = 5000
"""Of a class, those who have left among them."""
MOST_GROUPS = 200
SETTABLE = ("name", "email", "external_id", "group")


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes another: ``field`` is one of SETTABLE."""

    field: str
    old: str
    new: str

    @property
    def label(self) -> str:
        """The field in words."""
        return WORDS[self.field]


@dataclass(frozen=True, slots=True)
class Step:
    """What one row does: a new seat where ``seat`` is None, else what changes of this one."""

    entry: Entry
    seat: Membership | None = None
    changes: tuple[Change, ...] = ()

    @property
    def who(self) -> str:
        """What whoever sits there is called in the class."""
        return (seat_name(self.seat) or self.seat.external_id) if self.seat else self.entry.name


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file would do to a class. ``faults``: rows that are left out, those of the file and those of the class."""

    steps: tuple[Step, ...]
    faults: tuple[Fault, ...]
    new_groups: tuple[str, ...]

    @property
    def new(self) -> list[Step]:
        """Rows that make a seat."""
        return [one for one in self.steps if one.seat is None]

    @property
    def changed(self) -> list[Step]:
        """Rows that change a seat."""
        return [one for one in self.steps if one.changes]

    @property
    def same(self) -> list[Step]:
        """Rows that say what the class says."""
        return [one for one in self.steps if one.seat is not None and not one.changes]

    @property
    def is_idle(self) -> bool:
        """Whether nothing would change."""
        return not self.new and not self.changed

    @property
    def digest(self) -> str:
        """The same for the same outcome: what was looked at is what is written."""
        told = [(one.entry, one.seat and one.seat.pk, one.changes) for one in self.steps]
        return hashlib.sha256(repr((told, self.faults, self.new_groups)).encode()).hexdigest()


def plan_of(classroom: Classroom, roster: Roster) -> Plan:
    """What the file would do; three queries. Raises BadFile where the class would become too large."""
    known = _Known(classroom)
    steps: list[Step] = []
    faults = list(roster.faults)
    for entry in roster.entries:
        found = known.step(entry)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            steps.append(found)
    kept, doubled = _each_seat_once(steps)
    new_groups = known.new_groups(kept)
    if known.size + sum(one.seat is None for one in kept) > MOST_SEATS:
        raise BadFile(f"the class would have more than {MOST_SEATS:,} seats: make a second class")
    if len(known.groups) + len(new_groups) > MOST_GROUPS:
        raise BadFile(f"the class would have more than {MOST_GROUPS} groups: look at the column with the groups")
    return Plan(tuple(kept), tuple(sorted([*faults, *doubled], key=lambda one: one.line)), new_groups)


class _Known:
    """The seats of a class, by what they are known by."""

    def __init__(self, classroom: Classroom) -> None:
        rows = list(seats(classroom, with_left=True))
        # Of two seats that say the same, the one that somebody sits on.
        rows.sort(key=lambda one: (one.left_at is not None, one.person_id is None, one.pk))
        self.size = len(rows)
        self.groups = {flat(one.name).casefold(): one.name for one in Group.objects.filter(classroom=classroom)}
        self.by: dict[str, dict[str, Membership]] = {one: {} for one in KNOWN_BY}
        taken = {one.person_id: one for one in rows if one.person_id is not None}
        for one in rows:
            values = {"email": one.email, "external_id": one.external_id}
            values["username"] = one.person.get_username() if one.person else ""
            for by, value in values.items():
                if value := flat(value).casefold():
                    self.by[by].setdefault(value, one)
        # An address that the roster gave goes before one that a member has verified.
        people = Membership.objects.filter(classroom=classroom).values("person_id")
        verified = EmailAddress.objects.filter(user__in=people, verified=True).order_by("pk")
        for email, person_id in verified.values_list("email", "user_id"):
            if person_id in taken:
                self.by["email"].setdefault(email.casefold(), taken[person_id])

    def step(self, entry: Entry) -> Step | Fault:
        """What the row does; why it does nothing."""
        found: dict[int, tuple[str, Membership]] = {}
        for by in KNOWN_BY:
            seat = self.by[by].get(getattr(entry, by).casefold())
            if seat is not None:
                found.setdefault(seat.pk, (by, seat))
        if len(found) > 1:
            whose = " and ".join(f"the {WORDS[by]} is that of {_called(seat)}" for by, seat in found.values())
            return Fault(entry.line, f"it names two people: {whose}", shown(entry))
        if found:
            [(_by, seat)] = found.values()
            return Step(entry, seat, tuple(self._changes(entry, seat)))
        if entry.email:
            return Step(entry)
        by = "username" if entry.username else "external_id"
        value = f"the {WORDS[by]} “{getattr(entry, by)[:60]}”"
        words = f"nobody in this class has {value}: add an email address, or let them join first"
        return Fault(entry.line, words, shown(entry))

    def _changes(self, entry: Entry, seat: Membership) -> Iterator[Change]:
        for field in SETTABLE:
            old = (
                seat.group.name if field == "group" and seat.group else "" if field == "group" else getattr(seat, field)
            )
            new, before = getattr(entry, field), flat(old)
            is_same = new.casefold() == before.casefold() if field in ("group", "email") else new == before
            if new and not is_same:
                yield Change(field, old, self.groups.get(new.casefold(), new) if field == "group" else new)

    def new_groups(self, steps: Iterable[Step]) -> tuple[str, ...]:
        """The groups that these rows name and the class does not have."""
        named = (one.entry.group for one in steps if one.seat is None or any(c.field == "group" for c in one.changes))
        return tuple(dict.fromkeys(one for one in named if one and one.casefold() not in self.groups))


def _called(seat: Membership) -> str:
    return f"“{(seat_name(seat) or seat.external_id)[:60]}”"


def _each_seat_once(steps: list[Step]) -> tuple[list[Step], list[Fault]]:
    """Rows that are of one person by different columns contradict each other."""
    by_seat = defaultdict(list)
    for one in steps:
        if one.seat is not None:
            by_seat[one.seat.pk].append(one)
    faults = []
    for same in by_seat.values():
        if len(same) > 1 and same[0].seat is not None:
            numbers = lines([one.entry.line for one in same])
            words = f"{numbers} are both {_called(same[0].seat)}: keep one"
            faults += [Fault(one.entry.line, words, shown(one.entry)) for one in same]
    out = {one.line for one in faults}
    return [one for one in steps if one.entry.line not in out], faults


def roster_rows(classroom: Classroom) -> Iterator[list[Cell]]:
    """The cells of a file that, brought in again, changes nothing. Addresses are those of the roster, not of accounts.

    Those who have left are in it, so that what they did can be matched elsewhere.
    """
    for one in seats(classroom, with_left=True):
        entry = Entry(
            line=0,
            name=one.name,
            username=one.person.get_username() if one.person else "",
            email=one.email,
            external_id=one.external_id,
            group=one.group.name if one.group else "",
        )
        joined, left = (
            moment.isoformat(timespec="seconds") if moment else "" for moment in (one.joined_at, one.left_at)
        )
        yield as_row(entry, joined, left)
