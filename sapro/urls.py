"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from quizzes.urls import (
    assignment_urls,
    attempt_urls,
    card_urls,
    challenge_urls,
    class_urls,
    mark_urls,
    notice_urls,
    practice_urls,
    progress_urls,
    quiz_urls,
    teach_urls,
)
from quizzes.views.images import picture
from quizzes.views.marks import topic_bookmark, topic_marks
from quizzes.views.notes import notes_by_task, notes_mine, topic_mine, topic_read
from reference.views import search
from sapro import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.figures, name="metrics"),
    path("search/", search, name="search"),
    path("notes/tasks/", notes_by_task, name="notes_tasks"),
    path("notes/mine/", notes_mine, name="notes_mine"),
    path("notes/<slug:slug>/mine/", topic_mine, name="topic_mine"),
    path("notes/<slug:slug>/read/", topic_read, name="topic_read"),
    path("notes/<slug:slug>/marks/", topic_marks, name="topic_marks"),
    path("notes/<slug:slug>/bookmark/", topic_bookmark, name="topic_bookmark"),
    path("notes/", include("reference.urls")),
    path("practice/", include((practice_urls, "practice"))),
    path("progress/", include((progress_urls, "progress"))),
    path("cards/", include((card_urls, "cards"))),
    path("quizzes/", include((quiz_urls, "quizzes"))),
    path("attempts/<str:code>/", include((attempt_urls, "attempts"))),
    path("challenges/", include((challenge_urls, "challenges"))),
    path("classes/", include((class_urls, "classes"))),
    path("highlights/", include((mark_urls, "marks"))),
    path("notices/", include((notice_urls, "notices"))),
    path("assignments/<str:code>/", include((assignment_urls, "assignments"))),
    path("teach/", include((teach_urls, "teach"))),
    path("images/<slug:code>", picture, name="picture"),
    path("accounts/", include("sapro.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "sapro.views.bad_request"
handler500 = "sapro.views.server_error"
