"""Every address of the site for every role: who gets what. An address without a row here fails.

The sittings in the addresses are the learner’s; to everybody else they are not there.
"""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from quizzes.models import Attempt, Challenge, Membership, Question, Result
from sapro.accounts.models import User
from tests.own_imports import make_import
from tests.security import people, tables
from tests.security.addresses import Route, routes, spelled

pytestmark = [pytest.mark.usefixtures("course", "clock"), pytest.mark.once]

OWN_IMPORT = "instructorsimport"
"""Of the instructor, waiting for choices."""

ANALYSIS = ("analysis", "analysis_question", "responses_csv", "responses_json", "statistics_csv", "statistics_json")
"""What item analysis has of a quiz."""

ROLES = ("anonymous", "guest", "learner", "other", "instructor", "operator")
"""The columns of the table, in this order."""


@pytest.fixture
def everybody(course: None, now: datetime) -> dict[str, people.Person]:
    found = people.gather(now)
    people.be_sat(found["instructor"].user, found["learner"].user, now)
    people.be_taught(found["instructor"].user, found["learner"].user, now)
    make_import(found["instructor"].user, now, code=OWN_IMPORT)
    chief = User.objects.create_superuser("chief", "chief@example.org", "x" * 12)
    found["operator"] = people.Person("operator", Client(raise_request_exception=False), chief)
    found["operator"].client.force_login(chief, backend=people.BACKEND)
    return found


def address_of(route: Route, everybody: dict[str, people.Person]) -> str:
    """The address, with the learner's own sitting where it takes one."""
    learner = everybody["learner"]
    assert learner.exam is not None
    known: dict[str, list[Any]] = {
        "code": [learner.practice[1].code if route.namespace == "practice" else learner.exam.code],
        "challenges:question code": ["test-tb01"],
        **{f"cards:{one} code": ["nowhere"] for one in ("card", "answer", "aside")},
        "slug": ["short-mock" if route.namespace == "quizzes" else "test-balancers"],
        "teach:quiz_results slug": [people.OWN_QUIZ],
        "teach:quiz_results_csv slug": [people.OWN_QUIZ],
        "teach:quiz_remark slug": [people.OWN_QUIZ],
        **{f"teach:quiz_{one} slug": [people.OWN_QUIZ] for one in ANALYSIS},
        "teach:quiz_analysis_question code": list(
            Question.objects.filter(placed_in__section__quiz__slug=people.OWN_QUIZ).values_list("code", flat=True)[:1]
        ),
        "teach:quiz_result slug": [people.OWN_QUIZ],
        "teach:quiz_result code": [people.OWN_CODE],
        "teach:challenge pk": [Challenge.objects.get(text="canary-said-learner").pk],
        **{f"teach:class_assignment{one} code": [people.OWN_CLASS] for one in ("s", "_new")},
        **{f"assignments:{one} code": [people.OWN_GIVEN] for one in ("detail", "start")},
        "teach:assignment code": [people.OWN_GIVEN],
        "topic": ["test-balancers"],
        "anchor": ["tb-sni"],
        "position": [1],
        "object_id": ["1"],
        "content_type_id": [1],
        "app_label": ["quizzes"],
        "pk": [1],
        "teach:image_remove code": ["nobodys"],
        "teach:question_edit code": ["nobodys"],
        "teach:question_autosave code": ["nobodys"],
        "teach:scenario_edit code": ["nobodys"],
        **{f"teach:question_{one} code": ["nobodys"] for one in ("images", "review", "sharing", "versions")},
        **{f"teach:import{one} code": [OWN_IMPORT] for one in ("", "_again", "_compare", "_discard")},
        **{f"teach:class_{one} code": [people.OWN_CLASS] for one in ("roster", "roster_csv")},
        **{f"teach:{one} code": [people.OWN_CLASS] for one in ("gradebook", "gradebook_csv", "gradebook_xlsx")},
        "teach:class_learner code": [people.OWN_CLASS],
        "seat": [Membership.objects.get(classroom__code=people.OWN_CLASS, person=learner.user).pk],
        **{f"{one} code": [people.OWN_CLASS] for one in ("teach:class", "teach:class_settings")},
        **{f"{one} code": [people.OWN_CLASS] for one in ("classes:detail", "classes:leave")},
        "join_code": [people.JOIN_CODE],
        "name": ["moodle_xml"],
        "image": ["k3b9x2m4q7ta-2x2"],
        # Conditions
        "teach:condition code": [people.OWN_ASSIGNMENT],
        "teach:condition person": [learner.user.pk],
        "teach:standing_condition code": [people.OWN_CLASS],
        "teach:standing_condition seat": [Membership.objects.get(person=learner.user).pk],
        "picture code": ["k3b9x2m4q7ta-2x2"],
        **{f"teach:assignment_live{one} code": [people.OWN_ASSIGNMENT] for one in ("", "_extend", "_act")},
        "teach:assignment_live_act attempt": [people.OWN_RUN],
        "teach:assignment_live_act action": ["end"],
    }
    [url] = spelled(route, known)
    return url


