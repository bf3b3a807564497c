"""The addresses of the quiz side, one list a noun."""

from django.urls import path

from quizzes.views import (
    analysis,
    analysis_files,
    assignments,
    attempts,
    cards,
    challenges,
    class_assignments,
    class_learner,
    class_roster,
    class_settings,
    classes,
    conditions,
    exports,
    format_pages,
    gradebook,
    images,
    imports,
    joining,
    live,
    marks,
    notices,
    pilots,
    plans,
    practice,
    progress,
    progress_points,
    question_bank,
    question_sharing,
    question_versions,
    questions,
    quiz_builder,
    quiz_sections,
    quizzes,
    reports,
    results,
    scenarios,
    teach,
)

# /quizzes/
quiz_urls = [
    path("", quizzes.quiz_list, name="list"),
    path("<slug:slug>/", quizzes.quiz_detail, name="detail"),
    path("<slug:slug>/start/", quizzes.quiz_start, name="start"),
]

# /attempts/<code>/
attempt_urls = [
    path("", attempts.booklet, name="booklet"),
    path("responses/<int:position>/", attempts.response, name="response"),
    path("clock/", attempts.exam_clock, name="clock"),
    path("submit/", attempts.submit, name="submit"),
    path("pause/", attempts.pause, name="pause"),
    path("report/", reports.report, name="report"),
    path("receipt/", reports.receipt, name="receipt"),
    path("review/", reports.review, name="review"),
]

# /practice/
practice_urls = [
    path("", practice.choose, name="index"),
    path("sessions/<str:code>/", practice.session, name="session"),
    path("sessions/<str:code>/responses/<int:position>/", practice.response, name="response"),
    path("sessions/<str:code>/retry/", practice.retry, name="retry"),
    path("sessions/<str:code>/finish/", practice.finish, name="finish"),
    path("<slug:topic>/", practice.choose, name="topic"),
]

# /progress/
progress_urls = [
    path("", progress.show, name="overview"),
    path("plan/", plans.plan, name="plan"),
    path("points/", progress_points.where_points_go, name="points"),
]

# /cards/
card_urls = [
    path("", cards.today, name="today"),
    path("all/", cards.all_cards, name="all"),
    path("undo/", cards.undo, name="undo"),
    path("questions/<slug:code>/", cards.card, name="card"),
    path("questions/<slug:code>/answer/", cards.answer, name="answer"),
    path("questions/<slug:code>/aside/", cards.aside, name="aside"),
]

# /challenges/
challenge_urls = [
    path("", challenges.mine, name="mine"),
    path("questions/<slug:code>/", challenges.question, name="question"),
    path("notes/<slug:slug>/", challenges.statement, name="page"),
    path("notes/<slug:slug>/<slug:anchor>/", challenges.statement, name="statement"),
]

# /classes/
class_urls = [
    path("join/", joining.join, name="join"),
    path("join/<str:join_code>/", joining.join_link, name="join_link"),
    path("<slug:code>/", joining.detail, name="detail"),
    path("<slug:code>/leave/", joining.leave, name="leave"),
]

# /notices/
notice_urls = [
    path("<int:pk>/dismiss/", notices.dismiss, name="dismiss"),
]

# /highlights/
mark_urls = [
    path("", marks.mine, name="mine"),
    path("<int:pk>/", marks.one, name="one"),
    path("highlights.md", marks.as_file, name="file"),
]

