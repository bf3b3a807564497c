"""How static files are kept: under names that carry a hash, so that they may be cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Hashed names also in the imports of our own script modules, and only there.

    The framework's own switch for this reads every script and stumbles over a comment in a package's.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/exam/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