# The columns:
# stranger, guest, the learner, another learner, an instructor, the operator
TABLE = {
    "200 200 200 200 200 200": """
        about account_confirm_email account_email_verification_sent account_home account_inactive
        account_reset_password account_reset_password_done account_reset_password_from_key
        account_reset_password_from_key_done challenges:mine challenges:page challenges:statement healthz
        home notes:changes notes:glossary notes:index notes:topic notes_mine notes_tasks practice:index
        practice:topic privacy quizzes:detail quizzes:list readyz search topic_read topic_marks topic_bookmark
        classes:join marks:mine marks:file progress:overview progress:plan progress:points cards:all cards:today my_data
    """,
    "302 302 302 302 302 302": """
        account_confirm_login_code account_set_password mfa_activate_totp mfa_add_webauthn mfa_authenticate
        mfa_edit_webauthn mfa_generate_recovery_codes mfa_login_webauthn mfa_reauthenticate
        mfa_reauthenticate_webauthn mfa_remove_webauthn
    """,
    "405 405 405 405 405 405": """
        account_name account_preferences attempts:pause attempts:response attempts:submit cards:answer
        cards:aside cards:undo notices:dismiss practice:finish practice:response practice:retry quizzes:start
        my_data_import assignments:start
    """,
    "302 302 200 200 200 200": """
        account_change_password account_email account_logout account_reauthenticate mfa_index
        mfa_list_webauthn
    """,
    "302 404 302 404 404 404": """
        attempts:receipt attempts:report attempts:review
    """,
    "302 302 404 404 404 404": """
        mfa_deactivate_totp mfa_download_recovery_codes mfa_view_recovery_codes
    """,
    "302 200 200 200 200 200": """
        account_delete my_data_csv my_data_json
    """,
    "200 200 302 302 302 302": """
        account_login account_signup
    """,
    "404 404 404 404 404 404": """
        account_role_link metrics picture teach:question_edit teach:question_images teach:quiz_edit
        teach:quiz_preview teach:scenario_edit teach:quiz_publish teach:quiz_section teach:quiz_section_new
        teach:quiz_settings teach:question_review teach:question_sharing teach:question_versions
        marks:one teach:export_file teach:import_compare
    """,
    "302 404 200 404 404 404": """
        attempts:booklet practice:session assignments:detail classes:detail classes:leave
    """,
    "200 200 302 200 200 200": """
        classes:join_link
    """,
    "302 404 404 404 404 404": """
        cards:card
    """,
    "401 404 200 404 404 404": """
        attempts:clock
    """,
    "404 200 200 200 200 404": """
        challenges:question
    """,
    "404 404 404 404 405 405": """
        teach:image_remove teach:question_autosave teach:question_copy teach:question_move
        teach:question_preview teach:question_unshare teach:import_again teach:import_discard
    """,
    "404 404 404 404 200 200": """
        teach:challenge teach:challenges teach:home teach:question_new teach:quiz_list teach:quiz_new
        teach:scenarios teach:statements teach:log teach:question_list
        teach:export teach:format teach:format_sample teach:formats teach:imports teach:classes
    """,
    "404 404 404 404 200 404": """
        teach:quiz_remark teach:quiz_result teach:quiz_results teach:quiz_results_csv
        teach:import teach:class_assignments teach:class_assignment_new teach:assignment
        teach:class_roster teach:class_roster_csv
        teach:assignment_live teach:assignment_live_act teach:assignment_live_extend
        teach:gradebook teach:gradebook_csv teach:gradebook_xlsx teach:class_learner
        teach:class teach:class_settings
        teach:condition teach:standing_condition
        teach:quiz_analysis teach:quiz_analysis_question teach:quiz_responses_csv
        teach:quiz_responses_json teach:quiz_statistics_csv teach:quiz_statistics_json
    """,
    "404 404 404 404 404 200": """
        teach:pilots
    """,
    "404 404 404 404 404 405": """
        teach:pilot_promote
    """,
    "204 200 200 200 200 200": """
        topic_mine
    """,
}
"""For each row of replies to a GET, the addresses that give it. The pages of the admin have a rule of their own."""


