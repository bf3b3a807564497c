"""Files that were looked through and wait for a word: each lies under a name that belongs to who sent it."""

import hashlib
import re
from datetime import datetime
from pathlib import Path

KEPT_SECONDS = 3600
DIGEST = re.compile(r"[0-9a-f]{64}")


class TooManyWait(Exception):
    """As many files wait as there is room for."""


class Gone(Exception):
    """The file that was looked through is not kept any more."""


def keep(data: bytes, *, owner: str, suffix: str, folder: Path, most: int, now: datetime) -> str:
    """Keep a file until its owner says yes; the one they sent before goes. Gives its hash.

    ``owner``: digits and hyphens; ``suffix``: as “.json”; ``most``: files that may wait there, over all owners.
    Raises TooManyWait.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    forget(owner=owner, suffix=suffix, folder=folder)
    if sweep(suffix=suffix, folder=folder, now=now) >= most:
        raise TooManyWait
    digest = hashlib.sha256(data).hexdigest()
    path = folder / f"{owner}-{digest}{suffix}"
    path.touch(mode=0o600)
    path.write_bytes(data)
    return digest


def kept(digest: str, *, owner: str, suffix: str, folder: Path) -> bytes:
    """The file of this hash that this owner sent. Raises Gone."""
    if not DIGEST.fullmatch(digest):
        raise Gone
    try:
        data = (folder / f"{owner}-{digest}{suffix}").read_bytes()
    except FileNotFoundError as error:
        raise Gone from error
    if hashlib.sha256(data).hexdigest() != digest:
        raise Gone
    return data


def forget(*, owner: str, suffix: str, folder: Path) -> None:
    """Remove what waits of this owner, and of owners whose name goes on behind a hyphen."""
    for path in folder.glob(f"{owner}-*{suffix}"):
        path.unlink(missing_ok=True)


def sweep(*, suffix: str, folder: Path, now: datetime) -> int:
    """Remove files that have waited for an hour. Gives how many are left."""
    left = 0
    for path in folder.glob(f"*{suffix}") if folder.is_dir() else ():
        try:
            old = now.timestamp() - path.stat().st_mtime > KEPT_SECONDS
        except FileNotFoundError:
            continue
        if old:
            path.unlink(missing_ok=True)
        left += not old
    return left
