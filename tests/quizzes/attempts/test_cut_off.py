"""A request whose connection broke in the middle of its body: half a message says nothing."""

from io import BytesIO
from typing import Any

import pytest

from tests.quizzes.attempts.conftest import HTMX, Room, everything, log

FORM = "application/x-www-form-urlencoded"
WHOLE = b"has=choice&choice=2&at=2000&tab=5"


def post(room: Room, body: bytes, announced: int, *, path: str = "responses/1/", htmx: bool = True) -> Any:
    """Post a body of which so many bytes were announced."""
    came: dict[str, Any] = {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(announced)}
    return room.client.generic("POST", room.url + path, WHOLE, FORM, headers=HTMX if htmx else {}, **came)


@pytest.mark.parametrize("came", range(len(WHOLE)))
def test_the_beginning_of_a_save_is_no_save(room: Room, came: int) -> None:
    """Cut after “has=choice” it would clear the answer, after “at=2” it would be an old one, before it a new one."""
    room.clock.move(seconds=9)
    room.save(1, choice="1", at=1000, tab=5)
    before = everything(room.attempt), log(room.attempt)
    assert post(room, WHOLE[:came], len(WHOLE), htmx=came % 2 == 0).status_code == 408
    assert (everything(room.attempt), log(room.attempt)) == before
    assert post(room, WHOLE, len(WHOLE)).status_code == 200
    assert room.row().choice == [room.row().shown_order[1]]


def test_nor_is_the_beginning_of_a_submission_one(room: Room) -> None:
    assert post(room, b"trace=%7B", 40, path="submit/").status_code == 408
    assert room.stored().state == "in_progress"


def test_a_body_that_cannot_be_read_is_answered(room: Room) -> None:
    class Broken(BytesIO):
        def read(self, *args: Any) -> bytes:
            raise OSError("the connection was reset")

    came: dict[str, Any] = {"wsgi.input": Broken(), "CONTENT_LENGTH": "9"}
    path = f"{room.url}responses/1/"
    assert room.client.generic("POST", path, WHOLE, FORM, headers=HTMX, **came).status_code == 408