def expected() -> dict[str, tuple[int, ...]]:
    """The row of each address."""
    return {name: tuple(int(one) for one in row.split()) for row, names in TABLE.items() for name in names.split()}


def test_every_address_has_a_row() -> None:
    assert {route.name for route in routes() if route.namespace != "admin"} == set(expected())
    assert sum(len(names.split()) for names in TABLE.values()) == len(expected())


def test_everybody_gets_what_the_table_says(everybody: dict[str, people.Person]) -> None:
    table = expected()
    wrong = []
    for route in routes():
        url = address_of(route, everybody)
        got = tuple(everybody[role].client.get(url).status_code for role in ROLES)
        if route.namespace == "admin":
            outside = {302, 403} if route.name == "admin:login" else {302}
            fits = set(got[:5]) <= outside and got[5] in (200, 302, 403, 404, 405)
        else:
            fits = got == table[route.name]
        if not fits:
            wrong.append((route.name, got))
    assert wrong == []


HEADERS: list[dict[str, str]] = [
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "practice"},
    {"X-HTTP-Method-Override": "POST", "X-Method-Override": "DELETE"},
    {"X-Original-URL": "/admin/", "X-Rewrite-URL": "/admin/", "X-Forwarded-Host": "evil.example"},
]


def test_no_header_changes_who_gets_what_and_no_get_changes_anything(everybody: dict[str, people.Person]) -> None:
    # The page of email addresses enters the one of the account when it is first opened.
    before = tables.state(without=["account.EmailAddress"])
    wrong = []
    for route in routes():
        url = address_of(route, everybody)
        for role in ("anonymous", "learner", "other"):
            client = everybody[role].client
            plain = client.get(url).status_code
            tricked = [client.get(url, {"_method": "POST"}, headers=headers).status_code for headers in HEADERS]
            if set(tricked) != {plain} or client.head(url).status_code not in (plain, 405):
                wrong.append((route.name, role, plain, tricked))
    assert wrong == []
    assert tables.state(without=["account.EmailAddress"]) == before


def test_what_posts_needs_a_token_of_this_site(everybody: dict[str, people.Person]) -> None:
    """Without a token, with one of another page, from another origin: as a form, as htmx, as JSON sent as text."""
    learner = everybody["learner"]
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(learner.user, backend=people.BACKEND)
    strict.get("/practice/")
    token = strict.cookies["csrftoken"].value
    tries: list[dict[str, Any]] = [
        {"data": {"a": "1"}},
        {"data": {"csrfmiddlewaretoken": "x" * 64}},
        {"data": {"a": "1"}, "headers": {"HX-Request": "true", "X-CSRFToken": token[::-1]}},
        {"data": {"csrfmiddlewaretoken": token}, "headers": {"Origin": "https://evil.example"}},
        {"data": {"csrfmiddlewaretoken": token}, "headers": {"Origin": "null"}},
        {"data": '{"csrfmiddlewaretoken": "' + token + '"}', "content_type": "text/plain"},
    ]
    before = tables.state()
    wrong = []
    for route in routes():
        url = address_of(route, everybody)
        got = {strict.post(url, **one).status_code for one in tries}
        got |= {strict.generic(method, url, b"a=1").status_code for method in ("PUT", "PATCH", "DELETE")}
        if got != {403}:
            wrong.append((route.name, got))
    assert wrong == []
    assert tables.state() == before


