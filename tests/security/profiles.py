"""How long to look: briefly in the suite, and for as long as it takes where a release is proved."""

import os

PROOF = os.environ.get("SAPRO_TEST_PROFILE") == "proof"
"""Set by ``make fuzz``."""
EXAMPLES = int(os.environ.get("SAPRO_TEST_EXAMPLES", "10000")) if PROOF else 200
"""How many requests go to each part of the site."""
SEED = os.environ.get("SAPRO_TEST_SEED", "1")
"""The suite asks the same every time; ``make fuzz`` asks something else every time, and says by which seed."""
