"""Who comes to the site at once, each with a past and with an exam under way, and what nobody else may see of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.test import Client

from quizzes.models import Attempt, Challenge, Exposure, Membership, Question, QuestionVersion, Quiz, Reference
from quizzes.queries.draws import held_questions
from quizzes.services.attempts import start_attempt
from quizzes.services.practice import answer_practice, start_practice
from quizzes.services.results import finish_attempt
from reference.models import Topic
from sapro.accounts.models import INSTRUCTORS, User
from sapro.accounts.services.guests import make_guest
from tests.factories import make_authored
from tests.own_classes import assign, enroll, make_class
from tests.own_quizzes import begin, make_own_quiz, sat

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = ("guest", "learner", "other", "instructor", "anonymous")
DIFFICULTY = 31_000
"""Added to the number of a question: a difficulty that nothing else on a page is."""


def plant() -> None:
    """Put a word that stands nowhere else into everything about a question that a candidate must not see."""
    versions = []
    for version in QuestionVersion.objects.select_related("question"):
        code = version.question.code
        version.key["rationales"] = dict.fromkeys(version.option_ids, f"<p>canary-rationale-{code}</p>")
        version.key["word"] = f"canary-key-{code}"
        version.body["word"] = f"canary-body-{code}"
        versions.append(version)
    QuestionVersion.objects.bulk_update(versions, ["key", "body"])
    questions = list(Question.objects.all())
    assert len(questions) < 200, "every planted difficulty has to be one that the crawler looks for"
    for number, question in enumerate(questions):
        _plant(question, question.code, number)
    fields = ["difficulty", "constraints", "flaws", "sources", "contrast", "flags", "reviewed", "task"]
    Question.objects.bulk_update(questions, fields)
    topic = Topic.objects.get(slug="test-balancers")
    Reference.objects.bulk_create(
        Reference(question=one, topic=topic, anchor=f"canary-anchor-{one.code}", position=9) for one in questions
    )


def _plant(question: Question, code: str, number: int) -> None:
    question.difficulty = DIFFICULTY + number
    question.constraints = [{"id": "all", "text": f"canary-constraint-{code}"}]
    ids = question.current.option_ids if question.current else []
    question.flaws = {one: {"breaks": "all", "family": f"canary-family-{code}"} for one in ids}
    question.sources = [{"title": f"canary-source-{code}", "url": f"https://example.org/canary-source-{code}"}]
    question.contrast = [f"canary-contrast-{code}"]
    question.flags, question.reviewed = [f"canary-flag-{code}"], {"by": f"canary-review-{code}"}
    question.task = f"c{number:03d}"


@dataclass
class Person:
    """Somebody, their browser, and what is theirs."""

    role: str
    client: Client
    user: Any = None
    earlier: Attempt | None = None
    practice: list[Attempt] = field(default_factory=list)
    exam: Attempt | None = None

    @property
    def attempts(self) -> list[Attempt]:
        """Every sitting of theirs."""
        return [one for one in (self.earlier, *self.practice, self.exam) if one is not None]

    def words(self) -> set[str]:
        """What tells of them: names, addresses, codes of sittings, what they wrote."""
        if self.user is None:
            return set()
        own = {one.code for one in self.attempts} | {self.user.username, f"canary-said-{self.role}"}
        return own | ({self.user.email} if self.user.email else set())

    def may_see(self) -> set[str]:
        """Codes of the questions whose answers were shown to them and that stand in no exam they have open."""
        if self.user is None:
            return set()
        shown = Exposure.objects.filter(person=self.user, revealed_at__isnull=False)
        free = shown.exclude(question_id__in=held_questions(self.user.pk))
        return set(free.values_list("question__code", flat=True))

    def held(self) -> set[str]:
        """Codes of the questions in the exams that they have open."""
        if self.user is None:
            return set()
        rows = Question.objects.filter(pk__in=held_questions(self.user.pk))
        return set(rows.values_list("code", flat=True))


def gather(now: datetime, roles: Iterable[str] = ROLES) -> dict[str, Person]:
    """The people, by role. Needs the small course."""
    Quiz.objects.filter(slug="short-mock").update(scored=5)
    Quiz.objects.filter(slug="sap-c02").update(scored=4, unscored=0)
    return {role: _arrived(role, now) for role in roles}


def _arrived(role: str, now: datetime) -> Person:
    client = Client(raise_request_exception=False)
    if role == "anonymous":
        return Person(role, client)
    name = f"canary-name-{role}"
    user = make_guest(now=now) if role == "guest" else User.objects.create_user(name, f"{name}@example.org", "x" * 12)
    if role == "instructor":
        user.groups.add(Group.objects.get_or_create(name=INSTRUCTORS)[0])
    client.force_login(user, backend=BACKEND)
    person = Person(role, client, user)
    person.earlier = sit(user, now)
    finish_attempt(attempt_id=person.earlier.pk, now=now, by_learner=True)
    person.practice = [_practised(user, now), _begun(user, now)]
    person.exam = sit(user, now)
    Challenge.objects.create(
        person=user, topic=Topic.objects.get(slug="test-balancers"), flaw="other", text=f"canary-said-{role}",
        created_at=now,
    )  # fmt: skip
    return person


OWN_QUIZ, OWN_CODE = "own-quiz-of-the-instructor", "canarysitting"


def be_sat(instructor: Any, learner: Any, now: datetime) -> Attempt:
    """A quiz of the instructor that the learner has sat. Another instructor and the operator have no part in it."""
    questions = make_authored(instructor, 2)
    quiz = make_own_quiz(instructor, questions, slug=OWN_QUIZ)
    return sat(learner, quiz, questions, now, code=OWN_CODE)


OWN_CLASS, JOIN_CODE = "instructorsclass", "CANARY34"
OWN_GIVEN, OWN_ASSIGNMENT, OWN_RUN = "giventotheclass", "canaryassignment", "canaryrun"


def be_taught(instructor: Any, learner: Any, now: datetime) -> Membership:
    """A class of the instructor with the learner in it: one assignment not begun, at another the learner is working.

    Nobody else has a part in it.
    """
    classroom = make_class(instructor, code=OWN_CLASS, join_code=JOIN_CODE)
    seat = enroll(classroom, learner)
    questions = make_authored(instructor, 2)
    assign(classroom, make_own_quiz(instructor, questions), code=OWN_GIVEN)
    run = assign(classroom, make_own_quiz(instructor, questions), code=OWN_ASSIGNMENT)
    begin(learner, run.quiz, questions, now, assignment=run, code=OWN_RUN)
    return seat


def sit(user: Any, now: datetime, slug: str = "short-mock") -> Attempt:
    """Start an exam."""
    quiz = Quiz.objects.get(slug=slug)
    return start_attempt(person_id=user.pk, quiz=quiz, time_option="standard", grace=2, now=now)


def _begun(user: Any, now: datetime) -> Attempt:
    return start_practice(person_id=user.pk, title="All", topics=[], anchors=[], only="", count=40, now=now)


def _practised(user: Any, now: datetime) -> Attempt:
    topics = ["test-balancers"]
    made = start_practice(person_id=user.pk, title="T", topics=topics, anchors=[], only="", count=40, now=now)
    for row in made.responses.select_related("version"):
        sent = [str(one) for one in range(1, row.version.choose + 1)]
        answer_practice(
            person_id=user.pk, code=made.code, position=row.position, sent=sent, confidence="", now=now
        )
    return made
