"""What is done to many questions at once: each by itself, and what could not be done is told with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from quizzes.models import Draft, Question
from quizzes.queries.rights import own_questions
from quizzes.services.audit import Actor
from quizzes.services.lifecycle import Illegal, NotReady, publish, retire
from quizzes.services.question_texts import index_questions

AT_MOST = 100
"""Questions in one go: what a page shows, and more."""

MOST_TAGS = 20
ACTIONS = ("tag", "untag", "publish", "retire")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question: what was done, or why not."""

    code: str
    refusal: str = ""


class _Refused(Exception):
    """Why a question was left as it is."""


def act(action: str, codes: Sequence[str], *, tag: str = "", actor: Actor, now: datetime) -> list[Outcome]:
    """Do the same to each of these questions. One transaction each: what can be done is done."""
    wanted = list(dict.fromkeys(codes))[:AT_MOST]
    own = dict(own_questions(actor.pk).filter(code__in=wanted).values_list("code", "pk"))
    return [Outcome(code, _one(action, own.get(code), tag, actor, now)) for code in wanted]


def _one(action: str, question_id: int | None, tag: str, actor: Actor, now: datetime) -> str:
    if question_id is None:
        return _("This question is not yours. A question of the course can be copied.")
    try:
        if action == "publish":
            publish(question_id, actor=actor, now=now)
        elif action == "retire":
            retire(question_id, actor=actor, now=now)
        else:
            change_tags(question_id, now=now, **{"add" if action == "tag" else "take": [tag]})
    except NotReady as error:
        return " ".join(str(one) for one in error.findings)
    except Illegal as error:
        return _refusals()[action] % {"status": Question.Status(error.status).label}
    except _Refused as error:
        return str(error)
    return ""


def _refusals() -> Mapping[str, str]:
    return {
        "publish": _("It is %(status)s, or somebody is reading a version of it: it cannot be published now."),
        "retire": _("It is %(status)s, or somebody is reading a version of it: it cannot be retired now."),
    }


@transaction.atomic
def change_tags(question_id: int, *, add: Iterable[str] = (), take: Iterable[str] = (), now: datetime) -> None:
    """Other tags for a question; its draft has them too, or the next version would bring the old ones back."""
    question = Question.objects.authored().select_for_update(no_key=True).get(pk=question_id)
    tags = [one for one in question.tags if one not in set(take)]
    tags += [one for one in dict.fromkeys(add) if one not in tags]
    if len(tags) > MOST_TAGS:
        raise _Refused(_("A question has at most %(n)d tags: take one away first.") % {"n": MOST_TAGS})
    if tags == question.tags:
        return
    question.tags, question.updated_at = tags, now
    question.save(update_fields=["tags", "updated_at"])
    draft = Draft.objects.select_for_update(no_key=True).filter(question=question).first()
    if draft is not None:
        draft.data["tags"] = tags
        draft.revision += 1
        draft.save(update_fields=["data", "revision"])
    index_questions([question_id])
