"""The addresses of the notes."""

from django.urls import path

from reference import views

app_name = "notes"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:slug>/", views.topic, name="topic"),
]