# /teach/
teach_urls = [
    path("", teach.home, name="home"),
    path("challenges/", challenges.listed, name="challenges"),
    path("scenarios/", scenarios.scenario_list, name="scenarios"),
    path("scenarios/<slug:code>/", scenarios.scenario_edit, name="scenario_edit"),
    path("questions/new/", questions.question_new, name="question_new"),
    path("questions/preview/", questions.question_preview, name="question_preview"),
    path("questions/statements/", questions.statements, name="statements"),
    path("questions/<slug:code>/", questions.question_edit, name="question_edit"),
    path("questions/<slug:code>/autosave/", questions.question_autosave, name="question_autosave"),
    path("log/", question_sharing.log, name="log"),
    path("questions/", question_bank.question_list, name="question_list"),
    path("questions/<slug:code>/copy/", question_bank.question_copy, name="question_copy"),
    path("questions/<slug:code>/versions/", question_versions.question_versions, name="question_versions"),
    path("questions/<slug:code>/move/", question_versions.question_move, name="question_move"),
    path("questions/<slug:code>/review/", question_versions.question_review, name="question_review"),
    path("questions/<slug:code>/sharing/", question_sharing.question_sharing, name="question_sharing"),
    path("questions/<slug:code>/sharing/<int:pk>/leave/", question_sharing.question_unshare, name="question_unshare"),
    path("questions/<slug:code>/images/", images.question_images, name="question_images"),
    path("questions/<slug:code>/images/<slug:image>/remove/", images.image_remove, name="image_remove"),
    path("imports/", imports.import_list, name="imports"),
    path("imports/<slug:code>/", imports.import_page, name="import"),
    path("imports/<slug:code>/again/", imports.import_again, name="import_again"),
    path("imports/<slug:code>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<slug:code>/compare/<int:position>/", imports.import_compare, name="import_compare"),
    path("export/", exports.export, name="export"),
    path("export/file/", exports.export_file, name="export_file"),
    path("formats/", format_pages.format_list, name="formats"),
    path("formats/<slug:name>/", format_pages.format_page, name="format"),
    path("formats/<slug:name>/sample/", format_pages.format_sample, name="format_sample"),
    path("quizzes/", quiz_builder.quiz_list, name="quiz_list"),
    path("quizzes/new/", quiz_builder.quiz_new, name="quiz_new"),
    path("quizzes/<slug:slug>/", quiz_sections.quiz_edit, name="quiz_edit"),
    path("quizzes/<slug:slug>/sections/<int:pk>/", quiz_sections.quiz_section, name="quiz_section"),
    path("quizzes/<slug:slug>/sections/<slug:source>/", quiz_sections.quiz_section_new, name="quiz_section_new"),
    path("quizzes/<slug:slug>/settings/", quiz_builder.quiz_settings, name="quiz_settings"),
    path("quizzes/<slug:slug>/publish/", quiz_builder.quiz_publish, name="quiz_publish"),
    path("quizzes/<slug:slug>/preview/", quiz_builder.quiz_preview_page, name="quiz_preview"),
    path("challenges/<int:pk>/", challenges.decide, name="challenge"),
    path("quizzes/<slug:slug>/results/", results.listed, name="quiz_results"),
    path("quizzes/<slug:slug>/results/<str:code>/", results.one, name="quiz_result"),
    path("quizzes/<slug:slug>/results.csv", results.as_csv, name="quiz_results_csv"),
    path("quizzes/<slug:slug>/remark/", results.remark, name="quiz_remark"),
    # assignments
    path("classes/<str:code>/assignments/", class_assignments.class_assignments, name="class_assignments"),
    path("classes/<str:code>/assignments/new/", class_assignments.assignment_new, name="class_assignment_new"),
    path("assignments/<str:code>/", class_assignments.assignment, name="assignment"),
    # roster
    path("classes/<slug:code>/roster/", class_roster.roster, name="class_roster"),
    path("classes/<slug:code>/roster.csv", class_roster.as_csv, name="class_roster_csv"),
    # live
    path("assignments/<slug:code>/live/", live.show, name="assignment_live"),
    path("assignments/<slug:code>/live/extend/", live.extend_all, name="assignment_live_extend"),
    path("assignments/<slug:code>/live/<slug:attempt>/<slug:action>/", live.act, name="assignment_live_act"),
    # gradebook
    path("classes/<str:code>/gradebook/", gradebook.show, name="gradebook"),
    path("classes/<str:code>/gradebook.csv", gradebook.as_csv, name="gradebook_csv"),
    path("classes/<str:code>/gradebook.xlsx", gradebook.as_xlsx, name="gradebook_xlsx"),
    path("classes/<str:code>/learners/<int:seat>/", class_learner.class_learner, name="class_learner"),
    # classes
    path("classes/", classes.class_list, name="classes"),
    path("classes/<slug:code>/", classes.class_page, name="class"),
    path("classes/<slug:code>/settings/", class_settings.class_settings, name="class_settings"),
    # Conditions
    path("assignments/<slug:code>/conditions/<int:person>/", conditions.at_assignment, name="condition"),
    path("classes/<slug:code>/learners/<int:seat>/conditions/", conditions.standing, name="standing_condition"),
    # Pilots
    path("pilots/", pilots.pilot_list, name="pilots"),
    path("pilots/<slug:code>/promote/", pilots.pilot_promote, name="pilot_promote"),
    # Item analysis
    path("quizzes/<slug:slug>/analysis/", analysis.overview, name="quiz_analysis"),
    path("quizzes/<slug:slug>/analysis/responses.csv", analysis_files.responses_csv, name="quiz_responses_csv"),
    path("quizzes/<slug:slug>/analysis/responses.json", analysis_files.responses_json, name="quiz_responses_json"),
    path("quizzes/<slug:slug>/analysis/statistics.csv", analysis_files.statistics_csv, name="quiz_statistics_csv"),
    path("quizzes/<slug:slug>/analysis/statistics.json", analysis_files.statistics_json, name="quiz_statistics_json"),
    path("quizzes/<slug:slug>/analysis/<slug:code>/", analysis.question, name="quiz_analysis_question"),
]

# /assignments/<code>/
assignment_urls = [
    path("", assignments.detail, name="detail"),
    path("start/", assignments.start, name="start"),
]