def test_nobody_changes_what_is_somebody_elses(everybody: dict[str, people.Person]) -> None:
    """The learner's own saves, submission and answers, posted by the others, with the ids in the body as well."""
    learner = everybody["learner"]
    assert learner.exam is not None
    before = tables.state()
    posts = [route for route in routes() if route.namespace in ("attempts", "practice") and "code" in route.takes]
    assert len(posts) >= 8
    for role in ("anonymous", "guest", "other", "instructor", "operator"):
        for route in posts:
            fields = {"choice": "1", "flagged": "1", "code": learner.exam.code, "person": str(learner.user.pk)}
            for headers in ({}, {"HX-Request": "true"}):
                reply = everybody[role].client.post(address_of(route, everybody), fields, headers=headers)
                refused = (401, 302, 405) if role == "anonymous" else (404, 405)
                assert reply.status_code in refused, (role, route.name)
    assert tables.state() == before


def test_a_session_is_no_exam_and_an_exam_is_no_session(everybody: dict[str, people.Person]) -> None:
    """The learner’s own code in the other kind of address, by GET and by POST."""
    learner = everybody["learner"]
    assert learner.exam is not None
    swapped = {"attempts": learner.practice[1].code, "practice": learner.exam.code}
    before = tables.state()
    asked = [route for route in routes() if route.namespace in swapped and "code" in route.takes]
    assert len(asked) >= 8
    for route in asked:
        [url] = spelled(route, {"code": [swapped[route.namespace]], "position": [1]})
        replies = {learner.client.get(url).status_code, learner.client.post(url, {"choice": "1"}).status_code}
        assert replies <= {404, 405}, (route.name, replies)
        assert 404 in replies, route.name
    assert tables.state() == before


PRIVILEGES = (
    *("is_staff", "is_superuser", "is_active", "is_guest", "is_instructor", "groups", "user_permissions", "role"),
    *("admin", "username", "password", "email", "date_joined", "last_login", "pk", "id", "user", "person", "owner"),
    *("score", "raw", "fraction", "state", "started_at", "deadline", "ended_at", "grace", "extra_time", "rules"),
    *("seed", "mode", "size", "shown_order", "scored", "locked_at", "first_exposure"),
)


@pytest.mark.parametrize("role", ["guest", "learner"])
def test_no_form_takes_more_than_it_asks_for(everybody: dict[str, people.Person], role: str, clock: Any) -> None:
    """Privileged names beside what a form wants: roles, owners, scores, deadlines. None of them is heard."""
    person = everybody[role]
    others = tables.state(("quizzes.Quiz", "quizzes.Question", "quizzes.QuestionVersion", "accounts.RoleLink"))
    fixed = list(Attempt.objects.filter(person=person.user).order_by("pk").values())
    for url, wanted in forms_of(person):
        clock.move(seconds=1)
        reply = person.client.post(url, {**dict.fromkeys(PRIVILEGES, "1"), **wanted})
        assert reply.status_code in (200, 302, 303), (url, reply.status_code)
    now = User.objects.get(pk=person.user.pk)
    assert (now.is_staff, now.is_superuser, now.is_guest) == (False, False, role == "guest")
    assert now.groups.count() == 0
    assert now.username == person.user.username
    kept = Attempt.objects.filter(person=person.user, pk__in=[one["id"] for one in fixed]).order_by("pk").values()
    assert [{**one, "state": "", "ended_at": None} for one in kept] == [
        {**one, "state": "", "ended_at": None} for one in fixed
    ]
    assert tables.state(others) == others
    assert Result.objects.filter(attempt__person=person.user).exclude(raw=0).count() == 0


def forms_of(person: people.Person) -> list[tuple[str, dict[str, str]]]:
    """Every form that changes something, with what it wants."""
    assert person.exam is not None
    session = person.practice[1]
    choose = session.responses.select_related("version").exclude(question__code__in=person.held())
    row = next(one for one in choose if one.version.choose == 1)
    return [
        (f"/attempts/{person.exam.code}/responses/1/", {"flagged": "1"}),
        (f"/practice/sessions/{session.code}/responses/{row.position}/", {"choice": "1"}),
        ("/quizzes/short-mock/start/", {}),
        ("/practice/", {"count": "5"}),
        ("/challenges/notes/test-balancers/", {"flaw": "other", "text": "It is not so at all."}),
        ("/notes/test-balancers/read/", {}),
        ("/accounts/preferences/", {"time_zone": "Europe/Berlin"}),
    ]
