"""Pictures of questions: what their codes look like, and where they are served."""

import re

# The size is part of the code, so that a page keeps room for a picture that has not come yet.
_PICTURE = re.compile(r"[a-z0-9]{12}-([1-9]\d{0,3})x([1-9]\d{0,3})")


def picture_size(code: str) -> tuple[str, str] | None:
    """Width and height, as the code of a question’s picture says them; None where this is no such code."""
    match = _PICTURE.fullmatch(code)
    return (match[1], match[2]) if match else None


def picture_address(code: str) -> str:
    """Where a picture of a question is served."""
    return f"/images/{code}"
