"""How static files are kept: under names that carry a hash, so that they may be cached for ever."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from sapro.modules import joined

JOINED = ("js/exam/main.js", "js/exam/leftovers.js")
"""Modules that a page names; what they import comes with them."""


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names, and the script modules of a page in one file."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join what is to be joined, then do with it as with all files; ``paths`` tells where each is found."""

        def read(path: str) -> str:
            storage, place = paths[path]
            with storage.open(place) as file:
                return str(file.read().decode())

        memory = InMemoryStorage()
        for main in JOINED:
            if main in paths:
                memory.save(main, ContentFile(joined(main, read).encode()))
        kept = {main: (memory, main) for main in JOINED if main in paths}
        yield from super().post_process(paths | kept, dry_run, **options)
