"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from quizzes.urls import attempt_urls, practice_urls, quiz_urls
from quizzes.views.notes import topic_mine
from sapro import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("privacy/", views.privacy, name="privacy"),
    path("healthz", views.healthz, name="healthz"),
    path("notes/<slug:slug>/mine/", topic_mine, name="topic_mine"),
    path("notes/", include("reference.urls")),
    path("practice/", include((practice_urls, "practice"))),
    path("quizzes/", include((quiz_urls, "quizzes"))),
    path("attempts/<str:code>/", include((attempt_urls, "attempts"))),
    path("accounts/", include("sapro.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
