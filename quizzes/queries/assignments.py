"""Assignments for those who sit them: which are theirs, and under which terms each can begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, QuerySet

from quizzes.engine.availability import Availability, Terms, availability
from quizzes.engine.conditions import Grant, effective
from quizzes.models import Assignment, Attempt, Membership, Quiz
from quizzes.queries.attempts import attempts_of
from quizzes.queries.conditions import grant_for, grants_at

POLICY = {"score": "show_score", "key": "show_key", "rationale": "show_rationale"}


def assigned_to(person_id: int) -> QuerySet[Assignment]:
    """What this person may sit, or has sat: of the classes that they are in and have not left."""
    mine = Membership.objects.filter(person_id=person_id, left_at=None)
    whole = Q(group=None, classroom__in=mine.values("classroom"))
    part = Q(group__in=mine.exclude(group=None).values("group"))
    found = Assignment.objects.filter(whole | part, classroom__archived_at=None)
    published = Q(quiz__published_at__isnull=False, quiz__retired=False)
    done = Q(pk__in=attempts_of(person_id).exclude(assignment=None).order_by().values("assignment"))
    return found.filter((published & Q(withdrawn_at=None)) | done).select_related("quiz", "classroom", "group")


def may_begin(assignment: Assignment) -> bool:
    """Whether anybody can still begin it: neither it nor its quiz was taken back, and its class is not archived."""
    quiz = assignment.quiz
    standing = assignment.withdrawn_at is None and assignment.classroom.archived_at is None
    return standing and quiz.published_at is not None and not quiz.retired


def terms_given(assignment: Assignment) -> Terms:
    """The terms for everybody: the assignment’s, and where it says nothing the quiz’s."""
    quiz = assignment.quiz
    closes = assignment.closes_at or quiz.closes_at
    cuts = assignment.closing_cuts if assignment.closes_at else quiz.closing_cuts
    return Terms(
        opens_at=assignment.opens_at or quiz.opens_at,
        closes_at=closes,
        closing_cuts=cuts and quiz.mode == Quiz.Mode.EXAM,
        attempts=assignment.attempts_allowed or quiz.attempts_allowed,
        delay=quiz.delay,
        limit=quiz.time_limit if quiz.mode == Quiz.Mode.EXAM else None,
    )


def policy_of(assignment: Assignment) -> dict[str, str]:
    """What is shown when: score, key, rationale."""
    return {name: getattr(assignment, field) or getattr(assignment.quiz, field) for name, field in POLICY.items()}


def way_back(attempt: Attempt) -> str:
    """The address of the page that it was begun from; empty where its learner finds none there any more."""
    quiz = attempt.quiz
    if attempt.assignment_id is not None:
        given = assigned_to(attempt.person_id).filter(pk=attempt.assignment_id).first()
        return given.get_absolute_url() if given else ""
    return quiz.get_absolute_url() if quiz and quiz.published_at and not quiz.retired else ""


@dataclass(frozen=True, slots=True)
class Deal:
    """An assignment as it stands for one person. ``terms`` are theirs, ``grant`` is what they were granted."""

    assignment: Assignment
    grant: Grant
    terms: Terms
    due_at: datetime | None
    availability: Availability
    taken: int

    @property
    def more_time(self) -> bool:
        """Whether they were granted a longer limit than the others have."""
        return self.terms.limit != terms_given(self.assignment).limit


def deal_for(assignment: Assignment, person_id: int, now: datetime) -> Deal:
    """How things stand for this person; two queries."""
    grant = grant_for(person_id, assignment.pk)
    terms = effective(terms_given(assignment), grant)
    taken, last = history_in(assignment, person_id)
    found = availability(terms, taken=taken, last_ended=last, now=now)
    return Deal(assignment, grant, terms, grant.due_at or assignment.due_at, found, taken)


def history_in(assignment: Assignment, person_id: int) -> tuple[int, datetime | None]:
    """How many attempts count as taken, and when the last of them ended."""
    taken = attempts_of(person_id).filter(assignment=assignment).exclude(state=Attempt.State.VOID).order_by()
    found = taken.aggregate(count=Count("pk"), last=Max("ended_at"))
    return found["count"], found["last"]


def closed_for_all(assignment: Assignment, now: datetime) -> bool:
    """Whether nobody of the class can begin any more, later dates of single learners counted in, and nobody sits it.

    An attempt without a time limit holds nothing back: it may never end.
    """
    if not may_begin(assignment):
        return not _anybody_sits(assignment, now)
    terms = terms_given(assignment)
    if terms.closes_at is None or now < terms.closes_at:
        return False
    people = Membership.objects.filter(classroom=assignment.classroom_id, left_at=None, person__isnull=False)
    grants = grants_at(assignment, list(people.values_list("person_id", flat=True))).values()
    ends = [closes for grant in grants if (closes := effective(terms, grant).closes_at)]
    return all(closes <= now for closes in ends) and not _anybody_sits(assignment, now)


def _anybody_sits(assignment: Assignment, now: datetime) -> bool:
    # The grace is at most some minutes; what is a little too strict here shows the key a little later.
    running = Attempt.objects.filter(assignment=assignment, state=Attempt.State.IN_PROGRESS)
    return running.filter(Q(deadline__gt=now - timedelta(minutes=5)) | Q(paused_at__isnull=False)).exists()
