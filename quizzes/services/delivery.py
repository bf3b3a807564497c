"""Starting an instructor's quiz: its window, its attempts, its access code, and a form by its sections.

Everything that decides about the sitting is copied into it here: what the author changes later is for later ones.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quizzes.engine import attempts as rules
from quizzes.engine.assembly import CannotFill, Form
from quizzes.engine.availability import Terms, availability, cut_limit
from quizzes.engine.conditions import Grant, deadline_under, effective
from quizzes.models import Assignment, Attempt, Quiz, Section
from quizzes.queries.assignments import POLICY, assigned_to, history_in, may_begin, policy_of, terms_given
from quizzes.queries.conditions import grant_for
from quizzes.queries.deliveries import history_of, published_quizzes, section_name, terms_of
from quizzes.queries.quiz_builder import draw
from quizzes.queries.sections import sections_of
from quizzes.services.attempts import CannotStart, make_code, one_after_the_other, open_attempt, write_form

_CHANGED = gettext_lazy("The quiz was changed at this very moment. Start again.")


class WrongCode(Exception):
    """The access code is not that of the quiz."""


class NotNow(Exception):
    """The terms of the quiz let no attempt begin now: its page says why."""


def opens_with(quiz: Quiz, code: str) -> bool:
    """Whether this is the access code, or none is asked for. How long it takes tells nothing."""
    wanted = quiz.access_code.strip()
    return not wanted or secrets.compare_digest(code.strip().encode(), wanted.encode())


@dataclass(frozen=True, slots=True)
class _Deal:
    """What is begun, on which terms: ``plain`` are everybody’s, ``terms`` this person’s."""

    quiz: Quiz
    plain: Terms
    grant: Grant
    taken: int
    last_ended: datetime | None
    policy: dict[str, str]
    assignment: Assignment | None = None

    @property
    def terms(self) -> Terms:
        """The terms with what the person was granted."""
        return effective(self.plain, self.grant)


def start_quiz(
    *, person_id: int, quiz_id: int, time_option: str, access_code: str, grace: int, now: datetime
) -> Attempt:
    """The person's open attempt at this quiz, else a new one.

    Raises Quiz.DoesNotExist (not published), WrongCode, NotNow, and CannotStart.
    """
    with transaction.atomic():
        one_after_the_other(person_id)
        quiz = published_quizzes().get(pk=quiz_id)
        standing = open_attempt(person_id=person_id, quiz=quiz, now=now)
        if standing is not None:
            return standing
        if not opens_with(quiz, access_code):
            raise WrongCode
        policy = {name: getattr(quiz, field) for name, field in POLICY.items()}
        taken, last = history_of(quiz, person_id)
        deal = _Deal(quiz, terms_of(quiz), grant_for(person_id), taken, last, policy)
        attempt = _new_attempt(person_id, deal, time_option, grace, now)
        if not published_quizzes().filter(pk=quiz_id, revision=quiz.revision).exists():
            raise CannotStart(str(_CHANGED))
    return attempt


def start_assignment(*, person_id: int, assignment_id: int, time_option: str, grace: int, now: datetime) -> Attempt:
    """The person’s open attempt at this assignment, else a new one.

    Raises Assignment.DoesNotExist (not theirs), NotNow, and CannotStart: also where they have the same quiz open by
    another way.
    """
    with transaction.atomic():
        one_after_the_other(person_id)
        assignment = assigned_to(person_id).get(pk=assignment_id)
        standing = open_attempt(person_id=person_id, quiz=assignment.quiz, now=now)
        if standing is not None and standing.assignment_id == assignment_id:
            return standing
        if standing is not None:
            raise CannotStart(_("You have this quiz open already, outside this assignment. Finish it first."))
        if not may_begin(assignment):
            raise NotNow
        taken, last = history_in(assignment, person_id)
        grant = grant_for(person_id, assignment_id)
        policy = policy_of(assignment)
        deal = _Deal(assignment.quiz, terms_given(assignment), grant, taken, last, policy, assignment)
        attempt = _new_attempt(person_id, deal, time_option, grace, now)
        same = Assignment.objects.filter(
            pk=assignment_id, revision=assignment.revision, quiz__revision=assignment.quiz.revision
        )
        if not same.exists():
            raise CannotStart(str(_CHANGED))
    return attempt


def _new_attempt(person_id: int, deal: _Deal, time_option: str, grace: int, now: datetime) -> Attempt:
    if not availability(deal.terms, taken=deal.taken, last_ended=deal.last_ended, now=now).allowed:
        raise NotNow
    quiz = deal.quiz
    seed = secrets.randbits(62)
    sections = sections_of(quiz)
    form = _draw(quiz, sections, person_id, Random(seed))
    is_exam = quiz.mode == Quiz.Mode.EXAM
    limit = cut_limit(deal.terms, _limit_of(deal, time_option), now) if is_exam else None
    attempt = Attempt(
        code=make_code(),
        person_id=person_id,
        quiz=quiz,
        assignment=deal.assignment,
        mode=quiz.mode,
        title=quiz.title,
        started_at=now,
        deadline=_deadline(deal.terms, limit, now),
        grace=grace if is_exam else 0,
        time_option=time_option,
        rules=_rules_of(deal, sections) | {"form": form.report()},
        seed=seed,
        size=len(form.drawn),
        forward_only=is_exam and quiz.forward_only,
    )
    write_form(attempt, form, Random(seed + 1), now)
    return attempt


def _limit_of(deal: _Deal, option: str) -> int | None:
    """The longer of what the learner chose and what they were granted."""
    chosen = _time_limit(deal.quiz, option)
    granted = deal.terms.limit
    return None if chosen is None or granted is None else max(chosen, granted)


def _time_limit(quiz: Quiz, option: str) -> int | None:
    if option != "standard" and not quiz.time_options:
        raise CannotStart(_("This quiz does not let you choose more time."))
    try:
        return rules.time_limit(quiz.time_limit, option)
    except KeyError as error:
        raise CannotStart(_("This choice of time is not offered. Choose one from the list.")) from error


def _deadline(terms: Terms, limit: int | None, now: datetime) -> datetime | None:
    """The limit from now on; never past a closing that cuts, whose last second may be a broken one."""
    if limit is None:
        return None
    return deadline_under(started_at=now, limit=limit, paused=0, closes_at=terms.closes_at, cuts=terms.closing_cuts)


def _draw(quiz: Quiz, sections: list[Section], person_id: int, rng: Random) -> Form:
    try:
        form = draw(quiz, sections, person_id, rng)
    except CannotFill as error:
        raise CannotStart(
            _("There are not enough questions for this quiz any more. Tell whoever gave it to you.")
        ) from error
    if not form.drawn:
        raise CannotStart(_("This quiz has no questions any more. Tell whoever gave it to you."))
    return form


def _rules_of(deal: _Deal, sections: list[Section]) -> dict[str, Any]:
    """What the attempt keeps of the quiz. Its sections stand where a mock exam has its domains."""
    quiz = deal.quiz
    is_exam = quiz.mode == Quiz.Mode.EXAM
    named = [{"number": n, "name": section_name(one, n), "weight": 0} for n, one in enumerate(sections, 1)]
    return {
        "marking": quiz.marking,
        "time_limit": quiz.time_limit,
        "exam": "",
        "provisional": False,
        "domains": named if len(named) > 1 else [],
        "placed_by": "domain",
        "pass_mark": quiz.pass_mark,
        "show": deal.policy,
        "pause_allowed": is_exam and (quiz.pause_allowed or deal.grant.breaks),
        "quiet_clock": is_exam and deal.grant.quiet,
        "revision": quiz.revision,
    }
