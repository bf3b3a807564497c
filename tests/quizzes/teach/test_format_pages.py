"""Pages of the formats, their samples, and the page of the repository that is drawn from the same tables."""

import pytest
from django.core.management import call_command

from quizzes.formats.exchange.registry import FORMATS
from sapro.accounts.models import User
from tests.quizzes.teach.conftest import browser


def test_every_format_has_its_page(ada: User) -> None:
    client = browser(ada)
    listed = client.get("/teach/formats/").content.decode()
    for name, one in FORMATS.items():
        assert f'href="/teach/formats/{name}/"' in listed
        page = client.get(f"/teach/formats/{name}/")
        assert page.status_code == 200
        assert one.title in page.content.decode()
    assert client.get("/teach/formats/word/").status_code == 404


@pytest.mark.parametrize("name", FORMATS)
def test_a_sample_comes_as_a_file(ada: User, name: str) -> None:
    one, reply = FORMATS[name], browser(ada).get(f"/teach/formats/{name}/sample/")
    assert reply.status_code == (200 if one.writes else 404)
    if one.writes:
        assert reply["Content-Type"] == one.media_type
        assert reply["Content-Disposition"] == f'attachment; filename="example-{name}{one.suffixes[0]}"'
        assert reply.content


def test_the_page_of_the_repository_is_current() -> None:
    call_command("document_formats", "--check")
