"""The account page, before allauth's own addresses."""

from django.urls import path

from sapro.accounts import views, views_data

urlpatterns = [
    path("", views.home, name="account_home"),
    path("name/", views.name, name="account_name"),
    path("preferences/", views.preferences, name="account_preferences"),
    path("data/", views_data.page, name="my_data"),
    path("data/json/", views_data.as_json, name="my_data_json"),
    path("data/csv/", views_data.as_csv, name="my_data_csv"),
    path("data/import/", views_data.take, name="my_data_import"),
    path("delete/", views.delete, name="account_delete"),
    path("role/<str:token>/", views.role_link, name="account_role_link"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
]
