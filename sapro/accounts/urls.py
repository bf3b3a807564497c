"""The account page, before allauth's own addresses."""

from django.urls import path

from sapro.accounts import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("name/", views.name, name="account_name"),
    path("preferences/", views.preferences, name="account_preferences"),
    path("data/", views.data, name="account_data"),
    path("delete/", views.delete, name="account_delete"),
    path("role/<str:token>/", views.role_link, name="account_role_link"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
]
