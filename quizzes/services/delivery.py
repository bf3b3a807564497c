"""Starting an instructor's quiz: its window, its attempts, its access code, and a form by its sections.

Everything that decides about the sitting is copied into it here: what the author changes later is for later ones.
"""

import secrets
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.engine import attempts as rules
from quizzes.engine.assembly import CannotFill, Form
from quizzes.engine.availability import availability, cut_limit
from quizzes.models import Attempt, Quiz, Section
from quizzes.queries.deliveries import history_of, published_quizzes, section_name, terms_of
from quizzes.queries.quiz_builder import draw
from quizzes.queries.sections import sections_of
from quizzes.services.attempts import CannotStart, make_code, open_attempt, write_form


class WrongCode(Exception):
    """The access code is not that of the quiz."""


class NotNow(Exception):
    """The terms of the quiz let no attempt begin now: its page says why."""


def opens_with(quiz: Quiz, code: str) -> bool:
    """Whether this is the access code, or none is asked for. How long it takes tells nothing."""
    wanted = quiz.access_code.strip()
    return not wanted or secrets.compare_digest(code.strip().encode(), wanted.encode())


def start_quiz(
    *, person_id: int, quiz_id: int, time_option: str, access_code: str, grace: int, now: datetime
) -> Attempt:
    """The person's open attempt at this quiz, else a new one.

    Raises Quiz.DoesNotExist (not published), WrongCode, NotNow, and CannotStart.
    """
    with transaction.atomic():
        # One start after the other for each person: what they have taken cannot change between counting and writing.
        get_user_model().objects.select_for_update(no_key=True).only("pk").get(pk=person_id)
        quiz = published_quizzes().get(pk=quiz_id)
        standing = open_attempt(person_id=person_id, quiz=quiz, now=now)
        if standing is not None:
            return standing
        if not opens_with(quiz, access_code):
            raise WrongCode
        attempt = _new_attempt(person_id, quiz, time_option, grace, now)
        if not published_quizzes().filter(pk=quiz_id, revision=quiz.revision).exists():
            raise CannotStart(_("The quiz was changed at this very moment. Start again."))
    return attempt


def _new_attempt(person_id: int, quiz: Quiz, time_option: str, grace: int, now: datetime) -> Attempt:
    taken, last_ended = history_of(quiz, person_id)
    terms = terms_of(quiz)
    if not availability(terms, taken=taken, last_ended=last_ended, now=now).allowed:
        raise NotNow
    seed = secrets.randbits(62)
    sections = sections_of(quiz)
    form = _draw(quiz, sections, person_id, Random(seed))
    is_exam = quiz.mode == Quiz.Mode.EXAM
    limit = cut_limit(terms, _time_limit(quiz, time_option), now) if is_exam else None
    attempt = Attempt(
        code=make_code(),
        person_id=person_id,
        quiz=quiz,
        mode=quiz.mode,
        title=quiz.title,
        started_at=now,
        deadline=_deadline(quiz, limit, now),
        grace=grace if is_exam else 0,
        time_option=time_option,
        rules=_rules_of(quiz, sections) | {"form": form.report()},
        seed=seed,
        size=len(form.drawn),
        forward_only=is_exam and quiz.forward_only,
    )
    write_form(attempt, form, Random(seed + 1), now)
    return attempt


def _time_limit(quiz: Quiz, option: str) -> int | None:
    if option != "standard" and not quiz.time_options:
        raise CannotStart(_("This quiz does not let you choose more time."))
    try:
        return rules.time_limit(quiz.time_limit, option)
    except KeyError as error:
        raise CannotStart(_("This choice of time is not offered. Choose one from the list.")) from error


def _deadline(quiz: Quiz, limit: int | None, now: datetime) -> datetime | None:
    if limit is None:
        return None
    deadline = now + timedelta(seconds=limit)
    return min(deadline, quiz.closes_at) if quiz.closing_cuts and quiz.closes_at else deadline


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


def _rules_of(quiz: Quiz, sections: list[Section]) -> dict[str, Any]:
    """What the attempt keeps of the quiz. Its sections stand where a mock exam has its domains."""
    named = [{"number": n, "name": section_name(one, n), "weight": 0} for n, one in enumerate(sections, 1)]
    return {
        "marking": quiz.marking,
        "time_limit": quiz.time_limit,
        "exam": "",
        "provisional": False,
        "domains": named if len(named) > 1 else [],
        "placed_by": "domain",
        "pass_mark": quiz.pass_mark,
        "show": {"score": quiz.show_score, "key": quiz.show_key, "rationale": quiz.show_rationale},
        "pause_allowed": quiz.mode == Quiz.Mode.EXAM and quiz.pause_allowed,
        "revision": quiz.revision,
    }
