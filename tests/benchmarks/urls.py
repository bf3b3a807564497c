"""The site's addresses and those of the yardsticks."""

from django.urls import path

from sapro.urls import urlpatterns as site
from tests.benchmarks.yardsticks import bare_page, bare_save

urlpatterns = [
    *site,
    path("bare/save/<str:code>/<int:position>/", bare_save),
    path("bare/page/<slug:name>/", bare_page),
]
