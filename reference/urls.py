"""The addresses of the notes."""

from django.urls import path

from reference import views

app_name = "notes"
urlpatterns = [
    path("", views.index, name="index"),
    path("glossary/", views.glossary, name="glossary"),
    path("changes/", views.changes, name="changes"),
    path("<slug:slug>/", views.topic, name="topic"),
]
