"""How long to look: briefly in the suite, and for as long as it takes where a release is proved."""

import os
from typing import Any

from hypothesis import HealthCheck, settings

PROOF = os.environ.get("SAPRO_TEST_PROFILE") == "proof"
"""Set by ``make fuzz``."""

_common: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
FUZZ = (
    settings(max_examples=int(os.environ.get("SAPRO_TEST_EXAMPLES", "10000")), database=None, **_common)
    if PROOF
    else settings(max_examples=250, derandomize=True, database=None, **_common)
)
"""The suite asks the same every time; the proof asks something else every time."""
